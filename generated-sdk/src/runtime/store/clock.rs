//! The time of a store inside of the process: begins with the calendar's, and never goes back.

use super::index::{Time, micros};
use std::time::{SystemTime, UNIX_EPOCH};
use tokio::time::Instant;

/// A clock that only goes on, whatever becomes of the calendar.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    base: Time,
    start: Instant,
}

impl Clock {
    /// Begins now, or at this time if that is later.
    pub(super) fn new(at_least: Time) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH);
        Self {
            base: micros(now.unwrap_or_default()).max(at_least),
            start: Instant::now(),
        }
    }

    /// The time.
    pub(super) fn now(&self) -> Time {
        self.base.saturating_add(micros(self.start.elapsed()))
    }
}
