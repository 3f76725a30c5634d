//! One store for whatever must outlive a crash: received events, commands, what is to be sent, and small named values.
//!
//! In goes a [`Batch`], one atomic durable step; out come entries, each leased to one taker. An entry waits in a *lane*
//! (a conversation, an account), lanes stand in a *queue* (`events`, `commands`, …):
//!
//! ```text
//! new ──> waiting ──take──> leased ──Done──> gone, its identity remembered
//!            ^                │ ├──SetAside──> set aside: listed, read, repeated, dropped
//!            └───Again, or ───┘ └──the lease lapses──> waiting again, or set aside, as the entry says
//!              the lease lapsed
//! ```
//!
//! The number of an entry's attempt is its fence: a verdict with the attempt of a lease that has lapsed changes nothing,
//! and says so. Whoever implements [`Store`] for a database of theirs needs a table of entries, one of values and one of
//! identities; `examples/` has one in memory, and `tests/` the cases that every store must pass.
//!
//! Servers that share a store lease lanes, and no fixed partitions of them: work goes to whoever is free, nothing is
//! shared out anew when a server comes or goes, and one that died holds up only the lanes that it had.

mod clock;
mod index;
mod memory;
#[cfg(feature = "store-redb")]
mod redb;
#[cfg(feature = "store-redis")]
mod redis;

pub use memory::MemoryStore;
#[cfg(feature = "store-redb")]
pub use redb::RedbStore;
#[cfg(feature = "store-redis")]
pub use redis::RedisStore;

use crate::runtime::call::{BoxError, BoxFuture};
use std::fmt;
use std::time::{Duration, SystemTime};

/// Something to be kept until it is done.
#[non_exhaustive]
#[derive(Clone)]
pub struct Entry {
    /// The queue: a short name, `events`.
    pub queue: String,
    /// What it must not overtake: a conversation, an account.
    pub lane: String,
    /// What a repetition of it has in common with it; the same on every server and after every restart. Of a queue's
    /// entries with one identity only the first is kept, also when that one is long done, within a bound.
    pub identity: Option<u128>,
    /// The content.
    pub body: String,
    /// Whoever waits for what becomes of it: a server. Empty: nobody does.
    pub origin: String,
    /// It is not taken before so much time has passed.
    pub delay: Duration,
    /// It is forgotten when it is older, whether it waits or is leased; not when it was set aside.
    pub life: Option<Duration>,
    /// What the end of a lease means that nobody renewed.
    pub lapse: Lapse,
    /// It is done as soon as the holder that was [given](Verdict::Given) it takes again: nothing else will tell.
    pub until_next_take: bool,
    /// It is refused as [`Kept::Full`] if its lane has so many already, leased ones included.
    pub lane_bound: Option<usize>,
    /// Named values that come about together with it, if it is new.
    pub values: Vec<Value>,
}

impl Entry {
    /// An entry that anybody may take at once.
    pub fn new(queue: impl Into<String>, lane: impl Into<String>, body: impl Into<String>) -> Self {
        Self {
            queue: queue.into(),
            lane: lane.into(),
            identity: None,
            body: body.into(),
            origin: String::new(),
            delay: Duration::ZERO,
            life: None,
            lapse: Lapse::WaitsAgain,
            until_next_take: false,
            lane_bound: None,
            values: Vec::new(),
        }
    }
}

/// Shows neither lane nor body: they are private.
impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("queue", &self.queue)
            .field("delay", &self.delay)
            .finish_non_exhaustive()
    }
}

/// What becomes of an entry whose lease ran out: its taker died, or was cut off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lapse {
    /// It is taken again: at least once.
    #[default]
    WaitsAgain,
    /// It is set aside, since it may have been carried out: at most once.
    SetAside,
}

/// What became of a new entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is kept under this number. Later numbers are greater.
    New(u64),
    /// Its identity is known: nothing was kept.
    Duplicate,
    /// There is no room.
    Full,
}

/// A taken entry, and which attempt it is: what a verdict needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Lease {
    /// The entry's number.
    pub id: u64,
    /// Which time it was taken, from 1. A later one has ended this lease.
    pub attempt: u32,
}

/// An entry that is in the store.
#[non_exhaustive]
#[derive(Clone)]
pub struct Stored {
    /// Its number and the attempts so far; of a taken one, the lease.
    pub lease: Lease,
    /// Its lane.
    pub lane: String,
    /// What repetitions have in common with it.
    pub identity: Option<u128>,
    /// The content.
    pub body: String,
    /// Whoever waits for what becomes of it.
    pub origin: String,
    /// When it was kept.
    pub since: SystemTime,
    /// Why it waits again, or was set aside; empty: no reason was given.
    pub reason: String,
}

impl Stored {
    /// An entry as a store gives it.
    pub fn new(lease: Lease, lane: String, body: String, since: SystemTime) -> Self {
        Self {
            lease,
            lane,
            identity: None,
            body,
            origin: String::new(),
            since,
            reason: String::new(),
        }
    }

    /// It was taken before, and may have been handled.
    pub fn redelivered(&self) -> bool {
        self.lease.attempt > 1
    }
}

/// Shows neither lane nor body: they are private.
impl fmt::Debug for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stored")
            .field("lease", &self.lease)
            .field("since", &self.since)
            .finish_non_exhaustive()
    }
}

/// Whoever asks for entries, and for which.
#[non_exhaustive]
#[derive(Clone)]
pub struct Take {
    /// The queue.
    pub queue: String,
    /// Which lanes.
    pub lanes: Lanes,
    /// How many entries at most.
    pub most: usize,
    /// The server that asks: it holds the leases, and renews them.
    pub server: String,
    /// Whoever is to be [given](Verdict::Given) the entries, the first name being today's: a program. Empty: the server
    /// keeps them.
    pub holders: Vec<String>,
    /// How long a lease lasts that is not renewed.
    pub lease: Duration,
}

impl Take {
    /// A server's question for entries of a queue.
    pub fn new(
        queue: impl Into<String>,
        lanes: Lanes,
        most: usize,
        server: impl Into<String>,
        lease: Duration,
    ) -> Self {
        Self {
            queue: queue.into(),
            lanes,
            most,
            server: server.into(),
            holders: Vec::new(),
            lease,
        }
    }
}

/// Shows no account.
impl fmt::Debug for Take {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Take")
            .field("queue", &self.queue)
            .field("most", &self.most)
            .field("lease", &self.lease)
            .finish_non_exhaustive()
    }
}

/// The lanes that are asked for.
#[derive(Clone)]
pub enum Lanes {
    /// Of every lane of which nothing is leased, the oldest entry, if its time has come: one after the other in a lane,
    /// lanes beside each other, and the lane that was served last comes last. An entry that waits for its time holds up
    /// its own lane and no other.
    OneOfEach,
    /// Of these, the oldest entries whose time has come, as many as are wanted, whatever else of the lane is leased.
    These(Vec<String>),
}

/// Shows no account.
impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Lanes::OneOfEach => "OneOfEach",
            Lanes::These(_) => "These",
        })
    }
}

/// What was taken.
#[non_exhaustive]
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The entries.
    pub entries: Vec<Stored>,
    /// When to ask again at the latest, if nothing new comes: the next entry's time, or the end of a lease.
    pub next: Option<Duration>,
}

impl Taken {
    /// These entries.
    pub fn new(entries: Vec<Stored>, next: Option<Duration>) -> Self {
        Self { entries, next }
    }
}

/// The entry that a verdict is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// A leased one, if the lease is still that one.
    Lease(Lease),
    /// One of a queue by its identity, whoever has it.
    Identity(String, u128),
    /// One that was set aside.
    SetAside(u64),
}

/// What becomes of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is forgotten, its identity remembered within a bound.
    Done,
    /// It waits again, in its old place, for so long at least.
    Again {
        /// How long.
        after: Duration,
        /// Why.
        reason: String,
    },
    /// It waits again as if it had not been taken: the attempt does not count, and its lease is used no more.
    GiveBack,
    /// It has reached its holder: the lease is the holder's from now on, outlives the server, and is renewed whenever
    /// the holder takes.
    Given,
    /// It is kept, and not taken any more; its lane goes on.
    SetAside {
        /// Why.
        reason: String,
    },
    /// It is done if it waits. If it is leased, nobody waits for it any more: its origin is forgotten, and it is
    /// [`Applied::Lost`].
    Withdraw,
}

/// What a verdict met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applied {
    /// It was carried out on an entry of this origin.
    Yes {
        /// Whoever waited for it; empty: nobody.
        origin: String,
    },
    /// The entry is leased to somebody else, or waits again.
    Lost,
    /// The entry was done before, or forgotten.
    Before,
    /// No such entry is known.
    Unknown,
}

/// A small named value: a cursor, a token, a dialogue.
#[non_exhaustive]
#[derive(Clone)]
pub struct Value {
    /// Its name, `session/alice`.
    pub name: String,
    /// Its text; `None` removes it.
    pub text: Option<String>,
    /// How long it is kept; `None`: until it is removed.
    pub life: Option<Duration>,
}

impl Value {
    /// A value that is kept until it is removed.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: Some(text.into()),
            life: None,
        }
    }

    /// Removes a value.
    pub fn removed(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            text: None,
            life: None,
        }
    }
}

/// Shows no text: it may be a token.
impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Value").finish_non_exhaustive()
    }
}

/// The value of exactly this name.
pub(crate) async fn value(store: &dyn Store, name: String) -> Result<Option<String>, BoxError> {
    let values = store.values(name.clone()).await?;
    let found = values.into_iter().find(|(known, _)| *known == name);
    Ok(found.map(|(_, text)| text))
}

/// What the values of a login begin with whose account is called so: a new login of it begins without them.
#[cfg(feature = "poll")]
pub(crate) fn login_names(api: &str, account: &str) -> String {
    // So that no account's names begin with those of another.
    format!("login/{api}/{}/", account.replace('/', "\u{1}"))
}

/// Changes that happen together or not at all.
#[non_exhaustive]
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// Leases that must still be held: if one is not, nothing of the batch happens, and [`Committed::held`] is false.
    pub held: Vec<Lease>,
    /// Entries to be kept.
    pub new: Vec<Entry>,
    /// What became of others.
    pub verdicts: Vec<(Target, Verdict)>,
    /// Named values. Where one of the new entries finds no room, they stay what they were.
    pub values: Vec<Value>,
}

/// What became of a [`Batch`].
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Committed {
    /// Every lease of [`Batch::held`] was still held.
    pub held: bool,
    /// Of each new entry, in their order; two of one identity in one batch are a duplicate as well.
    pub kept: Vec<Kept>,
    /// Of each verdict, in their order.
    pub applied: Vec<Applied>,
}

impl Batch {
    /// The bodies of what is new, and what is named, once it is known what became of the entries.
    fn parted(self, committed: &Committed) -> (Vec<(u64, String)>, Vec<Value>) {
        let (mut bodies, mut named) = (Vec::new(), Vec::new());
        for (entry, kept) in self.new.into_iter().zip(&committed.kept) {
            if let Kept::New(id) = kept {
                bodies.push((*id, entry.body));
                named.extend(entry.values);
            }
        }
        if committed.held && !committed.kept.contains(&Kept::Full) {
            named.extend(self.values);
        }
        (bodies, named)
    }
}

impl Committed {
    /// What became of a batch whose leases were held.
    pub fn new(kept: Vec<Kept>, applied: Vec<Applied>) -> Self {
        Self {
            held: true,
            kept,
            applied,
        }
    }
}

/// How many entries a queue has.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting, those that wait to be repeated included.
    pub waiting: u64,
    /// Leased.
    pub leased: u64,
    /// Set aside.
    pub set_aside: u64,
    /// Forgotten, since the store was opened at least, because they grew too old, or were set aside and too many came
    /// after them.
    pub forgotten: u64,
}

impl Counts {
    /// Counts as a store gives them.
    pub fn new(waiting: u64, leased: u64, set_aside: u64) -> Self {
        Self {
            waiting,
            leased,
            set_aside,
            forgotten: 0,
        }
    }
}

/// Keeps entries and named values.
///
/// Object-safe, and small: a database of your own can stand behind it. Time is the store's: every duration counts from
/// when the store reads it, so that servers need not agree about the hour.
pub trait Store: Send + Sync + 'static {
    /// Makes a step. When this returns, what was new and what was named outlives a crash; a verdict at the latest with
    /// the next step, so that a crash in between repeats what was done, marked, and loses nothing.
    fn commit(&self, batch: Batch) -> BoxFuture<'_, Result<Committed, BoxError>>;

    /// Leases entries. Those that a holder was given and that end at its next take are done with this; its other ones
    /// are renewed.
    ///
    /// An entry that [is set aside when its lease lapses](Lapse::SetAside) counts as taken after a crash: that is on the
    /// disk when this returns.
    fn take(&self, take: Take) -> BoxFuture<'_, Result<Taken, BoxError>>;

    /// Renews the leases that a server holds, and says which servers' last renewals have not run out, itself included.
    /// Called three times a lease. What was leased by a take whose answer was lost is not renewed: nobody knows of it.
    fn renew(
        &self,
        server: String,
        lease: Duration,
    ) -> BoxFuture<'_, Result<Vec<String>, BoxError>>;

    /// Entries of a queue that were set aside, by number, beginning behind `after`.
    fn set_aside(
        &self,
        queue: String,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<Stored>, BoxError>>;

    /// How many entries a queue has.
    fn counts(&self, queue: String) -> BoxFuture<'_, Result<Counts, BoxError>>;

    /// The values whose names begin so, by name.
    fn values(&self, prefix: String) -> BoxFuture<'_, Result<Vec<(String, String)>, BoxError>>;

    /// Several servers share it: each looks now and then whether another has left something for it.
    fn is_shared(&self) -> bool {
        false
    }

    /// Ends its work: when this returns, what was committed is safe and the file can be opened again.
    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}
