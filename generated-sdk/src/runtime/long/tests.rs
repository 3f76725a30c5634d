//! A login by code through everything that can come of it, and what is kept of one.

use super::{CodeLogin, Condition, EnterPlan, EntersCode, Grants, JobPlan, LoginPlan, LoginStep};
use crate::runtime::{
    Api, BoxFuture, Builder, Core, Error, ErrorKind, HttpRequest, HttpResponse, Json, Method,
    Operation, Request, ToObject, Transport, TransportError, Visit,
};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::time::Instant;

const ROOT: &str = "https://api.example.com/bot";

static API: Api = Api {
    authorization: "Authorization",
    code: &["ret"],
    success: &["0", ""],
    ..Api::new("acme")
};
static STATE: Operation = Operation {
    method: Method::Get,
    authorized: false,
    safe: true,
    ..Operation::new(&API, "state", "state", "/state")
};

#[derive(Debug)]
struct Code;

impl ToObject for Code {
    fn members(&self, _: Visit<'_>) {}
}

impl Request for Code {
    type Reply = Option<Json>;
    type Scope = ();
    const OPERATION: &'static Operation = &Operation {
        authorized: false,
        ..Operation::new(&API, "code", "code", "/code?kind=3")
    };
}

struct Look;

impl ToObject for Look {
    fn members(&self, _: Visit<'_>) {}
}

impl Request for Look {
    type Reply = Option<Json>;
    type Scope = ();
    const OPERATION: &'static Operation = &Operation::new(&API, "look", "look", "/look");
}

const fn is(values: &'static [&'static str]) -> Condition {
    Condition {
        field: Some(&["status"]),
        values,
    }
}

impl CodeLogin for Code {
    type Answer = Option<Json>;
    type Handle = Core;
    const PLAN: LoginPlan = LoginPlan {
        job: JobPlan {
            poll: &STATE,
            key: &["code"],
            param: "code",
            number: Some(false),
            with: &[],
            done: is(&["confirmed"]),
            failed: None,
            message: None,
            every: Duration::from_secs(1),
            within: Duration::from_secs(480),
        },
        shown: &["image"],
        verify: None,
        enter: Some(EnterPlan {
            param: "digits",
            when: Some(is(&["digits"])),
            until: Some(is(&["scanned"])),
        }),
        redirect: Some((is(&["redirected"]), &["host"])),
        renew: Some((is(&["expired", "blocked"]), 3)),
        already: Some(is(&["bound"])),
        grants: Grants {
            authorization: Some(&["token"]),
            base_url: Some(&["root"]),
            account: Some(&["bot"]),
        },
    };

    fn handle(core: Core, _: &str) -> Core {
        core
    }
}

impl EntersCode for Code {}

/// Answers questions in turn, starts with numbered codes, and notes what it was asked.
#[derive(Clone, Default)]
struct Vendor {
    states: Arc<Mutex<VecDeque<Result<HttpResponse, u16>>>>,
    asked: Arc<Mutex<Vec<HttpRequest>>>,
}

impl Transport for Vendor {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let mut asked = self.asked.lock().unwrap();
        asked.push(request);
        let url = asked.last().unwrap().url.clone();
        let codes = asked
            .iter()
            .filter(|one| one.url.contains("/code?"))
            .count();
        let answer = match url.contains("/state?") {
            true => self.states.lock().unwrap().pop_front(),
            false => {
                let code = format!(r#"{{"code":"c{codes}","image":"http://c{codes}"}}"#);
                Some(Ok(HttpResponse::new(200, code)))
            }
        };
        let answer = answer.unwrap_or_else(|| Ok(state("wait", "")));
        Box::pin(async { answer.map_err(|_| TransportError::no_answer("lost").timed_out()) })
    }
}

fn state(status: &str, more: &str) -> HttpResponse {
    HttpResponse::new(200, format!(r#"{{"status":"{status}"{more}}}"#))
}

fn confirmed() -> HttpResponse {
    confirmed_at("https://b.example.com")
}

fn confirmed_at(root: &str) -> HttpResponse {
    state(
        "confirmed",
        &format!(r#","token":"t0ken","bot":"b@x","root":"{root}""#),
    )
}

impl Vendor {
    /// A vendor that answers these states, and `wait` behind them.
    fn with(states: Vec<HttpResponse>) -> Self {
        let vendor = Self::default();
        vendor
            .states
            .lock()
            .unwrap()
            .extend(states.into_iter().map(Ok));
        vendor
    }

    fn builder_at(&self, root: &str) -> Builder<Core> {
        let builder = Builder::new(root).hosts(&["*.example.com"]);
        builder.transport(self.clone()).no_retry()
    }

    fn core(&self) -> Core {
        self.builder_at(ROOT).build().unwrap()
    }

    /// The addresses so far, without the usual root.
    fn urls(&self) -> Vec<String> {
        let asked = self.asked.lock().unwrap();
        let urls = asked.iter().map(|one| one.url.replace(ROOT, ""));
        urls.collect()
    }
}

/// What a person is told until the end, and that.
async fn told(vendor: &Vendor) -> (Vec<String>, Result<Core, Error>) {
    told_by(vendor, &vendor.core()).await
}

async fn told_by(vendor: &Vendor, core: &Core) -> (Vec<String>, Result<Core, Error>) {
    let login = core.log_in_by_code(&Code).await.unwrap();
    let mut told = vec![login.shown.clone()];
    let mut digits = ["1", "2"].into_iter();
    let done = login.until_done(|step| {
        told.push(step.to_string());
        matches!(step, LoginStep::Enter(_))
            .then(|| digits.next())
            .flatten()
    });
    let done = done.await.map(|done| done.handle);
    let _ = vendor;
    (told, done)
}

#[tokio::test(start_paused = true)]
async fn a_person_is_led_through_all_of_it() {
    let vendor = Vendor::with(vec![
        state("wait", ""),
        state("wait", ""),
        state("redirected", r#","host":"c.example.com""#),
        state("digits", ""),
        state("digits", ""),
        state("scanned", ""),
        state("expired", ""),
        state("blocked", ""),
        confirmed(),
    ]);
    let (told, done) = told(&vendor).await;
    let done = done.unwrap();
    assert_eq!(
        told,
        [
            "http://c1",
            "waiting for the person",
            "type what the phone shows",
            "type what the phone shows",
            "waiting for the person",
            "scan this one instead: http://c2",
            "scan this one instead: http://c3",
        ]
    );
    done.call(&Look).await.unwrap();
    let there = "https://c.example.com/bot/state?code=c1";
    assert_eq!(
        vendor.urls(),
        [
            "/code?kind=3",
            "/state?code=c1",
            "/state?code=c1",
            "/state?code=c1",
            there,
            &format!("{there}&digits=1"),
            &format!("{there}&digits=2"),
            there,
            "/code?kind=3",
            "/state?code=c2",
            "/code?kind=3",
            "/state?code=c3",
            "https://b.example.com/look",
        ]
    );
    assert_eq!(done.account().as_deref(), Some("b@x"));
}

#[tokio::test(start_paused = true)]
async fn what_gets_lost_is_asked_again_and_all_of_it_ends_in_time() {
    let vendor = Vendor::with(vec![HttpResponse::new(524, ""), state("wait", "")]);
    vendor
        .states
        .lock()
        .unwrap()
        .extend([Err(0), Ok(confirmed())]);
    let (_, done) = told(&vendor).await;
    assert!(done.is_ok(), "{done:?}");

    let begun = Instant::now();
    // Codes that end each after some time leave no more time for all of them.
    let mut states: Vec<HttpResponse> = (0..300).map(|_| state("wait", "")).collect();
    states.push(state("expired", ""));
    let (_, late) = told(&Vendor::with(states)).await;
    assert_eq!(late.unwrap_err().kind(), ErrorKind::NoAnswer);
    let took = begun.elapsed().as_secs();
    assert!((480..485).contains(&took), "{took}");
}

#[tokio::test(start_paused = true)]
async fn three_codes_are_enough() {
    let vendor = Vendor::with(vec![
        state("expired", ""),
        state("blocked", ""),
        state("expired", ""),
    ]);
    let (told, failed) = told(&vendor).await;
    assert_eq!(told.len(), 3, "{told:?}");
    let failed = failed.unwrap_err();
    assert_eq!(
        (failed.kind(), failed.code()),
        (ErrorKind::Vendor, Some("expired"))
    );
}

#[tokio::test(start_paused = true)]
async fn who_was_logged_in_before_goes_on_with_what_that_yielded() {
    let bound = || Vendor::with(vec![state("bound", "")]);
    let vendor = bound();
    let (_, failed) = told(&vendor).await;
    let failed = failed.unwrap_err();
    assert_eq!(
        (failed.kind(), failed.code()),
        (ErrorKind::Vendor, Some("bound"))
    );

    let vendor = bound();
    let before = vendor
        .builder_at(ROOT)
        .authorization("0ld")
        .build()
        .unwrap();
    let (_, done) = told_by(&vendor, &before).await;
    done.unwrap().call(&Look).await.unwrap();
    let sent = vendor.asked.lock().unwrap().last().unwrap().headers.clone();
    assert!(sent.contains(&("Authorization".to_owned(), "0ld".to_owned())));

    let vendor = bound();
    let mut login = vendor.core().log_in_by_code(&Code).await.unwrap();
    let step = login.next().await.unwrap();
    assert!(matches!(step, LoginStep::Already(_)), "{step}");
}

#[tokio::test(start_paused = true)]
async fn nothing_goes_where_it_must_not() {
    let evil = r#","host":"example.com.evil.net""#;
    for (answer, kind) in [
        (state("redirected", evil), ErrorKind::WrongHost),
        (
            state("redirected", r#","host":"b.example.com@evil.net""#),
            ErrorKind::WrongHost,
        ),
        (
            state("redirected", r#","host":"evil.net/.example.com""#),
            ErrorKind::Undecodable,
        ),
        (state("redirected", ""), ErrorKind::Undecodable),
        (confirmed_at("https://evil.net"), ErrorKind::WrongHost),
        (confirmed_at("http://b.example.com"), ErrorKind::Undecodable),
        (
            state("confirmed", r#","token":"t0ken""#),
            ErrorKind::Undecodable,
        ),
        (
            state("confirmed", r#","bot":"b@x""#),
            ErrorKind::Undecodable,
        ),
    ] {
        let shown = String::from_utf8_lossy(&answer.body).into_owned();
        let vendor = Vendor::with(vec![answer]);
        let (_, failed) = told(&vendor).await;
        let failed = failed.unwrap_err();
        assert_eq!(failed.kind(), kind, "{shown}: {failed}");
        assert!(!failed.may_have_been_executed() || kind == ErrorKind::Undecodable);
        assert_eq!(vendor.urls().len(), 2, "{shown}");
        assert!(!format!("{failed} {failed:?}").contains("t0ken"));
    }
    // Who wants digits and has nobody to type them says so.
    let vendor = Vendor::with(vec![state("digits", "")]);
    let login = vendor.core().log_in_by_code(&Code).await.unwrap();
    let failed = login.until_done(|_| ()).await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::Misuse);
}

#[tokio::test(start_paused = true)]
async fn on_loopback_a_test_is_led_to_its_own_servers() {
    let host = r#","host":"127.0.0.1:9001""#;
    let vendor = Vendor::with(vec![
        state("redirected", host),
        confirmed_at("http://127.0.0.1:9002"),
    ]);
    let core = vendor
        .builder_at("http://127.0.0.1:9000/bot")
        .build()
        .unwrap();
    let (_, done) = told_by(&vendor, &core).await;
    done.unwrap().call(&Look).await.unwrap();
    let urls = vendor.urls();
    assert_eq!(urls[2], "http://127.0.0.1:9001/bot/state?code=c1");
    assert_eq!(urls[3], "http://127.0.0.1:9002/look");
}

/// A folder of a test's own.
fn folder(name: &str) -> std::path::PathBuf {
    let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

#[tokio::test(start_paused = true)]
async fn a_login_is_kept_in_a_file_until_another_replaces_it() {
    let folder = folder("saved-login");
    let file = folder.join("bot.json");
    let vendor = Vendor::with(vec![confirmed()]);
    let restored = vendor.builder_at(ROOT).restore(&file).await.unwrap();
    assert!(restored.is_none());
    let nobody = vendor.core().save(&file).await.unwrap_err();
    assert!(
        nobody.to_string().contains("nobody is logged in"),
        "{nobody}"
    );
    let (_, done) = told(&vendor).await;
    std::fs::write(&file, "what stood there before").unwrap();
    done.unwrap().save(&file).await.unwrap();
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 1);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let restored = vendor
        .builder_at(ROOT)
        .restore(&file)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(restored.account().as_deref(), Some("b@x"));
    restored.call(&Look).await.unwrap();
    let asked = vendor.asked.lock().unwrap().pop().unwrap();
    assert_eq!(asked.url, "https://b.example.com/look");
    assert!(
        asked
            .headers
            .contains(&("Authorization".to_owned(), "t0ken".to_owned()))
    );

    for wrong in ["", "[]", "{}", r#"{"token":""}"#] {
        std::fs::write(&file, wrong).unwrap();
        assert!(
            vendor.builder_at(ROOT).restore(&file).await.is_err(),
            "{wrong}"
        );
    }
    let elsewhere = r#"{"token":"t0ken","root":"https://evil.net"}"#;
    std::fs::write(&file, elsewhere).unwrap();
    let refused = vendor.builder_at(ROOT).restore(&file).await.unwrap_err();
    let refused = refused.downcast::<Error>().unwrap();
    assert_eq!(refused.kind(), ErrorKind::WrongHost);
    assert!(!refused.to_string().contains("t0ken"));
    std::fs::remove_dir_all(folder).unwrap();
}

#[cfg(feature = "store")]
#[tokio::test(start_paused = true)]
async fn a_login_is_kept_in_a_store_by_a_name() {
    let store = crate::runtime::store::MemoryStore::new();
    let vendor = Vendor::with(vec![confirmed()]);
    let (_, done) = told(&vendor).await;
    done.unwrap()
        .save_in(&store, "saved/a".to_owned())
        .await
        .unwrap();
    let restore = |name: &str| {
        let builder = vendor.builder_at(ROOT);
        builder.restore_value(&store, name.to_owned())
    };
    assert!(restore("saved/b").await.unwrap().is_none());
    let restored = restore("saved/a").await.unwrap().unwrap();
    assert_eq!(restored.account().as_deref(), Some("b@x"));
}
