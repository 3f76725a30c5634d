//! A gateway as a test holds it.

use super::answer::Answer;
use super::callback::{self, Delivery, Undelivered};
use super::encoding::Encoding;
use super::engine::{Engine, Observer, Served, Settings};
use super::fault::Fault;
use super::received::Received;
use super::script::Script;
use super::server;
use super::table::{Entry, Table};
use crate::runtime::{Json, Request};
use std::fmt;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

/// A provider for which there is a gateway.
pub trait Vendor: Send + Sync + 'static {
    /// What the catalog says of it.
    const TABLE: &'static Table;

    /// Every operation, in the order of the documents.
    fn operations() -> impl Iterator<Item = &'static Entry>
    where
        Self: Sized,
    {
        Self::TABLE.operations.iter()
    }
}

/// What a provider's gateway remembers.
pub trait Scripted: Vendor {
    /// The behaviour behind its operations.
    type Script: Script + Default;
}

/// A running gateway; it stops when this is dropped.
pub struct Gateway<V: Scripted> {
    engine: Arc<Engine>,
    script: Arc<V::Script>,
    address: SocketAddr,
    accepting: AbortHandle,
}

/// Collects what a gateway needs before it starts.
#[must_use = "a builder does nothing until it starts"]
pub struct Builder<V: Scripted> {
    script: V::Script,
    address: SocketAddr,
    observer: Option<Observer>,
    faults: Vec<(String, Fault)>,
    body_limit: usize,
    #[cfg(feature = "websocket")]
    greeting_within: Option<Duration>,
}

impl<V: Scripted> Builder<V> {
    fn new() -> Self {
        Self {
            script: V::Script::default(),
            address: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            observer: None,
            faults: Vec::new(),
            body_limit: 16 << 20,
            #[cfg(feature = "websocket")]
            greeting_within: None,
        }
    }

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
    #[cfg(feature = "websocket")]
    pub fn greeting_within(mut self, time: Duration) -> Self {
        self.greeting_within = Some(time);
        self
    }

    /// The vendor's script, for settings of its own.
    pub fn script_mut(&mut self) -> &mut V::Script {
        &mut self.script
    }

    /// Starts to listen.
    ///
    /// # Errors
    ///
    /// If the address is not on loopback, or cannot be listened on.
    pub async fn start(self) -> io::Result<Gateway<V>> {
        if !self.address.ip().is_loopback() {
            return Err(io::Error::new(
                io::ErrorKind::InvalidInput,
                "the mock gateway listens on loopback addresses only: it trusts everybody who can reach it",
            ));
        }
        let listener = TcpListener::bind(self.address).await?;
        let address = listener.local_addr()?;
        let script = Arc::new(self.script);
        let settings = Settings {
            observer: self.observer,
            body_limit: self.body_limit,
            #[cfg(feature = "websocket")]
            greeting_within: self.greeting_within,
        };
        let (engine, waiting) = Engine::new(V::TABLE, script.clone(), settings);
        for (operation, fault) in self.faults {
            engine.plan_fault(&operation, fault, None);
        }
        engine.spawn(callback::work(engine.clone(), waiting));
        script.clone().started(&engine);
        let accepting = tokio::spawn(server::accept(listener, engine.clone())).abort_handle();
        Ok(Gateway {
            engine,
            script,
            address,
            accepting,
        })
    }
}

impl<V: Scripted> fmt::Debug for Builder<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}

impl<V: Scripted> Gateway<V> {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    ///
    /// If the system has no port to give.
    pub async fn start() -> io::Result<Self> {
        Self::builder().start().await
    }

    /// A gateway that is told more before it starts.
    pub fn builder() -> Builder<V> {
        Builder::new()
    }

    /// Its base URL, `http://127.0.0.1:…`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address of its socket, `ws://127.0.0.1:…`; empty if it has none.
    #[cfg(feature = "websocket")]
    pub fn socket_url(&self) -> String {
        let socket = self.engine.table.socket.as_ref();
        socket.map_or_else(String::new, |socket| {
            format!("ws://{}{}", self.address, socket.path)
        })
    }

    /// Pushes an event on every connection that has made its first call; says how many these are.
    #[cfg(feature = "websocket")]
    pub fn push(&self, event: impl Into<Json>) -> usize {
        self.engine.push(event)
    }

    /// Closes every connection, with a goodbye or without one; says how many these were.
    #[cfg(feature = "websocket")]
    pub fn disconnect(&self, goodbye: bool) -> usize {
        self.engine.disconnect(goodbye)
    }

    /// How many connections there have been on the socket.
    #[cfg(feature = "websocket")]
    pub fn connections(&self) -> usize {
        self.engine.connections()
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The engine, which tells and does what is common to all vendors.
    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    /// The vendor's script.
    pub fn script(&self) -> &V::Script {
        &self.script
    }

    /// From now on answers an operation so, once its parameters and its authorization have been checked. The newest
    /// such reply wins.
    pub fn reply<R: Request>(&self, reply: impl Fn(&Received) -> Answer + Send + Sync + 'static) {
        self.engine
            .plan_reply(R::OPERATION.id, Arc::new(reply), None);
    }

    /// Answers the next call of an operation so.
    pub fn reply_once<R: Request>(
        &self,
        reply: impl Fn(&Received) -> Answer + Send + Sync + 'static,
    ) {
        self.engine
            .plan_reply(R::OPERATION.id, Arc::new(reply), Some(1));
    }

    /// From now on answers an operation with this data, typed as the SDK types it.
    pub fn reply_data<R: Request>(&self, data: &R::Reply)
    where
        R::Reply: serde::Serialize,
    {
        let answer = Answer::typed(data);
        self.reply::<R>(move |_| answer.clone());
    }

    /// From now on goes wrong so whenever this operation is called.
    pub fn fault<R: Request>(&self, fault: Fault) {
        self.engine.plan_fault(R::OPERATION.id, fault, None);
    }

    /// Goes wrong so at the next call of this operation.
    pub fn fault_once<R: Request>(&self, fault: Fault) {
        self.engine.plan_fault(R::OPERATION.id, fault, Some(1));
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

    /// The calls of an operation so far, refused ones among them, the oldest first.
    pub fn calls<R: Request>(&self) -> Vec<Arc<Received>> {
        let id = R::OPERATION.id;
        self.engine.calls(|entry| entry.id == id)
    }

    /// All calls so far, the oldest first.
    pub fn all_calls(&self) -> Vec<Arc<Received>> {
        self.engine.calls(|_| true)
    }

    /// Delivers a callback and waits for what becomes of it.
    ///
    /// # Errors
    ///
    /// If no address is registered, or too many are waiting. A receiver that refuses or does not answer is no error:
    /// the [`Delivery`] says so.
    pub async fn deliver(&self, event: impl Into<Json>) -> Result<Delivery, Undelivered> {
        self.engine.deliver(event).await
    }

    /// Delivers a callback to the address that is registered for a setting, and waits for what becomes of it.
    ///
    /// # Errors
    ///
    /// If no address is registered there, or too many are waiting.
    pub async fn deliver_at(
        &self,
        slot: &str,
        event: impl Into<Json>,
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

    /// What the script remembers, as JSON.
    pub fn state(&self) -> Json {
        self.engine.state()
    }

    /// Takes no more connections, lets what is under way end within two seconds, and stops.
    pub async fn shutdown(self) {
        const PATIENCE: Duration = Duration::from_secs(2);
        self.accepting.abort();
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

impl<V: Scripted> Drop for Gateway<V> {
    fn drop(&mut self) {
        self.accepting.abort();
        self.engine.stop();
    }
}

impl<V: Scripted> fmt::Debug for Gateway<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gateway")
            .field("provider", &V::TABLE.api.name)
            .field("address", &self.address)
            .finish_non_exhaustive()
    }
}
