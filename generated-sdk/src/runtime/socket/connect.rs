//! How a connection is set up.

use super::carrier::Carrier;
use super::counters::Tally;
use super::dial::Target;
use super::driver::Ping;
use super::inbox::Inbox;
use super::line::{Keep, Shared};
use super::pending::{PendingCalls, Priority};
use super::pushes::Pushes;
use super::supervisor::{Greeting, Hook, Supervisor};
use super::{OnSocket, SocketApi};
use crate::runtime::call::{server, wire};
use crate::runtime::codec::Secret;
use crate::runtime::{
    BoxError, Builder, Core, Entry, Error, ErrorKind, Operation, Request, Retry, Timer,
};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::{oneshot, watch};

/// Collects what a connection needs; `C` is the provider's client.
#[must_use = "nothing is connected until it is opened"]
pub struct Connect<C> {
    url: String,
    base: Builder<C>,
    greeting: Option<Greeting>,
    hook: Option<Hook>,
    reconnect: Retry,
    connect_timeout: Duration,
    ping: Option<Ping>,
    capacity: usize,
    capacity_bytes: usize,
    headers: Vec<(String, String)>,
    #[cfg(feature = "rustls-tls")]
    roots: Vec<Vec<u8>>,
}

impl<C: OnSocket> Connect<C> {
    /// Starts with the gateway's address, `ws://` or `wss://`.
    pub fn new(url: impl Into<String>) -> Self {
        let url: String = url.into();
        Self {
            base: Builder::new(url.as_str()).request_id_header(C::MESSAGES.id),
            url,
            greeting: None,
            hook: None,
            reconnect: Retry::default()
                .attempts(u32::MAX)
                .within(Duration::MAX)
                .first_wait(Duration::from_millis(500))
                .longest_wait(Duration::from_secs(30)),
            connect_timeout: Duration::from_secs(10),
            ping: Some(Ping {
                every: Duration::from_secs(30),
                patience: Duration::from_secs(10),
            }),
            capacity: 1024,
            capacity_bytes: 64 << 20,
            headers: Vec::new(),
            #[cfg(feature = "rustls-tls")]
            roots: Vec::new(),
        }
    }

    /// The call that comes first on every connection; the secret in it is taken out of what the gateway says of it.
    pub fn first<R: Request>(mut self, request: &R, secret: impl Into<Secret>) -> Self {
        let secret: Secret = secret.into();
        self.base = self.base.authorization(secret.clone());
        self.greeting = Some(Greeting {
            operation: R::OPERATION,
            body: wire::request_body(request, &[]),
            secret,
        });
        self
    }

    /// A header of the handshake, which begins every connection: for a proxy that asks who comes, for instance.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// How long a call may take, 60 s unless told: waiting for a connection, sending and the answer together.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.base = self.base.timeout(timeout);
        self
    }

    /// How long a message of the gateway may be, 64 MiB unless told. A longer one ends the connection, and a new one is
    /// made.
    pub fn message_limit(mut self, bytes: usize) -> Self {
        self.base = self.base.answer_limit(bytes);
        self
    }

    /// How calls that failed are repeated, where that can do no harm: see [`Retry`].
    pub fn retry(mut self, retry: Retry) -> Self {
        self.base = self.base.retry(retry);
        self
    }

    /// Repeats no call.
    pub fn no_retry(self) -> Self {
        self.retry(Retry::never())
    }

    /// Does not keep the distance between calls that the documents want.
    pub fn no_pace(mut self) -> Self {
        self.base = self.base.no_pace();
        self
    }

    /// Sends requests that break a documented limit; the vendor will say what it thinks of them.
    pub fn no_limits(mut self) -> Self {
        self.base = self.base.no_limits();
        self
    }

    /// Lets something look on while calls are made; headers that it adds go nowhere.
    pub fn hook(mut self, hook: impl crate::runtime::Hook + 'static) -> Self {
        self.base = self.base.hook(hook);
        self
    }

    /// Another clock than the default.
    pub fn timer(mut self, timer: impl Timer + 'static) -> Self {
        self.base = self.base.timer(timer);
        self
    }

    /// How long it may take to connect, 10 s unless told; the first call has the time that the documents give it.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Trusts this root certificate too, in DER: for a gateway of one's own.
    #[cfg(feature = "rustls-tls")]
    pub fn root_certificate(mut self, der: impl Into<Vec<u8>>) -> Self {
        self.roots.push(der.into());
        self
    }

    /// Pings a line on which nothing has come for so long, 30 s unless told, and gives it up if nothing comes so much
    /// later, 10 s unless told.
    pub fn ping(mut self, every: Duration, patience: Duration) -> Self {
        self.ping = Some(Ping { every, patience });
        self
    }

    /// Never pings: a line that is dead without a word is then found out only by calls whose time runs out.
    pub fn no_ping(mut self) -> Self {
        self.ping = None;
        self
    }

    /// How a lost connection is made again: without end unless told, after 0.5 s first and 30 s at the longest.
    pub fn reconnect(mut self, reconnect: Retry) -> Self {
        self.reconnect = reconnect;
        self
    }

    /// Makes a lost connection not again: the pushes end, and calls fail.
    pub fn no_reconnect(self) -> Self {
        self.reconnect(Retry::never())
    }

    /// Does this on every new connection after the first, once it is authorised and before other calls go; a login with
    /// a saved token, for instance. The client that it gets is for this alone.
    pub fn on_reconnect<F, R, E>(mut self, hook: F) -> Self
    where
        F: Fn(C) -> R + Send + Sync + 'static,
        R: Future<Output = Result<(), E>> + Send + 'static,
        E: Into<BoxError>,
    {
        self.hook = Some(Box::new(move |core| {
            let done = hook(C::from(core));
            Box::pin(async move { done.await.map_err(Into::into) })
        }));
        self
    }

    /// Logs in on every new connection after the first, before other calls go, with what `saved` says then; with `None`
    /// nothing is done. What comes `before` the login has no parameters, and that the vendor refuses it does not matter.
    pub fn repeat_login<R: Request>(
        mut self,
        before: &'static [&'static Operation],
        saved: impl Fn() -> Option<R> + Send + Sync + 'static,
    ) -> Self {
        self.hook = Some(Box::new(move |core| {
            let login = saved().map(|login| core.prepare(R::OPERATION, &[], &login));
            Box::pin(async move {
                let Some(login) = login else { return Ok(()) };
                for operation in before {
                    let call = {
                        let nothing: &[Entry<'_>] = &[];
                        core.prepare(operation, &[], &nothing)
                    };
                    match call.send().await {
                        Err(error) if error.kind() != ErrorKind::Vendor => return Err(error.into()),
                        _ => {}
                    }
                }
                login.send().await?;
                Ok(())
            })
        }));
        self
    }

    /// How many pushes, and how many bytes of them, wait to be taken: 1024 and 64 MiB unless told. What comes beyond
    /// that is dropped, and counted.
    pub fn buffer(mut self, pushes: usize, bytes: usize) -> Self {
        self.capacity = pushes;
        self.capacity_bytes = bytes;
        self
    }

    /// Connects, makes the first call, and hands out the client and what the gateway pushes.
    ///
    /// # Errors
    ///
    /// [`Misuse`](crate::ErrorKind::Misuse) if the address or a header is none, the call that must come first is missing, or no
    /// tokio runtime is under way; [`NotSent`](crate::ErrorKind::NotSent) or [`Status`](crate::ErrorKind::Status) if
    /// there is no connection; and those of the first call.
    pub async fn open(self) -> Result<(C, Pushes<C::Inbound>), Error> {
        let (core, keep, supervisor) = self.build(C::SOCKET)?;
        let runtime = Handle::try_current().map_err(|_| {
            Error::misuse("a connection needs a tokio runtime that is under way, with time and I/O")
        })?;
        let (opened, is_open) = oneshot::channel();
        runtime.spawn(supervisor.run(opened));
        match is_open.await {
            Ok(Ok(())) => Ok((C::from(core), Pushes::new(keep))),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(Error::misuse("the tokio runtime has ended")),
        }
    }

    fn build(self, api: &'static SocketApi) -> Result<(Core, Arc<Keep>, Supervisor), Error> {
        let first = self.greeting.as_ref().map(|first| first.operation.id);
        if first != api.first.map(|first| first.id) {
            let missing = api.first.map_or("", |first| first.path);
            return Err(Error::misuse(format!(
                "`{missing}` must come first on a connection: give it to the builder"
            )));
        }
        let (timer, limit) = self.base.clock_and_limit();
        let target = Target::new(&self.url, limit)?.saying(&self.headers)?;
        #[cfg(feature = "rustls-tls")]
        let target = target.trusting(self.roots)?;
        let shared = Arc::new(Shared {
            id: C::MESSAGES.id,
            within: api.within,
            server: server(self.url.trim()),
            timer,
            pending: PendingCalls::new(),
            inbox: Inbox::new(self.capacity, self.capacity_bytes),
            tally: Tally::of(C::API.name),
            up: watch::Sender::new(false),
            stop: watch::Sender::new(false),
            ended: watch::Sender::new(None),
        });
        let keep = Arc::new(Keep(shared.clone()));
        let core = self.base.build_over(Arc::new(Carrier {
            shared: shared.clone(),
            priority: Priority::Normal,
            _keep: Some(keep.clone()),
        }));
        let urgent = Arc::new(Carrier {
            shared: shared.clone(),
            priority: Priority::Urgent,
            _keep: None,
        });
        let urgent = core.over(urgent, None);
        let supervisor = Supervisor {
            shared,
            target,
            greeting: self.greeting,
            hook: self.hook,
            urgent,
            reconnect: self.reconnect,
            connect_timeout: self.connect_timeout,
            ping: self.ping,
        };
        Ok((core, keep, supervisor))
    }
}

/// Shows no more of the address than the server.
impl<C> fmt::Debug for Connect<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect")
            .field("server", &server(self.url.trim()))
            .finish_non_exhaustive()
    }
}
