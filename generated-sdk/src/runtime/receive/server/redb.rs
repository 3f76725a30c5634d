//! A store in one file, inside of the process.

use super::store::{Entry, Kept, Store, Stored};
use crate::runtime::call::{BoxError, BoxFuture};
use redb::{Database, ReadableTable, ReadableTableMetadata, TableDefinition};
use std::fmt;
use std::path::Path;
use std::sync::Arc;
use tokio::task::spawn_blocking;

/// Messages that are not finished, by number.
const MESSAGES: TableDefinition<'_, u64, &str> = TableDefinition::new("messages");
/// Identities that are remembered, and the number each came with.
const KNOWN: TableDefinition<'_, u128, u64> = TableDefinition::new("known");
/// The same the other way round: the oldest is forgotten first.
const ORDER: TableDefinition<'_, u64, u128> = TableDefinition::new("order");
/// The next number, under `next`.
const META: TableDefinition<'_, &str, u64> = TableDefinition::new("meta");

/// An embedded store: one file, one process, one receiver, every step on the disk before it counts.
#[derive(Clone)]
pub struct RedbStore {
    database: Arc<Database>,
    remember: u64,
    hold: u64,
}

impl fmt::Debug for RedbStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedbStore").finish_non_exhaustive()
    }
}

impl RedbStore {
    /// Opens the file, or makes it. It belongs to one process at a time.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, BoxError> {
        let database = Database::create(path)?;
        let transaction = database.begin_write()?;
        transaction.open_table(MESSAGES)?;
        transaction.open_table(KNOWN)?;
        transaction.open_table(ORDER)?;
        transaction.open_table(META)?;
        transaction.commit()?;
        Ok(Self {
            database: Arc::new(database),
            remember: 100_000,
            hold: 1_000_000,
        })
    }

    /// How many messages are remembered in order to drop repetitions; 100,000 unless said otherwise.
    #[must_use]
    pub fn remember(mut self, messages: u64) -> Self {
        self.remember = messages;
        self
    }

    /// How many unfinished messages there may be; 1,000,000 unless said otherwise. More are answered 503.
    #[must_use]
    pub fn hold(mut self, messages: u64) -> Self {
        self.hold = messages;
        self
    }

    fn write_now(&self, new: &[Entry], finished: &[u64]) -> Result<Vec<Kept>, BoxError> {
        let transaction = self.database.begin_write()?;
        let mut kept = Vec::with_capacity(new.len());
        {
            let mut messages = transaction.open_table(MESSAGES)?;
            let mut known = transaction.open_table(KNOWN)?;
            let mut order = transaction.open_table(ORDER)?;
            let mut meta = transaction.open_table(META)?;
            for id in finished {
                messages.remove(id)?;
            }
            let mut next = meta.get("next")?.map_or(1, |next| next.value());
            let mut held = messages.len()?;
            for entry in new {
                if let Some(identity) = entry.identity
                    && known.get(identity)?.is_some()
                {
                    kept.push(Kept::Duplicate);
                    continue;
                }
                if held >= self.hold {
                    kept.push(Kept::Full);
                    continue;
                }
                messages.insert(next, entry.body.as_str())?;
                if let Some(identity) = entry.identity.filter(|_| self.remember > 0) {
                    known.insert(identity, next)?;
                    order.insert(next, identity)?;
                }
                kept.push(Kept::New(next));
                held += 1;
                next += 1;
            }
            while order.len()? > self.remember
                && let Some((_, identity)) = order.pop_first()?
            {
                known.remove(identity.value())?;
            }
            meta.insert("next", next)?;
        }
        transaction.commit()?;
        Ok(kept)
    }

    fn read_now(&self, after: u64, most: usize) -> Result<Vec<Stored>, BoxError> {
        let transaction = self.database.begin_read()?;
        let messages = transaction.open_table(MESSAGES)?;
        let mut stored = Vec::new();
        for message in messages.range(after.saturating_add(1)..)?.take(most) {
            let (id, body) = message?;
            stored.push(Stored::new(id.value(), body.value().to_owned(), false));
        }
        Ok(stored)
    }
}

impl Store for RedbStore {
    fn write(
        &self,
        new: Vec<Entry>,
        finished: Vec<u64>,
    ) -> BoxFuture<'_, Result<Vec<Kept>, BoxError>> {
        let store = self.clone();
        Box::pin(async move { spawn_blocking(move || store.write_now(&new, &finished)).await? })
    }

    fn unfinished(&self, after: u64, most: usize) -> BoxFuture<'_, Result<Vec<Stored>, BoxError>> {
        let store = self.clone();
        Box::pin(async move { spawn_blocking(move || store.read_now(after, most)).await? })
    }
}
