//! Owns what shows that a bot cannot get stuck, as figures: tests assert on them, the program `rounds` prints them.
//!
//! `cargo run -p tests --release --bin rounds -- poison`, `starvation`, `kills`, `polling` or `servers`. Each is bounded.

pub mod kills;
pub mod poison;
pub mod polling;
pub mod posting;
pub mod serving;
pub mod starvation;

use std::sync::Arc;
use std::time::{Duration, Instant};

use generated_sdk::store::{MemoryStore, RedbStore, RedisStore, Store};
use tokio::time::sleep;

/// Where a Redis is that may be written into.
pub const REDIS: &str = "TEST_REDIS_URL";

/// Longer than anything takes.
pub const LONG: Duration = Duration::from_secs(120);

/// A store by its name: `memory`, `redb:` and a file, or `redis:` and what its keys begin with.
pub async fn store(name: &str) -> Arc<dyn Store> {
    match name.split_once(':') {
        Some(("redb", file)) => Arc::new(RedbStore::open(file).expect("a store")),
        Some(("redis", prefix)) => {
            let url = std::env::var(REDIS).expect("TEST_REDIS_URL says where Redis is");
            let store = RedisStore::connect(url).await.expect("Redis is there");
            Arc::new(store.prefix(format!("{prefix}:")))
        }
        _ => Arc::new(MemoryStore::new()),
    }
}

/// A name of a store in Redis that nobody else uses.
pub fn in_redis(what: &str) -> String {
    format!("redis:rounds:{what}:{}", std::process::id())
}

/// Waits until something holds.
pub async fn until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < LONG, "{what}");
        sleep(Duration::from_millis(5)).await;
    }
}
