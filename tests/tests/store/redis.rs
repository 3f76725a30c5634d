//! What only a store in Redis has: bounds of its own, several servers, and a Redis that is in trouble.

use std::collections::HashSet;
use std::net::SocketAddr;

use generated_sdk::store::RedisStore;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::places::{Redis, prefix, url};
use super::*;

fn entry(lane: &str, identity: u128) -> Entry {
    let mut entry = Entry::new("q", lane, "x");
    entry.identity = Some(identity);
    entry
}

async fn kept(store: &dyn Store, new: Vec<Entry>) -> Vec<Kept> {
    let committed = store.commit(batch(|b| b.new = new)).await;
    committed.expect("a step").kept
}

async fn taken(store: &dyn Store, most: usize) -> Vec<Stored> {
    let take = Take::new("q", Lanes::OneOfEach, most, "server", HOUR);
    store.take(take).await.expect("a take").entries
}

async fn tell(store: &dyn Store, stored: &Stored, verdict: Verdict) {
    let step = batch(|b| b.verdicts = vec![(lease(stored), verdict)]);
    store.commit(step).await.expect("a step");
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn a_queue_has_bounds() {
    let store = Redis::open(&prefix()).await;
    let store = store.hold(2).keep_aside(1).remember(2);
    let new = (1..4).map(|identity| entry("a", identity)).collect();
    let result = kept(&store, new).await;
    assert!(matches!(
        result[..],
        [Kept::New(_), Kept::New(_), Kept::Full]
    ));
    for _ in 0..2 {
        let one = taken(&store, 1).await.remove(0);
        tell(&store, &one, aside()).await;
    }
    let counts = store.counts("q".to_owned()).await.expect("counts");
    assert_eq!((counts.set_aside, counts.forgotten), (1, 1));
    for identity in 4..7 {
        kept(&store, vec![entry("a", identity)]).await;
        let one = taken(&store, 1).await.remove(0);
        tell(&store, &one, Verdict::Done).await;
    }
    let new = (4..7).map(|identity| entry("a", identity)).collect();
    let result = kept(&store, new).await;
    assert!(matches!(
        result[..],
        [Kept::New(_), Kept::Duplicate, Kept::Duplicate]
    ));
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn identities_are_forgotten_with_time() {
    let store = Redis::open(&prefix()).await.remember_for(MOMENT);
    kept(&store, vec![entry("a", 1)]).await;
    let one = taken(&store, 1).await.remove(0);
    tell(&store, &one, Verdict::Done).await;
    tokio::time::sleep(WAIT).await;
    assert!(matches!(
        kept(&store, vec![entry("a", 1)]).await[..],
        [Kept::New(_)]
    ));
}

/// Many at once take, and none gets what another has.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "needs TEST_REDIS_URL"]
async fn servers_share_the_lanes() {
    let prefix = prefix();
    let store = Redis::open(&prefix).await;
    let new = (0..400).map(|number| entry(&format!("lane {}", number % 40), number));
    kept(&store, new.collect()).await;
    let servers = (0..3).map(|_| {
        let prefix = prefix.clone();
        tokio::spawn(async move {
            let store = Redis::open(&prefix).await;
            let mut seen = Vec::new();
            loop {
                let entries = taken(&store, 7).await;
                if entries.is_empty() {
                    let counts = store.counts("q".to_owned()).await.expect("counts");
                    if counts.waiting == 0 {
                        return seen;
                    }
                }
                for stored in entries {
                    tell(&store, &stored, Verdict::Done).await;
                    seen.push((stored.identity, stored.lease.attempt));
                }
            }
        })
    });
    let mut all = Vec::new();
    for server in servers.collect::<Vec<_>>() {
        all.extend(server.await.expect("a server"));
    }
    assert_eq!(all.len(), 400);
    assert!(all.iter().all(|(_, attempt)| *attempt == 1));
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), 400);
}

/// A poll costs as many commands with thousands that wait as with none, and no script is sent whole.
#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn a_poll_is_short_whatever_waits() {
    let store = Redis::open(&prefix()).await;
    let server = Proxy::start().await;
    let polling = RedisStore::connect(format!("redis://{}", server.address)).await;
    let prefix = prefix();
    let polling = polling.expect("Redis is there").prefix(&prefix);
    let waiting = store.prefix(&prefix);
    for _ in 0..5 {
        let new = (0..1000).map(|_| Entry::new("q", "busy", "x".repeat(100)));
        kept(&waiting, new.collect()).await;
    }
    assert_eq!(taken(&waiting, 9).await.len(), 1);
    assert!(taken(&polling, 9).await.is_empty());
    let before = server.bytes();
    for _ in 0..10 {
        assert!(taken(&polling, 9).await.is_empty());
    }
    let each = (server.bytes() - before) / 10;
    assert!(each < 400, "{each} bytes a poll");
}

/// Carries bytes to Redis until it is cut.
struct Proxy {
    address: SocketAddr,
    bytes: std::sync::Arc<std::sync::atomic::AtomicUsize>,
    carrying: tokio::task::JoinHandle<()>,
}

impl Proxy {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let bytes = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let counted = bytes.clone();
        let redis = url();
        let redis = redis
            .trim_start_matches("redis://")
            .trim_end_matches('/')
            .to_owned();
        let carrying = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((client, _)) = listener.accept().await {
                let Ok(server) = TcpStream::connect(&redis).await else {
                    return;
                };
                let (mut from, mut to) = client.into_split();
                let (mut replies, mut requests) = server.into_split();
                let counted = counted.clone();
                connections.spawn(async move {
                    let mut buffer = vec![0; 64 * 1024];
                    while let Ok(many @ 1..) = from.read(&mut buffer).await {
                        counted.fetch_add(many, std::sync::atomic::Ordering::Relaxed);
                        if requests.write_all(&buffer[..many]).await.is_err() {
                            return;
                        }
                    }
                });
                connections.spawn(async move {
                    let _ = tokio::io::copy(&mut replies, &mut to).await;
                });
            }
        });
        Self {
            address,
            bytes,
            carrying,
        }
    }

    fn bytes(&self) -> usize {
        self.bytes.load(std::sync::atomic::Ordering::Relaxed)
    }
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn a_connection_that_is_lost_is_said_to_be() {
    let proxy = Proxy::start().await;
    let store = RedisStore::connect(format!("redis://{}", proxy.address)).await;
    let store = store.expect("Redis is there").prefix(prefix());
    kept(&store, vec![entry("a", 1)]).await;
    proxy.carrying.abort();
    let _ = proxy.carrying.await;
    let error = store.counts("q".to_owned()).await.unwrap_err().to_string();
    assert!(error.contains("cannot be reached"), "{error}");
}

/// The answer of a take is lost: what it leased is taken by another when the lease is over, however often the server
/// renews.
#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn what_was_taken_by_nobody_is_not_renewed() {
    let prefix = prefix();
    let (lost, store) = (Redis::open(&prefix).await, Redis::open(&prefix).await);
    kept(&store, vec![entry("a", 1)]).await;
    let mut take = Take::new("q", Lanes::OneOfEach, 9, "server", MOMENT);
    // As if its answer had not arrived at `store`.
    assert_eq!(
        lost.take(take.clone()).await.expect("a take").entries.len(),
        1
    );
    store
        .renew("server".to_owned(), HOUR)
        .await
        .expect("renewed");
    tokio::time::sleep(WAIT).await;
    take.lease = HOUR;
    let again = store.take(take).await.expect("a take").entries;
    assert_eq!(again[0].lease.attempt, 2);
}

#[tokio::test]
async fn a_redis_that_is_not_there_is_said_not_to_be() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    drop(listener);
    for (url, why) in [
        (format!("redis://{address}"), "cannot be reached"),
        ("nothing".to_owned(), "Redis"),
    ] {
        let error = RedisStore::connect(url).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn trouble_in_redis_is_named_with_its_mend() {
    let prefix = prefix();
    let store = Redis::open(&prefix).await;
    let mut raw = TcpStream::connect(url().trim_start_matches("redis://").trim_end_matches('/'))
        .await
        .expect("Redis is there");
    let mut say = async |words: &str| {
        raw.write_all(format!("{words}\r\n").as_bytes())
            .await
            .expect("said");
        let mut answer = [0; 256];
        let many = raw.read(&mut answer).await.expect("an answer");
        String::from_utf8_lossy(&answer[..many]).into_owned()
    };
    assert!(say(&format!("SET {prefix}V text")).await.starts_with("+OK"));
    let step = batch(|b| b.values = vec![Value::new("a", "b")]);
    let error = store.commit(step).await.unwrap_err().to_string();
    assert!(
        error.contains("WRONGTYPE") && error.contains("`prefix`"),
        "{error}"
    );
}

/// A Redis of a test alone, with little memory.
struct Small(std::process::Child, u16);

impl Small {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let settings = [
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--appendonly",
            "no",
            "--maxmemory",
            "3mb",
        ];
        let child = std::process::Command::new("redis-server")
            .args(settings)
            .args(["--port", &port.to_string()])
            .stdout(std::process::Stdio::null())
            .spawn()
            .expect("redis-server is installed");
        Self(child, port)
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
#[ignore = "needs redis-server"]
async fn a_redis_that_is_full_says_so_and_goes_on_when_there_is_room() {
    let small = Small::start().await;
    let url = format!("redis://127.0.0.1:{}", small.1);
    let mut tries = 0;
    let store = loop {
        match RedisStore::connect(&url).await {
            Ok(store) => break store,
            Err(error) => assert!(tries < 100, "{error}"),
        }
        tries += 1;
        tokio::time::sleep(WAIT).await;
    };
    let large = || vec![Entry::new("q", "lane", "x".repeat(50_000))];
    let mut many = 0;
    let error = loop {
        match store.commit(batch(|b| b.new = large())).await {
            Ok(_) => many += 1,
            Err(error) => break error.to_string(),
        }
        assert!(many < 200);
    };
    assert!(error.contains("maxmemory: raise it"), "{error}");
    let counts = store.counts("q".to_owned()).await.expect("counts");
    assert_eq!(counts.waiting, many);
    // What makes room goes on.
    store
        .renew("server".to_owned(), HOUR)
        .await
        .expect("renewed");
    for _ in 0..many {
        let one = taken(&store, 1).await.remove(0);
        tell(&store, &one, Verdict::Done).await;
    }
    assert!(matches!(kept(&store, large()).await[..], [Kept::New(_)]));
}
