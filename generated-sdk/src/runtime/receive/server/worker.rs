//! Hands messages over, one after the other, until their handler succeeds.

use super::addressed::Waiting;
use super::builder::{Handler, Settings};
use super::counters::Tally;
use super::delivery::Delivery;
use super::queue::{Item, Queue};
use super::recent::Recent;
use super::store::Stored;
use super::store_writer::Job;
use crate::runtime::call::BoxError;
use crate::runtime::receive::event::{Inbound, Opened};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::time::{sleep, timeout};

/// How long to leave a store alone that cannot be read.
const PAUSE: Duration = Duration::from_millis(500);

/// The first pause after a failure; each further one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What requests and handlers share.
pub(super) struct Core<C> {
    pub(super) settings: Settings,
    pub(super) handler: Handler<C>,
    pub(super) tally: Arc<Tally>,
    pub(super) queue: Arc<Queue<C>>,
    pub(super) recent: Mutex<Recent>,
    /// Who waits for what comes to an address of a single use.
    pub(super) waiting: Waiting<C>,
    /// The way into the store.
    pub(super) jobs: Option<mpsc::UnboundedSender<Job<C>>>,
    /// Room for the bodies of requests, in KiB.
    pub(super) bodies: Arc<Semaphore>,
    /// Whether the end has come.
    pub(super) ending: watch::Sender<bool>,
}

/// Takes messages from the queue until its end.
pub(super) async fn run<C: Inbound>(core: Arc<Core<C>>) {
    let store = core.settings.store.clone();
    loop {
        let reread = |stored| reread(&core, stored);
        match core.queue.next(store.as_deref(), &reread).await {
            Ok(Some(item)) => {
                let conversation = item.conversation();
                deliver(&core, item).await;
                core.queue.done(conversation);
            }
            Ok(None) => return,
            Err(_) => {
                core.tally.store_failed.one();
                sleep(PAUSE).await;
            }
        }
    }
}

/// A message that the store has kept; it was JSON when it came.
fn reread<C: Inbound>(core: &Core<C>, stored: Stored) -> Option<Item<C>> {
    let opened = Opened::new(C::LAYOUT, &stored.body).ok()?;
    let observer = core.settings.observer.as_ref();
    Some(Item {
        sender: observer.map(|observer| observer.sender("", &opened)),
        probe: opened.is_probe(),
        callback: C::read(opened),
        id: Some(stored.id),
        redelivered: stored.redelivered,
        room: None,
    })
}

async fn deliver<C: Inbound>(core: &Arc<Core<C>>, item: Item<C>) {
    let mut ending = core.ending.subscribe();
    let mut pause = FIRST_PAUSE;
    for attempt in 1..=core.settings.attempts {
        let delivery = Delivery {
            callback: item.callback.clone(),
            attempt,
            redelivered: item.redelivered || attempt > 1,
            probe: item.probe,
            sender: item.sender.clone(),
        };
        if attempted(core, delivery).await.is_ok() {
            core.tally.handled.one();
            if let (Some(id), Some(jobs)) = (item.id, &core.jobs) {
                // Without a writer the message stays in the store, and comes again at the next start.
                let _ = jobs.send(Job::Finished(id));
            }
            return;
        }
        core.tally.failed.one();
        // With a store there will be a next start; without one, the attempts that are left follow at once.
        if *ending.borrow_and_update() {
            if item.id.is_some() {
                return;
            }
        } else if attempt < core.settings.attempts {
            let _ = timeout(pause, ending.wait_for(|ending| *ending)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
    core.tally.abandoned.one();
}

/// One call of the handler, in a task of its own: a panic in it is a failure of this message alone.
async fn attempted<C: Inbound>(core: &Arc<Core<C>>, delivery: Delivery<C>) -> Result<(), BoxError> {
    let core = Arc::clone(core);
    tokio::spawn(async move { (core.handler)(delivery).await }).await?
}
