//! A login by code over loopback, through everything that the gateway of iLink can say, and the next start with what it
//! has yielded.

use std::path::Path;
use std::time::Duration;

use generated_sdk::ilink::Client;
use generated_sdk::ilink::auth::GetBotQrCode;
use generated_sdk::ilink::lifecycle::NotifyStart;
use generated_sdk::{Error, ErrorKind, LoggedIn, LoginStep};
use mock_gateway::ilink::{Gateway, Scan};

const QUICK: Duration = Duration::from_millis(10);

async fn gateway(scans: impl IntoIterator<Item = Scan>) -> Gateway {
    let gateway = Gateway::builder().scans(scans).scan_takes(QUICK);
    gateway.start().await.expect("a gateway")
}

fn client(gateway: &Gateway) -> Client {
    Client::builder(gateway.url()).build().expect("a client")
}

/// What a person is told, who types these digits, and how it ends.
async fn scanned(
    client: &Client,
    request: GetBotQrCode,
    digits: &[&'static str],
) -> (Vec<String>, Result<LoggedIn<GetBotQrCode>, Error>) {
    let login = client.log_in_by_code(request).every(QUICK);
    let login = login.await.expect("a code");
    let (mut told, mut digits) = (Vec::new(), digits.iter());
    let done = login.until_done(|step| {
        let said = step.to_string();
        told.push(said.split(':').next().unwrap_or_default().to_owned());
        let types = matches!(step, LoginStep::Enter(_));
        types.then(|| digits.next().copied()).flatten()
    });
    let done = done.await;
    (told, done)
}

/// Whether the gateway takes calls of this client.
async fn speaks(client: &Client) -> Result<(), Error> {
    client
        .lifecycle()
        .notify_start(NotifyStart::new())
        .await
        .map(drop)
}

const WAITING: &str = "waiting for the person";
const TYPE: &str = "type what the phone shows";
const ANEW: &str = "scan this one instead";

#[tokio::test]
async fn every_way_to_scan_a_code_leads_to_an_end() {
    for (scans, digits, expected) in [
        (vec![Scan::Confirmed], &[][..], vec![WAITING]),
        (vec![Scan::Redirected], &[], vec![WAITING]),
        (
            vec![Scan::Digits("4711".to_owned())],
            &["1", "4711"],
            vec![WAITING, TYPE, TYPE, WAITING],
        ),
        (
            vec![Scan::Expired, Scan::Blocked, Scan::Confirmed],
            &[],
            vec![WAITING, ANEW, WAITING, ANEW, WAITING],
        ),
    ] {
        let gateway = gateway(scans.clone()).await;
        let (told, done) = scanned(&client(&gateway), GetBotQrCode::new(), digits).await;
        let done = done.unwrap_or_else(|error| panic!("{scans:?}: {error}"));
        assert!(done.is_new, "{scans:?}");
        // A person may be quicker than the first question.
        let without_waiting = |told: &[String]| -> Vec<String> {
            let rest = told.iter().filter(|said| *said != WAITING);
            rest.cloned().collect()
        };
        let expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        assert_eq!(
            without_waiting(&told),
            without_waiting(&expected),
            "{scans:?}"
        );
        speaks(&done.handle).await.expect("somebody is logged in");
        assert!(speaks(&client(&gateway)).await.is_err());
    }
}

#[tokio::test]
async fn a_code_that_leads_nowhere_is_an_error_that_says_why() {
    for (scans, kind, code) in [
        (Scan::Expired, ErrorKind::Vendor, Some("expired")),
        (
            Scan::Blocked,
            ErrorKind::Vendor,
            Some("verify_code_blocked"),
        ),
        (Scan::Bound, ErrorKind::Vendor, Some("binded_redirect")),
        (Scan::Nameless, ErrorKind::Undecodable, None),
        (Scan::Digits("4711".to_owned()), ErrorKind::Misuse, None),
    ] {
        let gateway = gateway([scans.clone()]).await;
        let (_, failed) = scanned(&client(&gateway), GetBotQrCode::new(), &[]).await;
        let failed = failed.expect_err("nobody is logged in");
        assert_eq!(failed.kind(), kind, "{scans}: {failed}");
        if code.is_some() {
            assert_eq!(failed.code(), code, "{scans}");
        }
    }
}

#[tokio::test]
async fn a_login_is_saved_and_goes_on_after_a_restart() {
    let gateway = gateway([Scan::Confirmed]).await;
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join("login-by-code.json");
    let _ = std::fs::remove_file(&file);
    let builder = || Client::builder(gateway.url());
    assert!(builder().restore(&file).await.expect("no file").is_none());
    let (_, done) = scanned(&client(&gateway), GetBotQrCode::new(), &[]).await;
    let first = done.expect("a login").handle;
    first.save(&file).await.expect("saved");
    let restored = builder()
        .restore(&file)
        .await
        .expect("a file")
        .expect("a login");
    speaks(&restored).await.expect("it goes on");

    // Who holds a token that is good is not given another one, and goes on with that.
    let saved = std::fs::read_to_string(&file).expect("a file");
    let saved: serde_json::Value = serde_json::from_str(&saved).expect("JSON");
    let token = saved["token"].as_str().expect("a token").to_owned();
    let request = GetBotQrCode::new().local_token_list([token.into()]);
    let (_, again) = scanned(&restored, request, &[]).await;
    let again = again.expect("the same login");
    assert!(!again.is_new);
    speaks(&again.handle).await.expect("it goes on");

    // An expired session stops all clones, and keeps what was saved until another login is.
    gateway.expire();
    let expired = speaks(&restored).await.expect_err("expired");
    assert_eq!(expired.kind(), ErrorKind::Expired);
    let before = gateway.calls_of("*").len();
    let expired = speaks(&restored.clone()).await.expect_err("expired");
    assert_eq!(
        (expired.kind(), gateway.calls_of("*").len()),
        (ErrorKind::Expired, before)
    );
    assert!(builder().restore(&file).await.expect("a file").is_some());
    let login = restored
        .log_in_by_code(GetBotQrCode::new())
        .every(QUICK)
        .renewing();
    let login = login.await.expect("a code");
    login.until_done(|_| ()).await.expect("a login");
    speaks(&restored)
        .await
        .expect("a new login is for all clones");
}
