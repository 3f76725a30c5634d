//! Time as the client sees it: object-safe, so that any runtime, or a test, can be the clock.
//!
//! Without tokio a thread waits, by hand: crates that offer timers to any runtime start a thread too.

use super::transport::BoxFuture;
use crate::runtime::lock::lock;
use std::future::poll_fn;
use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::thread;
use std::time::{Duration, Instant};

/// A clock that can wait.
///
/// The default waits by tokio where a tokio runtime is under way, and by a thread elsewhere.
pub trait Timer: Send + Sync {
    /// Ends after this time.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;

    /// The time by this clock.
    fn now(&self) -> Instant {
        Instant::now()
    }
}

/// The default.
pub(crate) struct Ambient;

impl Timer for Ambient {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        #[cfg(feature = "tokio")]
        if tokio::runtime::Handle::try_current().is_ok() {
            return Box::pin(tokio::time::sleep(duration));
        }
        Box::pin(by_thread(duration))
    }

    fn now(&self) -> Instant {
        #[cfg(feature = "tokio")]
        if tokio::runtime::Handle::try_current().is_ok() {
            return tokio::time::Instant::now().into_std();
        }
        Instant::now()
    }
}

#[derive(Default)]
struct Alarm {
    rang: bool,
    waker: Option<Waker>,
}

/// Waits by a thread of its own: only those who are next in a queue wait, so there are few.
async fn by_thread(duration: Duration) {
    let alarm = Arc::new(Mutex::new(Alarm::default()));
    let ringing = alarm.clone();
    let ring = move || {
        thread::sleep(duration);
        let mut alarm = lock(&ringing);
        alarm.rang = true;
        if let Some(waker) = alarm.waker.take() {
            waker.wake();
        }
    };
    if thread::Builder::new().spawn(ring).is_err() {
        // No thread is to be had: waiting here is all that is left.
        thread::sleep(duration);
        return;
    }
    poll_fn(|context| {
        let mut alarm = lock(&alarm);
        if alarm.rang {
            return Poll::Ready(());
        }
        alarm.waker = Some(context.waker().clone());
        Poll::Pending
    })
    .await;
}
