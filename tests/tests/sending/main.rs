//! Broadcasts over every way that calls go: HTTP with JSON and forms, one connection, a program that fetches commands.

mod again;
mod everywhere;
mod killed;
mod shared;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use generated_sdk::broadcast::{Broadcast, BroadcastBuilder, Item, Progress};
use generated_sdk::eyun::xiao_xi_fa_song::SendText;
use generated_sdk::eyun::{Client, Instance};
use generated_sdk::store::{MemoryStore, Store};
use mock_gateway::eyun::Gateway;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(40);

const fn ms(ms: u64) -> Duration {
    Duration::from_millis(ms)
}

fn memory() -> Arc<dyn Store> {
    Arc::new(MemoryStore::new())
}

/// A gateway, and an account on it.
async fn stage() -> (Gateway, Instance) {
    let gateway = Gateway::start().await.expect("a gateway");
    let client = Client::builder(gateway.url()).authorization(gateway.authorization());
    let client = client.build().expect("a client");
    let wx = client.instance(gateway.logged_in());
    (gateway, wx)
}

fn builder(wx: &Instance) -> BroadcastBuilder<Instance> {
    Broadcast::builder("spring")
        .account("alice", wx)
        .distance(ms(1), ms(3))
}

async fn add(broadcast: &Broadcast<Instance>, account: &str, keys: &[&str]) {
    for key in keys {
        let text = SendText::new("wxid_friend", *key);
        let added = broadcast.add(account, *key, &text).await;
        assert!(added.expect("added"), "{key} is new");
    }
}

async fn finished<C: generated_sdk::runtime::Caller>(broadcast: &Broadcast<C>) -> Progress {
    let finished = timeout(PATIENCE, broadcast.finished()).await;
    finished.expect("in time").expect("a store")
}

/// The contents that reached the gateway, in their order.
fn sent(gateway: &Gateway) -> Vec<String> {
    let calls = gateway.calls_of("/sendText");
    let contents = calls.iter().filter_map(|call| call.text("content"));
    contents.collect()
}

fn keys(items: &[Item]) -> Vec<&str> {
    items.iter().map(|item| item.key.as_str()).collect()
}

/// How often each was sent.
fn counts(sent: Vec<String>) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for content in sent {
        *counts.entry(content).or_default() += 1;
    }
    counts
}
