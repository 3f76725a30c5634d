//! What a test asserts inside a reply is the test's own: where it fails, the test fails.

use super::{Server, ask};
use mock_gateway::eyun::Gateway;
use mock_gateway::{Answer, padchat};
use serde_json::json;
use std::time::Duration;

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "no such text")]
async fn a_reply_that_panics_fails_the_test_that_owns_the_gateway() {
    let gateway = Gateway::start().await.expect("a gateway");
    let token = format!("Authorization: {}\r\n", gateway.authorization());
    gateway.reply_once_to("/sendText", |call| {
        assert_eq!(
            call.text("content").as_deref(),
            Some("你好"),
            "no such text"
        );
        Answer::documented()
    });
    let send = json!({ "wId": gateway.logged_in(), "wcId": "filehelper", "content": "再见" });
    let (status, answer) = ask(
        gateway.address(),
        "POST /sendText",
        &token,
        &send.to_string(),
    );
    // The client is answered all the same, whatever it makes of it.
    if status != 500 || !answer["message"].to_string().contains("panicked") {
        eprintln!("{status} {answer}");
        std::process::abort();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "seen by calls_of")]
async fn it_fails_as_soon_as_the_test_asks_for_anything() {
    let gateway = Gateway::start().await.expect("a gateway");
    gateway.reply_to("/member/login", |_| panic!("seen by calls_of"));
    let body = r#"{"account":"a","password":"b"}"#;
    ask(gateway.address(), "POST /member/login", "", body);
    gateway.calls_of("/member/login");
    std::mem::forget(gateway);
}

#[tokio::test]
async fn a_test_that_fails_itself_is_not_made_to_fail_twice() {
    let failed = tokio::spawn(async {
        let gateway = padchat::Gateway::start().await.expect("a gateway");
        gateway.reply_to("status", |_| panic!("never asked"));
        panic!("the test's own");
    });
    let panic = failed.await.expect_err("it panics").into_panic();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"the test's own"));
}

#[tokio::test(flavor = "multi_thread")]
#[should_panic(expected = "judged wrongly")]
async fn a_judge_that_panics_fails_the_test_that_owns_the_program() {
    let commands = json!([{ "api": "getLoginUser", "sendId": "1", "option": {} }]).to_string();
    let server = Server::start(move |request| match request.line.starts_with("GET ") {
        true => commands.clone(),
        false => "[]".to_owned(),
    });
    let program =
        mock_gateway::wequick::v2::program(&*server.url).poll_every(Duration::from_millis(2));
    let program = program
        .judge(|_| panic!("judged wrongly"))
        .start()
        .expect("starts");
    while program.executed().is_empty() {
        tokio::time::sleep(Duration::from_millis(2)).await;
    }
}
