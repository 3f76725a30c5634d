//! The WebSocket around the engine: calls and answers on one line, pushes between them.

use super::answer::Rendered;
use super::engine::{Busy, Engine, LONGEST, Served, lock};
use super::fault::Fault;
use super::received::Received;
use super::table::{Entry, Socket};
use crate::runtime::Json;
use crate::runtime::socket::race::{First, race};
use futures_core::Stream;
use futures_sink::Sink;
use serde_json::{Map, Value};
use std::future::{pending, poll_fn};
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
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
    pub fn push(&self, event: impl Into<Json>) -> usize {
        let event: Json = event.into();
        self.lines
            .each(|line| line.send(Out::Text(event.as_str().to_owned())))
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

/// Whether a connection that begins asks for the socket: nothing is taken from it.
pub(super) async fn is_meant(stream: &TcpStream, path: &str) -> bool {
    const LOOKS: usize = 400;
    let begin = format!("GET {path}");
    let mut buffer = vec![0; begin.len() + 1];
    for _ in 0..LOOKS {
        let Ok(seen) = stream.peek(&mut buffer).await else {
            return false;
        };
        let seen = &buffer[..seen];
        if seen.len() == buffer.len() {
            return seen.starts_with(begin.as_bytes()) && matches!(seen.last(), Some(b' ' | b'?'));
        }
        if seen.is_empty() || !begin.as_bytes().starts_with(seen) {
            return false;
        }
        sleep(Duration::from_millis(5)).await;
    }
    false
}

/// Serves one connection to its end.
pub(super) async fn serve(stream: TcpStream, socket: &'static Socket, engine: Arc<Engine>) {
    // Small answers leave at once.
    let _ = stream.set_nodelay(true);
    let limits = Limits::default().max_payload_len(Some(engine.body_limit));
    let builder = ServerBuilder::new().limits(limits);
    let Ok(Ok((_, stream))) = timeout(HANDSHAKE, builder.accept(stream)).await else {
        return;
    };
    let (out, outgoing) = mpsc::channel(WAITING);
    let line = Arc::new(Line {
        number: engine.lines.opened.fetch_add(1, Ordering::Relaxed),
        out,
        // Where nothing must come first, a line is ready as it is.
        key: Mutex::new(socket.first.is_empty().then(String::new)),
    });
    lock(&engine.lines.open).push(line.clone());
    let within = engine.greeting_within.unwrap_or(socket.within);
    let connection = Connection {
        stream,
        outgoing,
        socket,
        engine: engine.clone(),
        line: line.clone(),
    };
    connection.run(within).await;
    lock(&engine.lines.open).retain(|open| open.number != line.number);
}

/// A connection at work.
struct Connection {
    stream: WebSocketStream<TcpStream>,
    outgoing: mpsc::Receiver<Out>,
    socket: &'static Socket,
    engine: Arc<Engine>,
    line: Arc<Line>,
}

impl Connection {
    async fn run(mut self, within: Duration) {
        let mut deadline = pin!(sleep(within));
        loop {
            let greeted = self.line.key().is_some();
            let (stream, outgoing) = (&mut self.stream, &mut self.outgoing);
            let message = poll_fn(|context| Pin::new(&mut *stream).poll_next(context));
            let overdue = async {
                if greeted {
                    pending::<()>().await;
                }
                deadline.as_mut().await;
            };
            match race(message, race(outgoing.recv(), overdue)).await {
                First::Left(Some(Ok(message))) => self.arrived(message),
                First::Left(Some(Err(_)) | None) | First::Right(First::Left(None)) => return,
                First::Right(First::Left(Some(out))) => {
                    if !self.leave(out).await {
                        return;
                    }
                }
                First::Right(First::Right(())) => {
                    self.leave(Out::Close).await;
                    return;
                }
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
        let mut stream = Pin::new(&mut self.stream);
        let left = async {
            poll_fn(|context| stream.as_mut().poll_ready(context)).await?;
            stream.as_mut().start_send(message)?;
            poll_fn(|context| stream.as_mut().poll_flush(context)).await
        };
        left.await.is_ok() && !last
    }

    /// A call is answered beside the line, so that a slow one is in nobody's way.
    fn arrived(&self, message: Message) {
        if !message.is_text() {
            return;
        }
        let bytes = message.into_payload().to_vec();
        let (engine, line, socket) = (self.engine.clone(), self.line.clone(), self.socket);
        self.engine.spawn(async move {
            let raw = String::from_utf8_lossy(&bytes).into_owned();
            engine.called(socket, &line, raw).await;
        });
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
    fn read(socket: &Socket, raw: &str) -> Option<Self> {
        let Ok(Value::Object(mut root)) = serde_json::from_str(raw) else {
            return None;
        };
        let command = match root.remove(socket.command)? {
            Value::String(command) => command,
            other => other.to_string(),
        };
        let id = root.remove(socket.id);
        Some(Self { command, id, root })
    }

    /// The parameters, each from where it belongs.
    fn params(mut self, socket: &Socket, entry: &Entry) -> Option<Map<String, Value>> {
        let mut params = match self.root.remove(socket.payload) {
            None | Some(Value::Null) => Map::new(),
            Some(Value::Object(members)) => members,
            Some(_) => return None,
        };
        for param in entry.params.iter().filter(|param| param.beside) {
            params.remove(param.name);
            if let Some(value) = self.root.remove(param.name) {
                params.insert(param.name.to_owned(), value);
            }
        }
        Some(params)
    }
}

impl Engine {
    /// Serves a call, and has it answered on its line.
    async fn called(self: &Arc<Self>, socket: &'static Socket, line: &Line, raw: String) {
        let started = Instant::now();
        let _busy = Busy::new(&self.busy);
        let Some(asked) = Asked::read(socket, &raw) else {
            let refusal = self.table.refusal(self.table.texts.malformed);
            line.send(Out::Text(refusal.to_string()));
            return;
        };
        let (path, id) = (asked.command.clone(), asked.id.clone());
        let work = self.answered(socket, line, asked, raw);
        let (operation, code) = match timeout(LONGEST, work).await {
            Ok((operation, Some(rendered))) => {
                line.send(Out::Text(with_id(socket, id, &rendered.body)));
                (operation, rendered.code.unwrap_or_default())
            }
            Ok((operation, None)) => (operation, "unanswered".to_owned()),
            Err(_) => (None, "unanswered".to_owned()),
        };
        self.observed(&Served {
            method: "CALL".to_owned(),
            path,
            operation,
            code,
            took: started.elapsed(),
        });
    }

    /// What a call is answered with, if it is.
    async fn answered(
        self: &Arc<Self>,
        socket: &'static Socket,
        line: &Line,
        asked: Asked,
        raw: String,
    ) -> (Option<&'static str>, Option<Rendered>) {
        let table = self.table;
        let refused = |message: &str| Rendered::json(table, &table.refusal(message));
        let Some(entry) = table.at(&asked.command).next() else {
            let message = table.texts.unknown.replace("{path}", &asked.command);
            return (None, Some(refused(&message)));
        };
        let params = asked.params(socket, entry);
        let readable = params.is_some();
        let params = params.unwrap_or_default();
        let first = entry.path == socket.first;
        let given = || entry.params.iter().find(|param| param.beside);
        let key = if first {
            let given = given().and_then(|param| params.get(param.name));
            given.and_then(Value::as_str).map(str::to_owned)
        } else {
            line.key()
        };
        let call = Arc::new(Received {
            entry,
            params,
            raw,
            authorization: key.clone(),
            headers: Vec::new(),
        });
        self.remember(&call);
        let faults = self.planned_faults(entry);
        let rendered = self.executed(&call, readable).await;
        if first && rendered.code.as_deref() == Some(entry.success) {
            *lock(&line.key) = key;
        }
        (Some(entry.id), spoil(faults, line, rendered).await)
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
fn with_id(socket: &Socket, id: Option<Value>, body: &str) -> String {
    let Ok(Value::Object(mut answer)) = serde_json::from_str(body) else {
        return body.to_owned();
    };
    match id {
        Some(id) => answer.insert(socket.id.to_owned(), id),
        None => answer.remove(socket.id),
    };
    Value::Object(answer).to_string()
}

#[cfg(test)]
mod tests;
