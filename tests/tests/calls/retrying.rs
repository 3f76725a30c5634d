//! What is repeated, how often, and what is not.

use std::time::{Duration, Instant};

use generated_sdk::eyun::Client;
use generated_sdk::eyun::wei_xin_guan_li::IsOnline;
use generated_sdk::eyun::xiao_xi_fa_song::SendText;
use generated_sdk::runtime::{Api, BodyFormat, Operation};
use generated_sdk::{Error, ErrorKind, Json, Retry};
use serde_json::json;
use tests::loopback::{Answer, Server};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpSocket;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use super::gateway::*;

#[tokio::test]
async fn a_connection_dropped_after_sending_repeats_a_query_and_never_a_send() {
    let server = failing(2, Answer::Close).await;
    let reply = instance(&server)
        .wei_xin_guan_li()
        .is_online(IsOnline::new())
        .await
        .expect("the third attempt");
    assert_eq!((reply.attempts(), server.received().len()), (3, 3));

    let server = failing(1, Answer::Close).await;
    let error = instance(&server)
        .xiao_xi_fa_song()
        .send_text(SendText::new("filehelper", "hello"))
        .await
        .expect_err("lost");
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(error.may_have_been_executed());
    assert_eq!((error.attempts(), server.received().len()), (1, 1));
}

#[tokio::test]
async fn a_send_is_repeated_as_long_as_nobody_heard_it() {
    // Bound but not listening: nobody else gets the address, and who knocks is refused.
    let socket = TcpSocket::new_v4().expect("a socket");
    socket
        .bind("127.0.0.1:0".parse().expect("loopback"))
        .expect("an address");
    let address = socket.local_addr().expect("bound");
    let client = Client::builder(format!("http://{address}"))
        .retry(quick().attempts(1000))
        .build()
        .expect("a client");
    let call = client
        .instance("w")
        .call(SendText::new("filehelper", "hello"));
    let call = tokio::spawn(call.into_future());
    tokio::time::sleep(Duration::from_millis(150)).await;
    let asked = answer_once(socket);
    let reply = call.await.expect("no panic").expect("a server at last");
    assert!(reply.attempts() > 1, "{reply:?}");
    assert_eq!(asked.await.expect("no panic"), 1);

    let nowhere = Client::builder("http://127.0.0.1:9")
        .retry(quick())
        .build()
        .expect("a client");
    let send = || {
        nowhere
            .instance("w")
            .call(SendText::new("filehelper", "hello"))
    };
    let error = send().await.expect_err("nobody there");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::NotSent, 3));
    assert!(!error.may_have_been_executed());
    assert_eq!(send().no_retry().await.expect_err("nobody").attempts(), 1);
}

/// Listens at last, answers whoever comes within a moment, and says how many sent a request.
fn answer_once(socket: TcpSocket) -> JoinHandle<usize> {
    let listener = socket.listen(8).expect("a listener");
    tokio::spawn(async move {
        let mut count = 0;
        let moment = Duration::from_millis(300);
        while let Ok(Ok((mut stream, _))) = timeout(moment, listener.accept()).await {
            let mut text = String::new();
            let mut buffer = [0; 8192];
            while !text.contains("hello") {
                let read = stream.read(&mut buffer).await.expect("a request");
                text.push_str(&String::from_utf8_lossy(&buffer[..read]));
            }
            count += 1;
            let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"code\":\"1000\"}";
            stream.write_all(answer).await.expect("an answer");
        }
        count
    })
}

#[tokio::test]
async fn attempts_and_time_are_capped_and_what_the_vendor_refuses_is_final() {
    let busy = Answer::Body(503, "text/html", "<title>busy</title>".to_owned());
    let server = failing(usize::MAX, busy.clone()).await;
    let wx = instance(&server);
    let ask = || wx.wei_xin_guan_li().is_online(IsOnline::new());
    let error = ask().retry(quick().attempts(5)).await.expect_err("busy");
    assert_eq!((error.status(), error.attempts()), (Some(503), 5));
    assert_eq!(server.received().len(), 5);
    assert!(error.to_string().ends_with("(attempt 5)"), "{error}");

    let start = Instant::now();
    let retry = Retry::default()
        .attempts(1000)
        .within(Duration::from_millis(700));
    let error = ask().retry(retry).await.expect_err("busy");
    assert!(
        start.elapsed() < Duration::from_secs(2) && error.attempts() < 6,
        "{error}"
    );
    let before = server.received().len();
    assert!(ask().no_retry().await.is_err());
    assert!(wx.call(SendText::new("a", "b")).await.is_err());
    assert_eq!(server.received().len(), before + 2);

    let refused = Answer::json(r#"{"code":"1001","message":"no"}"#);
    let server = failing(usize::MAX, refused).await;
    let error = instance(&server)
        .call(IsOnline::new())
        .await
        .expect_err("refused");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Vendor, 1));

    let server = failing(usize::MAX, busy).await;
    let never = builder(&server).no_retry().build().expect("a client");
    assert!(never.instance("w").call(IsOnline::new()).await.is_err());
    assert_eq!(server.received().len(), 1);
}

#[tokio::test]
async fn an_earlier_attempt_that_may_have_been_executed_is_not_forgotten() {
    let refused = Answer::json(r#"{"code":"1001","message":"no"}"#);
    let server = nth(move |n, _| {
        if n == 1 {
            Answer::Close
        } else {
            refused.clone()
        }
    })
    .await;
    let error = instance(&server)
        .call(IsOnline::new())
        .await
        .expect_err("refused");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Vendor, 2));
    assert!(error.may_have_been_executed());
    assert!(
        error.to_string().contains("what was sent before"),
        "{error}"
    );
}

#[tokio::test]
async fn retry_after_is_obeyed_or_too_long_to_wait_for() {
    let later = |seconds: u32| {
        let head = format!("HTTP/1.1 429 X\r\nRetry-After: {seconds}\r\nContent-Length: 0\r\n\r\n");
        Answer::Raw(head.into_bytes())
    };
    let server = failing(1, later(1)).await;
    let start = Instant::now();
    let reply = instance(&server)
        .call(IsOnline::new())
        .await
        .expect("later");
    assert!(start.elapsed() >= Duration::from_secs(1));
    assert_eq!(reply.attempts(), 2);

    let server = failing(1, later(3600)).await;
    let error = instance(&server)
        .call(IsOnline::new())
        .await
        .expect_err("too long");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!((error.status(), server.received().len()), (Some(429), 1));
}

/// A vendor that says when it is busy: with one code everywhere, with another one where it synchronises.
static API: Api = Api {
    authorization: "Authorization",
    format: BodyFormat::Json,
    code: &["code"],
    message: &["message"],
    data: &["data"],
    success: &["1000"],
    busy: &["1099"],
    ..Api::new("busy")
};
static QUERY: Operation = Operation {
    safe: true,
    ..Operation::new(&API, "query", "query", "/query")
};
static SEND: Operation = Operation::new(&API, "send", "send", "/send");
static SYNCHRONISE: Operation = Operation {
    safe: true,
    busy: Some(&["1100"]),
    ..Operation::new(&API, "synchronise", "synchronise", "/synchronise")
};

async fn call(server: &Server, operation: &'static Operation) -> Result<u32, Error> {
    let client = builder(server).build().expect("a client");
    let call = client
        .core()
        .call_raw(operation, operation.path, Json::null());
    call.await.map(|reply| reply.attempts())
}

fn refusal(code: &str) -> Answer {
    Answer::json(json!({"code": code, "message": "系统繁忙"}).to_string())
}

#[tokio::test]
async fn a_vendor_that_is_busy_is_asked_again_where_that_is_safe() {
    let server = failing(2, refusal("1099")).await;
    let attempts = call(&server, &QUERY).await.expect("the third attempt");
    assert_eq!((attempts, server.received().len()), (3, 3));

    let server = failing(9, refusal("1099")).await;
    let error = call(&server, &QUERY).await.expect_err("busy for long");
    assert_eq!((error.attempts(), server.received().len()), (3, 3));
    assert!(
        error.is_busy() && error.kind() == ErrorKind::Vendor,
        "{error}"
    );

    let server = failing(1, refusal("1099")).await;
    let error = call(&server, &SEND).await.expect_err("busy");
    assert_eq!((error.attempts(), server.received().len()), (1, 1));
    assert!(
        error.is_busy() && !error.may_have_been_executed(),
        "{error}"
    );
}

#[tokio::test]
async fn what_busy_is_may_differ_where_the_documents_say_so() {
    for (operation, code, busy) in [
        (&QUERY, "1001", false),
        (&QUERY, "1100", false),
        (&SYNCHRONISE, "1099", false),
        (&SYNCHRONISE, "1100", true),
    ] {
        let server = failing(9, refusal(code)).await;
        let error = call(&server, operation).await.expect_err("refused");
        assert_eq!(error.is_busy(), busy, "{code}");
        assert_eq!(error.attempts(), if busy { 3 } else { 1 }, "{code}");
    }
}
