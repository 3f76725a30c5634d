//! The stores under test, and how each is opened again.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use generated_sdk::BoxFuture;
use generated_sdk::store::{MemoryStore, RedbStore, RedisStore, Store};

use super::own_store::OwnStore;

/// Where a store is.
pub(super) trait Place: Send {
    fn store(&self) -> &dyn Store;

    /// Another process opens it, when this one has ended in good order.
    fn reopen(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }

    /// Time goes by: for a store that has this process' clock, at once.
    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::advance(time))
    }
}

/// Gone with its process: it is never opened again.
pub(super) struct Memory(MemoryStore);

impl Memory {
    pub(super) fn new() -> Self {
        Self(MemoryStore::new())
    }
}

impl Place for Memory {
    fn store(&self) -> &dyn Store {
        &self.0
    }
}

pub(super) struct Own(OwnStore);

impl Own {
    pub(super) fn new() -> Self {
        Self(OwnStore::default())
    }
}

impl Place for Own {
    fn store(&self) -> &dyn Store {
        &self.0
    }
}

/// A file of this test alone, gone at its end.
pub(super) struct Scratch(pub(super) PathBuf);

impl Scratch {
    pub(super) fn new(name: &str) -> Self {
        let name = format!("store-test-{name}-{}.redb", std::process::id());
        let path = std::env::temp_dir().join(name);
        let _ = std::fs::remove_file(&path);
        Self(path)
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

pub(super) struct File {
    store: RedbStore,
    file: Scratch,
}

impl File {
    pub(super) fn new(name: &str) -> Self {
        let file = Scratch::new(name);
        let store = RedbStore::open(&file.0).expect("a file");
        Self { store, file }
    }
}

impl Place for File {
    fn store(&self) -> &dyn Store {
        &self.store
    }

    fn reopen(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            self.store.close().await;
            self.store = RedbStore::open(&self.file.0).expect("the file");
        })
    }
}

pub(super) struct Redis {
    store: RedisStore,
    prefix: String,
}

static PREFIXES: AtomicUsize = AtomicUsize::new(0);

/// What no test before had.
pub(super) fn prefix() -> String {
    let number = PREFIXES.fetch_add(1, Ordering::Relaxed);
    format!("test:{}:{number}:", std::process::id())
}

pub(super) fn url() -> String {
    std::env::var("TEST_REDIS_URL").expect("TEST_REDIS_URL says where Redis is")
}

impl Redis {
    pub(super) async fn new() -> Self {
        let prefix = prefix();
        let store = Self::open(&prefix).await;
        Self { store, prefix }
    }

    pub(super) async fn open(prefix: &str) -> RedisStore {
        let store = RedisStore::connect(url()).await.expect("Redis is there");
        store.prefix(prefix)
    }
}

impl Place for Redis {
    fn store(&self) -> &dyn Store {
        &self.store
    }

    fn reopen(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async { self.store = Self::open(&self.prefix).await })
    }

    fn wait(&self, time: Duration) -> BoxFuture<'_, ()> {
        Box::pin(tokio::time::sleep(time))
    }
}
