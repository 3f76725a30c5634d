//! Brings messages into the store, many at a time: one durable step for whatever came in the meantime.

use super::bodies::Held;
use super::counters::Tally;
use super::queue::{Item, Queue};
use super::store::{Entry, Kept, Store};
use crate::runtime::receive::event::Inbound;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{sleep, timeout};

/// Most messages of one step.
const BATCH: usize = 1024;

/// How long finished messages may wait for company.
const LINGER: Duration = Duration::from_millis(20);

/// How long to leave a store alone that has failed.
const PAUSE: Duration = Duration::from_millis(250);

/// Something for the store.
pub(super) enum Job<C> {
    /// A message to be kept.
    New(New<C>),
    /// A message whose handler has succeeded.
    Finished(u64),
    /// Says when everything before it is in the store.
    Flush(oneshot::Sender<()>),
}

/// A message to be kept.
pub(super) struct New<C> {
    pub(super) entry: Entry,
    pub(super) item: Item<C>,
    /// Told what became of it; `None` if the store failed.
    pub(super) reply: oneshot::Sender<Option<Kept>>,
    /// Bounds how many are on their way.
    pub(super) _held: Held,
}

/// The only one who writes into the store.
pub(super) struct StoreWriter<C> {
    pub(super) store: Arc<dyn Store>,
    pub(super) queue: Arc<Queue<C>>,
    pub(super) tally: Arc<Tally>,
}

/// Works until nobody can send any more.
pub(super) async fn run<C: Inbound>(
    writer: StoreWriter<C>,
    mut jobs: mpsc::UnboundedReceiver<Job<C>>,
) {
    let mut finished = Vec::new();
    let mut batch = Vec::new();
    while jobs.recv_many(&mut batch, BATCH).await > 0 {
        if batch.iter().all(|job| matches!(job, Job::Finished(_))) {
            // Nobody waits for these; whoever comes next takes them along.
            let _ = timeout(LINGER, jobs.recv_many(&mut batch, BATCH)).await;
        }
        let (mut new, mut flushes) = (Vec::new(), Vec::new());
        for job in batch.drain(..) {
            match job {
                Job::New(job) => new.push(job),
                Job::Finished(id) => finished.push(id),
                Job::Flush(done) => flushes.push(done),
            }
        }
        step(&writer, new, &mut finished).await;
        for done in flushes {
            let _ = done.send(());
        }
    }
}

async fn step<C: Inbound>(writer: &StoreWriter<C>, mut new: Vec<New<C>>, finished: &mut Vec<u64>) {
    if new.is_empty() && finished.is_empty() {
        return;
    }
    let take = |job: &mut New<C>| {
        let body = std::mem::take(&mut job.entry.body);
        Entry::new(job.entry.identity, body)
    };
    let sizes: Vec<usize> = new.iter().map(|job| job.entry.body.len()).collect();
    let entries: Vec<Entry> = new.iter_mut().map(take).collect();
    match writer.store.write(entries, finished.clone()).await {
        Ok(kept) => {
            finished.clear();
            let mut kept = kept.into_iter();
            for (job, size) in new.into_iter().zip(sizes) {
                let kept = kept.next();
                if let Some(Kept::New(id)) = kept {
                    writer.queue.push_stored(id, job.item, size);
                }
                let _ = job.reply.send(kept);
            }
        }
        Err(_) => {
            writer.tally.store_failed.one();
            // Dropped replies read as a failure.
            drop(new);
            sleep(PAUSE).await;
        }
    }
}
