//! The ledger of a store inside of the process: what waits, who has what until when, what is known. In come steps and
//! the time, out goes what became of them; no clock, no file, no bodies.
//!
//! ```text
//! commit(now, batch) -> Committed      take(now, take) -> numbers, and when to ask again
//! ```
//!
//! Every change goes through [`Index::put`], which keeps queues, servers and times in step with the items, and tells
//! the [`Journal`]: so a store knows which bodies to forget and what to write.

mod item;
mod known;
mod queue;
#[cfg(feature = "store-redb")]
mod restore;
#[cfg(test)]
mod tests;
mod verdicts;

pub(super) use item::{Item, Leased, NEVER, State, Time};

use super::{Applied, Batch, Committed, Counts, Entry, Kept, Lanes, Lapse, Lease, Stored, Take};
use item::some;
use queue::Queue;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

/// Why an entry is taken again, or was set aside, whose lease ended without a verdict.
const LAPSED: &str = "its lease ended without a verdict: whoever had it died or was cut off";

/// How much a queue may hold.
#[derive(Clone, Copy)]
pub(super) struct Limits {
    /// Entries that wait or are leased.
    pub(super) entries: usize,
    /// Their bodies; as much again may be set aside.
    pub(super) bytes: usize,
    /// Entries that were set aside.
    pub(super) aside: usize,
    /// Identities of what is done.
    pub(super) remember: usize,
}

/// Every entry, without its body.
pub(super) struct Index<J> {
    pub(super) limits: Limits,
    pub(super) journal: J,
    items: HashMap<u64, Item>,
    queues: Vec<Queue>,
    places: HashMap<Arc<str>, usize>,
    servers: HashMap<Arc<str>, Server>,
    /// Entries by when they are too old.
    ends: BTreeSet<(Time, u64)>,
    next: u64,
}

/// Told of every change.
pub(super) trait Journal {
    /// An entry is not what it was.
    fn changed(&mut self, id: u64, old: Option<Item>, new: Option<&Item>);

    /// An identity of a queue is remembered from now on.
    fn remembered(&mut self, queue: usize, identity: u128);
}

#[derive(Default)]
struct Server {
    /// When its last renewal runs out, if it has renewed at all.
    until: Option<Time>,
    has: BTreeSet<u64>,
}

/// What was taken.
pub(super) struct Picked {
    pub(super) ids: Vec<u64>,
    pub(super) next: Option<Duration>,
}

impl<J: Journal> Index<J> {
    pub(super) fn new(limits: Limits, journal: J) -> Self {
        Self {
            limits,
            journal,
            items: HashMap::new(),
            queues: Vec::new(),
            places: HashMap::new(),
            servers: HashMap::new(),
            ends: BTreeSet::new(),
            next: 1,
        }
    }

    pub(super) fn get(&self, id: u64) -> Option<&Item> {
        self.items.get(&id)
    }

    /// How many queues there are.
    #[cfg(feature = "store-redb")]
    pub(super) fn queues(&self) -> usize {
        self.queues.len()
    }

    /// The place of a queue, which is made if there is none.
    pub(super) fn place_of(&mut self, queue: &str) -> usize {
        if let Some(place) = self.places.get(queue) {
            return *place;
        }
        self.places.insert(queue.into(), self.queues.len());
        self.queues.push(Queue::default());
        self.queues.len() - 1
    }

    /// Makes a step; nothing if a lease is not held.
    pub(super) fn commit(&mut self, now: Time, batch: &Batch) -> Committed {
        self.tick(now);
        if !batch.held.iter().all(|lease| self.holds(*lease)) {
            return Committed::default();
        }
        let verdicts = batch.verdicts.iter();
        let applied: Vec<Applied> = verdicts
            .map(|(target, verdict)| self.apply(now, target, verdict))
            .collect();
        let new = batch.new.iter();
        let kept = new.map(|entry| self.admit(now, entry)).collect();
        Committed::new(kept, applied)
    }

    fn admit(&mut self, now: Time, entry: &Entry) -> Kept {
        let place = self.place_of(&entry.queue);
        let queue = &self.queues[place];
        let known =
            |identity| queue.of_identity(identity).is_some() || queue.done.contains(identity);
        if entry.identity.is_some_and(known) {
            return Kept::Duplicate;
        }
        let bound = entry.lane_bound.unwrap_or(usize::MAX);
        let full = queue.open_in(&entry.lane) >= bound
            || queue.waiting + queue.leased() >= self.limits.entries
            || queue.bytes + entry.body.len() > self.limits.bytes;
        if full {
            return Kept::Full;
        }
        let item = Item {
            queue: place,
            lane: queue.lane(&entry.lane),
            identity: entry.identity,
            origin: some(&entry.origin),
            reason: None,
            since: now,
            ends: entry.life.map_or(NEVER, |life| later(now, life)),
            bytes: entry.body.len(),
            attempts: 0,
            lapse: entry.lapse,
            until_next_take: entry.until_next_take,
            state: State::Waiting(later(now, entry.delay)),
        };
        let id = self.next;
        self.next += 1;
        self.put(now, id, Some(item));
        Kept::New(id)
    }

    /// Leases entries.
    pub(super) fn take(&mut self, now: Time, take: &Take) -> Picked {
        self.tick(now);
        let place = self.place_of(&take.queue);
        let length = micros(take.lease);
        for id in take
            .holders
            .iter()
            .flat_map(|h| self.queues[place].given_to(h))
            .collect::<Vec<_>>()
        {
            if self.items.get(&id).is_some_and(|item| item.until_next_take) {
                self.finish(now, id);
            } else {
                self.extend(id, now, length);
            }
        }
        let (server, holder): (Arc<str>, _) = (
            take.server.as_str().into(),
            take.holders
                .first()
                .map(|holder| Arc::from(holder.as_str())),
        );
        let leased = Leased {
            until: now.saturating_add(length),
            length,
            server,
            holder,
            given: false,
        };
        let (ids, turn) = match &take.lanes {
            Lanes::OneOfEach => self.pick_of_each(now, place, take.most, &leased),
            Lanes::These(lanes) => self.pick_of_these(now, place, lanes, take.most, &leased),
        };
        let lapse = self.queues[place].next_lapse().map(|(until, _)| until);
        let next = turn.into_iter().chain(lapse).min();
        let next = next.map(|next| Duration::from_micros(next.saturating_sub(now)));
        Picked { ids, next }
    }

    fn pick_of_each(
        &mut self,
        now: Time,
        place: usize,
        most: usize,
        leased: &Leased,
    ) -> (Vec<u64>, Option<Time>) {
        let mut ids = Vec::new();
        while ids.len() < most
            && let Some(id) = self.queues[place].next_of_all(now)
        {
            self.lease(now, id, leased);
            ids.push(id);
        }
        (ids, self.queues[place].next_turn())
    }

    fn pick_of_these(
        &mut self,
        now: Time,
        place: usize,
        lanes: &[String],
        most: usize,
        leased: &Leased,
    ) -> (Vec<u64>, Option<Time>) {
        let (mut ids, mut next) = (Vec::new(), None);
        for lane in lanes {
            let mut found = 0;
            for id in self.queues[place].waiting_in(lane) {
                let due = self.items.get(&id).and_then(Item::due).unwrap_or(now);
                if due > now {
                    next = Some(next.map_or(due, |next: Time| next.min(due)));
                } else if found <= most {
                    // One more than wanted, in order to know of it.
                    ids.push(id);
                    found += 1;
                } else {
                    break;
                }
            }
        }
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > most {
            ids.truncate(most);
            next = Some(now);
        }
        for id in &ids {
            self.lease(now, *id, leased);
        }
        (ids, next)
    }

    fn lease(&mut self, now: Time, id: u64, leased: &Leased) {
        if let Some(mut item) = self.items.get(&id).cloned() {
            item.attempts = item.attempts.saturating_add(1);
            item.state = State::Leased(Box::new(leased.clone()));
            self.put(now, id, Some(item));
        }
    }

    /// Renews what a server has; the servers whose renewals have not run out.
    pub(super) fn renew(&mut self, now: Time, server: &str, lease: Duration) -> Vec<String> {
        self.tick(now);
        let known = self.servers.entry(server.into()).or_default();
        known.until = Some(later(now, lease));
        for id in known.has.iter().copied().collect::<Vec<_>>() {
            self.extend(id, now, micros(lease));
        }
        let alive = |server: &Server| server.until.is_some_and(|until| until > now);
        self.servers
            .retain(|_, server| alive(server) || !server.has.is_empty());
        let servers = self.servers.iter().filter(|(_, server)| alive(server));
        let mut servers: Vec<String> = servers.map(|(name, _)| name.to_string()).collect();
        servers.sort_unstable();
        servers
    }

    /// Numbers of what was set aside.
    pub(super) fn set_aside(
        &mut self,
        now: Time,
        queue: &str,
        after: u64,
        most: usize,
    ) -> Vec<u64> {
        self.tick(now);
        let Some(place) = self.places.get(queue) else {
            return Vec::new();
        };
        let behind = self.queues[*place].aside.range(after.saturating_add(1)..);
        behind.take(most).copied().collect()
    }

    pub(super) fn counts(&mut self, now: Time, queue: &str) -> Counts {
        self.tick(now);
        let Some(place) = self.places.get(queue) else {
            return Counts::default();
        };
        let queue = &self.queues[*place];
        let (waiting, leased) = (queue.waiting as u64, queue.leased() as u64);
        let mut counts = Counts::new(waiting, leased, queue.aside.len() as u64);
        counts.forgotten = queue.forgotten;
        counts
    }

    /// An entry as others see it.
    pub(super) fn stored(&self, id: u64, body: String) -> Option<Stored> {
        let item = self.items.get(&id)?;
        let lease = Lease {
            id,
            attempt: item.attempts,
        };
        let since = UNIX_EPOCH + Duration::from_micros(item.since);
        let mut stored = Stored::new(lease, item.lane.to_string(), body, since);
        stored.identity = item.identity;
        stored.origin = item.origin.as_deref().unwrap_or_default().to_owned();
        stored.reason = item.reason.as_deref().unwrap_or_default().to_owned();
        Some(stored)
    }

    /// Whatever is due now: leases that end, entries that are too old.
    fn tick(&mut self, now: Time) {
        while let Some((ends, id)) = self.ends.first().copied()
            && ends <= now
        {
            self.drop_for_good(now, id);
        }
        for place in 0..self.queues.len() {
            while let Some((until, id)) = self.queues[place].next_lapse()
                && until <= now
            {
                self.lapse(now, id);
            }
        }
    }

    fn lapse(&mut self, now: Time, id: u64) {
        let Some(mut item) = self.items.get(&id).cloned() else {
            return;
        };
        item.reason = some(LAPSED);
        item.state = match item.lapse {
            Lapse::WaitsAgain => State::Waiting(now),
            Lapse::SetAside => State::SetAside,
        };
        self.put(now, id, Some(item));
    }

    /// Forgets an entry that nobody has finished, and counts it.
    fn drop_for_good(&mut self, now: Time, id: u64) {
        if let Some(item) = self.items.get(&id) {
            self.queues[item.queue].forgotten += 1;
        }
        self.finish(now, id);
    }

    /// Forgets an entry, and remembers its identity.
    fn finish(&mut self, now: Time, id: u64) {
        let Some(item) = self.items.get(&id) else {
            return;
        };
        let (place, identity) = (item.queue, item.identity);
        self.put(now, id, None);
        if let Some(identity) = identity.filter(|_| self.limits.remember > 0) {
            let most = self.limits.remember;
            self.queues[place].done.insert(identity, most);
            self.journal.remembered(place, identity);
        }
    }

    /// A lease lasts so much longer. Nothing of it is noted: after a restart no lease goes on as it was.
    fn extend(&mut self, id: u64, now: Time, length: Time) {
        if let Some(item) = self.items.get_mut(&id)
            && let State::Leased(leased) = &mut item.state
        {
            let until = now.saturating_add(length);
            self.queues[item.queue].extend(id, leased.until, until);
            leased.until = until;
        }
    }

    fn holds(&self, lease: Lease) -> bool {
        let item = self.items.get(&lease.id);
        item.is_some_and(|item| item.attempts == lease.attempt && item.leased().is_some())
    }

    /// Puts an item into its place, or takes it out.
    fn put(&mut self, now: Time, id: u64, item: Option<Item>) {
        let old = self.replace(now, id, item);
        self.journal.changed(id, old, self.items.get(&id));
        self.bound_aside(now, id);
    }

    fn replace(&mut self, now: Time, id: u64, item: Option<Item>) -> Option<Item> {
        let old = self.items.remove(&id);
        if let Some(old) = &old {
            self.queues[old.queue].unlink(id, old);
            self.ends.remove(&(old.ends, id));
            if let Some(leased) = old.leased().filter(|leased| !leased.given)
                && let Some(server) = self.servers.get_mut(&leased.server)
            {
                server.has.remove(&id);
                if server.has.is_empty() && server.until.is_none() {
                    self.servers.remove(&leased.server);
                }
            }
        }
        let lane = item.as_ref().or(old.as_ref());
        let Some((place, lane)) = lane.map(|item| (item.queue, Arc::clone(&item.lane))) else {
            return old;
        };
        if let Some(item) = item {
            self.queues[place].link(id, &item);
            if item.ends != NEVER && !item.is_set_aside() {
                self.ends.insert((item.ends, id));
            }
            if let Some(leased) = item.leased().filter(|leased| !leased.given) {
                let server = self.servers.entry(Arc::clone(&leased.server)).or_default();
                server.has.insert(id);
            }
            self.items.insert(id, item);
        }
        let items = &self.items;
        self.queues[place].reschedule(&lane, now, |id| items.get(&id).and_then(Item::due));
        old
    }

    /// When too much was set aside, the oldest of it is forgotten.
    fn bound_aside(&mut self, now: Time, id: u64) {
        let Some(place) = self
            .items
            .get(&id)
            .filter(|i| i.is_set_aside())
            .map(|i| i.queue)
        else {
            return;
        };
        let Limits { aside, bytes, .. } = self.limits;
        let queue = &self.queues[place];
        if (queue.aside.len() > aside || queue.aside_bytes > bytes)
            && let Some(oldest) = queue.aside.first().copied()
        {
            self.drop_for_good(now, oldest);
            self.bound_aside(now, id);
        }
    }
}

/// So long in microseconds.
pub(super) fn micros(duration: Duration) -> Time {
    Time::try_from(duration.as_micros()).unwrap_or(NEVER)
}

fn later(now: Time, duration: Duration) -> Time {
    now.saturating_add(micros(duration))
}
