//! Figures of what a bot survives: `cargo run -p tests --release --bin rounds -- poison|starvation|kills|polling|servers`.
//!
//! `servers` needs a Redis that it may write into, and the others use it where it is: `TEST_REDIS_URL`.

use std::process::{Command, ExitCode};

use tests::rounds::serving::{Folder, served};
use tests::rounds::{REDIS, in_redis, kills, poison, polling, starvation, store};

fn this_program() -> Command {
    Command::new(std::env::current_exe().expect("this program"))
}

fn stores(folder: &Folder) -> Vec<String> {
    let file = folder.0.join("store.redb");
    let mut stores = vec!["memory".to_owned(), format!("redb:{}", file.display())];
    stores.extend(std::env::var_os(REDIS).map(|_| in_redis("program")));
    stores
}

#[tokio::main]
async fn main() -> ExitCode {
    if served().await || polling::polled().await {
        return ExitCode::SUCCESS;
    }
    let folder = Folder::new("program");
    match std::env::args().nth(1).as_deref() {
        Some("poison") => {
            for name in stores(&folder) {
                let figures = poison::every_tenth(store(&name).await, 1000).await;
                println!("{}: {figures:?}", kind(&name));
            }
        }
        Some("starvation") => {
            for name in stores(&folder) {
                for conversations in [1, 100] {
                    let store = store(&format!("{name}{conversations}")).await;
                    let figures = starvation::one_busy_account(store, 10_000, conversations).await;
                    println!(
                        "{}, {conversations} conversations: {figures:?}",
                        kind(&name)
                    );
                }
            }
        }
        Some("kills") => {
            let figures = kills::one_after_the_other(this_program, 20, 10_000).await;
            println!("20 kills: {figures:?}");
        }
        Some("polling") => {
            let figures = polling::one_bot(this_program, 10, 10_000).await;
            println!("10 kills: {figures:?}");
        }
        Some("servers") if std::env::var_os(REDIS).is_some() => {
            let kept = in_redis("servers");
            let figures = kills::one_of_three(this_program, &kept, 10_000).await;
            println!("three servers, one killed: {figures:?}");
        }
        _ => {
            eprintln!("rounds poison|starvation|kills|polling|servers; servers needs {REDIS}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn kind(name: &str) -> &str {
    name.split(':').next().unwrap_or(name)
}
