//! Servers to which WeQuick's program comes, as the field has them.

use super::Server;
use mock_gateway::program::Unposted;
use mock_gateway::wequick::v2::program;
use serde_json::{Value, json};
use std::sync::Mutex;
use std::time::Duration;

/// Answers each poll with the next of these, and with none afterwards.
fn server(polls: Vec<Value>) -> Server {
    let polls = Mutex::new(polls.into_iter());
    Server::start(move |request| {
        let next = || polls.lock().ok()?.next();
        let commands = request.line.starts_with("GET ").then(next).flatten();
        commands.unwrap_or_else(|| json!([])).to_string()
    })
}

fn command(name: &str, id: &str) -> Value {
    json!({ "api": name, "sendId": id, "option": { "wxid": "wxid_example02", "text": "你好" } })
}

const QUICK: Duration = Duration::from_millis(2);

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_command_is_none() {
    let server = server(vec![
        json!([{}]),
        json!([{}, command("sendTextMessage", "1")]),
    ]);
    let program = program(&*server.url)
        .poll_every(QUICK)
        .start()
        .expect("starts");
    let result = server.posted().json();
    // The first that is posted is the result of the only command, named as documented.
    assert_eq!(
        (&result["data"]["sendId"], &result["action"]),
        (&json!("1"), &json!("resSendTextMessage"))
    );
    assert_eq!(result["cwxid"], program.me().id.as_str());
    assert_eq!(
        (program.numbers().fetched, program.executed().len()),
        (1, 1)
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_logout_nothing_is_executed() {
    let server = server(vec![
        json!([command("logout", "1"), command("sendTextMessage", "2")]),
        json!([
            command("getLoginQrCode", "3"),
            command("sendTextMessage", "4")
        ]),
    ]);
    let program = program(&*server.url)
        .poll_every(QUICK)
        .start()
        .expect("starts");
    let mut results = Vec::new();
    while results.len() < 4 {
        let posted = server.posted().json();
        let data = &posted["data"];
        if let (Some(id), Some(reason)) = (data["sendId"].as_str(), data["errorReason"].as_str()) {
            results.push((id.to_owned(), reason.to_owned()));
        }
    }
    let expected = [
        ("1", ""),
        ("2", "nobody is logged in"),
        ("3", ""),
        ("4", ""),
    ];
    assert_eq!(
        results,
        expected.map(|(id, reason)| (id.to_owned(), reason.to_owned()))
    );
    let refused: Vec<bool> = program
        .executed()
        .iter()
        .map(|done| done.refused.is_some())
        .collect();
    assert_eq!(refused, [false, true, false, false]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_account_is_meant_wherever_it_stands() {
    let server = server(Vec::new());
    let program = program(&*server.url)
        .account("wxid_other")
        .no_poll()
        .start()
        .expect("starts");
    assert_eq!(program.me().id, "wxid_other");
    for code in ["reportTextMessage", "reportLoginUser", "reportChatRooms"] {
        program.post(code).await.expect("taken");
        let posted = server.posted();
        assert!(posted.body.contains("wxid_other"), "{}", posted.body);
        assert!(!posted.body.contains("wxid_example01"), "{}", posted.body);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_field_that_the_event_does_not_have_is_refused() {
    let server = server(Vec::new());
    let program = program(&*server.url).no_poll().start().expect("starts");
    let text = |field| vec![(field, json!("x"))];
    for field in ["message", "nick", "msgid"] {
        program
            .post_with("reportTextMessage", text(field))
            .await
            .expect(field);
    }
    let strange = program.post_with("reportTextMessage", text("mesage")).await;
    let Err(Unposted::NoSuchField(why)) = strange else {
        panic!("{strange:?}");
    };
    assert_eq!(
        why,
        "reportTextMessage has no field `mesage` (did you mean `message`?)"
    );
}
