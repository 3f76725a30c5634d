//! Logging in as any provider may declare it: the golden case `login_by_call_and_by_code` is generated, built as a crate
//! of its own, and run against two gateways, one where logins begin and one to which they lead.

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::{Value, json};
use tests::cases::Case;
use tests::compile::Crate;
use tests::loopback::{Answer, Received, Server};

/// What of a request tells how it came: path, authorization, body.
fn seen(server: &Server) -> Vec<(String, Option<String>, Value)> {
    let received = server.received().into_iter().map(|request| {
        let body = serde_json::from_slice(&request.body).expect("JSON");
        (request.path, request.headers.get("token").cloned(), body)
    });
    received.collect()
}

fn good(data: Value) -> Answer {
    coded("0", data)
}

fn coded(code: &str, data: Value) -> Answer {
    Answer::json(json!({ "code": code, "message": "", "data": data }).to_string())
}

/// The gateway to which logins lead.
async fn other() -> Server {
    Server::start(|request| match &*request.path {
        "/look" => good(json!({ "name": "the other gateway" })),
        path => panic!("{path} belongs to the first"),
    })
    .await
}

/// The gateway where logins begin.
async fn first(other: &str) -> Server {
    let (codes, asked) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let other = other.to_owned();
    let respond = move |request: &Received| match &*request.path {
        "/login" => good(json!({ "token": "by-call", "root": other })),
        "/getCode" => {
            let uuid = codes.fetch_add(1, Ordering::SeqCst) + 1;
            good(json!({ "uuid": uuid.to_string(), "image": format!("http://code/{uuid}") }))
        }
        "/getState" => {
            let body: Value = serde_json::from_slice(&request.body).expect("JSON");
            let uuid = body["uuid"].as_str().expect("a text").to_owned();
            let mut asked = asked.lock().expect("not poisoned");
            asked.push(uuid.clone());
            let count = asked.iter().filter(|known| **known == uuid).count();
            state(&uuid, count, &other)
        }
        "/look" => good(json!({ "name": "the first gateway" })),
        path => panic!("nobody asks for {path}"),
    };
    Server::start(respond).await
}

/// How far a login is that was asked for so often.
fn state(uuid: &str, count: usize, other: &str) -> Answer {
    let confirmed = |root: &str| {
        let session = json!({ "token": format!("by-code-{uuid}"), "root": root });
        good(json!({ "state": "confirmed", "session": session }))
    };
    match (uuid, count) {
        ("1", 1) => good(json!({ "state": "wait" })),
        ("1", 2) => Answer::Close,
        ("1", 3) => coded("201", json!({ "link": "http://verify" })),
        ("1", 4) | ("7", _) => good(json!({ "state": "digits" })),
        ("1" | "2", _) => confirmed(other),
        ("3", _) => good(json!({ "state": "expired" })),
        ("4", _) => confirmed("ftp://elsewhere"),
        ("5", _) => good(json!({ "state": "confirmed", "session": {} })),
        _ => confirmed("https://gateway.example/path?query"),
    }
}

#[tokio::test]
async fn a_provider_of_ones_own_logs_in() {
    let made = Case::golden("login_by_call_and_by_code").made();
    let sdk = Crate::write(&format!("{}/login", env!("CARGO_TARGET_TMPDIR")), &[made]);
    let other = other().await;
    let gateway = first(&other.url).await;
    let url = gateway.url.clone();
    let ran =
        tokio::task::spawn_blocking(move || sdk.run("login", include_str!("program.rs"), &[&url]));
    let said = ran.await.expect("no panic");
    let said: Vec<&str> = said.lines().collect();
    let no =
        "get_state (/getState): an answer that cannot be decoded 0: the login succeeded, but its";
    let no_address = format!("{no} session.root is no address, or a less secure one");
    assert_eq!(
        said,
        [
            "shown http://code/1",
            "waiting, Some(Wait)",
            "verify at http://verify",
            "done, token: ***",
            "a client of its own sees the other gateway",
            "the client sees the first gateway",
            "renewed sees the other gateway",
            "the client sees the other gateway",
            "expired: get_state (/getState): code expired: the job failed",
            &format!("no address: {no_address}"),
            "no token: get_state (/getState): an answer that cannot be decoded 0: the login succeeded, but its answer has no \
             session.token",
            &format!("a query: {no_address}"),
            "typed: misuse: the login wants something typed: let the function answer it, or ask with `next`, and give it with `enter`",
            "by call sees the other gateway",
            "a clone sees the other gateway",
        ]
    );
    let tokens = |server: &Server, path: &str| -> Vec<Option<String>> {
        let of_path = seen(server).into_iter().filter(|seen| seen.0 == path);
        of_path.map(|(_, token, _)| token).collect()
    };
    let by = |token: &str| Some(token.to_owned());
    assert_eq!(
        tokens(&other, "/look"),
        [
            by("by-code-1"),
            by("by-code-2"),
            by("by-code-2"),
            by("by-call"),
            by("by-call")
        ]
    );
    // Nothing was authorised before there was a login, and logins begin where the client was built for.
    assert_eq!(tokens(&gateway, "/look"), [None]);
    assert_eq!(tokens(&gateway, "/getCode"), vec![None; 7]);
    assert_eq!(tokens(&gateway, "/login"), vec![None; 2]);
    let asked = |n: usize| {
        let mut asked = seen(&gateway)
            .into_iter()
            .filter(|seen| seen.0 == "/getState");
        asked.nth(n).expect("a question").2
    };
    let plain = json!({ "uuid": "1", "auto": false, "kind": 1 });
    let typed = json!({ "uuid": "1", "auto": false, "kind": 1, "digits": "4711" });
    assert_eq!((asked(0), asked(4)), (plain, typed));
    let login = seen(&gateway).into_iter().find(|seen| seen.0 == "/login");
    let body = json!({ "account": "me", "password": "pa55-word" });
    assert_eq!(login.expect("a login").2, body);
}
