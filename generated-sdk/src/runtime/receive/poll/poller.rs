//! A poller that runs: its numbers, its end.

use super::plan::Polled;
use crate::runtime::call::BoxError;
use crate::runtime::receive::delivery::{Counters, Engine, SetAside};
use crate::runtime::store::Counts;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Asks for events and has them handled, until it is dropped or shut down.
#[must_use = "it ends when it is dropped"]
pub struct Poller<H: Polled> {
    pub(super) engine: Arc<Engine<H::Inbound>>,
    pub(super) pump: JoinHandle<()>,
    pub(super) stopping: watch::Sender<bool>,
}

/// It comes to its end by itself, so that another one need not wait for a lease to lapse.
impl<H: Polled> Drop for Poller<H> {
    fn drop(&mut self) {
        self.stopping.send_replace(true);
    }
}

impl<H: Polled> fmt::Debug for Poller<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller")
            .field("counters", &self.counters())
            .finish_non_exhaustive()
    }
}

impl<H: Polled> Poller<H> {
    /// What has come and was handled so far.
    pub fn counters(&self) -> Counters {
        self.engine.tally().read()
    }

    /// How many messages wait, are being handled, and were set aside.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn backlog(&self) -> Result<Counts, BoxError> {
        self.engine.backlog().await
    }

    /// What was set aside: to be listed, read, repeated, discarded.
    pub fn set_aside(&self) -> SetAside<H::Inbound> {
        self.engine.set_aside()
    }

    /// Comes to an end: asks no more, says so to a gateway that wants to know, lets the handlers finish, closes the
    /// store, and says how many messages are left unfinished. Without a store, everything that waits is handed over
    /// first, and what is left at the end of `patience` is lost.
    pub async fn shutdown(&mut self, patience: Duration) -> usize {
        let end = self
            .engine
            .shutdown_behind(&self.stopping, &mut self.pump, patience);
        end.await
    }
}
