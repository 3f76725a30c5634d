//! Where commands go out and results come in: what requests, calls and the store have in common.

use super::address::Address;
use super::store::{Command, CommandStore, News, Settled, Visit};
use super::undelivered::Undelivered;
use super::waiters::{Expects, Link, Waiters};
use crate::runtime::Addresses;
use crate::runtime::call::{BoxError, MessageApi, with_id};
use crate::runtime::codec::json::{Json, Kind, Reader, find, plain};
use crate::runtime::lock::lock;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::{Duration, SystemTime};
use tokio::time::sleep;

/// How many accounts' processes are remembered.
const PROCESSES: usize = 10_000;

/// How often other servers are asked for news while somebody waits.
const LISTEN: Duration = Duration::from_millis(25);

/// Most pieces of news that are heard at once.
const PIECES: usize = 1000;

/// How many times as rarely while nobody does: old news would fill the store, and answer new commands.
const RARELY: u32 = 20;

/// How commands are kept and handed out.
pub(super) struct Settings {
    pub(super) store: Arc<dyn CommandStore>,
    pub(super) lease: Duration,
    pub(super) expiry: Duration,
    pub(super) bound: usize,
    pub(super) batch: usize,
}

/// What requests, calls and the store have in common.
pub(super) struct Dispatcher {
    pub(super) messages: &'static MessageApi,
    pub(super) addresses: &'static Addresses,
    /// Keys below which an event's payload is at times found.
    pub(super) deeper: &'static [&'static str],
    pub(super) settings: Settings,
    /// This server's name among those that share the store.
    pub(super) server: String,
    pub(super) waiters: Waiters,
    /// The process that asked last for an account's commands: events do not say which one sends them.
    pub(super) processes: Mutex<HashMap<String, String>>,
}

impl Dispatcher {
    /// Writes a command with its id as the first member.
    pub(super) fn numbered(&self, body: &[u8], id: &str) -> Result<String, Undelivered> {
        let key = self.messages.id;
        let has_id = || std::str::from_utf8(body).is_ok_and(|body| find(body, &[key]).is_some());
        with_id(key, id, body)
            .filter(|_| !has_id())
            .ok_or(Undelivered::NoCommand)
    }

    /// What answers a command to this address.
    pub(super) fn expects(&self, address: &Address, body: &str) -> Expects {
        let name = find(body, &[self.messages.command]).map(plain);
        let answers = self.messages.answers.iter();
        let answered = name.and_then(|name| answers.clone().find(|a| a.command == name));
        match (answered, self.messages.result) {
            (Some(answered), _) => Expects::Event(Link {
                answered,
                asked: address.clone(),
                same: (answered.same.iter())
                    .map(|(parameter, _)| nested(body, parameter).map(plain))
                    .collect(),
            }),
            (None, Some(_)) => Expects::Result,
            (None, None) => Expects::Nothing,
        }
    }

    /// Queues a command for which somebody waits here, for so long, or nobody does; false if too many wait.
    pub(super) async fn push(
        &self,
        address: &Address,
        id: &str,
        body: String,
        waits: Option<Duration>,
    ) -> Result<bool, BoxError> {
        let life = self.settings.expiry.max(waits.unwrap_or_default());
        let expires = SystemTime::now() + life;
        let server = waits.map(|_| self.server.clone()).unwrap_or_default();
        let id = id.to_owned();
        let command = Command::new(id, address.lane(), body, server, expires);
        let command = match self.messages.result {
            Some(_) => command,
            None => command.without_result(),
        };
        self.settings.store.push(command, self.settings.bound).await
    }

    /// Who is asking, once that of an account is known which process it has.
    pub(super) fn asking(&self, address: Address) -> Address {
        if address.account.is_empty() {
            return address;
        }
        let mut known = lock(&self.processes);
        if address.process.is_empty() {
            let process = known.get(&address.account).cloned().unwrap_or_default();
            return Address { process, ..address };
        }
        if known.len() >= PROCESSES && !known.contains_key(&address.account) {
            known.clear();
        }
        known.insert(address.account.clone(), address.process.clone());
        address
    }

    /// Leases the next commands to who is asking.
    pub(super) async fn take(&self, asking: &Address) -> Result<Vec<Command>, BoxError> {
        let lanes = asking.lanes();
        if lanes.is_empty() {
            return Ok(Vec::new());
        }
        let Settings { batch, lease, .. } = self.settings;
        let visit = Visit::new(self.server.clone(), asking.programs(), lanes, batch, lease);
        let taken = self.settings.store.take(visit).await?;
        for command in &taken {
            // Here it is known when the answer is on its way; another server learns it now.
            if command.server != self.server && !command.server.is_empty() {
                let news = News::HandedOut {
                    id: command.id.clone(),
                };
                self.tell(Some(command.server.clone()), news).await;
            }
        }
        Ok(taken)
    }

    /// A result has come; true if it has reached who waits for it, or came before.
    pub(super) async fn settle(
        &self,
        id: &str,
        reason: Option<String>,
        payload: &Json,
    ) -> Result<bool, BoxError> {
        let news = News::Result {
            id: id.to_owned(),
            reason: reason.clone(),
            payload: payload.clone(),
        };
        let (server, store) = (self.server.clone(), &self.settings.store);
        let settled = store.finish(server, id.to_owned(), news).await?;
        let waited = self.waiters.result(id, reason.as_deref(), payload);
        Ok(waited || matches!(settled, Settled::PassedOn | Settled::Again))
    }

    /// An event has come that commands may wait for.
    pub(super) async fn event(&self, from: &Address, code: &str, payload: &Json) {
        let from = self.asking(from.clone());
        self.answered_by(&from, code, payload);
        if self.settings.store.is_shared() {
            let Address { account, process } = from;
            let (code, payload) = (code.to_owned(), payload.clone());
            let news = News::Event {
                account,
                process,
                code,
                payload,
            };
            self.tell(None, news).await;
        }
    }

    fn answered_by(&self, from: &Address, code: &str, payload: &Json) {
        let text = payload.as_str();
        let field = |name: &str| {
            let deeper = || self.deeper.iter().find_map(|key| find(text, &[key, name]));
            find(text, &[name]).or_else(deeper).map(plain)
        };
        self.waiters.event(from, code, &field, payload);
    }

    /// Whoever is not told waits until the time-out, and is then told what is true.
    async fn tell(&self, to: Option<String>, news: News) {
        if self.settings.store.is_shared() {
            let _ = self
                .settings
                .store
                .tell(self.server.clone(), to, news)
                .await;
        }
    }

    /// Hears everything that there is to hear, in many pieces if it is much.
    async fn listen(&self) {
        for _ in 0..PIECES {
            let news = self.settings.store.news(self.server.clone()).await;
            let news = news.unwrap_or_default();
            if news.is_empty() {
                return;
            }
            for news in news {
                self.hear(news);
            }
        }
    }

    fn hear(&self, news: News) {
        match news {
            News::HandedOut { id } => self.waiters.handed_out(&id),
            News::Result {
                id,
                reason,
                payload,
            } => _ = self.waiters.result(&id, reason.as_deref(), &payload),
            News::Event {
                account,
                process,
                code,
                payload,
            } => self.answered_by(&Address { account, process }, &code, &payload),
        }
    }
}

/// A member of a command, at the root or in what the parameters are wrapped in.
fn nested<'a>(body: &'a str, name: &str) -> Option<&'a str> {
    if let Some(found) = find(body, &[name]) {
        return Some(found);
    }
    let mut reader = Reader::new(body);
    let mut more = reader.kind() == Kind::Object && reader.enter();
    while more {
        reader.name();
        let is_object = reader.kind() == Kind::Object;
        let value = reader.raw();
        if let Some(found) = find(value, &[name]).filter(|_| is_object) {
            return Some(found);
        }
        more = reader.more();
    }
    None
}

/// Renews leases as long as the dispatcher is there.
pub(super) async fn renew(dispatcher: Weak<Dispatcher>) {
    while let Some(dispatcher) = dispatcher.upgrade() {
        let lease = dispatcher.settings.lease;
        // A store that fails now is asked again.
        let _ = dispatcher
            .settings
            .store
            .renew(dispatcher.server.clone(), lease)
            .await;
        drop(dispatcher);
        sleep(lease / 3).await;
    }
}

/// Hears what other servers have to tell as long as the dispatcher is there.
pub(super) async fn listen(dispatcher: Weak<Dispatcher>) {
    let mut turn = 0_u32;
    while let Some(dispatcher) = dispatcher.upgrade() {
        if turn.is_multiple_of(RARELY) || !dispatcher.waiters.is_empty() {
            dispatcher.listen().await;
        }
        turn = turn.wrapping_add(1);
        drop(dispatcher);
        sleep(LISTEN).await;
    }
}
