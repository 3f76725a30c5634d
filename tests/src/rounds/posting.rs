//! The vendor's side: connections that post events, and post again what was not acknowledged.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use generated_sdk::eyun::callback::{Callback, Event};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;

/// The last part of every receiver's path.
pub const SECRET: &str = "a-long-random-word";

/// A message as eyun's gateway posts it.
pub fn message(code: impl Into<Value>, data: Value) -> Value {
    json!({"wcId": "wxid_me", "account": "dev", "messageType": code.into(), "data": data})
}

/// A numbered text, to an account, from a friend.
pub fn text(account: &str, friend: &str, id: u64, content: &str) -> String {
    let data = json!({"wId": "w", "newMsgId": id, "fromUser": friend, "toUser": account, "content": content});
    json!({"wcId": account, "account": "dev", "messageType": "60001", "data": data}).to_string()
}

/// One of so many that a hundred friends write.
pub fn of_a_hundred(id: u64) -> String {
    text("wxid_me", &format!("wxid_{}", id % 100), id, "hi")
}

/// The number of a text; 0 if it has none.
pub fn number(callback: &Callback) -> u64 {
    match &callback.event {
        Event::PrivateText(text) => text
            .new_msg_id
            .as_ref()
            .and_then(|id| id.as_scalar().as_u64())
            .unwrap_or(0),
        _ => 0,
    }
}

/// One connection.
pub struct Gateway(pub BufReader<TcpStream>);

impl Gateway {
    /// Connects.
    pub async fn connect(address: SocketAddr) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::new(stream)))
    }

    /// Posts, and returns the status.
    pub async fn post(&mut self, path: &str, headers: &str, body: &[u8]) -> std::io::Result<u16> {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{headers}content-length: {}\r\n\r\n",
            body.len()
        );
        self.0.write_all(&[head.as_bytes(), body].concat()).await?;
        self.status().await
    }

    /// Reads an answer without a body.
    pub async fn status(&mut self) -> std::io::Result<u16> {
        let broken = || std::io::Error::from(std::io::ErrorKind::UnexpectedEof);
        let mut status = None;
        loop {
            let mut line = String::new();
            if self.0.read_line(&mut line).await? == 0 {
                return Err(broken());
            }
            if line == "\r\n" {
                return status.ok_or_else(broken);
            }
            if status.is_none() {
                status = line
                    .split(' ')
                    .nth(1)
                    .and_then(|status| status.parse().ok());
            }
        }
    }
}

/// Where servers are, and how many messages they have acknowledged.
#[derive(Clone)]
pub struct Servers {
    /// A server that is away is none of them.
    pub addresses: Arc<Mutex<Vec<SocketAddr>>>,
    /// How many messages were answered 200.
    pub acknowledged: Arc<AtomicUsize>,
}

impl Servers {
    /// Servers at these addresses.
    pub fn at(addresses: Vec<SocketAddr>) -> Self {
        Self {
            addresses: Arc::new(Mutex::new(addresses)),
            acknowledged: Arc::default(),
        }
    }

    /// How many messages were acknowledged so far.
    pub fn acknowledged(&self) -> usize {
        self.acknowledged.load(Ordering::Relaxed)
    }

    /// Posts messages from 1 to `last` at full speed, each until some server has acknowledged it.
    pub fn post(
        &self,
        last: u64,
        connections: u64,
        body: impl Fn(u64) -> String + Clone + Send + Sync + 'static,
    ) -> JoinSet<()> {
        let mut senders = JoinSet::new();
        for first in 1..=connections {
            let (servers, body) = (self.clone(), body.clone());
            senders.spawn(async move {
                let mut connection: Option<Gateway> = None;
                let (mut id, mut turn) = (first, usize::try_from(first).unwrap_or(0));
                while id <= last {
                    let mut gateway = match connection.take() {
                        Some(gateway) => gateway,
                        None => match servers.connect(&mut turn).await {
                            Some(gateway) => gateway,
                            None => continue,
                        },
                    };
                    let path = format!("/callback/{SECRET}");
                    if let Ok(200) = gateway.post(&path, "", body(id).as_bytes()).await {
                        servers.acknowledged.fetch_add(1, Ordering::Relaxed);
                        connection = Some(gateway);
                        id += connections;
                    }
                }
            });
        }
        senders
    }

    /// A connection to the next server; none a moment later if that is away.
    async fn connect(&self, turn: &mut usize) -> Option<Gateway> {
        let to = {
            let addresses = self.addresses.lock().expect("no panic");
            addresses.get(*turn % addresses.len().max(1)).copied()
        };
        *turn += 1;
        let connected = match to {
            Some(to) => Gateway::connect(to).await.ok(),
            None => None,
        };
        if connected.is_none() {
            sleep(Duration::from_millis(20)).await;
        }
        connected
    }
}
