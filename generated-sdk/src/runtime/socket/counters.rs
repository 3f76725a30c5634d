//! What a connection has seen, in numbers.

use crate::runtime::count::tally;

/// What a connection has seen since it was first opened, all its renewals together.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Connections that came up.
    pub connected: u64,
    /// Connections that were lost after they had come up.
    pub lost: u64,
    /// Attempts to connect that failed.
    pub failed: u64,
    /// Calls written.
    pub sent: u64,
    /// Calls answered in time.
    pub answered: u64,
    /// Calls whose time ran out.
    pub timed_out: u64,
    /// Answers to calls that nobody waits for any more: dropped.
    pub late: u64,
    /// Pushes.
    pub pushed: u64,
    /// Pushes and notices that were dropped because they were not taken fast enough.
    pub missed: u64,
    /// Messages that are no JSON object: dropped.
    pub garbage: u64,
    /// Pings sent because the line was silent.
    pub pings: u64,
}

tally!(Counters in CONNECTION: connected lost failed sent answered timed_out late pushed missed garbage pings);
