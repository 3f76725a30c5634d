//! Owns what these tests have in common: a client, and gateways that answer as told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use generated_sdk::eyun::peng_you_quan::{AsynSnsSendVideo, AsynSnsSendVideoRequired};
use generated_sdk::eyun::{Client, Instance};
use generated_sdk::{Builder, Retry};
use serde_json::{Value, json};
use tests::loopback::{Answer, Received, Server};

pub(super) const QUICK: Duration = Duration::from_millis(10);

pub(super) fn quick() -> Retry {
    Retry::default().first_wait(QUICK).longest_wait(QUICK)
}

pub(super) fn builder(server: &Server) -> Builder<Client> {
    Client::builder(&server.url)
        .authorization("t0ken-of-the-account")
        .retry(quick())
}

pub(super) fn instance(server: &Server) -> Instance {
    builder(server).build().expect("a client").instance("w-1")
}

pub(super) fn good(data: Value) -> Answer {
    Answer::json(json!({"code": "1000", "message": "ok", "data": data}).to_string())
}

pub(super) fn body(request: &Received) -> Value {
    serde_json::from_slice(&request.body).expect("JSON")
}

/// Answers the n-th request, from 1, as it is told.
pub(super) async fn nth(
    answer: impl Fn(usize, &Received) -> Answer + Send + Sync + 'static,
) -> Server {
    let count = AtomicUsize::new(0);
    Server::start(move |request| answer(count.fetch_add(1, Ordering::SeqCst) + 1, request)).await
}

/// A server that fails so often before it does as it should.
pub(super) async fn failing(times: usize, how: Answer) -> Server {
    nth(move |n, _| {
        if n <= times {
            how.clone()
        } else {
            good(json!({}))
        }
    })
    .await
}

pub(super) fn video() -> AsynSnsSendVideo {
    AsynSnsSendVideo::new(AsynSnsSendVideoRequired {
        content: "private".to_owned(),
        video_path: "http://v".to_owned(),
        thumb_path: "http://t".to_owned(),
    })
}
