//! The way of a request: found, checked, remembered, answered, and spoiled where a fault asks for it.

use super::answer::{Answer, Rendered, with_wrong_type};
use super::callback::{Delivery, QUEUE, Undelivered, Waiting, is_reachable};
use super::check;
use super::encoding::Encoding;
use super::fault::Fault;
use super::plans::Plans;
use super::received::Received;
use super::request::{Incoming, decode};
use super::script::Script;
use super::table::{Entry, Table};
use crate::runtime::Json;
use std::collections::{BTreeMap, VecDeque};
use std::future::Future;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;

/// How many calls are remembered, and how much memory they may take.
const CALLS: usize = 10_000;
const CALLS_WEIGHT: usize = 64 << 20;
/// How many callback addresses are kept.
const ADDRESSES: usize = 1000;
/// How long a request may take to be answered, whatever it asks for.
pub(super) const LONGEST: Duration = Duration::from_secs(600);

/// How a request was served; one line of a log.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Served {
    /// The HTTP method.
    pub method: String,
    /// The path, without its query.
    pub path: String,
    /// The operation, if it is one.
    pub operation: Option<&'static str>,
    /// The code of the answer, or its HTTP status, or what went wrong on demand.
    pub code: String,
    /// How long it took.
    pub took: Duration,
}

pub(super) type Observer = Box<dyn Fn(&Served) + Send + Sync>;

/// What is common to all of a gateway's connections.
pub struct Engine {
    pub(super) table: &'static Table,
    script: Arc<dyn Script>,
    observer: Option<Observer>,
    pub(super) body_limit: usize,
    pub(super) plans: Mutex<Plans>,
    calls: Mutex<Calls>,
    callback: Mutex<Option<String>>,
    addresses: Mutex<BTreeMap<String, String>>,
    queue: mpsc::Sender<Waiting>,
    pub(super) deliveries: Mutex<VecDeque<Delivery>>,
    tasks: Mutex<Option<JoinSet<()>>>,
    pub(super) busy: AtomicUsize,
    #[cfg(feature = "websocket")]
    pub(super) lines: super::socket::Lines,
    /// How soon the first call must come, if not as documented.
    #[cfg(feature = "websocket")]
    pub(super) greeting_within: Option<Duration>,
}

/// What an engine is told before it starts.
pub(super) struct Settings {
    pub(super) observer: Option<Observer>,
    pub(super) body_limit: usize,
    #[cfg(feature = "websocket")]
    pub(super) greeting_within: Option<Duration>,
}

#[derive(Default)]
struct Calls {
    log: VecDeque<Arc<Received>>,
    weight: usize,
}

/// What leaves the gateway.
pub(super) enum Outcome {
    Answer(Rendered),
    /// The connection is closed.
    Drop,
}

impl Engine {
    pub(super) fn new(
        table: &'static Table,
        script: Arc<dyn Script>,
        settings: Settings,
    ) -> (Arc<Self>, mpsc::Receiver<Waiting>) {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let engine = Self {
            table,
            script,
            observer: settings.observer,
            body_limit: settings.body_limit,
            plans: Mutex::default(),
            calls: Mutex::default(),
            callback: Mutex::default(),
            addresses: Mutex::default(),
            queue,
            deliveries: Mutex::default(),
            tasks: Mutex::new(Some(JoinSet::new())),
            busy: AtomicUsize::new(0),
            #[cfg(feature = "websocket")]
            lines: super::socket::Lines::default(),
            #[cfg(feature = "websocket")]
            greeting_within: settings.greeting_within,
        };
        (Arc::new(engine), waiting)
    }

    /// Runs something beside the requests, until the gateway stops.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        if let Some(tasks) = &mut *lock(&self.tasks) {
            while tasks.try_join_next().is_some() {}
            tasks.spawn(task);
        }
    }

    /// Ends everything that runs.
    pub(super) fn stop(&self) {
        // The tasks are dropped outside the lock: what they hold may want it.
        let tasks = lock(&self.tasks).take();
        drop(tasks);
    }

    /// Registers where callbacks go; false if they cannot go there: it must be plain HTTP to this machine.
    pub fn register(&self, url: &str) -> bool {
        let reachable = is_reachable(url);
        if reachable {
            *lock(&self.callback) = Some(url.to_owned());
        }
        reachable
    }

    /// Registers where the callbacks of one setting go; false if they cannot go there, or if there are too many.
    pub fn register_at(&self, slot: &str, url: &str) -> bool {
        let mut addresses = lock(&self.addresses);
        let room = addresses.len() < ADDRESSES || addresses.contains_key(slot);
        let takes = room && is_reachable(url);
        if takes {
            addresses.insert(slot.to_owned(), url.to_owned());
        }
        takes
    }

    /// Where the callbacks of a setting go.
    pub fn registered(&self, slot: &str) -> Option<String> {
        lock(&self.addresses).get(slot).cloned()
    }

    /// Forgets where callbacks go.
    pub fn unregister(&self) {
        *lock(&self.callback) = None;
        lock(&self.addresses).clear();
    }

    /// Where callbacks go.
    pub fn callback(&self) -> Option<String> {
        lock(&self.callback).clone()
    }

    /// Delivers an event as soon as those before it have been.
    pub fn enqueue(&self, event: impl Into<Json>) -> Result<(), Undelivered> {
        let url = self.callback().ok_or(Undelivered::NoAddress)?;
        self.post(&url, event, Encoding::Json)
    }

    /// Delivers an event and waits for what becomes of it.
    pub async fn deliver(&self, event: impl Into<Json>) -> Result<Delivery, Undelivered> {
        let url = self.callback().ok_or(Undelivered::NoAddress)?;
        self.deliver_to(&url, event, Encoding::Json).await
    }

    /// Delivers an event to an address as soon as those before it have been.
    pub fn post(
        &self,
        url: &str,
        event: impl Into<Json>,
        encoding: Encoding,
    ) -> Result<(), Undelivered> {
        self.wait(url, &event.into(), encoding, None)
    }

    /// Delivers an event to an address and waits for what becomes of it.
    pub async fn deliver_to(
        &self,
        url: &str,
        event: impl Into<Json>,
        encoding: Encoding,
    ) -> Result<Delivery, Undelivered> {
        let (done, waiting) = oneshot::channel();
        self.wait(url, &event.into(), encoding, Some(done))?;
        waiting.await.map_err(|_| Undelivered::Stopped)
    }

    /// What the documents show at an address: of a setting, of an operation's id, or, where several events share one,
    /// `address/value`.
    pub fn documented_at(&self, address: &str) -> Option<Json> {
        let mut posts = self.table.posts.iter();
        let post = posts.find(|post| post.address == address)?;
        post.body.parse().ok()
    }

    fn wait(
        &self,
        url: &str,
        event: &Json,
        encoding: Encoding,
        done: Option<oneshot::Sender<Delivery>>,
    ) -> Result<(), Undelivered> {
        if !is_reachable(url) {
            return Err(Undelivered::NoAddress);
        }
        let waiting = Waiting {
            url: url.to_owned(),
            event: super::answer::value(event),
            encoding,
            done,
        };
        self.queue.try_send(waiting).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Undelivered::Full,
            mpsc::error::TrySendError::Closed(_) => Undelivered::Stopped,
        })
    }

    /// What was delivered, the oldest first.
    pub fn deliveries(&self) -> Vec<Delivery> {
        lock(&self.deliveries).iter().cloned().collect()
    }

    /// What was called, the oldest first.
    pub(super) fn calls(&self, wanted: impl Fn(&Entry) -> bool) -> Vec<Arc<Received>> {
        let calls = lock(&self.calls);
        let calls = calls.log.iter().filter(|call| wanted(call.entry));
        calls.cloned().collect()
    }

    pub(super) fn clear_calls(&self) {
        *lock(&self.calls) = Calls::default();
    }

    pub(super) fn reset(&self) {
        *lock(&self.plans) = Plans::default();
        self.clear_calls();
        self.unregister();
        lock(&self.deliveries).clear();
        self.script.reset();
    }

    pub(super) fn state(&self) -> Json {
        self.script.state()
    }

    /// Serves a request.
    pub(super) async fn serve(self: &Arc<Self>, incoming: Incoming) -> Outcome {
        let started = Instant::now();
        let _busy = Busy::new(&self.busy);
        let (method, path) = (incoming.method.clone(), incoming.path.clone());
        let served = tokio::time::timeout(LONGEST, self.answer(incoming)).await;
        let (operation, outcome) = served.unwrap_or((None, Outcome::Drop));
        let code = match &outcome {
            Outcome::Answer(answer) => match &answer.code {
                Some(code) if answer.status == 200 => code.clone(),
                _ => format!("HTTP {}", answer.status),
            },
            Outcome::Drop => "dropped".to_owned(),
        };
        self.observed(&Served {
            method,
            path,
            operation,
            code,
            took: started.elapsed(),
        });
        outcome
    }

    /// Tells the observer how something was served.
    pub(super) fn observed(&self, served: &Served) {
        if let Some(observer) = &self.observer {
            observer(served);
        }
    }

    async fn answer(self: &Arc<Self>, incoming: Incoming) -> (Option<&'static str>, Outcome) {
        if let Some(below) = incoming.path.strip_prefix("/__mock") {
            let answer = super::admin::answer(self, &incoming, below).await;
            return (None, Outcome::Answer(answer));
        }
        let texts = &self.table.texts;
        let path = match incoming.path.trim_end_matches('/') {
            "" => "/",
            path => path,
        };
        if self.table.at(path).next().is_none() {
            let message = texts.unknown.replace("{path}", path);
            return (None, Outcome::Answer(self.refused(404, &message)));
        }
        let method = |entry: &&'static Entry| entry.method.as_str() == incoming.method;
        if !self.table.at(path).any(|entry| method(&entry)) {
            let message = format!("{} {path}: 405", incoming.method);
            return (None, Outcome::Answer(self.refused(405, &message)));
        }
        let params = decode(self.table.api.format, &incoming);
        let readable = params.is_some();
        let params = params.unwrap_or_default();
        let same = || self.table.at(path).filter(method);
        let meant = same().filter(|entry| self.script.means(entry.id, &params));
        let entry = check::fitting(meant, &params).or_else(|| check::fitting(same(), &params));
        let Some(entry) = entry else {
            return (None, Outcome::Answer(self.refused(404, texts.unknown)));
        };
        let faults = match self.faults_of(&incoming, entry) {
            Ok(faults) => faults,
            Err(answer) => return (Some(entry.id), Outcome::Answer(answer)),
        };
        let authorization = incoming.header(self.table.api.authorization);
        let call = Arc::new(Received {
            entry,
            params,
            raw: String::from_utf8_lossy(&incoming.body).into_owned(),
            authorization: authorization.map(str::to_owned),
            headers: incoming.headers,
        });
        self.remember(&call);
        let status = faults.iter().find_map(|fault| match fault {
            Fault::Status(status) => Some(*status),
            _ => None,
        });
        let mut rendered = match status {
            Some(status) => empty(status),
            None => self.executed(&call, readable).await,
        };
        for fault in &faults {
            match fault {
                Fault::Delay(delay) => tokio::time::sleep(*delay).await,
                Fault::Html => rendered = page(),
                Fault::WrongType => with_wrong_type(&mut rendered, self.table),
                // The others are seen elsewhere, or make sense on a socket alone.
                _ => {}
            }
        }
        let outcome = if faults.contains(&Fault::DropAfterSend) {
            Outcome::Drop
        } else {
            Outcome::Answer(rendered)
        };
        (Some(entry.id), outcome)
    }

    /// Checks a call and has it answered.
    pub(super) async fn executed(
        self: &Arc<Self>,
        call: &Arc<Received>,
        readable: bool,
    ) -> Rendered {
        let (table, entry) = (self.table, call.entry);
        let refused = |message: &str| Rendered::json(table, &table.refusal(message));
        if entry.authorized {
            let given = call.authorization();
            if !given.is_some_and(|value| self.script.is_authorized(value)) {
                let text = table.texts.unauthorized;
                return refused(&text.replace("{param}", table.api.authorization));
            }
        }
        if !readable {
            return refused(table.texts.malformed);
        }
        if let Some(message) = check::refusal(entry.params, &call.params, &table.texts) {
            return refused(&message);
        }
        let planned = self.planned_reply(entry);
        let mut answer = match planned {
            Some(reply) => reply(call),
            None => Answer::default_behaviour(),
        };
        if answer.is_default() {
            let delay = answer.delay();
            answer = self.script.answer(call, self).await;
            let delay = delay.max(answer.delay());
            answer = answer.after(delay);
        }
        let delay = answer.delay();
        if !delay.is_zero() {
            tokio::time::sleep(delay).await;
        }
        answer.render(table, entry)
    }

    /// What is to go wrong: by the request's own header, and as planned.
    fn faults_of(&self, incoming: &Incoming, entry: &Entry) -> Result<Vec<Fault>, Rendered> {
        let header = incoming.header("x-mock-fault").unwrap_or_default();
        let mut faults =
            Fault::list(header).map_err(|error| self.refused(400, &error.to_string()))?;
        if faults.contains(&Fault::DuplicateCallback) {
            self.plan_fault("*", Fault::DuplicateCallback, Some(1));
        }
        faults.extend(self.planned_faults(entry));
        Ok(faults)
    }

    pub(super) fn remember(&self, call: &Arc<Received>) {
        let mut calls = lock(&self.calls);
        calls.weight += call.weight();
        calls.log.push_back(call.clone());
        while calls.log.len() > CALLS || (calls.weight > CALLS_WEIGHT && calls.log.len() > 1) {
            if let Some(oldest) = calls.log.pop_front() {
                calls.weight = calls.weight.saturating_sub(oldest.weight());
            }
        }
    }

    pub(super) fn refused(&self, status: u16, message: &str) -> Rendered {
        Rendered {
            status,
            ..Rendered::json(self.table, &self.table.refusal(message))
        }
    }
}

impl std::fmt::Debug for Engine {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Engine")
            .field("provider", &self.table.api.name)
            .finish_non_exhaustive()
    }
}

/// Counts a request as under way.
pub(super) struct Busy<'a>(&'a AtomicUsize);

impl<'a> Busy<'a> {
    pub(super) fn new(count: &'a AtomicUsize) -> Self {
        count.fetch_add(1, Ordering::Relaxed);
        Self(count)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// A panic elsewhere has not made what is behind a lock worse.
pub(super) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn empty(status: u16) -> Rendered {
    Rendered {
        status,
        kind: "text/plain".to_owned(),
        body: String::new(),
        code: None,
    }
}

fn page() -> Rendered {
    Rendered {
        status: 200,
        kind: "text/html".to_owned(),
        body: "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n"
            .to_owned(),
        code: Some("html".to_owned()),
    }
}
