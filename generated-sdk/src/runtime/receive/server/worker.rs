//! Hands messages over, one after the other, until their handler succeeds.

use super::bodies::Bodies;
use super::counters::Tally;
use super::delivery::Delivery;
use super::queue::{Item, Queue};
use super::recent::Recent;
use super::settings::{Handler, Settings};
use super::store::Stored;
use super::store_writer::Job;
use super::waiting::Waiting;
use crate::runtime::call::BoxError;
use crate::runtime::receive::event::{Inbound, Opened};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, watch};
use tokio::time::{sleep, timeout};

/// How long to leave a store alone that cannot be read.
const PAUSE: Duration = Duration::from_millis(500);

/// The first pause after a failure; each further one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// What requests and handlers share.
pub(super) struct Shared<C> {
    pub(super) settings: Settings,
    pub(super) handler: Handler<C>,
    pub(super) tally: Arc<Tally>,
    pub(super) queue: Arc<Queue<C>>,
    pub(super) recent: Mutex<Recent>,
    /// Who waits for what comes to an address of a single use.
    pub(super) waiting: Waiting<C>,
    /// The way into the store.
    pub(super) jobs: Option<mpsc::UnboundedSender<Job<C>>>,
    /// Room for the bodies of requests.
    pub(super) bodies: Bodies,
    /// Whether the end has come.
    pub(super) ending: watch::Sender<bool>,
}

/// Takes messages from the queue until its end.
pub(super) async fn run<C: Inbound>(shared: Arc<Shared<C>>) {
    let store = shared.settings.store.clone();
    loop {
        let reread = |stored| reread(&shared, stored);
        match shared.queue.next(store.as_deref(), &reread).await {
            Ok(Some(item)) => {
                let conversation = item.conversation();
                deliver(&shared, item).await;
                shared.queue.done(conversation);
            }
            Ok(None) => return,
            Err(_) => {
                shared.tally.store_failed.one();
                sleep(PAUSE).await;
            }
        }
    }
}

/// A message that the store has kept; it was JSON when it came.
fn reread<C: Inbound>(shared: &Shared<C>, stored: Stored) -> Option<Item<C>> {
    let opened = Opened::new(C::LAYOUT, &stored.body).ok()?;
    let observer = shared.settings.observer.as_ref();
    let sender = observer.map(|observer| observer.sender("", &opened));
    let probe = opened.is_probe();
    Some(Item {
        id: Some(stored.id),
        redelivered: stored.redelivered,
        ..Item::new(C::read(opened), probe, sender)
    })
}

async fn deliver<C: Inbound>(shared: &Arc<Shared<C>>, item: Item<C>) {
    let mut ending = shared.ending.subscribe();
    let mut pause = FIRST_PAUSE;
    for attempt in 1..=shared.settings.attempts {
        let delivery = Delivery {
            callback: item.callback.clone(),
            attempt,
            redelivered: item.redelivered || attempt > 1,
            probe: item.probe,
            sender: item.sender.clone(),
        };
        if attempted(shared, delivery).await.is_ok() {
            shared.tally.handled.one();
            if let (Some(id), Some(jobs)) = (item.id, &shared.jobs) {
                // Without a writer the message stays in the store, and comes again at the next start.
                let _ = jobs.send(Job::Finished(id));
            }
            return;
        }
        shared.tally.failed.one();
        // With a store there will be a next start; without one, the attempts that are left follow at once.
        if *ending.borrow_and_update() {
            if item.id.is_some() {
                return;
            }
        } else if attempt < shared.settings.attempts {
            let _ = timeout(pause, ending.wait_for(|ending| *ending)).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }
    shared.tally.abandoned.one();
}

/// One call of the handler, in a task of its own: a panic in it is a failure of this message alone.
async fn attempted<C: Inbound>(
    shared: &Arc<Shared<C>>,
    delivery: Delivery<C>,
) -> Result<(), BoxError> {
    let shared = Arc::clone(shared);
    tokio::spawn(async move { (shared.handler)(delivery).await }).await?
}
