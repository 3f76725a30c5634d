//! A server that a vendor's programs come to: events in, commands out.

use super::address::Address;
use super::answer::{EventObserver, commands};
use super::bots::{Bots, Program};
use super::dispatcher::{self, Dispatcher, Settings};
use crate::runtime::call::{
    BoxError, BoxFuture, Handle, HttpRequest, HttpResponse, Transport, TransportError, random,
};
use crate::runtime::codec::Secret;
use crate::runtime::count::count;
use crate::runtime::receive::event::Inbound;
use crate::runtime::server::{
    Counters, Counts, Deliveries, Delivery, Misuse, Outcome, Receiver, ReceiverBuilder, SetAside,
    check_path,
};
use crate::runtime::store::{MemoryStore, Store};
use crate::runtime::{Builder, Error, Request};
use axum::Router;
use axum::body::Body;
use axum::http::{self, Response};
use axum::routing::get;
use std::collections::HashMap;
use std::fmt;
use std::future::Future;
use std::io;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, ToSocketAddrs};

/// The largest event: lists of everybody an account knows come in one piece.
const LARGEST: usize = 32 * 1024 * 1024;

/// Takes events from any number of programs and hands them their commands. Clones are the same hub.
///
/// Made by [`Hub::builder`].
pub struct Hub<B: Program> {
    receiver: Receiver<B::Inbound>,
    bots: Bots<B>,
    commands: Option<Arc<str>>,
    /// The store is this hub's alone: it is closed at the end.
    owned: bool,
}

impl<B: Program> Clone for Hub<B> {
    fn clone(&self) -> Self {
        Self {
            receiver: self.receiver.clone(),
            bots: self.bots.clone(),
            commands: self.commands.clone(),
            owned: self.owned,
        }
    }
}

impl<B: Program> fmt::Debug for Hub<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hub")
            .field("receiver", &self.receiver)
            .finish_non_exhaustive()
    }
}

impl<B: Program> Hub<B> {
    /// Sets a hub up.
    pub fn builder() -> HubBuilder<B> {
        HubBuilder {
            receiver: Receiver::builder()
                .path(B::ADDRESSES.events)
                .body_limit(LARGEST)
                .capacity(16 * 1024)
                .capacity_bytes(8 * LARGEST)
                // Programs of many accounts run on one machine, each with a few connections.
                .connections(1024, 1024)
                .concurrency(4096),
            commands: B::ADDRESSES.commands.map(str::to_owned),
            store: None,
            owned: true,
            lease: Duration::from_secs(30),
            expiry: Duration::from_secs(600),
            bound: 1000,
            batch: 16,
            calls: Box::new(|calls| calls),
        }
    }

    /// The commands for whichever process has this account.
    pub fn bot(&self, account: impl AsRef<str>) -> B {
        self.bots.bot(account)
    }

    /// The commands for one process as long as it has this account; with an empty account, whichever it has: that is
    /// how to reach one on which nobody is logged in.
    pub fn bot_at(&self, account: impl AsRef<str>, process: impl AsRef<str>) -> B {
        self.bots.bot_at(account, process)
    }

    /// What gives bots, for wherever they are needed.
    pub fn bots(&self) -> &Bots<B> {
        &self.bots
    }

    /// Leaves a command and waits for nothing: see [`Bots::enqueue`].
    ///
    /// # Errors
    ///
    /// If the account is empty, the request breaks a documented limit, too many commands wait, or the store fails.
    pub async fn enqueue<R: Request>(
        &self,
        account: impl AsRef<str>,
        request: &R,
    ) -> Result<String, Error> {
        self.bots.enqueue(account, request).await
    }

    /// Both routes, to be merged into a server of yours.
    pub fn router(&self) -> Router {
        let hub = self.clone();
        let answer = move |request: http::Request<Body>| {
            let hub = hub.clone();
            async move { hub.poll(request).await }
        };
        let router = self.receiver.router();
        match &self.commands {
            Some(commands) => router.route(&self.receiver.route(commands), get(answer)),
            None => router,
        }
    }

    /// Where programs post events, the secret included.
    pub fn events_path(&self) -> String {
        self.receiver.path()
    }

    /// Where programs ask for commands, the secret included; none: they have them in the answers to their events alone.
    pub fn commands_path(&self) -> Option<String> {
        let commands = self.commands.as_deref()?;
        Some(self.receiver.secret(commands))
    }

    async fn poll(&self, request: http::Request<Body>) -> Response<Body> {
        let (uri, headers) = (request.uri(), request.headers());
        if let Some(status) = self.receiver.refused(uri.path(), headers) {
            let mut refusal = Response::new(Body::empty());
            *refusal.status_mut() = status;
            return refusal;
        }
        let query = uri.query().unwrap_or_default();
        commands(
            &self.bots.dispatcher,
            Address::of_query(query, B::ADDRESSES),
        )
        .await
    }

    /// Serves both routes at an address until [`Self::shutdown`].
    ///
    /// # Errors
    ///
    /// If the address cannot be listened on.
    pub async fn serve(&self, address: impl ToSocketAddrs) -> io::Result<()> {
        self.serve_on(TcpListener::bind(address).await?).await
    }

    /// Serves both routes on a listener until [`Self::shutdown`].
    ///
    /// # Errors
    ///
    /// If the listener fails.
    pub async fn serve_on(&self, listener: TcpListener) -> io::Result<()> {
        self.receiver.serve_routes(listener, self.router()).await
    }

    /// What has been received so far.
    pub fn counters(&self) -> Counters {
        self.receiver.counters()
    }

    /// How many events wait, are being handled, and were set aside.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn backlog(&self) -> Result<Counts, BoxError> {
        self.receiver.backlog().await
    }

    /// What was set aside: to be listed, read, repeated, discarded.
    pub fn set_aside(&self) -> SetAside<B::Inbound> {
        self.receiver.set_aside()
    }

    /// How many commands have reached a program, and how many of them a second time: under the same id, and with a header
    /// of the answer that says so.
    pub fn handed_out(&self) -> HandedOut {
        let (commands, again) = &self.bots.dispatcher.out;
        HandedOut {
            commands: commands.read(),
            again: again.read(),
        }
    }

    /// How many commands wait for a program, and how many a program has.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn commands(&self) -> Result<Counts, BoxError> {
        let dispatcher = &self.bots.dispatcher;
        let counts = dispatcher.settings.store.counts(dispatcher.commands());
        counts.await
    }

    /// Comes to an end as [`Receiver::shutdown`] does; commands stay in the store. When it returns, the store's file can
    /// be opened again, unless it was [lent](HubBuilder::shared_store).
    pub async fn shutdown(&self, patience: Duration) -> usize {
        let left = self.receiver.shutdown(patience).await;
        if self.owned {
            self.bots.dispatcher.settings.store.close().await;
        }
        left
    }
}

/// How many commands a server has handed to programs.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct HandedOut {
    /// All of them.
    pub commands: u64,
    /// Those among them that had been handed out before: the program was silent, an answer was cut off, or a server
    /// died.
    pub again: u64,
}

type Calls<B> = Box<dyn FnOnce(Builder<B>) -> Builder<B>>;

/// The receiver to be, what gives bots, and where commands are asked for.
type Parts<B> = (
    ReceiverBuilder<<B as Handle>::Inbound>,
    Bots<B>,
    Option<Arc<str>>,
    bool,
);

/// Sets up a [`Hub`].
#[must_use]
pub struct HubBuilder<B: Program> {
    receiver: ReceiverBuilder<B::Inbound>,
    commands: Option<String>,
    store: Option<Arc<dyn Store>>,
    owned: bool,
    lease: Duration,
    expiry: Duration,
    bound: usize,
    batch: usize,
    calls: Calls<B>,
}

/// Shows no secret.
impl<B: Program> fmt::Debug for HubBuilder<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HubBuilder")
            .field("receiver", &self.receiver)
            .field("commands", &self.commands)
            .finish_non_exhaustive()
    }
}

impl<B: Program> HubBuilder<B> {
    /// Where events are posted to, instead of where the vendor's own demo takes them.
    pub fn events_path(self, path: impl Into<String>) -> Self {
        let path = path.into();
        self.receiver(|receiver| receiver.path(path))
    }

    /// Where commands are asked for, instead of where the vendor's own demo gives them.
    pub fn commands_path(mut self, path: impl Into<String>) -> Self {
        self.commands = Some(path.into());
        self
    }

    /// A last path segment of both addresses that only the programs are told. Everything else is 404.
    pub fn secret_path(self, secret: impl Into<Secret>) -> Self {
        self.receiver(|receiver| receiver.secret_path(secret))
    }

    /// Takes events from whoever can reach the port, and gives them commands.
    pub fn unprotected(self) -> Self {
        self.receiver(ReceiverBuilder::unprotected)
    }

    /// How events are received: stored, handled at once, bounded. See [`ReceiverBuilder`].
    ///
    /// An event may have 32 MiB, and 16,384 events or 256 MiB may be unfinished in memory. The handler has one event of
    /// a conversation at a time, in their order, and those of up to 4,096 conversations at once: one whose handler waits
    /// for its program holds up nobody else.
    pub fn receiver(
        mut self,
        options: impl FnOnce(ReceiverBuilder<B::Inbound>) -> ReceiverBuilder<B::Inbound>,
    ) -> Self {
        self.receiver = options(self.receiver);
        self
    }

    /// How calls are made: time-outs, hooks, limits. See [`Builder`]; nothing is repeated unless it is said here.
    pub fn calls(mut self, options: impl FnOnce(Builder<B>) -> Builder<B> + 'static) -> Self {
        self.calls = Box::new(options);
        self
    }

    /// Keeps events and commands elsewhere than in memory: `RedbStore` in a file, `RedisStore` for several servers.
    pub fn store(self, store: impl Store) -> Self {
        let builder = self.shared_store(Arc::new(store));
        Self {
            owned: true,
            ..builder
        }
    }

    /// The same, for a store that others use as well: [`Hub::shutdown`] leaves it open.
    pub fn shared_store(mut self, store: Arc<dyn Store>) -> Self {
        self.store = Some(Arc::clone(&store));
        self.owned = false;
        self.receiver(|receiver| receiver.shared_store(store))
    }

    /// How long a program or a server may be silent before what it has is handed out again; 30 s unless said
    /// otherwise. Keep it well above the time between two visits of a program.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// When a command is too old to be handed out; 10 minutes unless said otherwise, and never before its call's
    /// time-out.
    pub fn expiry(mut self, expiry: Duration) -> Self {
        self.expiry = expiry;
        self
    }

    /// How many commands of one bot may be unsettled; 1,000 unless said otherwise.
    pub fn bound(mut self, commands: usize) -> Self {
        self.bound = commands;
        self
    }

    /// How many commands an answer holds at most; 16 unless said otherwise.
    pub fn batch(mut self, commands: usize) -> Self {
        self.batch = commands;
        self
    }

    /// Starts to hand events over to a function, together with what gives bots.
    ///
    /// # Errors
    ///
    /// If a setting cannot be.
    pub fn start<F, A>(self, handler: F) -> Result<Hub<B>, Misuse>
    where
        F: Fn(Delivery<B::Inbound>, Bots<B>) -> A + Send + Sync + 'static,
        A: Future + Send + 'static,
        A::Output: Outcome,
    {
        let (receiver, bots, commands, owned) = self.parts()?;
        let given = bots.clone();
        let receiver = receiver.start(move |delivery| handler(delivery, given.clone()))?;
        Ok(hub(receiver, bots, commands, owned))
    }

    /// Starts to hand events over as a stream.
    ///
    /// # Errors
    ///
    /// If a setting cannot be.
    pub fn stream(self) -> Result<(Hub<B>, Deliveries<B::Inbound>), Misuse> {
        let (receiver, bots, commands, owned) = self.parts()?;
        let (receiver, deliveries) = receiver.stream()?;
        Ok((hub(receiver, bots, commands, owned), deliveries))
    }

    fn parts(self) -> Result<Parts<B>, Misuse> {
        self.commands.as_deref().map_or(Ok(()), check_path)?;
        let calls = (self.calls)(Builder::new("http://program").transport(Nowhere).no_retry());
        let core = calls.build_core();
        let core = core.map_err(|_| Misuse("a header of the calls is none that HTTP allows"))?;
        let dispatcher = Arc::new(Dispatcher {
            messages: B::MESSAGES,
            addresses: B::ADDRESSES,
            deeper: <B::Inbound as Inbound>::LAYOUT.deeper,
            settings: Settings {
                store: match self.store {
                    Some(store) => store,
                    None => Arc::new(MemoryStore::new()),
                },
                lease: self.lease.max(Duration::from_millis(10)),
                expiry: self.expiry,
                bound: self.bound.max(1),
                batch: self.batch.max(1),
            },
            server: format!("{}{}", Dispatcher::servers_of(B::MESSAGES), random::id()),
            servers: Mutex::default(),
            out: (
                count!(COMMANDS, B::MESSAGES.name, "out"),
                count!(COMMANDS, B::MESSAGES.name, "again"),
            ),
            waiters: Default::default(),
            processes: Mutex::new(HashMap::new()),
        });
        let receiver = self
            .receiver
            .observer(Arc::new(EventObserver(Arc::clone(&dispatcher))));
        let bots = Bots {
            dispatcher,
            core,
            of: PhantomData,
        };
        Ok((receiver, bots, self.commands.map(Arc::from), self.owned))
    }
}

/// A hub whose receiver runs, so that there is a runtime.
fn hub<B: Program>(
    receiver: Receiver<B::Inbound>,
    bots: Bots<B>,
    commands: Option<Arc<str>>,
    owned: bool,
) -> Hub<B> {
    tokio::spawn(dispatcher::renew(Arc::downgrade(&bots.dispatcher)));
    if bots.dispatcher.settings.store.is_shared() {
        tokio::spawn(dispatcher::listen(Arc::downgrade(&bots.dispatcher)));
    }
    Hub {
        receiver,
        bots,
        commands,
        owned,
    }
}

/// The way of calls that are not a bot's: there are none.
struct Nowhere;

impl Transport for Nowhere {
    fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async { Err(TransportError::not_sent("a command needs a bot")) })
    }
}
