//! Receivers in the open: heads that drip, crowds of connections, bodies that are slow or long. By the order of what
//! happens, not by the clock; `cargo run -p tests --release --bin figures` shows the same in numbers.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc::UnboundedReceiver;

use super::listening::*;

/// A connection on which this much has been sent.
async fn began(server: &Listening, text: &str) -> Gateway {
    let mut gateway = Gateway::connect(server.address).await.expect("connects");
    gateway.0.write_all(text.as_bytes()).await.expect("writes");
    gateway
}

/// The head of a request whose body has this length, and the first bytes of it.
fn begun(server: &Listening, length: usize, sent: usize) -> String {
    let path = server.receiver.path();
    format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: {length}\r\n\r\n{}",
        " ".repeat(sent)
    )
}

/// The other side has closed: what it still said, if anything.
async fn rest(mut gateway: Gateway) -> String {
    let mut rest = Vec::new();
    let _reset = soon(gateway.0.read_to_end(&mut rest)).await;
    String::from_utf8_lossy(&rest).into_owned()
}

async fn is_taken<T>(server: &Listening, from: &mut UnboundedReceiver<T>, id: u64) {
    assert_eq!(server.post(numbered(id).as_bytes()).await, 200);
    assert!(soon(from.recv()).await.is_some());
}

#[tokio::test]
async fn heads_that_drip_give_way_to_callbacks() {
    let (server, mut from) = channelled(builder().connections(4, 4)).await;
    let mut dripping = Vec::new();
    for _ in 0..40 {
        dripping.push(began(&server, "POST / HTTP/1.1\r\nx-a: ").await);
    }
    for id in 1..=5 {
        is_taken(&server, &mut from, id).await;
    }
    // Those that came first are gone, without an answer: they never asked for anything.
    for gateway in dripping.drain(..30) {
        assert_eq!(rest(gateway).await, "");
    }
    assert!(server.receiver.counters().crowded >= 36);
}

#[tokio::test]
async fn a_head_has_its_time() {
    let (server, mut from) = channelled(builder().head_timeout(Duration::from_millis(50))).await;
    let dripping = began(&server, "POST / HTTP/1.1\r\nx-a: ").await;
    let silent = began(&server, "").await;
    assert_eq!(rest(dripping).await, "");
    assert_eq!(rest(silent).await, "");
    is_taken(&server, &mut from, 1).await;
}

#[tokio::test]
async fn where_all_are_at_work_a_newcomer_is_answered() {
    let (server, mut from) = channelled(builder().connections(2, 2)).await;
    let mut first = began(&server, &begun(&server, 5, 1)).await;
    let second = began(&server, &begun(&server, 5, 1)).await;
    until("both are at work", || {
        server.receiver.counters().received == 2
    })
    .await;
    assert_eq!(server.post(numbered(1).as_bytes()).await, 503);
    first.0.write_all(b"null").await.expect("writes");
    assert_eq!(first.status().await.expect("an answer"), 200);
    assert!(soon(from.recv()).await.is_some());
    // That one is left alone for a moment: its next request may be on its way.
    assert_eq!(
        first
            .post(&server.receiver.path(), "", numbered(2).as_bytes())
            .await
            .expect("an answer"),
        200
    );
    drop((first, second));
    while server.post(numbered(3).as_bytes()).await != 200 {}
    assert_eq!(server.receiver.counters().full, 0);
}

#[tokio::test]
async fn bodies_that_are_slow_keep_no_callback_out() {
    let receiver = builder()
        .body_limit(64 << 10)
        .bodies_bytes(256 << 10)
        .patience(Duration::from_millis(500));
    let (server, mut from) = channelled(receiver).await;
    // Each has sent half of a short body: more than there is room for.
    let mut slow = Vec::new();
    for _ in 0..8 {
        slow.push(began(&server, &begun(&server, 32 << 10, 16 << 10)).await);
    }
    until("all have begun", || {
        server.receiver.counters().received == 8
    })
    .await;
    for id in 1..=20 {
        is_taken(&server, &mut from, id).await;
    }
    for gateway in slow {
        let answer = rest(gateway).await;
        assert!(
            ["HTTP/1.1 408", "HTTP/1.1 503"]
                .iter()
                .any(|given| answer.starts_with(given)),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn long_bodies_wait_for_each_other_and_keep_no_short_one_out() {
    let receiver = builder().body_limit(1 << 20).bodies_bytes(1 << 20);
    let (server, mut from) = channelled(receiver).await;
    let long = begun(&server, 1 << 20, 128 << 10);
    let mut one = began(&server, &long).await;
    until("it has begun", || server.receiver.counters().received == 1).await;
    let mut other = began(&server, &long).await;
    until("the other one too", || {
        server.receiver.counters().received == 2
    })
    .await;
    is_taken(&server, &mut from, 1).await;
    let message = format!("{}null", " ".repeat((1 << 20) - (128 << 10) - 4));
    one.0.write_all(message.as_bytes()).await.expect("writes");
    assert_eq!(soon(one.status()).await.expect("an answer"), 200);
    other.0.write_all(message.as_bytes()).await.expect("writes");
    assert_eq!(soon(other.status()).await.expect("an answer"), 200);
}

#[tokio::test]
async fn an_end_waits_for_who_is_at_work_only() {
    let (server, mut from) = channelled(builder()).await;
    let dripping = began(&server, "POST / HTTP/1.1\r\nx-a: ").await;
    let mut working = began(&server, &begun(&server, 4, 0)).await;
    until("it has begun", || server.receiver.counters().received == 1).await;
    let receiver = server.receiver.clone();
    let ending = tokio::spawn(async move { receiver.shutdown(Duration::from_secs(20)).await });
    assert_eq!(rest(dripping).await, "");
    until_refused(server.address).await;
    working.0.write_all(b"null").await.expect("writes");
    let status = soon(working.status()).await.expect("an answer");
    assert!([200, 503].contains(&status), "{status}");
    soon(ending).await.expect("no panic");
    let _whatever_was_taken = from.try_recv();
}
