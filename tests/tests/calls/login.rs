//! Logging in to eyun: by an account and a password, and by a code that a person scans.

use std::sync::{Arc, Mutex};

use generated_sdk::eyun::Client;
use generated_sdk::eyun::deng_lu::{IPadLogin, IPadLoginProxy};
use generated_sdk::eyun::wei_xin_guan_li::IsOnline;
use generated_sdk::{
    BoxFuture, ErrorKind, HttpRequest, HttpResponse, Json, LoginByCode, LoginStep, Transport,
    TransportError,
};
use serde_json::json;
use tests::loopback::{Answer, Server};

use super::gateway::*;

/// Gives every call the same answer and keeps what was asked.
#[derive(Clone)]
struct Gateway {
    answer: &'static str,
    asked: Arc<Mutex<Vec<HttpRequest>>>,
}

impl Transport for Gateway {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        self.asked.lock().expect("not poisoned").push(request);
        Box::pin(async { Ok(HttpResponse::new(200, self.answer)) })
    }
}

fn gateway(answer: &'static str) -> Gateway {
    Gateway {
        answer,
        asked: Arc::default(),
    }
}

fn authorization(request: &HttpRequest) -> Option<&str> {
    let mut headers = request.headers.iter();
    let (_, value) = headers.find(|(name, _)| name == "Authorization")?;
    Some(value)
}

#[tokio::test]
async fn a_login_yields_a_client_that_is_authorised() {
    let gateway = gateway(
        r#"{"code":"1000","message":"处理成功","data":{"callbackUrl":null,"status":0,"Authorization":"t0ken"}}"#,
    );
    let builder = Client::builder("http://gateway").authorization("old");
    let client = builder
        .transport(gateway.clone())
        .login("account", "pa55")
        .await
        .expect("a client");
    client
        .call_raw("/any", Json::null())
        .await
        .expect("a reply");
    let asked = gateway.asked.lock().expect("not poisoned");
    assert_eq!(asked[0].url, "http://gateway/member/login");
    assert_eq!(asked[0].body, br#"{"account":"account","password":"pa55"}"#);
    assert_eq!(
        (authorization(&asked[0]), authorization(&asked[1])),
        (None, Some("t0ken"))
    );
}

#[tokio::test]
async fn a_login_without_authorization_is_an_error_that_says_so() {
    for answer in [
        r#"{"code":"1000","data":{"status":1}}"#,
        r#"{"code":"1000","data":null}"#,
        r#"{"code":"1000","data":{"Authorization":{}}}"#,
    ] {
        let builder = Client::builder("http://gateway").transport(gateway(answer));
        let error = builder
            .login("account", "pa55")
            .await
            .expect_err("an error");
        assert_eq!(error.kind(), ErrorKind::Undecodable);
        assert!(error.to_string().ends_with("no Authorization"), "{error}");
        assert_eq!((error.status(), error.body()), (Some(200), Some(answer)));
    }
    let refused = gateway(r#"{"code":"1001","message":"密码错误"}"#);
    let builder = Client::builder("http://gateway").transport(refused);
    let error = builder
        .login("account", "pa55")
        .await
        .expect_err("an error");
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Vendor, Some("1001"))
    );
    assert!(!format!("{error:?}").contains("pa55"));
}

#[tokio::test]
async fn a_later_login_is_for_everything_made_of_the_client() {
    let gateway = gateway(r#"{"code":"1000","message":"","data":{"Authorization":"fre5h"}}"#);
    let client = Client::builder("http://x")
        .authorization("0ld")
        .transport(gateway.clone())
        .build()
        .expect("a client");
    let wx = client.instance("w");
    client
        .clone()
        .log_in_again("me", "pa55")
        .await
        .expect("a reply");
    wx.client()
        .call_raw("/x", Json::null())
        .await
        .expect("a reply");
    let asked = gateway.asked.lock().expect("not poisoned");
    let sent: Vec<Option<&str>> = asked.iter().map(authorization).collect();
    assert_eq!(sent, [None, Some("fre5h")]);
}

/// A gateway that shows a code and answers the n-th question, from 1, as it is told.
async fn scanned(answer: impl Fn(usize) -> Answer + Send + Sync + 'static) -> Server {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    Server::start(move |request| match &*request.path {
        "/iPadLogin" => good(json!({ "wId": "w-7", "qrCodeUrl": "http://qr" })),
        "/getIPadLoginInfo" => answer(asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1),
        _ => good(json!({ "isOnline": true })),
    })
    .await
}

fn by_code(server: &Server) -> LoginByCode<IPadLogin> {
    let client = builder(server).build().expect("a client");
    let request = IPadLogin::new("", "ipad", IPadLoginProxy::Beijing);
    client.log_in_by_code(request).every(QUICK)
}

#[tokio::test]
async fn a_code_is_shown_and_verified_until_somebody_is_logged_in() {
    let server = scanned(|n| match n {
        1 => Answer::Close,
        2 => Answer::json(r#"{"code":"200","message":"","data":{"url":"http://verify"}}"#),
        _ => good(json!({ "wcId": "wxid_1" })),
    });
    let server = server.await;
    let login = by_code(&server).await.expect("a code");
    assert_eq!(
        (&*login.shown, login.reply.data.w_id.as_deref()),
        ("http://qr", Some("w-7"))
    );
    let mut told = Vec::new();
    let done = login.until_done(|step| match step {
        LoginStep::Verify { url, reply } => told.push((url.clone(), reply.code().to_owned())),
        step => panic!("{step:?}"),
    });
    let done = done.await.expect("somebody is logged in");
    assert_eq!(told, [("http://verify".to_owned(), "200".to_owned())]);
    assert_eq!(done.reply.data.wc_id.as_deref(), Some("wxid_1"));
    done.handle.call(IsOnline::new()).await.expect("a reply");
    let received = server.received();
    let last = received.last().map(body);
    assert_eq!(
        last,
        Some(json!({ "wId": "w-7" })),
        "bound to what was started"
    );
    let question = json!({ "wId": "w-7", "autoCheck": false });
    assert_eq!(body(&received[1]), question);
    assert_eq!(received.len(), 5, "what got lost is asked again");
}

#[tokio::test]
async fn what_a_person_types_goes_with_every_question_and_is_never_shown() {
    let server = scanned(|n| match n {
        1 => Answer::json(r#"{"code":"1001","message":"wrong code 471108"}"#),
        _ => good(json!({})),
    });
    let server = server.await;
    let login = by_code(&server).ask_with("autoCheck", true);
    let mut login = login.await.expect("a code");
    login.enter("471108");
    let error = login.next().await.expect_err("refused");
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Vendor, Some("1001"))
    );
    assert_eq!(error.message(), Some("wrong code ***"));
    let done = login.next().await.expect("the question may be asked again");
    assert!(matches!(done, LoginStep::Done(_)), "{done:?}");
    let question = json!({ "wId": "w-7", "autoCheck": true, "verifyCode": "471108" });
    let received = server.received();
    assert_eq!(
        [body(&received[1]), body(&received[2])],
        [question.clone(), question]
    );
    assert!(!format!("{login:?}").contains("4711"));
}

#[tokio::test]
async fn a_login_that_nobody_confirms_ends_and_does_not_show_its_key() {
    let server =
        scanned(|_| Answer::json(r#"{"code":"200","message":"","data":{"url":"http://verify"}}"#));
    let server = server.await;
    let login = by_code(&server).within(5 * QUICK).await.expect("a code");
    let error = login.until_done(|_| {}).await.expect_err("too late");
    assert_eq!(
        (error.kind(), error.is_timeout()),
        (ErrorKind::NoAnswer, true)
    );
    let said = error.to_string();
    assert!(said.contains("the login is not done after 50ms"), "{said}");
    assert!(!said.contains("w-7"), "{said}");

    let nothing = Server::start(|_| good(json!({ "wId": "w-7" }))).await;
    let error = by_code(&nothing).await.expect_err("nothing to show");
    assert_eq!(error.kind(), ErrorKind::Undecodable);
    assert!(error.to_string().ends_with("nothing to show"), "{error}");
}
