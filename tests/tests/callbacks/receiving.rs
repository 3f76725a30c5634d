//! What a receiver takes, refuses and drops.

use std::time::Duration;

use generated_sdk::eyun::callback::Event;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::listening::*;

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
    // Depth, text that is no JSON: one 400 each.
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let deep_inside = format!(
        r#"{{"messageType":"60001","data":{}}}"#,
        r#"{"a":"#.repeat(10_000)
    );
    let bodies: [&[u8]; 5] = [
        deep.as_bytes(),
        deep_inside.as_bytes(),
        b"{\"messageType\":",
        b"hello",
        b"",
    ];
    for body in bodies {
        assert_eq!(server.post(body).await, 400, "{:?}", body.get(..20));
    }
    assert_eq!(server.receiver.counters().refused, refused + 7);
    // It works as before.
    assert_eq!(server.post(numbered(1).as_bytes()).await, 200);
    assert_eq!(
        number(&soon(from.recv()).await.expect("a delivery").callback),
        1
    );
    assert!(from.try_recv().is_err());
}

#[tokio::test]
async fn a_broken_character_costs_no_pause_and_is_said() {
    let (server, mut from) = channelled(builder()).await;
    let body = b"{\"messageType\":\"60001\",\"data\":{\"content\":\"\xe4\xbd and more\"}}";
    assert_eq!(server.post(body).await, 200);
    let callback = soon(from.recv()).await.expect("a delivery").callback;
    let Event::PrivateText(message) = &callback.event else {
        panic!("{callback:?}");
    };
    assert_eq!(message.content.as_deref(), Some("\u{fffd} and more"));
    assert_eq!(callback.issues().len(), 1, "{callback:?}");
    assert_eq!(callback.issues()[0].expected, "UTF-8");
    assert_eq!(server.post(numbered(1).as_bytes()).await, 200);
    let whole = soon(from.recv()).await.expect("a delivery").callback;
    assert!(whole.issues().is_empty());
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
