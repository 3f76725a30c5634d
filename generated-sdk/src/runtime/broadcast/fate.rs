//! What became of a send, by the call's outcome: that alone says whether it may go out again.

use crate::runtime::call::Rest;
use crate::runtime::{Error, ErrorKind};
use std::time::Duration;

/// The first wait after a send that did not leave, and the longest.
const WAITS: (Duration, Duration) = (Duration::from_secs(1), Duration::from_secs(60));

/// The longest answer that is kept, in bytes.
const ANSWER: usize = 16 * 1024;

/// What became of a send.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fate {
    /// The vendor took it, and answered this.
    Sent(String),
    /// The vendor did not do it, and says why.
    Refused(String),
    /// It may have been done.
    Unknown(String),
    /// It did not leave, or the vendor is busy: again after so long.
    Later(Duration, String),
}

impl Fate {
    pub(super) fn of(outcome: Result<Rest, Error>, attempt: u32) -> Self {
        let error = match outcome {
            Ok(rest) if rest.raw().len() <= ANSWER => return Self::Sent(rest.raw().to_owned()),
            Ok(_) => return Self::Sent(String::new()),
            Err(error) => error,
        };
        let reason = error.to_string();
        let later = error.is_busy() || error.status() == Some(429);
        if error.may_have_been_executed() {
            Self::Unknown(reason)
        } else if later || error.kind() == ErrorKind::NotSent {
            let wait = WAITS
                .0
                .saturating_mul(1 << attempt.saturating_sub(1).min(6));
            let wait = wait
                .min(WAITS.1)
                .max(error.retry_after().unwrap_or_default());
            Self::Later(wait, reason)
        } else {
            Self::Refused(reason)
        }
    }
}
