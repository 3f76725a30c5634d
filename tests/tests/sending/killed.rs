//! A program that is killed in the middle of a broadcast, again and again: the file says what became of each send.

use std::process::{Child, Command, Stdio};

use generated_sdk::store::RedbStore;
use tokio::time::sleep;

use super::*;

const FILE: &str = "BROADCAST_TEST_FILE";
const GATEWAY: &str = "BROADCAST_TEST_GATEWAY";
const AUTHORIZATION: &str = "BROADCAST_TEST_AUTHORIZATION";
const INSTANCE: &str = "BROADCAST_TEST_INSTANCE";

const SENDS: usize = 60;
const KILLS: usize = 6;

fn requests() -> impl Iterator<Item = (String, SendText)> {
    let numbers = (0..SENDS).map(|n| n.to_string());
    numbers.map(|n| (n.clone(), SendText::new("wxid_friend", n)))
}

/// The program of the next test: this very binary, told so by its environment. It adds everything anew at each start.
#[tokio::test]
async fn a_program_that_is_killed_by_the_next_test() {
    let told = |name| std::env::var(name).ok();
    let (Some(file), Some(url), Some(authorization), Some(instance)) = (
        told(FILE),
        told(GATEWAY),
        told(AUTHORIZATION),
        told(INSTANCE),
    ) else {
        return;
    };
    let client = Client::builder(url).authorization(authorization);
    let wx = client.build().expect("a client").instance(instance);
    let store = Arc::new(RedbStore::open(file).expect("a file"));
    let broadcast = builder(&wx).sends::<SendText>();
    let broadcast = broadcast.start(store).expect("starts");
    broadcast.add_all("alice", requests()).await.expect("kept");
    let _ = broadcast.finished().await;
}

fn program(file: &str, url: &str, authorization: &str, instance: &str) -> Child {
    Command::new(std::env::current_exe().expect("this binary"))
        .args([
            "--exact",
            "killed::a_program_that_is_killed_by_the_next_test",
        ])
        .env(FILE, file)
        .env(GATEWAY, url)
        .env(AUTHORIZATION, authorization)
        .env(INSTANCE, instance)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("this binary runs")
}

#[tokio::test]
async fn nothing_is_sent_twice_and_nothing_is_lost_over_kills() {
    let folder = std::path::Path::new(env!("CARGO_TARGET_TMPDIR"));
    let file = folder.join(format!("broadcast-{}.redb", std::process::id()));
    let path = file.to_str().expect("a path in Unicode");
    let gateway = Gateway::start().await.expect("a gateway");
    let (url, instance) = (gateway.url(), gateway.logged_in());
    let authorization = gateway.authorization();
    for kill in 1..=KILLS {
        let mut program = program(path, &url, &authorization, &instance);
        let enough = async {
            while sent(&gateway).len() < kill * SENDS / (2 * KILLS) {
                sleep(ms(1)).await;
            }
        };
        timeout(PATIENCE, enough).await.expect("it sends");
        program.kill().expect("killed");
        program.wait().expect("it is gone");
    }
    let client = Client::builder(url).authorization(authorization);
    let wx = client.build().expect("a client").instance(instance);
    let store = Arc::new(RedbStore::open(&file).expect("a file"));
    let broadcast = builder(&wx).sends::<SendText>().start(store);
    let broadcast = broadcast.expect("starts");
    let progress = finished(&broadcast).await;
    broadcast.stop().await;
    let _ = std::fs::remove_file(&file);
    let times = counts(sent(&gateway));
    assert!(times.values().all(|times| *times == 1), "{times:?}");
    // What was under way at a kill is listed, and nothing else is missing.
    assert!(progress.unknown.len() <= KILLS, "{:?}", progress.unknown);
    assert_eq!(progress.sent.len() + progress.unknown.len(), SENDS);
    assert!(progress.refused.is_empty() && progress.waiting.is_empty());
    for key in keys(&progress.sent) {
        assert!(times.contains_key(key), "{key} is said to be sent");
    }
}
