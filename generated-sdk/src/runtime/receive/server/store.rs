//! The seam to a store: what has been acknowledged is in it until its handler has succeeded.

use crate::runtime::call::{BoxError, BoxFuture};

/// A message that is about to be acknowledged.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Entry {
    /// What a repetition has in common with it; the same for the same message on every server and after every restart.
    pub identity: Option<u128>,
    /// The message as it came.
    pub body: String,
}

impl Entry {
    /// A message and its identity.
    pub fn new(identity: Option<u128>, body: String) -> Self {
        Self { identity, body }
    }
}

/// What became of an [`Entry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept under this number. Later numbers are greater.
    New(u64),
    /// Its identity is known: nothing was kept.
    Duplicate,
    /// There is no room.
    Full,
}

/// A message that was kept.
#[non_exhaustive]
#[derive(Clone, Debug)]
pub struct Stored {
    /// Its number.
    pub id: u64,
    /// The message as it came.
    pub body: String,
    /// It may have been handed over before, by another server; what this one left from its last run is known to it.
    pub redelivered: bool,
}

impl Stored {
    /// A message under its number.
    pub fn new(id: u64, body: String, redelivered: bool) -> Self {
        Self {
            id,
            body,
            redelivered,
        }
    }
}

/// Keeps messages between their acknowledgement and the end of their handling.
///
/// Object-safe, so that a database of your own can stand behind it. One that several servers share hands each message
/// to one of them in [`unfinished`](Self::unfinished), leases it rather than gives it, and numbers across all.
pub trait Store: Send + Sync + 'static {
    /// Keeps new messages and forgets finished ones, as one durable step: when this returns, it outlives a crash.
    /// Answers what became of each new one, in their order; two of one identity in one batch are a duplicate as well.
    ///
    /// A finished message is forgotten, its identity is remembered within a bound.
    fn write(
        &self,
        new: Vec<Entry>,
        finished: Vec<u64>,
    ) -> BoxFuture<'_, Result<Vec<Kept>, BoxError>>;

    /// At most so many messages that are not finished, by number, beginning behind `after`.
    fn unfinished(&self, after: u64, most: usize) -> BoxFuture<'_, Result<Vec<Stored>, BoxError>>;
}
