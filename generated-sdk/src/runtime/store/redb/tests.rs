use super::RedbStore;
use super::file::STATE;
use crate::runtime::store::{Batch, Entry, Kept, Lanes, Store, Take};
use redb::{Database, TableDefinition};
use std::future::poll_fn;
use std::path::PathBuf;
use std::task::Poll;
use std::time::Duration;

/// A file of this test alone, gone at its end.
struct Scratch(PathBuf);

impl Scratch {
    fn new(name: &str) -> Self {
        let name = format!("store-{name}-{}.redb", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_file(&path);
        Self(path)
    }

    fn refusal(&self) -> String {
        RedbStore::open(&self.0).unwrap_err().to_string()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn take(queue: &str, lanes: Lanes) -> Take {
    Take::new(queue, lanes, 9, "server", Duration::from_secs(60))
}

#[tokio::test]
async fn callbacks_of_an_older_version_are_taken_over() {
    let file = Scratch::new("callbacks");
    let database = Database::create(&file.0).unwrap();
    let transaction = database.begin_write().unwrap();
    {
        let messages = TableDefinition::<u64, &str>::new("messages");
        let mut messages = transaction.open_table(messages).unwrap();
        messages.insert(3, "third").unwrap();
        messages.insert(5, "fifth").unwrap();
        let order = TableDefinition::<u64, u128>::new("order");
        let mut order = transaction.open_table(order).unwrap();
        order.insert(2, 22).unwrap();
        order.insert(3, 33).unwrap();
        let known = TableDefinition::<u128, u64>::new("known");
        transaction
            .open_table(known)
            .unwrap()
            .insert(22, 2)
            .unwrap();
        let meta = TableDefinition::<&str, u64>::new("meta");
        transaction
            .open_table(meta)
            .unwrap()
            .insert("next", 6)
            .unwrap();
    }
    transaction.commit().unwrap();
    drop(database);
    let store = RedbStore::open(&file.0).unwrap();
    let repeated = [22, 33].map(|identity| {
        let mut entry = Entry::new("events", "", "again");
        entry.identity = Some(identity);
        entry
    });
    let batch = Batch {
        new: repeated.into(),
        ..Batch::default()
    };
    let kept = store.commit(batch).await.unwrap().kept;
    assert_eq!(kept, [Kept::Duplicate, Kept::Duplicate]);
    let lanes = Lanes::These(vec![String::new()]);
    let taken = store.take(take("events", lanes)).await.unwrap().entries;
    let bodies: Vec<&str> = taken.iter().map(|taken| &*taken.body).collect();
    assert_eq!(bodies, ["third", "fifth"]);
    assert!(taken.iter().all(|taken| taken.redelivered()));
    store.close().await;
}

#[tokio::test]
async fn commands_of_an_older_version_are_refused_until_they_are_too_old() {
    type Row = (&'static str, &'static str, &'static str, u64, bool);
    let commands = TableDefinition::<u64, Row>::new("commands");
    let file = Scratch::new("commands");
    for (expires, refused) in [(u64::MAX, true), (1, false)] {
        let database = Database::create(&file.0).unwrap();
        let transaction = database.begin_write().unwrap();
        let command = ("ff", "lane", "command", expires, true);
        transaction
            .open_table(commands)
            .unwrap()
            .insert(1, command)
            .unwrap();
        transaction.commit().unwrap();
        drop(database);
        match RedbStore::open(&file.0) {
            Ok(store) => store.close().await,
            Err(error) => assert!(
                refused && error.to_string().contains("older version"),
                "{error}"
            ),
        }
    }
    assert!(RedbStore::open(&file.0).is_ok());
}

#[tokio::test]
async fn a_file_that_is_not_ours_is_refused_by_name() {
    let file = Scratch::new("strange");
    let database = Database::create(&file.0).unwrap();
    let transaction = database.begin_write().unwrap();
    let table = TableDefinition::<u64, u64>::new("invoices");
    transaction.open_table(table).unwrap().insert(1, 1).unwrap();
    transaction.commit().unwrap();
    drop(database);
    let refusal = file.refusal();
    assert!(
        refusal.contains("`invoices`") && refusal.contains("strange"),
        "{refusal}"
    );
}

#[tokio::test]
async fn a_file_of_a_newer_version_is_refused_by_name() {
    let file = Scratch::new("newer");
    RedbStore::open(&file.0).unwrap().close().await;
    let database = Database::create(&file.0).unwrap();
    let transaction = database.begin_write().unwrap();
    transaction
        .open_table(STATE)
        .unwrap()
        .insert("format", 9)
        .unwrap();
    transaction.commit().unwrap();
    drop(database);
    let refusal = file.refusal();
    assert!(
        refusal.contains("format is 9") && refusal.contains("newer"),
        "{refusal}"
    );
}

#[tokio::test]
async fn a_file_that_is_open_is_refused_by_name_and_free_when_closed() {
    let file = Scratch::new("open");
    let store = RedbStore::open(&file.0).unwrap();
    assert!(file.refusal().contains("open already"));
    store.close().await;
    store.close().await;
    let again = RedbStore::open(&file.0).unwrap();
    let closed = store.counts("q".to_owned()).await.unwrap_err();
    assert_eq!(closed.to_string(), super::CLOSED);
    again.close().await;
}

#[tokio::test]
async fn a_take_that_nobody_waits_for_any_more_takes_nothing() {
    let file = Scratch::new("dropped");
    let store = RedbStore::open(&file.0).unwrap();
    let mut batch = Batch::default();
    batch.new.push(Entry::new("q", "lane", "x"));
    store.commit(batch).await.unwrap();
    let (go_on, waits) = std::sync::mpsc::channel::<()>();
    let store = store.limit(move |_| _ = waits.recv());
    let mut begun = store.take(take("q", Lanes::OneOfEach));
    let begins = poll_fn(|context| Poll::Ready(begun.as_mut().poll(context).is_pending()));
    assert!(begins.await);
    drop(begun);
    drop(go_on);
    // It is given back as soon as the thread notices.
    let taken = loop {
        let taken = store.take(take("q", Lanes::OneOfEach)).await.unwrap();
        if !taken.entries.is_empty() {
            break taken;
        }
    };
    assert_eq!(taken.entries[0].lease.attempt, 1);
    store.close().await;
}
