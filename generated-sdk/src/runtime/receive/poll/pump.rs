//! Asks, keeps what is told, and asks again: until the end, without its lease never, without a session not.

use super::builder::OnNotice;
use super::notice::Notice;
use super::place::{Place, Turn};
use super::plan::{Answer, Polled};
use crate::runtime::bot::Rules;
use crate::runtime::call::{Error, ErrorKind, Operation, Retry, Session};
use crate::runtime::codec::NOTHING;
use crate::runtime::race::{First, race};
use crate::runtime::receive::delivery::{self, Engine, said};
use crate::runtime::receive::event::{Inbound, Opened};
use crate::runtime::store::Lease;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::watch;
use tokio::time::{Instant, sleep, sleep_until, timeout};

/// How often to look whether another poller has ended, and how far apart two questions are of which the first brought
/// nothing and did not wait either.
const LOOK: Duration = Duration::from_secs(1);

/// How long to leave a store alone that has failed.
const PAUSE: Duration = Duration::from_millis(250);

/// How long to wait for room before that is said.
const LONG: Duration = Duration::from_secs(30);

/// What is said then.
const NO_ROOM: &str = "the store has no room for what was told: too much waits to be handled";

/// How long a gateway may take to hear that polling begins or ends.
const BRIEFLY: Duration = Duration::from_secs(10);

/// How often to look whether somebody who is asked for the authorization yields another one by now.
const ASK: Duration = Duration::from_secs(60);

/// Asks for the events of an account.
pub(super) struct Pump<H: Polled> {
    pub(super) session: Session,
    pub(super) account: String,
    pub(super) rules: Rules,
    pub(super) place: Place,
    pub(super) engine: Arc<Engine<H::Inbound>>,
    pub(super) on_notice: Option<OnNotice>,
    pub(super) stopping: watch::Receiver<bool>,
}

/// Why the polling of a session is over.
enum Over {
    /// The end has come.
    Stopped,
    /// Another poller may have the account.
    Lost,
    /// There is another login.
    Renewed,
    /// The session has expired.
    Expired(Error),
}

/// The end has come.
struct Stopped;

impl<H: Polled> Pump<H> {
    pub(super) async fn run(self) {
        while let Ok(lease) = self.leased().await {
            let over = self.polled(lease).await;
            match over {
                Over::Lost => self.tell(Notice::Lost),
                Over::Renewed => self.leave(lease).await,
                Over::Stopped => {
                    self.call(H::POLL.after).await;
                    return self.leave(lease).await;
                }
                Over::Expired(error) => {
                    self.leave(lease).await;
                    self.tell(Notice::Expired(error));
                    if self.renewed().await.is_err() {
                        return;
                    }
                }
            }
        }
    }

    /// Waits until nobody else asks for the account.
    async fn leased(&self) -> Result<Lease, Stopped> {
        let mut told = false;
        loop {
            let wait = match self.place.look().await {
                Ok(Turn::Ours(lease)) => return Ok(lease),
                Ok(Turn::Elsewhere(next)) => {
                    if !std::mem::replace(&mut told, true) {
                        self.tell(Notice::Elsewhere);
                    }
                    next.map_or(LOOK, |next| next.min(LOOK))
                }
                Err(error) => {
                    self.tell(Notice::Hindered(error));
                    LOOK
                }
            };
            self.unless_stopped(sleep(wait)).await?;
        }
    }

    /// Lets another one ask; if the store fails, that is when the lease lapses.
    async fn leave(&self, lease: Lease) {
        if let Err(error) = self.place.leave(lease).await {
            self.tell(Notice::Hindered(error));
        }
    }

    /// Asks as long as there are this lease and this login.
    async fn polled(&self, lease: Lease) -> Over {
        let core = self.session.core();
        let renewed = core.renewed();
        let begun = async {
            let login = core.login_mark().await?;
            let cursor = self.place.cursor(lease, &login).await?;
            Ok(cursor.map(|cursor| (login, cursor)))
        };
        let (login, cursor) = match begun.await {
            Ok(Some(begun)) => begun,
            Ok(None) => return Over::Lost,
            Err(error) => {
                self.tell(Notice::Hindered(error));
                return match self.unless_stopped(sleep(LOOK)).await {
                    Ok(()) => Over::Renewed,
                    Err(Stopped) => Over::Stopped,
                };
            }
        };
        self.call(H::POLL.before).await;
        self.tell(Notice::Begun);
        let asking = self.unless_stopped(self.asked(lease, &login, cursor));
        match race(asking, renewed).await {
            First::Left(Ok(over)) => over,
            First::Left(Err(Stopped)) => Over::Stopped,
            First::Right(()) => Over::Renewed,
        }
    }

    /// Asks, and keeps what is told, until that is over. May be dropped at any time: what was not kept comes again.
    async fn asked(&self, lease: Lease, login: &str, mut cursor: String) -> Over {
        let (mut timeout, mut failures) = (None, 0);
        loop {
            let begun = Instant::now();
            let answer = match H::POLL.ask(&self.session, &cursor, timeout).await {
                Ok(answer) => answer,
                // Nothing was told in time.
                Err(error) if error.is_timeout() && error.kind() == ErrorKind::NoAnswer => {
                    Answer::default()
                }
                Err(error) if error.kind() == ErrorKind::Expired => return Over::Expired(error),
                Err(error) => {
                    failures += 1;
                    self.failed(error, failures).await;
                    continue;
                }
            };
            failures = 0;
            timeout = answer.timeout.or(timeout);
            let next = answer.cursor.clone().unwrap_or_else(|| cursor.clone());
            let Some(new) = self.kept(answer, lease, login, (&cursor, &next)).await else {
                return Over::Lost;
            };
            let moved = new > 0 || cursor != next;
            cursor = next;
            if !moved {
                // A gateway that answers at once that there is nothing is not asked as fast as it answers.
                sleep_until(begun + LOOK).await;
            }
        }
    }

    /// Waits as long as is declared after so many failures in a row.
    async fn failed(&self, error: Error, failures: usize) {
        let again = H::POLL.again_after(failures);
        let again = again.max(error.retry_after().unwrap_or_default());
        self.tell(Notice::Failed {
            error,
            failures,
            again,
        });
        sleep(again).await;
    }

    /// Keeps what was told together with the cursor that leads on; how many messages were new, `None` if another poller
    /// has the account. The gateway has told it, so a store that fails is asked again, and one without room waited for.
    async fn kept(
        &self,
        answer: Answer,
        lease: Lease,
        login: &str,
        (from, to): (&str, &str),
    ) -> Option<usize> {
        if answer.items.is_empty() && from == to {
            return Some(0);
        }
        let items = answer.items.into_iter();
        let mut messages = items.filter_map(|text| self.message(text)).collect();
        let values = [self.place.at(login, to)];
        loop {
            let keeping = self.engine.keep_together(&mut messages, lease, &values);
            let mut keeping = pin!(keeping);
            let kept = loop {
                match timeout(LONG, keeping.as_mut()).await {
                    Ok(kept) => break kept,
                    Err(_) => self.tell(Notice::Hindered(NO_ROOM.into())),
                }
            };
            match kept {
                Ok(kept) => return kept,
                Err(_) => sleep(PAUSE).await,
            }
        }
    }

    fn message(&self, text: String) -> Option<delivery::Told> {
        self.engine.tally().received.one();
        let opened = match Opened::new(H::Inbound::LAYOUT, &text) {
            Ok(opened) => opened,
            Err(malformed) => {
                self.tell(Notice::Hindered(malformed.into()));
                return None;
            }
        };
        let (conversation, identity) = (opened.conversation(&self.account), opened.identity());
        let now = SystemTime::now();
        let right = H::OPENS.and_then(|talk| talk.opened(&opened, identity, self.rules, now));
        let event = H::Inbound::read(opened);
        let mut told = self.engine.told(&event, conversation, identity);
        told.brought.extend(right);
        Some(told.with(("", ""), text))
    }

    /// Waits for a login that yields another authorization.
    async fn renewed(&self) -> Result<(), Stopped> {
        let core = self.session.core();
        loop {
            let renewed = core.renewed();
            if !core.has_expired().await {
                return Ok(());
            }
            let renewed = async {
                // Who yields one only when asked is asked now and then.
                let _ = timeout(ASK, renewed).await;
            };
            self.unless_stopped(renewed).await?;
        }
    }

    /// Calls these, whatever comes of it.
    async fn call(&self, operations: &[&'static Operation]) {
        for operation in operations {
            let mut call = self.session.prepare(operation, &NOTHING);
            call.options.retry = Some(Retry::never());
            call.options.timeout = Some(BRIEFLY);
            // Hooks, spans and metrics have told of a failure.
            let _ = call.send().await;
        }
    }

    async fn unless_stopped<T>(&self, future: impl Future<Output = T>) -> Result<T, Stopped> {
        let mut stopping = self.stopping.clone();
        let stopped = stopping.wait_for(|stopping| *stopping);
        match race(future, stopped).await {
            First::Left(value) => Ok(value),
            First::Right(_) => Err(Stopped),
        }
    }

    fn tell(&self, notice: Notice) {
        let Some(on_notice) = &self.on_notice else {
            let alarming = notice.alarming(H::POLL.again_after.len());
            return alarming
                .iter()
                .for_each(|line| said(H::Inbound::LAYOUT.name, line));
        };
        // It is somebody else's code: a panic in it has been shown by then, and must not end the polling.
        let _ = catch_unwind(AssertUnwindSafe(|| on_notice(notice)));
    }
}
