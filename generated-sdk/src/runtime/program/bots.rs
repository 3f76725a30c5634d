//! The way from a call to its program, and back.

use super::address::Address;
use super::dispatcher::Dispatcher;
use super::undelivered::Undelivered;
use super::waiters::Known;
use crate::runtime::call::{
    BoxFuture, Handle, HttpRequest, HttpResponse, Transport, TransportError, broken,
    program_answer, random, wire,
};
#[cfg(feature = "metrics")]
use crate::runtime::metrics::OpenCommand;
use crate::runtime::server::Delivery;
use crate::runtime::{Addresses, Core, Error, ErrorKind, Json, Request};
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::oneshot;
use tokio::time::{Instant, timeout};

/// An API whose commands a program fetches: `Self` is the type with the commands.
pub trait Program: Handle {
    /// Where the program comes, and how it says who it is.
    const ADDRESSES: &'static Addresses;
}

/// Gives the bots of a [`Hub`](super::Hub); cheap to clone.
pub struct Bots<B> {
    pub(super) dispatcher: Arc<Dispatcher>,
    pub(super) core: Core,
    pub(super) of: PhantomData<fn() -> B>,
}

impl<B> Clone for Bots<B> {
    fn clone(&self) -> Self {
        Self {
            dispatcher: Arc::clone(&self.dispatcher),
            core: self.core.clone(),
            of: PhantomData,
        }
    }
}

impl<B> fmt::Debug for Bots<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bots").finish_non_exhaustive()
    }
}

impl<B: Program> Bots<B> {
    /// The commands for whichever process has this account.
    pub fn bot(&self, account: impl AsRef<str>) -> B {
        self.at(account.as_ref(), "")
    }

    /// The commands for one process as long as it has this account; with an empty account, whichever it has: that is
    /// how to reach one on which nobody is logged in.
    pub fn bot_at(&self, account: impl AsRef<str>, process: impl AsRef<str>) -> B {
        self.at(account.as_ref(), process.as_ref())
    }

    /// The commands for whoever told an event: its account or, where nobody is logged in, its process. `None` if neither
    /// the event nor the query of the address says who it was: end a program's address with `?pid=…` then.
    pub fn of(&self, told: &Delivery<B::Inbound>) -> Option<B> {
        match (told.account(), told.process()) {
            (Some(account), _) => Some(self.at(account, "")),
            (None, Some(process)) => Some(self.at("", process)),
            (None, None) => None,
        }
    }

    fn at(&self, account: &str, process: &str) -> B {
        let address = Address::new(Some(account.to_owned()), Some(process.to_owned()));
        let way = Way {
            dispatcher: Arc::clone(&self.dispatcher),
            address,
        };
        B::from(self.core.over(Arc::new(way), Some(account)))
    }

    /// Leaves a command for whichever process has this account, and waits for nothing: the id under which it will be
    /// handed out. With a store that outlives the process, so does the command.
    ///
    /// # Errors
    ///
    /// If the account is empty, the request breaks a documented limit, too many commands wait, or the store fails.
    pub async fn enqueue<R: Request>(
        &self,
        account: impl AsRef<str>,
        request: &R,
    ) -> Result<String, Error> {
        let error = |kind| wire::error(R::OPERATION, R::OPERATION.path, kind);
        if let Some(broken) = broken(R::OPERATION.limits, request) {
            return Err(error(ErrorKind::Misuse).with_message(Some(broken)));
        }
        let address = Address::new(Some(account.as_ref().to_owned()), None);
        let token = random::token();
        let id = random::written(token);
        let body = wire::write(R::OPERATION, &[], request);
        let numbered = match address.is_nobody() {
            true => Err(Undelivered::Nobody),
            false => self.dispatcher.numbered(body.as_bytes(), &id),
        };
        let queued = match numbered {
            Ok(body) => self.dispatcher.push(&address, token, body, None).await,
            Err(unfit) => {
                return Err(error(ErrorKind::Misuse)
                    .with_message(Some(unfit.to_string()))
                    .with_source(unfit.into(), false));
            }
        };
        match queued {
            Ok(true) => Ok(id),
            Ok(false) => Err(error(ErrorKind::NotSent)
                .with_message(Some(self.full().to_string()))
                .with_source(self.full().into(), false)),
            Err(failure) => Err(error(ErrorKind::NoAnswer).with_source(failure, false)),
        }
    }

    fn full(&self) -> Undelivered {
        Undelivered::Full {
            most: self.dispatcher.settings.bound,
        }
    }
}

/// The way to one bot: through the queue, and back with the result.
struct Way {
    dispatcher: Arc<Dispatcher>,
    address: Address,
}

impl Transport for Way {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(self.carry(request))
    }
}

impl Way {
    async fn carry(&self, request: HttpRequest) -> Result<HttpResponse, TransportError> {
        if self.address.is_nobody() {
            return Err(not_sent(Undelivered::Nobody));
        }
        let patience = request.timeout.unwrap_or(self.dispatcher.settings.expiry);
        let (dispatcher, token, begun) = (&self.dispatcher, random::token(), Instant::now());
        let id = random::written(token);
        let command = dispatcher.numbered(&request.body, &id).map_err(not_sent)?;
        let expects = dispatcher.expects(&self.address, &command);
        let mut waiting = Waiting {
            answer: dispatcher.waiters.add(&id, expects),
            #[cfg(feature = "metrics")]
            open: OpenCommand::new(dispatcher.messages.name, &self.address.account),
            dispatcher,
            id,
            token,
            queued: true,
        };
        let queued = dispatcher.push(&self.address, token, command, Some(patience));
        match timeout(patience, queued).await {
            Ok(Ok(true)) => {}
            Ok(Ok(false)) => {
                waiting.queued = false;
                let most = dispatcher.settings.bound;
                return Err(not_sent(Undelivered::Full { most }));
            }
            Ok(Err(failure)) => return Err(TransportError::no_answer(failure)),
            Err(_) => return waiting.give_up(patience).await,
        }
        let left = patience.saturating_sub(begun.elapsed());
        match timeout(left, &mut waiting.answer).await {
            Ok(Ok(answer)) => {
                waiting.queued = false;
                Ok(answer)
            }
            Ok(Err(_)) | Err(_) => waiting.give_up(patience).await,
        }
    }
}

fn not_sent(reason: Undelivered) -> TransportError {
    TransportError::not_sent(reason).telling()
}

/// A call that waits. One that is dropped takes its command along, if nobody has it yet.
struct Waiting<'a> {
    dispatcher: &'a Arc<Dispatcher>,
    id: String,
    token: u128,
    answer: oneshot::Receiver<HttpResponse>,
    /// The command may be in the queue.
    queued: bool,
    #[cfg(feature = "metrics")]
    open: OpenCommand,
}

impl Waiting<'_> {
    /// The time is over: says what is known of the command.
    async fn give_up(mut self, waited: Duration) -> Result<HttpResponse, TransportError> {
        self.queued = false;
        let withdrawn = self.dispatcher.withdraw(self.token).await;
        if let Ok(answer) = self.answer.try_recv() {
            return Ok(answer);
        }
        let known = self.dispatcher.waiters.remove(&self.id);
        let executed = Known {
            succeeded: true,
            handed_out: true,
        };
        #[cfg(feature = "metrics")]
        if known != Some(executed) {
            let is_fetched = !matches!(withdrawn, Ok(true));
            self.open.expired(if is_fetched {
                "no_result"
            } else {
                "not_fetched"
            });
        }
        match withdrawn {
            _ if known == Some(executed) => Ok(program_answer(None, &Json::null())),
            Ok(true) => Err(not_sent(Undelivered::NotFetched { waited }).timed_out()),
            Ok(false) => {
                let lost = TransportError::no_answer(Undelivered::NoResult { waited });
                Err(lost.telling().timed_out())
            }
            Err(failure) => Err(TransportError::no_answer(failure).timed_out()),
        }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.dispatcher.waiters.remove(&self.id);
        if let (true, Ok(runtime)) = (self.queued, tokio::runtime::Handle::try_current()) {
            let (dispatcher, token) = (Arc::clone(self.dispatcher), self.token);
            // What stays in the queue is handed out, or too old in the end.
            runtime.spawn(async move { dispatcher.withdraw(token).await.map(drop) });
        }
    }
}
