//! Calls: told apart, timed out, lost, and never left hanging.

use super::{Client, KEY, Peer, Pushed, Say, answer, connect, gateway, member, next};
use generated_sdk::runtime::{ErrorKind, Json, Retry};
use generated_sdk::socket::Lost;
use std::error::Error as _;
use std::time::Duration;
use tokio::task::JoinSet;

#[tokio::test]
async fn the_first_call_is_the_first_and_every_call_has_an_id_of_its_own() {
    let url = gateway(|_, mut peer: Peer| async move {
        peer.greet().await;
        peer.serve().await;
    })
    .await;
    let (client, _pushes) = connect(url).open().await.unwrap();
    let mut ids = std::collections::HashSet::new();
    for text in ["a", "\"b\\", "你好"] {
        let reply = client.0.call(&Say::new(text)).await.unwrap();
        assert_eq!(reply.data.text.as_deref(), Some(text));
        assert_eq!(
            Some(member(reply.body(), "callId").as_str()),
            reply.request_id()
        );
        assert!(ids.insert(reply.request_id().unwrap().to_owned()));
    }
    let reply = client.0.call(&Say::new("x")).request_id("mine").await;
    assert_eq!(reply.unwrap().request_id(), Some("mine"));
}

#[tokio::test]
async fn a_thousand_calls_are_answered_out_of_order() {
    const CALLS: usize = 1000;
    let url = gateway(|_, mut peer: Peer| async move {
        peer.greet().await;
        let mut calls = Vec::new();
        while calls.len() < CALLS {
            calls.push(peer.read().await.unwrap());
        }
        // Far from the order in which they came, and with pushes between them.
        calls.sort_by_key(|call| member(call, "callId"));
        for call in calls.iter().rev() {
            peer.answer(call).await;
            peer.text(r#"{"event":"noise","data":{}}"#).await;
        }
        peer.serve().await;
    })
    .await;
    let (client, pushes) = connect(url).open().await.unwrap();
    let mut calls = JoinSet::new();
    for number in 0..CALLS {
        let client = client.clone();
        calls.spawn(async move { (number, client.say(number).await.unwrap()) });
    }
    while let Some(done) = calls.join_next().await {
        let (number, said) = done.unwrap();
        assert_eq!(said, number.to_string());
    }
    let counters = pushes.line().counters();
    assert_eq!((counters.sent, counters.answered), (1001, 1001));
    assert_eq!((counters.late, counters.timed_out), (0, 0));
}

#[tokio::test]
async fn an_answer_that_comes_late_is_dropped_and_counted() {
    let url = gateway(|_, mut peer: Peer| async move {
        peer.greet().await;
        let slow = peer.read().await.unwrap();
        // The caller has given up by the time of its next call.
        let quick = peer.read().await.unwrap();
        peer.answer(&slow).await;
        peer.answer(&slow).await;
        peer.answer(&quick).await;
        peer.serve().await;
    })
    .await;
    let (client, pushes) = connect(url).open().await.unwrap();
    let slow = client.0.call(&Say::new("slow"));
    let error = slow.timeout(Duration::from_millis(30)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(error.is_timeout() && error.may_have_been_executed());
    assert_eq!(client.say("quick").await.unwrap(), "quick");
    let counters = pushes.line().counters();
    assert_eq!((counters.late, counters.timed_out), (2, 1));
}

#[tokio::test]
async fn what_was_written_may_have_been_executed_and_what_was_not_waits() {
    let url = gateway(|number, mut peer: Peer| async move {
        peer.greet().await;
        if number == 0 {
            peer.read().await.unwrap();
            // Gone without a word, in the middle of a call.
            return;
        }
        peer.serve().await;
    })
    .await;
    let (client, mut pushes) = connect(url).open().await.unwrap();
    let error = client.say("lost").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnswer, "{error}");
    assert!(error.may_have_been_executed() && !error.is_timeout());
    assert!(error.source().unwrap().is::<Lost>(), "{error:?}");
    // Called while there is no connection: it goes out on the next one.
    assert_eq!(client.say("again").await.unwrap(), "again");
    assert!(matches!(next(&mut pushes).await, Pushed::Disconnected(_)));
    assert!(matches!(next(&mut pushes).await, Pushed::Reconnected));
    let counters = pushes.line().counters();
    assert_eq!((counters.connected, counters.lost), (2, 1));
}

#[tokio::test]
async fn without_a_connection_a_call_ends_with_its_time() {
    let url = gateway(|number, mut peer: Peer| async move {
        if number == 0 {
            peer.greet_and_leave().await;
        }
        // From then on every connection ends before it is greeted.
    })
    .await;
    let (client, mut pushes) = connect(url).open().await.unwrap();
    client.part().await;
    assert!(matches!(next(&mut pushes).await, Pushed::Disconnected(_)));
    let call = client.0.call(&Say::new("x")).retry(Retry::default());
    let error = call.timeout(Duration::from_millis(50)).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 1));
    assert!(error.is_timeout() && !error.may_have_been_executed());
    assert!(!pushes.line().is_up());
}

#[tokio::test]
async fn a_call_that_is_dropped_is_forgotten() {
    let url = gateway(|_, mut peer: Peer| async move {
        peer.greet().await;
        let first = peer.read().await.unwrap();
        let second = peer.read().await.unwrap();
        peer.answer(&first).await;
        peer.answer(&second).await;
        peer.serve().await;
    })
    .await;
    let (client, pushes) = connect(url).open().await.unwrap();
    let dropped = tokio::time::timeout(Duration::from_millis(30), client.say("a")).await;
    assert!(dropped.is_err());
    assert_eq!(client.say("b").await.unwrap(), "b");
    assert_eq!(pushes.line().counters().late, 1);
    assert_eq!(pushes.line().counters().timed_out, 0);
}

#[tokio::test]
async fn two_calls_of_one_id_and_bodies_without_a_place_for_it_are_refused() {
    let url = gateway(|_, mut peer: Peer| async move {
        peer.greet().await;
        let first = peer.read().await.unwrap();
        let second = peer.read().await.unwrap();
        assert_eq!(member(&second, "callId"), "other");
        peer.text(answer(&first)).await;
        peer.text(answer(&second)).await;
        peer.serve().await;
    })
    .await;
    let (client, _pushes) = connect(url).open().await.unwrap();
    let one = tokio::spawn({
        let client = client.clone();
        async move { client.0.call(&Say::new("a")).request_id("id").await }
    });
    tokio::task::yield_now().await;
    tokio::time::sleep(Duration::from_millis(20)).await;
    let twin = client.0.call(&Say::new("b")).request_id("id").await;
    assert_eq!(twin.unwrap_err().kind(), ErrorKind::NotSent);
    let raw = client
        .0
        .call_raw(&super::SAY, "x", Json::from("text"))
        .await;
    assert_eq!(raw.unwrap_err().kind(), ErrorKind::NotSent);
    let other = client.0.call(&Say::new("b")).request_id("other").await;
    assert_eq!(other.unwrap().data.text.as_deref(), Some("b"));
    assert!(one.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_refusal_is_the_vendors_and_hides_the_key() {
    let url = gateway(|_, mut peer: Peer| async move {
        let first = peer.read().await.unwrap();
        let id = member(&first, "callId");
        peer.text(format!(
            r#"{{"callId":"{id}","success":false,"msg":"{KEY} is unknown"}}"#
        ))
        .await;
        peer.serve().await;
    })
    .await;
    let connect = connect(url);
    assert!(!format!("{connect:?}").contains(KEY));
    let error = connect.open().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Vendor);
    assert_eq!(error.message(), Some("*** is unknown"));
    assert!(!format!("{error:?} {error}").contains(KEY));
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let open = Box::pin(connect("ws://127.0.0.1:9").open());
    let mut open = open;
    let waker = std::task::Waker::noop();
    let polled = open
        .as_mut()
        .poll(&mut std::task::Context::from_waker(waker));
    let std::task::Poll::Ready(Err(error)) = polled else {
        panic!("it cannot wait for anything");
    };
    assert_eq!(error.kind(), ErrorKind::Misuse);
}

#[tokio::test]
async fn the_first_call_must_be_given() {
    let connect = generated_sdk::runtime::Connect::<Client>::new("ws://127.0.0.1:9");
    let error = connect.open().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert!(error.to_string().contains("`auth`"), "{error}");
}
