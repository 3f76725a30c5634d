//! Telling the user's server what happened: one at a time, in order, each within the vendor's patience.

use super::encoding::Encoding;
use super::engine::Engine;
use serde_json::Value;
use std::fmt;
use std::sync::{Arc, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};

/// How long a delivery may take.
const PATIENCE: Duration = Duration::from_secs(6);
/// How many may wait.
pub(super) const QUEUE: usize = 1024;
/// How many are remembered.
const REMEMBERED: usize = 1000;
/// How much of an answer is read.
const ANSWER: usize = 16 << 10;

/// A callback that was sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// Where to.
    pub url: String,
    /// What.
    pub event: crate::runtime::Json,
    /// The receiver's status; none if there was no answer.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub error: Option<String>,
    /// Whether it repeats the one before.
    pub repeated: bool,
}

impl Delivery {
    /// Whether the receiver has taken it.
    pub fn is_acknowledged(&self) -> bool {
        matches!(self.status, Some(200..=299))
    }
}

/// Shows what became of it, not what it said.
impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("status", &self.status)
            .field("error", &self.error)
            .field("repeated", &self.repeated)
            .finish_non_exhaustive()
    }
}

/// Why nothing was delivered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Undelivered {
    /// No address is registered.
    NoAddress,
    /// Too many are waiting.
    Full,
    /// The gateway has been shut down.
    Stopped,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAddress => "no callback address is registered",
            Self::Full => "too many callbacks are waiting",
            Self::Stopped => "the gateway has been shut down",
        })
    }
}

impl std::error::Error for Undelivered {}

/// A callback that waits.
pub(super) struct Waiting {
    pub(super) url: String,
    pub(super) event: Value,
    pub(super) encoding: Encoding,
    pub(super) done: Option<oneshot::Sender<Delivery>>,
}

/// Delivers what waits until the gateway stops.
pub(super) async fn work(engine: Arc<Engine>, mut queue: mpsc::Receiver<Waiting>) {
    while let Some(waiting) = queue.recv().await {
        let first = deliver(&engine, &waiting, false).await;
        if engine.take_duplicate() {
            deliver(&engine, &waiting, true).await;
        }
        if let Some(done) = waiting.done {
            // Nobody may be waiting any more.
            let _ = done.send(first);
        }
    }
}

async fn deliver(engine: &Engine, waiting: &Waiting, repeated: bool) -> Delivery {
    let (kind, body) = waiting.encoding.written(waiting.event.clone());
    let answered = tokio::time::timeout(PATIENCE, post(&waiting.url, &kind, &body)).await;
    let answered = answered.unwrap_or_else(|_| Err("no answer within 6 s".to_owned()));
    let delivery = Delivery {
        url: waiting.url.clone(),
        event: waiting.event.clone().into(),
        status: answered.as_ref().ok().copied(),
        error: answered.err(),
        repeated,
    };
    let mut log = engine
        .deliveries
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    if log.len() >= REMEMBERED {
        log.pop_front();
    }
    log.push_back(delivery.clone());
    delivery
}

/// Host and port, and the rest, of an address that callbacks may go to.
pub(super) fn parts(url: &str) -> Option<(String, String)> {
    let rest = url.strip_prefix("http://")?;
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let (host, port) = match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port.parse::<u16>().ok()?),
        _ => (authority, 80),
    };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let loopback = bare.eq_ignore_ascii_case("localhost")
        || bare
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback());
    let clean = |c: char| c.is_ascii_graphic();
    let path = path.split('#').next().unwrap_or_default();
    if !loopback || !path.chars().all(clean) {
        return None;
    }
    let path = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    };
    Some((format!("{host}:{port}"), path))
}

/// Whether callbacks may go there: plain HTTP to this machine, and nowhere else.
pub(super) fn is_reachable(url: &str) -> bool {
    parts(url).is_some()
}

/// Posts a body of this content type and returns the status.
async fn post(url: &str, kind: &str, body: &str) -> Result<u16, String> {
    let (authority, path) = parts(url).ok_or("not an http address on loopback")?;
    let mut stream = TcpStream::connect(&authority)
        .await
        .map_err(|error| error.to_string())?;
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {authority}\r\nContent-Type: {kind}\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    let mut request = head.into_bytes();
    request.extend_from_slice(body.as_bytes());
    stream
        .write_all(&request)
        .await
        .map_err(|error| error.to_string())?;
    let mut answer = Vec::new();
    while !answer.windows(4).any(|end| end == b"\r\n\r\n") && answer.len() < ANSWER {
        match stream.read_buf(&mut answer).await {
            Ok(0) => break,
            Ok(_) => {}
            Err(error) => return Err(error.to_string()),
        }
    }
    let head = String::from_utf8_lossy(&answer);
    let status = head.split(' ').nth(1).and_then(|status| {
        let digits = status.get(..3).unwrap_or(status);
        digits.parse().ok()
    });
    status.ok_or_else(|| "the connection was closed without an answer".to_owned())
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn callbacks_stay_on_this_machine() {
        let there = |host: &str, path: &str| Some((host.to_owned(), path.to_owned()));
        assert_eq!(
            parts("http://127.0.0.1:81/a?b"),
            there("127.0.0.1:81", "/a?b")
        );
        assert_eq!(parts("http://localhost"), there("localhost:80", "/"));
        assert_eq!(parts("http://[::1]:9#x"), there("[::1]:9", "/"));
        for elsewhere in [
            "https://127.0.0.1/",
            "http://example.com/",
            "http://127.0.0.1.example.com/",
            "http://localhost@example.com/",
            "http://127.0.0.1:x/",
            "http://127.0.0.1/a b",
            "",
        ] {
            assert_eq!(parts(elsewhere), None, "{elsewhere}");
        }
    }
}
