//! The store that outlives the process: one file, embedded.
//!
//! A thread owns the index and the file. Whatever came while it was writing is the next step, with one `fsync`: new
//! entries, values, what was set aside or given away, and what is taken at most once are on the disk before anybody
//! hears of it. Other verdicts and other takes are written with the next step, or a moment later without one. Bodies
//! stay in the file until they are taken.

mod file;
mod older;
#[cfg(test)]
mod tests;
mod worker;

use super::clock::Clock;
use super::index::Limits;
use super::{Batch, Committed, Counts, Lease, Store, Stored, Take, Taken};
use crate::runtime::call::{BoxError, BoxFuture};
use std::fmt;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use std::thread;
use std::time::Duration;
use tokio::sync::oneshot;
use worker::{Job, Later, Worker};

/// A store in one file, of one process. Clones are the same store: one serves a receiver, a hub and a supervisor.
///
/// When a process has died, what its servers had leased waits again, marked, or was set aside, as each entry says; what
/// was [given](super::Verdict::Given) to a holder stays with the holder for the time of its lease.
#[derive(Clone)]
pub struct RedbStore {
    jobs: Sender<Job>,
    clock: Clock,
}

impl fmt::Debug for RedbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbStore").finish_non_exhaustive()
    }
}

impl RedbStore {
    /// Opens the file, or makes it. The callbacks in a file of an older version of
    /// this crate are taken over.
    ///
    /// # Errors
    ///
    /// If the file is open already, here or in another process, cannot be written, or is not one of this crate.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, BoxError> {
        let (worker, clock) = Worker::open(path.as_ref())?;
        let (jobs, to_do) = channel();
        thread::Builder::new()
            .name("store".to_owned())
            .spawn(move || worker.run(&to_do))?;
        Ok(Self { jobs, clock })
    }

    /// How many entries of a queue may wait or be leased; 1,000,000 unless said otherwise. More are
    /// [`Kept::Full`](super::Kept::Full).
    #[must_use]
    pub fn hold(self, entries: usize) -> Self {
        self.limit(move |limits| limits.entries = entries)
    }

    /// How many entries of a queue are kept that were set aside; 100,000 unless said otherwise. Of more the oldest is
    /// [forgotten](Counts::forgotten).
    #[must_use]
    pub fn keep_aside(self, entries: usize) -> Self {
        self.limit(move |limits| limits.aside = entries)
    }

    /// How many done entries of a queue are remembered in order to know repetitions; 100,000 unless said otherwise.
    #[must_use]
    pub fn remember(self, entries: usize) -> Self {
        self.limit(move |limits| limits.remember = entries)
    }

    fn limit(self, change: impl FnOnce(&mut Limits) + Send + 'static) -> Self {
        // A store that is closed has no limits.
        let _ = self.jobs.send(Job::Limit(Box::new(change)));
        self
    }

    /// Has something done in the thread: a change at once, the answer when the step is in the file.
    fn ask<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Worker) -> Later<T> + Send + 'static,
    ) -> BoxFuture<'_, Result<T, BoxError>> {
        Box::pin(async move {
            let (reply, answer) = oneshot::channel();
            let now = self.clock.now();
            let work = move |worker: &mut Worker| {
                worker.now = worker.now.max(now);
                worker::answer(work(worker), reply)
            };
            let sent = self.jobs.send(Job::Work(Box::new(work)));
            sent.map_err(|_| CLOSED)?;
            answer.await.map_err(|_| CLOSED)?
        })
    }
}

/// What was taken and has not reached whoever asked for it. If that one is gone, nobody has it: it is given back, or its
/// server would renew its lease for ever.
struct OnItsWay {
    taken: Taken,
    jobs: Sender<Job>,
}

impl OnItsWay {
    fn arrived(mut self) -> Taken {
        std::mem::take(&mut self.taken)
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        if !self.taken.entries.is_empty() {
            let entries = std::mem::take(&mut self.taken.entries);
            let leases: Vec<Lease> = entries.into_iter().map(|stored| stored.lease).collect();
            // A store that is closed has no leases.
            let _ = self.jobs.send(Job::Work(Box::new(move |worker| {
                worker.give_back(&leases);
                Box::new(|_, _| {})
            })));
        }
    }
}

/// Why nothing happens any more.
const CLOSED: &str = "the store is closed";

impl Store for RedbStore {
    fn commit(&self, batch: Batch) -> BoxFuture<'_, Result<Committed, BoxError>> {
        self.ask(move |worker| worker.commit(batch))
    }

    fn take(&self, take: Take) -> BoxFuture<'_, Result<Taken, BoxError>> {
        let jobs = self.jobs.clone();
        let taken = self.ask(move |worker| {
            let later = worker.take(&take);
            Box::new(move |worker| {
                let taken = later(worker)?;
                Ok(OnItsWay { taken, jobs })
            })
        });
        Box::pin(async move { Ok(taken.await?.arrived()) })
    }

    fn renew(
        &self,
        server: String,
        lease: Duration,
    ) -> BoxFuture<'_, Result<Vec<String>, BoxError>> {
        self.ask(move |worker| worker.renew(&server, lease))
    }

    fn set_aside(
        &self,
        queue: String,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<Stored>, BoxError>> {
        self.ask(move |worker| worker.set_aside(&queue, after, most))
    }

    fn counts(&self, queue: String) -> BoxFuture<'_, Result<Counts, BoxError>> {
        self.ask(move |worker| worker.counts(&queue))
    }

    fn values(&self, prefix: String) -> BoxFuture<'_, Result<Vec<(String, String)>, BoxError>> {
        self.ask(move |worker| worker.values(prefix))
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        let (closed, is_closed) = oneshot::channel();
        let sent = self.jobs.send(Job::Close(closed));
        Box::pin(async move {
            if sent.is_ok() {
                // Dropped unanswered: it was closed before.
                let _ = is_closed.await;
            }
        })
    }
}
