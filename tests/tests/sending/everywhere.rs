//! The same over forms, over one connection, and over a program that fetches commands.

use generated_sdk::dami;
use generated_sdk::dami::xiao_xi_guan_li::{SendMessage, SendMessageRequired};
use generated_sdk::padchat;
use generated_sdk::padchat::fa_song_xiao_xi::SendMsg;
use generated_sdk::wequick::v2::Hub;
use generated_sdk::wequick::v2::xiao_xi_xiang_guan::SendTextMessage;
use tokio::net::TcpListener;

use super::*;

#[tokio::test]
async fn forms_have_what_the_session_carries_when_they_go_out() {
    let gateway = mock_gateway::dami::Gateway::start()
        .await
        .expect("a gateway");
    let client = dami::Client::builder(gateway.url()).authorization(gateway.token());
    let wx = client.build().expect("a client").account("wxid_before");
    let nobody = Broadcast::builder("forms").start(memory()).expect("starts");
    let text = |text: &str| {
        SendMessage::new(SendMessageRequired {
            content: text.to_owned(),
            content_type: "1".into(),
            to_account: "wxid_friend".into(),
        })
    };
    nobody
        .add("me", "1", &text("a & b = c"))
        .await
        .expect("added");
    // Bound anew after it was added.
    wx.rebind("wxid_now");
    nobody.account("me", &wx).expect("a name");
    assert_eq!(keys(&finished(&nobody).await.sent), ["1"]);
    let calls = gateway.calls_of("/foreign/message/send");
    assert_eq!(calls.len(), 1);
    assert_eq!(calls[0].text("my_account").as_deref(), Some("wxid_now"));
    assert_eq!(calls[0].text("content").as_deref(), Some("a & b = c"));
}

#[tokio::test]
async fn calls_on_one_connection_go_out_the_same_way() {
    let builder = mock_gateway::padchat::Gateway::builder().logged_in();
    let gateway = builder.start().await.expect("a gateway");
    let client = padchat::Client::connect(gateway.socket_url()).auth_key("key");
    let (wx, _pushes) = client.open().await.expect("a connection");
    let broadcast = Broadcast::builder("socket")
        .account("me", &wx)
        .distance(ms(1), ms(2));
    let broadcast = broadcast.start(memory()).expect("starts");
    for key in ["1", "2"] {
        let message = SendMsg::new("wxid_friend", key);
        assert!(broadcast.add("me", key, &message).await.expect("added"));
    }
    assert_eq!(keys(&finished(&broadcast).await.sent), ["1", "2"]);
    let calls = gateway.calls_of("sendMsg");
    let contents: Vec<_> = calls
        .iter()
        .filter_map(|call| call.text("content"))
        .collect();
    assert_eq!(contents, ["1", "2"]);
}

#[tokio::test]
async fn commands_are_paced_and_their_results_are_kept() {
    let hub = Hub::builder()
        .unprotected()
        .start(|_, _| async {})
        .expect("starts");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let serving = hub.clone();
    tokio::spawn(async move { serving.serve_on(listener).await });
    let program = mock_gateway::wequick::v2::program(url).account("wxid_example");
    let program = program.poll_every(ms(10)).start().expect("starts");
    let bot = hub.bot("wxid_example");
    let broadcast = Broadcast::builder("commands").account("wxid_example", &bot);
    let broadcast = broadcast
        .distance(ms(1), ms(2))
        .start(memory())
        .expect("starts");
    for key in ["1", "2", "3"] {
        let message = SendTextMessage::new("wxid_friend", key);
        assert!(
            broadcast
                .add("wxid_example", key, &message)
                .await
                .expect("added")
        );
    }
    let progress = finished(&broadcast).await;
    assert_eq!(keys(&progress.sent), ["1", "2", "3"]);
    assert!(
        progress.sent[0].told.contains("sendResult"),
        "{}",
        progress.sent[0].told
    );
    let done: Vec<String> = program
        .executed()
        .iter()
        .map(|done| done.text("text"))
        .collect();
    assert_eq!(done, ["1", "2", "3"]);
}
