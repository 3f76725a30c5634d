//! Threads without a runtime.

use std::thread;

use generated_sdk::eyun::Client;
use generated_sdk::eyun::hao_you_cao_zuo::GetContact;
use generated_sdk::eyun::peng_you_quan::GetCircle;
use generated_sdk::eyun::wei_xin_guan_li::IsOnline;
use generated_sdk::{ErrorKind, blocking};
use serde_json::json;
use tests::loopback::Answer;

use super::gateway::*;

#[test]
fn a_thread_without_a_runtime_waits() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime for the server");
    let server = runtime.block_on(nth(|n, request| match (n, &*request.path) {
        (1, _) => Answer::Close,
        (_, "/getCircle") if body(request)["maxId"] == json!(0) => {
            good(json!({"sns": [{"id": "4"}]}))
        }
        (_, "/getCircle") => good(json!({"sns": []})),
        (_, "/getContact") => good(json!([{"userName": "a"}])),
        (_, "/asynSnsSendVideo") => good(json!({"asynId": "a"})),
        (_, "/member/login") => good(json!({"Authorization": "fresh"})),
        _ => good(json!({"type": 1, "id": "5"})),
    }));
    let wx = instance(&server);
    let reply = wx.call(IsOnline::new()).wait().expect("the second attempt");
    assert_eq!(reply.attempts(), 2);
    let threads: Vec<_> = (0..8)
        .map(|_| {
            let wx = wx.clone();
            thread::spawn(move || wx.call(IsOnline::new()).wait().map(|reply| reply.status()))
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().expect("no panic").expect("a reply"), 200);
    }
    let done = wx.job(video()).every(QUICK).wait().expect("done");
    assert_eq!(done.data.id.as_deref(), Some("5"));
    assert_eq!(
        wx.chunks(GetContact::new(["a"; 1]))
            .wait()
            .expect("a contact")
            .len(),
        1
    );
    let mut pages = wx.pages(GetCircle::new("", 0));
    let mut count = 0;
    while let Some(page) = pages.wait_page() {
        page.expect("a page");
        count += 1;
    }
    assert_eq!(count, 2);
    let login = Client::builder(&server.url).login("account", "password");
    blocking::wait(login).expect("a client");
}

#[tokio::test]
async fn waiting_inside_a_runtime_is_refused_and_sends_nothing() {
    let server = failing(0, Answer::Close).await;
    let wx = instance(&server);
    let error = wx.call(IsOnline::new()).wait().expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Misuse);
    let error = wx
        .pages(GetCircle::new("", 0))
        .wait_page()
        .expect("an error")
        .expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Misuse);
    let inside = tokio::task::spawn_blocking({
        let wx = wx.clone();
        move || wx.call(IsOnline::new()).wait().map(|_| ())
    });
    assert!(inside.await.expect("no panic").is_err());
    assert!(server.received().is_empty());
}
