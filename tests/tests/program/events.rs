//! Events of every shape, documented, odd and hostile.

use std::collections::BTreeSet;
use std::time::Duration;

use super::{ACCOUNT, Listening, fast, soon, text};
use generated_sdk::wequick::v2::callback::Event;
use generated_sdk::wequick::v2::mock;
use serde_json::{Value, json};

#[tokio::test]
async fn every_documented_event_arrives_typed() {
    let mut server = Listening::start().await;
    let program = mock::program(&*server.url).no_poll();
    let program = program
        .events_every(Duration::from_millis(1))
        .start()
        .expect("starts");
    let mut kinds = BTreeSet::new();
    while kinds.len() < 46 {
        let callback = server.next().await;
        assert!(
            !matches!(
                callback.event,
                Event::Unknown { .. } | Event::Unreadable { .. }
            ),
            "{callback:?}"
        );
        assert_eq!(callback.cwxid.as_ref().map(|id| id.as_str()), Some(ACCOUNT));
        let shown = format!("{:?}", callback.event);
        kinds.insert(shown.split('(').next().map(str::to_owned));
    }
    assert_eq!(program.numbers().failed, 0);
}

#[tokio::test]
async fn both_envelopes_every_spelling_of_nobody_and_unknown_actions() {
    let mut server = Listening::start().await;
    let message = |id: &str| json!({"msgid": id, "message": "hi", "wxidFrom": "wxid_a"});
    let bare = |account: Value, id: &str| json!({"action": "reportTextMessage", "cwxid": account, "data": message(id)});
    let mut absent = bare(Value::Null, "1");
    absent.as_object_mut().expect("an object").remove("cwxid");
    let posts = [
        bare(json!("w"), "2"),
        bare(Value::Null, "3"),
        absent,
        json!({"data": bare(json!("w"), "4")}),
        json!({"action": "reportTextMessage", "data": {"msg": message("5")}}),
        json!({"data": {"action": "reportTextMessage", "data": {"info": message("6")}}}),
    ];
    for post in posts {
        let (status, answer) = server
            .ask("POST /recieve_msg", post.to_string().as_bytes())
            .await;
        assert_eq!((status, answer.as_str()), (200, "[]"), "{post}");
        let callback = server.next().await;
        let Event::TextMessage(text) = callback.event else {
            panic!("{post}: {callback:?}");
        };
        assert_eq!(text.message.as_deref(), Some("hi"), "{post}");
    }
    let unknown = json!({"action": "loginStatus", "cwxid": null, "data": {"x": [18_446_744_073_709_551_615_u64]}});
    server
        .ask("POST /recieve_msg", unknown.to_string().as_bytes())
        .await;
    let Event::Unknown { code, data } = server.next().await.event else {
        panic!("nothing that is documented");
    };
    assert_eq!(
        (code.as_str(), data.as_str()),
        ("loginStatus", r#"{"x":[18446744073709551615]}"#)
    );
    let odd = json!({"action": "reportTextMessage", "cwxid": "w", "data": "text"});
    server
        .ask("POST /recieve_msg", odd.to_string().as_bytes())
        .await;
    assert!(matches!(
        server.next().await.event,
        Event::Unreadable { .. }
    ));
}

#[tokio::test]
async fn hostile_requests_cost_one_refusal() {
    let mut server = Listening::start().await;
    let deep = format!(
        r#"{{"action":"reportTextMessage","data":{}1{}}}"#,
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    for body in [deep.as_bytes(), b"\xff", b"{", b"", b"hello"] {
        assert_eq!(server.ask("POST /recieve_msg", body).await.0, 400);
    }
    let large = vec![b' '; 3 << 20];
    assert!(matches!(
        server.ask("POST /recieve_msg", &large).await.0,
        413 | 0
    ));
    let long = "a".repeat(9000);
    for query in [
        "",
        "?",
        "?wxid",
        "?wxid=%",
        "?wxid=%ff&pid=%00",
        "?pid=1&pid=2",
        "?wxid=null&pid=0",
        &format!("?wxid={long}"),
    ] {
        let (status, answer) = server.ask(&format!("GET /send_msg{query}"), b"").await;
        assert_eq!((status, answer.as_str()), (200, "[]"), "{query}");
    }
    for result in [
        json!({"data": {"sendId": "8859663", "sendResult": ""}}),
        json!({"action": "", "data": {"sendId": "x".repeat(10_000), "sendResult": {}, "errorReason": []}}),
        json!({"action": [], "cwxid": {}, "data": {"sendId": 7, "errorReason": "x"}}),
    ] {
        let (status, answer) = server
            .ask("POST /recieve_msg", result.to_string().as_bytes())
            .await;
        assert_eq!((status, answer.as_str()), (200, "[]"), "{result}");
        server.next().await;
    }
    assert_eq!(server.ask("GET /recieve_msg", b"").await.0, 405);
    assert_eq!(server.ask("GET /elsewhere", b"").await.0, 404);
    let _program = fast(&server.url).start().expect("starts");
    soon(async { text(&server.hub.bot(ACCOUNT), "x").await })
        .await
        .expect("as before");
}

#[tokio::test]
async fn accounts_that_are_told_the_same_are_both_heard() {
    let mut server = Listening::start().await;
    let told = |account: Value| json!({"action": "reportTextMessage", "cwxid": account, "data": {"msgid": "7", "message": "hi"}});
    for (query, account, times) in [
        ("", json!("a"), 1),
        ("", json!("b"), 1),
        ("?wxid=c&pid=1", Value::Null, 1),
        ("?wxid=d&pid=1", Value::Null, 1),
        ("?pid=2", Value::Null, 1),
        ("?wxid=c&pid=1", json!("e"), 1),
        // Nothing tells who this is: better twice than never.
        ("", Value::Null, 2),
    ] {
        let body = told(account).to_string();
        let before = server.hub.counters().typed;
        for _ in 0..2 {
            let line = format!("POST /recieve_msg{query}");
            assert_eq!(server.ask(&line, body.as_bytes()).await.0, 200);
        }
        assert_eq!(
            server.hub.counters().typed - before,
            times,
            "{query} {body}"
        );
        for _ in 0..times {
            server.next().await;
        }
    }
}
