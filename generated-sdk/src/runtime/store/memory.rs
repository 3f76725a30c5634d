//! The store that is there without asking: in memory, gone with the process.

use super::clock::Clock;
use super::index::{Index, Item, Journal, Limits, Time, micros};
use super::{Batch, Committed, Counts, Store, Stored, Take, Taken, Value};
use crate::runtime::call::{BoxError, BoxFuture};
use crate::runtime::lock::lock;
use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Entries and values in memory, within bounds. Clones are the same store.
#[derive(Clone)]
pub struct MemoryStore {
    state: Arc<Mutex<State>>,
    clock: Clock,
}

struct State {
    index: Index<Bodies>,
    values: BTreeMap<String, (String, Option<Time>)>,
    /// No value ends before.
    sweep: Option<Time>,
}

type Bodies = HashMap<u64, String>;

impl Journal for Bodies {
    fn changed(&mut self, id: u64, _: Option<Item>, new: Option<&Item>) {
        if new.is_none() {
            self.remove(&id);
        }
    }

    fn remembered(&mut self, _: usize, _: u128) {}
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryStore")
            .field("entries", &lock(&self.state).index.journal.len())
            .finish_non_exhaustive()
    }
}

impl MemoryStore {
    /// An empty store.
    pub fn new() -> Self {
        let limits = Limits {
            entries: 16_384,
            bytes: 64 * 1024 * 1024,
            aside: 1_000,
            remember: 65_536,
        };
        let state = State {
            index: Index::new(limits, Bodies::new()),
            values: BTreeMap::new(),
            sweep: None,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
            clock: Clock::new(0),
        }
    }

    /// How many entries of a queue may wait or be leased; 16,384 unless said otherwise. More are
    /// [`Kept::Full`](super::Kept::Full).
    #[must_use]
    pub fn hold(self, entries: usize) -> Self {
        lock(&self.state).index.limits.entries = entries;
        self
    }

    /// How large their bodies may be together; 64 MiB unless said otherwise. As much again may be set aside.
    #[must_use]
    pub fn hold_bytes(self, bytes: usize) -> Self {
        lock(&self.state).index.limits.bytes = bytes;
        self
    }

    /// How many entries of a queue are kept that were set aside; 1,000 unless said otherwise. Of more the oldest is
    /// [forgotten](Counts::forgotten).
    #[must_use]
    pub fn keep_aside(self, entries: usize) -> Self {
        lock(&self.state).index.limits.aside = entries;
        self
    }

    /// How many done entries of a queue are remembered in order to know repetitions; 65,536 unless said otherwise.
    #[must_use]
    pub fn remember(self, entries: usize) -> Self {
        lock(&self.state).index.limits.remember = entries;
        self
    }

    /// Does something when it is waited for, and not in parts.
    fn with<T>(
        &self,
        work: impl FnOnce(&mut State, Time) -> T + Send + 'static,
    ) -> BoxFuture<'_, Result<T, BoxError>> {
        Box::pin(async move { Ok(work(&mut lock(&self.state), self.clock.now())) })
    }
}

impl State {
    fn commit(&mut self, now: Time, batch: Batch) -> Committed {
        let committed = self.index.commit(now, &batch);
        let (bodies, named) = batch.parted(&committed);
        self.index.journal.extend(bodies);
        for value in named {
            self.name(now, value);
        }
        committed
    }

    fn stored(&self, ids: &[u64]) -> Vec<Stored> {
        let ids = ids.iter();
        ids.filter_map(|id| self.index.stored(*id, self.index.journal.get(id)?.clone()))
            .collect()
    }

    fn name(&mut self, now: Time, value: Value) {
        if self.sweep.is_some_and(|sweep| sweep <= now) {
            let left = |ends: &Option<Time>| ends.is_none_or(|ends| ends > now);
            self.values.retain(|_, (_, ends)| left(ends));
            self.sweep = self.values.values().filter_map(|(_, ends)| *ends).min();
        }
        match value.text {
            Some(text) => {
                let ends = value.life.map(|life| now.saturating_add(micros(life)));
                self.sweep = self.sweep.into_iter().chain(ends).min();
                self.values.insert(value.name, (text, ends));
            }
            None => _ = self.values.remove(&value.name),
        }
    }

    fn values(&self, now: Time, prefix: &str) -> Vec<(String, String)> {
        let from = self.values.range(prefix.to_owned()..);
        from.take_while(|(name, _)| name.starts_with(prefix))
            .filter(|(_, (_, ends))| ends.is_none_or(|ends| ends > now))
            .map(|(name, (text, _))| (name.clone(), text.clone()))
            .collect()
    }
}

impl Store for MemoryStore {
    fn commit(&self, batch: Batch) -> BoxFuture<'_, Result<Committed, BoxError>> {
        self.with(move |state, now| state.commit(now, batch))
    }

    fn take(&self, take: Take) -> BoxFuture<'_, Result<Taken, BoxError>> {
        self.with(move |state, now| {
            let picked = state.index.take(now, &take);
            Taken::new(state.stored(&picked.ids), picked.next)
        })
    }

    fn renew(
        &self,
        server: String,
        lease: Duration,
    ) -> BoxFuture<'_, Result<Vec<String>, BoxError>> {
        self.with(move |state, now| state.index.renew(now, &server, lease))
    }

    fn set_aside(
        &self,
        queue: String,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<Stored>, BoxError>> {
        self.with(move |state, now| {
            let ids = state.index.set_aside(now, &queue, after, most);
            state.stored(&ids)
        })
    }

    fn counts(&self, queue: String) -> BoxFuture<'_, Result<Counts, BoxError>> {
        self.with(move |state, now| state.index.counts(now, &queue))
    }

    fn values(&self, prefix: String) -> BoxFuture<'_, Result<Vec<(String, String)>, BoxError>> {
        self.with(move |state, now| state.values(now, &prefix))
    }
}
