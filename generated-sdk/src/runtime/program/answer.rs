//! What a program is answered: the commands that wait for it, as an array.

use super::address::Address;
use super::dispatcher::{Dispatcher, Out};
use crate::runtime::call::{BoxFuture, random};
use crate::runtime::receive::event::{CommandResult, Opened, identity_of};
use crate::runtime::server::{Arrival, Observer, Sender};
use crate::runtime::store::{Stored, Verdict};
use crate::runtime::{Addresses, Json};
use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderName, HeaderValue, Response, StatusCode};
use futures_core::Stream;
use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::runtime::Handle;

/// Names the commands of an answer that were handed out before, by their ids: the program may have executed them.
const AGAIN: HeaderName = HeaderName::from_static("x-handed-out-before");

/// The commands for who is asking.
pub(super) async fn commands(dispatcher: &Arc<Dispatcher>, asking: Address) -> Response<Body> {
    let asking = dispatcher.asking(asking);
    match dispatcher.take(&asking).await {
        Ok(taken) => answered(dispatcher, &taken),
        Err(_) => {
            let mut response = array(Body::from("[]"), 2);
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            response
        }
    }
}

fn answered(dispatcher: &Arc<Dispatcher>, taken: &[Stored]) -> Response<Body> {
    if taken.is_empty() {
        return array(Body::from("[]"), 2);
    }
    let bodies: Vec<&str> = taken.iter().map(|command| command.body.as_str()).collect();
    let text = format!("[{}", bodies.join(","));
    let length = text.len() + 1;
    let out = |command: &Stored| Out {
        lease: command.lease,
        id: random::written(command.identity.unwrap_or_default()),
        origin: command.origin.clone(),
    };
    let body = CommandsBody {
        dispatcher: Arc::clone(dispatcher),
        out: taken.iter().map(out).collect(),
        written: Written::Nothing(Bytes::from(text)),
    };
    let again: Vec<&str> = body.again().collect();
    let again = (!again.is_empty()).then(|| HeaderValue::from_str(&again.join(",")));
    let mut response = array(Body::from_stream(body), length);
    if let Some(Ok(again)) = again {
        response.headers_mut().insert(AGAIN, again);
    }
    response
}

fn array(body: Body, length: usize) -> Response<Body> {
    let mut response = Response::new(body);
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, kind);
    let length = HeaderValue::from(length);
    response.headers_mut().insert(CONTENT_LENGTH, length);
    // What is asked again and again must come from here each time, and commands from nowhere twice.
    let fresh = HeaderValue::from_static("no-store");
    response.headers_mut().insert(CACHE_CONTROL, fresh);
    response
}

/// Commands on their way to a program. If the connection is gone before they are, they wait again.
///
/// The last byte goes alone: it is asked for when the rest is on its way, and whoever has not got it has no array.
struct CommandsBody {
    dispatcher: Arc<Dispatcher>,
    out: Vec<Out>,
    written: Written,
}

/// How far an answer is.
enum Written {
    /// This much is to be written first.
    Nothing(Bytes),
    /// It was handed on, and is written while this is not ready.
    Most,
    /// It is written, and the end may go.
    AllBut,
    /// The end was handed on too.
    All,
}

impl CommandsBody {
    /// The ids of commands that may have been executed before.
    fn again(&self) -> impl Iterator<Item = &str> {
        let again = self.out.iter().filter(|out| out.lease.attempt > 1);
        again.map(|out| out.id.as_str())
    }
}

impl Stream for CommandsBody {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match std::mem::replace(&mut self.written, Written::Most) {
            Written::Nothing(text) => Poll::Ready(Some(Ok(text))),
            Written::Most => {
                self.written = Written::AllBut;
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Written::AllBut => {
                self.written = Written::All;
                // Whatever the program does with them, it does from now on.
                for out in &self.out {
                    self.dispatcher.waiters.handed_out(&out.id);
                }
                Poll::Ready(Some(Ok(Bytes::from_static(b"]"))))
            }
            Written::All => {
                self.written = Written::All;
                Poll::Ready(None)
            }
        }
    }
}

impl Drop for CommandsBody {
    fn drop(&mut self) {
        let Ok(runtime) = Handle::try_current() else {
            // The process ends: their leases run out.
            return;
        };
        let (dispatcher, out) = (Arc::clone(&self.dispatcher), std::mem::take(&mut self.out));
        let verdict = match self.written {
            Written::Nothing(_) => Verdict::GiveBack,
            Written::Most | Written::AllBut => Verdict::Again {
                after: Duration::ZERO,
                reason: "the answer could not be written".to_owned(),
            },
            Written::All => {
                runtime.spawn(async move { dispatcher.given(&out).await });
                return;
            }
        };
        runtime.spawn(async move { dispatcher.back(&out, verdict).await });
    }
}

/// Sees events as they are received: results settle commands, and the answer carries those that wait.
pub(super) struct EventObserver(pub(super) Arc<Dispatcher>);

impl Observer for EventObserver {
    fn observe(&self, query: &str, opened: &Opened<'_>) -> Box<dyn Arrival> {
        let dispatcher = &self.0;
        let addresses = dispatcher.addresses;
        let named = named(addresses, opened);
        let names_account = !named.account.is_empty();
        let asking = Address::of_query(query, addresses).or(named);
        let result = dispatcher
            .messages
            .result
            .and_then(|layout| opened.result(layout));
        let code = opened.code().map(|code| code.as_str().to_owned());
        let answers = dispatcher.messages.answers.iter();
        let code = code.filter(|code| answers.flat_map(|a| a.events).any(|event| event == code));
        let payload = match (&result, &code) {
            (None, None) => Json::null(),
            _ => opened.data(),
        };
        Box::new(Event {
            dispatcher: Arc::clone(dispatcher),
            asking,
            names_account,
            result,
            code,
            payload,
        })
    }

    fn sender(&self, query: &str, opened: &Opened<'_>) -> Sender {
        let addresses = self.0.addresses;
        let Address { account, process } =
            named(addresses, opened).or(Address::of_query(query, addresses));
        Sender { account, process }
    }
}

/// Who an event says it is from.
fn named(addresses: &Addresses, opened: &Opened<'_>) -> Address {
    let first = |keys: &[&str]| {
        let mut found = keys.iter().filter_map(|key| opened.anywhere(key));
        found.next().map(|value| value.as_str().to_owned())
    };
    Address::new(
        first(addresses.event_account),
        first(addresses.event_process),
    )
}

/// An event under way.
struct Event {
    dispatcher: Arc<Dispatcher>,
    asking: Address,
    /// The event itself says whose it is.
    names_account: bool,
    result: Option<CommandResult>,
    /// If commands may wait for it.
    code: Option<String>,
    payload: Json,
}

impl Arrival for Event {
    fn settle(&self) -> BoxFuture<'_, Option<bool>> {
        Box::pin(async {
            let Some(result) = &self.result else {
                return Some(false);
            };
            let settled = self
                .dispatcher
                .settle(&result.id, result.reason.clone(), &self.payload);
            settled.await.ok()
        })
    }

    fn identity(&self, identity: u128) -> Option<u128> {
        if self.names_account {
            return Some(identity);
        }
        // Two accounts in one room are told the same message. Better twice than never where nothing tells them apart.
        let is_known = !self.asking.lanes().is_empty();
        is_known.then(|| identity_of(identity, &self.asking.lane()))
    }

    fn is_safe(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            if let Some(code) = &self.code {
                self.dispatcher
                    .event(&self.asking, code, &self.payload)
                    .await;
            }
        })
    }

    fn answer(&self) -> BoxFuture<'_, Response<Body>> {
        Box::pin(async {
            let mut response = commands(&self.dispatcher, self.asking.clone()).await;
            // The event itself is safe, whatever becomes of commands.
            *response.status_mut() = StatusCode::OK;
            response
        })
    }
}
