//! Slow heads: connections that drip header lines, while callbacks come.

use std::io::Result;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::receiving::{callbacks, listening};

pub(crate) async fn run() -> Result<()> {
    println!("400 connections drip a header line every 100 ms; room for 100");
    let server =
        listening(|r| r.connections(100, 100).head_timeout(Duration::from_secs(2))).await?;
    let closed = Arc::new(AtomicU64::new(0));
    for _ in 0..400 {
        tokio::spawn(drip(server.address, Arc::clone(&closed)));
    }
    callbacks(server.address, Duration::from_secs(5)).await?;
    let counters = server.receiver.counters();
    println!(
        "dripping: {} closed; {} times somebody gave way or was answered 503",
        closed.load(Ordering::Relaxed),
        counters.crowded
    );
    Ok(())
}

/// Drips until it is closed.
async fn drip(address: SocketAddr, closed: Arc<AtomicU64>) {
    let Ok(mut stream) = TcpStream::connect(address).await else {
        return;
    };
    let mut line: &[u8] = b"POST /callback/secret HTTP/1.1\r\n";
    while stream.write_all(line).await.is_ok() {
        line = b"x-a: b\r\n";
        sleep(Duration::from_millis(100)).await;
    }
    closed.fetch_add(1, Ordering::Relaxed);
}
