//! Calls as they go out and come back, over real sockets, and over a transport of one's own.

use super::{API, GOOD, Got, Send, server, session};
use generated_sdk::runtime::{
    BoxFuture, Builder, Core, ErrorKind, HttpRequest, HttpResponse, Json, Method, Operation,
    Scalar, Session, Transport, TransportError,
};
use std::net::TcpListener;
use std::time::Duration;

#[tokio::test(flavor = "current_thread")]
async fn every_method_goes_out_under_its_name() {
    const fn sent_with(method: Method) -> Operation {
        Operation {
            method,
            ..Operation::new(&API, "acme_any", "acme_any", "")
        }
    }
    static ALL: [Operation; 5] = [
        sent_with(Method::Get),
        sent_with(Method::Post),
        sent_with(Method::Put),
        sent_with(Method::Patch),
        sent_with(Method::Delete),
    ];
    let (url, requests) = server(GOOD);
    let core = Builder::<Core>::new(url).build().unwrap();
    for operation in &ALL {
        core.call_raw(operation, "/x", Json::null()).await.unwrap();
        let request = requests.recv().unwrap();
        let method = operation.method.as_str();
        assert!(
            request.starts_with(&format!("{method} /x HTTP/1.1\r\n")),
            "{request}"
        );
    }
}

fn bound(core: Core) -> Session {
    Session::new(core, session())
}

#[tokio::test(flavor = "current_thread")]
async fn a_call_goes_out_as_declared_and_comes_back_typed() {
    let (url, requests) = server(GOOD);
    let core = Builder::<Core>::new(format!("{url}/gateway/"))
        .authorization("t0ken")
        .authorization_prefix("Bearer ")
        .header("X-App", "bot")
        .build()
        .unwrap();
    let session = bound(core);
    let reply = session
        .call(&Send::default())
        .header("content-type", "application/json; charset=utf-8")
        .await
        .unwrap();
    assert_eq!(
        reply.data.id,
        Some(Scalar::from(18_014_398_509_481_985_i64))
    );
    let request = requests.recv().unwrap();
    assert!(
        request.starts_with("POST /gateway/send HTTP/1.1\r\n"),
        "{request}"
    );
    for line in [
        "authorization: Bearer t0ken",
        "x-app: bot",
        "content-type: application/json; charset=utf-8",
    ] {
        assert!(
            request.contains(&format!("{line}\r\n")),
            "{line} in {request}"
        );
    }
    assert!(
        request.ends_with(r#"{"wId":"7","content":"","ids":[],"app":{"title":""}}"#),
        "{request}"
    );
    let clone = session.clone();
    session.rebind(0, Scalar::from("new"));
    clone.call(&Send::default()).await.unwrap();
    assert!(requests.recv().unwrap().contains(r#"{"wId":"new","#));
}

#[tokio::test(flavor = "current_thread")]
async fn errors_say_whether_the_call_may_have_been_executed() {
    let refused = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let core = Builder::<Core>::new(format!("http://{refused}"))
        .authorization("t0ken")
        .build()
        .unwrap();
    let error = core.call(&Send::default()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.may_have_been_executed()),
        (ErrorKind::NotSent, false)
    );

    let (url, _requests) = server("");
    let core = Builder::<Core>::new(url)
        .authorization("t0ken")
        .build()
        .unwrap();
    let error = core
        .call(&Send::default())
        .timeout(Duration::from_millis(50))
        .await
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.is_timeout()),
        (ErrorKind::NoAnswer, true)
    );
    assert!(error.may_have_been_executed());
    let error = core.call(&Send::default()).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.is_timeout()),
        (ErrorKind::NoAnswer, false),
        "{error}"
    );
    assert!(!format!("{error:?} {error} {core:?}").contains("t0ken"));
}

#[tokio::test(flavor = "current_thread")]
async fn tokens_rotate_and_unknown_paths_can_be_called() {
    static RAW: Operation = Operation::new(&API, "call_raw", "call_raw", "");
    let (url, requests) = server(GOOD);
    let core = Builder::<Core>::new(url)
        .authorization_from(|| async { Ok::<_, std::io::Error>("fresh".to_owned()) })
        .build()
        .unwrap();
    let reply = core
        .call_raw(&RAW, "new/thing", Json::object([("a", Json::from(1_i64))]))
        .await
        .unwrap();
    assert_eq!(reply.data.unwrap().as_str(), r#"{"id":18014398509481985}"#);
    let request = requests.recv().unwrap();
    assert!(
        request.starts_with("POST /new/thing ") && request.contains("authorization: fresh\r\n"),
        "{request}"
    );

    let core = Builder::<Core>::new("http://127.0.0.1:1")
        .authorization_from(|| async { Err::<String, _>("vault is sealed") })
        .build()
        .unwrap();
    let error = core.call_raw(&RAW, "/x", Json::null()).await.unwrap_err();
    assert_eq!(error.to_string(), "/x: not sent: no authorization");
}

#[test]
fn a_wrong_address_or_header_is_refused_when_the_client_is_built() {
    for url in [
        "",
        "127.0.0.1",
        "ftp://host",
        "http://",
        "http:///path",
        "http://h?x=1",
        "http://h/#f",
    ] {
        assert_eq!(
            Builder::<Core>::new(url).build().unwrap_err().kind(),
            ErrorKind::Misuse,
            "{url}"
        );
    }
    for (name, value) in [("", "x"), ("a b", "x"), ("A", "x\r\nB: y")] {
        assert!(
            Builder::<Core>::new("http://h")
                .header(name, value)
                .build()
                .is_err(),
            "{name}"
        );
    }
}

struct Canned;

impl Transport for Canned {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            assert_eq!(request.timeout, Some(Duration::from_secs(5)));
            Ok(HttpResponse::new(
                200,
                request.url.replace("http://h/send", "{\"code\":1000}"),
            ))
        })
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_transport_of_ones_own_takes_the_place_of_the_network() {
    let core = Builder::<Core>::new("http://h")
        .timeout(Duration::from_secs(5))
        .transport(Canned)
        .build()
        .unwrap();
    assert_eq!(core.call(&Send::default()).await.unwrap().code(), "1000");
}

#[test]
fn everything_can_be_shared_between_threads() {
    fn shared<T: std::marker::Send + Sync>() {}
    shared::<Core>();
    shared::<Session>();
    shared::<generated_sdk::runtime::Error>();
    shared::<generated_sdk::runtime::Reply<Got>>();
    fn sendable<T: std::marker::Send>() {}
    sendable::<generated_sdk::runtime::Call<Got>>();
    sendable::<generated_sdk::runtime::Sending<Got>>();
    sendable::<generated_sdk::runtime::Pages<Got>>();
    sendable::<generated_sdk::runtime::Chunks<Got>>();
    sendable::<generated_sdk::runtime::Job<Got>>();
}
