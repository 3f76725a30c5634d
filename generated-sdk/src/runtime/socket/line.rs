//! What is common to the connection's task, its calls and its pushes; and the handle that people hold.

use super::counters::{Counters, Tally};
use super::inbox::{Inbox, Item};
use super::lost::Lost;
use super::pending::{PendingCalls, Priority};
use crate::runtime::race::{First, race};
use crate::runtime::{Timer, TransportError};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How long this side waits for the other to agree to the end.
pub(super) const FAREWELL: Duration = Duration::from_secs(1);

/// The state of a connection and its renewals.
pub(super) struct Shared {
    /// The key of the id that pairs an answer with its call.
    pub(super) id: &'static str,
    /// How soon the first call must be answered.
    pub(super) within: Duration,
    /// What people may be shown of the address.
    pub(super) server: String,
    pub(super) timer: Arc<dyn Timer>,
    pub(super) pending: PendingCalls,
    pub(super) inbox: Inbox,
    pub(super) tally: Tally,
    /// The connection is usable.
    pub(super) up: watch::Sender<bool>,
    /// The task is asked to end.
    pub(super) stop: watch::Sender<bool>,
    /// The task has ended.
    pub(super) ended: watch::Sender<Option<Lost>>,
}

impl Shared {
    /// Makes a call, and counts it.
    pub(super) async fn call(
        &self,
        priority: Priority,
        id: String,
        text: String,
        timeout: Duration,
    ) -> Result<String, TransportError> {
        let timer = &*self.timer;
        let answer = self.pending.call(priority, id, text, timer, timeout).await;
        match &answer {
            Ok(_) => self.tally.answered.one(),
            Err(error) if error.timeout => self.tally.timed_out.one(),
            Err(_) => {}
        }
        answer
    }

    /// Tells whoever takes pushes something.
    pub(super) fn tell(&self, item: Item) {
        if !self.inbox.put(item) {
            self.tally.missed.one();
        }
    }

    /// Waits until the task is asked to end.
    pub(super) async fn stopped(&self) {
        // The sender lives as long as `self`.
        let _ = self.stop.subscribe().wait_for(|stop| *stop).await;
    }

    /// The last that happens: nobody waits from here on.
    pub(super) fn finish(&self, lost: Lost) {
        self.up.send_replace(false);
        self.pending.end(&lost);
        self.inbox.end();
        self.ended.send_replace(Some(lost));
    }
}

/// Ends the connection when the last client and the pushes are gone.
pub(super) struct Keep(pub(super) Arc<Shared>);

impl Drop for Keep {
    fn drop(&mut self) {
        self.0.stop.send_replace(true);
    }
}

/// The connection itself: what it has seen, whether it is up, and how to end it.
///
/// It does not keep the connection: that ends when the client, its clones and the pushes are gone.
#[derive(Clone)]
pub struct Line(pub(super) Arc<Shared>);

impl Line {
    /// What the connection has seen, all its renewals together.
    pub fn counters(&self) -> Counters {
        self.0.tally.read()
    }

    /// Whether calls are written at once.
    pub fn is_up(&self) -> bool {
        *self.0.up.borrow()
    }

    /// Waits until calls are written at once; false if that will not be any more.
    pub async fn up(&self) -> bool {
        let mut up = self.0.up.subscribe();
        let mut ended = self.0.ended.subscribe();
        let (up, ended) = (up.wait_for(|up| *up), ended.wait_for(Option::is_some));
        matches!(race(up, ended).await, First::Left(Ok(_)))
    }

    /// Why the connection has ended for good; none as long as it is up or made again.
    pub fn ended(&self) -> Option<Lost> {
        self.0.ended.borrow().clone()
    }

    /// Ends the connection: no more calls are taken, those under way have this long to be answered, and the gateway is
    /// told. What has been pushed can still be taken.
    pub async fn shutdown(&self, patience: Duration) {
        self.0.pending.close(Lost::ShutDown);
        race(self.0.pending.idle(), self.0.timer.sleep(patience)).await;
        self.0.stop.send_replace(true);
        // The sender lives as long as `self`.
        let _ = self.0.ended.subscribe().wait_for(Option::is_some).await;
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line")
            .field("server", &self.0.server)
            .field("up", &self.is_up())
            .finish_non_exhaustive()
    }
}
