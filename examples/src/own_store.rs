//! A store of your own behind the SDK's trait: here three tables in memory, in your program three of your database.
//!
//! ```text
//! entries(id, queue, lane, …, attempts, reason, state)      done(queue, identity)      values(name, text, ends)
//! ```
//!
//! Every method is one transaction. Besides, whatever is due happens first: leases that end, entries that are too old.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use generated_sdk::store::{
    Applied, Batch, Committed, Counts, Entry, Kept, Lanes, Lapse, Lease, Store, Stored, Take,
    Taken, Target, Value, Verdict,
};
use generated_sdk::{BoxError, BoxFuture};
use tokio::time::Instant;

type Answer<'a, T> = BoxFuture<'a, Result<T, BoxError>>;

/// The tables, and when the first of all times was.
pub struct OwnStore(Mutex<Tables>, Instant);

/// Times are counted from the start.
#[derive(Default)]
struct Tables {
    entries: BTreeMap<u64, Row>,
    done: HashSet<(String, u128)>,
    values: BTreeMap<String, (String, Duration)>,
    servers: BTreeMap<String, Duration>,
    forgotten: HashMap<String, u64>,
    /// When each lane was served last, in turns.
    served: HashMap<(String, String), u64>,
    last: u64,
    turn: u64,
}

struct Row {
    entry: Entry,
    since: SystemTime,
    ends: Duration,
    attempts: u32,
    reason: String,
    state: State,
}

#[derive(PartialEq)]
enum State {
    Waiting(Duration),
    Leased {
        until: Duration,
        server: String,
        holder: String,
        given: bool,
    },
    SetAside,
}

impl Default for OwnStore {
    fn default() -> Self {
        Self(Mutex::default(), Instant::now())
    }
}

impl OwnStore {
    /// One transaction.
    fn with<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Tables, Duration) -> T + Send + 'static,
    ) -> Answer<'_, T> {
        Box::pin(async move {
            let mut tables = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            let now = self.1.elapsed();
            tables.tick(now);
            Ok(work(&mut tables, now))
        })
    }
}

impl Row {
    fn leased(&self) -> bool {
        matches!(self.state, State::Leased { .. })
    }

    fn open_in(&self, queue: &str, lane: &str) -> bool {
        self.entry.queue == queue && self.entry.lane == lane && self.state != State::SetAside
    }

    fn stored(&self, id: u64) -> Stored {
        let (lease, entry) = (
            Lease {
                id,
                attempt: self.attempts,
            },
            self.entry.clone(),
        );
        let mut stored = Stored::new(lease, entry.lane, entry.body, self.since);
        (stored.identity, stored.origin) = (entry.identity, entry.origin);
        stored.reason = self.reason.clone();
        stored
    }
}

impl Tables {
    fn tick(&mut self, now: Duration) {
        let old = |row: &Row| row.ends <= now && row.state != State::SetAside;
        let ids: Vec<u64> = self
            .entries
            .iter()
            .filter(|(_, row)| old(row))
            .map(|(id, _)| *id)
            .collect();
        for id in ids {
            let queue = self.entries[&id].entry.queue.clone();
            *self.forgotten.entry(queue).or_default() += 1;
            self.finish(id);
        }
        for row in self.entries.values_mut() {
            if matches!(&row.state, State::Leased { until, .. } if *until <= now) {
                row.reason = "its lease ended".to_owned();
                row.state = match row.entry.lapse {
                    Lapse::WaitsAgain => State::Waiting(now),
                    Lapse::SetAside => State::SetAside,
                };
            }
        }
    }

    fn finish(&mut self, id: u64) {
        if let Some(Row { entry, .. }) = self.entries.remove(&id)
            && let Some(identity) = entry.identity
        {
            self.done.insert((entry.queue, identity));
        }
    }

    fn admit(&mut self, entry: Entry, now: Duration) -> Kept {
        let same =
            |row: &Row| row.entry.queue == entry.queue && row.entry.identity == entry.identity;
        let known = |identity| {
            self.done.contains(&(entry.queue.clone(), identity)) || self.entries.values().any(same)
        };
        if entry.identity.is_some_and(known) {
            return Kept::Duplicate;
        }
        let of_lane = |row: &&Row| row.open_in(&entry.queue, &entry.lane);
        let full = |bound| self.entries.values().filter(of_lane).count() >= bound;
        if entry.lane_bound.is_some_and(full) {
            return Kept::Full;
        }
        self.last += 1;
        let row = Row {
            since: SystemTime::now(),
            ends: entry
                .life
                .map_or(Duration::MAX, |life| now.saturating_add(life)),
            attempts: 0,
            reason: String::new(),
            state: State::Waiting(now.saturating_add(entry.delay)),
            entry,
        };
        self.entries.insert(self.last, row);
        Kept::New(self.last)
    }

    fn holds(&self, lease: Lease) -> bool {
        let row = self.entries.get(&lease.id);
        row.is_some_and(|row| row.leased() && row.attempts == lease.attempt)
    }

    fn find(&self, target: &Target) -> Result<u64, Applied> {
        let (id, fits) = match target {
            Target::Lease(lease) => (lease.id, self.holds(*lease)),
            Target::SetAside(id) => {
                let row = self.entries.get(id);
                (*id, row.is_some_and(|row| row.state == State::SetAside))
            }
            Target::Identity(queue, identity) => {
                let same =
                    |row: &Row| row.entry.queue == *queue && row.entry.identity == Some(*identity);
                let found = self.entries.iter().find(|(_, row)| same(row));
                let done = self.done.contains(&(queue.clone(), *identity));
                return found.map(|(id, _)| *id).ok_or(if done {
                    Applied::Before
                } else {
                    Applied::Unknown
                });
            }
        };
        match self.entries.contains_key(&id) {
            true if fits => Ok(id),
            true => Err(Applied::Lost),
            false if id <= self.last => Err(Applied::Before),
            false => Err(Applied::Unknown),
        }
    }

    fn apply(&mut self, target: &Target, verdict: Verdict, now: Duration) -> Applied {
        let id = match self.find(target) {
            Ok(id) => id,
            Err(applied) => return applied,
        };
        let Some(row) = self.entries.get_mut(&id) else {
            return Applied::Unknown;
        };
        let origin = row.entry.origin.clone();
        match (verdict, &mut row.state) {
            (Verdict::Done, _) | (Verdict::Withdraw, State::Waiting(_)) => self.finish(id),
            (Verdict::Withdraw, _) => {
                row.entry.origin.clear();
                return Applied::Lost;
            }
            (Verdict::Again { after, reason }, state) => {
                *state = State::Waiting(now.saturating_add(after));
                row.reason = reason;
            }
            (Verdict::SetAside { reason }, state) => {
                *state = State::SetAside;
                row.reason = reason;
            }
            (Verdict::GiveBack, State::Leased { .. } | State::SetAside) => {
                row.attempts = row.attempts.saturating_sub(1);
                row.state = State::Waiting(now);
            }
            (Verdict::Given, State::Leased { given, .. }) => *given = true,
            (Verdict::Given | Verdict::GiveBack, _) => return Applied::Lost,
        }
        Applied::Yes { origin }
    }

    /// What might be taken now or later, in its order, and when.
    fn candidates(&self, take: &Take) -> Vec<(u64, Duration)> {
        let of_queue = || {
            self.entries
                .iter()
                .filter(|(_, row)| row.entry.queue == take.queue)
        };
        let busy = of_queue().filter(|(_, row)| row.leased());
        let mut hidden: HashSet<&str> = busy.map(|(_, row)| &*row.entry.lane).collect();
        let mut found = Vec::new();
        for (id, row) in of_queue() {
            let State::Waiting(due) = row.state else {
                continue;
            };
            let key = || (take.queue.clone(), row.entry.lane.clone());
            match &take.lanes {
                Lanes::OneOfEach if hidden.insert(&row.entry.lane) => {
                    found.push((self.served.get(&key()).copied(), *id, due));
                }
                Lanes::These(lanes) if lanes.contains(&row.entry.lane) => {
                    found.push((None, *id, due))
                }
                _ => {}
            }
        }
        found.sort_unstable();
        found.into_iter().map(|(_, id, due)| (id, due)).collect()
    }

    fn take(&mut self, take: &Take, now: Duration) -> Taken {
        let mut over = Vec::new();
        for (id, row) in &mut self.entries {
            if let State::Leased {
                until,
                holder,
                given: true,
                ..
            } = &mut row.state
                && take.holders.contains(holder)
                && row.entry.queue == take.queue
            {
                *until = now + take.lease;
                over.extend(row.entry.until_next_take.then_some(*id));
            }
        }
        over.into_iter().for_each(|id| self.finish(id));
        let mut entries = Vec::new();
        let due = self
            .candidates(take)
            .into_iter()
            .filter(|(_, due)| *due <= now);
        for (id, _) in due.take(take.most) {
            if let Some(row) = self.entries.get_mut(&id) {
                row.attempts += 1;
                row.state = State::Leased {
                    until: now + take.lease,
                    server: take.server.clone(),
                    holder: take.holders.first().cloned().unwrap_or_default(),
                    given: false,
                };
                self.turn += 1;
                self.served
                    .insert((take.queue.clone(), row.entry.lane.clone()), self.turn);
                entries.push(row.stored(id));
            }
        }
        let lapses = self
            .entries
            .values()
            .filter(|row| row.entry.queue == take.queue);
        let lapses = lapses.filter_map(|row| match row.state {
            State::Leased { until, .. } => Some(until),
            State::Waiting(_) | State::SetAside => None,
        });
        let next = self
            .candidates(take)
            .into_iter()
            .map(|(_, due)| due)
            .chain(lapses)
            .min();
        Taken::new(entries, next.map(|next| next.saturating_sub(now)))
    }

    fn name(&mut self, values: Vec<Value>, now: Duration) {
        for value in values {
            let ends = value
                .life
                .map_or(Duration::MAX, |life| now.saturating_add(life));
            match value.text {
                Some(text) => _ = self.values.insert(value.name, (text, ends)),
                None => _ = self.values.remove(&value.name),
            }
        }
    }

    fn commit(&mut self, batch: Batch, now: Duration) -> Committed {
        if !batch.held.iter().all(|lease| self.holds(*lease)) {
            return Committed::default();
        }
        let verdicts = batch.verdicts.into_iter();
        let applied = verdicts
            .map(|(target, verdict)| self.apply(&target, verdict, now))
            .collect();
        let mut kept = Vec::new();
        for mut entry in batch.new {
            let brought = std::mem::take(&mut entry.values);
            kept.push(self.admit(entry, now));
            if matches!(kept.last(), Some(Kept::New(_))) {
                self.name(brought, now);
            }
        }
        if !kept.contains(&Kept::Full) {
            self.name(batch.values, now);
        }
        Committed::new(kept, applied)
    }

    fn counts(&self, queue: &str) -> Counts {
        let mut counts = Counts::default();
        for row in self.entries.values().filter(|row| row.entry.queue == queue) {
            match row.state {
                State::Waiting(_) => counts.waiting += 1,
                State::Leased { .. } => counts.leased += 1,
                State::SetAside => counts.set_aside += 1,
            }
        }
        counts.forgotten = self.forgotten.get(queue).copied().unwrap_or_default();
        counts
    }

    fn renew(&mut self, name: String, lease: Duration, now: Duration) -> Vec<String> {
        for row in self.entries.values_mut() {
            if let State::Leased {
                until,
                server,
                given: false,
                ..
            } = &mut row.state
                && *server == name
            {
                *until = now + lease;
            }
        }
        self.servers.insert(name, now + lease);
        self.servers.retain(|_, until| *until > now);
        self.servers.keys().cloned().collect()
    }
}

impl Store for OwnStore {
    fn commit(&self, batch: Batch) -> Answer<'_, Committed> {
        self.with(move |tables, now| tables.commit(batch, now))
    }

    fn take(&self, take: Take) -> Answer<'_, Taken> {
        self.with(move |tables, now| tables.take(&take, now))
    }

    fn renew(&self, server: String, lease: Duration) -> Answer<'_, Vec<String>> {
        self.with(move |tables, now| tables.renew(server, lease, now))
    }

    fn set_aside(&self, queue: String, after: u64, most: usize) -> Answer<'_, Vec<Stored>> {
        self.with(move |tables, _| {
            let aside = |row: &Row| row.entry.queue == queue && row.state == State::SetAside;
            let behind = tables
                .entries
                .range(after + 1..)
                .filter(|(_, row)| aside(row));
            behind.take(most).map(|(id, row)| row.stored(*id)).collect()
        })
    }

    fn counts(&self, queue: String) -> Answer<'_, Counts> {
        self.with(move |tables, _| tables.counts(&queue))
    }

    fn values(&self, prefix: String) -> Answer<'_, Vec<(String, String)>> {
        self.with(move |tables, now| {
            let named = tables.values.range(prefix.clone()..);
            let named = named.take_while(|(name, _)| name.starts_with(&prefix));
            let left = named.filter(|(_, (_, ends))| *ends > now);
            left.map(|(name, (text, _))| (name.clone(), text.clone()))
                .collect()
        })
    }
}
