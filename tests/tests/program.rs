//! The server for programs that fetch their commands, and programs that come to it over real sockets.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use generated_sdk::runtime::mock::program::{Executed, Fault, Program, Unposted, Verdict};
use generated_sdk::runtime::program::Undelivered;
use generated_sdk::server::Delivery;
use generated_sdk::wequick::v1;
use generated_sdk::wequick::v2::callback::{Callback, Event};
use generated_sdk::wequick::v2::qi_ta::{GetSqlData, GetSqlDataRequired};
use generated_sdk::wequick::v2::qun_xiang_guan::CreateChatRoom;
use generated_sdk::wequick::v2::xiao_xi_xiang_guan::{SendAtTextMessage, SendTextMessage};
use generated_sdk::wequick::v2::{Bot, Hub, HubBuilder, mock};
use generated_sdk::{ErrorKind, Json};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{sleep, timeout};

const LONG: Duration = Duration::from_secs(40);
const ACCOUNT: &str = "wxid_example";

/// A hub that listens, and the events that it hands over.
struct Listening {
    hub: Hub,
    url: String,
    events: UnboundedReceiver<Delivery<Callback>>,
}

impl Listening {
    async fn start() -> Self {
        Self::of(Hub::builder().unprotected()).await
    }

    async fn of(builder: HubBuilder) -> Self {
        let (to, events) = unbounded_channel();
        let hub = builder.start(move |delivery, _| {
            let _ = to.send(delivery);
            async {}
        });
        let hub = hub.expect("starts");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("bound"));
        let serving = hub.clone();
        tokio::spawn(async move { serving.serve_on(listener).await });
        Self { hub, url, events }
    }

    async fn next(&mut self) -> Callback {
        soon(self.events.recv()).await.expect("an event").callback
    }

    /// A request as it is written, and its answer: the status, and what follows the head.
    async fn ask(&self, line: &str, body: &[u8]) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.url[7..]).await.expect("connects");
        let length = body.len();
        let head = format!(
            "{line} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
        );
        let request = [head.as_bytes(), body].concat();
        stream.write_all(&request).await.expect("writes");
        let mut answer = String::new();
        let _ = soon(stream.read_to_string(&mut answer)).await;
        let status = answer.split(' ').nth(1).and_then(|s| s.parse().ok());
        let (_, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
        (status.unwrap_or(0), body.to_owned())
    }
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(LONG, future).await.expect("in time")
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < LONG, "{what}");
        sleep(Duration::from_millis(5)).await;
    }
}

fn text(
    bot: &Bot,
    text: &str,
) -> generated_sdk::Call<generated_sdk::wequick::v2::callback::CommandResult> {
    let message = SendTextMessage::new("wxid_friend", text);
    bot.xiao_xi_xiang_guan()
        .send_text_message(message)
        .timeout(LONG)
}

fn sql(mark: &str) -> GetSqlData {
    GetSqlData::new(GetSqlDataRequired {
        sql: "select 1".to_owned(),
        db: "MicroMsg.db".to_owned().into(),
        extend: mark.to_owned(),
    })
}

fn fast(url: &str) -> generated_sdk::runtime::mock::program::Builder {
    mock::program(url).poll_every(Duration::from_millis(10))
}

fn texts(program: &Program) -> Vec<String> {
    program
        .executed()
        .iter()
        .map(|done| done.text("text"))
        .collect()
}

// ---- Commands and results ----

#[tokio::test]
async fn a_command_is_executed_and_its_result_comes_back() {
    let server = Listening::start().await;
    let program = fast(&server.url).start().expect("starts");
    let reply = text(&server.hub.bot(ACCOUNT), "你好")
        .await
        .expect("executed");
    assert_eq!(reply.data.send_result.as_deref(), Some("1"));
    assert_eq!(reply.data.error_reason, None);
    let executed = program.executed();
    assert_eq!(
        (executed.len(), executed[0].name.as_str()),
        (1, "sendTextMessage")
    );
    assert_eq!(reply.data.send_id.as_deref(), Some(&*executed[0].id));
    assert_eq!(executed[0].text("wxid"), "wxid_friend");
    assert_eq!(executed[0].text("text"), "你好");
}

#[tokio::test]
async fn the_programs_reason_is_the_error() {
    let server = Listening::start().await;
    let refuse = |_: &Executed| Verdict::Refused("not a friend".to_owned());
    let _program = fast(&server.url).judge(refuse).start().expect("starts");
    let error = text(&server.hub.bot(ACCOUNT), "x")
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Vendor);
    assert_eq!(error.message(), Some("not a friend"));
    let bot = server.hub.bot(ACCOUNT);
    let error = bot
        .call_raw("makeCoffee", Json::object([("a", Json::from(1))]))
        .await;
    assert_eq!(
        error.expect_err("refused").message(),
        Some("not a friend")
            .filter(|_| false)
            .or(Some("unknown command makeCoffee"))
    );
}

#[tokio::test]
async fn documented_limits_are_kept_before_anything_is_queued() {
    let server = Listening::start().await;
    let bot = server.hub.bot(ACCOUNT);
    let messages = bot.xiao_xi_xiang_guan();
    for (text, at) in [
        ("{$@} hi", vec![]),
        ("hi", vec!["a"]),
        ("{$@}{$@}", vec!["a"]),
    ] {
        let call = messages.send_at_text_message(SendAtTextMessage::new("1@chatroom", text, at));
        let error = call.await.expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::Misuse, "{error}");
        assert!(error.to_string().contains("{$@}"), "{error}");
    }
    let alone = CreateChatRoom::new(["a"]);
    let error = bot
        .qun_xiang_guan()
        .create_chat_room(alone)
        .await
        .expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Misuse, "{error}");
    let enqueued = server
        .hub
        .enqueue(ACCOUNT, &CreateChatRoom::new(["a"]))
        .await;
    assert_eq!(enqueued.expect_err("refused").kind(), ErrorKind::Misuse);
    assert_eq!(
        server
            .ask(&format!("GET /send_msg?wxid={ACCOUNT}&pid=1"), b"")
            .await
            .1,
        "[]"
    );
    let program = fast(&server.url).start().expect("starts");
    let fits = SendAtTextMessage::new("1@chatroom", "{$@} hi", ["a"]);
    soon(async { messages.send_at_text_message(fits).await })
        .await
        .expect("executed");
    assert_eq!(program.executed().len(), 1);
}

#[tokio::test]
async fn the_event_that_answers_a_command_is_its_reply() {
    let mut server = Listening::start().await;
    let _program = fast(&server.url).start().expect("starts");
    let bot = server.hub.bot(ACCOUNT);
    let (one, two) = (bot.qi_ta(), bot.qi_ta());
    let (one, two) =
        soon(async { tokio::join!(one.get_sql_data(sql("1")), two.get_sql_data(sql("2"))) }).await;
    assert_eq!(one.expect("answered").data.extend.as_deref(), Some("1"));
    assert_eq!(two.expect("answered").data.extend.as_deref(), Some("2"));
    // The events are events all the same; the results were only results.
    for _ in 0..2 {
        assert!(matches!(server.next().await.event, Event::SqlData(_)));
    }
    assert_eq!(server.hub.counters().settled, 2);
}

#[tokio::test]
async fn nobody_is_there() {
    let server = Listening::start().await;
    let call = text(&server.hub.bot(ACCOUNT), "x").timeout(Duration::from_millis(100));
    let error = call.await.expect_err("nobody");
    assert_eq!(
        (error.kind(), error.is_timeout()),
        (ErrorKind::NotSent, true)
    );
    assert!(!error.may_have_been_executed(), "{error}");
    let source = std::error::Error::source(&error).expect("a reason");
    let why = source.downcast_ref::<Undelivered>();
    assert!(
        matches!(why, Some(Undelivered::NotFetched { .. })),
        "{why:?}"
    );
    let program = fast(&server.url).start().expect("starts");
    until("it polls", || program.numbers().polls > 5).await;
    assert!(program.executed().is_empty(), "it was withdrawn");
}

#[tokio::test]
async fn a_program_that_says_nothing_may_have_executed_it() {
    let server = Listening::start().await;
    let program = fast(&server.url)
        .fault(Fault::Silent)
        .start()
        .expect("starts");
    let call = text(&server.hub.bot(ACCOUNT), "x").timeout(Duration::from_millis(500));
    let error = call.await.expect_err("no result");
    assert!(
        error.may_have_been_executed() && error.is_timeout(),
        "{error}"
    );
    assert_eq!(texts(&program), ["x"]);
}

#[tokio::test]
async fn an_account_a_process_or_both_can_be_meant() {
    let server = Listening::start().await;
    let start = |account: &str, process: &str| {
        fast(&server.url)
            .account(account)
            .process(process)
            .start()
            .expect("starts")
    };
    let programs = [
        start("a", "1"),
        start("b", "1"),
        start("", "2"),
        start("c", "3"),
    ];
    for (bot, words) in [
        (server.hub.bot("a"), "a"),
        (server.hub.bot_at("b", "1"), "b"),
        (server.hub.bot_at("", "2"), "nobody"),
        (server.hub.bot_at("", "3"), "c"),
    ] {
        soon(async { text(&bot, words).await })
            .await
            .expect("executed");
    }
    let done: Vec<Vec<String>> = programs.iter().map(texts).collect();
    assert_eq!(done, [["a"], ["b"], ["nobody"], ["c"]]);
    let wrong = text(&server.hub.bot_at("a", "9"), "x").timeout(Duration::from_millis(100));
    assert_eq!(wrong.await.expect_err("nobody").kind(), ErrorKind::NotSent);
}

#[tokio::test]
async fn commands_come_with_the_answers_to_events_alone() {
    let server = Listening::start().await;
    let program = fast(&server.url)
        .no_poll()
        .events_every(Duration::from_millis(10));
    let program = program.start().expect("starts");
    soon(async { text(&server.hub.bot(ACCOUNT), "x").await })
        .await
        .expect("executed");
    assert_eq!(
        (texts(&program), program.numbers().polls),
        (vec!["x".to_owned()], 0)
    );
}

// ---- The first version ----

#[tokio::test]
async fn the_first_version_knows_that_a_command_was_fetched_and_what_an_event_says() {
    use v1::fa_song_xiao_xi::SendTextMessage;
    use v1::qun_cao_zuo::{GetRoomUserV2, GetRoomUserV2Required};
    let hub = v1::Hub::builder()
        .unprotected()
        .start(|_, _| async {})
        .expect("starts");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let serving = hub.clone();
    tokio::spawn(async move { serving.serve_on(listener).await });
    let bot = hub.bot(ACCOUNT);
    let nobody = bot
        .fa_song_xiao_xi()
        .send_text_message(SendTextMessage::new("w", "lost"));
    let error = nobody
        .timeout(Duration::from_millis(80))
        .await
        .expect_err("nobody");
    assert_eq!(error.kind(), ErrorKind::NotSent);
    let program = v1::mock::program(&*url).poll_every(Duration::from_millis(10));
    let program = program.start().expect("starts");
    let call = bot
        .fa_song_xiao_xi()
        .send_text_message(SendTextMessage::new("w", "hi").time(1));
    soon(async { call.await }).await.expect("fetched");
    let member = GetRoomUserV2::new(GetRoomUserV2Required {
        chat_room: "1@chatroom".into(),
        wxid: "wxid_a".into(),
    });
    let reply = soon(async { bot.qun_cao_zuo().get_room_user_v2(member).await }).await;
    assert!(reply.expect("answered").raw_data().contains("getcontact"));
    let executed = program.executed();
    assert_eq!(executed.len(), 2);
    let flat: Value = executed[0].params.deserialize().expect("an object");
    assert_eq!(
        (&flat["api"], &flat["wxid"], &flat["time"]),
        (&json!("sendTextMessage"), &json!("w"), &json!(1))
    );
    assert_eq!(flat["sendId"], json!(executed[0].id));
}

// ---- Events ----

#[tokio::test]
async fn every_documented_event_arrives_typed() {
    let mut server = Listening::start().await;
    let program = mock::program(&*server.url).no_poll();
    let program = program
        .events_every(Duration::from_millis(1))
        .start()
        .expect("starts");
    let mut kinds = BTreeSet::new();
    while kinds.len() < 46 {
        let callback = server.next().await;
        assert!(
            !matches!(
                callback.event,
                Event::Unknown { .. } | Event::Unreadable { .. }
            ),
            "{callback:?}"
        );
        assert_eq!(callback.cwxid.as_ref().map(|id| id.as_str()), Some(ACCOUNT));
        let shown = format!("{:?}", callback.event);
        kinds.insert(shown.split('(').next().map(str::to_owned));
    }
    assert_eq!(program.numbers().failed, 0);
}

#[tokio::test]
async fn both_envelopes_every_spelling_of_nobody_and_unknown_actions() {
    let mut server = Listening::start().await;
    let message = |id: &str| json!({"msgid": id, "message": "hi", "wxidFrom": "wxid_a"});
    let bare = |account: Value, id: &str| json!({"action": "reportTextMessage", "cwxid": account, "data": message(id)});
    let mut absent = bare(Value::Null, "1");
    absent.as_object_mut().expect("an object").remove("cwxid");
    let posts = [
        bare(json!("w"), "2"),
        bare(Value::Null, "3"),
        absent,
        json!({"data": bare(json!("w"), "4")}),
        json!({"action": "reportTextMessage", "data": {"msg": message("5")}}),
        json!({"data": {"action": "reportTextMessage", "data": {"info": message("6")}}}),
    ];
    for post in posts {
        let (status, answer) = server
            .ask("POST /recieve_msg", post.to_string().as_bytes())
            .await;
        assert_eq!((status, answer.as_str()), (200, "[]"), "{post}");
        let callback = server.next().await;
        let Event::TextMessage(text) = callback.event else {
            panic!("{post}: {callback:?}");
        };
        assert_eq!(text.message.as_deref(), Some("hi"), "{post}");
    }
    let unknown = json!({"action": "loginStatus", "cwxid": null, "data": {"x": [18_446_744_073_709_551_615_u64]}});
    server
        .ask("POST /recieve_msg", unknown.to_string().as_bytes())
        .await;
    let Event::Unknown { code, data } = server.next().await.event else {
        panic!("nothing that is documented");
    };
    assert_eq!(
        (code.as_str(), data.as_str()),
        ("loginStatus", r#"{"x":[18446744073709551615]}"#)
    );
    let odd = json!({"action": "reportTextMessage", "cwxid": "w", "data": "text"});
    server
        .ask("POST /recieve_msg", odd.to_string().as_bytes())
        .await;
    assert!(matches!(
        server.next().await.event,
        Event::Unreadable { .. }
    ));
}

#[tokio::test]
async fn hostile_requests_cost_one_refusal() {
    let mut server = Listening::start().await;
    let deep = format!(
        r#"{{"action":"reportTextMessage","data":{}1{}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    for body in [deep.as_bytes(), b"\xff", b"{", b"", b"hello"] {
        assert_eq!(server.ask("POST /recieve_msg", body).await.0, 400);
    }
    let large = vec![b' '; 3 << 20];
    assert!(matches!(
        server.ask("POST /recieve_msg", &large).await.0,
        413 | 0
    ));
    let long = "a".repeat(9000);
    for query in [
        "",
        "?",
        "?wxid",
        "?wxid=%",
        "?wxid=%ff&pid=%00",
        "?pid=1&pid=2",
        "?wxid=null&pid=0",
        &format!("?wxid={long}"),
    ] {
        let (status, answer) = server.ask(&format!("GET /send_msg{query}"), b"").await;
        assert_eq!((status, answer.as_str()), (200, "[]"), "{query}");
    }
    for result in [
        json!({"data": {"sendId": "8859663", "sendResult": ""}}),
        json!({"action": "", "data": {"sendId": "x".repeat(10_000), "sendResult": {}, "errorReason": []}}),
        json!({"action": [], "cwxid": {}, "data": {"sendId": 7, "errorReason": "x"}}),
    ] {
        let (status, answer) = server
            .ask("POST /recieve_msg", result.to_string().as_bytes())
            .await;
        assert_eq!((status, answer.as_str()), (200, "[]"), "{result}");
        server.next().await;
    }
    assert_eq!(server.ask("GET /recieve_msg", b"").await.0, 405);
    assert_eq!(server.ask("GET /elsewhere", b"").await.0, 404);
    let _program = fast(&server.url).start().expect("starts");
    soon(async { text(&server.hub.bot(ACCOUNT), "x").await })
        .await
        .expect("as before");
}

// ---- Bad days ----

#[tokio::test]
async fn programs_on_bad_days() {
    let server = Listening::start().await;
    let late = Fault::Late(Duration::from_millis(50));
    let start = |account: &str, faults: &[Fault]| {
        let program = fast(&server.url)
            .account(account)
            .events_every(Duration::from_millis(5));
        let program = faults
            .iter()
            .fold(program, |program, fault| program.fault(*fault));
        program.start().expect("starts")
    };
    let programs = [
        ("duplicate", start("duplicate", &[Fault::Duplicate])),
        ("late", start("late", &[late])),
        ("malformed", start("malformed", &[Fault::Malformed])),
        (
            "all",
            start("all", &[Fault::Duplicate, late, Fault::Malformed]),
        ),
    ];
    for (account, program) in &programs {
        let bot = server.hub.bot(account);
        for words in ["1", "2", "3"] {
            let reply = soon(async { text(&bot, words).await })
                .await
                .expect("executed");
            assert_eq!(reply.data.error_reason, None);
        }
        assert_eq!(texts(program), ["1", "2", "3"], "{account}: each once");
    }
    until("malformed posts are refused", || {
        server.hub.counters().refused > 0
    })
    .await;
    assert!(programs[2].1.numbers().failed > 0);
}

#[tokio::test]
async fn what_a_process_took_along_is_done_by_the_next() {
    let server = Listening::of(
        Hub::builder()
            .unprotected()
            .lease(Duration::from_millis(200)),
    )
    .await;
    // The first process fetches and never reports; the next one has another pid.
    let late = Fault::Late(Duration::from_millis(100));
    let program = fast(&server.url).fault(late).start().expect("starts");
    let bot = server.hub.bot(ACCOUNT);
    let (reply, first) = tokio::join!(
        async { soon(async { text(&bot, "x").await }).await },
        async {
            until("it is fetched", || program.numbers().fetched == 1).await;
            let first = program.process();
            program.restart();
            first
        }
    );
    reply.expect("executed by the next process");
    let executed = program.executed();
    assert_eq!(executed.len(), 1);
    assert_ne!(executed[0].process, first);
}

#[tokio::test]
async fn a_mock_program_stays_on_this_machine() {
    for server in ["http://example.com", "https://127.0.0.1:1", ""] {
        assert!(mock::program(server).start().is_err(), "{server}");
    }
    let program = mock::program("http://127.0.0.1:1").start().expect("starts");
    assert!(matches!(
        program.post("noSuchEvent").await,
        Err(Unposted::Unknown)
    ));
    assert!(matches!(
        program.post("reportLogout").await,
        Err(Unposted::NoAnswer(_))
    ));
}

// ---- Many ----

const PROGRAMS: usize = 100;
const EACH: usize = 20;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hundred_programs_at_once_lose_nothing_and_do_everything_once() {
    let mut server = Listening::of(Hub::builder().unprotected().batch(3)).await;
    let programs: Vec<Program> = (0..PROGRAMS)
        .map(|n| {
            let program = fast(&server.url)
                .account(format!("wxid_{n}"))
                .process(n.to_string());
            program.start().expect("starts")
        })
        .collect();
    let programs = std::sync::Arc::new(programs);
    let mut work = tokio::task::JoinSet::new();
    for n in 0..PROGRAMS {
        let (bot, programs) = (server.hub.bot(format!("wxid_{n}")), programs.clone());
        work.spawn(async move {
            for turn in 0..EACH {
                let reply = text(&bot, &format!("{n}-{turn}")).await.expect("executed");
                assert_eq!(reply.data.send_result.as_deref(), Some("1"));
            }
        });
        work.spawn(async move {
            for turn in 0..EACH {
                let id = Json::from(format!("{n}-{turn}"));
                let posted = programs[n]
                    .post_with("reportTextMessage", vec![("msgid", id)])
                    .await;
                posted.expect("taken");
            }
        });
    }
    timeout(Duration::from_secs(100), work.join_all())
        .await
        .expect("in time");
    let mut seen = BTreeMap::<String, usize>::new();
    for _ in 0..PROGRAMS * EACH {
        let Event::TextMessage(message) = server.next().await.event else {
            panic!("nothing else was posted");
        };
        let id = message.msgid.as_ref().map(|id| id.as_str().to_owned());
        *seen.entry(id.unwrap_or_default()).or_default() += 1;
    }
    assert_eq!(
        seen.len(),
        PROGRAMS * EACH,
        "no event is lost, none came twice"
    );
    assert!(server.events.try_recv().is_err());
    for (n, program) in programs.iter().enumerate() {
        let expected: Vec<String> = (0..EACH).map(|turn| format!("{n}-{turn}")).collect();
        assert_eq!(texts(program), expected, "its own, in their order, once");
    }
}
