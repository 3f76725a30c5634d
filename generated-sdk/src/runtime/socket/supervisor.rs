//! The task behind a connection: makes it, greets the gateway, and makes it again when it is lost.

use super::dial::{Activity, Socket, Target};
use super::driver::{Driver, Ping};
use super::inbox::Item;
use super::line::Shared;
use super::lost::Lost;
use super::pending::{Open, Priority};
use crate::runtime::call::{
    BoxError, BoxFuture, Core, Error, ErrorKind, Named, Operation, random, wire, with_id,
};
use crate::runtime::codec::Secret;
use crate::runtime::race::{First, race};
use crate::runtime::{HttpResponse, Retry};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// What is done on a new connection before all calls may use it.
pub(super) type Hook = Box<dyn Fn(Core) -> BoxFuture<'static, Result<(), BoxError>> + Send + Sync>;

/// The call that comes first on every connection.
pub(super) struct Greeting {
    pub(super) operation: &'static Operation,
    pub(super) body: String,
    /// What its refusal must not show.
    pub(super) secret: Secret,
}

/// Who keeps a connection.
pub(super) struct Supervisor {
    pub(super) shared: Arc<Shared>,
    pub(super) target: Target,
    pub(super) greeting: Option<Greeting>,
    pub(super) hook: Option<Hook>,
    /// A client whose calls go before all others.
    pub(super) urgent: Core,
    pub(super) reconnect: Retry,
    pub(super) connect_timeout: Duration,
    pub(super) ping: Option<Ping>,
}

/// Leaves nobody waiting, even if the runtime ends before the task does.
struct End(Arc<Shared>, Lost);

impl Drop for End {
    fn drop(&mut self) {
        self.0.finish(self.1.clone());
    }
}

impl Supervisor {
    /// Works until the connection is given up; says first how its opening went.
    pub(super) async fn run(self, opened: oneshot::Sender<Result<(), Error>>) {
        let shared = self.shared.clone();
        let mut end = End(shared.clone(), Lost::ShutDown);
        end.1 = match race(self.open(), shared.stopped()).await {
            First::Right(()) => Lost::ShutDown,
            First::Left(Err(error)) => {
                // Whoever asked may have gone.
                let _ = opened.send(Err(error));
                Lost::ShutDown
            }
            First::Left(Ok(driver)) => {
                let begun = shared.timer.now();
                self.came_up();
                let _ = opened.send(Ok(()));
                self.keep(driver, begun).await
            }
        };
    }

    /// The first connection: what is wrong with it is an error.
    async fn open(&self) -> Result<Driver<'_>, Error> {
        let connection = self.dial().await.map_err(|lost| self.unopened(lost))?;
        let mut driver = Driver::new(connection, &self.shared, self.ping);
        match race(self.greet(), driver.run()).await {
            First::Left(Ok(())) => Ok(driver),
            First::Left(Err(error)) => {
                let lost = Lost::Refused(error.to_string());
                self.lose(&lost);
                driver.end(&lost).await;
                Err(error)
            }
            First::Right(lost) => {
                self.lose(&lost);
                Err(self.unopened(lost))
            }
        }
    }

    /// Drives the connection and its renewals.
    async fn keep<'a>(&'a self, mut driver: Driver<'a>, mut begun: Instant) -> Lost {
        let timer = &*self.shared.timer;
        let mut attempt = 0;
        loop {
            let lost = match race(driver.run(), self.shared.stopped()).await {
                First::Left(lost) => lost,
                First::Right(()) => Lost::ShutDown,
            };
            self.lose(&lost);
            self.shared.tally.lost.one();
            driver.end(&lost).await;
            if lost == Lost::ShutDown {
                return lost;
            }
            self.shared.tell(Item::Disconnected(lost.clone()));
            // A connection that is lost as soon as it is made is no reason to hurry.
            if timer.now().saturating_duration_since(begun) >= self.reconnect.longest() {
                attempt = 0;
            }
            let again = self.again(&mut attempt, lost);
            (driver, begun) = match race(again, self.shared.stopped()).await {
                First::Left(Ok(renewed)) => renewed,
                First::Left(Err(last)) => return last,
                First::Right(()) => return Lost::ShutDown,
            };
        }
    }

    /// Makes a new connection, however often it takes; an error is the last reason why not.
    async fn again<'a>(
        &'a self,
        attempt: &mut u32,
        mut lost: Lost,
    ) -> Result<(Driver<'a>, Instant), Lost> {
        let timer = &*self.shared.timer;
        let since = timer.now();
        loop {
            *attempt = attempt.saturating_add(1);
            let spent = timer.now().saturating_duration_since(since);
            let wait = self.reconnect.again(*attempt, spent);
            #[cfg(feature = "tracing")]
            crate::runtime::call::trace::disconnected(&self.shared.server, lost.name(), wait);
            let Some(wait) = wait else {
                return Err(lost);
            };
            timer.sleep(wait).await;
            match self.renew().await {
                Ok(driver) => return Ok((driver, timer.now())),
                Err(why) => {
                    self.shared.tally.failed.one();
                    self.shared.pending.note(&why);
                    lost = why;
                }
            }
        }
    }

    /// One attempt at a new connection, up to where all calls may use it.
    async fn renew(&self) -> Result<Driver<'_>, Lost> {
        let connection = self.dial().await?;
        let mut driver = Driver::new(connection, &self.shared, self.ping);
        let ready = async {
            self.greet().await?;
            Ok::<_, Error>(self.restore().await)
        };
        let lost = match race(ready, driver.run()).await {
            First::Left(Ok(restored)) => {
                self.came_up();
                self.shared.tell(Item::Reconnected);
                if let Err(error) = restored {
                    self.shared.tell(Item::HookFailed(error));
                }
                return Ok(driver);
            }
            First::Left(Err(error)) => Lost::Refused(error.to_string()),
            First::Right(lost) => lost,
        };
        self.lose(&lost);
        driver.end(&lost).await;
        Err(lost)
    }

    async fn dial(&self) -> Result<(Socket, Arc<Activity>), Lost> {
        let sleep = self.shared.timer.sleep(self.connect_timeout);
        match race(self.target.dial(), sleep).await {
            First::Left(connection) => connection,
            First::Right(()) => Err(Lost::Unreachable(format!(
                "none came about within {:?}",
                self.connect_timeout
            ))),
        }
    }

    /// Makes the call that the gateway wants first.
    async fn greet(&self) -> Result<(), Error> {
        self.shared.pending.open(Open::Urgent);
        let Some(Greeting {
            operation,
            body,
            secret,
        }) = &self.greeting
        else {
            return Ok(());
        };
        let id = random::id();
        let name = self.shared.id;
        let text = with_id(name, &id, body.as_bytes()).unwrap_or_default();
        let within = self.shared.within;
        let answer = self.shared.call(Priority::Urgent, id, text, within).await;
        let answer = answer.map_err(|error| {
            let kind = if error.sent {
                ErrorKind::NoAnswer
            } else {
                ErrorKind::NotSent
            };
            Error::new(kind, *operation).with_source(error.source, error.timeout)
        })?;
        let answer = HttpResponse::new(200, answer);
        match wire::read(operation, operation.path, answer) {
            Ok(_) => Ok(()),
            Err(error) => Err(error.without(Some(secret))),
        }
    }

    /// Does what the user wants done on a new connection before other calls go.
    async fn restore(&self) -> Result<(), BoxError> {
        match &self.hook {
            Some(hook) => hook(self.urgent.clone()).await,
            None => Ok(()),
        }
    }

    fn came_up(&self) {
        self.shared.tally.connected.one();
        #[cfg(feature = "tracing")]
        {
            let connections = self.shared.tally.connected.read();
            crate::runtime::call::trace::connected(&self.shared.server, connections);
        }
        self.shared.up.send_replace(true);
        self.shared.pending.open(Open::Everything);
    }

    fn lose(&self, lost: &Lost) {
        self.shared.up.send_replace(false);
        self.shared.pending.lose(lost);
    }

    /// What is wrong with a connection that was never there.
    fn unopened(&self, lost: Lost) -> Error {
        let first = self.greeting.as_ref();
        let named = first.map_or_else(Named::default, |first| first.operation.into());
        let status = match lost {
            Lost::Status(status) => Some(status),
            _ => None,
        };
        let kind = match status {
            Some(_) => ErrorKind::Status,
            None => ErrorKind::NotSent,
        };
        let error = Error::new(kind, named)
            .with_message(Some(lost.to_string()))
            .with_source(lost.into(), false);
        match status {
            Some(status) => error.with_answer(status, String::new()),
            None => error,
        }
    }
}
