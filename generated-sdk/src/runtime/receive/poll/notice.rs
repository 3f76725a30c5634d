//! What is to be known of the polling itself.

use crate::runtime::call::{BoxError, Error};
use std::time::Duration;

/// A word about the polling.
#[derive(Debug)]
#[non_exhaustive]
pub enum Notice {
    /// This poller asks for the account's events from now on.
    Begun,
    /// Another one does, here or on another server. This one waits, and goes on when that one has ended or is silent for
    /// longer than the lease.
    Elsewhere,
    /// This one was silent for longer than its lease, and lost it: another may have it. What was asked for last was not
    /// kept, and comes again.
    Lost,
    /// A question failed; it is asked again.
    Failed {
        /// Why.
        error: Error,
        /// The how many-eth failure in a row it is.
        failures: usize,
        /// After how long it is asked again.
        again: Duration,
    },
    /// The vendor says that the session has expired. Nothing is asked before a new login; then it goes on by itself.
    Expired(Error),
    /// The authorization could not be had, or the store failed or has had no room for long; it is tried again.
    Hindered(BoxError),
}

impl Notice {
    /// What nobody may miss, in words; the rest is only for those who want to know.
    pub(super) fn alarming(&self, patience: usize) -> Option<String> {
        match self {
            Self::Begun => None,
            Self::Elsewhere => Some(
                "another poller asks for this account's events; this one waits until it ends"
                    .to_owned(),
            ),
            Self::Lost => Some("the lease on this account's events was lost".to_owned()),
            // One failure is nothing: long polls break off.
            Self::Failed {
                error, failures, ..
            } => (*failures == patience)
                .then(|| format!("{failures} questions in a row have failed: {error}")),
            Self::Expired(error) => Some(format!("{error}; polling goes on after a new login")),
            Self::Hindered(error) => Some(format!("polling is hindered: {error}")),
        }
    }
}
