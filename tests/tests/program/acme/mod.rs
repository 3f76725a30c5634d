//! A hub of a vendor made up for these tests, and programs that come to it over real sockets.

mod aborted;
use generated_sdk::program::{Hub, HubBuilder, Program, Undelivered};
use generated_sdk::runtime::{
    Addresses, Answered, Api, Call, Core, Error, ErrorKind, EventApi, Handle, Inbound, Json,
    MessageApi, Opened, Operation, Request, ResultLayout, Scalar, ToObject, Visit,
};
use generated_sdk::server::{Deliveries, Delivery};
use std::error::Error as _;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

static API: Api = Api::program("acme/2");

static ADDRESSES: Addresses = Addresses {
    events: "/events",
    commands: Some("/commands"),
    account: "who",
    process: "pid",
    event_account: &["who"],
    event_process: &["process"],
};

static EVENTS: EventApi = EventApi {
    name: "acme/2",
    tag: "action",
    tag_inside: false,
    payload: "data",
    deeper: &[],
    empty: &[],
    flat: &[],
    beside: &[],
    probe: &[],
    receiver: &["who"],
    dedupe: &[],
    coarse: &[],
    order: &[],
    each: &[],
    addressed: None,
};

/// An event; typed if its action is `text` or `answered`.
#[derive(Clone, Debug)]
struct Event(Option<Scalar>, Json);

impl Inbound for Event {
    const LAYOUT: &'static EventApi = &EVENTS;

    fn read(opened: Opened<'_>) -> Self {
        Self(opened.code().cloned(), opened.data())
    }

    fn is_typed(&self) -> bool {
        let code = self.0.as_ref().map(Scalar::as_str);
        matches!(code, Some("text" | "answered"))
    }
}

/// Commands with results, or, with `false`, without.
#[derive(Clone, Debug)]
struct Bot<const RESULTS: bool>(Core);

impl<const RESULTS: bool> From<Core> for Bot<RESULTS> {
    fn from(core: Core) -> Self {
        Self(core)
    }
}

impl<const RESULTS: bool> Handle for Bot<RESULTS> {
    type Inbound = Event;
    const API: &'static Api = &API;
    const MESSAGES: &'static MessageApi = &MessageApi {
        name: "acme/2",
        command: "api",
        id: "sendId",
        result: match RESULTS {
            true => Some(&ResultLayout {
                id: "sendId",
                outcome: "sendResult",
                reason: "errorReason",
            }),
            false => None,
        },
        answers: &[Answered {
            command: "ask",
            events: &["answered"],
            same: &[("mark", "mark")],
        }],
    };
}

impl<const RESULTS: bool> Program for Bot<RESULTS> {
    const ADDRESSES: &'static Addresses = &ADDRESSES;
}

static SEND: Operation = Operation {
    fixed: &[("api", "send")],
    wrap: Some("option"),
    ..Operation::new(&API, "acme_send", "acme_send", "send")
};
static ASK: Operation = Operation {
    fixed: &[("api", "ask")],
    wrap: Some("option"),
    ..Operation::new(&API, "acme_ask", "acme_ask", "ask")
};

/// A command whose result is all that comes of it.
struct Send(&'static str);

/// A command that an event answers.
struct Ask(&'static str);

impl ToObject for Send {
    fn members(&self, visit: Visit<'_>) {
        visit(&[("text", &self.0.to_owned())]);
    }
}

impl ToObject for Ask {
    fn members(&self, visit: Visit<'_>) {
        visit(&[("mark", &self.0.to_owned())]);
    }
}

impl Request for Send {
    type Reply = Option<Json>;
    type Scope = ();
    const OPERATION: &'static Operation = &SEND;
}

impl Request for Ask {
    type Reply = Option<Json>;
    type Scope = ();
    const OPERATION: &'static Operation = &ASK;
}

impl<const RESULTS: bool> Bot<RESULTS> {
    fn send(&self, text: &'static str) -> Call<Option<Json>> {
        self.0.call(&Send(text)).timeout(LONG)
    }

    fn ask(&self, mark: &'static str) -> Call<Option<Json>> {
        self.0.call(&Ask(mark)).timeout(LONG)
    }
}

const LONG: Duration = Duration::from_secs(20);

/// A hub that listens, and what it tells.
struct Running<const RESULTS: bool> {
    hub: Hub<Bot<RESULTS>>,
    deliveries: Deliveries<Event>,
    address: SocketAddr,
}

impl<const RESULTS: bool> Running<RESULTS> {
    async fn start() -> Self {
        Self::of(Hub::builder().unprotected()).await
    }

    async fn of(builder: HubBuilder<Bot<RESULTS>>) -> Self {
        let (hub, deliveries) = builder.stream().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let serving = hub.clone();
        tokio::spawn(async move { serving.serve_on(listener).await });
        Self {
            hub,
            deliveries,
            address,
        }
    }

    async fn ask(&self, request: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let head = format!(
            "{request} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = String::new();
        let read = timeout(LONG, stream.read_to_string(&mut answer)).await;
        read.unwrap().unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let (_, body) = answer.split_once("\r\n\r\n").unwrap();
        (status, body.to_owned())
    }

    async fn poll(&self, query: &str) -> String {
        let (status, body) = self.ask(&format!("GET /commands?{query}"), "").await;
        assert_eq!(status, 200);
        body
    }

    /// Asks until there is something.
    async fn fetch(&self, query: &str) -> String {
        loop {
            let answer = self.poll(query).await;
            if answer != "[]" {
                return answer;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    async fn post(&self, body: &str) -> String {
        let (status, answer) = self.ask("POST /events", body).await;
        assert_eq!(status, 200);
        answer
    }

    async fn next(&mut self) -> Delivery<Event> {
        let handed = timeout(LONG, self.deliveries.next())
            .await
            .unwrap()
            .unwrap();
        let delivery = handed.delivery.clone();
        handed.done();
        delivery
    }
}

fn id(commands: &str) -> String {
    let (_, rest) = commands.split_once("\"sendId\":\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

fn result(id: &str, reason: &str) -> String {
    format!(
        r#"{{"action":"","who":"w","data":{{"sendId":"{id}","sendResult":"ok","errorReason":"{reason}"}}}}"#
    )
}

fn failed(
    result: Result<generated_sdk::Reply<Option<Json>>, Error>,
) -> (ErrorKind, Undelivered, String) {
    let error = result.unwrap_err();
    let why = *error.source().unwrap().downcast_ref().unwrap();
    (error.kind(), why, error.to_string())
}

#[tokio::test]
async fn a_command_goes_out_once_and_its_result_comes_back() {
    let server = Running::<true>::start().await;
    assert_eq!(server.poll("who=w&pid=7").await, "[]");
    let bot = server.hub.bot("w");
    let (reply, fetched) = tokio::join!(bot.send("hi"), async {
        assert_eq!(server.poll("who=v&pid=7").await, "[]", "another account");
        let fetched = server.fetch("who=w&pid=7").await;
        assert_eq!(server.poll("who=w&pid=7").await, "[]", "once");
        assert_eq!(server.post(&result(&id(&fetched), "")).await, "[]");
        fetched
    });
    let expected = format!(
        r#"[{{"sendId":"{}","api":"send","option":{{"text":"hi"}}}}]"#,
        id(&fetched)
    );
    assert_eq!(fetched, expected);
    let data = reply.unwrap().data.unwrap();
    assert!(data.as_str().contains("\"sendResult\":\"ok\""), "{data}");
    assert_eq!(server.hub.counters().settled, 1);
}

#[tokio::test]
async fn what_the_program_did_not_do_is_the_vendors_refusal() {
    let server = Running::<true>::start().await;
    let bot = server.hub.bot("w");
    let (reply, ()) = tokio::join!(bot.send("hi"), async {
        let fetched = server.fetch("who=w").await;
        server.post(&result(&id(&fetched), "no such friend")).await;
    });
    let error = reply.unwrap_err();
    assert_eq!(
        (error.kind(), error.message()),
        (ErrorKind::Vendor, Some("no such friend"))
    );
    assert!(!error.may_have_been_executed());
}

#[tokio::test]
async fn a_result_that_nobody_waits_for_arrives_as_an_event_and_its_repetition_does_not() {
    let mut server = Running::<true>::start().await;
    server.hub.enqueue("w", &Send("left")).await.unwrap();
    let fetched = server.fetch("who=w").await;
    let late = result(&id(&fetched), "");
    server.post(&late).await;
    server.post(&late).await;
    server.post(&result("1234", "")).await;
    server
        .post(r#"{"action":"text","who":"w","data":{}}"#)
        .await;
    assert!(
        server
            .next()
            .await
            .callback
            .1
            .as_str()
            .contains(&id(&fetched))
    );
    assert!(server.next().await.callback.1.as_str().contains("1234"));
    assert_eq!(server.next().await.callback.0.unwrap(), *"text");
}

#[tokio::test]
async fn the_answer_to_an_event_has_commands_too() {
    let server = Running::<true>::start().await;
    let (first, second) = (server.hub.bot("w"), server.hub.bot_at("", "9"));
    let event = r#"{"action":"text","who":"w","data":{"process":"9"}}"#;
    let calls = async { tokio::join!(first.send("a"), second.send("b")) };
    let (replies, ()) = tokio::join!(calls, async {
        let mut fetched = Vec::new();
        while fetched.len() < 2 {
            let answer = server.post(event).await;
            let parts = answer.split("},{").filter(|part| part.contains("sendId"));
            fetched.extend(parts.map(id));
        }
        for id in fetched {
            server.post(&result(&id, "")).await;
        }
    });
    assert!(replies.0.is_ok() && replies.1.is_ok());
}

#[tokio::test]
async fn a_command_that_is_not_fetched_is_withdrawn_and_says_so() {
    let server = Running::<true>::start().await;
    let bot = server.hub.bot("w");
    let reply = bot.send("hi").timeout(Duration::from_millis(50)).await;
    let (kind, why, text) = failed(reply);
    assert_eq!(kind, ErrorKind::NotSent);
    assert!(matches!(why, Undelivered::NotFetched { .. }));
    assert!(text.contains("withdrawn"), "{text}");
    assert_eq!(server.poll("who=w").await, "[]");
}

#[tokio::test]
async fn a_command_without_result_may_have_been_executed() {
    let server = Running::<true>::start().await;
    let bot = server.hub.bot("w");
    let call = bot.send("hi").timeout(Duration::from_millis(1500));
    let (reply, _) = tokio::join!(call, server.fetch("who=w"));
    let error = reply.unwrap_err();
    assert!(
        error.may_have_been_executed() && error.is_timeout(),
        "{error}"
    );
    assert!(
        error.to_string().contains("has fetched the command"),
        "{error}"
    );
}

#[tokio::test]
async fn a_full_queue_says_so() {
    let server = Running::<true>::of(Hub::builder().unprotected().bound(2)).await;
    for _ in 0..2 {
        server.hub.enqueue("w", &Send("x")).await.unwrap();
    }
    let (kind, why, text) = failed(server.hub.bot("w").send("y").await);
    assert_eq!(
        (kind, why),
        (ErrorKind::NotSent, Undelivered::Full { most: 2 })
    );
    assert!(text.contains("2 commands of this bot"), "{text}");
    assert!(server.hub.enqueue("w", &Send("x")).await.is_err());
    server.hub.enqueue("v", &Send("x")).await.unwrap();
}

#[tokio::test]
async fn a_call_that_is_dropped_takes_its_command_along() {
    let server = Running::<true>::start().await;
    let bot = server.hub.bot("w");
    let dropped = timeout(Duration::from_millis(30), async { bot.send("hi").await }).await;
    assert!(dropped.is_err());
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert_eq!(server.poll("who=w").await, "[]");
}

#[tokio::test]
async fn without_results_a_command_is_done_when_it_is_fetched() {
    let server = Running::<false>::start().await;
    let bot = server.hub.bot("w");
    let (reply, _) = tokio::join!(bot.send("hi"), server.fetch("who=w"));
    assert!(reply.unwrap().data.is_none());
    assert_eq!(server.poll("who=w").await, "[]");
}

async fn an_event_answers<const RESULTS: bool>() {
    let server = Running::<RESULTS>::start().await;
    let bot = server.hub.bot("w");
    let calls = async { tokio::join!(bot.ask("a"), bot.ask("b")) };
    let event = |mark: &str, n| {
        format!(r#"{{"action":"answered","who":"w","data":{{"mark":"{mark}","n":{n}}}}}"#)
    };
    let (replies, ()) = tokio::join!(calls, async {
        let mut fetched = Vec::new();
        while fetched.len() < 2 {
            let answer = server.fetch("who=w").await;
            fetched.extend(answer.split("},{").map(id));
        }
        for id in fetched {
            server.post(&result(&id, "")).await;
        }
        server.post(&event("c", 0)).await;
        server.post(&event("b", 2)).await;
        server.post(&event("a", 1)).await;
    });
    let data = |reply: Result<generated_sdk::Reply<Option<Json>>, Error>| {
        reply.unwrap().data.unwrap().to_string()
    };
    assert_eq!(data(replies.0), r#"{"mark":"a","n":1}"#);
    assert_eq!(data(replies.1), r#"{"mark":"b","n":2}"#);
}

#[tokio::test]
async fn the_event_with_the_same_values_answers_a_command() {
    an_event_answers::<true>().await;
    an_event_answers::<false>().await;
}

#[tokio::test]
async fn a_success_without_its_event_is_a_success_without_data() {
    let server = Running::<true>::start().await;
    let bot = server.hub.bot("w");
    let call = bot.ask("a").timeout(Duration::from_millis(1500));
    let (reply, ()) = tokio::join!(call, async {
        let fetched = server.fetch("who=w").await;
        server.post(&result(&id(&fetched), "")).await;
    });
    assert!(reply.unwrap().data.is_none());
}

#[tokio::test]
async fn only_who_knows_the_secret_gets_commands() {
    let builder = Hub::<Bot<true>>::builder()
        .secret_path("hush")
        .commands_path("/a/b");
    let shown = format!("{builder:?}");
    assert!(!shown.contains("hush"), "{shown}");
    let server = Running::of(builder).await;
    server.hub.enqueue("w", &Send("x")).await.unwrap();
    assert_eq!(server.hub.events_path(), "/events/hush");
    assert_eq!(server.hub.commands_path().as_deref(), Some("/a/b/hush"));
    for path in [
        "/a/b?who=w",
        "/a/b/?who=w",
        "/a/b/husH?who=w",
        "/commands?who=w",
    ] {
        let (status, body) = server.ask(&format!("GET {path}"), "").await;
        assert_eq!((status, body.as_str()), (404, ""), "{path}");
    }
    let (status, body) = server.ask("GET /a/b/hush?who=w", "").await;
    assert!(status == 200 && body.contains("\"x\""), "{body}");
    assert!(
        Hub::<Bot<true>>::builder().stream().is_err(),
        "unprotected by accident"
    );
    let odd = Hub::<Bot<true>>::builder().unprotected().commands_path("x");
    assert!(odd.stream().is_err());
}

#[tokio::test]
async fn a_command_of_ones_own_is_an_object_without_an_id() {
    let server = Running::<true>::start().await;
    let bot = server.hub.bot("w");
    for body in ["[]", "1", r#"{"sendId":"mine"}"#] {
        let call = bot.0.call_raw(&SEND, "own", body.parse::<Json>().unwrap());
        let (kind, why, _) = failed(call.await);
        assert_eq!((kind, why), (ErrorKind::NotSent, Undelivered::NoCommand));
    }
    let call = bot
        .0
        .call_raw(&SEND, "own", r#" { } "#.parse::<Json>().unwrap());
    let (reply, fetched) = tokio::join!(call, async {
        let fetched = server.fetch("who=w").await;
        server.post(&result(&id(&fetched), "")).await;
        fetched
    });
    assert!(reply.is_ok());
    assert!(
        fetched.starts_with("[{\"sendId\":\"") && fetched.contains("\" }"),
        "{fetched}"
    );
}
