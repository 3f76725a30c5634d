//! One busy account, and somebody else.

use tests::rounds::serving::Folder;
use tests::rounds::starvation::one_busy_account;
use tests::rounds::{in_redis, store};

/// The single message is handled when those that are at work have ended, and each conversation of the busy account has
/// had one turn at the most.
async fn comes_through_at_once(name: &str) {
    for conversations in [1, 100] {
        let store = store(&format!("{name}{conversations}")).await;
        let figures = one_busy_account(store, 10_000, conversations).await;
        println!("{name}, {conversations} conversations: {figures:?}");
        assert!(figures.before <= conversations + 16, "{figures:?}");
    }
}

#[tokio::test]
async fn a_busy_account_starves_nobody_in_memory() {
    comes_through_at_once("memory").await;
}

#[tokio::test]
async fn a_busy_account_starves_nobody_in_a_file() {
    let folder = Folder::new("starving");
    let file = folder.0.join("store.redb");
    comes_through_at_once(&format!("redb:{}", file.display())).await;
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn a_busy_account_starves_nobody_in_redis() {
    comes_through_at_once(&in_redis("starving")).await;
}
