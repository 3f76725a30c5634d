//! The queue that is there without asking: in memory, gone with the process.

use super::ledger::{Gone, Ledger};
use super::store::{Command, CommandStore, News, Settled, Visit};
use crate::runtime::call::{BoxError, BoxFuture};
use crate::runtime::lock::lock;
use std::fmt;
use std::sync::Mutex;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// Commands in memory.
#[derive(Default)]
pub struct MemoryCommands {
    ledger: Mutex<Ledger>,
}

impl fmt::Debug for MemoryCommands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryCommands")
            .field("unsettled", &lock(&self.ledger).len())
            .finish()
    }
}

impl MemoryCommands {
    /// An empty queue.
    pub fn new() -> Self {
        Self::default()
    }
}

impl CommandStore for MemoryCommands {
    fn push(&self, command: Command, most: usize) -> BoxFuture<'_, Result<bool, BoxError>> {
        let now = SystemTime::now();
        let mut ledger = lock(&self.ledger);
        let number = ledger.reserve(&command.lane, most, now, &mut Gone::new());
        if let Some(number) = number {
            ledger.admit(number, command);
        }
        Box::pin(async move { Ok(number.is_some()) })
    }

    fn take(&self, visit: Visit) -> BoxFuture<'_, Result<Vec<Command>, BoxError>> {
        let taken = lock(&self.ledger).take(&visit, clock(), &mut Gone::new());
        Box::pin(async move { Ok(taken) })
    }

    fn give_back(&self, ids: Vec<String>) -> BoxFuture<'_, Result<(), BoxError>> {
        lock(&self.ledger).give_back(&ids);
        Box::pin(async { Ok(()) })
    }

    fn finish(&self, _: String, id: String, _: News) -> BoxFuture<'_, Result<Settled, BoxError>> {
        let settled = lock(&self.ledger).finish(&id, &mut Gone::new());
        Box::pin(async move { Ok(settled) })
    }

    fn withdraw(&self, id: String) -> BoxFuture<'_, Result<bool, BoxError>> {
        let withdrawn = lock(&self.ledger).withdraw(&id).is_some();
        Box::pin(async move { Ok(withdrawn) })
    }

    fn renew(&self, _: String, lease: Duration) -> BoxFuture<'_, Result<(), BoxError>> {
        lock(&self.ledger).lapse(lease, clock());
        Box::pin(async { Ok(()) })
    }
}

/// The time by the runtime's clock, and by the calendar.
pub(super) fn clock() -> (std::time::Instant, SystemTime) {
    (Instant::now().into_std(), SystemTime::now())
}
