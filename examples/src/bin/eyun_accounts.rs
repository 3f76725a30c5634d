//! Keeps two accounts online, says how they are, and writes to all their friends in turn.
//!
//! `cargo xtask mock eyun` in one terminal, `cargo run -p examples --bin eyun_accounts` in another, and
//! `curl 127.0.0.1:8080/health` in a third. What the logins yield is kept in `accounts.json` (`ACCOUNTS`), so that the
//! next start needs no code. What is sent waits in memory here; in a file with `RedbStore`, between servers in Redis.

use generated_sdk::BoxError;
use generated_sdk::broadcast::Broadcast;
use generated_sdk::eyun::Client;
use generated_sdk::eyun::deng_lu::{IPadLogin, IPadLoginProxy};
use generated_sdk::eyun::xiao_xi_fa_song::SendText;
use generated_sdk::store::MemoryStore;
use generated_sdk::supervisor::Supervisor;
use std::sync::Arc;
use std::time::Duration;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), BoxError> {
    let client = Client::builder(examples::gateway());
    let client = client.login("account", "password").await?;
    let again = client.clone();
    let file = std::env::var("ACCOUNTS").unwrap_or_else(|_| "accounts.json".to_owned());
    let supervisor = Supervisor::builder()
        .file(file)
        .every(Duration::from_millis(500)) // a minute will do with a real gateway
        .authorize(move || {
            let client = again.clone();
            async move { client.log_in_again("account", "password").await }
        })
        .on_code(|account, code| println!("{account}: scan {code}"))
        .on_change(|health| {
            let state = health.state.as_str();
            println!("{} is {state} {}", health.account, health.why);
        })
        .start()?;

    let health = supervisor.clone();
    tokio::spawn(async move { health.serve(examples::listen()).await });

    let broadcast = Broadcast::builder("spring");
    let broadcast = broadcast.distance(Duration::from_millis(20), Duration::from_millis(60));
    let broadcast = broadcast.limit(200, Duration::from_secs(24 * 3600));
    let broadcast = broadcast.start(Arc::new(MemoryStore::new()))?;
    for account in ["alice", "bob"] {
        let first = format!("wxid_{account}");
        let login = move |wc_id: Option<&str>| {
            let wc_id = wc_id.unwrap_or(&first);
            IPadLogin::new(wc_id, "ipad", IPadLoginProxy::ShangHai)
        };
        let wx = supervisor.account_by_code(account, &client, login).await?;
        for friend in ["wxid_example01", "filehelper"] {
            let text = SendText::new(friend, format!("{account}：新年快乐"));
            broadcast.add(account, friend, &text).await?;
        }
        while !supervisor.is_online(account) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        broadcast.account(account, &wx)?;
    }
    let progress = broadcast.finished().await?;
    println!(
        "{} sent, {:?} unknown",
        progress.sent.len(),
        progress.unknown
    );

    tokio::signal::ctrl_c().await?;
    Ok(())
}
