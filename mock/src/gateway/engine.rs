//! What all connections of a gateway share: the vendor, its world, what is planned, what was called and told.

use super::calls::Calls;
use super::clock::Clock;
use super::planned::Plans;
use super::received::Received;
use super::socket::Lines;
use super::world::World;
use crate::callbacks::{Delivery, Encoding, QUEUE, Undelivered, Waiting};
use crate::http_client::is_local;
use crate::panics::Panics;
use crate::provider::{Operation, Vendor};
use crate::{lock, value};
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::task::JoinSet;

/// How many callback addresses are kept.
const ADDRESSES: usize = 1000;

/// How a request was served; one line of a log.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Served {
    /// The HTTP method.
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// The operation, if it is one.
    pub operation: Option<String>,
    /// The code of the answer, or its HTTP status, or what went wrong on demand.
    pub code: String,
    /// How long it took.
    pub took: Duration,
}

pub(super) type Observer = Box<dyn Fn(&Served) + Send + Sync>;

/// What is common to all of a gateway's connections.
pub struct Engine {
    pub(super) vendor: Arc<Vendor>,
    pub(crate) world: Arc<dyn World>,
    pub(super) settings: Settings,
    /// What is answered though no document has it.
    besides: Vec<Arc<Operation>>,
    hosts: Vec<SocketAddr>,
    pub(super) clock: Clock,
    pub(super) plans: Mutex<Plans>,
    pub(super) calls: Mutex<Calls>,
    /// By setting; with no name, the one for all.
    addresses: Mutex<BTreeMap<String, String>>,
    queue: mpsc::Sender<Waiting>,
    pub(crate) deliveries: Mutex<VecDeque<Delivery>>,
    tasks: Mutex<Option<JoinSet<()>>>,
    pub(super) busy: AtomicUsize,
    pub(super) lines: Lines,
    pub(super) panics: Panics,
}

/// What an engine is told before it starts.
pub(super) struct Settings {
    pub(super) observer: Option<Observer>,
    pub(super) body_limit: usize,
    /// How soon the first call must come on a connection, if not as documented.
    pub(super) greeting_within: Option<Duration>,
    /// Refuses what no document allows, though real gateways take it.
    pub(super) strict: bool,
}

impl Engine {
    pub(super) fn new(
        vendor: Arc<Vendor>,
        world: Arc<dyn World>,
        settings: Settings,
        hosts: Vec<SocketAddr>,
    ) -> (Arc<Self>, mpsc::Receiver<Waiting>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let besides = world.besides().iter();
        let besides = besides.map(|(method, path, _)| Operation::beside(&vendor, method, path));
        let engine = Self {
            besides: besides.map(Arc::new).collect(),
            hosts,
            clock: Clock::default(),
            vendor,
            world,
            settings,
            plans: Mutex::default(),
            calls: Mutex::default(),
            addresses: Mutex::default(),
            queue,
            deliveries: Mutex::default(),
            tasks: Mutex::new(Some(JoinSet::new())),
            busy: AtomicUsize::new(0),
            lines: Lines::default(),
            panics: Panics::default(),
        };
        (Arc::new(engine), waiting)
    }

    /// The operations at a path, the documented ones first.
    pub(super) fn at(&self, path: &str) -> impl Iterator<Item = &Arc<Operation>> {
        let besides = self.besides.iter();
        let besides = besides.filter(move |operation| operation.path() == path);
        self.vendor.at(path).chain(besides)
    }

    /// Whether no document has it.
    pub(super) fn is_beside(&self, operation: &Arc<Operation>) -> bool {
        self.besides
            .iter()
            .any(|known| Arc::ptr_eq(known, operation))
    }

    /// Whether an id or a path names an operation.
    pub(super) fn knows(&self, operation: &str) -> bool {
        self.vendor.named(operation).is_some() || self.at(operation).next().is_some()
    }

    /// One of the gateway's addresses, `127.0.0.1:…`: 0 is the first, see [`World::hosts`].
    pub fn host(&self, number: usize) -> String {
        let host = self.hosts.get(number).or(self.hosts.first());
        host.map(ToString::to_string).unwrap_or_default()
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        let nowhere = SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0));
        self.hosts.first().copied().unwrap_or(nowhere)
    }

    /// What time it is in this world.
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// Lets time pass; whoever waits for it is woken.
    pub fn advance(&self, time: Duration) {
        self.clock.advance(time);
        self.world.time_has_passed();
    }

    /// A long poll: what there is to say, asked again whenever somebody is woken, for so long at most. None where
    /// there is nothing until then, or the gateway ends.
    pub async fn hold<T>(
        &self,
        woken: &Notify,
        at_most: Duration,
        mut ready: impl FnMut() -> Option<T>,
    ) -> Option<T> {
        let mut over = pin!(tokio::time::sleep(at_most));
        loop {
            let mut notified = pin!(woken.notified());
            // What happens between the question and the wait is not missed.
            notified.as_mut().enable();
            if let Some(said) = ready() {
                return Some(said);
            }
            tokio::select! {
                () = notified => {}
                () = over.as_mut() => return ready(),
                () = self.clock.ended() => return None,
            }
        }
    }

    /// Runs something beside the requests, until the gateway stops.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(tasks) = &mut *lock(&self.tasks) {
            while tasks.try_join_next().is_some() {}
            tasks.spawn(task);
        }
    }

    /// Ends everything that runs.
    pub(super) fn stop(&self) {
        // The tasks are dropped outside the lock: what they hold may want it.
        let tasks = lock(&self.tasks).take();
        drop(tasks);
    }

    /// Registers where the callbacks of a setting go, or, with no name, all; false if they cannot go there: it must be
    /// plain HTTP to this machine, and no more than so many.
    pub fn register(&self, slot: &str, url: &str) -> bool {
        let mut addresses = lock(&self.addresses);
        let room = addresses.len() < ADDRESSES || addresses.contains_key(slot);
        let takes = room && is_local(url);
        if takes {
            addresses.insert(slot.to_owned(), url.to_owned());
        }
        takes
    }

    /// Where the callbacks of a setting go, or, with no name, all.
    pub fn registered(&self, slot: &str) -> Option<String> {
        lock(&self.addresses).get(slot).cloned()
    }

    /// Forgets where callbacks go.
    pub fn unregister(&self) {
        lock(&self.addresses).clear();
    }

    /// Delivers an event to the one address for all, as soon as those before it have been.
    pub fn enqueue(&self, event: impl Serialize) -> Result<(), Undelivered> {
        let url = self.registered("").ok_or(Undelivered::NoAddress)?;
        self.post(&url, event, self.encoding(""))
    }

    /// Delivers an event to an address as soon as those before it have been.
    pub fn post(
        &self,
        url: &str,
        event: impl Serialize,
        encoding: Encoding,
    ) -> Result<(), Undelivered> {
        self.wait(url, value(event), encoding, None)
    }

    /// Delivers an event to an address and waits for what becomes of it.
    pub async fn deliver_to(
        &self,
        url: &str,
        event: impl Serialize,
        encoding: Encoding,
    ) -> Result<Delivery, Undelivered> {
        let (done, waiting) = oneshot::channel();
        self.wait(url, value(event), encoding, Some(done))?;
        waiting.await.map_err(|_| Undelivered::Stopped)
    }

    /// How callbacks to an address are written.
    pub fn encoding(&self, address: &str) -> Encoding {
        self.world.encoding(address)
    }

    /// What the documents show at an address: of a setting, of an operation's id, or, where several events share one,
    /// `address/value`.
    pub fn documented_at(&self, address: &str) -> Option<Value> {
        self.vendor.callback(address).cloned()
    }

    fn wait(
        &self,
        url: &str,
        event: Value,
        encoding: Encoding,
        done: Option<oneshot::Sender<Delivery>>,
    ) -> Result<(), Undelivered> {
        if !is_local(url) {
            return Err(Undelivered::NoAddress);
        }
        let waiting = Waiting {
            url: url.to_owned(),
            event,
            encoding,
            done,
        };
        self.queue.try_send(waiting).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Undelivered::Full,
            mpsc::error::TrySendError::Closed(_) => Undelivered::Stopped,
        })
    }

    /// What was delivered, the oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.deliveries).iter().cloned().collect()
    }

    /// What was called, the oldest first: of an operation, or all.
    pub(super) fn calls(&self, operation: Option<&str>) -> Vec<Arc<Received>> {
        lock(&self.calls).of(operation)
    }

    pub(super) fn clear_calls(&self) {
        *lock(&self.calls) = Calls::default();
    }

    pub(super) fn reset(&self) {
        *lock(&self.plans) = Plans::default();
        self.clear_calls();
        self.unregister();
        self.clock.reset();
        lock(&self.deliveries).clear();
        self.world.reset();
    }

    /// Tells the observer how something was served.
    pub(super) fn observed(&self, served: &Served) {
        if let Some(observer) = &self.settings.observer {
            self.panics.catch(|| observer(served));
        }
    }
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Engine")
            .field("provider", &self.vendor.name())
            .finish_non_exhaustive()
    }
}

/// Counts a request as under way.
pub(super) struct Busy<'a>(&'a AtomicUsize);

impl<'a> Busy<'a> {
    pub(super) fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}
