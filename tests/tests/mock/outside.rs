//! What the gateway tells, who finds it, and how it ends.

use catalog::load::Origin;
use mock_gateway::{Chat, Undelivered};
use tests::{committed, read};

use super::*;

#[tokio::test]
async fn callbacks_are_probed_delivered_and_repeated() {
    let receiver = Server::start(|_| Http::json("{}")).await;
    let gateway = Gateway::builder().incoming_every(Duration::from_millis(100));
    let gateway = gateway.start().await.expect("a gateway");
    let token = format!("Authorization: {}\r\n", gateway.authorization());
    let register = json!({ "httpUrl": format!("{}/hook?key=1", receiver.url), "type": 2 });
    assert!(gateway.deliver(Json::null()).await.is_err(), "no address");
    let answer = post(&gateway, "/setHttpCallbackUrl", &token, &register).await;
    assert_eq!(answer["code"], json!("1000"));

    let event = r#"{"messageType":"60001","data":{"newMsgId":18446744073709551615}}"#;
    gateway.duplicate_next_callback();
    let event: Json = event.parse().expect("JSON");
    let delivery = gateway.deliver(event).await.expect("an address");
    assert!(delivery.is_acknowledged(), "{delivery:?}");
    let ([friend, _], group) = (gateway.friends(), gateway.group());
    let text = gateway
        .deliver_text(&friend, Chat::Group(&group), "你好")
        .await;
    assert_eq!(text.expect("an address").status, Some(200));
    let bodies = || -> Vec<Value> {
        let received = receiver.received();
        let body = |body: &Vec<u8>| serde_json::from_slice(body).expect("JSON");
        received.iter().map(|request| body(&request.body)).collect()
    };
    let seen = bodies();
    assert_eq!(seen[0]["messageType"], json!("00000"));
    assert_eq!(receiver.received()[0].path, "/hook?key=1");
    let typed = |code: &str| {
        let of = |event: &&Value| event["messageType"] == json!(code);
        bodies().iter().filter(of).count()
    };
    assert_eq!(typed("00000") + typed("60001"), 3, "one of them twice");
    assert_eq!(seen.last().expect("some")["data"]["content"], json!("你好"));
    assert!(gateway.deliveries().iter().any(|one| one.repeated));

    let before = typed("60001");
    gateway.logged_in();
    tokio::time::sleep(Duration::from_millis(350)).await;
    assert!(typed("60001") > before, "a friend writes");

    let client = client(&gateway);
    let cancel = client
        .xiao_xi_jie_shou()
        .cancel_http_callback_url(CancelHttpCallbackUrl::new());
    cancel.await.expect("cancelled");
    let nowhere = gateway.deliver_text(&friend, Chat::Private, "x").await;
    assert_eq!(nowhere.expect_err("cancelled"), Undelivered::NoAddress);
    let deliver = post(&gateway, "/__mock/deliver", "", &json!({})).await;
    assert_eq!(deliver["http"], json!(400));
}

#[tokio::test]
async fn any_language_finds_its_way() {
    let gateway = start().await;
    let (status, help) = http(&gateway, "GET", "/__mock/", "", "")
        .await
        .expect("an answer");
    assert!(status == 200 && help.contains("/__mock/faults"), "{help}");
    let operations = http(&gateway, "GET", "/__mock/operations", "", "").await;
    let (_, operations) = operations.expect("an answer");
    let operations: Value = serde_json::from_str(&operations).expect("JSON");
    let (loaded, _) = read(&committed("eyun"), Origin::Catalog);
    let documented = loaded.provider.operations().count();
    assert_eq!(operations.as_array().map(Vec::len), Some(documented));
    let (_, state) = http(&gateway, "GET", "/__mock/state", "", "")
        .await
        .expect("an answer");
    let state: Value = serde_json::from_str(&state).expect("JSON");
    assert!(
        state["contacts"]
            .as_array()
            .is_some_and(|all| all.len() > 40)
    );
    let (status, _) = http(&gateway, "GET", "/__mock/nothing", "", "")
        .await
        .expect("an answer");
    assert_eq!(status, 404);
    let login = json!({ "account": "a", "password": "b" });
    let answer = post(&gateway, "/member/login", "", &login).await;
    assert!(answer["data"]["Authorization"].is_string(), "{answer}");
}

#[tokio::test]
async fn it_ends_cleanly_and_stays_on_this_machine() {
    let gateway = start().await;
    let address = gateway.address();
    let wx = logged_in(&gateway);
    let slow = wx
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "x"))
        .header("X-Mock-Fault", "delay=200");
    let slow = tokio::spawn(slow.into_future());
    while gateway.all_calls().is_empty() {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    gateway.shutdown().await;
    slow.await
        .expect("no panic")
        .expect("what was under way ends");
    TcpStream::connect(address).await.expect_err("it is gone");

    let everywhere = Gateway::builder().listen("0.0.0.0:0".parse().expect("an address"));
    let error = everywhere.start().await.expect_err("loopback only");
    assert!(error.to_string().contains("loopback"));

    let small = Gateway::builder().body_limit(1000).start().await;
    let small = small.expect("a gateway");
    let long = "x".repeat(2000);
    let (status, _) = http(&small, "POST", "/sendText", "", &long)
        .await
        .expect("an answer");
    assert_eq!(status, 413);
}
