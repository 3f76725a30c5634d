//! Pushes that are kept and handled as callbacks are.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use generated_sdk::padchat::callback::{Callback, Event, Message};
use generated_sdk::socket::{Delivery, Handled, Pushed};
use generated_sdk::store::RedbStore;
use mock_gateway::Fault;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::timeout;

use super::{connect, gateway};

async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), future)
        .await
        .expect("in time")
}

/// Who wrote, and how many messages came at once.
fn sender(callback: &Callback) -> (String, usize) {
    match &callback.event {
        Event::Push(messages) => match messages.as_slice() {
            [Message::Text(text), ..] => {
                let from = text.from_user.as_ref().map(ToString::to_string);
                (from.unwrap_or_default(), messages.len())
            }
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn messages_of_one_push_are_handled_by_conversation_and_outlive_the_program() {
    let file = std::env::temp_dir().join(format!("pushes-{}.redb", std::process::id()));
    let _ = std::fs::remove_file(&file);
    let gateway = gateway().await;
    let (client, pushes) = connect(&gateway).open().await.expect("a connection");
    let (to, mut told) = mpsc::unbounded_channel();
    let store = RedbStore::open(&file).expect("a store");
    let builder = pushes.handler().store(store);
    let started = builder.start(move |delivery: Delivery<Callback>| {
        let from = sender(&delivery.callback);
        let answer = match from.0.as_str() {
            "wxid_a" => Handled::again(Duration::from_secs(3600)),
            _ => Handled::Done,
        };
        let _ = to.send(from);
        async move { answer }
    });
    let mut handler = started.expect("starts");
    let text = |from: &str| json!({"MsgType": 1, "FromUser": from, "ToUser": "me", "Uin": 7, "Content": "x"});
    let from = ["wxid_a", "wxid_a", "wxid_b", "wxid_b"];
    let push = json!({"event": "push", "msg": "", "data": from.map(text)});
    assert_eq!(gateway.push(push), 1);
    let mut senders = Vec::new();
    for _ in 0..3 {
        senders.push(soon(told.recv()).await.expect("a message"));
    }
    senders.sort();
    let one = |from: &str| (from.to_owned(), 1);
    assert_eq!(senders, [one("wxid_a"), one("wxid_b"), one("wxid_b")]);
    assert_eq!(soon(handler.shutdown(Duration::from_secs(20))).await, 2);
    assert_eq!(handler.counters().received, 4);
    // The connection is still there for calls.
    assert!(handler.line().is_up());
    drop((client, handler));
    let (_client, pushes) = connect(&gateway).open().await.expect("a connection");
    let (to, mut told) = mpsc::unbounded_channel();
    let store = RedbStore::open(&file).expect("closed by then");
    let started = pushes
        .handler()
        .store(store)
        .unordered()
        .start(move |delivery| {
            let delivery: Delivery<Callback> = delivery;
            let _ = to.send((sender(&delivery.callback).0, delivery.redelivered));
            async {}
        });
    let handler = started.expect("starts");
    let backlog = handler.backlog().await.expect("a store");
    assert_eq!(
        backlog.waiting + backlog.leased,
        2,
        "one waits an hour, one for it"
    );
    assert!(told.try_recv().is_err());
    let _ = std::fs::remove_file(&file);
}

#[tokio::test]
async fn what_is_no_push_is_told_apart() {
    let gateway = gateway().await;
    let (client, pushes) = connect(&gateway).open().await.expect("a connection");
    let notices = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&notices);
    let (to, mut told) = mpsc::unbounded_channel();
    let builder = pushes.handler().on_notice(move |notice| {
        let notice: Pushed<Callback> = notice;
        list.lock().expect("no panic").push(format!("{notice:?}"));
    });
    let started = builder.start(move |delivery: Delivery<Callback>| {
        let _ = to.send(delivery.callback);
        async {}
    });
    let handler = started.expect("starts");
    use crate::Requests;
    use generated_sdk::padchat::fa_song_xiao_xi::SendMsg;
    gateway.fault_once::<SendMsg>(Fault::Garbage);
    client
        .call(SendMsg::new("wxid_example02", "x"))
        .await
        .expect("sent");
    let text = json!({"MsgType": 1, "FromUser": "wxid_example02", "ToUser": "me", "Uin": 7, "Content": "x"});
    assert_eq!(
        gateway.push(json!({"event": "push", "msg": "", "data": [text]})),
        1
    );
    loop {
        let callback = soon(told.recv()).await.expect("a push");
        if matches!(&callback.event, Event::Push(_)) && sender(&callback).0 == "wxid_example02" {
            break;
        }
    }
    let notices = notices.lock().expect("no panic").clone();
    assert!(
        notices.iter().any(|notice| notice.starts_with("Garbage(")),
        "{notices:?}"
    );
    assert!(handler.counters().typed > 0);
}
