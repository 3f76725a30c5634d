//! Commands on their way when the connection goes away.

use super::super::address::Address;
use super::super::answer::commands;
use super::{Bot, Running, Send, id};
use std::time::Duration;
use tokio::time::sleep;

#[tokio::test]
async fn what_did_not_leave_is_handed_out_again_at_once() {
    let server = Running::<true>::start().await;
    for text in ["first", "second"] {
        let left = server.hub.enqueue("w", &Send(text)).await;
        left.unwrap();
    }
    let dispatcher = &server.hub.bots().dispatcher;
    let asking = Address::new(Some("w".to_owned()), None);
    // An answer that is dropped before anybody reads it is a connection that broke.
    drop(commands(dispatcher, asking).await);
    let fetched = loop {
        let fetched = server.poll("who=w").await;
        if fetched != "[]" {
            break fetched;
        }
        sleep(Duration::from_millis(5)).await;
    };
    let (first, second) = (fetched.find("first"), fetched.find("second"));
    assert!(first.is_some() && first < second, "{fetched}");
    assert_eq!(id(&fetched).len(), 32);
    assert_eq!(server.poll("who=w").await, "[]");
}

#[tokio::test]
async fn a_hub_that_is_gone_leaves_nothing_running() {
    let server = Running::<true>::start().await;
    let dispatcher = std::sync::Arc::downgrade(&server.hub.bots().dispatcher);
    let bot: Bot<true> = server.hub.bot("w");
    server.hub.shutdown(Duration::from_secs(1)).await;
    drop(server);
    assert!(dispatcher.upgrade().is_some(), "a bot keeps it");
    drop(bot);
    for _ in 0..2000 {
        if dispatcher.upgrade().is_none() {
            return;
        }
        sleep(Duration::from_millis(5)).await;
    }
    panic!("something keeps the dispatcher");
}
