//! The only one who writes into the store: new messages and verdicts, many at a time, one durable step for whatever
//! came in the meantime.

use super::counters::Tally;
use crate::runtime::call::BoxError;
use crate::runtime::store::{Applied, Batch, Committed, Entry, Kept, Store, Target, Verdict};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::sleep;

/// Most jobs of one step.
const BATCH: usize = 1024;

/// How long to leave a store alone that has failed.
const PAUSE: Duration = Duration::from_millis(250);

/// Something for the store.
pub(super) enum Job {
    /// A message to be kept; told what became of it, and nothing if the store failed.
    #[cfg_attr(
        not(any(feature = "server", feature = "websocket")),
        expect(
            dead_code,
            reason = "what is asked for comes together, in batches of its own"
        )
    )]
    New(Entry, oneshot::Sender<Kept>),
    /// What becomes of another; told what that met.
    Ruling(Ruling),
    /// Told when all before it has been tried.
    Flush(oneshot::Sender<()>),
    /// The last one; told the same.
    Close(oneshot::Sender<()>),
}

/// What becomes of a message.
pub(super) struct Ruling {
    pub(super) target: Target,
    pub(super) verdict: Verdict,
    pub(super) reply: oneshot::Sender<Applied>,
}

/// Who is told that something has changed.
#[derive(Default)]
pub(super) struct Changes {
    /// There may be something to take.
    pub(super) work: Notify,
    /// There may be room.
    pub(super) room: Notify,
}

pub(super) struct Keeper {
    pub(super) store: Arc<dyn Store>,
    pub(super) changes: Arc<Changes>,
    pub(super) tally: Arc<Tally>,
}

impl Keeper {
    /// Works until it is closed, or nobody can send any more.
    pub(super) async fn run(self, mut jobs: mpsc::UnboundedReceiver<Job>) {
        let mut jobs_now = Vec::new();
        // What the store has failed to carry out is tried again.
        let mut rulings = Vec::new();
        loop {
            let open = if rulings.is_empty() {
                jobs.recv_many(&mut jobs_now, BATCH).await > 0
            } else {
                sleep(PAUSE).await;
                more(&mut jobs, &mut jobs_now)
            };
            let (mut new, mut flushed) = (Vec::new(), Vec::new());
            let mut closing = !open;
            for job in jobs_now.drain(..) {
                match job {
                    // Whoever has gone has been refused by now, and comes again.
                    Job::New(_, reply) if reply.is_closed() => {}
                    Job::New(entry, reply) => new.push((entry, reply)),
                    Job::Ruling(ruling) => rulings.push(ruling),
                    Job::Flush(done) => flushed.push(done),
                    Job::Close(done) => {
                        closing = true;
                        flushed.push(done);
                    }
                }
            }
            self.step(new, &mut rulings).await;
            if closing {
                // Whoever waits for a reply, or sends from here on, learns that there will be none.
                jobs.close();
                rulings.clear();
            }
            for done in flushed {
                // Who does not wait any more need not know.
                let _ = done.send(());
            }
            if closing {
                return;
            }
        }
    }

    async fn step(&self, new: Vec<(Entry, oneshot::Sender<Kept>)>, rulings: &mut Vec<Ruling>) {
        if new.is_empty() && rulings.is_empty() {
            return;
        }
        let (entries, replies): (Vec<Entry>, Vec<_>) = new.into_iter().unzip();
        let verdict = |ruling: &Ruling| (ruling.target.clone(), ruling.verdict.clone());
        let batch = Batch {
            new: entries,
            verdicts: rulings.iter().map(verdict).collect(),
            ..Batch::default()
        };
        // Dropped replies read as a failure.
        match self.store.commit(batch).await {
            Ok(committed) => self.told(committed, replies, std::mem::take(rulings)),
            Err(error) => self.failed(&error),
        }
    }

    fn told(&self, committed: Committed, new: Vec<oneshot::Sender<Kept>>, rulings: Vec<Ruling>) {
        let any_new = committed
            .kept
            .iter()
            .any(|kept| matches!(kept, Kept::New(_)));
        // Nobody who has gone needs to know.
        for (reply, kept) in new.into_iter().zip(committed.kept) {
            let _ = reply.send(kept);
        }
        if !rulings.is_empty() {
            self.changes.room.notify_waiters();
        }
        if any_new || !rulings.is_empty() {
            self.changes.work.notify_one();
        }
        for (ruling, applied) in rulings.into_iter().zip(committed.applied) {
            let _ = ruling.reply.send(applied);
        }
    }

    fn failed(&self, error: &BoxError) {
        self.tally.store_failed.one();
        super::report::store_failed(error);
    }
}

/// What has come meanwhile; false if nobody can send any more.
fn more(jobs: &mut mpsc::UnboundedReceiver<Job>, into: &mut Vec<Job>) -> bool {
    while into.len() < BATCH {
        match jobs.try_recv() {
            Ok(job) => into.push(job),
            Err(mpsc::error::TryRecvError::Empty) => return true,
            Err(mpsc::error::TryRecvError::Disconnected) => return false,
        }
    }
    true
}
