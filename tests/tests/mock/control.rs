//! Faults, scripted replies, asserted calls.

use super::*;

#[tokio::test]
async fn faults_come_on_demand() {
    let gateway = start().await;
    let wx = logged_in(&gateway);
    let send = || {
        wx.xiao_xi_fa_song()
            .send_text(SendText::new("filehelper", "x"))
    };
    let with = |fault: &str| send().header("X-Mock-Fault", fault);

    let error = with("drop-after-send").await.expect_err("dropped");
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(error.may_have_been_executed());
    let error = with("500").await.expect_err("500");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(500))
    );
    let error = with("html").await.expect_err("a page");
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    assert_eq!(error.message(), Some("502 Bad Gateway"));
    let reply = with("wrong-type").await.expect("still a success");
    assert_eq!(reply.issues().len(), 1, "{:?}", reply.issues());
    let late = with("delay=400").timeout(Duration::from_millis(50)).await;
    assert!(late.expect_err("late").is_timeout());
    let started = Instant::now();
    with("delay=60").await.expect("late, but there");
    assert!(started.elapsed() >= Duration::from_millis(60));
    let error = with("nonsense").await.expect_err("no such fault");
    assert_eq!(error.status(), Some(400));

    gateway.fault_once::<SendText>(Fault::DropAfterSend);
    send().await.expect_err("dropped");
    send().await.expect("once only");
    gateway.fault::<SendText>(Fault::Status(503));
    for _ in 0..3 {
        assert_eq!(send().await.expect_err("down").status(), Some(503));
    }
    gateway.clear();
    send().await.expect("back");

    let plan = json!({ "operation": "/sendText", "fault": "html", "times": 2 });
    assert_eq!(
        post(&gateway, "/__mock/faults", "", &plan).await,
        json!({ "ok": true })
    );
    for _ in 0..2 {
        send().await.expect_err("a page");
    }
    send().await.expect("twice only");
    for wrong in [
        json!({ "operation": "/nowhere", "fault": "html" }),
        json!({ "operation": "*", "fault": "fire" }),
        json!({ "operation": "*", "fault": "html", "times": 0 }),
    ] {
        let answer = post(&gateway, "/__mock/faults", "", &wrong).await;
        assert_eq!(answer["http"], json!(400), "{answer}");
    }

    let down = Gateway::builder().fault("*", Fault::Status(500)).start();
    let down = down.await.expect("a gateway");
    let error = logged_in(&down)
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "x"))
        .await;
    assert_eq!(error.expect_err("down").status(), Some(500));
}

#[tokio::test]
async fn replies_are_scripted_and_calls_asserted() {
    let gateway = start().await;
    let wx = logged_in(&gateway);
    let send = |text: &str| {
        wx.xiao_xi_fa_song()
            .send_text(SendText::new("filehelper", text))
    };
    gateway.reply_once::<SendText>(|request| {
        assert_eq!(request.text("content").as_deref(), Some("one"));
        Answer::refused("1002", "敏感词")
    });
    let error = send("one").await.expect_err("refused");
    assert_eq!(
        (error.code(), error.message()),
        (Some("1002"), Some("敏感词"))
    );
    send("two").await.expect("as before");

    let mut data = SentMessage::default();
    data.new_msg_id = Some("9007199254740993".into());
    gateway.reply_data::<SendText>(&data);
    for _ in 0..2 {
        let sent = send("three").await.expect("scripted");
        let id = sent.data.new_msg_id.clone().expect("an id");
        assert_eq!(id, "9007199254740993");
        assert_eq!(sent.data.msg_id, None);
    }
    gateway.clear();
    gateway.reply::<SendText>(|request| Answer::data(json!({ "wcId": request.param("content") })));
    let sent = send("four").await.expect("scripted");
    assert_eq!(sent.data.wc_id, Some("four".into()));
    gateway.clear();

    let plan = json!({ "operation": "/sendText", "body": { "code": 1000, "data": { "type": 7 } } });
    post(&gateway, "/__mock/replies", "", &plan).await;
    assert_eq!(send("five").await.expect("scripted").data.type_, Some(7));

    let calls = gateway.calls::<SendText>();
    assert_eq!(calls.len(), 6);
    assert_eq!(calls[0].params()["content"], json!("one"));
    assert!(calls[0].raw().contains(r#""content":"one""#));
    assert!(!format!("{calls:?}").contains("one"), "no content in Debug");
    let listed = http(
        &gateway,
        "GET",
        "/__mock/calls?operation=%2FsendText",
        "",
        "",
    );
    let (_, listed) = listed.await.expect("an answer");
    let listed: Value = serde_json::from_str(&listed).expect("JSON");
    assert_eq!(listed.as_array().map(Vec::len), Some(6));
}
