//! Pushes: typed, bounded, never in the way of answers; and what is none.

use super::{Peer, Push, Pushed, connect, gateway, member, next};
use generated_sdk::runtime::ErrorKind;
use generated_sdk::socket::Lost;
use std::error::Error as _;
use tokio_websockets::Message;

#[tokio::test]
async fn a_slow_consumer_is_told_what_it_missed_and_blocks_no_answer() {
    const BURST: usize = 5000;
    let url = gateway(|_, mut peer: Peer| async move {
        peer.greet().await;
        for number in 0..BURST {
            peer.text(format!(r#"{{"event":"burst","data":{number}}}"#))
                .await;
        }
        peer.serve().await;
    })
    .await;
    let connect = connect(url).buffer(10, 1 << 20);
    let (client, mut pushes) = connect.open().await.unwrap();
    // Nobody takes a push meanwhile.
    assert_eq!(client.say("through").await.unwrap(), "through");
    for number in 0..10 {
        let Pushed::Push(push) = next(&mut pushes).await else {
            panic!("{number} was kept");
        };
        assert_eq!(push, Push("burst".to_owned(), number.to_string()));
    }
    let Pushed::Missed(missed) = next(&mut pushes).await else {
        panic!("the rest was missed");
    };
    assert_eq!(missed, BURST as u64 - 10);
    let counters = pushes.line().counters();
    assert_eq!((counters.pushed, counters.missed), (BURST as u64, missed));
}

#[tokio::test]
async fn pushes_are_bounded_by_their_size_as_well() {
    let url = gateway(|_, mut peer: Peer| async move {
        peer.greet().await;
        let long = "x".repeat(60_000);
        for _ in 0..4 {
            peer.text(format!(r#"{{"event":"long","data":"{long}"}}"#))
                .await;
        }
        peer.serve().await;
    })
    .await;
    let connect = connect(url).buffer(1000, 50_000);
    let (client, mut pushes) = connect.open().await.unwrap();
    client.say("through").await.unwrap();
    // One that is larger than all room passes alone.
    assert!(matches!(next(&mut pushes).await, Pushed::Push(_)));
    assert!(matches!(next(&mut pushes).await, Pushed::Missed(3)));
}

#[tokio::test]
async fn garbage_is_counted_and_told_and_does_no_harm() {
    let url = gateway(|_, mut peer: Peer| async move {
        peer.greet().await;
        for garbage in [
            "",
            "hello",
            "{\"callId\":",
            "[1,2]",
            "12",
            "{\"a\":1}}",
            "\u{0}",
        ] {
            peer.text(garbage).await;
        }
        peer.write(Message::binary(vec![0xff, 0xfe, 0x00])).await;
        peer.text("[".repeat(100_000)).await;
        // Odd, but no garbage: pushes without a code, with an id that is none, as binary.
        peer.text("{}").await;
        peer.text(r#"{"callId":null,"event":"a"}"#).await;
        peer.text(r#"{"callId":"","event":"b"}"#).await;
        peer.write(Message::binary(br#"{"event":"c","data":{}}"#.to_vec()))
            .await;
        // An answer that nobody asked for.
        peer.text(r#"{"callId":7,"success":true}"#).await;
        peer.serve().await;
    })
    .await;
    let (client, mut pushes) = connect(url).open().await.unwrap();
    assert_eq!(client.say("fine").await.unwrap(), "fine");
    for _ in 0..9 {
        assert!(matches!(next(&mut pushes).await, Pushed::Garbage(_)));
    }
    for code in ["", "a", "b", "c"] {
        let Pushed::Push(Push(is, _)) = next(&mut pushes).await else {
            panic!("{code} is a push");
        };
        assert_eq!(is, code);
    }
    let counters = pushes.line().counters();
    assert_eq!((counters.garbage, counters.late), (9, 1));
    assert_eq!(counters.lost, 0);
}

#[tokio::test]
async fn ten_megabytes_pass_and_more_than_the_limit_ends_the_connection() {
    let url = gateway(|_, mut peer: Peer| async move {
        peer.greet().await;
        let call = peer.read().await.unwrap();
        let id = member(&call, "callId");
        let long = "x".repeat(10 << 20);
        peer.text(format!(
            r#"{{"callId":"{id}","success":true,"data":{{"text":"{long}"}}}}"#
        ))
        .await;
        peer.serve().await;
    })
    .await;
    let (client, _pushes) = connect(url.clone()).open().await.unwrap();
    assert_eq!(client.say("x").await.unwrap().len(), 10 << 20);

    let limited = connect(url).message_limit(1 << 20);
    let (client, mut pushes) = limited.open().await.unwrap();
    let error = client.say("x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(error.may_have_been_executed());
    assert!(
        error.source().unwrap().to_string().contains("longer"),
        "{error:?}"
    );
    let Pushed::Disconnected(lost) = next(&mut pushes).await else {
        panic!("it was too long");
    };
    assert_eq!(lost, Lost::TooLong(1 << 20));
    assert!(matches!(next(&mut pushes).await, Pushed::Reconnected));
}

#[tokio::test]
async fn whoever_drops_the_pushes_keeps_the_calls() {
    let url = gateway(|_, mut peer: Peer| async move {
        peer.greet().await;
        for _ in 0..100 {
            peer.text(r#"{"event":"a","data":1}"#).await;
        }
        peer.serve().await;
    })
    .await;
    let (client, pushes) = connect(url).buffer(1, 1).open().await.unwrap();
    let line = pushes.line();
    drop(pushes);
    assert_eq!(client.say("x").await.unwrap(), "x");
    assert_eq!(line.counters().pushed, 100);
}
