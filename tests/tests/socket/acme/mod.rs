//! A vendor made up for these tests: a gateway of a few lines, and what a connection to it does when things go wrong.

mod calls;
mod handshake;
mod line;
mod pushes;
mod wss;
use futures_core::Stream;
use futures_sink::Sink;
use generated_sdk::runtime::{
    Api, BodyFormat, Connect, Core, Encode, Envelope, Error, ErrorKind, EventApi, FromObject,
    Handle, Inbound, Input, MessageApi, OnSocket, Opened, Operation, Request, Retry, Secret,
    SocketApi, ToObject, Visit,
};
use generated_sdk::socket::{Pushed, Pushes};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio_websockets::{Message, ServerBuilder, WebSocketStream};

static API: Api = Api {
    authorization: "",
    format: BodyFormat::Json,
    code: &["success"],
    message: &["msg"],
    data: &["data"],
    success: &["true"],
    busy: &[],
    ..Api::new("acme")
};
static AUTH: Operation = Operation {
    fixed: &[("code", "auth")],
    wrap: Some("data"),
    ..Operation::new(&API, "acme_auth", "acme_auth", "auth")
};
static SAY: Operation = Operation {
    fixed: &[("code", "say")],
    wrap: Some("data"),
    ..Operation::new(&API, "acme_say", "acme_say", "say")
};
static SOCKET: SocketApi = SocketApi {
    first: Some(&AUTH),
    within: Duration::from_secs(10),
};
static MESSAGES: MessageApi = MessageApi {
    name: "acme",
    command: "code",
    id: "callId",
    result: None,
    answers: &[],
};
static PUSHES: EventApi = EventApi {
    name: "acme",
    tag: "event",
    tag_inside: false,
    payload: "data",
    deeper: &[],
    empty: &[],
    flat: &[],
    beside: &[],
    probe: &[],
    receiver: &[],
    dedupe: &[],
    coarse: &[],
    order: &[],
    each: &[],
    addressed: None,
};
const KEY: &str = "k3y-of-the-account";

struct Auth(Secret);

impl ToObject for Auth {
    fn members(&self, visit: Visit<'_>) {
        visit(&[("authKey", &Envelope(&self.0))]);
    }
}

impl Request for Auth {
    type Reply = ();
    type Scope = Client;
    const OPERATION: &'static Operation = &AUTH;
}

/// Says something, and gets it back.
struct Say(String);

impl Say {
    fn new(text: impl std::fmt::Display) -> Self {
        Self(text.to_string())
    }
}

impl ToObject for Say {
    fn members(&self, visit: Visit<'_>) {
        visit(&[("text", &self.0 as &dyn Encode)]);
    }
}

impl Request for Say {
    type Reply = Said;
    type Scope = Client;
    const OPERATION: &'static Operation = &SAY;
}

#[derive(Clone, Debug, Default)]
struct Said {
    text: Option<String>,
}

impl FromObject for Said {
    fn read(&mut self, input: &mut Input<'_>) -> bool {
        input.object(&mut [("text", &mut self.text)])
    }
}

#[derive(Clone, Debug)]
struct Client(Core);

impl From<Core> for Client {
    fn from(core: Core) -> Self {
        Self(core)
    }
}

impl Client {
    /// Makes the call in the middle of which the gateway goes away.
    async fn part(&self) {
        let error = self.say("goodbye").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NoAnswer, "{error}");
    }

    async fn say(&self, text: impl std::fmt::Display) -> Result<String, Error> {
        let reply = self.0.call(&Say::new(text)).await?;
        Ok(reply.data.text.unwrap_or_default())
    }
}

/// What came: the code and the payload.
#[derive(Clone, Debug, PartialEq)]
struct Push(String, String);

impl Inbound for Push {
    const LAYOUT: &'static EventApi = &PUSHES;

    fn read(opened: Opened<'_>) -> Self {
        let code = opened.code().map(|code| code.as_str().to_owned());
        Self(code.unwrap_or_default(), opened.data().as_str().to_owned())
    }

    fn is_typed(&self) -> bool {
        true
    }
}

impl Handle for Client {
    type Inbound = Push;
    const API: &'static Api = &API;
    const MESSAGES: &'static MessageApi = &MESSAGES;
}

impl OnSocket for Client {
    const SOCKET: &'static SocketApi = &SOCKET;
}

/// The gateway's end of a connection.
struct Peer<S = TcpStream>(WebSocketStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> Peer<S> {
    /// The next text; none when the client has gone.
    async fn read(&mut self) -> Option<String> {
        loop {
            let next = poll_fn(|context| Pin::new(&mut self.0).poll_next(context)).await;
            let message = next?.ok()?;
            if message.is_text() {
                return message.as_text().map(str::to_owned);
            }
            if message.is_close() {
                return message.as_close().map(|(code, _)| {
                    let code: u16 = code.into();
                    format!("closed {code}")
                });
            }
        }
    }

    async fn write(&mut self, message: Message) {
        let mut socket = Pin::new(&mut self.0);
        // The client may have gone; what becomes of that is up to the test.
        if poll_fn(|context| socket.as_mut().poll_ready(context))
            .await
            .is_ok()
            && socket.as_mut().start_send(message).is_ok()
        {
            let _gone = poll_fn(|context| socket.as_mut().poll_flush(context)).await;
        }
    }

    async fn text(&mut self, text: impl Into<String>) {
        self.write(Message::text(text.into())).await;
    }

    /// Takes the first call, and agrees.
    async fn greet(&mut self) {
        let first = self.read().await.unwrap();
        assert_eq!(member(&first, "code"), "auth", "{first}");
        assert_eq!(member(&first, "authKey"), KEY);
        let id = member(&first, "callId");
        self.text(format!(r#"{{"callId":"{id}","success":true}}"#))
            .await;
    }

    /// Takes the first call, and goes away in the middle of the second.
    async fn greet_and_leave(&mut self) {
        self.greet().await;
        self.read().await.unwrap();
    }

    async fn answer(&mut self, call: &str) {
        self.text(answer(call)).await;
    }

    /// Answers whatever comes until the client goes.
    async fn serve(&mut self) {
        while let Some(call) = self.read().await {
            if call.starts_with('{') {
                self.answer(&call).await;
            }
        }
    }
}

/// A member of an object, as text.
fn member(text: &str, name: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(text).unwrap();
    value[name].as_str().unwrap_or_default().to_owned()
}

/// The answer that says a call's text back.
fn answer(call: &str) -> String {
    let call: serde_json::Value = serde_json::from_str(call).unwrap();
    serde_json::json!({ "callId": call["callId"], "success": true, "data": call["data"] })
        .to_string()
}

/// Serves each connection by this, which gets its number from 0.
async fn gateway<F>(script: impl Fn(usize, Peer) -> F + Send + Sync + 'static) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/ws", listener.local_addr().unwrap());
    let (script, connections) = (Arc::new(script), Arc::new(AtomicUsize::new(0)));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (script, connections) = (script.clone(), connections.clone());
            tokio::spawn(async move {
                if let Ok((_, socket)) = ServerBuilder::new().accept(stream).await {
                    let number = connections.fetch_add(1, Ordering::Relaxed);
                    script(number, Peer(socket)).await;
                }
            });
        }
    });
    url
}

/// A connection that does not dawdle.
fn connect(url: impl Into<String>) -> Connect<Client> {
    let short = Duration::from_millis(5);
    let quick = Retry::default().attempts(500).within(Duration::MAX);
    Connect::new(url)
        .first(&Auth(Secret::from(KEY)), KEY)
        .no_retry()
        .timeout(Duration::from_secs(20))
        .reconnect(quick.first_wait(short).longest_wait(short))
}

/// The next push or notice, which must come.
async fn next(pushes: &mut Pushes<Push>) -> Pushed<Push> {
    let next = tokio::time::timeout(Duration::from_secs(20), pushes.next());
    next.await.expect("something comes").expect("no end yet")
}
