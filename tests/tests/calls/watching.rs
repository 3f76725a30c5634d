//! What hooks are told.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use generated_sdk::eyun::wei_xin_guan_li::IsOnline;
use generated_sdk::{Attempt, Headers, Hook, Outcome};
use serde_json::json;
use tests::loopback::Answer;

use super::gateway::*;

/// What a hook was told, and a header of its own.
#[derive(Clone, Default)]
struct Watch {
    told: Arc<Mutex<Vec<String>>>,
    bodies: bool,
}

impl Hook for Watch {
    fn before(&self, attempt: &Attempt<'_>, headers: &mut Headers<'_>) {
        headers.add("X-Attempt", attempt.number.to_string());
    }

    fn after(&self, attempt: &Attempt<'_>, outcome: &Outcome<'_>) {
        assert!(outcome.duration < Duration::from_secs(5));
        self.told.lock().expect("a log").push(format!(
            "{} {} {} {:?} {} {:?} {:?} {} {:?}",
            attempt.provider,
            attempt.operation,
            attempt.path,
            attempt.account,
            attempt.number,
            outcome.kind,
            outcome.code,
            outcome.repeated_after.is_some(),
            attempt.body.zip(outcome.body),
        ));
    }

    fn wants_bodies(&self) -> bool {
        self.bodies
    }
}

#[tokio::test]
async fn hooks_see_each_attempt_and_bodies_only_if_they_ask() {
    let server = failing(1, Answer::Close).await;
    let (watch, reader) = (
        Watch::default(),
        Watch {
            bodies: true,
            ..Watch::default()
        },
    );
    let client = builder(&server)
        .hook(watch.clone())
        .hook(reader.clone())
        .request_id_header("X-Request-Id")
        .build()
        .expect("a client");
    let reply = client
        .instance("w")
        .call(IsOnline::new())
        .await
        .expect("online");
    assert_eq!(
        *watch.told.lock().expect("a log"),
        [
            "eyun is_online /isOnline Some(\"w\") 1 Some(NoAnswer) None true None",
            "eyun is_online /isOnline Some(\"w\") 2 None Some(\"1000\") false None",
        ]
    );
    let read = reader.told.lock().expect("a log").clone();
    assert!(read[1].contains(r#"{\"wId\":\"w\"}"#), "{read:?}");
    let sent = server.received();
    let id = reply.request_id().expect("an id");
    assert_eq!(id.len(), 32);
    assert!(
        sent.iter()
            .all(|request| request.headers["x-request-id"] == id)
    );
    assert_eq!(
        (
            &*sent[0].headers["x-attempt"],
            &*sent[1].headers["x-attempt"]
        ),
        ("1", "2")
    );
    let again = client.call_raw("/x", json!({})).await.expect("a reply");
    assert_ne!(again.request_id(), Some(id));

    let refused = failing(usize::MAX, Answer::json(r#"{"code":"1001"}"#)).await;
    let client = builder(&refused).build().expect("a client");
    let error = client
        .call_raw("/x", json!({}))
        .request_id("mine")
        .await
        .expect_err("refused");
    assert_eq!(error.request_id(), Some("mine"));
    assert!(!refused.received()[0].headers.contains_key("x-request-id"));
    let error = client.call_raw("/x", json!({})).await.expect_err("refused");
    assert_eq!(error.request_id(), None);
}
