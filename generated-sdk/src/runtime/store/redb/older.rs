//! Files that older versions of this crate wrote. Callbacks are taken over. Commands are not: the file does not say which
//! API they are for, and they live for minutes. Any other file is refused by name.

use super::file::{BODIES, DONE, ENTRIES, insert};
use crate::runtime::call::BoxError;
use crate::runtime::store::Lapse;
use crate::runtime::store::clock::Clock;
use crate::runtime::store::index::{Item, NEVER, State, Time};
use redb::{ReadableTable, TableDefinition, WriteTransaction};
use std::path::Path;

/// Callbacks that were not finished, by number.
const MESSAGES: TableDefinition<'_, u64, &str> = TableDefinition::new("messages");
/// Identities that are remembered, by the number each came with.
const ORDER: TableDefinition<'_, u64, u128> = TableDefinition::new("order");
/// Id, lane, body; when it expires, in milliseconds since 1970; whether a result settles it.
type Command = (&'static str, &'static str, &'static str, u64, bool);
/// Commands that are not settled, by number.
const COMMANDS: TableDefinition<'_, u64, Command> = TableDefinition::new("commands");

/// What a receiver wrote. The identities by themselves, and the next number, follow from the rest.
const OF_RECEIVER: [&str; 4] = ["known", "messages", "meta", "order"];
const OF_HUB: &str = "commands";

/// Takes over what is in a file without our tables.
pub(super) fn take_over(
    path: &Path,
    transaction: &WriteTransaction,
    tables: &[String],
) -> Result<(), BoxError> {
    let has = |name: &str| tables.iter().any(|table| table == name);
    let ours = |table: &&String| OF_RECEIVER.contains(&table.as_str()) || *table == OF_HUB;
    if let Some(strange) = tables.iter().find(|table| !ours(table)) {
        let path = path.display();
        return Err(format!(
            "{path} is a database of something else: it has a table `{strange}`. Give the store a file of its own"
        )
        .into());
    }
    let now = Clock::new(0).now();
    if has("messages") {
        callbacks(transaction, now)?;
        for table in OF_RECEIVER.into_iter().filter(|table| has(table)) {
            transaction.delete_table(TableDefinition::<u64, u64>::new(table))?;
        }
    }
    if has(OF_HUB) {
        let late = |command: (&str, &str, &str, u64, bool)| command.3.saturating_mul(1000) <= now;
        for command in transaction.open_table(COMMANDS)?.iter()? {
            if !late(command?.1.value()) {
                let path = path.display();
                return Err(format!(
                    "{path} has commands that an older version of this crate queued, and that nobody has fetched yet: \
                     let that version go on until they are fetched or too old, or give the store a file of another name"
                )
                .into());
            }
        }
        transaction.delete_table(COMMANDS)?;
    }
    Ok(())
}

/// Callbacks come one after the other, as they came: which conversation each belongs to was not written.
fn callbacks(transaction: &WriteTransaction, now: Time) -> Result<(), BoxError> {
    let messages = transaction.open_table(MESSAGES)?;
    let order = transaction.open_table(ORDER)?;
    let mut entries = transaction.open_table(ENTRIES)?;
    let mut bodies = transaction.open_table(BODIES)?;
    let mut done = transaction.open_table(DONE)?;
    for message in messages.iter()? {
        let (id, body) = message?;
        let mut item = item(body.value(), now);
        item.identity = order.get(id.value())?.map(|identity| identity.value());
        insert(&mut entries, id.value(), &item, "events")?;
        bodies.insert(id.value(), body.value())?;
    }
    for known in order.iter()? {
        let (id, identity) = known?;
        if messages.get(id.value())?.is_none() {
            done.insert(id.value(), ("events", identity.value()))?;
        }
    }
    Ok(())
}

/// An entry that may have been taken before: nothing says that it was not.
fn item(body: &str, now: Time) -> Item {
    Item {
        queue: 0,
        lane: "".into(),
        identity: None,
        origin: None,
        reason: None,
        since: now,
        ends: NEVER,
        bytes: body.len(),
        attempts: 1,
        lapse: Lapse::WaitsAgain,
        until_next_take: false,
        state: State::Waiting(now),
    }
}
