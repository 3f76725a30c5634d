//! The WebSocket around the engine: calls and answers on one line, pushes between them.

use super::answer::Rendered;
use super::engine::{Busy, Engine, Served};
use super::fault::Fault;
use super::received::Received;
use super::request;
use super::serve::LONGEST;
use crate::provider::{Operation, Vendor, plain};
use crate::{lock, value};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use catalog::model::{Field, Place};
use futures_util::{SinkExt, StreamExt};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::header::{
    CONNECTION, HeaderMap, HeaderValue, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, UPGRADE,
};
use hyper::upgrade::Upgraded;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde_json::{Map, Value};
use sha1_smol::Sha1;
use std::future::pending;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::{OwnedSemaphorePermit, mpsc};
use tokio::time::{sleep, timeout};
use tokio_websockets::{CloseCode, Limits, Message, ServerBuilder, WebSocketStream};

/// How long the handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// How much may wait to be written on a line before it is closed.
const WAITING: usize = 65_536;

/// The open lines.
#[derive(Default)]
pub(super) struct Lines {
    open: Mutex<Vec<Arc<Line>>>,
    opened: AtomicUsize,
}

/// One connection, as the rest of the gateway sees it.
struct Line {
    number: usize,
    out: mpsc::Sender<Out>,
    /// The key that the first call has brought.
    key: Mutex<Option<String>>,
}

/// What leaves a line.
enum Out {
    Text(String),
    Bytes(Vec<u8>),
    /// Says goodbye.
    Close,
    /// Goes without a word.
    Drop,
    /// Stays, but neither reads nor writes any more.
    Deaf,
}

impl Line {
    fn send(&self, out: Out) {
        // A client that does not read is cut off when nothing more fits.
        let _ = self.out.try_send(out);
    }

    fn key(&self) -> Option<String> {
        lock(&self.key).clone()
    }
}

impl Lines {
    fn each(&self, act: impl Fn(&Line)) -> usize {
        let lines = lock(&self.open).clone();
        let lines = lines.iter().filter(|line| line.key().is_some());
        lines.map(|line| act(line)).count()
    }
}

impl Engine {
    /// Pushes an event on every line that has made its first call; says how many these are.
    pub fn push(&self, event: impl Serialize) -> usize {
        let event = value(event).to_string();
        self.lines.each(|line| line.send(Out::Text(event.clone())))
    }

    /// Closes every line, with a goodbye or without one; says how many these were.
    pub(super) fn disconnect(&self, goodbye: bool) -> usize {
        self.lines
            .each(|line| line.send(if goodbye { Out::Close } else { Out::Drop }))
    }

    /// How many lines there have been so far.
    pub(super) fn connections(&self) -> usize {
        self.lines.opened.load(Ordering::Relaxed)
    }
}

/// Whether a request asks for the socket.
pub(super) fn is_meant(request: &Request<Incoming>, vendor: &Vendor) -> bool {
    let is_path = |path: &str| request.uri().path() == path;
    let asks = |headers: &HeaderMap| {
        let upgrade = headers.get(UPGRADE).map(HeaderValue::as_bytes);
        upgrade.is_some_and(|to| to.eq_ignore_ascii_case(b"websocket"))
    };
    vendor.socket().is_some_and(|socket| is_path(&socket.path)) && asks(request.headers())
}

/// Answers the handshake; the connection is then served to its end.
pub(super) fn upgrade(
    request: Request<Incoming>,
    engine: &Arc<Engine>,
    permit: Arc<OwnedSemaphorePermit>,
) -> Response<Full<Bytes>> {
    const GUID: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    let mut response = Response::new(Full::default());
    let Some(key) = request.headers().get(SEC_WEBSOCKET_KEY) else {
        *response.status_mut() = StatusCode::BAD_REQUEST;
        return response;
    };
    let digest = Sha1::from([key.as_bytes(), GUID].concat()).digest();
    let accept = HeaderValue::try_from(BASE64_STANDARD.encode(digest.bytes()));
    let headers = response.headers_mut();
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
    headers.extend(accept.ok().map(|accept| (SEC_WEBSOCKET_ACCEPT, accept)));
    *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
    let serving = engine.clone();
    engine.spawn(async move {
        if let Ok(Ok(stream)) = timeout(HANDSHAKE, hyper::upgrade::on(request)).await {
            serve(stream, &serving).await;
        }
        drop(permit);
    });
    response
}

/// Serves one connection to its end.
async fn serve(stream: Upgraded, engine: &Arc<Engine>) {
    let limits = Limits::default().max_payload_len(Some(engine.settings.body_limit));
    let stream = ServerBuilder::new()
        .limits(limits)
        .serve(TokioIo::new(stream));
    let (out, outgoing) = mpsc::channel(WAITING);
    let layout = &engine.vendor.config.socket;
    let line = Arc::new(Line {
        number: engine.lines.opened.fetch_add(1, Ordering::Relaxed),
        out,
        // Where nothing must come first, a line is ready as it is.
        key: Mutex::new(layout.first.is_none().then(String::new)),
    });
    lock(&engine.lines.open).push(line.clone());
    let documented = Duration::from_secs(layout.within_s.into());
    let within = engine.settings.greeting_within.unwrap_or(documented);
    let connection = Connection {
        stream,
        outgoing,
        engine: engine.clone(),
        line: line.clone(),
    };
    connection.run(within).await;
    lock(&engine.lines.open).retain(|open| open.number != line.number);
}

/// A connection at work.
struct Connection {
    stream: WebSocketStream<TokioIo<Upgraded>>,
    outgoing: mpsc::Receiver<Out>,
    engine: Arc<Engine>,
    line: Arc<Line>,
}

impl Connection {
    async fn run(mut self, within: Duration) {
        let mut deadline = pin!(sleep(within));
        loop {
            let greeted = self.line.key().is_some();
            let out = tokio::select! {
                message = self.stream.next() => match message {
                    Some(Ok(message)) => {
                        self.arrived(message);
                        continue;
                    }
                    Some(Err(_)) | None => return,
                },
                out = self.outgoing.recv() => match out {
                    Some(out) => out,
                    None => return,
                },
                () = deadline.as_mut(), if !greeted => Out::Close,
            };
            if !self.leave(out).await {
                return;
            }
        }
    }

    /// Lets something out; false if that was the end.
    async fn leave(&mut self, out: Out) -> bool {
        let (message, last) = match out {
            Out::Text(text) => (Message::text(text), false),
            Out::Bytes(bytes) => (Message::binary(bytes), false),
            Out::Close => (Message::close(Some(CloseCode::NORMAL_CLOSURE), ""), true),
            Out::Drop => return false,
            Out::Deaf => {
                pending::<()>().await;
                return false;
            }
        };
        self.stream.send(message).await.is_ok() && !last
    }

    /// A call is answered beside the line, so that a slow one is in nobody's way.
    fn arrived(&self, message: Message) {
        // Some clients send their JSON as bytes.
        if !message.is_text() && !message.is_binary() {
            return;
        }
        let bytes = message.into_payload().to_vec();
        let (engine, line) = (self.engine.clone(), self.line.clone());
        self.engine
            .spawn(async move { engine.called(&line, &bytes).await });
    }
}

/// A call, taken apart.
struct Asked {
    command: String,
    id: Option<Value>,
    /// The payload's members, and those beside it that the documents put there.
    root: Map<String, Value>,
}

impl Asked {
    /// What is no call may have an id all the same.
    fn read(vendor: &Vendor, raw: &[u8]) -> Result<Self, Option<Value>> {
        let layout = vendor.layouts().request;
        let mut root: Map<String, Value> = crate::json::read(raw).ok_or(None)?;
        let id = layout.id.as_ref().and_then(|key| root.remove(key));
        let command = layout.command.as_ref();
        match command.and_then(|key| root.remove(key)) {
            Some(command) => Ok(Self {
                command: plain(&command),
                id,
                root,
            }),
            None => Err(id),
        }
    }

    /// The parameters, each from where it belongs.
    fn params(mut self, vendor: &Vendor, operation: &Operation) -> Option<Map<String, Value>> {
        let Some(payload) = &vendor.layouts().request.payload else {
            return Some(self.root);
        };
        let mut params = match self.root.remove(payload) {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(members)) => members,
            Some(_) => return None,
        };
        for param in beside(operation) {
            params.remove(&param.wire);
            if let Some(value) = self.root.remove(&param.wire) {
                params.insert(param.wire.clone(), value);
            }
        }
        Some(params)
    }
}

/// The parameters that stand beside the payload.
fn beside(operation: &Operation) -> impl Iterator<Item = &Field> {
    let params = operation.facts.params.iter();
    params.filter(|param| param.place == Place::Envelope)
}

impl Engine {
    /// Serves a call, and has it answered on its line.
    async fn called(self: &Arc<Self>, line: &Line, raw: &[u8]) {
        let started = Instant::now();
        let _busy = Busy::new(&self.busy);
        let asked = match Asked::read(&self.vendor, raw) {
            Ok(asked) => asked,
            Err(id) => {
                let refusal = self.vendor.refusal(&self.vendor.texts.malformed);
                line.send(Out::Text(with_id(&self.vendor, id, &refusal.to_string())));
                return;
            }
        };
        let (path, id) = (asked.command.clone(), asked.id.clone());
        let work = self.answered(line, asked, raw);
        let (operation, code) = match timeout(LONGEST, work).await {
            Ok((operation, Some(rendered))) => {
                line.send(Out::Text(with_id(&self.vendor, id, rendered.text())));
                (operation, rendered.code.unwrap_or_default())
            }
            Ok((operation, None)) => (operation, "unanswered".to_owned()),
            Err(_) => (None, "unanswered".to_owned()),
        };
        self.observed(&Served {
            method: "CALL".to_owned(),
            path,
            operation: operation.map(|operation| operation.id().to_owned()),
            code,
            took: started.elapsed(),
        });
    }

    /// What a call is answered with, if it is.
    async fn answered(
        self: &Arc<Self>,
        line: &Line,
        asked: Asked,
        raw: &[u8],
    ) -> (Option<Arc<Operation>>, Option<Rendered>) {
        let vendor = &self.vendor;
        let Some(operation) = vendor.at(&asked.command).next() else {
            let message = vendor.texts.unknown.replace("{path}", &asked.command);
            let refusal = Rendered::refusal(vendor, &message);
            return (None, Some(refusal));
        };
        let params = asked.params(vendor, operation);
        let readable = params.is_some();
        let mut params = params.unwrap_or_default();
        if !self.settings.strict {
            operation.renamed(&mut params);
        }
        let first = vendor.is_first(operation);
        let key = if first {
            let given = operation.params().next();
            let given = given.and_then(|param| params.get(param)?.as_str());
            given.map(str::to_owned)
        } else {
            line.key()
        };
        let call = Arc::new(Received {
            operation: operation.clone(),
            params,
            incoming: request::Incoming {
                body: Bytes::copy_from_slice(raw),
                ..request::Incoming::default()
            },
            authorization: key.clone(),
        });
        lock(&self.calls).add(call.clone());
        let faults = self.planned_faults(operation);
        let rendered = self.executed(&call, readable).await;
        if first && operation.succeeds(rendered.code.as_deref()) {
            *lock(&line.key) = key;
        }
        (Some(operation.clone()), spoil(faults, line, rendered).await)
    }
}

/// Lets go wrong what was planned; none if there is no answer after that.
async fn spoil(faults: Vec<Fault>, line: &Line, rendered: Rendered) -> Option<Rendered> {
    let mut answered = true;
    for fault in faults {
        match fault {
            Fault::Delay(delay) => sleep(delay).await,
            Fault::Silence => answered = false,
            Fault::Deaf => line.send(Out::Deaf),
            Fault::DropAfterSend => line.send(Out::Drop),
            Fault::Garbage => {
                for text in ["", "not json", "[1,2,3]", "{\"event\":"] {
                    line.send(Out::Text(text.to_owned()));
                }
                line.send(Out::Bytes(vec![0xff, 0x00, 0xfe]));
            }
            Fault::Big(bytes) => {
                let long = "x".repeat(bytes);
                line.send(Out::Text(format!(r#"{{"event":"big","data":"{long}"}}"#)));
            }
            Fault::Burst(pushes) => {
                for number in 0..pushes {
                    line.send(Out::Text(format!(r#"{{"event":"burst","data":{number}}}"#)));
                }
            }
            Fault::Status(_) | Fault::Html | Fault::WrongType | Fault::DuplicateCallback => {}
        }
    }
    answered.then_some(rendered)
}

/// The answer with the id of its call, as that was; without one if the call had none.
fn with_id(vendor: &Vendor, id: Option<Value>, body: &str) -> String {
    let (Some(key), Ok(Value::Object(mut answer))) =
        (&vendor.layouts().request.id, serde_json::from_str(body))
    else {
        return body.to_owned();
    };
    match id {
        Some(id) => answer.insert(key.clone(), id),
        None => answer.remove(key),
    };
    Value::Object(answer).to_string()
}
