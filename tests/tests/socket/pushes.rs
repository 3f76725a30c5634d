//! The login as pushes tell it, typed messages, and slow consumers.

use std::time::Duration;

use crate::Requests;
use generated_sdk::padchat::callback::{Event, Message};
use generated_sdk::padchat::deng_lu_guan_li::{GetAutoLoginData, Login, LoginLoginType};
use generated_sdk::padchat::fa_song_xiao_xi::{SendImage, SendMsg};
use generated_sdk::padchat::huo_qu_tu_pian_wen_jian::GetMsgImage;
use generated_sdk::socket::Pushed;
use generated_sdk::{ErrorKind, Json};
use mock_gateway::Fault;
use mock_gateway::padchat::Gateway;

use super::{KEY, connect, event, gateway, next, say};

#[tokio::test]
async fn a_login_is_shown_scanned_and_confirmed() {
    let builder = Gateway::builder().scan_takes(Duration::from_millis(20));
    let gateway = builder.start().await.expect("a gateway");
    let (client, mut pushes) = connect(&gateway).open().await.expect("a connection");
    let early = client.call(SendMsg::new("wxid_example02", "你好")).await;
    assert_eq!(
        early.expect_err("nobody is logged in").kind(),
        ErrorKind::Vendor
    );
    let login = client
        .deng_lu_guan_li()
        .login(Login::new(LoginLoginType::QrCode));
    let login = login.await.expect("logged in").data;
    assert_eq!(login.user_name, Some("wxid_example01".into()));
    let Event::QrCode(Some(code)) = event(&mut pushes).await else {
        panic!("the code comes first");
    };
    // Names below `data` begin with a capital.
    let address = code.get("Url").and_then(|address| address.as_text());
    assert!(address.is_some_and(|address| address.contains("weixin.qq.com")));
    for expected in ["1", "2"] {
        let Event::Scan(Some(scan)) = event(&mut pushes).await else {
            panic!("the scan comes next");
        };
        assert_eq!(
            scan.get("Status")
                .map(|status| status.to_string())
                .as_deref(),
            Some(expected)
        );
    }
    assert!(matches!(event(&mut pushes).await, Event::Login(_)));
    assert!(matches!(event(&mut pushes).await, Event::Loaded(_)));
    // Saved data need no scan.
    let saved = client.call(GetAutoLoginData::new()).await.expect("data");
    let saved = saved.data.token.expect("a token");
    let again = Login::new(LoginLoginType::QrCode).token(saved);
    client.call(again).await.expect("logged in again");
    assert!(matches!(event(&mut pushes).await, Event::Login(_)));
}

#[tokio::test]
async fn a_text_comes_typed_and_goes_back_as_it_came() {
    let gateway = gateway().await;
    let (client, mut pushes) = connect(&gateway).open().await.expect("a connection");
    assert_eq!(say(&gateway), 1);
    let Event::Push(messages) = event(&mut pushes).await else {
        panic!("a message");
    };
    let [Message::Text(text)] = messages.as_slice() else {
        panic!("{messages:?}");
    };
    assert_eq!(text.from_user, Some("wxid_example02".into()));
    assert_eq!(text.content.as_ref().map(Json::as_str), Some("\"你好\""));
    let shown = format!("{messages:?}");
    assert!(!shown.contains("你好"), "{shown}");
    let image = GetMsgImage::new(text.raw.clone());
    client.call(image).await.expect("an image");
    let calls = gateway.calls::<GetMsgImage>();
    let sent = calls[0].param("rawMsgData").expect("the message");
    assert_eq!(Json::from(sent.clone()), text.raw);
}

#[tokio::test]
async fn a_burst_is_bounded_and_answers_pass() {
    let gateway = gateway().await;
    let (client, mut pushes) = connect(&gateway)
        .buffer(100, 1 << 20)
        .open()
        .await
        .expect("a connection");
    gateway.fault_once::<SendMsg>(Fault::Burst(5000));
    let sent = client.call(SendMsg::new("wxid_example02", "你好")).await;
    sent.expect("the answer comes, though nobody takes a push");
    for _ in 0..100 {
        assert!(matches!(event(&mut pushes).await, Event::Unknown { .. }));
    }
    let Pushed::Missed(missed) = next(&mut pushes).await else {
        panic!("the rest was missed");
    };
    assert_eq!(missed, 4900);
    assert_eq!(pushes.line().counters().pushed, 5000);
}

#[tokio::test]
async fn nothing_secret_is_shown() {
    let gateway = gateway().await;
    let connect = connect(&gateway);
    let mut shown = format!("{connect:?}");
    let (client, pushes) = connect.open().await.expect("a connection");
    #[expect(deprecated, reason = "the vendor advises against it, but takes it")]
    let login = Login::new(LoginLoginType::Phone)
        .token("t0ken")
        .device_data("d3vice")
        .code("c0de");
    shown += &format!("{login:?} {client:?} {pushes:?} {:?}", pushes.line());
    shown += &format!(
        "{:?} {:?} {:?}",
        SendMsg::new("a", "c0ntent"),
        SendImage::new("a", "p1cture"),
        client.call(login.clone())
    );
    shown += &format!("{:?}", gateway.all_calls());
    for secret in [KEY, "t0ken", "d3vice", "c0de", "c0ntent", "p1cture"] {
        assert!(!shown.contains(secret), "{secret} in {shown}");
    }
}
