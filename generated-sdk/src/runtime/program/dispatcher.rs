//! Where commands go out and results come in: what requests, calls and the store have in common.

use super::address::Address;
use super::news::{self, News};
use super::undelivered::Undelivered;
use super::waiters::{Expects, Link, Waiters};
use crate::runtime::Addresses;
use crate::runtime::call::{BoxError, MessageApi, with_id};
use crate::runtime::codec::json::{Json, Kind, Reader, find, plain};
use crate::runtime::count::Count;
use crate::runtime::lock::lock;
use crate::runtime::store::{
    Applied, Batch, Entry, Kept, Lanes, Lease, Store, Stored, Take, Target, Verdict,
};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use tokio::time::sleep;

/// How many accounts' processes are remembered.
const PROCESSES: usize = 10_000;

/// How often other servers are asked for news while somebody waits.
const LISTEN: Duration = Duration::from_millis(25);

/// Most pieces of news that wait for a server, and are heard at once.
const PIECES: usize = 10_000;

/// How many times as rarely while nobody does: old news would fill the store, and answer new commands.
const RARELY: u32 = 20;

/// How often what became of an answer is written if the store fails, and the first wait; each next one is twice as long.
const WRITES: (u32, Duration) = (5, Duration::from_millis(100));

/// How commands are kept and handed out.
pub(super) struct Settings {
    pub(super) store: Arc<dyn Store>,
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
    /// The servers that were alive when this one renewed its leases last.
    pub(super) servers: Mutex<Vec<String>>,
    /// How many commands have reached a program, and how many of them not for the first time.
    pub(super) out: (Count, Count),
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

    /// The queue of commands: APIs that share a store have one each.
    pub(super) fn commands(&self) -> String {
        format!("commands/{}", self.messages.name)
    }

    /// Queues a command for which somebody waits here, for so long, or nobody does; false if too many wait.
    pub(super) async fn push(
        &self,
        address: &Address,
        id: u128,
        body: String,
        waits: Option<Duration>,
    ) -> Result<bool, BoxError> {
        let mut command = Entry::new(self.commands(), address.lane(), body);
        command.identity = Some(id);
        command.life = Some(self.settings.expiry.max(waits.unwrap_or_default()));
        command.origin = waits.map(|_| self.server.clone()).unwrap_or_default();
        command.until_next_take = self.messages.result.is_none();
        command.lane_bound = Some(self.settings.bound);
        let batch = Batch {
            new: vec![command],
            ..Batch::default()
        };
        let kept = self.settings.store.commit(batch).await?.kept;
        Ok(!matches!(kept.first(), Some(Kept::Full)))
    }

    /// Nobody waits for a command any more: forgets it if it has not been handed out; false if it has been, or is not
    /// known.
    pub(super) async fn withdraw(&self, id: u128) -> Result<bool, BoxError> {
        let target = Target::Identity(self.commands(), id);
        let applied = self.verdict(target, Verdict::Withdraw).await?;
        Ok(matches!(applied, Applied::Yes { .. }))
    }

    async fn verdict(&self, target: Target, verdict: Verdict) -> Result<Applied, BoxError> {
        let batch = Batch {
            verdicts: vec![(target, verdict)],
            ..Batch::default()
        };
        let applied = self.settings.store.commit(batch).await?.applied;
        Ok(applied.into_iter().next().unwrap_or(Applied::Unknown))
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
    pub(super) async fn take(&self, asking: &Address) -> Result<Vec<Stored>, BoxError> {
        let lanes = asking.lanes();
        if lanes.is_empty() {
            return Ok(Vec::new());
        }
        let Settings { batch, lease, .. } = self.settings;
        let lanes = Lanes::These(lanes);
        let mut take = Take::new(self.commands(), lanes, batch, self.server.clone(), lease);
        take.holders = asking.programs();
        Ok(self.settings.store.take(take).await?.entries)
    }

    /// Commands are out: their leases are the program's from now on, and other servers that wait learn it.
    pub(super) async fn given(&self, out: &[Out]) {
        let mut batch = Batch::default();
        for out in out {
            self.out.0.one();
            if out.lease.attempt > 1 {
                self.out.1.one();
            }
            let target = Target::Lease(out.lease);
            batch.verdicts.push((target, Verdict::Given));
            if out.origin != self.server && self.is_shared() && !out.origin.is_empty() {
                let id = out.id.clone();
                batch
                    .new
                    .push(self.news(&out.origin, &News::HandedOut { id }));
            }
        }
        self.write(batch).await;
    }

    /// Commands are not out, or nobody knows: they wait again in their old places.
    pub(super) async fn back(&self, out: &[Out], verdict: Verdict) {
        let verdicts = out
            .iter()
            .map(|out| (Target::Lease(out.lease), verdict.clone()));
        let batch = Batch {
            verdicts: verdicts.collect(),
            ..Batch::default()
        };
        self.write(batch).await;
    }

    /// What cannot be written now must not be lost: this server would renew its leases for ever.
    async fn write(&self, batch: Batch) {
        let (times, mut wait) = WRITES;
        for _ in 0..times {
            if self.settings.store.commit(batch.clone()).await.is_ok() {
                return;
            }
            sleep(wait).await;
            wait *= 2;
        }
    }

    /// A result has come; true if it has reached who waits for it, or came before.
    pub(super) async fn settle(
        &self,
        id: &str,
        reason: Option<String>,
        payload: &Json,
    ) -> Result<bool, BoxError> {
        // Only ids of this crate are known to the store.
        let Ok(identity) = u128::from_str_radix(id, 16) else {
            return Ok(self.waiters.result(id, reason.as_deref(), payload));
        };
        let target = Target::Identity(self.commands(), identity);
        let applied = self.verdict(target, Verdict::Done).await?;
        let waited = self.waiters.result(id, reason.as_deref(), payload);
        let passed_on = match applied {
            Applied::Yes { origin } => self.pass_on(origin, id, reason, payload).await,
            Applied::Before => true,
            Applied::Lost | Applied::Unknown => false,
        };
        Ok(waited || passed_on)
    }

    /// Tells a result to the server that waits for it; false if that is this one, or none.
    async fn pass_on(&self, to: String, id: &str, reason: Option<String>, payload: &Json) -> bool {
        if to == self.server || !self.is_alive(&to).await {
            return false;
        }
        let news = News::Result {
            id: id.to_owned(),
            reason,
            payload: payload.clone(),
        };
        self.tell(&[to], &news).await;
        true
    }

    /// Whether a server that waits for something is there to hear of it; one that is new may not be known yet.
    async fn is_alive(&self, server: &str) -> bool {
        if server.is_empty() || !self.is_shared() {
            return false;
        }
        let known = || lock(&self.servers).iter().any(|known| known == server);
        known() || {
            self.renew().await;
            known()
        }
    }

    async fn renew(&self) {
        let lease = self.settings.lease;
        // A store that fails now is asked again.
        if let Ok(alive) = self.settings.store.renew(self.server.clone(), lease).await {
            *lock(&self.servers) = alive;
        }
    }

    fn is_shared(&self) -> bool {
        self.settings.store.is_shared()
    }

    /// What all servers of this API begin their names with: others may share the store.
    pub(super) fn servers_of(messages: &MessageApi) -> String {
        format!("hub/{}/", messages.name)
    }

    /// An event has come that commands may wait for.
    pub(super) async fn event(&self, from: &Address, code: &str, payload: &Json) {
        let from = self.asking(from.clone());
        self.answered_by(&from, code, payload);
        if self.is_shared() {
            let ours = Self::servers_of(self.messages);
            let others = lock(&self.servers).clone().into_iter();
            let others = others.filter(|name| *name != self.server && name.starts_with(&ours));
            let Address { account, process } = from;
            let news = News::Event {
                account,
                process,
                code: code.to_owned(),
                payload: payload.clone(),
            };
            self.tell(&others.collect::<Vec<_>>(), &news).await;
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

    fn news(&self, to: &str, news: &News) -> Entry {
        let queue = format!("news/{}", self.messages.name);
        let mut entry = Entry::new(queue, to, news.written());
        entry.life = Some(news::LIFE);
        entry.lane_bound = Some(PIECES);
        entry
    }

    /// Whoever is not told waits until the time-out, and is then told what is true.
    async fn tell(&self, to: &[String], news: &News) {
        if to.is_empty() {
            return;
        }
        let batch = Batch {
            new: to.iter().map(|to| self.news(to, news)).collect(),
            ..Batch::default()
        };
        let _ = self.settings.store.commit(batch).await;
    }

    /// Hears what there is to hear. News that could not be put away stays leased until it is too old: nothing is heard
    /// twice.
    async fn listen(&self) {
        let queue = format!("news/{}", self.messages.name);
        let lanes = Lanes::These(vec![self.server.clone()]);
        let lease = self.settings.lease;
        let take = Take::new(queue, lanes, PIECES, self.server.clone(), lease);
        let Ok(taken) = self.settings.store.take(take).await else {
            return;
        };
        if taken.entries.is_empty() {
            return;
        }
        let mut heard = Batch::default();
        for entry in taken.entries {
            if let Some(news) = News::read(&entry.body) {
                self.hear(news);
            }
            let target = Target::Lease(entry.lease);
            heard.verdicts.push((target, Verdict::Done));
        }
        let _ = self.settings.store.commit(heard).await;
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

/// A command on its way to a program.
pub(super) struct Out {
    pub(super) lease: Lease,
    pub(super) id: String,
    pub(super) origin: String,
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
        dispatcher.renew().await;
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
