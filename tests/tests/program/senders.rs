//! Whose event it is, and how whoever told it is answered.

use super::{Listening, soon};
use generated_sdk::server::Delivery;
use generated_sdk::wequick::v2::callback::Callback;
use generated_sdk::wequick::v2::deng_lu_deng_chu::GetLoginUser;
use generated_sdk::wequick::v2::{Bots, Hub};
use serde_json::{Value, json};
use tokio::sync::mpsc::unbounded_channel;

#[tokio::test]
async fn whoever_told_an_event_can_be_answered() {
    let mut server = Listening::start().await;
    let told =
        |account: Value| json!({"action": "loginStatus", "cwxid": account, "data": {"code": "1"}});
    for (query, account, expected) in [
        ("", json!("a"), (Some("a"), None)),
        ("?pid=7768", json!("a"), (Some("a"), Some("7768"))),
        ("?wxid=b&pid=7768", Value::Null, (Some("b"), Some("7768"))),
        ("?wxid=b&pid=7768", json!("a"), (Some("a"), Some("7768"))),
        ("?wxid=&pid=7768", json!("null"), (None, Some("7768"))),
        ("", Value::Null, (None, None)),
    ] {
        let line = format!("POST /recieve_msg{query}");
        let body = told(account).to_string();
        assert_eq!(server.ask(&line, body.as_bytes()).await.0, 200);
        let event = soon(server.events.recv()).await.expect("an event");
        assert_eq!(
            (event.account(), event.process()),
            expected,
            "{query} {body}"
        );
        let bot = server.hub.bots().of(&event);
        assert_eq!(bot.is_some(), expected != (None, None));
        assert!(!format!("{event:?}").contains("7768"), "{event:?}");
    }
}

/// A login code comes before anybody is logged in: only the address says which program shows it.
#[tokio::test]
async fn a_program_on_which_nobody_is_logged_in_is_answered_by_its_process() {
    let answer = |told: Delivery<Callback>, bots: Bots| async move {
        let Some(bot) = bots.of(&told) else {
            return;
        };
        tokio::spawn(async move { bot.send(GetLoginUser::new()).await });
    };
    let hub = Hub::builder().unprotected().start(answer).expect("starts");
    let server = Listening::serving(hub, unbounded_channel().1).await;
    let body = json!({"action": "loginStatus", "cwxid": null, "data": {"code": "1"}}).to_string();
    assert_eq!(
        server
            .ask("POST /recieve_msg?pid=1", body.as_bytes())
            .await
            .0,
        200
    );
    let asked = soon(async {
        loop {
            let (_, commands) = server.ask("GET /send_msg?wxid=&pid=1", b"").await;
            if commands != "[]" {
                return commands;
            }
        }
    });
    assert!(asked.await.contains("getLoginUser"));
}

#[tokio::test]
async fn no_answer_to_a_program_is_kept_on_the_way() {
    let server = Listening::start().await;
    for (line, body) in [("GET /send_msg?wxid=a", ""), ("POST /recieve_msg", "{}")] {
        let answer = server.answer(line, body.as_bytes()).await;
        assert!(
            answer.contains("\r\ncache-control: no-store\r\n"),
            "{answer}"
        );
    }
}
