//! Nothing that was acknowledged is lost by a process that dies.

use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use generated_sdk::eyun::callback::Callback;
use generated_sdk::server::{Delivery, RedbStore};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};

use super::listening::*;

const CHILD: &str = "CALLBACKS_TEST_CHILD";
const MESSAGES: u64 = 10_000;
const CONNECTIONS: u64 = 64;

/// The server of the next test, in a process of its own: this very binary, told so by its environment. Notes every
/// message that its slow handler begins.
#[tokio::test]
async fn a_server_that_is_killed_by_the_next_test() {
    let Some(folder) = std::env::var_os(CHILD).map(PathBuf::from) else {
        return;
    };
    let log = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join("log"))
        .expect("a log");
    let log = Arc::new(log);
    let store = RedbStore::open(folder.join("store.redb")).expect("a store");
    let receiver = builder()
        .concurrency(8)
        .store(store)
        .start(move |delivery: Delivery<Callback>| {
            let log = Arc::clone(&log);
            async move {
                let line = format!("{} {}\n", number(&delivery.callback), delivery.redelivered);
                std::io::Write::write_all(&mut &*log, line.as_bytes()).expect("a line");
                sleep(Duration::from_millis(2)).await;
            }
        })
        .expect("starts");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address").to_string();
    fs::write(folder.join("address.new"), address).expect("an address");
    fs::rename(folder.join("address.new"), folder.join("address")).expect("an address");
    let stop = folder.join("stop");
    let stopped = receiver.clone();
    tokio::spawn(async move {
        while !stop.exists() {
            sleep(Duration::from_millis(20)).await;
        }
        stopped.shutdown(Duration::from_secs(10)).await;
    });
    receiver.serve_on(listener).await.expect("serves");
    receiver.shutdown(Duration::from_secs(10)).await;
}

/// A process that does not outlive the test.
struct Spawned(Child);

impl Drop for Spawned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn spawned(folder: &Folder) -> (Spawned, SocketAddr) {
    let _ = fs::remove_file(folder.0.join("address"));
    let child = Command::new(std::env::current_exe().expect("this binary"))
        .args([
            "--exact",
            "killed::a_server_that_is_killed_by_the_next_test",
            "--nocapture",
        ])
        .env(CHILD, &folder.0)
        .stdout(Stdio::null())
        .spawn()
        .expect("a process");
    let child = Spawned(child);
    let file = folder.0.join("address");
    until("the server listens", || file.exists()).await;
    let address = fs::read_to_string(file).expect("an address");
    (child, address.parse().expect("an address"))
}

fn log_lines(folder: &Folder) -> Vec<(u64, bool)> {
    let log = fs::read_to_string(folder.0.join("log")).unwrap_or_default();
    log.lines()
        .filter_map(|line| {
            let (id, redelivered) = line.split_once(' ')?;
            Some((id.parse().ok()?, redelivered.parse().ok()?))
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_that_was_acknowledged_is_lost_when_the_process_is_killed() {
    let folder = Folder::new("killed");
    let (mut child, address) = spawned(&folder).await;
    let address = Arc::new(Mutex::new(address));
    let acknowledged = Arc::new(AtomicUsize::new(0));
    // At full speed over many connections; like the gateway, each repeats what was not acknowledged.
    let path = format!("/callback/{SECRET}");
    let mut senders = Vec::new();
    for first in 1..=CONNECTIONS {
        let (address, acknowledged, path) = (
            Arc::clone(&address),
            Arc::clone(&acknowledged),
            path.clone(),
        );
        senders.push(tokio::spawn(async move {
            let mut connection: Option<Gateway> = None;
            let mut id = first;
            while id <= MESSAGES {
                let to = *address.lock().expect("no panic");
                let mut gateway = match connection.take() {
                    Some(gateway) => gateway,
                    None => match Gateway::connect(to).await {
                        Ok(gateway) => gateway,
                        Err(_) => {
                            sleep(Duration::from_millis(20)).await;
                            continue;
                        }
                    },
                };
                if let Ok(200) = gateway.post(&path, "", numbered(id).as_bytes()).await {
                    acknowledged.fetch_add(1, Ordering::Relaxed);
                    connection = Some(gateway);
                    id += CONNECTIONS;
                }
            }
        }));
    }
    until("half are acknowledged", || {
        acknowledged.load(Ordering::Relaxed) >= 4_000
    })
    .await;
    child.0.kill().expect("SIGKILL");
    child.0.wait().expect("dead");
    let before = log_lines(&folder).len();
    let (mut child, second) = spawned(&folder).await;
    *address.lock().expect("no panic") = second;
    for sender in senders {
        timeout(Duration::from_secs(60), sender)
            .await
            .expect("in time")
            .expect("no panic");
    }
    assert_eq!(acknowledged.load(Ordering::Relaxed) as u64, MESSAGES);
    let all = || {
        let seen: BTreeSet<u64> = log_lines(&folder).into_iter().map(|(id, _)| id).collect();
        seen.len() as u64 == MESSAGES
    };
    let start = Instant::now();
    while !all() && start.elapsed() < Duration::from_secs(40) {
        sleep(Duration::from_millis(100)).await;
    }
    fs::write(folder.0.join("stop"), "").expect("a file");
    assert!(child.0.wait().expect("ends").success(), "a graceful end");
    let lines = log_lines(&folder);
    let mut seen: HashMap<u64, u32> = HashMap::new();
    for (id, redelivered) in &lines {
        let times = seen.entry(*id).or_default();
        assert!(*times == 0 || *redelivered, "{id} came again, unmarked");
        *times += 1;
    }
    let lost: Vec<u64> = (1..=MESSAGES).filter(|id| !seen.contains_key(id)).collect();
    assert!(
        lost.is_empty(),
        "{} lost: {:?}…",
        lost.len(),
        lost.get(..lost.len().min(10))
    );
    let repeated = seen.values().filter(|times| **times > 1).count();
    let marked = lines.iter().filter(|(_, redelivered)| *redelivered).count();
    println!(
        "{before} before the kill, {} lines, {marked} marked, {repeated} repeated",
        lines.len()
    );
    assert!(marked > 0, "the kill left something");
    assert!(
        repeated < 500,
        "only what was on its way when the process died comes again"
    );
}
