//! What goes wrong on the way, over real sockets, and what an error says of it.

use super::{API, Send, server};
use generated_sdk::runtime::{
    Builder, Core, Error, ErrorKind, HttpResponse, Json, Operation, read_reply,
};
use std::error::Error as _;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::mpsc::channel;
use std::thread;

static RAW: Operation = Operation::new(&API, "call_raw", "call_raw", "");

fn builder(url: impl Into<String>) -> Builder<Core> {
    Builder::new(url).authorization("t0ken")
}

async fn failure(builder: Builder<Core>) -> Error {
    let core = builder.build().unwrap();
    core.call_raw(&RAW, "/x", Json::null()).await.unwrap_err()
}

/// An answer that closes the connection.
fn answer(status: &str, body: &str) -> &'static str {
    let length = body.len();
    let text =
        format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    Box::leak(text.into_boxed_str())
}

#[tokio::test(flavor = "current_thread")]
async fn a_host_that_does_not_exist_has_executed_nothing() {
    let error = failure(builder("http://no-such-host.invalid")).await;
    assert_eq!(error.kind(), ErrorKind::NotSent, "{error:?}");
    assert!(!error.may_have_been_executed() && error.source().is_some());
}

#[tokio::test(flavor = "current_thread")]
async fn a_handshake_that_fails_has_executed_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let mut connection = listener.accept().unwrap().0;
        let _hello = connection.read(&mut [0; 4096]).unwrap();
        connection
            .write_all(answer("400 Bad Request", "").as_bytes())
            .unwrap();
    });
    let Ok(core) = builder(url).build() else {
        return; // Without CA certificates there is no client for such an address.
    };
    let call = core.call_raw(&RAW, "/x", Json::null());
    let error = call.await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotSent, "{error:?}");
    assert!(!error.may_have_been_executed() && !error.is_timeout());
    assert!(!format!("{error:?}{error}").contains("t0ken"));
}

#[tokio::test(flavor = "current_thread")]
async fn a_long_answer_is_not_read_to_its_end() {
    let body = format!(r#"{{"code":"1000","data":"{}"}}"#, "x".repeat(100_000));
    let (url, _requests) = server(answer("200 OK", &body));
    let error = failure(builder(url.clone()).answer_limit(1000)).await;
    assert_eq!(error.kind(), ErrorKind::NoAnswer);
    assert!(error.may_have_been_executed() && error.body().is_none());
    assert!(error.source().unwrap().to_string().contains("longer"));
    let core = builder(url).answer_limit(body.len()).build().unwrap();
    assert!(core.call_raw(&RAW, "/x", Json::null()).await.is_ok());
}

#[tokio::test(flavor = "current_thread")]
async fn a_token_that_no_header_may_have_is_misuse_and_nothing_is_sent() {
    let (url, requests) = server(answer("200 OK", "{\"code\":\"1000\"}"));
    for token in ["t0ken\n", "t0ken\r\nX-Other: 1"] {
        let error = failure(builder(&url).authorization(token)).await;
        assert_eq!(error.kind(), ErrorKind::Misuse, "{error}");
        let shown = format!("{error} {error:?}");
        assert!(
            shown.contains("line break") && !shown.contains("t0ken"),
            "{shown}"
        );
    }
    assert!(requests.try_recv().is_err());
    // One that is too short to keep anything secret garbles nothing.
    let (url, _requests) = server(answer(
        "200 OK",
        "{\"code\":\"1001\",\"message\":\"no such friend\"}",
    ));
    let error = failure(builder(&url).authorization("n")).await;
    assert_eq!(error.to_string(), "/x: code 1001: no such friend");
}

#[tokio::test(flavor = "current_thread")]
async fn redirects_are_not_followed() {
    let (elsewhere, hits) = server(answer("200 OK", "{\"code\":\"1000\"}"));
    for (status, executed) in [
        ("301 Moved Permanently", false),
        ("302 Found", true),
        ("303 See Other", true),
        ("307 Temporary Redirect", false),
    ] {
        let (url, _requests) = server(answer(
            &format!("{status}\r\nLocation: {elsewhere}/?key=s3cr3t"),
            "",
        ));
        let error = failure(builder(url)).await;
        assert_eq!(
            (error.kind(), error.may_have_been_executed()),
            (ErrorKind::Status, executed),
            "{error}"
        );
        assert!(!format!("{error} {error:?}").contains("s3cr3t"));
        let named = format!("a redirect to {elsewhere}/: redirects are not followed");
        assert!(error.to_string().contains(&named), "{error}");
    }
    assert!(hits.try_recv().is_err());
}

#[tokio::test(flavor = "current_thread")]
async fn a_connection_is_used_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (opened, connections) = channel();
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.unwrap();
            opened.send(()).unwrap();
            thread::spawn(move || {
                let mut buffer = [0; 4096];
                while matches!(connection.read(&mut buffer), Ok(1..)) {
                    let _gone = connection
                        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 13\r\n\r\n{\"code\":1000}");
                }
            });
        }
    });
    let core = builder(url).build().unwrap();
    for _ in 0..5 {
        core.clone()
            .call_raw(&RAW, "/x", Json::null())
            .await
            .unwrap();
    }
    assert_eq!(connections.try_iter().count(), 1);
}

#[tokio::test(flavor = "current_thread")]
async fn a_gateway_that_repeats_the_token_does_not_get_it_into_the_log() {
    let body = r#"{"code":"1001","message":"Bearer t0ken\u001b[31m\nis wrong"}"#;
    for status in ["200 OK", "401 Unauthorized"] {
        let (url, _requests) = server(answer(status, body));
        let error = failure(builder(url)).await;
        assert_eq!(error.message(), Some("Bearer ***\u{1b}[31m\nis wrong"));
        assert!(
            error
                .to_string()
                .ends_with("1001: Bearer *** [31m is wrong"),
            "{error}"
        );
        assert_eq!(error.body(), Some(body));
        assert!(!format!("{error:?}").contains("t0ken"));
    }
}

#[test]
fn a_page_is_shortened_and_json_is_not() {
    let read =
        |status, body: &str| read_reply::<Send>(HttpResponse::new(status, body)).unwrap_err();
    let page = format!(
        "<html><title>502 Bad Gateway</title>{}</html>",
        "好".repeat(5000)
    );
    for status in [200, 502] {
        let error = read(status, &page);
        let body = error.body().unwrap();
        assert!(body.starts_with("<html>") && body.ends_with("bytes in all)") && body.len() < 2100);
        assert_eq!(error.message(), Some("502 Bad Gateway"));
    }
    let json = format!(r#"{{"code":"1001","message":"{}"}}"#, "好".repeat(5000));
    for status in [200, 502] {
        let error = read(status, &json);
        assert_eq!(error.body(), Some(json.as_str()));
        assert!(error.to_string().chars().count() < 350);
    }
}

#[test]
fn addresses_are_shown_without_what_may_be_secret() {
    let address = "http://user:pa55@host:8080/k3y/";
    let shown = format!(
        "{:?} {:?}",
        builder(address),
        builder(address).build().unwrap()
    );
    assert_eq!(shown.matches("http://host:8080").count(), 2, "{shown}");
    assert!(!shown.contains("pa55") && !shown.contains("k3y") && !shown.contains("t0ken"));
}
