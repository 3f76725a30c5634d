//! Servers that are killed with -9 while messages come: one after the other on one file, or one of three on one Redis.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::posting::{Servers, of_a_hundred};
use super::serving::{Folder, Noted, Server, noted};
use super::{LONG, until};

/// What was counted.
#[derive(Debug, Default)]
pub struct Figures {
    /// Messages that were acknowledged.
    pub acknowledged: usize,
    /// Acknowledged messages that no handler ever began.
    pub lost: Vec<u64>,
    /// Messages that a handler began more than once.
    pub repeated: usize,
    /// Repetitions that were not marked.
    pub unmarked: usize,
    /// Messages of one conversation that began while another of it was being handled.
    pub overlapping: usize,
    /// From the first message to the last one that was handled.
    pub took: Duration,
}

/// One server on a file, killed so often, while so many messages come.
pub async fn one_after_the_other(program: fn() -> Command, rounds: u64, messages: u64) -> Figures {
    let folder = Folder::new("kills");
    let kept = format!("redb:{}", folder.0.join("store.redb").display());
    let start = Instant::now();
    let mut server = Server::start(program(), &kept, &folder.0, "server").await;
    let servers = Servers::at(vec![server.address]);
    let senders = servers.post(messages, 64, of_a_hundred);
    let mut killed = Vec::new();
    for round in 1..=rounds {
        let enough = usize::try_from(messages * round / (rounds + 1)).unwrap_or(usize::MAX);
        until("messages are acknowledged", || {
            servers.acknowledged() >= enough
        })
        .await;
        server.kill();
        killed.push(now());
        server = Server::start(program(), &kept, &folder.0, "server").await;
        *servers.addresses.lock().expect("no panic") = vec![server.address];
    }
    senders.join_all().await;
    let log = || noted(&folder.0, "server");
    handled(messages, &log).await;
    let took = start.elapsed();
    fs::write(folder.0.join("stop"), "").expect("a file");
    assert!(server.ended_well(), "a graceful end");
    let mut figures = figures(messages, vec![(log(), killed)]);
    figures.acknowledged = servers.acknowledged();
    figures.took = took;
    figures
}

/// Three servers that share a store, of which one is killed in the middle.
pub async fn one_of_three(program: fn() -> Command, kept: &str, messages: u64) -> Figures {
    let folder = Folder::new("servers");
    let start = Instant::now();
    let names = ["a", "b", "c"];
    let mut three = Vec::new();
    for name in names {
        three.push(Server::start(program(), kept, &folder.0, name).await);
    }
    let servers = Servers::at(three.iter().map(|server| server.address).collect());
    let senders = servers.post(messages, 64, of_a_hundred);
    let half = usize::try_from(messages / 2).unwrap_or(usize::MAX);
    until("half are acknowledged", || servers.acknowledged() >= half).await;
    three[0].kill();
    let killed = now();
    servers.addresses.lock().expect("no panic").remove(0);
    senders.join_all().await;
    let log = || {
        names
            .iter()
            .flat_map(|name| noted(&folder.0, name))
            .collect()
    };
    handled(messages, &log).await;
    let took = start.elapsed();
    fs::write(folder.0.join("stop"), "").expect("a file");
    for server in &mut three[1..] {
        assert!(server.ended_well(), "a graceful end");
    }
    let logs = names.iter().map(|name| noted(&folder.0, name));
    let killed = [vec![killed], Vec::new(), Vec::new()];
    let mut figures = figures(messages, logs.zip(killed).collect());
    figures.acknowledged = servers.acknowledged();
    figures.took = took;
    figures
}

fn now() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::SystemTime::UNIX_EPOCH);
    u64::try_from(now.unwrap_or_default().as_micros()).unwrap_or(u64::MAX)
}

/// Waits until every message was handled; what never is shows in the figures.
async fn handled(messages: u64, log: &dyn Fn() -> Vec<Noted>) {
    let start = Instant::now();
    let mut ended = Vec::new();
    while ended.len() as u64 != messages && start.elapsed() < LONG {
        sleep(Duration::from_millis(200)).await;
        ended = log()
            .iter()
            .filter(|noted| noted.end)
            .map(|noted| noted.id)
            .collect();
        ended.sort_unstable();
        ended.dedup();
    }
}

/// What the logs say, each with the times at which its server was killed.
fn figures(messages: u64, logs: Vec<(Vec<Noted>, Vec<u64>)>) -> Figures {
    // From when to when each was being handled; a kill ends what it cut off.
    let mut handled: Vec<(u64, u64, Noted)> = Vec::new();
    for (log, killed) in logs {
        let mut begun: BTreeMap<u64, Noted> = BTreeMap::new();
        for noted in log {
            if noted.end {
                let begin = begun.remove(&noted.id).expect("it was begun");
                handled.push((begin.at, noted.at, begin));
            } else if let Some(cut) = begun.insert(noted.id, noted) {
                handled.push((cut.at, cut_off(&killed, cut.at), cut));
            }
        }
        let cut = begun.into_values();
        handled.extend(cut.map(|cut| (cut.at, cut_off(&killed, cut.at), cut)));
    }
    handled.sort();
    let mut times: BTreeMap<u64, usize> = BTreeMap::new();
    let mut until: BTreeMap<&str, u64> = BTreeMap::new();
    let mut figures = Figures::default();
    for (begin, end, noted) in &handled {
        let times = times.entry(noted.id).or_default();
        figures.unmarked += usize::from(*times > 0 && !noted.redelivered);
        *times += 1;
        let busy = until.entry(&noted.from).or_default();
        figures.overlapping += usize::from(begin < busy);
        *busy = (*busy).max(*end);
    }
    figures.lost = (1..=messages)
        .filter(|id| !times.contains_key(id))
        .collect();
    figures.repeated = times.values().filter(|times| **times > 1).count();
    figures
}

fn cut_off(killed: &[u64], begun: u64) -> u64 {
    let mut after = killed.iter().filter(|killed| **killed >= begun);
    after.next().copied().unwrap_or(u64::MAX)
}
