//! Owns what the tests over sockets have in common: a receiver that listens, a gateway that posts, a store's folder.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use generated_sdk::eyun::callback::{Callback, Event};
use generated_sdk::server::{Delivery, Receiver, ReceiverBuilder, RedbStore};
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{sleep, timeout};

pub(super) fn is_typed(callback: &Callback) -> bool {
    !matches!(
        callback.event,
        Event::Unknown { .. } | Event::Unreadable { .. }
    )
}

pub(super) use tests::rounds::posting::{Gateway, SECRET, message, number};

/// A receiver that listens.
pub(super) struct Listening {
    pub(super) receiver: Receiver<Callback>,
    pub(super) address: SocketAddr,
}

impl Listening {
    pub(super) async fn on(receiver: Receiver<Callback>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let serving = receiver.clone();
        tokio::spawn(async move { serving.serve_on(listener).await });
        Self { receiver, address }
    }

    pub(super) async fn post(&self, body: &[u8]) -> u16 {
        self.post_to(&self.receiver.path(), "", body).await
    }

    pub(super) async fn post_to(&self, path: &str, headers: &str, body: &[u8]) -> u16 {
        let mut gateway = Gateway::connect(self.address).await.expect("connects");
        gateway.post(path, headers, body).await.expect("an answer")
    }
}

pub(super) fn builder() -> ReceiverBuilder<Callback> {
    Receiver::builder().secret_path(SECRET)
}

pub(super) fn numbered(id: u64) -> String {
    message(
        "60001",
        json!({"wId": "w", "newMsgId": id, "content": "hi"}),
    )
    .to_string()
}

/// A receiver whose messages come out of a channel.
pub(super) async fn channelled(
    builder: ReceiverBuilder<Callback>,
) -> (Listening, mpsc::UnboundedReceiver<Delivery<Callback>>) {
    let (to, from) = mpsc::unbounded_channel();
    let receiver = builder
        .start(move |delivery| {
            let _ = to.send(delivery);
            async {}
        })
        .expect("starts");
    (Listening::on(receiver).await, from)
}

pub(super) async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), future)
        .await
        .expect("in time")
}

/// Numbers of handled messages, and whether each was marked.
pub(super) type Handled = Arc<Mutex<Vec<(u64, bool)>>>;

/// A handler that waits until it is let through.
pub(super) fn gated(
    builder: ReceiverBuilder<Callback>,
    gate: &Arc<Semaphore>,
) -> (Receiver<Callback>, Handled) {
    let handled = Arc::new(Mutex::new(Vec::new()));
    let (gate, list) = (Arc::clone(gate), Arc::clone(&handled));
    let receiver = builder.start(move |delivery: Delivery<Callback>| {
        let (gate, list) = (Arc::clone(&gate), Arc::clone(&list));
        async move {
            gate.acquire().await.expect("open").forget();
            let entry = (number(&delivery.callback), delivery.redelivered);
            list.lock().expect("no panic").push(entry);
        }
    });
    (receiver.expect("starts"), handled)
}

pub(super) async fn until(what: &str, condition: impl Fn() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(40), "{what}");
        sleep(Duration::from_millis(5)).await;
    }
}

/// Nobody listens there any more.
pub(super) async fn until_refused(address: SocketAddr) {
    while TcpStream::connect(address).await.is_ok() {
        sleep(Duration::from_millis(10)).await;
    }
}

/// A folder for a store.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"))
            .join(format!("callbacks-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder");
        Self(folder)
    }

    pub(super) fn store(&self) -> RedbStore {
        RedbStore::open(self.0.join("store.redb")).expect("a store")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
