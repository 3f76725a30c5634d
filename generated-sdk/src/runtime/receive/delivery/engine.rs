//! The engine behind whoever receives: keeps what came, has it handled, and comes to an end in order.

use super::body;
use super::counters::Tally;
use super::keeper::{Changes, Job, Keeper, Ruling};
use super::options::{Handler, Options};
use super::order::Lanes;
use super::set_aside::SetAside;
use super::taker;
use crate::runtime::call::{BoxError, BoxFuture, random};
use crate::runtime::count::Count;
use crate::runtime::receive::event::Inbound;
use crate::runtime::store::{Applied, Counts, Entry, Kept, Store, Target, Value, Verdict};
#[cfg(feature = "poll")]
use crate::runtime::store::{Batch, Lease};
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
#[cfg(any(feature = "poll", feature = "websocket"))]
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout, timeout_at};

/// How long to wait for room in a store where others make it too.
const ROOM: Duration = Duration::from_millis(250);

/// Whether there is an end, and what becomes of what waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// Not yet.
    Open,
    /// What waits is handed over first.
    Drain,
    /// What waits stays where it is.
    Stop,
}

/// What all parts of the engine share.
pub(super) struct Core<C> {
    pub(super) store: Arc<dyn Store>,
    pub(super) queue: String,
    pub(super) server: String,
    pub(super) options: Options<C>,
    pub(super) tally: Arc<Tally>,
    pub(super) changes: Arc<Changes>,
    pub(super) end: watch::Sender<End>,
    jobs: mpsc::UnboundedSender<Job>,
    lanes: Lanes,
}

impl<C> Core<C> {
    /// Brings a verdict into the store; `None` if the end came first.
    pub(super) async fn rule(&self, target: Target, verdict: Verdict) -> Option<Applied> {
        let (reply, applied) = oneshot::channel();
        let ruling = Ruling {
            target,
            verdict,
            reply,
        };
        self.jobs.send(Job::Ruling(ruling)).ok()?;
        applied.await.ok()
    }

    /// What waits is gone with the process.
    fn is_volatile(&self) -> bool {
        self.options.store.is_none()
    }

    /// Waits until all that was sent has been tried.
    async fn tried(&self, job: fn(oneshot::Sender<()>) -> Job) {
        let (done, is_done) = oneshot::channel();
        if self.jobs.send(job(done)).is_ok() {
            // Without a keeper there is nothing to wait for.
            let _ = is_done.await;
        }
    }

    /// Waits until nothing waits and nothing is being handled.
    async fn emptied(&self) {
        loop {
            let changed = self.changes.room.notified();
            let counts = self.counts().await.unwrap_or_default();
            if counts.waiting + counts.leased == 0 {
                return;
            }
            changed.await;
        }
    }

    /// How much there is of what.
    pub(super) fn counts(&self) -> BoxFuture<'_, Result<Counts, BoxError>> {
        self.store.counts(self.queue.clone())
    }

    pub(super) fn end(&self, end: End) {
        self.end.send_replace(end);
        self.changes.work.notify_one();
    }
}

/// Has messages handled. Ends its work with its owner.
pub(in crate::runtime) struct Engine<C: Inbound> {
    core: Arc<Core<C>>,
    /// A permit for each handler that may run.
    running: Arc<Semaphore>,
}

impl<C: Inbound> Drop for Engine<C> {
    fn drop(&mut self) {
        self.core.end(End::Stop);
    }
}

/// A message that has come whole.
pub(in crate::runtime) struct Told {
    lane: String,
    identity: Option<u128>,
    body: String,
    typed: bool,
    /// What is named together with it.
    pub(in crate::runtime) brought: Vec<Value>,
}

/// A message was not kept: there was no room, the store failed, or the end has come.
#[cfg(any(feature = "server", feature = "websocket"))]
#[derive(Debug)]
pub(in crate::runtime) struct NotKept;

impl<C: Inbound> Engine<C> {
    /// Starts on the store that these options have, or make.
    pub(in crate::runtime) fn start(
        store: Arc<dyn Store>,
        options: Options<C>,
        handler: Handler<C>,
    ) -> Self {
        let (jobs, to_keep) = mpsc::unbounded_channel();
        let tally = Arc::new(Tally::of(C::LAYOUT.name));
        let changes = Arc::new(Changes::default());
        let keeper = Keeper {
            store: Arc::clone(&store),
            changes: Arc::clone(&changes),
            tally: Arc::clone(&tally),
        };
        tokio::spawn(keeper.run(to_keep));
        let server = random::id();
        let running = options.concurrency.clamp(1, taker::MOST);
        let running = Arc::new(Semaphore::new(running));
        let core = Arc::new(Core {
            store,
            queue: options.queue.clone(),
            lanes: Lanes::of(server.clone()),
            server,
            options,
            tally,
            changes,
            end: watch::Sender::new(End::Open),
            jobs,
        });
        tokio::spawn(renew(Arc::downgrade(&core)));
        #[cfg(feature = "metrics")]
        tokio::spawn(shown(Arc::downgrade(&core)));
        tokio::spawn(taker::run(
            Arc::clone(&core),
            Arc::new(handler),
            Arc::clone(&running),
        ));
        Self { core, running }
    }

    pub(in crate::runtime) fn tally(&self) -> &Arc<Tally> {
        &self.core.tally
    }

    /// A message that has just come, of this conversation by the catalog.
    pub(in crate::runtime) fn told(
        &self,
        callback: &C,
        conversation: Option<String>,
        identity: Option<u128>,
    ) -> Told {
        let order = &self.core.options.order;
        Told {
            lane: self.core.lanes.lane(order, callback, conversation),
            identity,
            body: String::new(),
            typed: callback.is_typed(),
            brought: Vec::new(),
        }
    }

    /// Keeps a message: false if it is a repetition. Waits for room as long as it is let.
    #[cfg(any(feature = "server", feature = "websocket"))]
    pub(in crate::runtime) async fn keep(&self, told: &Told) -> Result<bool, NotKept> {
        let core = &*self.core;
        loop {
            if core.is_volatile() && *core.end.borrow() != End::Open {
                return Err(NotKept);
            }
            let room = core.changes.room.notified();
            let entry = told.entry(&core.queue);
            let (reply, kept) = oneshot::channel();
            core.jobs
                .send(Job::New(entry, reply))
                .map_err(|_| NotKept)?;
            let count = match kept.await.map_err(|_| NotKept)? {
                Kept::New(_) => told.count(&core.tally),
                Kept::Duplicate => &core.tally.duplicate,
                Kept::Full => {
                    // Others who share the store make room as well, and say nothing.
                    let _ = timeout(ROOM, room).await;
                    continue;
                }
            };
            count.one();
            return Ok(!std::ptr::eq(count, &core.tally.duplicate));
        }
    }

    /// Keeps messages that came together, and names what came with all of them: in one step of the store or, where there
    /// is no room for all, in several, the last of which names it. How many were new; `None` if the lease is not held
    /// any more.
    #[cfg(feature = "poll")]
    pub(in crate::runtime) async fn keep_together(
        &self,
        told: &mut Vec<Told>,
        held: Lease,
        values: &[Value],
    ) -> Result<Option<usize>, BoxError> {
        let core = &*self.core;
        let mut new = 0;
        loop {
            let room = core.changes.room.notified();
            let mut batch = Batch::default();
            batch.held.push(held);
            batch.new = told.iter().map(|told| told.entry(&core.queue)).collect();
            batch.values = values.to_vec();
            let committed = core.store.commit(batch).await.inspect_err(|error| {
                core.tally.store_failed.one();
                super::report::store_failed(error);
            })?;
            if !committed.held {
                return Ok(None);
            }
            let mut kept = committed.kept.into_iter();
            told.retain(|told| match kept.next() {
                Some(Kept::New(_)) => {
                    new += 1;
                    told.count(&core.tally).one();
                    false
                }
                Some(Kept::Duplicate) => {
                    core.tally.duplicate.one();
                    false
                }
                Some(Kept::Full) | None => true,
            });
            core.changes.work.notify_one();
            if told.is_empty() {
                return Ok(Some(new));
            }
            let _ = timeout(ROOM, room).await;
        }
    }

    /// Whoever holds the leases, and for how long each lasts that is not renewed.
    #[cfg(feature = "poll")]
    pub(in crate::runtime) fn server(&self) -> (&str, Duration) {
        (&self.core.server, self.core.options.lease)
    }

    /// How many messages wait, are being handled, and were set aside.
    pub(in crate::runtime) async fn backlog(&self) -> Result<Counts, BoxError> {
        self.core.counts().await
    }

    pub(in crate::runtime) fn set_aside(&self) -> SetAside<C> {
        SetAside {
            core: Arc::clone(&self.core),
        }
    }

    /// Comes to an end behind whoever brings messages: it is told, and cut off if it is late.
    #[cfg(any(feature = "poll", feature = "websocket"))]
    pub(in crate::runtime) async fn shutdown_behind(
        &self,
        stopping: &watch::Sender<bool>,
        pump: &mut JoinHandle<()>,
        patience: Duration,
    ) -> usize {
        let deadline = Instant::now() + patience;
        stopping.send_replace(true);
        if timeout(patience, &mut *pump).await.is_err() {
            pump.abort();
        }
        let left = deadline.saturating_duration_since(Instant::now());
        self.shutdown(left).await
    }

    /// Comes to an end: see [`Receiver::shutdown`](crate::runtime::server::Receiver::shutdown).
    pub(in crate::runtime) async fn shutdown(&self, patience: Duration) -> usize {
        let core = &*self.core;
        let deadline = Instant::now() + patience;
        // What is in memory alone is handed over now or never.
        let volatile = core.is_volatile();
        core.end(if volatile { End::Drain } else { End::Stop });
        let drained = async {
            core.tried(Job::Flush).await;
            if volatile {
                core.emptied().await;
            }
            let all = u32::try_from(core.options.concurrency.clamp(1, taker::MOST));
            // One that is late goes on by itself, and what becomes of its message is not heard any more.
            let _ = self.running.acquire_many(all.unwrap_or(1)).await;
        };
        let _ = timeout_at(deadline, drained).await;
        core.end(End::Stop);
        core.tried(Job::Close).await;
        let left = core.counts().await.unwrap_or_default();
        if !core.options.lent {
            core.store.close().await;
        }
        usize::try_from(left.waiting + left.leased).unwrap_or(usize::MAX)
    }
}

/// Renews the leases of what is being handled, until the end.
async fn renew<C>(core: Weak<Core<C>>) {
    loop {
        let Some(lease) = core.upgrade().map(|core| core.options.lease) else {
            return;
        };
        sleep(lease / 3).await;
        let Some(core) = core.upgrade() else {
            return;
        };
        if core.jobs.is_closed() {
            return;
        }
        if let Err(error) = core.store.renew(core.server.clone(), lease).await {
            core.tally.store_failed.one();
            super::report::store_failed(&error);
        }
    }
}

/// Tells now and then how many events are kept, until the end.
#[cfg(feature = "metrics")]
async fn shown<C: Inbound>(core: Weak<Core<C>>) {
    while let Some(core) = core.upgrade().filter(|core| !core.jobs.is_closed()) {
        // A store that fails is spoken of by those who need it.
        if let Ok(counts) = core.counts().await {
            crate::runtime::metrics::kept(C::LAYOUT.name, &counts);
        }
        drop(core);
        sleep(Duration::from_secs(5)).await;
    }
}

impl Told {
    fn entry(&self, queue: &str) -> Entry {
        let mut entry = Entry::new(queue, &*self.lane, &*self.body);
        entry.identity = self.identity;
        entry.values.clone_from(&self.brought);
        entry
    }

    /// Where it is counted once it is kept.
    fn count<'t>(&self, tally: &'t Tally) -> &'t Count {
        match self.typed {
            true => &tally.typed,
            false => &tally.raw,
        }
    }

    /// The same with its text, and who told it where only the address said so.
    pub(in crate::runtime) fn with(
        mut self,
        (account, process): (&str, &str),
        text: String,
    ) -> Self {
        self.body = body::written(account, process, text);
        self
    }
}
