//! The file: which tables it has, how it is opened, read and written.

use super::older;
use super::worker::Changes;
use crate::runtime::call::BoxError;
use crate::runtime::store::clock::Clock;
use crate::runtime::store::index::{Index, Item, Leased, NEVER, State, Time, micros};
use crate::runtime::store::{Lapse, Value};
use redb::{
    Database, DatabaseError, ReadableTable, ReadableTableMetadata, Table, TableDefinition,
    TableHandle, WriteTransaction,
};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// Queue, lane, identity; origin, reason; since, ends, size; attempts, flags; when it is due or how long its lease is;
/// who was given it.
pub(super) type Row = (
    &'static str,
    &'static str,
    Option<u128>,
    &'static str,
    &'static str,
    u64,
    u64,
    u64,
    u32,
    u8,
    u64,
    &'static str,
);

/// Entries by number.
pub(super) const ENTRIES: TableDefinition<'_, u64, Row> = TableDefinition::new("entries");
/// Their bodies.
pub(super) const BODIES: TableDefinition<'_, u64, &str> = TableDefinition::new("bodies");
/// Queue and identity of what was done, the oldest first.
pub(super) const DONE: TableDefinition<'_, u64, (&str, u128)> = TableDefinition::new("done");
/// Text and end of a named value.
const VALUES: TableDefinition<'_, &str, (&str, u64)> = TableDefinition::new("values");
/// Values that have an end, by their ends.
const ENDS: TableDefinition<'_, (u64, &str), ()> = TableDefinition::new("value_ends");
/// `format`, `next`, `time`, `clean`.
pub(super) const STATE: TableDefinition<'_, &str, u64> = TableDefinition::new("state");

/// What this version writes.
const FORMAT: u64 = 2;

/// How much of the file is kept in memory.
const CACHE: usize = 16 * 1024 * 1024;

/// Why an entry is taken again, or was set aside, that a process had when it ended.
const ENDED: &str = "the process that had it ended";

const WAITING: u8 = 0;
const LEASED: u8 = 1;
const GIVEN: u8 = 2;
const ASIDE: u8 = 3;
const STATES: u8 = 3;
const SET_ASIDE_AT_LAPSE: u8 = 4;
const UNTIL_NEXT_TAKE: u8 = 8;

/// An open file.
pub(super) struct File(Database);

/// What is to be written.
pub(super) struct Step<'a> {
    pub(super) index: &'a Index<Changes>,
    pub(super) stale: &'a BTreeSet<u64>,
    pub(super) done: &'a [(usize, u128)],
    pub(super) bodies: &'a HashMap<u64, String>,
    pub(super) values: &'a [Value],
    pub(super) now: Time,
    pub(super) clean: bool,
}

impl File {
    /// Opens the file or makes it, and takes over what an older version wrote.
    pub(super) fn open(path: &Path) -> Result<Self, BoxError> {
        let mut builder = Database::builder();
        let database = builder.set_cache_size(CACHE).create(path);
        let database = database.map_err(|error| refused(path, &error))?;
        let transaction = database.begin_write()?;
        let tables: Vec<String> = transaction
            .list_tables()?
            .map(|table| table.name().to_owned())
            .collect();
        if tables.iter().any(|table| table == STATE.name()) {
            let format = transaction
                .open_table(STATE)?
                .get("format")?
                .map(|format| format.value());
            if format != Some(FORMAT) {
                let format = format.unwrap_or_default();
                return Err(format!(
                    "{} was written by another version of this crate: its format is {format}, this version reads \
                     {FORMAT}. Use that version, or a file of another name",
                    path.display()
                )
                .into());
            }
        } else {
            older::take_over(path, &transaction, &tables)?;
            transaction.open_table(STATE)?.insert("format", FORMAT)?;
        }
        transaction.open_table(ENTRIES)?;
        transaction.open_table(BODIES)?;
        transaction.open_table(DONE)?;
        transaction.open_table(VALUES)?;
        transaction.open_table(ENDS)?;
        transaction.commit()?;
        Ok(Self(database))
    }

    /// Fills the index, and says from when its time goes on, and which entries are not as their rows say.
    pub(super) fn load(
        &self,
        index: &mut Index<Changes>,
    ) -> Result<(Clock, BTreeSet<u64>), BoxError> {
        let transaction = self.0.begin_write()?;
        let mut stale = BTreeSet::new();
        let clock = {
            let mut state = transaction.open_table(STATE)?;
            let number = |name| -> Result<u64, BoxError> {
                Ok(state
                    .get(name)?
                    .map(|value| value.value())
                    .unwrap_or_default())
            };
            let clock = Clock::new(number("time")?);
            let (clean, next) = (number("clean")? == 1, number("next")?);
            for row in transaction.open_table(ENTRIES)?.iter()? {
                let (id, row) = row?;
                let written = row.value().8;
                let item = loaded(index, row.value(), clock.now(), clean);
                if item.attempts != written {
                    stale.insert(id.value());
                }
                index.restore(clock.now(), id.value(), item);
            }
            for row in transaction.open_table(DONE)?.iter()? {
                let (_, row) = row?;
                let (queue, identity) = row.value();
                index.remember(queue, identity);
            }
            index.number_from(next);
            state.insert("clean", 0)?;
            clock
        };
        transaction.commit()?;
        Ok((clock, stale))
    }

    /// Writes a step: when this returns, it is on the disk.
    pub(super) fn write(&self, step: &Step<'_>) -> Result<(), BoxError> {
        let transaction = self.0.begin_write()?;
        write_entries(&transaction, step)?;
        write_values(&transaction, step)?;
        {
            let mut done = transaction.open_table(DONE)?;
            let last = done.last()?.map_or(0, |(number, _)| number.value());
            for (number, (place, identity)) in (last + 1..).zip(step.done) {
                done.insert(number, (&*step.index.name_of(*place), *identity))?;
            }
            let queues = step.index.queues() as u64;
            let most = (step.index.limits.remember as u64).saturating_mul(queues.max(1));
            while done.len()? > most {
                done.pop_first()?;
            }
            let mut state = transaction.open_table(STATE)?;
            state.insert("next", step.index.next_number())?;
            state.insert("time", step.now)?;
            state.insert("clean", u64::from(step.clean))?;
        }
        transaction.commit()?;
        Ok(())
    }

    /// The bodies of these entries.
    pub(super) fn bodies(&self, ids: &[u64]) -> Result<Vec<Option<String>>, BoxError> {
        let bodies = self.0.begin_read()?.open_table(BODIES)?;
        let body = |id: &u64| Ok(bodies.get(id)?.map(|body| body.value().to_owned()));
        ids.iter().map(body).collect()
    }

    /// The values whose names begin so.
    pub(super) fn values(
        &self,
        prefix: &str,
        now: Time,
    ) -> Result<Vec<(String, String)>, BoxError> {
        let values = self.0.begin_read()?.open_table(VALUES)?;
        let mut found = Vec::new();
        for row in values.range(prefix..)? {
            let (name, value) = row?;
            let (text, ends) = value.value();
            if !name.value().starts_with(prefix) {
                break;
            }
            if ends > now {
                found.push((name.value().to_owned(), text.to_owned()));
            }
        }
        Ok(found)
    }
}

/// Why a file is not opened, and what helps.
fn refused(path: &Path, error: &DatabaseError) -> BoxError {
    let path = path.display();
    match error {
        DatabaseError::DatabaseAlreadyOpen => format!(
            "{path} is open already, here or in another process: use a clone of that store, or close it first"
        ),
        _ => format!("{path} cannot be opened: {error}"),
    }
    .into()
}

fn write_entries(transaction: &WriteTransaction, step: &Step<'_>) -> Result<(), BoxError> {
    let mut entries = transaction.open_table(ENTRIES)?;
    let mut bodies = transaction.open_table(BODIES)?;
    for id in step.stale {
        let Some(item) = step.index.get(*id) else {
            entries.remove(id)?;
            bodies.remove(id)?;
            continue;
        };
        if let Some(body) = step.bodies.get(id) {
            bodies.insert(id, body.as_str())?;
        }
        insert(&mut entries, *id, item, &step.index.name_of(item.queue))?;
    }
    Ok(())
}

/// Writes an entry's row.
pub(super) fn insert(
    entries: &mut Table<'_, u64, Row>,
    id: u64,
    item: &Item,
    queue: &str,
) -> Result<(), BoxError> {
    let (state, when, holder) = match &item.state {
        State::Waiting(due) => (WAITING, *due, None),
        State::Leased(leased) if leased.given => (GIVEN, leased.length, leased.holder.as_deref()),
        State::Leased(_) => (LEASED, 0, None),
        State::SetAside => (ASIDE, 0, None),
    };
    let mut flags = state;
    if item.lapse == Lapse::SetAside {
        flags |= SET_ASIDE_AT_LAPSE;
    }
    if item.until_next_take {
        flags |= UNTIL_NEXT_TAKE;
    }
    let row = (
        queue,
        &*item.lane,
        item.identity,
        item.origin.as_deref().unwrap_or_default(),
        item.reason.as_deref().unwrap_or_default(),
        item.since,
        item.ends,
        item.bytes as u64,
        item.attempts,
        flags,
        when,
        holder.unwrap_or_default(),
    );
    entries.insert(id, row)?;
    Ok(())
}

/// An entry as it is after the process that had it has ended.
fn loaded(
    index: &mut Index<Changes>,
    row: <Row as redb::Value>::SelfType<'_>,
    now: Time,
    clean: bool,
) -> Item {
    let (queue, lane, identity, origin, reason, since, ends, bytes, attempts, flags, when, holder) =
        row;
    let some = |text: &str| (!text.is_empty()).then(|| text.into());
    let lapse = match flags & SET_ASIDE_AT_LAPSE {
        0 => Lapse::WaitsAgain,
        _ => Lapse::SetAside,
    };
    let state = match (flags & STATES, lapse) {
        (WAITING, _) => State::Waiting(when),
        (GIVEN, _) => State::Leased(Box::new(Leased {
            until: now.saturating_add(when),
            length: when,
            server: "".into(),
            holder: some(holder),
            given: true,
        })),
        (LEASED, Lapse::WaitsAgain) => State::Waiting(now),
        _ => State::SetAside,
    };
    let ended = flags & STATES == LEASED;
    // The last attempts of a process that was killed may not have been written.
    let unknown = !clean && lapse == Lapse::WaitsAgain && attempts == 0;
    Item {
        queue: index.place_of(queue),
        lane: lane.into(),
        identity,
        origin: some(origin),
        reason: if ended { some(ENDED) } else { some(reason) },
        since,
        ends,
        bytes: usize::try_from(bytes).unwrap_or(usize::MAX),
        attempts: attempts + u32::from(unknown),
        lapse,
        until_next_take: flags & UNTIL_NEXT_TAKE != 0,
        state,
    }
}

fn write_values(transaction: &WriteTransaction, step: &Step<'_>) -> Result<(), BoxError> {
    let mut values = transaction.open_table(VALUES)?;
    let mut ends = transaction.open_table(ENDS)?;
    for value in step.values {
        let name = value.name.as_str();
        let old = values.get(name)?.map(|old| old.value().1);
        if let Some(old) = old.filter(|old| *old != NEVER) {
            ends.remove((old, name))?;
        }
        match &value.text {
            Some(text) => {
                let end = value
                    .life
                    .map_or(NEVER, |life| step.now.saturating_add(micros(life)));
                values.insert(name, (text.as_str(), end))?;
                if end != NEVER {
                    ends.insert((end, name), ())?;
                }
            }
            None => _ = values.remove(name)?,
        }
    }
    let old = |(end, _): &(u64, String)| *end <= step.now;
    while let Some((end, name)) = first(&ends)?.filter(old) {
        ends.remove((end, name.as_str()))?;
        values.remove(name.as_str())?;
    }
    Ok(())
}

fn first(ends: &Table<'_, (u64, &'static str), ()>) -> Result<Option<(u64, String)>, BoxError> {
    let first = ends.first()?;
    Ok(first.map(|(key, _)| (key.value().0, key.value().1.to_owned())))
}
