//! A gateway as a test holds it: started, told what to answer and what to break, asked what it was asked.
//!
//! `http_server` and `socket` take what comes in, `serve` goes its way with it (`checks`, `planned`, `calls`, the
//! vendor's `world`), `admin` does the same for tests in any language.

mod admin;
mod along;
mod answer;
mod calls;
mod checks;
mod clock;
mod engine;
mod fault;
mod http_server;
mod planned;
mod received;
mod request;
mod serve;
mod socket;
mod world;

use crate::callbacks::{self, Delivery, Encoding, Undelivered};
use crate::people::{self, Chat, Group, Person, Said};
use crate::provider::{Unplayable, Vendor};
use catalog::spelling::did_you_mean;
use engine::{Observer, Settings};
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

pub use answer::Answer;
pub use engine::{Engine, Served};
pub use fault::{Fault, UnknownFault};
pub use received::Received;
pub use world::{Answering, BuiltIn, Documented, World};

pub(crate) use answer::with;

/// A running gateway; it stops when this is dropped. What has panicked in a reply or an observer of the test's goes on
/// then, so that the test fails; a reply that panics is answered with status 500.
pub struct Gateway<W: World = Documented> {
    engine: Arc<Engine>,
    world: Arc<W>,
    accepting: Vec<AbortHandle>,
}

/// Collects what a gateway needs before it starts.
#[must_use = "a builder does nothing until it starts"]
pub struct Builder<W: World = Documented> {
    vendor: Result<Arc<Vendor>, Unplayable>,
    world: W,
    address: SocketAddr,
    observer: Option<Observer>,
    faults: Vec<(String, Fault)>,
    body_limit: usize,
    greeting_within: Option<Duration>,
    strict: bool,
    /// A friend who writes every so often.
    incoming_every: Option<(Person, Duration)>,
}

impl<W: World + Default> Builder<W> {
    /// A gateway of this vendor, with this world behind its operations.
    pub fn new(vendor: Arc<Vendor>) -> Self {
        Self::of(Ok(vendor))
    }

    fn of(vendor: Result<Arc<Vendor>, Unplayable>) -> Self {
        Self {
            vendor,
            world: W::default(),
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            observer: None,
            faults: Vec::new(),
            body_limit: 16 << 20,
            greeting_within: None,
            strict: false,
            incoming_every: None,
        }
    }
}

impl<W: BuiltIn> Builder<W> {
    /// Somebody writes every so often, as long as somebody is logged in and listens.
    pub fn incoming_every(mut self, time: Duration) -> Self {
        let [friend, _] = people::friends().map(of_vendor::<W>);
        self.incoming_every = Some((friend, time.max(Duration::from_millis(10))));
        self
    }
}

/// Somebody whose id is as the vendor writes it.
fn of_vendor<W: BuiltIn>(person: Person) -> Person {
    Person::new(W::id(&person.id), person.name)
}

impl<W: World> Builder<W> {
    /// Where to listen; a free port of 127.0.0.1 unless told. It must be a loopback address: the gateway trusts
    /// everybody who can reach it.
    pub fn listen(mut self, address: SocketAddr) -> Self {
        self.address = address;
        self
    }

    /// Is told of every request, after its answer is known.
    pub fn observe(mut self, observer: impl Fn(&Served) + Send + Sync + 'static) -> Self {
        self.observer = Some(Box::new(observer));
        self
    }

    /// Something that goes wrong from the start, with an operation (its path or id) or, as `*`, with all.
    pub fn fault(mut self, operation: impl Into<String>, fault: Fault) -> Self {
        self.faults.push((operation.into(), fault));
        self
    }

    /// How long a request's body may be, 16 MiB unless told.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// How soon the first call must come on a socket, instead of the time that the documents give it.
    pub fn greeting_within(mut self, time: Duration) -> Self {
        self.greeting_within = Some(time);
        self
    }

    /// Takes the documents by the letter: refuses what clients that work leave out or write otherwise, though real
    /// gateways take it (`[[mock.lenient]]` and `same` in `provider.toml`).
    pub fn strict(mut self) -> Self {
        self.strict = true;
        self
    }

    /// The vendor's world, for settings of its own.
    pub fn world_mut(&mut self) -> &mut W {
        &mut self.world
    }

    /// Starts to listen.
    ///
    /// # Errors
    ///
    /// If the address is not on loopback, or cannot be listened on.
    pub async fn start(self) -> io::Result<Gateway<W>> {
        if !self.address.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the mock gateway listens on loopback addresses only: it trusts everybody who can reach it",
            ));
        }
        let vendor = self.vendor?;
        let world = Arc::new(self.world);
        let settings = Settings {
            observer: self.observer,
            body_limit: self.body_limit,
            greeting_within: self.greeting_within,
            strict: self.strict,
        };
        let mut listeners = vec![TcpListener::bind(self.address).await?];
        for _ in 0..world.hosts() {
            listeners.push(TcpListener::bind((self.address.ip(), 0)).await?);
        }
        let hosts: io::Result<Vec<SocketAddr>> =
            listeners.iter().map(TcpListener::local_addr).collect();
        let (engine, waiting) = Engine::new(vendor, world.clone(), settings, hosts?);
        for (operation, fault) in self.faults {
            engine.plan_fault(&operation, fault, None);
        }
        engine.spawn(callbacks::work(engine.clone(), waiting));
        if let Some((friend, every)) = self.incoming_every {
            engine.spawn(chat(world.clone(), Arc::downgrade(&engine), friend, every));
        }
        let accept = |(host, listener)| {
            tokio::spawn(http_server::accept(listener, host, engine.clone())).abort_handle()
        };
        Ok(Gateway {
            accepting: listeners.into_iter().enumerate().map(accept).collect(),
            engine,
            world,
        })
    }
}

/// A friend who writes every so often.
async fn chat<W: World>(world: Arc<W>, engine: Weak<Engine>, friend: Person, every: Duration) {
    for n in 1_u64.. {
        tokio::time::sleep(every).await;
        let Some(engine) = engine.upgrade() else {
            return;
        };
        let text = format!("你好，第 {n} 次");
        // Where nobody listens, or too many wait already, this one is not missed.
        let _ = world.write(Said::new(&friend, Chat::Private, &text), &engine);
    }
}

impl<W: World> fmt::Debug for Builder<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl Gateway {
    /// A gateway of any vendor: it checks and answers as documented, and remembers nothing.
    pub fn of(vendor: Arc<Vendor>) -> Builder {
        Builder::new(vendor)
    }
}

impl<W: BuiltIn> Gateway<W> {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// If the system has no port to give.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// A gateway that is told more before it starts.
    pub fn builder() -> Builder<W> {
        Builder::of(Vendor::built_in(W::PROVIDER)).body_limit(W::BODY_LIMIT)
    }

    /// The account that is, or will be, logged in.
    pub fn me(&self) -> Person {
        of_vendor::<W>(people::me())
    }

    /// Its friends of whom every world knows.
    pub fn friends(&self) -> [Person; 2] {
        people::friends().map(of_vendor::<W>)
    }

    /// The group in which all three are.
    pub fn group(&self) -> Group {
        people::group()
    }
}

/// What is asked of a gateway. An operation is named by its id, its path, or `*`; with the SDK at hand,
/// [`requests!`](crate::requests) names it by the type of its request.
impl<W: World> Gateway<W> {
    /// Its base URL, `http://127.0.0.1:…`.
    pub fn url(&self) -> String {
        format!("http://{}", self.engine.host(0))
    }

    /// Another of its addresses, `127.0.0.1:…`, see [`World::hosts`].
    pub fn host(&self, number: usize) -> String {
        self.engine.host(number)
    }

    /// The address of its socket, `ws://127.0.0.1:…`; empty if it has none.
    pub fn socket_url(&self) -> String {
        let socket = self.engine.vendor.socket();
        socket.map_or_else(String::new, |socket| {
            format!("ws://{}{}", self.engine.host(0), socket.path)
        })
    }

    /// Pushes an event on every connection that has made its first call; says how many these are.
    pub fn push(&self, event: impl Serialize) -> usize {
        self.engine.push(event)
    }

    /// Closes every connection, with a goodbye or without one; says how many these were.
    pub fn disconnect(&self, goodbye: bool) -> usize {
        self.engine.disconnect(goodbye)
    }

    /// How many connections there have been on the socket.
    pub fn connections(&self) -> usize {
        self.engine.connections()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.engine.address()
    }

    /// Lets time pass for the vendor's world, at once.
    pub fn advance(&self, time: Duration) {
        self.engine.advance(time);
    }

    /// What the documents say of it.
    pub fn vendor(&self) -> &Vendor {
        &self.engine.vendor
    }

    /// The engine, which tells and does what is common to all vendors.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// The vendor's world.
    pub fn world(&self) -> &W {
        &self.world
    }

    /// From now on answers an operation so, once its parameters and its authorization have been checked. The newest
    /// such reply wins.
    ///
    /// # Panics
    ///
    /// If there is no such operation.
    #[track_caller]
    pub fn reply_to(
        &self,
        operation: &str,
        reply: impl Fn(&Received) -> Answer + Send + Sync + 'static,
    ) {
        self.check(operation);
        self.engine.plan_reply(operation, Arc::new(reply), None);
    }

    /// Answers the next call of an operation so.
    ///
    /// # Panics
    ///
    /// If there is no such operation.
    #[track_caller]
    pub fn reply_once_to(
        &self,
        operation: &str,
        reply: impl Fn(&Received) -> Answer + Send + Sync + 'static,
    ) {
        self.check(operation);
        self.engine.plan_reply(operation, Arc::new(reply), Some(1));
    }

    /// From now on goes wrong so whenever this operation is called.
    ///
    /// # Panics
    ///
    /// If there is no such operation.
    #[track_caller]
    pub fn fault_on(&self, operation: &str, fault: Fault) {
        self.check(operation);
        self.engine.plan_fault(operation, fault, None);
    }

    /// Goes wrong so at the next call of this operation.
    ///
    /// # Panics
    ///
    /// If there is no such operation.
    #[track_caller]
    pub fn fault_once_on(&self, operation: &str, fault: Fault) {
        self.check(operation);
        self.engine.plan_fault(operation, fault, Some(1));
    }

    /// The calls of an operation so far, refused ones among them, the oldest first.
    ///
    /// # Panics
    ///
    /// If there is no such operation.
    #[track_caller]
    pub fn calls_of(&self, operation: &str) -> Vec<Arc<Received>> {
        self.check(operation);
        self.engine
            .calls(Some(operation).filter(|operation| *operation != "*"))
    }

    /// All calls so far, the oldest first.
    pub fn all_calls(&self) -> Vec<Arc<Received>> {
        self.engine.calls(None)
    }

    /// A plan for an operation that there is not would never come about, and a test would pass for the wrong reason.
    #[track_caller]
    fn check(&self, operation: &str) {
        self.engine.panics.pass_on();
        let vendor = &self.engine.vendor;
        let paths = vendor.operations().map(|known| known.path());
        assert!(
            operation == "*" || self.engine.knows(operation),
            "{} has no operation `{operation}`{}",
            vendor.name(),
            did_you_mean(operation, paths)
        );
    }

    /// Delivers the next callback twice.
    pub fn duplicate_next_callback(&self) {
        self.engine
            .plan_fault("*", Fault::DuplicateCallback, Some(1));
    }

    /// No more faults and replies; what is remembered stays.
    pub fn clear(&self) {
        self.engine.clear_faults();
        self.engine.clear_replies();
    }

    /// Everything as it was at the start.
    pub fn reset(&self) {
        self.engine.reset();
    }

    /// Delivers a callback and waits for what becomes of it.
    ///
    /// # Errors
    ///
    /// If no address is registered, or too many are waiting. A receiver that refuses or does not answer is no error:
    /// the [`Delivery`] says so.
    pub async fn deliver(&self, event: impl Serialize) -> Result<Delivery, Undelivered> {
        self.deliver_at("", event, self.engine.encoding("")).await
    }

    /// Delivers a callback to the address that is registered for a setting, and waits for what becomes of it.
    ///
    /// # Errors
    ///
    /// If no address is registered there, or too many are waiting.
    pub async fn deliver_at(
        &self,
        slot: &str,
        event: impl Serialize,
        encoding: Encoding,
    ) -> Result<Delivery, Undelivered> {
        let url = self.engine.registered(slot);
        let url = url.ok_or(Undelivered::NoAddress)?;
        self.engine.deliver_to(&url, event, encoding).await
    }

    /// The callbacks so far, the oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.engine.deliveries()
    }

    /// What the world remembers, as JSON.
    pub fn state(&self) -> Value {
        self.engine.world.state()
    }

    /// Takes no more connections, lets what is under way end within two seconds, and stops.
    pub async fn shutdown(self) {
        const PATIENCE: Duration = Duration::from_secs(2);
        self.end();
        let idle = async {
            while self.engine.busy.load(Ordering::Relaxed) > 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        // What takes longer is cut off.
        let _ = tokio::time::timeout(PATIENCE, idle).await;
        // Answers that have been computed are on their way to the socket.
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

impl<W: World> Gateway<W> {
    /// Takes no more connections, and lets nobody wait any longer.
    fn end(&self) {
        self.accepting.iter().for_each(AbortHandle::abort);
        self.engine.clock.end();
    }
}

impl<W: World> Drop for Gateway<W> {
    fn drop(&mut self) {
        self.end();
        self.engine.stop();
        self.engine.panics.pass_on();
    }
}

impl<W: World> fmt::Debug for Gateway<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("provider", &self.engine.vendor.name())
            .field("address", &self.address())
            .finish_non_exhaustive()
    }
}
