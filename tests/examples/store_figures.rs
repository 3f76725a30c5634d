//! What the stores cost: time a step, memory a waiting entry, size of a file.
//!
//! ```text
//! cargo run --release -p tests --example store_figures            # memory and a file
//! TEST_REDIS_URL=redis://127.0.0.1:6379 cargo run --release -p tests --example store_figures
//! ```
//!
//! Bounded: ends within a minute. Read ratios, not seconds.

use std::sync::Arc;
use std::time::{Duration, Instant};

use generated_sdk::store::{
    Batch, Entry, Lanes, MemoryStore, RedbStore, RedisStore, Store, Take, Target, Verdict,
};
use tokio::task::JoinSet;

/// Entries that wait, in as many lanes as there are conversations.
const WAITING: usize = 100_000;
const LANES: usize = 1_000;
/// Steps of one entry each.
const STEPS: usize = 2_000;
/// What a callback is like.
const BODY: usize = 500;
const LEASE: Duration = Duration::from_secs(600);

fn entry(number: usize) -> Entry {
    let lane = format!("wxid_{:016}", number % LANES);
    let mut entry = Entry::new("events", lane, "x".repeat(BODY));
    entry.identity = Some(number as u128);
    entry
}

fn batch(fill: impl FnOnce(&mut Batch)) -> Batch {
    let mut batch = Batch::default();
    fill(&mut batch);
    batch
}

/// Resident memory in KiB; 0 where the system does not tell.
fn resident() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or_default()
}

fn take(most: usize) -> Take {
    Take::new("events", Lanes::OneOfEach, most, "server", LEASE)
}

async fn each<F: Future>(what: &str, times: usize, mut work: impl FnMut(usize) -> F) {
    let start = Instant::now();
    for number in 0..times {
        work(number).await;
    }
    let nanoseconds = start.elapsed().as_nanos() / times as u128;
    println!("  {what:<42}{nanoseconds:>12} ns");
}

async fn figures(name: &str, store: Arc<dyn Store>) {
    println!("{name}");
    let nothing = take(1);
    each("a poll, empty", STEPS, async |_| {
        store.take(nothing.clone()).await.expect("a take")
    })
    .await;
    let before = resident();
    each("keeping 1,000 in one step", WAITING / 1000, async |step| {
        let new = (0..1000).map(|n| entry(step * 1000 + n)).collect();
        store.commit(batch(|b| b.new = new)).await.expect("a step")
    })
    .await;
    let grown = resident().saturating_sub(before) * 1024;
    println!(
        "  {:<42}{:>12} bytes",
        "memory a waiting entry",
        grown / WAITING
    );
    each("keeping one", STEPS, async |step| {
        let new = vec![entry(WAITING + step)];
        store.commit(batch(|b| b.new = new)).await.expect("a step")
    })
    .await;
    let mut leases = Vec::new();
    let start = Instant::now();
    while leases.len() < LANES {
        let taken = store.take(take(1)).await.expect("a take").entries;
        leases.extend(taken.into_iter().map(|taken| taken.lease));
    }
    let nanoseconds = start.elapsed().as_nanos() / LANES as u128;
    println!("  {:<42}{nanoseconds:>12} ns", "taking one, 100,000 wait");
    each("a poll, 100,000 wait, nothing is free", STEPS, async |_| {
        store.take(nothing.clone()).await.expect("a take")
    })
    .await;
    each("done, one", LANES, async |at| {
        let verdicts = vec![(Target::Lease(leases[at]), Verdict::Done)];
        store
            .commit(batch(|b| b.verdicts = verdicts))
            .await
            .expect("a step")
    })
    .await;
    at_once(&store).await;
}

/// Many who wait for the disk at once share it.
async fn at_once(store: &Arc<dyn Store>) {
    let start = Instant::now();
    let mut steps = JoinSet::new();
    for step in 0..STEPS {
        let (store, new) = (Arc::clone(store), vec![entry(2 * WAITING + step)]);
        steps.spawn(async move { store.commit(batch(|b| b.new = new)).await.is_ok() });
    }
    assert!(steps.join_all().await.into_iter().all(|kept| kept));
    let nanoseconds = start.elapsed().as_nanos() / STEPS as u128;
    println!("  {:<42}{nanoseconds:>12} ns", "keeping one, 2,000 at once");
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let hold = 2 * WAITING;
    let memory = MemoryStore::new().hold(hold).hold_bytes(hold * BODY);
    figures("memory", Arc::new(memory)).await;
    let path = std::env::temp_dir().join(format!("store-figures-{}.redb", std::process::id()));
    let file = RedbStore::open(&path).expect("a file");
    figures("a file", Arc::new(file.clone())).await;
    file.close().await;
    let size = std::fs::metadata(&path).map_or(0, |file| file.len());
    println!(
        "  {:<42}{:>12} bytes",
        "size an entry",
        size as usize / WAITING
    );
    std::fs::remove_file(&path).expect("the file goes");
    if let Ok(url) = std::env::var("TEST_REDIS_URL") {
        let store = RedisStore::connect(url).await.expect("Redis is there");
        let prefix = format!("figures:{}:", std::process::id());
        figures("Redis", Arc::new(store.prefix(prefix))).await;
    }
}
