//! The login against a gateway of a few lines.

use crate::eyun::Client;
use crate::runtime::{
    BoxFuture, ErrorKind, HttpRequest, HttpResponse, Json, Transport, TransportError,
};
use std::sync::{Arc, Mutex};

/// Gives every call the same answer and keeps what was asked.
#[derive(Clone)]
struct Gateway {
    answer: &'static str,
    asked: Arc<Mutex<Vec<HttpRequest>>>,
}

impl Transport for Gateway {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        self.asked.lock().unwrap().push(request);
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

#[tokio::test(flavor = "current_thread")]
async fn a_login_yields_a_client_that_is_authorised() {
    let gateway = gateway(
        r#"{"code":"1000","message":"处理成功","data":{"callbackUrl":null,"status":0,"Authorization":"t0ken"}}"#,
    );
    let builder = Client::builder("http://gateway").authorization("old");
    let client = builder
        .transport(gateway.clone())
        .login("account", "pa55")
        .await
        .unwrap();
    client.call_raw("/any", Json::null()).await.unwrap();
    let asked = gateway.asked.lock().unwrap();
    assert_eq!(asked[0].url, "http://gateway/member/login");
    assert_eq!(asked[0].body, br#"{"account":"account","password":"pa55"}"#);
    assert_eq!(
        (authorization(&asked[0]), authorization(&asked[1])),
        (None, Some("t0ken"))
    );
}

#[tokio::test(flavor = "current_thread")]
async fn a_login_without_authorization_is_an_error_that_says_so() {
    for answer in [
        r#"{"code":"1000","data":{"status":1}}"#,
        r#"{"code":"1000","data":null}"#,
        r#"{"code":"1000","data":{"Authorization":{}}}"#,
    ] {
        let builder = Client::builder("http://gateway").transport(gateway(answer));
        let error = builder.login("account", "pa55").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Undecodable);
        assert!(error.to_string().ends_with("no Authorization"), "{error}");
        assert_eq!((error.status(), error.body()), (Some(200), Some(answer)));
    }
    let refused = gateway(r#"{"code":"1001","message":"密码错误"}"#);
    let builder = Client::builder("http://gateway").transport(refused);
    let error = builder.login("account", "pa55").await.unwrap_err();
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Vendor, Some("1001"))
    );
    assert!(!format!("{error:?}").contains("pa55"));
}

#[tokio::test(flavor = "current_thread")]
async fn a_later_login_is_for_everything_made_of_the_client() {
    let gateway = gateway(r#"{"code":"1000","message":"","data":{"Authorization":"fre5h"}}"#);
    let client = Client::builder("http://x")
        .authorization("0ld")
        .transport(gateway.clone())
        .build()
        .unwrap();
    let wx = client.instance("w");
    client.clone().log_in_again("me", "pa55").await.unwrap();
    wx.client().call_raw("/x", Json::null()).await.unwrap();
    let asked = gateway.asked.lock().unwrap();
    let sent: Vec<Option<&str>> = asked.iter().map(authorization).collect();
    assert_eq!(sent, [None, Some("fre5h")]);
}
