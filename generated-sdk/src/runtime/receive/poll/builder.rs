//! How a poller comes to be.

use super::message::{Message, Messages};
use super::notice::Notice;
use super::place::Place;
use super::plan::Polled;
use super::poller::Poller;
use super::pump::Pump;
use crate::runtime::bot::{Rules, Talks};
use crate::runtime::call::{Error, Session};
use crate::runtime::codec::Scalar;
use crate::runtime::receive::delivery::{
    Deliveries, Delivery, Engine, Handled, Options, Outcome, handled_by, options,
};
use crate::runtime::{BoxError, BoxFuture};
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;

/// Is told about the polling itself.
pub(super) type OnNotice = Box<dyn Fn(Notice) + Send + Sync>;

/// Sets up a [`Poller`].
#[must_use = "nothing is asked for until it is started"]
pub struct PollerBuilder<H: Polled> {
    caller: H,
    account: Option<String>,
    options: Options<H::Inbound>,
    rules: Rules,
    on_notice: Option<OnNotice>,
}

impl<H: Polled> fmt::Debug for PollerBuilder<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PollerBuilder").finish_non_exhaustive()
    }
}

impl<H: Polled> PollerBuilder<H> {
    /// Events that are asked for from here.
    pub fn new(caller: H) -> Self {
        Self {
            caller,
            account: None,
            options: Options::default(),
            rules: Rules::default(),
            on_notice: None,
        }
    }

    /// Whose events they are, where the client does not know it from its login. Accounts that share a store need
    /// different names: of one name only one poller asks, and each name has a cursor and a [`queue`](Self::queue) of its
    /// own, called `events/name`.
    pub fn account(mut self, account: impl Into<String>) -> Self {
        self.account = Some(account.into());
        self
    }

    options!(<H as Polled>::Inbound, options);

    /// Is told about the polling itself. Without it, what nobody may miss is an `error` event of `tracing` or, where
    /// nobody listens to those, a line on stderr.
    pub fn on_notice(mut self, told: impl Fn(Notice) + Send + Sync + 'static) -> Self {
        self.on_notice = Some(Box::new(told));
        self
    }

    /// Starts to ask, and to hand over to a function; what it answers is an [`Outcome`].
    ///
    /// # Errors
    ///
    /// [`Misuse`](crate::ErrorKind::Misuse) if no tokio runtime is under way.
    pub fn start<F, A>(self, handler: F) -> Result<Poller<H>, Error>
    where
        F: Fn(Message<H>) -> A + Send + Sync + 'static,
        A: Future + Send + 'static,
        A::Output: Outcome,
    {
        self.boxed(move |message| {
            let answer = handler(message);
            Box::pin(async move { answer.await.into_result() }) as BoxFuture<'static, _>
        })
    }

    /// Starts to ask, and to hand over as a stream.
    ///
    /// # Errors
    ///
    /// [`Misuse`](crate::ErrorKind::Misuse) if no tokio runtime is under way.
    pub fn stream(self) -> Result<(Poller<H>, Messages<H>), Error> {
        let (messages, handler) = Deliveries::new();
        Ok((self.boxed(handler)?, messages))
    }

    fn boxed<F>(self, handler: F) -> Result<Poller<H>, Error>
    where
        F: Fn(Message<H>) -> BoxFuture<'static, Result<Handled, BoxError>> + Send + Sync + 'static,
    {
        let runtime = Handle::try_current()
            .map_err(|_| Error::misuse("a poller is started inside of a tokio runtime"))?;
        let session = self.caller.session();
        let account = self.account.unwrap_or_else(|| account(&session));
        let mut options = self.options;
        // Else an answer might never find room.
        options.capacity_bytes = options.capacity_bytes.max(session.core().answer_limit());
        options.talk = H::OPENS;
        if !account.is_empty() {
            // What one account is told is not answered from another.
            options.queue = format!("{}/{account}", options.queue);
        }
        let store = options.store();
        let (caller, kept_in) = (self.caller, Arc::clone(&store));
        let handler = handled_by(move |delivery: Delivery<H::Inbound>| {
            handler(Message::new(delivery, caller.clone(), Arc::clone(&kept_in)))
        });
        let engine = Arc::new(Engine::start(Arc::clone(&store), options, handler));
        let api = H::POLL.operation.api.name;
        let stopping = watch::Sender::new(false);
        let pump = Pump::<H> {
            place: Place::new(&store, engine.server(), (api, &account)),
            session,
            account,
            rules: self.rules,
            engine: Arc::clone(&engine),
            on_notice: self.on_notice,
            stopping: stopping.subscribe(),
        };
        let pump = runtime.spawn(pump.run());
        Ok(Poller {
            engine,
            pump,
            stopping,
        })
    }
}

impl<H: Polled + Talks> PollerBuilder<H> {
    /// How many sends a message gives, a piece of a text each, instead of what is declared.
    pub fn answers(mut self, sends: usize) -> Self {
        self.rules.answers = Some(sends);
        self
    }

    /// How long a message may be answered, instead of what is declared.
    pub fn answer_within(mut self, time: Duration) -> Self {
        self.rules.within = Some(time);
        self
    }
}

/// Whose events they are, as far as the client or its session knows.
fn account(session: &Session) -> String {
    if let Some(account) = session.core().account() {
        return account;
    }
    let bound = session.values().into_iter().next();
    bound.map(Scalar::into_text).unwrap_or_default()
}
