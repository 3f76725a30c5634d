//! Commands on their way when the connection goes away, and a hub that does.

use super::{Bot, Hub, Running, Send, id};
use axum::body::Body;
use axum::http::Request;
use futures_core::Stream;
use generated_sdk::store::MemoryStore;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::sleep;
use tower_service::Service;

#[tokio::test]
async fn what_did_not_leave_is_handed_out_again_at_once() {
    let server = Running::<true>::start().await;
    for text in ["first", "second"] {
        let left = server.hub.enqueue("w", &Send(text)).await;
        left.unwrap();
    }
    let request = Request::get("/commands?who=w").body(Body::empty()).unwrap();
    // An answer that is dropped before anybody reads it is a connection that broke.
    drop(server.hub.router().call(request).await);
    let fetched = server.fetch("who=w").await;
    let (first, second) = (fetched.find("first"), fetched.find("second"));
    assert!(first.is_some() && first < second, "{fetched}");
    assert_eq!(id(&fetched).len(), 32);
    assert_eq!(server.poll("who=w").await, "[]");
}

#[tokio::test]
async fn what_may_have_left_is_handed_out_again_and_marked() {
    // With results or without: the first part was written, and the connection broke.
    let with = Running::<true>::start().await;
    cut_off(&with).await;
    let without = Running::<false>::start().await;
    cut_off(&without).await;
    // Its next visit settles what has no result, once it has it.
    assert_eq!(without.poll("who=w").await, "[]");
    assert_eq!(without.hub.commands().await.unwrap().leased, 0);
}

async fn cut_off<const RESULTS: bool>(server: &Running<RESULTS>) {
    let left = server.hub.enqueue("w", &Send("once")).await.unwrap();
    let get = || Request::get("/commands?who=w").body(Body::empty()).unwrap();
    let answer = server.hub.router().call(get()).await.unwrap();
    assert!(!answer.headers().contains_key("x-handed-out-before"));
    let mut body = answer.into_body().into_data_stream();
    let first = poll_fn(|cx| Pin::new(&mut body).poll_next(cx)).await;
    assert!(first.unwrap().unwrap().starts_with(b"[{"));
    drop(body);
    let again = loop {
        let answer = server.hub.router().call(get()).await.unwrap();
        if answer.headers().contains_key("x-handed-out-before") {
            break answer;
        }
        sleep(Duration::from_millis(5)).await;
    };
    assert_eq!(again.headers()["x-handed-out-before"], left.as_str());
    let body = axum::body::to_bytes(again.into_body(), 10_000)
        .await
        .unwrap();
    assert!(String::from_utf8_lossy(&body).contains(&left));
    let written = || server.hub.handed_out();
    while written().commands == 0 {
        sleep(Duration::from_millis(5)).await;
    }
    assert_eq!((written().commands, written().again), (1, 1));
}

#[tokio::test]
async fn a_hub_that_is_gone_leaves_nothing_running() {
    // Whatever still runs has the store.
    let store = Arc::new(MemoryStore::new());
    let kept = Arc::downgrade(&store);
    let builder = Hub::builder().unprotected().shared_store(store);
    let server = Running::<true>::of(builder).await;
    let bot: Bot<true> = server.hub.bot("w");
    server.hub.shutdown(Duration::from_secs(1)).await;
    drop(server);
    assert!(kept.upgrade().is_some(), "a bot keeps it");
    drop(bot);
    for _ in 0..2000 {
        if kept.upgrade().is_none() {
            return;
        }
        sleep(Duration::from_millis(5)).await;
    }
    panic!("something keeps the store");
}
