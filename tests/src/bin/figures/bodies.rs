//! Memory under hostile bodies: 60 of 32 MB at once, then slow ones with the right secret, while callbacks come.

use std::collections::BTreeMap;
use std::io::Result;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::sleep;

use super::receiving::{callbacks, head, listening, status};

const LARGE: usize = 32 << 20;

pub(crate) async fn run() -> Result<()> {
    println!("60 bodies of 32 MB at once; a body may have 32 MiB, all together 64 MiB of memory");
    let server = listening(|r| r.body_limit(LARGE)).await?;
    let before = resident("VmRSS");
    let begun = Instant::now();
    let posts: Vec<_> = (0..60)
        .map(|_| tokio::spawn(large(server.address)))
        .collect();
    let mut answers: BTreeMap<u16, u32> = BTreeMap::new();
    callbacks(server.address, Duration::from_secs(3)).await?;
    for post in posts {
        *answers.entry(post.await.unwrap_or(0)).or_default() += 1;
    }
    println!(
        "answers by status: {answers:?} after {:.1?}; memory {before} MB before, {} MB at most",
        begun.elapsed(),
        resident("VmHWM")
    );
    println!("200 bodies that send 60 KB and then a byte now and then");
    let server = listening(|r| r).await?;
    let slow: Vec<_> = (0..200)
        .map(|_| tokio::spawn(slow(server.address)))
        .collect();
    callbacks(server.address, Duration::from_secs(6)).await?;
    slow.iter().for_each(tokio::task::JoinHandle::abort);
    println!("{:?}", server.receiver.counters());
    Ok(())
}

/// Posts a body of 32 MB as fast as it is taken.
async fn large(address: SocketAddr) -> u16 {
    let Ok(mut stream) = TcpStream::connect(address).await else {
        return 0;
    };
    let (begins, ends) = (br#"{"messageType":"77777","data":""#, br#""}"#);
    let text = vec![b'x'; 64 << 10];
    let mut left = LARGE - begins.len() - ends.len();
    let mut sent = stream
        .write_all(&[head(LARGE).as_bytes(), begins].concat())
        .await;
    while left > 0 && sent.is_ok() {
        let piece = left.min(text.len());
        sent = stream
            .write_all(text.get(..piece).unwrap_or_default())
            .await;
        left -= piece;
    }
    let _refused = stream.write_all(ends).await;
    status(stream).await
}

/// Posts a body that does not end.
async fn slow(address: SocketAddr) {
    let Ok(mut stream) = TcpStream::connect(address).await else {
        return;
    };
    let begun = [head(64 << 10).into_bytes(), vec![b' '; 60_000]].concat();
    let mut sent = stream.write_all(&begun).await;
    while sent.is_ok() {
        sleep(Duration::from_millis(200)).await;
        sent = stream.write_all(b" ").await;
    }
}

/// What Linux says of this process's memory, in MB; 0 elsewhere.
fn resident(what: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with(what));
    let digits = line.and_then(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    digits.unwrap_or(0) / 1024
}
