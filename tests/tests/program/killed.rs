//! A server that is killed while programs are at work, and starts again with the durable queue.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use generated_sdk::server::Delivery;
use generated_sdk::store::RedbStore;
use generated_sdk::wequick::v2::callback::{Callback, Event};
use generated_sdk::wequick::v2::xiao_xi_xiang_guan::SendTextMessage;
use generated_sdk::wequick::v2::{Bots, Hub};
use mock_gateway::program::Program;
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio::time::sleep;

const CHILD: &str = "PROGRAM_TEST_CHILD";
const PROGRAMS: usize = 100;
const EACH: usize = 10;
const LONG: Duration = Duration::from_secs(90);

/// The server of the next test, in a process of its own: this very binary, told so by its environment. Notes every
/// command that it has taken in, and every event that it has handled.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_by_the_next_test() {
    let Some(folder) = std::env::var_os(CHILD).map(PathBuf::from) else {
        return;
    };
    let (events, enqueued) = (log(&folder, "events"), Arc::new(log(&folder, "enqueued")));
    let events = Arc::new(events);
    let store = RedbStore::open(folder.join("store.redb")).expect("a store");
    let hub = Hub::builder()
        .unprotected()
        .batch(1)
        .store(store)
        .receiver(|receiver| receiver.concurrency(8))
        .start(move |delivery: Delivery<Callback>, _: Bots| {
            let events = Arc::clone(&events);
            async move {
                if let Event::TextMessage(message) = delivery.callback.event {
                    note(&events, message.msgid.as_ref().map_or("", |id| id.as_str()));
                }
            }
        })
        .expect("starts");
    // What the one before has taken in is in the queue.
    if !folder.join("full").exists() {
        let mut work = JoinSet::new();
        for n in 0..PROGRAMS {
            let (hub, enqueued) = (hub.clone(), Arc::clone(&enqueued));
            work.spawn(async move {
                for turn in 0..EACH {
                    let message = SendTextMessage::new("wxid_friend", format!("{n}-{turn}"));
                    let id = hub.enqueue(format!("wxid_{n}"), &message).await;
                    note(&enqueued, &format!("{} {n}-{turn}", id.expect("taken in")));
                }
            });
        }
        work.join_all().await;
        fs::write(folder.join("full"), "").expect("a file");
    }
    let port = fs::read_to_string(folder.join("port")).expect("a port");
    let listener = TcpListener::bind(format!("127.0.0.1:{port}"))
        .await
        .expect("the port");
    hub.serve_on(listener).await.expect("serves");
}

fn log(folder: &Path, name: &str) -> fs::File {
    let log = fs::OpenOptions::new()
        .create(true)
        .append(true)
        .open(folder.join(name));
    log.expect("a log")
}

fn note(mut log: &fs::File, line: &str) {
    log.write_all(format!("{line}\n").as_bytes())
        .expect("a line");
}

fn lines(folder: &Folder, name: &str) -> Vec<String> {
    let log = fs::read_to_string(folder.0.join(name)).unwrap_or_default();
    log.lines().map(str::to_owned).collect()
}

/// A folder for the stores.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A process that does not outlive the test.
struct Spawned(Child);

impl Spawned {
    fn start(folder: &Folder) -> Self {
        let child = Command::new(std::env::current_exe().expect("this binary"))
            .args([
                "--exact",
                "killed::a_server_that_is_killed_by_the_next_test",
                "--nocapture",
            ])
            .env(CHILD, &folder.0)
            .stdout(Stdio::null())
            .spawn();
        Self(child.expect("a process"))
    }

    /// SIGKILL: nothing is said, nothing is finished.
    fn kill(&mut self) {
        self.0.kill().expect("SIGKILL");
        self.0.wait().expect("dead");
    }
}

impl Drop for Spawned {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn until(what: &str, condition: impl Fn() -> bool) {
    let begun = Instant::now();
    while !condition() {
        assert!(begun.elapsed() < LONG, "{what}");
        sleep(Duration::from_millis(20)).await;
    }
}

fn executed(programs: &[Program]) -> usize {
    programs
        .iter()
        .map(|program| program.executed().len())
        .sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_and_restarted_nothing_is_lost_and_everything_is_done_at_least_once() {
    let folder =
        Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("program-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).expect("a folder");
    let folder = Folder(folder);
    // Free a moment ago: the server comes back to where the programs look for it.
    let port = std::net::TcpListener::bind("127.0.0.1:0").and_then(|port| port.local_addr());
    let port = port.expect("a port").port();
    fs::write(folder.0.join("port"), port.to_string()).expect("a file");
    let url = format!("http://127.0.0.1:{port}");
    let mut server = Spawned::start(&folder);
    until("the commands are taken in", || {
        folder.0.join("full").exists()
    })
    .await;
    let programs: Vec<Program> = (0..PROGRAMS)
        .map(|n| {
            let program = mock_gateway::wequick::v2::program(&*url)
                .account(format!("wxid_{n}"))
                .process(n.to_string());
            program
                .poll_every(Duration::from_millis(30))
                .start()
                .expect("starts")
        })
        .collect();
    let programs = Arc::new(programs);
    let mut work = JoinSet::new();
    for n in 0..PROGRAMS {
        let programs = Arc::clone(&programs);
        work.spawn(async move {
            for turn in 0..EACH {
                let id = format!("event-{n}-{turn}");
                // Like the vendor's program: what was not taken is posted again.
                while (programs[n].post_with("reportTextMessage", vec![("msgid", json!(id))]))
                    .await
                    .is_err()
                {
                    sleep(Duration::from_millis(20)).await;
                }
                sleep(Duration::from_millis(20)).await;
            }
        });
    }
    until("some are executed", || {
        executed(&programs) >= PROGRAMS * EACH / 4
    })
    .await;
    server.kill();
    let before = executed(&programs);
    assert!(
        before < PROGRAMS * EACH,
        "the kill came too late to prove anything"
    );
    let _server = Spawned::start(&folder);
    tokio::time::timeout(LONG, work.join_all())
        .await
        .expect("every event is taken");
    let enqueued: BTreeMap<String, String> = lines(&folder, "enqueued")
        .iter()
        .filter_map(|line| line.split_once(' '))
        .map(|(id, text)| (id.to_owned(), text.to_owned()))
        .collect();
    assert_eq!(enqueued.len(), PROGRAMS * EACH);
    let done = || -> BTreeSet<(String, String)> {
        let all = programs.iter().flat_map(Program::executed);
        all.map(|done| (done.id.clone(), done.text("text")))
            .collect()
    };
    let expected: BTreeSet<(String, String)> = enqueued.into_iter().collect();
    until("every command is executed, under its own id", || {
        done() == expected
    })
    .await;
    for (n, program) in programs.iter().enumerate() {
        let its_own = |text: String| text.starts_with(&format!("{n}-"));
        assert!(
            program
                .executed()
                .iter()
                .all(|done| its_own(done.text("text")))
        );
    }
    let posted: BTreeSet<String> = (0..PROGRAMS)
        .flat_map(|n| (0..EACH).map(move |turn| format!("event-{n}-{turn}")))
        .collect();
    until("every event is handled", || {
        lines(&folder, "events")
            .into_iter()
            .collect::<BTreeSet<_>>()
            == posted
    })
    .await;
    let mut times = BTreeMap::<String, u64>::new();
    for done in programs.iter().flat_map(Program::executed) {
        *times.entry(done.id).or_default() += 1;
    }
    let repeated = times.values().filter(|times| **times > 1).count() as u64;
    println!("{before} executed before the kill, {repeated} executed again");
    assert!(
        times.values().all(|times| *times <= 2),
        "one crash, one repetition"
    );
    // What had arrived stays with its program, once that is noted: a moment later, or more on a busy machine.
    assert!(repeated < before as u64, "{repeated} again");
}
