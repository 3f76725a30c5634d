//! A vendor made up for the tests, whose answers are scripted, and a bot that answers people on a store in memory.

mod answers;
#[cfg(feature = "media")]
mod media;
mod polled;
mod rights;
mod showing;

use super::{Conversation, Handed, Origin, Rules, TalkPlan, Talks};
use crate::runtime::call::{Builder, Caller, Retry, Session};
use crate::runtime::receive::event::{EventApi, Inbound, Opened, Untyped};
use crate::runtime::store::{
    Batch, Committed, Counts, Entry, Lanes, MemoryStore, Store, Stored, Take, Taken, Target,
    Verdict,
};
use crate::runtime::{
    Api, BodyFormat, BoxError, BoxFuture, Core, Data, HttpRequest, HttpResponse, Operation,
    PollPlan, Polled, Transport, TransportError,
};
use crate::runtime::{Part, Template};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};
use tokio::sync::Semaphore;
use tokio::task::yield_now;
use tokio::time::sleep;

static API: Api = Api {
    authorization: "Authorization",
    format: BodyFormat::Json,
    code: &["ret"],
    message: &["errmsg"],
    data: &["data"],
    success: &["0"],
    busy: &[],
    ..Api::new("acme")
};
static SEND: Operation = Operation::new(&API, "acme_send", "send_message", "/send");

static UPDATES: Operation = Operation {
    data: Data::Envelope,
    ..Operation::new(&API, "acme_updates", "updates", "/updates")
};

static EVENTS: EventApi = EventApi {
    name: "acme",
    tag: "type",
    dedupe: &["id"],
    ..*Untyped::LAYOUT
};

static PLAN: TalkPlan = TalkPlan {
    bot: &["to"],
    person: &["room", "from"],
    events: &["1"],
    token: "token",
    within: Duration::from_secs(86_400),
    answers: 10,
    closed: &["-2"],
    closed_messages: Some(&["", "rate limited"]),
    operation: &SEND,
    message: Template(&[
        Part::Json("{\"to\":"),
        Part::Value("person"),
        Part::Json(",\"client_id\":"),
        Part::Value("client_id"),
        Part::Json(",\"token\":"),
        Part::Value("token"),
        Part::Json(",\"items\":["),
        Part::Value("item"),
        Part::Json("]}"),
    ]),
};

static TEXT: Template = Template(&[
    Part::Json("{\"text\":"),
    Part::Value("text"),
    Part::Json("}"),
]);

const GOOD: &str = r#"{"ret":0}"#;

/// What the vendor does with a request.
#[derive(Clone, Copy)]
enum Does {
    Answers(&'static str),
    /// The answer is lost.
    Loses,
    /// It is not reached.
    Refuses,
    /// It never answers.
    Hangs,
    /// It answers well, and the store fails from then on.
    Breaks,
}

/// The vendor: does one thing after the other, and then answers well.
#[derive(Clone, Default)]
struct Vendor {
    script: Arc<Mutex<VecDeque<Does>>>,
    got: Arc<Mutex<Vec<(String, String)>>>,
    /// What it tells whoever asks.
    tells: Arc<Mutex<VecDeque<String>>>,
    /// The store fails.
    broken: Arc<AtomicBool>,
}

impl Vendor {
    fn does(&self, does: impl IntoIterator<Item = Does>) {
        self.script.lock().unwrap().extend(does);
    }

    fn tells(&self, answer: &str) {
        self.tells.lock().unwrap().push_back(answer.to_owned());
    }

    /// Paths and bodies of the requests so far.
    fn got(&self) -> Vec<(String, String)> {
        self.got.lock().unwrap().clone()
    }

    /// The texts that it got.
    fn texts(&self) -> Vec<String> {
        let of = |(_, body): (String, String)| {
            let body: serde_json::Value = serde_json::from_str(&body).unwrap();
            body["items"][0]["text"].as_str().unwrap().to_owned()
        };
        self.got().into_iter().map(of).collect()
    }
}

impl Transport for Vendor {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let body = String::from_utf8_lossy(&request.body).into_owned();
            let path = request
                .url
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .to_owned();
            if path == "updates" {
                let told = self.tells.lock().unwrap().pop_front();
                let Some(told) = told else {
                    sleep(Duration::from_secs(60)).await;
                    return Err(TransportError::no_answer("nothing came").timed_out());
                };
                return Ok(HttpResponse::new(200, told));
            }
            self.got.lock().unwrap().push((path, body));
            let does = self.script.lock().unwrap().pop_front();
            match does.unwrap_or(Does::Answers(GOOD)) {
                Does::Answers(body) => {
                    let mut answer = HttpResponse::new(200, body);
                    answer
                        .headers
                        .push(("X-Taken".to_owned(), "t4ken".to_owned()));
                    Ok(answer)
                }
                Does::Loses => Err(TransportError::no_answer("lost")),
                Does::Refuses => {
                    self.got.lock().unwrap().pop();
                    Err(TransportError::not_sent("refused"))
                }
                Does::Hangs => {
                    Semaphore::new(0).acquire().await.unwrap().forget();
                    Err(TransportError::no_answer("hung"))
                }
                Does::Breaks => {
                    self.broken.store(true, Ordering::Relaxed);
                    Ok(HttpResponse::new(200, GOOD))
                }
            }
        })
    }
}

/// A store that lets others come between two steps, as one behind a network does, and fails when it is to.
struct Yielding {
    store: MemoryStore,
    broken: Arc<AtomicBool>,
}

impl Store for Yielding {
    fn commit(&self, batch: Batch) -> BoxFuture<'_, Result<Committed, BoxError>> {
        Box::pin(async move {
            yield_now().await;
            match self.broken.load(Ordering::Relaxed) {
                true => Err("the store is broken".into()),
                false => self.store.commit(batch).await,
            }
        })
    }

    fn values(&self, prefix: String) -> BoxFuture<'_, Result<Vec<(String, String)>, BoxError>> {
        Box::pin(async move {
            yield_now().await;
            self.store.values(prefix).await
        })
    }

    fn take(&self, take: Take) -> BoxFuture<'_, Result<Taken, BoxError>> {
        self.store.take(take)
    }

    fn renew(
        &self,
        server: String,
        lease: Duration,
    ) -> BoxFuture<'_, Result<Vec<String>, BoxError>> {
        self.store.renew(server, lease)
    }

    fn set_aside(
        &self,
        queue: String,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<Stored>, BoxError>> {
        self.store.set_aside(queue, after, most)
    }

    fn counts(&self, queue: String) -> BoxFuture<'_, Result<Counts, BoxError>> {
        self.store.counts(queue)
    }
}

/// The client.
#[derive(Clone)]
struct Bot(Core);

impl Caller for Bot {
    fn session(&self) -> Session {
        Session::new(self.0.clone(), Vec::new())
    }
}

impl Talks for Bot {
    const TALK: &'static TalkPlan = &PLAN;
}

/// A message of which nothing is read.
#[derive(Clone, Debug)]
struct Told;

impl Inbound for Told {
    const LAYOUT: &'static EventApi = &EVENTS;

    fn read(_: Opened<'_>) -> Self {
        Self
    }

    fn is_typed(&self) -> bool {
        true
    }
}

impl Polled for Bot {
    type Inbound = Told;
    const POLL: &'static PollPlan = &PollPlan {
        operation: &UPDATES,
        param: "buf",
        number: false,
        cursor: &["buf"],
        items: &["msgs"],
        timeout: None,
        again_after: &[Duration::from_secs(2)],
        before: &[],
        after: &[],
    };
    const OPENS: Option<&'static TalkPlan> = Some(Self::TALK);
}

/// A bot, its store and its vendor.
struct World {
    vendor: Vendor,
    bot: Bot,
    store: Arc<dyn Store>,
}

impl World {
    fn new() -> Self {
        let vendor = Vendor::default();
        let store = Yielding {
            store: MemoryStore::new(),
            broken: Arc::clone(&vendor.broken),
        };
        Self::on(Arc::new(store), vendor)
    }

    /// On another store: after a restart.
    fn on(store: Arc<dyn Store>, vendor: Vendor) -> Self {
        let core = Builder::<Core>::new("http://h")
            .transport(vendor.clone())
            .retry(Retry::never())
            .build()
            .unwrap();
        Self {
            vendor,
            bot: Bot(core),
            store,
        }
    }

    /// A message comes, so long ago, and is kept together with its right.
    async fn comes(&self, text: &str, rules: Rules, ago: Duration) {
        let opened = Opened::new(&EVENTS, text).unwrap();
        let identity = opened.identity();
        let mut batch = Batch::default();
        let mut entry = Entry::new("events", "lane", text);
        entry.identity = identity;
        batch.new.push(entry);
        let now = SystemTime::now() - ago;
        batch
            .values
            .extend(PLAN.opened(&opened, identity, rules, now));
        self.store.commit(batch).await.unwrap();
    }

    /// Ann writes.
    async fn ann_writes(&self, id: u32) {
        let text = format!(r#"{{"type":1,"id":{id},"from":"ann","to":"bot","token":"t0ken{id}"}}"#);
        self.comes(&text, Rules::default(), Duration::ZERO).await;
    }

    /// The next message is handed over.
    async fn handed(&self) -> Message {
        let second = Duration::from_secs(1);
        let take = Take::new("events", Lanes::OneOfEach, 1, "server", second * 60);
        let taken = self.store.take(take).await.unwrap();
        Message {
            stored: taken.entries.into_iter().next().expect("a message waits"),
        }
    }

    fn talk(&self, message: &Message) -> Conversation<Bot> {
        self.talk_since(message, Duration::ZERO)
    }

    /// The same, of a message that came so long ago.
    fn talk_since(&self, message: &Message, ago: Duration) -> Conversation<Bot> {
        let mut stored = message.stored.clone();
        stored.since -= ago;
        let opened = Opened::new(&EVENTS, &stored.body).unwrap();
        let sides = PLAN.key(&opened).expect("opens a conversation");
        let Stored { lease, since, .. } = stored;
        let message = opened.identity().unwrap();
        let handed = Handed::new(message, lease, stored.redelivered(), since);
        let origin = Origin::new(&PLAN, sides, Some(handed), self.store.clone());
        Conversation::of(&self.bot, origin)
    }

    /// What becomes of a message.
    async fn ends(&self, message: Message, verdict: Verdict) {
        let mut batch = Batch::default();
        batch
            .verdicts
            .push((Target::Lease(message.stored.lease), verdict));
        self.store.commit(batch).await.unwrap();
    }

    /// It is handed over once more.
    async fn again(&self, message: Message) -> Message {
        let again = Verdict::Again {
            after: Duration::ZERO,
            reason: String::new(),
        };
        self.ends(message, again).await;
        self.handed().await
    }

    /// How many sends are left.
    async fn left(&self, talk: &Conversation<Bot>) -> usize {
        talk.right().await.unwrap().unwrap().left
    }
}

/// A message that is being handled.
struct Message {
    stored: Stored,
}
