//! One request: refused early, or acknowledged once its message is safe.

use super::addressed::{self, Handed, Target};
use super::constant_time::same;
use super::observer::Arrival;
use super::queue::{Item, asked};
use super::store::{Entry, Kept};
use super::store_writer::{Job, New};
use super::worker::Core;
use crate::runtime::receive::event::{Addressed, Inbound, Opened};
use axum::body::{Body, HttpBody};
use axum::http::header::{CONNECTION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use std::borrow::Cow;
use std::future::poll_fn;
use std::pin::pin;
use std::str;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
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

/// Why a request that carries no message is refused; the same secrets hold for it.
pub(super) fn refused<C>(core: &Core<C>, path: &str, headers: &HeaderMap) -> Option<StatusCode> {
    let refusal = authorize(core, path, headers).err()?;
    core.tally.refused.one();
    Some(refusal.status())
}

/// Answers a request.
pub(super) async fn answer<C: Inbound>(
    core: Arc<Core<C>>,
    segments: u8,
    request: Request<Body>,
) -> Response<Body> {
    core.tally.received.one();
    let refusal = match receive(&core, segments, request).await {
        Ok(Some(arrival)) => return arrival.answer().await,
        Ok(None) => return Response::new(Body::empty()),
        Err(refusal) => refusal,
    };
    if refusal == Refusal::Full {
        core.tally.full.one();
    } else {
        core.tally.refused.one();
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

/// Keeps a message; what there is to say to its sender comes from an observer. `segments` of the path stand
/// behind the receiver's own.
async fn receive<C: Inbound>(
    core: &Core<C>,
    segments: u8,
    request: Request<Body>,
) -> Result<Option<Box<dyn Arrival>>, Refusal> {
    let (head, body) = request.into_parts();
    let target = Target::of(head.uri.path(), segments);
    authorize(core, target.path, &head.headers)?;
    let is_known = |addressed: &Addressed| addressed.has(target.address);
    if !C::LAYOUT.addressed.is_none_or(is_known) {
        return Err(Refusal::Elsewhere);
    }
    let limit = core.settings.body_limit;
    if usize::try_from(body.size_hint().lower()).map_or(true, |size| size > limit) {
        return Err(Refusal::TooLarge);
    }
    let patience = core.settings.patience;
    let deadline = Instant::now() + patience;
    let size = body.size_hint().upper().map_or(limit, |size| {
        usize::try_from(size).map_or(limit, |size| size.min(limit))
    });
    let permit = Arc::clone(&core.bodies).acquire_many_owned(asked(size));
    let permit = timeout_at(deadline, permit).await;
    let permit = permit.map_err(|_| Refusal::Full)?;
    let permit = permit.map_err(|_| Refusal::Full)?;
    let bytes = read(body, limit, patience).await?;
    let deadline = Instant::now() + patience;
    let text = text::<C>(target, &head.headers, &bytes).ok_or(Refusal::Malformed)?;
    let opened = Opened::new(C::LAYOUT, &text).map_err(|_| Refusal::Malformed)?;
    let (identity, probe) = (opened.identity(), opened.is_probe());
    let observer = core.settings.observer.as_ref();
    let query = head.uri.query().unwrap_or_default();
    let arrival = observer.map(|observer| observer.observe(query, &opened));
    let sender = observer.map(|observer| observer.sender(query, &opened));
    let identity = match &arrival {
        Some(arrival) => identity.and_then(|identity| arrival.identity(identity)),
        None => identity,
    };
    let mut callback = C::read(opened);
    let typed = callback.is_typed();
    let told = !typed || callback.is_result();
    if let Some(token) = target.token {
        match core.waiting.hand(token, callback) {
            Ok(Handed::Full) => return Err(Refusal::Full),
            Ok(handed) => {
                count(core, handed == Handed::Taken, typed);
                return Ok(arrival);
            }
            Err(not_waited) => callback = not_waited,
        }
    }
    let settled = match &arrival {
        Some(arrival) => timeout_at(deadline, arrival.settle()).await,
        None => Ok(Some(false)),
    };
    if settled.ok().flatten().ok_or(Refusal::Full)? && told {
        core.tally.settled.one();
        return Ok(arrival);
    }
    let taken = if core.jobs.is_some() {
        let (reply, kept) = oneshot::channel();
        let new = New {
            entry: Entry::new(identity, text.into_owned()),
            callback,
            probe,
            sender,
            reply,
            _permit: permit,
        };
        drop(bytes);
        let kept = timeout_at(deadline, keep(core, new, kept)).await;
        kept.map_err(|_| Refusal::Full)??
    } else {
        let size = bytes.len();
        drop(text);
        drop(bytes);
        let item = Item {
            callback,
            id: None,
            probe,
            redelivered: false,
            sender,
            room: None,
        };
        let queued = queue(core, identity, item, size);
        timeout_at(deadline, queued)
            .await
            .map_err(|_| Refusal::Full)??
    };
    count(core, taken, typed);
    if let Some(arrival) = &arrival {
        arrival.is_safe().await;
    }
    Ok(arrival)
}

fn count<C>(core: &Core<C>, taken: bool, typed: bool) {
    let count = match (taken, typed) {
        (false, _) => &core.tally.duplicate,
        (true, true) => &core.tally.typed,
        (true, false) => &core.tally.raw,
    };
    count.one();
}

/// The message in a body, as JSON text; none if it is not what it should be.
fn text<'b, C: Inbound>(
    target: Target<'_>,
    headers: &HeaderMap,
    body: &'b [u8],
) -> Option<Cow<'b, str>> {
    let Some(addressed) = C::LAYOUT.addressed else {
        return str::from_utf8(body).ok().map(Cow::Borrowed);
    };
    let content_type = headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes);
    let content_type = str::from_utf8(content_type.unwrap_or_default()).ok()?;
    addressed::text(C::LAYOUT, addressed, target.address, content_type, body).map(Cow::Owned)
}

fn authorize<C>(core: &Core<C>, path: &str, headers: &HeaderMap) -> Result<(), Refusal> {
    if let Some(secret) = &core.settings.secret_path {
        let given = path.rsplit('/').next().unwrap_or_default();
        if !same(given.as_bytes(), secret.expose().as_bytes()) {
            return Err(Refusal::Elsewhere);
        }
    }
    if let Some((name, secret)) = &core.settings.secret_header {
        let given = headers.get(name.as_str()).map(HeaderValue::as_bytes);
        if !same(given.unwrap_or_default(), secret.expose().as_bytes()) {
            return Err(Refusal::Unauthorized);
        }
    }
    Ok(())
}

/// Reads a body up to the limit, and not a frame further. One that keeps coming has a second more for every 16 KiB.
async fn read(body: Body, limit: usize, patience: Duration) -> Result<Vec<u8>, Refusal> {
    let begun = Instant::now();
    let mut body = pin!(body);
    let mut bytes = Vec::new();
    loop {
        let earned = u64::try_from(bytes.len() / 16).unwrap_or(u64::MAX);
        let deadline = begun + patience + Duration::from_millis(earned);
        let frame = timeout_at(deadline, poll_fn(|cx| body.as_mut().poll_frame(cx))).await;
        let Some(frame) = frame.map_err(|_| Refusal::Slow)? else {
            return Ok(bytes);
        };
        let frame = frame.map_err(|_| Refusal::Malformed)?;
        if let Ok(data) = frame.into_data() {
            if bytes.len() + data.len() > limit {
                return Err(Refusal::TooLarge);
            }
            bytes.extend_from_slice(&data);
        }
    }
}

/// Brings a message into the store; false if it is a repetition.
async fn keep<C: Inbound>(
    core: &Core<C>,
    new: New<C>,
    kept: oneshot::Receiver<Option<Kept>>,
) -> Result<bool, Refusal> {
    let jobs = core.jobs.as_ref().ok_or(Refusal::Full)?;
    jobs.send(Job::New(new)).map_err(|_| Refusal::Full)?;
    match kept.await {
        Ok(Some(Kept::New(_))) => Ok(true),
        Ok(Some(Kept::Duplicate)) => Ok(false),
        Ok(Some(Kept::Full) | None) | Err(_) => Err(Refusal::Full),
    }
}

/// Brings a message into the queue; false if it is a repetition.
async fn queue<C>(
    core: &Core<C>,
    identity: Option<u128>,
    mut item: Item<C>,
    size: usize,
) -> Result<bool, Refusal> {
    if *core.ending.borrow() {
        return Err(Refusal::Full);
    }
    let room = core.queue.room(size).await.ok_or(Refusal::Full)?;
    // From here on nothing waits: what is remembered as received is in the queue.
    if let Some(identity) = identity {
        let mut recent = core.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if !recent.insert(identity) {
            return Ok(false);
        }
    }
    item.room = Some(room);
    core.queue.push(item);
    Ok(true)
}
