//! What a file knows after its process was killed.

use std::process::{Command, Stdio};

use generated_sdk::store::{Lapse, RedbStore};

use super::places::Scratch;
use super::*;

const FILE: &str = "STORE_TEST_FILE";
const WHAT: &str = "STORE_TEST_WHAT";

/// The process of the next tests: this very binary, told so by its environment. Dies in the middle of its work.
#[tokio::test]
async fn a_process_that_is_killed_by_the_next_tests() {
    let (Some(file), Ok(what)) = (std::env::var_os(FILE), std::env::var(WHAT)) else {
        return;
    };
    let store = RedbStore::open(file).expect("a file");
    if what == "everything" {
        everything(&store).await;
    } else {
        if what == "fresh" {
            let new = vec![Entry::new("q", "lane", "x")];
            store.commit(batch(|b| b.new = new)).await.expect("kept");
        }
        let take = Take::new("q", Lanes::OneOfEach, 9, "server", HOUR);
        let taken = store.take(take).await.expect("a take").entries;
        assert_eq!(taken.len(), 1);
    }
    std::process::abort();
}

/// Four entries: leased, leased at most once, given, set aside.
async fn everything(store: &dyn Store) {
    let lanes = ["leased", "once", "given", "aside"];
    let new = (1..).zip(lanes).map(|(identity, lane)| {
        let mut entry = Entry::new("q", lane, lane);
        entry.identity = Some(identity);
        if lane == "once" {
            entry.lapse = Lapse::SetAside;
        }
        entry
    });
    let new = new.collect();
    let kept = store.commit(batch(|b| b.new = new)).await;
    assert_eq!(kept.expect("kept").kept.len(), 4);
    let mut take = Take::new("q", Lanes::OneOfEach, 9, "server", HOUR);
    take.holders = vec!["program".to_owned()];
    let taken = store.take(take).await.expect("a take").entries;
    let target = |at: usize| Target::Lease(taken[at].lease);
    let step = batch(|b| {
        b.verdicts = vec![(target(2), Verdict::Given), (target(3), aside())];
        b.values = vec![Value::new("cursor", "7")];
    });
    store.commit(step).await.expect("a step");
}

fn killed(file: &Scratch, what: &str) {
    let status = Command::new(std::env::current_exe().expect("this binary"))
        .args([
            "--exact",
            "killed::a_process_that_is_killed_by_the_next_tests",
        ])
        .env(FILE, &file.0)
        .env(WHAT, what)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    assert!(!status.expect("a process").success());
}

#[tokio::test]
async fn leases_of_a_killed_process_are_void_and_those_of_holders_go_on() {
    let file = Scratch::new("killed");
    killed(&file, "everything");
    let store = RedbStore::open(&file.0).expect("the file");
    let counts = store.counts("q".to_owned()).await.expect("counts");
    assert_eq!((counts.waiting, counts.leased, counts.set_aside), (1, 1, 2));
    let values = store.values("cursor".to_owned()).await.expect("values");
    assert_eq!(values, [("cursor".to_owned(), "7".to_owned())]);
    let taken = store.take(Take::new("q", Lanes::OneOfEach, 9, "server", HOUR));
    let taken = taken.await.expect("a take").entries;
    assert_eq!(taken.len(), 1);
    assert!(taken[0].redelivered() && taken[0].body == "leased");
    let aside = store.set_aside("q".to_owned(), 0, 9).await.expect("a list");
    let aside: Vec<_> = aside
        .iter()
        .map(|s| (&*s.body, s.reason.is_empty()))
        .collect();
    assert_eq!(aside, [("once", false), ("aside", false)]);
    let given = (Target::Identity("q".to_owned(), 3), Verdict::Done);
    let step = batch(|b| b.verdicts = vec![given]);
    assert_eq!(store.commit(step).await.expect("a step").applied, [yes("")]);
    store.close().await;
}

#[tokio::test]
async fn what_a_killed_process_may_have_had_stays_marked() {
    let file = Scratch::new("marked");
    killed(&file, "fresh");
    // One that takes nothing comes and goes in between.
    RedbStore::open(&file.0).expect("the file").close().await;
    let store = RedbStore::open(&file.0).expect("the file");
    let taken = store.take(Take::new("q", Lanes::OneOfEach, 9, "server", HOUR));
    let taken = taken.await.expect("a take").entries;
    assert!(taken[0].redelivered());
    store.close().await;
}

#[tokio::test]
async fn what_kills_every_process_that_takes_it_is_known_for_it() {
    let file = Scratch::new("killer");
    let store = RedbStore::open(&file.0).expect("a file");
    let new = vec![Entry::new("q", "lane", "poison")];
    store.commit(batch(|b| b.new = new)).await.expect("kept");
    store.close().await;
    for _ in 0..4 {
        killed(&file, "take");
    }
    let store = RedbStore::open(&file.0).expect("the file");
    let taken = store.take(Take::new("q", Lanes::OneOfEach, 9, "server", HOUR));
    let taken = taken.await.expect("a take").entries;
    assert_eq!(taken[0].lease.attempt, 5);
    store.close().await;
}
