//! Commands on their way when the connection goes away, and a hub that does.

use super::{Bot, Hub, Running, Send, id};
use axum::body::Body;
use axum::http::Request;
use generated_sdk::program::MemoryCommands;
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
async fn a_hub_that_is_gone_leaves_nothing_running() {
    // Whatever still runs has the store.
    let store = Arc::new(MemoryCommands::new());
    let kept = Arc::downgrade(&store);
    let builder = Hub::builder().unprotected().shared_commands(store);
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
