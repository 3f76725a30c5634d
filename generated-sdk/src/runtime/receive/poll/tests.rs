//! A gateway that tells what a test has written down, and hangs where that ends: by a clock that jumps.

use super::{Handled, Message, Notice, PollPlan, Polled, Poller, PollerBuilder};
use crate::runtime::call::{
    Api, BodyFormat, BoxFuture, Builder, Caller, Core, Data, ErrorKind, HttpRequest, HttpResponse,
    Operation, Session, Transport, TransportError,
};
use crate::runtime::codec::NOTHING;
use crate::runtime::receive::event::{EventApi, Inbound, Opened, Untyped};
use crate::runtime::store::{Batch, Lanes, MemoryStore, Store, Take, Target, Value, Verdict};
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep, timeout};

static EVENTS: EventApi = EventApi {
    name: "acme",
    tag: "kind",
    dedupe: &["id"],
    order: &[&["from"]],
    ..*Untyped::LAYOUT
};

/// An event by its id.
#[derive(Clone, Debug)]
struct Told(u64);

impl Inbound for Told {
    const LAYOUT: &'static EventApi = &EVENTS;

    fn read(opened: Opened<'_>) -> Self {
        let id = opened.field("id").map(|id| id.as_str().parse());
        Self(id.and_then(Result::ok).unwrap_or(0))
    }

    fn is_typed(&self) -> bool {
        true
    }
}

static API: Api = Api {
    authorization: "Authorization",
    format: BodyFormat::Json,
    code: &["ret"],
    message: &["errmsg"],
    data: &[],
    success: &["0"],
    busy: &[],
    expired: &["-14"],
    ..Api::new("acme")
};
static UPDATES: Operation = Operation {
    data: Data::Envelope,
    ..Operation::new(&API, "updates", "updates", "/updates")
};
static START: Operation = Operation::new(&API, "start", "start", "/start");
static STOP: Operation = Operation::new(&API, "stop", "stop", "/stop");

#[derive(Clone, Debug)]
struct Client(Core);

impl From<Core> for Client {
    fn from(core: Core) -> Self {
        Self(core)
    }
}

impl Caller for Client {
    fn session(&self) -> Session {
        Session::new(self.0.clone(), Vec::new())
    }
}

impl Polled for Client {
    type Inbound = Told;
    const POLL: &'static PollPlan = &PollPlan {
        operation: &UPDATES,
        param: "buf",
        number: false,
        cursor: &["buf"],
        items: &["msgs"],
        timeout: Some(&["timeout_ms"]),
        again_after: &[
            Duration::from_secs(2),
            Duration::from_secs(2),
            Duration::from_secs(30),
        ],
        before: &[&START],
        after: &[&STOP],
    };
}

/// A question: when, where, what, and how long it would wait.
#[derive(Clone, Debug)]
struct Asked {
    at: Duration,
    path: String,
    body: String,
    token: String,
    timeout: Duration,
}

#[derive(Clone)]
struct Gateway {
    begun: Instant,
    answers: Arc<Mutex<VecDeque<Result<&'static str, u16>>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Gateway {
    fn telling(answers: &[Result<&'static str, u16>]) -> Self {
        Self {
            begun: Instant::now(),
            answers: Arc::new(Mutex::new(answers.iter().copied().collect())),
            asked: Arc::default(),
        }
    }

    fn tells(&self, answer: &'static str) {
        self.answers.lock().unwrap().push_back(Ok(answer));
    }

    fn client(&self, token: &str) -> Client {
        let builder = Builder::<Client>::new("http://gateway.example").transport(self.clone());
        builder.authorization(token).build().unwrap()
    }

    fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The cursors of all questions.
    fn cursors(&self) -> Vec<String> {
        let asked = self.asked().into_iter();
        let cursor = |asked: Asked| {
            let body = asked.body.strip_prefix(r#"{"buf":""#)?;
            Some(body.strip_suffix(r#""}"#)?.to_owned())
        };
        asked.filter_map(cursor).collect()
    }

    fn paths(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.path).collect()
    }
}

impl Transport for Gateway {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let path = request.url.replace("http://gateway.example", "");
            let timeout = request.timeout.unwrap();
            let token = request
                .headers
                .iter()
                .find(|(name, _)| name == "Authorization");
            self.asked.lock().unwrap().push(Asked {
                at: self.begun.elapsed(),
                path: path.clone(),
                body: String::from_utf8(request.body).unwrap(),
                token: token.unwrap().1.clone(),
                timeout,
            });
            if path != "/updates" {
                return Ok(HttpResponse::new(500, ""));
            }
            let begun = Instant::now();
            while begun.elapsed() < timeout {
                let next = self.answers.lock().unwrap().pop_front();
                match next {
                    Some(Ok(answer)) => return Ok(HttpResponse::new(200, answer)),
                    Some(Err(status)) => return Ok(HttpResponse::new(status, "")),
                    None => sleep(Duration::from_millis(500)).await,
                }
            }
            Err(TransportError::no_answer("nothing came").timed_out())
        })
    }
}

/// What was handed over, and what was said.
struct Heard {
    poller: Poller<Client>,
    events: mpsc::UnboundedReceiver<Message<Client>>,
    notices: mpsc::UnboundedReceiver<Notice>,
}

impl Heard {
    async fn event(&mut self) -> Message<Client> {
        soon(self.events.recv()).await.unwrap()
    }

    async fn ids(&mut self, many: usize) -> Vec<u64> {
        let mut ids = Vec::new();
        for _ in 0..many {
            ids.push(self.event().await.callback.0);
        }
        ids
    }

    async fn notice(&mut self) -> Notice {
        soon(self.notices.recv()).await.unwrap()
    }
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    let waiting = timeout(Duration::from_secs(3600), future);
    waiting.await.expect("in time")
}

fn started(builder: PollerBuilder<Client>) -> Heard {
    let (to, events) = mpsc::unbounded_channel();
    let (say, notices) = mpsc::unbounded_channel();
    let builder = builder.on_notice(move |notice| {
        let _ = say.send(notice);
    });
    let poller = builder.start(move |message: Message<Client>| {
        let _ = to.send(message);
        async {}
    });
    Heard {
        poller: poller.unwrap(),
        events,
        notices,
    }
}

fn polling(client: &Client) -> PollerBuilder<Client> {
    PollerBuilder::new(client.clone())
}

fn on(store: &Arc<MemoryStore>) -> Arc<dyn Store> {
    store.clone()
}

#[tokio::test(start_paused = true)]
async fn each_question_goes_on_where_the_answer_before_led() {
    let gateway = Gateway::telling(&[
        Ok(
            r#"{"ret":0,"msgs":[{"id":1,"from":"a"},{"id":2,"from":"a"}],"buf":"b1","timeout_ms":40000}"#,
        ),
        Ok(r#"{"msgs":[{"id":3,"from":"a"}],"ret":0,"buf":""}"#),
        Ok(r#"{"ret":0,"msgs":[{"id":4,"from":"a"}],"buf":"b2"}"#),
    ]);
    let client = gateway.client("token");
    let mut heard = started(polling(&client));
    assert!(matches!(heard.notice().await, Notice::Begun));
    let first = heard.event().await;
    assert_eq!((first.callback.0, first.attempt), (1, 1));
    assert!(!first.redelivered);
    assert_eq!(heard.ids(3).await, [2, 3, 4]);
    sleep(Duration::from_secs(100)).await;
    assert_eq!(gateway.cursors(), ["", "b1", "b1", "b2", "b2", "b2"]);
    let waits: Vec<u64> = gateway
        .asked()
        .iter()
        .map(|asked| asked.timeout.as_secs())
        .collect();
    assert_eq!(
        waits,
        [10, 60, 40, 40, 40, 40, 40],
        "the first is the start's"
    );
    let left = heard.poller.shutdown(Duration::from_secs(20)).await;
    assert_eq!(left, 0);
    let paths = gateway.paths();
    assert_eq!((&*paths[0], &*paths[paths.len() - 1]), ("/start", "/stop"));
    sleep(Duration::from_secs(100)).await;
    assert_eq!(gateway.paths().len(), paths.len(), "the end is the end");
    let counters = heard.poller.counters();
    assert_eq!(
        (counters.received, counters.typed, counters.handled),
        (4, 4, 4)
    );
}

#[tokio::test(start_paused = true)]
async fn failures_in_a_row_are_waited_for_as_declared_and_a_time_out_is_none() {
    let broken = r#"{"ret":-1,"errmsg":"not now"}"#;
    let gateway = Gateway::telling(&[
        Err(502),
        Err(524),
        Ok(broken),
        Ok("<html>"),
        Ok(r#"{"ret":0}"#),
        Ok(r#"{"ret":0,"msgs":{"id":1}}"#),
        Ok(r#"{"ret":0,"msgs":[{"id":1}],"buf":"b","timeout_ms":7}"#),
    ]);
    let client = gateway.client("token");
    let mut heard = started(polling(&client));
    assert_eq!(heard.ids(1).await, [1]);
    sleep(Duration::from_millis(2900)).await;
    let at: Vec<u64> = gateway
        .asked()
        .iter()
        .map(|asked| asked.at.as_secs())
        .collect();
    // The start; four failures; nothing, told at once; what is no list; a message; time-outs of a second at least.
    assert_eq!(at, [0, 0, 2, 4, 34, 64, 65, 67, 67, 68, 69]);
    let mut failures = Vec::new();
    while let Ok(notice) = heard.notices.try_recv() {
        if let Notice::Failed {
            failures: n,
            again,
            error,
        } = notice
        {
            failures.push((n, again.as_secs(), error.kind()));
        }
    }
    assert_eq!(
        failures,
        [
            (1, 2, ErrorKind::Status),
            (2, 2, ErrorKind::Status),
            (3, 30, ErrorKind::Vendor),
            (4, 30, ErrorKind::Undecodable),
            (1, 2, ErrorKind::Undecodable),
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn what_comes_again_is_known_and_a_restart_goes_on_with_the_cursor() {
    let gateway = Gateway::telling(&[Ok(r#"{"ret":0,"msgs":[{"id":1}],"buf":"b1"}"#)]);
    let store = Arc::new(MemoryStore::new());
    let client = gateway.client("token");
    let mut first = started(polling(&client).shared_store(on(&store)));
    assert_eq!(first.ids(1).await, [1]);
    first.poller.shutdown(Duration::from_secs(20)).await;
    gateway.tells(r#"{"ret":0,"msgs":[{"id":1},{"id":2},{"id":2}],"buf":"b2"}"#);
    let mut second = started(polling(&client).shared_store(on(&store)));
    assert_eq!(second.ids(1).await, [2]);
    sleep(Duration::from_secs(1)).await;
    assert!(second.events.try_recv().is_err());
    assert_eq!(second.poller.counters().duplicate, 2);
    let cursors = gateway.cursors();
    assert_eq!(
        cursors.iter().find(|cursor| **cursor == "b1"),
        Some(&"b1".to_owned())
    );
    assert_eq!(cursors.last().map(String::as_str), Some("b2"));
}

#[tokio::test(start_paused = true)]
async fn an_expired_session_stops_everything_until_a_new_login_which_begins_anew() {
    let gateway = Gateway::telling(&[
        Ok(r#"{"ret":0,"msgs":[{"id":1}],"buf":"b1"}"#),
        Ok(r#"{"ret":-14,"errmsg":"session timeout"}"#),
    ]);
    let store = Arc::new(MemoryStore::new());
    let client = gateway.client("old");
    let mut heard = started(polling(&client).account("bot").shared_store(on(&store)));
    assert_eq!(heard.ids(1).await, [1]);
    let kept = Batch {
        values: vec![
            Value::new("login/acme/bot/right", "mine"),
            Value::new("login/acme/bot\u{1}2/right", "another's"),
        ],
        ..Batch::default()
    };
    store.commit(kept).await.unwrap();
    assert!(matches!(heard.notice().await, Notice::Begun));
    let Notice::Expired(error) = heard.notice().await else {
        panic!("another notice");
    };
    assert_eq!(
        (error.kind(), error.code()),
        (ErrorKind::Expired, Some("-14"))
    );
    assert!(!error.may_have_been_executed());
    let asked = gateway.asked().len();
    sleep(Duration::from_secs(10_000)).await;
    let clone = client.clone();
    let refused = clone
        .0
        .prepare(&START, &[], &NOTHING)
        .send()
        .await
        .err()
        .unwrap();
    assert_eq!(
        (refused.kind(), refused.attempts()),
        (ErrorKind::Expired, 0)
    );
    assert_eq!(gateway.asked().len(), asked, "nothing was sent");
    gateway.tells(r#"{"ret":0,"msgs":[{"id":2}],"buf":"b9"}"#);
    clone.0.reauthorize("new");
    assert_eq!(heard.ids(1).await, [2]);
    let after = gateway.asked().split_off(asked);
    assert!(after.iter().all(|asked| asked.token == "new"));
    assert_eq!(after[1].body, r#"{"buf":""}"#);
    let names = store.values("login/".to_owned()).await.unwrap();
    let names: Vec<String> = names.into_iter().map(|(name, _)| name).collect();
    assert_eq!(
        names,
        ["login/acme/bot\u{1}2/right", "login/acme/bot/cursor"]
    );
}

#[tokio::test(start_paused = true)]
async fn a_login_in_the_middle_of_a_question_begins_anew_as_well() {
    let gateway = Gateway::telling(&[Ok(r#"{"ret":0,"msgs":[{"id":1}],"buf":"b1"}"#)]);
    let client = gateway.client("old");
    let mut heard = started(polling(&client));
    assert_eq!(heard.ids(1).await, [1]);
    sleep(Duration::from_secs(1)).await;
    client.0.reauthorize("new");
    sleep(Duration::from_secs(1)).await;
    client.0.reauthorize("new");
    sleep(Duration::from_secs(1)).await;
    let asked: Vec<_> = gateway
        .asked()
        .into_iter()
        .filter(|asked| asked.path == "/updates")
        .collect();
    let asked: Vec<_> = asked
        .iter()
        .map(|asked| (&*asked.token, &*asked.body))
        .collect();
    let empty = r#"{"buf":""}"#;
    let expected = [
        ("old", empty),
        ("old", r#"{"buf":"b1"}"#),
        ("new", empty),
        ("new", empty),
    ];
    assert_eq!(asked, expected);
    assert_eq!(heard.poller.counters().handled, 1);
}

#[tokio::test(start_paused = true)]
async fn one_poller_asks_for_an_account_and_another_takes_over() {
    let gateway = Gateway::telling(&[Ok(r#"{"ret":0,"msgs":[{"id":1}],"buf":"b1"}"#)]);
    let store = Arc::new(MemoryStore::new());
    let client = gateway.client("token");
    let of = |account: &str| polling(&client).account(account).shared_store(on(&store));
    let mut first = started(of("one"));
    assert_eq!(first.ids(1).await, [1]);
    let mut second = started(of("one"));
    assert!(matches!(second.notice().await, Notice::Elsewhere));
    let mut other = started(of("two"));
    assert!(matches!(other.notice().await, Notice::Begun));
    other.poller.shutdown(Duration::from_secs(20)).await;
    sleep(Duration::from_secs(1000)).await;
    assert!(second.notices.try_recv().is_err(), "the lease is renewed");
    drop(first.poller);
    assert!(matches!(second.notice().await, Notice::Begun));
    gateway.tells(r#"{"ret":0,"msgs":[{"id":2}],"buf":"b2"}"#);
    assert_eq!(second.ids(1).await, [2]);
    assert!(gateway.cursors().contains(&"b1".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn whoever_has_lost_the_lease_keeps_nothing() {
    let gateway = Gateway::telling(&[Ok(r#"{"ret":0,"msgs":[{"id":1}],"buf":"b1"}"#)]);
    let store = Arc::new(MemoryStore::new());
    let client = gateway.client("token");
    let mut heard = started(polling(&client).shared_store(on(&store)));
    assert_eq!(heard.ids(1).await, [1]);
    assert!(matches!(heard.notice().await, Notice::Begun));
    // Another server has taken over.
    let lanes = || Lanes::These(vec!["acme/".to_owned()]);
    let mut stolen = Batch::default();
    let identity = super::place::identity("acme/");
    let again = Verdict::Again {
        after: Duration::ZERO,
        reason: String::new(),
    };
    stolen.verdicts = vec![(Target::Identity("polls".to_owned(), identity), again)];
    store.commit(stolen).await.unwrap();
    let take = Take::new("polls", lanes(), 1, "another", Duration::from_secs(60));
    assert_eq!(store.take(take).await.unwrap().entries.len(), 1);
    gateway.tells(r#"{"ret":0,"msgs":[{"id":2}],"buf":"b2"}"#);
    assert!(matches!(heard.notice().await, Notice::Lost));
    assert!(matches!(heard.notice().await, Notice::Elsewhere));
    assert!(heard.events.try_recv().is_err());
    let kept = store.values("login/".to_owned()).await.unwrap();
    assert!(kept[0].1.ends_with(" b1"), "{kept:?}");
    // That one dies. The gateway tells again what was not kept.
    gateway.tells(r#"{"ret":0,"msgs":[{"id":2}],"buf":"b2"}"#);
    assert_eq!(heard.ids(1).await, [2]);
}

#[tokio::test(start_paused = true)]
async fn what_finds_no_room_waits_and_the_cursor_with_it() {
    let gateway = Gateway::telling(&[Ok(
        r#"{"ret":0,"msgs":[{"id":1},{"id":2},{"id":3},{"id":4},{"id":5}],"buf":"b1"}"#,
    )]);
    let store = Arc::new(MemoryStore::new().hold(2));
    let client = gateway.client("token");
    let slow = polling(&client).shared_store(on(&store)).start({
        let store = Arc::clone(&store);
        move |message: Message<Client>| {
            let store = Arc::clone(&store);
            async move {
                sleep(Duration::from_secs(1)).await;
                let named = store.values("login/".to_owned()).await.unwrap();
                let is_kept = named[0].1.ends_with(" b1");
                match message.callback.0 {
                    // As long as these are there, the last has found no room.
                    ..=3 => assert!(!is_kept, "{named:?}"),
                    4 => {}
                    _ => assert!(is_kept, "{named:?}"),
                }
                Handled::Done
            }
        }
    });
    let slow = slow.unwrap();
    soon(async {
        while slow.counters().handled < 5 {
            assert_eq!(slow.counters().failed, 0);
            sleep(Duration::from_millis(100)).await;
        }
    })
    .await;
    assert_eq!(gateway.cursors()[..2], ["", "b1"]);
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_room_for_long_says_so_and_asks_no_more() {
    let gateway = Gateway::telling(&[
        Ok(r#"{"ret":0,"msgs":[{"id":1},{"id":2}],"buf":"b1"}"#),
        Ok(r#"{"ret":0,"msgs":[{"id":3}],"buf":"b2"}"#),
    ]);
    let client = gateway.client("token");
    let (say, mut notices) = mpsc::unbounded_channel();
    let stuck = polling(&client).capacity(1).on_notice(move |notice| {
        let _ = say.send(notice);
    });
    let poller = stuck.start(|_| std::future::pending::<()>()).unwrap();
    assert!(matches!(soon(notices.recv()).await, Some(Notice::Begun)));
    let Some(Notice::Hindered(why)) = soon(notices.recv()).await else {
        panic!("another notice");
    };
    assert!(why.to_string().contains("no room"), "{why}");
    assert_eq!(gateway.cursors(), [""]);
    assert_eq!(poller.backlog().await.unwrap().leased, 1);
}

#[tokio::test(start_paused = true)]
async fn a_defect_of_whoever_is_told_does_not_end_the_polling() {
    let gateway = Gateway::telling(&[Err(502), Ok(r#"{"ret":0,"msgs":[{"id":1}],"buf":"b1"}"#)]);
    let client = gateway.client("token");
    let (to, mut events) = mpsc::unbounded_channel();
    let poller = polling(&client).on_notice(|notice| panic!("{notice:?}"));
    let poller = poller.start(move |message: Message<Client>| {
        let _ = to.send(message.callback.0);
        async {}
    });
    assert_eq!(soon(events.recv()).await, Some(1));
    assert_eq!(poller.unwrap().shutdown(Duration::from_secs(20)).await, 0);
}

#[tokio::test(start_paused = true)]
async fn messages_come_as_a_stream_with_the_client_that_asked() {
    let gateway = Gateway::telling(&[Ok(
        r#"{"ret":0,"msgs":[{"id":1,"from":"a"},{"id":2,"from":"a"}],"buf":"b1"}"#,
    )]);
    let client = gateway.client("token");
    let (mut poller, mut messages) = polling(&client).stream().unwrap();
    let first = soon(messages.next()).await.unwrap();
    let key = first.delivery.key();
    let asked = first
        .delivery
        .caller()
        .0
        .prepare(&START, &[], &NOTHING)
        .send();
    assert_eq!(asked.await.err().unwrap().status(), Some(500));
    drop(first);
    let again = soon(messages.next()).await.unwrap();
    assert!(again.delivery.redelivered);
    assert_eq!(again.delivery.key(), key, "the same message");
    again.done();
    let second = soon(messages.next()).await.unwrap();
    assert_ne!(second.delivery.key(), key);
    second.done();
    assert_eq!(poller.shutdown(Duration::from_secs(20)).await, 0);
    assert!(soon(messages.next()).await.is_none());
}
