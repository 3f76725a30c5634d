//! What a program is answered: the commands that wait for it, as an array.
use super::address::Address;
use super::desk::Desk;
use super::store::Command;
use crate::runtime::call::{BoxFuture, Told};
use crate::runtime::receive::event::Opened;
use crate::runtime::server::{Arrival, Beside, Sender, Whose};
use crate::runtime::{Addresses, Json};
use axum::body::{Body, Bytes};
use axum::http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, Response, StatusCode};
use futures_core::Stream;
use std::convert::Infallible;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::runtime::Handle;

/// The commands for who is asking.
pub(super) async fn commands(desk: &Arc<Desk>, asking: Address) -> Response<Body> {
    let asking = desk.asking(asking);
    match desk.take(&asking).await {
        Ok(taken) => answered(desk, &taken),
        Err(_) => {
            let mut response = array(Body::from("[]"), 2);
            *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
            response
        }
    }
}

fn answered(desk: &Arc<Desk>, taken: &[Command]) -> Response<Body> {
    if taken.is_empty() {
        return array(Body::from("[]"), 2);
    }
    let bodies: Vec<&str> = taken.iter().map(|command| command.body.as_str()).collect();
    let text = format!("[{}]", bodies.join(","));
    let length = text.len();
    let handing = Handing {
        desk: Arc::clone(desk),
        ids: taken.iter().map(|command| command.id.clone()).collect(),
        text: Some(text),
    };
    array(Body::from_stream(handing), length)
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
struct Handing {
    desk: Arc<Desk>,
    ids: Vec<String>,
    text: Option<String>,
}

impl Stream for Handing {
    type Item = Result<Bytes, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Some(text) = self.text.take() else {
            return Poll::Ready(None);
        };
        for id in std::mem::take(&mut self.ids) {
            self.desk.waiters.handed_out(&id);
        }
        Poll::Ready(Some(Ok(Bytes::from(text))))
    }
}

impl Drop for Handing {
    fn drop(&mut self) {
        let ids = std::mem::take(&mut self.ids);
        if let (false, Ok(runtime)) = (ids.is_empty(), Handle::try_current()) {
            let desk = Arc::clone(&self.desk);
            runtime.spawn(async move {
                // What cannot be given back now is when its lease runs out.
                let _ = desk.settings.store.give_back(ids).await;
            });
        }
    }
}

/// The desk beside the receiver of events.
pub(super) struct BesideEvents(pub(super) Arc<Desk>);

impl Beside for BesideEvents {
    fn look(&self, query: &str, opened: &Opened<'_>) -> Box<dyn Arrival> {
        let desk = &self.0;
        let addresses = desk.addresses;
        let told = told(addresses, opened);
        let tells_account = !told.account.is_empty();
        let asking = Address::of_query(query, addresses).or(told);
        let result = desk
            .messages
            .result
            .and_then(|layout| opened.result(layout));
        let code = opened.code().map(|code| code.as_str().to_owned());
        let answers = desk.messages.answers.iter();
        let code = code.filter(|code| answers.flat_map(|a| a.events).any(|event| event == code));
        let payload = match (&result, &code) {
            (None, None) => Json::null(),
            _ => opened.data(),
        };
        Box::new(Event {
            desk: Arc::clone(desk),
            asking,
            tells_account,
            result,
            code,
            payload,
        })
    }

    /// An account's events come in their order; those of others do not wait for it.
    fn whose(&self, query: &str, opened: &Opened<'_>) -> Whose {
        let addresses = self.0.addresses;
        let Address { account, process } =
            told(addresses, opened).or(Address::of_query(query, addresses));
        let mut lane = DefaultHasher::new();
        match account.is_empty() {
            true => process.hash(&mut lane),
            false => account.hash(&mut lane),
        }
        Whose {
            lane: lane.finish(),
            sender: Arc::new(Sender { account, process }),
        }
    }
}

/// Who an event says it is from.
fn told(addresses: &Addresses, opened: &Opened<'_>) -> Address {
    let first = |keys: &[&str]| {
        let mut found = keys.iter().filter_map(|key| opened.anywhere(key));
        found.next().map(|value| value.as_str().to_owned())
    };
    Address::new(
        first(addresses.event_account),
        first(addresses.event_process),
    )
}

/// An identity that holds for one program only.
fn mixed(identity: u128, program: &str) -> u128 {
    const PRIME: u128 = 0x0100_0000_0000_0000_0000_013b;
    program.bytes().fold(identity, |mixed, byte| {
        (mixed ^ u128::from(byte)).wrapping_mul(PRIME)
    })
}

/// An event under way.
struct Event {
    desk: Arc<Desk>,
    asking: Address,
    /// The event itself says whose it is.
    tells_account: bool,
    result: Option<Told>,
    /// If commands may wait for it.
    code: Option<String>,
    payload: Json,
}

impl Arrival for Event {
    fn settle(&self) -> BoxFuture<'_, Option<bool>> {
        Box::pin(async {
            let Some(told) = &self.result else {
                return Some(false);
            };
            let settled = self
                .desk
                .settle(&told.id, told.reason.clone(), &self.payload);
            settled.await.ok()
        })
    }

    fn identity(&self, identity: u128) -> Option<u128> {
        if self.tells_account {
            return Some(identity);
        }
        // Two accounts in one room are told the same message. Better twice than never where nothing tells them apart.
        let is_known = !self.asking.lanes().is_empty();
        is_known.then(|| mixed(identity, &self.asking.lane()))
    }

    fn is_safe(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            if let Some(code) = &self.code {
                self.desk.event(&self.asking, code, &self.payload).await;
            }
        })
    }

    fn answer(&self) -> BoxFuture<'_, Response<Body>> {
        Box::pin(async {
            let mut response = commands(&self.desk, self.asking.clone()).await;
            // The event itself is safe, whatever becomes of commands.
            *response.status_mut() = StatusCode::OK;
            response
        })
    }
}
