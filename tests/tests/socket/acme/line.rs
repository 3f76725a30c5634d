//! The connection: lost, dead, made again, restored, given up, shut down.

use super::{Client, KEY, Peer, Pushed, Say, connect, gateway, member, next};
use generated_sdk::runtime::{BoxError, ErrorKind, Retry};
use generated_sdk::socket::Lost;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, watch};
use tokio_websockets::{CloseCode, Message};

#[tokio::test]
async fn a_silent_line_is_pinged_and_a_dead_one_replaced() {
    let pinged = Duration::from_millis(20);
    let stuck = Arc::new(AtomicBool::new(false));
    let is_stuck = stuck.clone();
    let url = gateway(move |number, mut peer: Peer| {
        let stuck = is_stuck.clone();
        async move {
            peer.greet().await;
            if number == 0 {
                // Pings are answered as long as somebody reads; then nobody does.
                let alive = Duration::from_millis(300);
                let _silent = tokio::time::timeout(alive, peer.read()).await;
                stuck.store(true, Ordering::Relaxed);
                std::future::pending::<()>().await;
            }
            peer.serve().await;
        }
    })
    .await;
    let connect = connect(url).ping(pinged, Duration::from_secs(1));
    let (client, mut pushes) = connect.open().await.unwrap();
    let Pushed::Disconnected(lost) = next(&mut pushes).await else {
        panic!("the line is dead");
    };
    assert_eq!(lost, Lost::Silent);
    assert!(stuck.load(Ordering::Relaxed), "pings were answered before");
    assert!(pushes.line().counters().pings >= 2);
    assert_eq!(client.say("alive").await.unwrap(), "alive");
}

#[tokio::test]
async fn a_close_frame_says_why() {
    let url = gateway(|number, mut peer: Peer| async move {
        peer.greet().await;
        if number == 0 {
            let close = Message::close(Some(CloseCode::GOING_AWAY), "maintenance");
            peer.write(close).await;
        }
        peer.serve().await;
    })
    .await;
    let (client, mut pushes) = connect(url).open().await.unwrap();
    let Pushed::Disconnected(lost) = next(&mut pushes).await else {
        panic!("it was closed");
    };
    let said = lost.to_string();
    assert!(
        said.contains("1001") && said.contains("maintenance"),
        "{said}"
    );
    assert!(pushes.line().up().await);
    assert_eq!(client.say("x").await.unwrap(), "x");
}

#[tokio::test]
async fn the_hook_goes_before_all_other_calls() {
    let (seen, mut order) = mpsc::unbounded_channel();
    let url = gateway(move |number, mut peer: Peer| {
        let seen = seen.clone();
        async move {
            if number == 0 {
                return peer.greet_and_leave().await;
            }
            peer.greet().await;
            while let Some(call) = peer.read().await {
                if call.starts_with('{') {
                    seen.send(call.clone()).unwrap();
                    peer.answer(&call).await;
                }
            }
        }
    })
    .await;
    let connect = connect(url).on_reconnect(|client: Client| async move {
        client.say("token").await?;
        client.say("ready").await?;
        Err::<(), BoxError>("as asked".into())
    });
    let (client, mut pushes) = connect.open().await.unwrap();
    client.part().await;
    assert!(matches!(next(&mut pushes).await, Pushed::Disconnected(_)));
    assert_eq!(client.say("call").await.unwrap(), "call");
    for expected in ["token", "ready", "call"] {
        let call = order.recv().await.unwrap();
        assert!(call.contains(expected), "{call} is not {expected}");
    }
    assert!(matches!(next(&mut pushes).await, Pushed::Reconnected));
    let Pushed::HookFailed(error) = next(&mut pushes).await else {
        panic!("the hook has failed");
    };
    assert!(error.to_string().contains("as asked"));
}

#[tokio::test]
async fn a_refusal_later_on_is_tried_again_and_told_without_the_key() {
    let (allow, allowed) = watch::channel(false);
    let url = gateway(move |number, mut peer: Peer| {
        let allowed = *allowed.borrow();
        async move {
            if number == 0 {
                peer.greet_and_leave().await;
            } else if allowed {
                peer.greet().await;
                peer.serve().await;
            } else {
                let first = peer.read().await.unwrap();
                let id = member(&first, "callId");
                peer.text(format!(
                    r#"{{"callId":"{id}","success":false,"msg":"no {KEY}"}}"#
                ))
                .await;
                peer.serve().await;
            }
        }
    })
    .await;
    let (client, pushes) = connect(url).open().await.unwrap();
    client.part().await;
    while pushes.line().counters().failed == 0 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    // Whoever waits in vain is told what the gateway says.
    let call = client.0.call(&Say::new("early"));
    let error = call.timeout(Duration::from_millis(1)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSent);
    assert!(error.to_string().ends_with("no ***"), "{error}");
    allow.send_replace(true);
    assert_eq!(client.say("x").await.unwrap(), "x");
    assert!(!format!("{client:?} {pushes:?} {:?}", pushes.line()).contains(KEY));
}

#[tokio::test]
async fn a_connection_that_is_given_up_fails_everything() {
    let url = gateway(|_, mut peer: Peer| async move {
        peer.greet().await;
        peer.read().await;
    })
    .await;
    let (client, mut pushes) = connect(url).no_reconnect().open().await.unwrap();
    let line = pushes.line();
    let error = client.say("x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(matches!(next(&mut pushes).await, Pushed::Disconnected(_)));
    assert!(pushes.next().await.is_none());
    assert!(line.ended().is_some() && !line.up().await);
    let error = client.say("x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSent, "{error}");
}

#[tokio::test]
async fn a_shutdown_lets_calls_end_and_says_goodbye() {
    let (seen, mut closed) = mpsc::unbounded_channel();
    let url = gateway(move |_, mut peer: Peer| {
        let seen = seen.clone();
        async move {
            peer.greet().await;
            let slow = peer.read().await.unwrap();
            let never = peer.read().await.unwrap();
            tokio::time::sleep(Duration::from_millis(50)).await;
            peer.text(r#"{"event":"last","data":1}"#).await;
            peer.answer(&slow).await;
            assert!(never.contains("never"));
            seen.send(peer.read().await).unwrap();
        }
    })
    .await;
    let (client, mut pushes) = connect(url).open().await.unwrap();
    let call = |text: &'static str| {
        let client = client.clone();
        tokio::spawn(async move { client.say(text).await })
    };
    let slow = call("slow");
    while pushes.line().counters().sent < 2 {
        tokio::task::yield_now().await;
    }
    let never = call("never");
    while pushes.line().counters().sent < 3 {
        tokio::task::yield_now().await;
    }
    pushes.line().shutdown(Duration::from_millis(300)).await;
    assert_eq!(slow.await.unwrap().unwrap(), "slow");
    let cut = never.await.unwrap().unwrap_err();
    assert_eq!(cut.kind(), ErrorKind::NoAnswer, "{cut}");
    assert_eq!(closed.recv().await.unwrap().as_deref(), Some("closed 1000"));
    assert!(matches!(next(&mut pushes).await, Pushed::Push(_)));
    assert!(pushes.next().await.is_none());
    assert_eq!(pushes.line().ended(), Some(Lost::ShutDown));
    let error = client.say("x").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSent);
    pushes.line().shutdown(Duration::ZERO).await;
}

#[tokio::test]
async fn it_ends_with_the_last_who_uses_it() {
    let (seen, mut closed) = mpsc::unbounded_channel();
    let url = gateway(move |_, mut peer: Peer| {
        let seen = seen.clone();
        async move {
            peer.greet().await;
            loop {
                match peer.read().await {
                    Some(call) if call.starts_with('{') => peer.answer(&call).await,
                    end => return seen.send(end).unwrap(),
                }
            }
        }
    })
    .await;
    let (client, pushes) = connect(url).open().await.unwrap();
    let other = client.clone();
    drop((client, pushes));
    assert_eq!(other.say("still").await.unwrap(), "still");
    drop(other);
    assert_eq!(closed.recv().await.unwrap().as_deref(), Some("closed 1000"));
}

#[tokio::test]
async fn what_does_not_greet_is_no_gateway() {
    let failed = |url: String, within| {
        let connect = connect(url).connect_timeout(within);
        async move { connect.open().await.unwrap_err() }
    };
    let second = Duration::from_secs(20);
    // Nobody listens.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}", free.local_addr().unwrap());
    drop(free);
    let error = failed(url, second).await;
    assert_eq!(error.kind(), ErrorKind::NotSent, "{error}");
    // Somebody speaks HTTP, somebody speaks nothing, somebody says nothing.
    for (said, kind) in [
        (
            "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
            ErrorKind::Status,
        ),
        (
            "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            ErrorKind::NotSent,
        ),
        ("\u{1}\u{2}nonsense\r\n\r\n", ErrorKind::NotSent),
        ("", ErrorKind::NotSent),
    ] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("ws://{}/?key=s3cr3t", listener.local_addr().unwrap());
        let served = tokio::spawn(async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _read = stream.read(&mut [0; 4096]).await;
            let _gone = stream.write_all(said.as_bytes()).await;
            if said.is_empty() {
                std::future::pending::<()>().await;
            }
        });
        let within = if said.is_empty() {
            Duration::from_millis(50)
        } else {
            second
        };
        let error = failed(url, within).await;
        assert_eq!(error.kind(), kind, "{said}: {error}");
        assert!(!format!("{error} {error:?}").contains("s3cr3t"));
        served.abort();
    }
}

#[tokio::test]
async fn attempts_to_connect_again_have_an_end() {
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = connections.clone();
    let url = gateway(move |number, mut peer: Peer| {
        counted.fetch_add(1, Ordering::Relaxed);
        async move {
            if number == 0 {
                peer.greet_and_leave().await;
            }
        }
    })
    .await;
    let short = Duration::from_millis(2);
    let three = Retry::default().attempts(4).first_wait(short);
    let (client, mut pushes) = connect(url)
        .reconnect(three.longest_wait(Duration::from_secs(5)))
        .open()
        .await
        .unwrap();
    client.part().await;
    assert!(matches!(next(&mut pushes).await, Pushed::Disconnected(_)));
    assert!(pushes.next().await.is_none());
    assert_eq!(connections.load(Ordering::Relaxed), 4);
    assert_eq!(pushes.line().counters().failed, 3);
}
