//! One request: refused early, or acknowledged once its message is safe.

use super::bodies::Unread;
use super::constant_time::same;
use super::json_body;
use super::observer::{Arrival, Sender};
use super::receiver::Shared;
use super::target::Target;
use super::waiting::Handover;
use crate::runtime::codec::text::decode;
use crate::runtime::receive::delivery::Told;
use crate::runtime::receive::event::{Addressed, Inbound, Opened};
use axum::body::Body;
use axum::http::header::{CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use std::str;
use std::sync::Arc;
use tokio::time::{Instant, timeout_at};

/// Why a request is not acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Refusal {
    /// The wrong path.
    Elsewhere,
    /// The wrong header.
    Unauthorized,
    /// Too much.
    TooLarge,
    /// The body did not come in time.
    Slow,
    /// No JSON, or too deep.
    Malformed,
    /// No room in time, or no store.
    Full,
}

impl Refusal {
    fn status(self) -> StatusCode {
        match self {
            Refusal::Elsewhere => StatusCode::NOT_FOUND,
            Refusal::Unauthorized => StatusCode::UNAUTHORIZED,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::Slow => StatusCode::REQUEST_TIMEOUT,
            Refusal::Malformed => StatusCode::BAD_REQUEST,
            Refusal::Full => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl From<Unread> for Refusal {
    fn from(unread: Unread) -> Self {
        match unread {
            Unread::TooLarge => Self::TooLarge,
            Unread::Slow => Self::Slow,
            Unread::Malformed => Self::Malformed,
            Unread::Full => Self::Full,
        }
    }
}

/// Why a request that carries no message is refused; the same secrets hold for it.
pub(super) fn refused<C: Inbound>(
    shared: &Shared<C>,
    path: &str,
    headers: &HeaderMap,
) -> Option<StatusCode> {
    let refusal = authorize(shared, path, headers).err()?;
    shared.engine.tally().refused.one();
    Some(refusal.status())
}

/// Answers a request.
pub(super) async fn answer<C: Inbound>(
    shared: Arc<Shared<C>>,
    segments: u8,
    request: Request<Body>,
) -> Response<Body> {
    shared.engine.tally().received.one();
    let refusal = match receive(&shared, segments, request).await {
        Ok(Some(arrival)) => return arrival.answer().await,
        Ok(None) => return Response::new(Body::empty()),
        Err(refusal) => refusal,
    };
    if refusal == Refusal::Full {
        shared.engine.tally().full.one();
    } else {
        shared.engine.tally().refused.one();
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = refusal.status();
    if refusal != Refusal::Malformed {
        // What is left of the body is not read.
        let close = HeaderValue::from_static("close");
        response.headers_mut().insert(CONNECTION, close);
    }
    response
}

/// Keeps a message; what there is to say to its sender comes from an observer. `segments` of the path stand behind the
/// receiver's own.
async fn receive<C: Inbound>(
    shared: &Shared<C>,
    segments: u8,
    request: Request<Body>,
) -> Result<Option<Box<dyn Arrival>>, Refusal> {
    let (head, body) = request.into_parts();
    let target = Target::of(head.uri.path(), segments);
    authorize(shared, target.path, &head.headers)?;
    let is_known = |addressed: &Addressed| addressed.has(target.address);
    if !C::LAYOUT.addressed.is_none_or(is_known) {
        return Err(Refusal::Elsewhere);
    }
    let (bytes, held) = shared.bodies.read(body).await?;
    let deadline = Instant::now() + shared.settings.patience;
    let text = text::<C>(target, &head.headers, bytes).ok_or(Refusal::Malformed)?;
    let opened = Opened::new(C::LAYOUT, &text).map_err(|_| Refusal::Malformed)?;
    let query = head.uri.query().unwrap_or_default();
    let mut message = Message::of(shared, query, opened);
    if let Some(token) = target.token {
        match shared.waiting.hand(token, message.callback) {
            Ok(Handover::Full) => return Err(Refusal::Full),
            Ok(handed) => {
                count(shared, handed == Handover::Taken, message.typed);
                return Ok(message.arrival);
            }
            Err(not_waited) => message.callback = not_waited,
        }
    }
    let arrival = message.arrival.take();
    let settled = match &arrival {
        Some(arrival) => timeout_at(deadline, arrival.settle()).await,
        None => Ok(Some(false)),
    };
    if settled.ok().flatten().ok_or(Refusal::Full)? && message.needs_no_handler {
        shared.engine.tally().settled.one();
        return Ok(arrival);
    }
    let sender = (&*message.sender.account, &*message.sender.process);
    let told = message.told.with(sender, text);
    let kept = timeout_at(deadline, shared.engine.keep(&told)).await;
    kept.map_err(|_| Refusal::Full)?
        .map_err(|_| Refusal::Full)?;
    drop(held);
    if let Some(arrival) = &arrival {
        arrival.is_safe().await;
    }
    Ok(arrival)
}

/// A message that has come whole.
struct Message<C> {
    callback: C,
    told: Told,
    sender: Sender,
    typed: bool,
    /// Nothing in it is for a handler, once what it reports is settled.
    needs_no_handler: bool,
    arrival: Option<Box<dyn Arrival>>,
}

impl<C: Inbound> Message<C> {
    fn of(shared: &Shared<C>, query: &str, opened: Opened<'_>) -> Self {
        let identity = opened.identity();
        let observer = shared.settings.observer.as_ref();
        let arrival = observer.map(|observer| observer.observe(query, &opened));
        let sender = observer.map(|observer| observer.sender(query, &opened));
        let identity = match &arrival {
            Some(arrival) => identity.and_then(|identity| arrival.identity(identity)),
            None => identity,
        };
        let sender = sender.unwrap_or_default();
        let whose = match sender.account.is_empty() {
            true => &sender.process,
            false => &sender.account,
        };
        let conversation = opened.conversation(whose);
        let callback = C::read(opened);
        let typed = callback.is_typed();
        Self {
            told: shared.engine.told(&callback, conversation, identity),
            typed,
            needs_no_handler: !typed || callback.is_result(),
            sender,
            arrival,
            callback,
        }
    }
}

fn count<C: Inbound>(shared: &Shared<C>, taken: bool, typed: bool) {
    let tally = shared.engine.tally();
    let count = match (taken, typed) {
        (false, _) => &tally.duplicate,
        (true, true) => &tally.typed,
        (true, false) => &tally.raw,
    };
    count.one();
}

/// The message in a body, as JSON text; none if it is not what it should be. Bytes that are no text read as U+FFFD: a
/// refusal would make the gateway pause, and the rest of the message is good.
fn text<C: Inbound>(target: Target<'_>, headers: &HeaderMap, body: Vec<u8>) -> Option<String> {
    let body = decode(body);
    let Some(addressed) = C::LAYOUT.addressed else {
        return Some(body);
    };
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let content_type = str::from_utf8(content_type.unwrap_or_default()).ok()?;
    json_body::text(C::LAYOUT, addressed, target.address, content_type, &body)
}

fn authorize<C: Inbound>(
    shared: &Shared<C>,
    path: &str,
    headers: &HeaderMap,
) -> Result<(), Refusal> {
    if let Some(secret) = &shared.settings.secret_path {
        let given = path.rsplit('/').next().unwrap_or_default();
        if !same(given.as_bytes(), secret.expose().as_bytes()) {
            return Err(Refusal::Elsewhere);
        }
    }
    if let Some((name, secret)) = &shared.settings.secret_header {
        let given = headers.get(name.as_str()).map(HeaderValue::as_bytes);
        if !same(given.unwrap_or_default(), secret.expose().as_bytes()) {
            return Err(Refusal::Unauthorized);
        }
    }
    Ok(())
}
