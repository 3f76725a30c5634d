//! Owns what every test here stands on: a gateway, a client, and a receiver where the gateway posts.

use std::net::SocketAddr;
use std::time::Duration;

use generated_sdk::dami::callback::Callback;
use generated_sdk::dami::{Account, Client};
use generated_sdk::server::{Addresses, Delivery, Receiver};
use mock_gateway::Encoding;
use mock_gateway::dami::Gateway;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::timeout;

/// Longer than anything takes.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// A gateway, a client that is logged in to it, and a receiver where it posts.
pub struct Stage {
    pub gateway: Gateway,
    pub client: Client,
    pub wx: Account,
    pub receiver: Receiver<Callback>,
    pub addresses: Addresses<Callback>,
    pub listening: SocketAddr,
    pub told: mpsc::UnboundedReceiver<Delivery<Callback>>,
}

impl Stage {
    pub async fn set(encoding: Encoding, friends: usize) -> Self {
        let builder = Gateway::builder().posts_as(encoding).friends(friends);
        let gateway = builder.account("13800000000", "right").start().await;
        let gateway = gateway.expect("a gateway");
        let client = Client::builder(gateway.url());
        let client = client.login("13800000000", "right").await.expect("a token");
        let (tell, told) = mpsc::unbounded_channel();
        let receiver = Receiver::builder().secret_path("s3cret");
        let receiver = receiver.start(move |delivery| {
            let _ = tell.send(delivery);
            async {}
        });
        let receiver: Receiver<Callback> = receiver.expect("a receiver");
        let listening = serve(&receiver).await;
        let addresses = receiver.addresses(format!("http://{listening}/"));
        Self {
            wx: client.account("wxid_me"),
            gateway,
            client,
            addresses: addresses.expect("addresses"),
            receiver,
            listening,
            told,
        }
    }

    pub async fn next(&mut self) -> Callback {
        let next = timeout(PATIENCE, self.told.recv()).await;
        next.expect("in time").expect("open").callback
    }

    /// Posts to a path and returns the status.
    pub async fn post(&self, path: &str, content_type: &str, body: &str) -> u16 {
        post(self.listening, path, content_type, body).await
    }
}

pub async fn serve(receiver: &Receiver<Callback>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("loopback");
    let address = listener.local_addr().expect("bound");
    let receiver = receiver.clone();
    tokio::spawn(async move { receiver.serve_on(listener).await });
    address
}

/// Posts and returns the status.
pub async fn post(to: SocketAddr, path: &str, content_type: &str, body: &str) -> u16 {
    let answer = exchange(to, path, content_type, "", body).await;
    let status = answer.split(' ').nth(1).unwrap_or_default();
    status.parse().unwrap_or_else(|_| panic!("{answer}"))
}

/// Posts and returns the whole answer.
pub async fn exchange(
    to: SocketAddr,
    path: &str,
    content_type: &str,
    headers: &str,
    body: &str,
) -> String {
    let mut stream = TcpStream::connect(to).await.expect("it listens");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {content_type}\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    // The receiver may have closed the connection already: its answer is what counts.
    let _ = stream.write_all(body.as_bytes()).await;
    let mut answer = String::new();
    let _ = stream.read_to_string(&mut answer).await;
    answer
}

/// What stands behind the host.
pub fn path(url: &str) -> String {
    let host = url.split("//").nth(1).expect("a URL");
    host[host.find('/').expect("a path")..].to_owned()
}
