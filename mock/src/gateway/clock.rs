//! The time that a world lives in: that of the machine, and what a test has let pass.

use crate::lock;
use std::sync::Mutex;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::sync::Semaphore;

/// A century: further than any test goes.
const FURTHEST: Duration = Duration::from_secs(100 * 365 * 86_400);

/// Tells the time, and when it is over.
pub(super) struct Clock {
    passed: Mutex<Duration>,
    /// Closed when the gateway ends.
    end: Semaphore,
}

impl Default for Clock {
    fn default() -> Self {
        Self {
            passed: Mutex::default(),
            end: Semaphore::new(0),
        }
    }
}

impl Clock {
    /// Since the epoch.
    pub(super) fn now(&self) -> Duration {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        since.unwrap_or_default() + *lock(&self.passed)
    }

    pub(super) fn advance(&self, time: Duration) {
        let mut passed = lock(&self.passed);
        *passed = passed.saturating_add(time).min(FURTHEST);
    }

    pub(super) fn reset(&self) {
        *lock(&self.passed) = Duration::ZERO;
    }

    pub(super) fn end(&self) {
        self.end.close();
    }

    /// Waits for the end.
    pub(super) async fn ended(&self) {
        // There is no permit to be had: this is over when it is closed.
        let _ = self.end.acquire().await;
    }
}
