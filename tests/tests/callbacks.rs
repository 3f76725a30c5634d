//! What the gateway tells: every documented event typed, and a receiver that takes whatever comes over real sockets.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use catalog::diagnostic::has_errors;
use catalog::load::{Origin, Sources};
use catalog::source::SourceFile;
use generated_sdk::eyun::callback::{Callback, Event};
use generated_sdk::server::{Delivery, Receiver, ReceiverBuilder, RedbStore};
use generator::lock::Lock;
use serde_json::{Value, json};
use tests::{committed, read, root, text};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{sleep, timeout};

// ---- Decoding ----

fn parsed(message: &Value) -> Callback {
    Callback::parse(&message.to_string()).expect("JSON")
}

/// The variant's name.
fn variant(callback: &Callback) -> String {
    let shown = format!("{:?}", callback.event);
    shown
        .split(['(', ' '])
        .next()
        .unwrap_or_default()
        .to_owned()
}

fn is_typed(callback: &Callback) -> bool {
    !matches!(
        callback.event,
        Event::Unknown { .. } | Event::Unreadable { .. }
    )
}

#[test]
fn every_documented_event_is_typed_key_for_key() {
    let (loaded, _) = read(&committed("eyun"), Origin::Catalog);
    let mut variants = BTreeSet::new();
    let mut events = 0;
    for event in loaded.provider.events() {
        events += 1;
        assert!(!event.samples.is_empty(), "{}", event.id);
        for sample in &event.samples {
            let callback = parsed(&sample.value);
            assert!(is_typed(&callback), "{}: {callback:?}", event.id);
            assert!(callback.issues().is_empty(), "{}: {callback:?}", event.id);
            // Serialised, it has every key of the example with its value: each came from a field of its type.
            let written = serde_json::to_value(&callback).expect("serialises");
            assert_within(&sample.value, &written, &event.id);
            variants.insert(variant(&callback));
            for code in &event.wire {
                let mut other = sample.value.clone();
                other["messageType"] = json!(code);
                assert_eq!(variant(&parsed(&other)), variant(&callback), "{code}");
                if let Some(number) = code.parse::<u64>().ok().filter(|n| n.to_string() == *code) {
                    other["messageType"] = json!(number);
                    assert_eq!(variant(&parsed(&other)), variant(&callback), "{code}");
                }
            }
        }
    }
    assert_eq!((events, variants.len()), (70, 70));
}

fn assert_within(sample: &Value, written: &Value, place: &str) {
    match sample {
        Value::Object(members) => {
            for (key, value) in members {
                assert_within(value, &written[key], &format!("{place}.{key}"));
            }
        }
        value => assert_eq!(value, written, "{place}"),
    }
}

fn message(code: impl Into<Value>, data: Value) -> Value {
    json!({"wcId": "wxid_me", "account": "dev", "messageType": code.into(), "data": data})
}

#[test]
fn ids_are_whole_and_self_is_read_under_both_names() {
    for (key, expected) in [("self", true), ("sel", true)] {
        let callback = parsed(&message(
            "60001",
            json!({"newMsgId": 7_208_643_216_420_147_215_u64, "msgId": "18446744073709551615", key: true,
                   "content": "hi"}),
        ));
        let Event::PrivateText(text) = &callback.event else {
            panic!("{callback:?}");
        };
        assert_eq!(text.self_, Some(expected), "{key}");
        assert_eq!(
            text.new_msg_id.as_ref().map(|id| id.as_str()),
            Some("7208643216420147215")
        );
        assert_eq!(
            text.msg_id.as_ref().map(|id| id.as_str()),
            Some("18446744073709551615")
        );
        assert_eq!(
            callback.wc_id.as_ref().map(|id| id.as_str()),
            Some("wxid_me")
        );
        assert_eq!(callback.account.as_deref(), Some("dev"));
    }
}

#[test]
fn the_numbers_of_2020_mean_the_events_of_today() {
    for (old, expected) in [
        (0, "FriendRequest"),
        (1, "GroupChanged"),
        (2, "GroupCard"),
        (3, "PrivateCard"),
        (4, "Offline"),
        (5, "PrivateText"),
        (6, "PrivateImage"),
        (7, "PrivateVideo"),
        (8, "PrivateVoice"),
        (9, "GroupText"),
        (10, "GroupImage"),
        (11, "GroupVideo"),
        (12, "GroupVoice"),
        (13, "PrivateOther"),
        (14, "GroupOther"),
        (15, "FriendChanged"),
        (16, "FriendChanged"),
        (17, "FriendRemoved"),
    ] {
        let callback = parsed(&message(old, json!({"wId": "w"})));
        assert_eq!(variant(&callback), expected, "{old}");
        let code = callback.message_type.as_ref().expect("a code");
        assert_eq!(code.as_i64(), Some(old));
    }
}

#[test]
fn the_sender_before_a_group_text_is_split_off() {
    let group = |code: Value, data: Value| {
        let callback = parsed(&message(code, data));
        let Event::GroupText(text) = callback.event else {
            panic!("{callback:?}");
        };
        (text.content_sender, text.content)
    };
    let data = |content: &str, from: Value| json!({"fromGroup": "1@chatroom", "fromUser": from, "content": content});
    let split = (Some("wxid_a".to_owned()), Some("你好".to_owned()));
    assert_eq!(
        group(json!(9), data("wxid_a:\n你好", json!("wxid_b"))),
        split
    );
    assert_eq!(
        group(json!("80001"), data("wxid_a:\n你好", Value::Null)),
        split
    );
    let split = (Some("bob_1980".to_owned()), Some("a:\nb".to_owned()));
    assert_eq!(
        group(json!(9), data("bob_1980:\na:\nb", json!("bob_1980"))),
        split
    );
    let whole = (None, Some("note:\nmilk".to_owned()));
    assert_eq!(
        group(json!("80001"), data("note:\nmilk", json!("wxid_b"))),
        whole
    );
    // A private message says the same without meaning it.
    let callback = parsed(&message("60001", json!({"content": "wxid_a:\n你好"})));
    let Event::PrivateText(text) = callback.event else {
        panic!("{callback:?}");
    };
    assert_eq!(text.content.as_deref(), Some("wxid_a:\n你好"));
}

#[test]
fn what_is_not_documented_arrives_whole() {
    let callback = parsed(&message(
        "60777",
        json!({"x": [1, {"y": 18446744073709551615_u64}]}),
    ));
    let Event::Unknown { code, data } = &callback.event else {
        panic!("{callback:?}");
    };
    assert_eq!(code, "60777");
    assert_eq!(data.as_str(), r#"{"x":[1,{"y":18446744073709551615}]}"#);
    for bare in ["[]", "7", "\"x\"", "null", "{}", "{\"data\":{}}"] {
        let callback = Callback::parse(bare).expect("JSON");
        assert!(
            matches!(&callback.event, Event::Unknown { code, .. } if code.is_empty()),
            "{bare}"
        );
        assert_eq!(callback.raw.as_str(), bare);
    }
}

#[test]
fn a_payload_that_does_not_fit_arrives_whole_with_the_reason() {
    for data in [json!("text"), json!([1]), json!(7), json!(true)] {
        let callback = parsed(&message("60001", data.clone()));
        let Event::Unreadable {
            code,
            data: kept,
            reason,
        } = &callback.event
        else {
            panic!("{callback:?}");
        };
        assert_eq!(
            (code.as_str(), kept.as_str()),
            ("60001", data.to_string().as_str())
        );
        assert_eq!(reason.expected, "an object");
    }
    // A field of the wrong type costs itself.
    let callback = parsed(&message(
        "60001",
        json!({"timestamp": {}, "content": "hi", "self": "maybe"}),
    ));
    let Event::PrivateText(text) = &callback.event else {
        panic!("{callback:?}");
    };
    assert_eq!(
        (text.timestamp, text.content.as_deref()),
        (None, Some("hi"))
    );
    let places: Vec<_> = callback
        .issues()
        .iter()
        .map(|issue| issue.path.as_str())
        .collect();
    assert_eq!(places, ["timestamp", "self"]);
}

#[test]
fn what_people_write_is_not_in_the_log() {
    for code in ["60001", "80001", "60014", "60004", "60999", "99999"] {
        let data = json!({"content": "hush hush", "title": "hush hush", "fromUser": "wxid_a"});
        let callback = parsed(&message(code, data));
        assert!(!format!("{callback:?}").contains("hush"), "{callback:?}");
    }
}

#[test]
fn the_surface_of_the_events() {
    let (loaded, _) = read(&committed("eyun"), Origin::Catalog);
    let lock = text(&root().join("catalog/providers/eyun/names.lock"));
    let lock = Lock::read(&lock).expect("names.lock");
    let (sdk, _, diagnostics) = generator::lower(&loaded.provider, &loaded.config, &lock);
    assert!(diagnostics.is_empty(), "{diagnostics:#?}");
    let mut out = String::new();
    for callbacks in &sdk.callbacks {
        let mut of: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for event in &callbacks.events {
            let line = format!("{} {} {}", event.ident, event.wire.join(" "), event.title);
            of.entry(event.payload.rust()).or_default().push(line);
        }
        let objects = &callbacks.types.objects;
        for (payload, events) in of {
            let _ = writeln!(out, "{payload}");
            let object = objects.iter().find(|object| object.ident == payload);
            for member in object.iter().flat_map(|object| &object.members) {
                let hidden = if member.private { " hidden" } else { "" };
                let also: String = member.aliases.iter().map(|a| format!("|{a}")).collect();
                let (name, ty, wire) = (&member.ident, member.ty.rust(), &member.wire);
                let _ = writeln!(out, "  .{name}: {ty} = {wire}{also}{hidden}");
            }
            for prefix in object.iter().flat_map(|object| &object.prefixes) {
                let _ = writeln!(out, "  .{} from {}", prefix.into, prefix.text);
            }
            for event in events {
                let _ = writeln!(out, "  {event}");
            }
        }
    }
    insta::assert_snapshot!(out);
}

// ---- Generating ----

const VENDOR: &str = r#"
title = "x"
transport = "http-json"
[event]
tag = "kind"
payload = "data"
[[dialect.item]]
kind = "event"
heading = "事件 {wire}：{title}"
"#;

/// A vendor whose events have these codes, titles and payload fields.
fn vendor(config: &str, events: &[(&str, &str, &str)]) -> generator::Generated {
    let mut spec = "# 消息\n\n## 模块：`callback`\n".to_owned();
    for (code, title, field) in events {
        let _ = write!(
            spec,
            "\n### 事件 {code}：{title}\n\n**回调参数**\n\n| 参数名 | 类型 | 说明 |\n| --- | --- | --- |\n| kind | string | 类型 |\n| data | object | |\n| data.{field} | string | 值 |\n\n**回调示例**\n\n```json\n{{\"kind\": \"{code}\", \"data\": {{\"{field}\": \"a\"}}}}\n```\n"
        );
    }
    let sources = Sources {
        id: "vendor".to_owned(),
        config: SourceFile::new("provider.toml", &format!("{VENDOR}{config}")),
        specs: vec![SourceFile::new("specs/callback.md", &spec)],
        catalog: None,
    };
    let (loaded, diagnostics) = read(&sources, Origin::Specs);
    assert!(!has_errors(&diagnostics), "{diagnostics:#?}");
    generator::generate(&loaded.provider, &loaded.config, &Lock::default())
}

fn complaints(generated: &generator::Generated) -> Vec<&str> {
    let diagnostics = generated.diagnostics.iter();
    diagnostics
        .map(|finding| finding.message.as_str())
        .collect()
}

fn variants(generated: &generator::Generated) -> Vec<&str> {
    let callbacks = generated.sdk.callbacks.iter();
    let events = callbacks.flat_map(|callbacks| &callbacks.events);
    events.map(|event| event.ident.as_str()).collect()
}

#[test]
fn an_event_is_named_by_correction_then_table_then_wire_then_title() {
    let events = [
        ("1", "私聊文本", "a"),
        ("reportLogin", "登录", "b"),
        ("3", "红包", "c"),
        ("4", "某事", "d"),
    ];
    let table = "[event.names]\n3 = \"money\"\n4 = \"thing\"\n[[correction]]\nevent = \"4\"\nrename = \"something\"\nwhy = \"x\"";
    let made = vendor(table, &events);
    assert!(made.diagnostics.is_empty(), "{:#?}", made.diagnostics);
    assert_eq!(
        variants(&made),
        ["PrivateText", "ReportLogin", "Money", "Something"]
    );
    // What was once public stays, whatever the title becomes.
    let locked = made.lock.write();
    assert!(
        locked.contains("[event]") && Lock::read(&locked) == Ok(made.lock.clone()),
        "{locked}"
    );
    let file = made.files.iter().find(|file| file.path == "callback.rs");
    assert!(file.is_some_and(|file| file.text.contains("\"reportLogin\" => ")));
}

#[test]
fn two_events_of_one_name_are_an_error_that_shows_the_way_on() {
    let made = vendor("", &[("1", "红包", "a"), ("2", "红包", "b")]);
    for event in ["callback_1", "callback_2"] {
        let way_on = format!("[[correction]]\nevent = \"{event}\"");
        assert!(
            made.diagnostics.iter().any(|finding| {
                finding.message.contains("would both be called `RedPacket`")
                    && (finding.fix.as_ref()).is_some_and(|fix| fix.starts_with(&way_on))
            }),
            "{:#?}",
            made.diagnostics
        );
    }
    assert!(made.files.is_empty());
    let made = vendor("", &[("1", "unknown", "a")]);
    assert!(
        made.files.is_empty(),
        "`Unknown` is taken: {:?}",
        variants(&made)
    );
}

#[test]
fn what_the_table_says_of_no_event_is_an_error() {
    let events = [("1", "文本", "content"), ("2", "红包", "content")];
    for (config, expected) in [
        ("[event.names]\n9 = \"x\"", "`event.names` has the code `9`"),
        ("[event.names]\n1 = \"X y\"", "is no name in snake case"),
        (
            "[[event.prefix]]\nevents = [\"1\"]\nfield = \"content\"\nmark = \":\"\ninto = \"sender\"\nof = \"from\"\nwhy = \"x\"",
            "the prefix of `content` does not fit",
        ),
        (
            "[[shape]]\nname = \"Note\"\ntitle = \"x\"\nevents = [\"7\"]",
            "shape `Note` occurs nowhere",
        ),
    ] {
        let made = vendor(config, &events);
        assert!(
            complaints(&made)
                .iter()
                .any(|message| message.contains(expected)),
            "{:#?}",
            made.diagnostics
        );
    }
}

#[test]
fn events_that_carry_the_same_share_a_type_and_others_cannot() {
    let shape = "[[shape]]\nname = \"Note\"\ntitle = \"x\"\nevents = [\"1\", \"2\"]";
    let made = vendor(
        shape,
        &[
            ("1", "文本", "content"),
            ("2", "红包", "content"),
            ("3", "图片", "content"),
        ],
    );
    assert!(made.diagnostics.is_empty(), "{:#?}", made.diagnostics);
    let types: Vec<String> = made.sdk.callbacks[0]
        .events
        .iter()
        .map(|event| event.payload.rust())
        .collect();
    assert_eq!(types, ["Note", "Note", "Image"]);
    let made = vendor(shape, &[("1", "文本", "content"), ("2", "红包", "money")]);
    let messages = complaints(&made);
    assert!(
        messages
            .iter()
            .any(|message| message.contains("shape `Note` is not the same")),
        "{messages:?}"
    );
}

// ---- Over sockets ----

const SECRET: &str = "a-long-random-word";

/// A receiver that listens.
struct Listening {
    receiver: Receiver<Callback>,
    address: SocketAddr,
}

impl Listening {
    async fn on(receiver: Receiver<Callback>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let serving = receiver.clone();
        tokio::spawn(async move { serving.serve_on(listener).await });
        Self { receiver, address }
    }

    async fn post(&self, body: &[u8]) -> u16 {
        self.post_to(&self.receiver.path(), "", body).await
    }

    async fn post_to(&self, path: &str, headers: &str, body: &[u8]) -> u16 {
        let mut gateway = Gateway::connect(self.address).await.expect("connects");
        gateway.post(path, headers, body).await.expect("an answer")
    }
}

/// The vendor's side: one connection.
struct Gateway(BufReader<TcpStream>);

impl Gateway {
    async fn connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    async fn post(&mut self, path: &str, headers: &str, body: &[u8]) -> std::io::Result<u16> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\r\n",
            body.len()
        );
        self.0.write_all(&[head.as_bytes(), body].concat()).await?;
        self.status().await
    }

    /// Reads an answer without a body.
    async fn status(&mut self) -> std::io::Result<u16> {
        let broken = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let mut status = None;
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).await? == 0 {
                return Err(broken());
            }
            if line == "\r\n" {
                return status.ok_or_else(broken);
            }
            if status.is_none() {
                status = line
                    .split(' ')
                    .nth(1)
                    .and_then(|status| status.parse().ok());
            }
        }
    }
}

fn builder() -> ReceiverBuilder<Callback> {
    Receiver::builder().secret_path(SECRET)
}

fn numbered(id: u64) -> String {
    message(
        "60001",
        json!({"wId": "w", "newMsgId": id, "content": "hi"}),
    )
    .to_string()
}

fn number(callback: &Callback) -> u64 {
    match &callback.event {
        Event::PrivateText(text) => text
            .new_msg_id
            .as_ref()
            .and_then(|id| id.as_scalar().as_u64())
            .unwrap_or(0),
        _ => 0,
    }
}

/// A receiver whose messages come out of a channel.
async fn channelled(
    builder: ReceiverBuilder<Callback>,
) -> (Listening, mpsc::UnboundedReceiver<Delivery<Callback>>) {
    let (to, from) = mpsc::unbounded_channel();
    let receiver = builder
        .start(move |delivery| {
            let _ = to.send(delivery);
            async {}
        })
        .expect("starts");
    (Listening::on(receiver).await, from)
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), future)
        .await
        .expect("in time")
}

#[tokio::test]
async fn a_callback_is_acknowledged_typed_and_counted() {
    let (server, mut from) = channelled(builder()).await;
    assert_eq!(server.post(numbered(1).as_bytes()).await, 200);
    assert_eq!(
        server
            .post(b"\xef\xbb\xbf {\"messageType\":\"77777\",\"data\":[]} ")
            .await,
        200
    );
    assert_eq!(
        server
            .post(message("60001", json!("odd")).to_string().as_bytes())
            .await,
        200
    );
    assert_eq!(server.post(b"[1]").await, 200);
    let first = soon(from.recv()).await.expect("a delivery");
    assert_eq!(
        (
            number(&first.callback),
            first.attempt,
            first.redelivered,
            first.probe
        ),
        (1, 1, false, false)
    );
    for _ in 0..3 {
        let raw = soon(from.recv()).await.expect("a delivery");
        assert!(!is_typed(&raw.callback));
    }
    let counters = server.receiver.counters();
    assert_eq!(
        (
            counters.received,
            counters.typed,
            counters.raw,
            counters.refused
        ),
        (4, 1, 3, 0)
    );
}

#[tokio::test]
async fn the_probe_is_answered_and_handed_over_as_one() {
    let (server, mut from) = channelled(builder()).await;
    let probe = message("00000", json!({})).to_string();
    for _ in 0..2 {
        assert_eq!(server.post(probe.as_bytes()).await, 200);
        let delivery = soon(from.recv()).await.expect("a delivery");
        assert!(delivery.probe && matches!(delivery.callback.event, Event::Probe(_)));
    }
}

#[tokio::test]
async fn a_wrong_secret_is_refused_before_anything_is_read() {
    let receiver = builder()
        .path("/bots/eyun")
        .secret_header("X-Gateway", "hush");
    let (server, mut from) = channelled(receiver).await;
    let right = format!("/bots/eyun/{SECRET}");
    assert_eq!(server.receiver.path(), right);
    let body = numbered(1);
    let body = body.as_bytes();
    for (path, header, expected) in [
        ("/bots/eyun", "x-gateway: hush\r\n", 404),
        ("/bots/eyun/a-long-random-worD", "x-gateway: hush\r\n", 404),
        ("/bots/eyun/a-long-random-word2", "x-gateway: hush\r\n", 404),
        (right.as_str(), "", 401),
        (right.as_str(), "x-gateway: Hush\r\n", 401),
        (right.as_str(), "x-gateway: hush\r\n", 200),
    ] {
        assert_eq!(
            server.post_to(path, header, body).await,
            expected,
            "{path} {header}"
        );
    }
    assert!(soon(from.recv()).await.is_some());
    assert_eq!(server.receiver.counters().refused, 4);
    let shown = format!("{:?}", server.receiver);
    assert!(
        !shown.contains(SECRET) && !shown.contains("hush"),
        "{shown}"
    );
}

#[tokio::test]
async fn repetitions_are_dropped() {
    let (server, mut from) = channelled(builder()).await;
    let send = |data: Value| message("80001", data).to_string();
    let first =
        send(json!({"wId": "w", "newMsgId": 9, "msgId": 1, "timestamp": 1, "content": "a"}));
    let same_new_id =
        send(json!({"wId": "w", "newMsgId": "9", "msgId": 2, "timestamp": 2, "content": "a"}));
    let by_msg_id = send(json!({"wId": "w", "msgId": 3, "timestamp": 3, "content": "b"}));
    let by_msg_id_again = send(json!({"wId": "w", "msgId": 3, "timestamp": 4, "content": "b"}));
    let by_time = send(json!({"wId": "w", "timestamp": 5, "content": "c"}));
    let same_second = send(json!({"wId": "w", "timestamp": 5, "content": "d"}));
    let other_bot = send(json!({"wId": "v", "newMsgId": 9, "content": "a"}));
    let sent = [
        &first,
        &same_new_id,
        &by_msg_id,
        &by_msg_id_again,
        &by_time,
        &by_time,
        &same_second,
        &other_bot,
        &first,
    ];
    for body in sent {
        assert_eq!(server.post(body.as_bytes()).await, 200);
    }
    let mut arrived = Vec::new();
    for _ in 0..5 {
        arrived.push(
            soon(from.recv())
                .await
                .expect("a delivery")
                .callback
                .raw
                .to_string(),
        );
    }
    assert_eq!(arrived, [first, by_msg_id, by_time, same_second, other_bot]);
    let counters = server.receiver.counters();
    assert_eq!((counters.typed, counters.duplicate), (5, 4));
    assert!(from.try_recv().is_err());
}

#[tokio::test]
async fn a_hostile_callback_costs_one_refusal_and_no_memory() {
    let (server, mut from) = channelled(builder()).await;
    let path = server.receiver.path();
    let mut refused = 0;
    // 100 MB, announced or not: refused, and not read on.
    for announced in [true, false] {
        let stream = TcpStream::connect(server.address).await.expect("connects");
        let (from_server, mut to_server) = stream.into_split();
        let length = if announced {
            "content-length: 100000000"
        } else {
            "transfer-encoding: chunked"
        };
        let head = format!("POST {path} HTTP/1.1\r\nhost: x\r\n{length}\r\n\r\n");
        let written = tokio::spawn(async move {
            let piece = vec![b' '; 64 * 1024];
            let chunk = [b"10000\r\n".as_slice(), &piece, b"\r\n"].concat();
            let mut written = 0;
            if to_server.write_all(head.as_bytes()).await.is_ok() {
                while written < 100_000_000 {
                    let bytes = if announced { &piece } else { &chunk };
                    let sent = timeout(Duration::from_secs(5), to_server.write_all(bytes)).await;
                    if !matches!(sent, Ok(Ok(()))) {
                        break;
                    }
                    written += piece.len();
                }
            }
            written
        });
        // Whoever keeps sending may get a reset before the answer; the count below says that it was given.
        let mut answer = Vec::new();
        let _ = soon(BufReader::new(from_server).read_to_end(&mut answer)).await;
        let answer = String::from_utf8_lossy(&answer);
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 413 "),
            "{answer}"
        );
        refused += 1;
        assert_eq!(
            server.receiver.counters().refused,
            refused,
            "announced: {announced}"
        );
        let written = soon(written).await.expect("no panic");
        assert!(
            written < 20_000_000,
            "{written} bytes were read, announced: {announced}"
        );
    }
    // Who asks first gets the answer for sure.
    let mut polite = Gateway::connect(server.address).await.expect("connects");
    let head = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 100000000\r\n\r\n"
    );
    polite.0.write_all(head.as_bytes()).await.expect("writes");
    assert_eq!(soon(polite.status()).await.expect("an answer"), 413);
    let just_too_large = vec![b' '; 2 * 1024 * 1024 + 1];
    assert_eq!(server.post(&just_too_large).await, 413);
    // Depth, bytes that are no text, text that is no JSON: one 400 each.
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_inside = format!(
        r#"{{"messageType":"60001","data":{}}}"#,
        r#"{"a":"#.repeat(10_000)
    );
    let bodies: [&[u8]; 6] = [
        deep.as_bytes(),
        deep_inside.as_bytes(),
        b"{\"messageType\":\"60001\",\"data\":{\"content\":\"\xff\xfe\"}}",
        b"{\"messageType\":",
        b"hello",
        b"",
    ];
    for body in bodies {
        assert_eq!(server.post(body).await, 400, "{:?}", body.get(..20));
    }
    assert_eq!(server.receiver.counters().refused, refused + 8);
    // It works as before.
    assert_eq!(server.post(numbered(1).as_bytes()).await, 200);
    assert_eq!(
        number(&soon(from.recv()).await.expect("a delivery").callback),
        1
    );
    assert!(from.try_recv().is_err());
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let (server, _from) = channelled(builder().patience(Duration::from_millis(200))).await;
    let mut slow = Gateway::connect(server.address).await.expect("connects");
    let head = format!(
        "POST {} HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{{",
        server.receiver.path()
    );
    slow.0.write_all(head.as_bytes()).await.expect("writes");
    assert_eq!(soon(slow.status()).await.expect("an answer"), 408);
}

/// Numbers of handled messages, and whether each was marked.
type Handled = Arc<Mutex<Vec<(u64, bool)>>>;

/// A handler that waits until it is let through.
fn gated(
    builder: ReceiverBuilder<Callback>,
    gate: &Arc<Semaphore>,
) -> (Receiver<Callback>, Handled) {
    let handled = Arc::new(Mutex::new(Vec::new()));
    let (gate, list) = (Arc::clone(gate), Arc::clone(&handled));
    let receiver = builder.start(move |delivery: Delivery<Callback>| {
        let (gate, list) = (Arc::clone(&gate), Arc::clone(&list));
        async move {
            gate.acquire().await.expect("open").forget();
            let entry = (number(&delivery.callback), delivery.redelivered);
            list.lock().expect("no panic").push(entry);
        }
    });
    (receiver.expect("starts"), handled)
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(40), "{what}");
        sleep(Duration::from_millis(5)).await;
    }
}

#[tokio::test]
async fn a_full_queue_says_so_in_time_and_forgets_what_it_did_not_take() {
    let gate = Arc::new(Semaphore::new(0));
    let small = builder().capacity(1).patience(Duration::from_millis(300));
    let (receiver, handled) = gated(small, &gate);
    let server = Listening::on(receiver).await;
    assert_eq!(server.post(numbered(1).as_bytes()).await, 200);
    until("the handler has it", || server.receiver.waiting() == 0).await;
    assert_eq!(server.post(numbered(2).as_bytes()).await, 200);
    let start = Instant::now();
    assert_eq!(server.post(numbered(3).as_bytes()).await, 503);
    let waited = start.elapsed();
    assert!(
        waited >= Duration::from_millis(290) && waited < Duration::from_secs(4),
        "{waited:?}"
    );
    assert_eq!(server.receiver.counters().full, 1);
    // Room in time: no refusal. And what was refused is no repetition.
    let third = numbered(3);
    let (late, ()) = tokio::join!(server.post(third.as_bytes()), async {
        sleep(Duration::from_millis(50)).await;
        gate.add_permits(100);
    });
    assert_eq!(late, 200);
    until("all are handled", || {
        handled.lock().expect("no panic").len() == 3
    })
    .await;
    assert_eq!(
        *handled.lock().expect("no panic"),
        [(1, false), (2, false), (3, false)]
    );
}

#[tokio::test]
async fn with_a_store_a_full_queue_is_no_reason_to_refuse() {
    let folder = Folder::new("full");
    let gate = Arc::new(Semaphore::new(0));
    let small = builder().capacity(2).store(folder.store());
    let (receiver, handled) = gated(small, &gate);
    let server = Listening::on(receiver).await;
    for id in 1..=200 {
        assert_eq!(server.post(numbered(id).as_bytes()).await, 200);
    }
    assert!(server.receiver.waiting() <= 64, "most wait on the disk");
    gate.add_permits(1000);
    until("all are handled", || {
        handled.lock().expect("no panic").len() == 200
    })
    .await;
    let expected: Vec<(u64, bool)> = (1..=200).map(|id| (id, false)).collect();
    assert_eq!(
        *handled.lock().expect("no panic"),
        expected,
        "in their order, none twice"
    );
    assert_eq!(server.receiver.shutdown(Duration::from_secs(5)).await, 0);
}

#[tokio::test]
async fn a_handler_that_fails_or_panics_gets_it_again_marked() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&seen);
    let receiver = builder()
        .attempts(3)
        .start(move |delivery: Delivery<Callback>| {
            let id = number(&delivery.callback);
            list.lock()
                .expect("no panic")
                .push((id, delivery.attempt, delivery.redelivered));
            async move {
                match (id, delivery.attempt) {
                    (1, 1) => panic!("a defect of the handler"),
                    (1, 2) => Err("not now"),
                    (2, _) => Err("never"),
                    _ => Ok(()),
                }
            }
        });
    let server = Listening::on(receiver.expect("starts")).await;
    for id in 1..=3 {
        assert_eq!(server.post(numbered(id).as_bytes()).await, 200);
    }
    until("the last is handled", || {
        server.receiver.counters().handled == 2
    })
    .await;
    let expected = [
        (1, 1, false),
        (1, 2, true),
        (1, 3, true),
        (2, 1, false),
        (2, 2, true),
        (2, 3, true),
        (3, 1, false),
    ];
    assert_eq!(*seen.lock().expect("no panic"), expected);
    let counters = server.receiver.counters();
    assert_eq!((counters.failed, counters.abandoned), (5, 1));
}

#[tokio::test]
async fn messages_come_as_a_stream_as_well() {
    let (receiver, mut deliveries) = builder().stream().expect("starts");
    let server = Listening::on(receiver).await;
    for id in 1..=2 {
        assert_eq!(server.post(numbered(id).as_bytes()).await, 200);
    }
    let first = soon(deliveries.next()).await.expect("a delivery");
    assert_eq!(
        (number(&first.delivery.callback), first.delivery.redelivered),
        (1, false)
    );
    drop(first);
    let again = soon(deliveries.next()).await.expect("a delivery");
    assert_eq!(
        (number(&again.delivery.callback), again.delivery.redelivered),
        (1, true)
    );
    again.done();
    let second = soon(deliveries.next()).await.expect("a delivery");
    assert_eq!(number(&second.delivery.callback), 2);
    second.done();
    assert_eq!(server.receiver.shutdown(Duration::from_secs(5)).await, 0);
    drop(server);
    assert!(soon(deliveries.next()).await.is_none(), "the end");
}

#[tokio::test]
async fn shutting_down_hands_over_what_waits() {
    let gate = Arc::new(Semaphore::new(0));
    let (receiver, handled) = gated(builder(), &gate);
    let server = Listening::on(receiver).await;
    for id in 1..=20 {
        assert_eq!(server.post(numbered(id).as_bytes()).await, 200);
    }
    let (left, ()) = tokio::join!(server.receiver.shutdown(Duration::from_secs(10)), async {
        sleep(Duration::from_millis(50)).await;
        gate.add_permits(100);
    });
    assert_eq!(left, 0);
    assert_eq!(handled.lock().expect("no panic").len(), 20);
    let refused = async {
        until_refused(server.address).await;
    };
    soon(refused).await;
}

/// Nobody listens there any more.
async fn until_refused(address: SocketAddr) {
    while TcpStream::connect(address).await.is_ok() {
        sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_restart_finishes_what_was_left_and_knows_repetitions() {
    let folder = Folder::new("restart");
    let gate = Arc::new(Semaphore::new(0));
    let (receiver, handled) = gated(builder().store(folder.store()), &gate);
    let server = Listening::on(receiver).await;
    for id in 1..=10 {
        assert_eq!(server.post(numbered(id).as_bytes()).await, 200);
    }
    gate.add_permits(4);
    until("some are handled", || {
        server.receiver.counters().handled == 4
    })
    .await;
    // The fifth is in its handler: it is finished, the rest stays.
    let (left, ()) = tokio::join!(server.receiver.shutdown(Duration::from_secs(10)), async {
        sleep(Duration::from_millis(50)).await;
        gate.add_permits(1);
    });
    assert_eq!(left, 5);
    assert_eq!(handled.lock().expect("no panic").len(), 5);
    until_refused(server.address).await;
    drop(server);
    let gate = Arc::new(Semaphore::new(100));
    let store = folder.reopened().await;
    let (receiver, handled) = gated(builder().store(store), &gate);
    let server = Listening::on(receiver).await;
    assert_eq!(server.post(numbered(2).as_bytes()).await, 200);
    assert_eq!(server.post(numbered(11).as_bytes()).await, 200);
    until("the rest is handled", || {
        handled.lock().expect("no panic").len() == 6
    })
    .await;
    let mut expected: Vec<(u64, bool)> = (6..=10).map(|id| (id, true)).collect();
    expected.push((11, false));
    assert_eq!(*handled.lock().expect("no panic"), expected);
    assert_eq!(server.receiver.counters().duplicate, 1);
    assert_eq!(server.receiver.shutdown(Duration::from_secs(10)).await, 0);
}

/// A folder for a store.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("callbacks-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    fn store(&self) -> RedbStore {
        RedbStore::open(self.0.join("store.redb")).expect("a store")
    }

    /// Opens the store again once its last user is gone.
    async fn reopened(&self) -> RedbStore {
        let start = Instant::now();
        loop {
            match RedbStore::open(self.0.join("store.redb")) {
                Ok(store) => return store,
                Err(error) => assert!(start.elapsed() < Duration::from_secs(10), "{error}"),
            }
            sleep(Duration::from_millis(10)).await;
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

// ---- A process that dies ----

const CHILD: &str = "CALLBACKS_TEST_CHILD";
const MESSAGES: u64 = 10_000;
const CONNECTIONS: u64 = 64;

/// The server of the next test, in a process of its own: this very binary, told so by its environment. Notes every
/// message that its slow handler begins.
#[tokio::test]
async fn a_server_that_is_killed_by_the_next_test() {
    let Some(folder) = std::env::var_os(CHILD).map(PathBuf::from) else {
        return;
    };
    let log = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("log"))
        .expect("a log");
    let log = Arc::new(log);
    let store = RedbStore::open(folder.join("store.redb")).expect("a store");
    let receiver = builder()
        .concurrency(8)
        .store(store)
        .start(move |delivery: Delivery<Callback>| {
            let log = Arc::clone(&log);
            async move {
                let line = format!("{} {}\n", number(&delivery.callback), delivery.redelivered);
                std::io::Write::write_all(&mut &*log, line.as_bytes()).expect("a line");
                sleep(Duration::from_millis(2)).await;
            }
        })
        .expect("starts");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    fs::write(folder.join("address.new"), address).expect("an address");
    fs::rename(folder.join("address.new"), folder.join("address")).expect("an address");
    let stop = folder.join("stop");
    let stopped = receiver.clone();
    tokio::spawn(async move {
        while !stop.exists() {
            sleep(Duration::from_millis(20)).await;
        }
        stopped.shutdown(Duration::from_secs(10)).await;
    });
    receiver.serve_on(listener).await.expect("serves");
    receiver.shutdown(Duration::from_secs(10)).await;
}

/// A process that does not outlive the test.
struct Spawned(Child);

impl Drop for Spawned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn spawned(folder: &Folder) -> (Spawned, SocketAddr) {
    let _ = fs::remove_file(folder.0.join("address"));
    let child = Command::new(std::env::current_exe().expect("this binary"))
        .args([
            "--exact",
            "a_server_that_is_killed_by_the_next_test",
            "--nocapture",
        ])
        .env(CHILD, &folder.0)
        .stdout(Stdio::null())
        .spawn()
        .expect("a process");
    let child = Spawned(child);
    let file = folder.0.join("address");
    until("the server listens", || file.exists()).await;
    let address = fs::read_to_string(file).expect("an address");
    (child, address.parse().expect("an address"))
}

fn log_lines(folder: &Folder) -> Vec<(u64, bool)> {
    let log = fs::read_to_string(folder.0.join("log")).unwrap_or_default();
    log.lines()
        .filter_map(|line| {
            let (id, redelivered) = line.split_once(' ')?;
            Some((id.parse().ok()?, redelivered.parse().ok()?))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_acknowledged_is_lost_when_the_process_is_killed() {
    let folder = Folder::new("killed");
    let (mut child, address) = spawned(&folder).await;
    let address = Arc::new(Mutex::new(address));
    let acknowledged = Arc::new(AtomicUsize::new(0));
    // At full speed over many connections; like the gateway, each repeats what was not acknowledged.
    let path = format!("/callback/{SECRET}");
    let mut senders = Vec::new();
    for first in 1..=CONNECTIONS {
        let (address, acknowledged, path) = (
            Arc::clone(&address),
            Arc::clone(&acknowledged),
            path.clone(),
        );
        senders.push(tokio::spawn(async move {
            let mut connection: Option<Gateway> = None;
            let mut id = first;
            while id <= MESSAGES {
                let to = *address.lock().expect("no panic");
                let mut gateway = match connection.take() {
                    Some(gateway) => gateway,
                    None => match Gateway::connect(to).await {
                        Ok(gateway) => gateway,
                        Err(_) => {
                            sleep(Duration::from_millis(20)).await;
                            continue;
                        }
                    },
                };
                if let Ok(200) = gateway.post(&path, "", numbered(id).as_bytes()).await {
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                    connection = Some(gateway);
                    id += CONNECTIONS;
                }
            }
        }));
    }
    until("half are acknowledged", || {
        acknowledged.load(Ordering::Relaxed) >= 4_000
    })
    .await;
    child.0.kill().expect("SIGKILL");
    child.0.wait().expect("dead");
    let before = log_lines(&folder).len();
    let (mut child, second) = spawned(&folder).await;
    *address.lock().expect("no panic") = second;
    for sender in senders {
        timeout(Duration::from_secs(60), sender)
            .await
            .expect("in time")
            .expect("no panic");
    }
    assert_eq!(acknowledged.load(Ordering::Relaxed) as u64, MESSAGES);
    let all = || {
        let seen: BTreeSet<u64> = log_lines(&folder).into_iter().map(|(id, _)| id).collect();
        seen.len() as u64 == MESSAGES
    };
    let start = Instant::now();
    while !all() && start.elapsed() < Duration::from_secs(40) {
        sleep(Duration::from_millis(100)).await;
    }
    fs::write(folder.0.join("stop"), "").expect("a file");
    assert!(child.0.wait().expect("ends").success(), "a graceful end");
    let lines = log_lines(&folder);
    let mut seen: HashMap<u64, u32> = HashMap::new();
    for (id, redelivered) in &lines {
        let times = seen.entry(*id).or_default();
        assert!(*times == 0 || *redelivered, "{id} came again, unmarked");
        *times += 1;
    }
    let lost: Vec<u64> = (1..=MESSAGES).filter(|id| !seen.contains_key(id)).collect();
    assert!(
        lost.is_empty(),
        "{} lost: {:?}…",
        lost.len(),
        lost.get(..lost.len().min(10))
    );
    let repeated = seen.values().filter(|times| **times > 1).count();
    let marked = lines.iter().filter(|(_, redelivered)| *redelivered).count();
    println!(
        "{before} before the kill, {} lines, {marked} marked, {repeated} repeated",
        lines.len()
    );
    assert!(marked > 0, "the kill left something");
    assert!(
        repeated < 500,
        "only what was on its way when the process died comes again"
    );
}
