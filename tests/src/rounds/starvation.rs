//! One account for which ten thousand messages wait, and another one's single message.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use generated_sdk::eyun::callback::Callback;
use generated_sdk::server::{Delivery, Receiver};
use generated_sdk::store::Store;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use super::posting::{SECRET, Servers, number, text};
use super::until;

/// What was counted.
#[derive(Debug)]
pub struct Figures {
    /// How many messages waited when the single one came.
    pub waiting: u64,
    /// How many of those were handled before it.
    pub before: u64,
    /// From the acknowledgement of the single message to its handler.
    pub took: Duration,
}

/// So many messages of one account wait in so many conversations; then the single one of another comes.
pub async fn one_busy_account(store: Arc<dyn Store>, waiting: u64, conversations: u64) -> Figures {
    let gate = Arc::new(Semaphore::new(0));
    let handled = Arc::new(AtomicU64::new(0));
    let single: Arc<OnceLock<(u64, Instant)>> = Arc::default();
    let (open, count, seen) = (Arc::clone(&gate), Arc::clone(&handled), Arc::clone(&single));
    let receiver = Receiver::builder()
        .secret_path(SECRET)
        .shared_store(store)
        .concurrency(8)
        .start(move |delivery: Delivery<Callback>| {
            let (gate, count, seen) = (Arc::clone(&gate), Arc::clone(&count), Arc::clone(&seen));
            async move {
                if number(&delivery.callback) == u64::from(u32::MAX) {
                    let _ = seen.set((count.load(Ordering::SeqCst), Instant::now()));
                    return;
                }
                let _passes = gate.acquire().await.expect("open");
                count.fetch_add(1, Ordering::SeqCst);
            }
        })
        .expect("starts");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let servers = Servers::at(vec![listener.local_addr().expect("bound")]);
    let serving = receiver.clone();
    tokio::spawn(async move { serving.serve_on(listener).await });
    let busy = move |id: u64| {
        let friend = format!("wxid_{}", id % conversations);
        text("wxid_busy", &friend, id, "hi")
    };
    servers.post(waiting, 32, busy).join_all().await;
    let lonely = |_| text("wxid_other", "wxid_friend", u64::from(u32::MAX), "hi");
    servers.post(1, 1, lonely).join_all().await;
    let kept = Instant::now();
    // From here on, all go through.
    open.add_permits(1 << 20);
    until("the single message is handled", || single.get().is_some()).await;
    let (before, at) = *single.get().expect("it was handled");
    receiver.shutdown(Duration::from_secs(1)).await;
    Figures {
        waiting,
        before,
        took: at.saturating_duration_since(kept),
    }
}
