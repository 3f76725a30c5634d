//! Telling the user's server what happened: one at a time, in order, each within the vendor's patience.

mod encoding;
mod objection;

use crate::gateway::Engine;
use crate::http_client::HttpClient;
use crate::lock;
use hyper::Method;
use serde_json::Value;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

pub use encoding::Encoding;

/// How long a delivery may take.
const PATIENCE: Duration = Duration::from_secs(6);
/// How many may wait.
pub(crate) const QUEUE: usize = 1024;
/// How many are remembered.
const REMEMBERED: usize = 1000;
/// How much of an answer is.
const ANSWER: usize = 2000;

/// A callback that was sent.
#[derive(Clone)]
#[non_exhaustive]
pub struct Delivery {
    /// Where to.
    pub url: String,
    /// What.
    pub event: Value,
    /// The receiver's status; none if there was no answer.
    pub status: Option<u16>,
    /// What the receiver answered, its beginning.
    pub answer: String,
    /// Why it was not taken: there was no answer, or the receiver answered with an error text, whatever the status.
    pub error: Option<String>,
    /// Whether it repeats the one before.
    pub repeated: bool,
}

impl Delivery {
    /// Whether the receiver has taken it.
    pub fn is_acknowledged(&self) -> bool {
        self.error.is_none() && matches!(self.status, Some(200..=299))
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
    /// Nobody could have said it.
    Senseless(&'static str),
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoAddress => "no callback address is registered",
            Self::Full => "too many callbacks are waiting",
            Self::Stopped => "the gateway has been shut down",
            Self::Senseless(why) => why,
        })
    }
}

impl std::error::Error for Undelivered {}

/// A callback that waits.
pub(crate) struct Waiting {
    pub(crate) url: String,
    pub(crate) event: Value,
    pub(crate) encoding: Encoding,
    pub(crate) done: Option<oneshot::Sender<Delivery>>,
}

/// Delivers what waits until the gateway stops.
pub(crate) async fn work(engine: Arc<Engine>, mut queue: mpsc::Receiver<Waiting>) {
    let client = HttpClient::closing();
    while let Some(waiting) = queue.recv().await {
        let first = deliver(&engine, &client, &waiting, false).await;
        if engine.take_duplicate() {
            deliver(&engine, &client, &waiting, true).await;
        }
        if let Some(done) = waiting.done {
            // Nobody may be waiting any more.
            let _ = done.send(first);
        }
    }
}

async fn deliver(
    engine: &Engine,
    client: &HttpClient,
    waiting: &Waiting,
    repeated: bool,
) -> Delivery {
    let (kind, body) = waiting.encoding.written(&waiting.event);
    engine.world.told(&waiting.event);
    let posted = client.ask(Method::POST, &waiting.url, &kind, body);
    let (status, answer, error) = match tokio::time::timeout(PATIENCE, posted).await {
        Ok(Ok((status, answer))) => {
            let objection = matches!(status, 200..=299).then(|| objection::of(&answer));
            let objection = objection
                .flatten()
                .map(|what| format!("answered {status}, and {what}"));
            (
                Some(status),
                answer.chars().take(ANSWER).collect(),
                objection,
            )
        }
        Ok(Err(error)) => (None, String::new(), Some(error.to_string())),
        Err(_) => (None, String::new(), Some("no answer within 6 s".to_owned())),
    };
    let delivery = Delivery {
        url: waiting.url.clone(),
        event: waiting.event.clone(),
        status,
        answer,
        error,
        repeated,
    };
    let mut log = lock(&engine.deliveries);
    if log.len() >= REMEMBERED {
        log.pop_front();
    }
    log.push_back(delivery.clone());
    delivery
}
