//! Accounts that drop at random, and how long it takes until they are online again; prints figures.
//!
//! `cargo run --release -p tests --bin accounts -- [ACCOUNTS] [DROPS] [SEED]`: 20 accounts and 200 drops unless said
//! otherwise. An account counts as back when a text of it is sent. Nobody scans a second code, or it ends with an error.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use generated_sdk::BoxError;
use generated_sdk::eyun::Client;
use generated_sdk::eyun::deng_lu::{IPadLogin, IPadLoginProxy};
use generated_sdk::eyun::wei_xin_guan_li::Offline;
use generated_sdk::eyun::xiao_xi_fa_song::SendText;
use generated_sdk::supervisor::Supervisor;
use mock_gateway::eyun::Gateway;
use tokio::time::sleep;

/// How often the supervisor asks.
const EVERY: Duration = Duration::from_millis(50);

#[tokio::main]
async fn main() -> Result<(), BoxError> {
    let mut numbers = std::env::args().skip(1).map(|text| text.parse::<usize>());
    let mut number = |otherwise| numbers.next().unwrap_or(Ok(otherwise));
    let (accounts, drops, mut seed) = (number(20)?.max(1), number(200)?, number(7)? as u64 | 1);
    let gateway = Gateway::builder().login_takes(Duration::from_millis(5));
    let gateway = gateway.start().await?;
    let client = Client::builder(gateway.url())
        .login("account", "password")
        .await?;
    let codes = Arc::new(AtomicUsize::new(0));
    let shown = Arc::clone(&codes);
    let supervisor = Supervisor::builder()
        .every(EVERY)
        .on_code(move |_, _| _ = shown.fetch_add(1, Ordering::Relaxed))
        .start()?;
    let mut watched = Vec::new();
    for n in 0..accounts {
        let wc_id = format!("wxid_{n}");
        let login = move |known: Option<&str>| {
            IPadLogin::new(known.unwrap_or(&wc_id), "ipad", IPadLoginProxy::ShangHai)
        };
        watched.push(
            supervisor
                .account_by_code(n.to_string(), &client, login)
                .await?,
        );
    }
    while !(0..accounts).all(|n| supervisor.is_online(&n.to_string())) {
        sleep(EVERY).await;
    }
    let mut took = Vec::new();
    for _ in 0..drops {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        let at = usize::try_from(seed % accounts as u64)?;
        let gone = Offline::new("account", [format!("wxid_{at}")]);
        client.wei_xin_guan_li().offline(gone).await?;
        let begun = Instant::now();
        let text = || SendText::new("filehelper", "x");
        while watched[at]
            .xiao_xi_fa_song()
            .send_text(text())
            .await
            .is_err()
        {
            sleep(Duration::from_millis(2)).await;
        }
        took.push(begun.elapsed());
    }
    took.sort();
    let codes = codes.load(Ordering::Relaxed);
    println!("{accounts} accounts, {drops} drops, asked every {EVERY:?}");
    println!(
        "back after {:?} (median), {:?} (longest); {codes} codes were shown",
        took.get(took.len() / 2).copied().unwrap_or_default(),
        took.last().copied().unwrap_or_default()
    );
    match codes == accounts {
        true => Ok(()),
        false => Err("a person had to scan again".into()),
    }
}
