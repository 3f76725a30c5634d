//! What is a conversation, by default: of each, one message is being handled, and conversations do not wait for each
//! other.

use std::time::Duration;

use generated_sdk::runtime::Inbound;
use generated_sdk::server::{Receiver, ReceiverBuilder};
use generated_sdk::{dami, eyun, wequick};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::sleep;

use super::listening::{Gateway, SECRET, soon};

/// How many of these messages are being handled at once, if no handler ever ends.
async fn conversations<C: Inbound>(below: &str, messages: &[Value]) -> u64 {
    let builder: ReceiverBuilder<C> = Receiver::builder().secret_path(SECRET);
    let receiver = builder.start(|_| std::future::pending::<()>());
    let receiver = receiver.expect("starts");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let serving = receiver.clone();
    tokio::spawn(async move { serving.serve_on(listener).await });
    let mut gateway = Gateway::connect(address).await.expect("connects");
    let path = format!("{}{below}", receiver.path());
    for message in messages {
        let status = gateway
            .post(&path, "", message.to_string().as_bytes())
            .await;
        assert_eq!(status.expect("an answer"), 200, "{message}");
    }
    soon(async {
        let mut last = None;
        loop {
            let backlog = receiver.backlog().await.expect("in memory");
            let taken = (backlog.leased, backlog.waiting);
            // What can be taken is taken at once: twice the same is the end.
            if last == Some(taken) && backlog.leased > 0 {
                return backlog.leased;
            }
            last = Some(taken);
            sleep(Duration::from_millis(50)).await;
        }
    })
    .await
}

#[tokio::test]
async fn eyuns_are_those_of_an_account_with_a_friend_or_a_room() {
    let told = |code: &str, id: u64, account: &str, data: Value| {
        let mut data = data;
        data["newMsgId"] = json!(id);
        json!({"wcId": account, "account": "dev", "messageType": code, "data": data})
    };
    let private = |from: &str, to: &str| json!({"wId": "w", "fromUser": from, "toUser": to});
    let room = |from: &str| json!({"wId": "w", "fromUser": from, "fromGroup": "1@chatroom"});
    let messages = [
        told("60001", 1, "me", private("a", "me")),
        // The account's own answer, from another device.
        told("60001", 2, "me", private("me", "a")),
        told("60002", 3, "me", private("a", "me")),
        told("60001", 4, "me", private("b", "me")),
        told("80001", 5, "me", room("a")),
        told("80001", 6, "me", room("b")),
        told("60001", 7, "other", private("a", "other")),
        // What is about no conversation is the account's.
        told("30000", 8, "me", json!({"wId": "w"})),
        told("30000", 9, "me", json!({"wId": "w"})),
    ];
    assert_eq!(
        conversations::<eyun::callback::Callback>("", &messages).await,
        5
    );
}

#[tokio::test]
async fn damis_are_those_of_an_account_with_a_friend() {
    let told = |id: u64, account: &str, friend: &str| json!({"data": {"my_account": account, "to_account": friend, "msgid": id.to_string(), "content": "x"}});
    let messages = [
        told(1, "me", "a"),
        told(2, "me", "a"),
        told(3, "me", "b"),
        told(4, "you", "a"),
    ];
    let below = "/messagelog";
    assert_eq!(
        conversations::<dami::callback::Callback>(below, &messages).await,
        3
    );
    let told = |id: u64, room: &str, friend: &str| json!({"data": {"my_account": "me", "g_number": room, "to_account": friend, "msgid": id.to_string()}});
    let messages = [
        told(1, "1@chatroom", "a"),
        told(2, "1@chatroom", "b"),
        told(3, "2@chatroom", "a"),
    ];
    let below = "/crowdlog";
    assert_eq!(
        conversations::<dami::callback::Callback>(below, &messages).await,
        2
    );
}

#[tokio::test]
async fn wequicks_are_those_of_an_account_with_a_friend_or_a_room() {
    let told = |id: u64, room: &str, from: &str, to: &str| {
        let data =
            json!({"msgid": id.to_string(), "roomWxid": room, "wxidFrom": from, "wxidTo": to});
        json!({"action": "reportTextMessage", "cwxid": "me", "data": data})
    };
    let messages = [
        told(1, "", "a", "me"),
        told(2, "", "me", "a"),
        told(3, "", "b", "me"),
        told(4, "1@chatroom", "a", "1@chatroom"),
        told(5, "1@chatroom", "b", "1@chatroom"),
    ];
    assert_eq!(
        conversations::<wequick::v2::callback::Callback>("", &messages).await,
        3
    );
    let told = |of: &str, from: &str| json!({"type": 78, "msgType": "1", "cwxid": "me", "wxid": of, "formWxid": from, "message": "x"});
    let messages = [
        told("a", ""),
        told("a", ""),
        told("1@chatroom", "a"),
        told("1@chatroom", "b"),
    ];
    assert_eq!(
        conversations::<wequick::v1::callback::Callback>("", &messages).await,
        2
    );
}
