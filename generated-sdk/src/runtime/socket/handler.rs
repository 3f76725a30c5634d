//! What the gateway pushes, kept and handled as a receiver does with callbacks.

use super::inbox::Item;
use super::line::Line;
use super::pushes::{Pushed, Pushes};
use crate::runtime::call::{BoxError, Error};
use crate::runtime::race::{First, race};
use crate::runtime::receive::delivery::{
    Counters, Deliveries, Delivery, Engine, Handler, Options, Outcome, SetAside, handled_by,
    options, said,
};
use crate::runtime::receive::event::{Inbound, Opened};
use crate::runtime::store::Counts;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// How long to leave a store alone that took no push.
const PAUSE: Duration = Duration::from_millis(250);

/// Is told what is no push.
type OnNotice<P> = Box<dyn Fn(Pushed<P>) + Send + Sync>;

/// Sets up a [`PushHandler`].
#[must_use = "nothing is handled until it is started"]
pub struct PushHandlerBuilder<P: Inbound> {
    pushes: Pushes<P>,
    options: Options<P>,
    on_notice: Option<OnNotice<P>>,
}

impl<P: Inbound> fmt::Debug for PushHandlerBuilder<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushHandlerBuilder").finish_non_exhaustive()
    }
}

impl<P: Inbound> Pushes<P> {
    /// Keeps pushes in a store, in memory unless one is given, and has them handled: in the order of their conversation,
    /// each until its outcome is named. A push that is a list of messages is handed over as one for each.
    ///
    /// ```no_run
    /// # #[cfg(feature = "padchat")]
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use generated_sdk::padchat::{Client, callback::Callback};
    /// use generated_sdk::socket::Delivery;
    ///
    /// let (wx, pushes) = Client::connect("ws://gateway.example/ws").auth_key("key").open().await?;
    /// let handler = pushes.handler().start(|delivery: Delivery<Callback>| async move {
    ///     println!("{:?}", delivery.callback.event);
    /// })?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn handler(self) -> PushHandlerBuilder<P> {
        PushHandlerBuilder {
            pushes: self,
            options: Options::default(),
            on_notice: None,
        }
    }
}

impl<P: Inbound> PushHandlerBuilder<P> {
    options!(P, options);

    /// Is told what is no push: that the line was lost or is there again, and what was missed. Without it, what was
    /// missed is an `error` event of `tracing` or, where nobody listens to those, a line on stderr.
    pub fn on_notice(mut self, told: impl Fn(Pushed<P>) + Send + Sync + 'static) -> Self {
        self.on_notice = Some(Box::new(told));
        self
    }

    /// Starts to hand pushes over to a function; what it answers is an [`Outcome`].
    ///
    /// # Errors
    ///
    /// [`Misuse`](crate::ErrorKind::Misuse) if no tokio runtime is under way.
    pub fn start<F, A>(self, handler: F) -> Result<PushHandler<P>, Error>
    where
        F: Fn(Delivery<P>) -> A + Send + Sync + 'static,
        A: Future + Send + 'static,
        A::Output: Outcome,
    {
        self.boxed(handled_by(handler))
    }

    /// Starts to hand pushes over as a stream.
    ///
    /// # Errors
    ///
    /// [`Misuse`](crate::ErrorKind::Misuse) if no tokio runtime is under way.
    pub fn stream(self) -> Result<(PushHandler<P>, Deliveries<P>), Error> {
        let (deliveries, handler) = Deliveries::new();
        Ok((self.boxed(Box::new(handler))?, deliveries))
    }

    fn boxed(self, handler: Handler<P>) -> Result<PushHandler<P>, Error> {
        let runtime = Handle::try_current()
            .map_err(|_| Error::misuse("a handler is started inside of a tokio runtime"))?;
        let engine = Arc::new(Engine::start(self.options.store(), self.options, handler));
        let (line, stopping) = (self.pushes.line(), watch::Sender::new(false));
        let pump = Pump {
            pushes: self.pushes,
            engine: Arc::clone(&engine),
            on_notice: self.on_notice,
            stopping: stopping.subscribe(),
        };
        Ok(PushHandler {
            pump: runtime.spawn(pump.run()),
            engine,
            line,
            stopping,
        })
    }
}

/// Has pushes handled, until it is dropped or shut down.
pub struct PushHandler<P: Inbound> {
    engine: Arc<Engine<P>>,
    pump: JoinHandle<()>,
    line: Line,
    stopping: watch::Sender<bool>,
}

impl<P: Inbound> Drop for PushHandler<P> {
    fn drop(&mut self) {
        self.pump.abort();
    }
}

impl<P: Inbound> fmt::Debug for PushHandler<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushHandler")
            .field("line", &self.line)
            .field("counters", &self.counters())
            .finish_non_exhaustive()
    }
}

impl<P: Inbound> PushHandler<P> {
    /// What has been pushed and handled so far.
    pub fn counters(&self) -> Counters {
        self.engine.tally().read()
    }

    /// How many pushes wait, are being handled, and were set aside.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn backlog(&self) -> Result<Counts, BoxError> {
        self.engine.backlog().await
    }

    /// What was set aside: to be listed, read, repeated, discarded.
    pub fn set_aside(&self) -> SetAside<P> {
        self.engine.set_aside()
    }

    /// The connection: its numbers, and its end.
    pub fn line(&self) -> Line {
        self.line.clone()
    }

    /// Comes to an end: takes no push any more, lets the handlers finish, closes the store, and says how many pushes are
    /// left unfinished. The connection stays. Without a store, everything that waits is handed over first, and what is
    /// left at the end of `patience` is lost.
    pub async fn shutdown(&mut self, patience: Duration) -> usize {
        let end = self
            .engine
            .shutdown_behind(&self.stopping, &mut self.pump, patience);
        end.await
    }
}

/// Brings pushes into the store, one after the other.
struct Pump<P: Inbound> {
    pushes: Pushes<P>,
    engine: Arc<Engine<P>>,
    on_notice: Option<OnNotice<P>>,
    stopping: watch::Receiver<bool>,
}

impl<P: Inbound> Pump<P> {
    async fn run(mut self) {
        let mut stopping = self.stopping.clone();
        loop {
            let stopped = stopping.wait_for(|stopping| *stopping);
            let item = match race(self.pushes.item(), stopped).await {
                First::Left(Some(item)) => item,
                First::Left(None) | First::Right(_) => return,
            };
            match item {
                Item::Push(text) => self.push(text).await,
                item => self.notice(item),
            }
        }
    }

    async fn push(&self, text: String) {
        let Ok(opened) = Opened::new(P::LAYOUT, &text) else {
            return self.notice(Item::Garbage(text.len()));
        };
        match opened.apart() {
            Some(texts) => {
                for text in texts {
                    self.keep(text).await;
                }
            }
            None => self.keep(text).await,
        }
    }

    /// Keeps a push: nobody else has it, so that a store that fails is asked again.
    async fn keep(&self, text: String) {
        self.engine.tally().received.one();
        let Ok(opened) = Opened::new(P::LAYOUT, &text) else {
            return self.notice(Item::Garbage(text.len()));
        };
        let (conversation, identity) = (opened.conversation(""), opened.identity());
        let told = self.engine.told(&P::read(opened), conversation, identity);
        let told = told.with(("", ""), text);
        while self.engine.keep(&told).await.is_err() && !*self.stopping.borrow() {
            sleep(PAUSE).await;
        }
    }

    fn notice(&self, item: Item) {
        let missed = match &item {
            Item::Missed(missed) => format!("{missed} pushes were not taken in time, and dropped"),
            Item::Garbage(bytes) => format!("a push of {bytes} bytes is no JSON object"),
            Item::HookFailed(error) => format!("a new connection was not restored: {error}"),
            _ => String::new(),
        };
        match &self.on_notice {
            Some(told) => told(Pushed::of(item)),
            None if missed.is_empty() => {}
            None => said(P::LAYOUT.name, &missed),
        }
    }
}
