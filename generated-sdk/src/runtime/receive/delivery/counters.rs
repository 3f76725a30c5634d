//! What has been received and handled, in numbers.

use crate::runtime::count::tally;

/// What has been received and handled since the start.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests at the receiver's address, or pushes.
    pub received: u64,
    /// Messages taken whose event is one of the catalog's.
    pub typed: u64,
    /// Messages taken that are handed over as they came: unknown codes, payloads that do not fit.
    pub raw: u64,
    /// Results of commands that somebody waited for, and nothing else: no handler sees them.
    pub settled: u64,
    /// Repetitions, acknowledged and dropped.
    pub duplicate: u64,
    /// Requests answered with a 4xx: wrong secret, too large, no JSON.
    pub refused: u64,
    /// Requests answered with 503, because there was no room in time or the store failed.
    pub full: u64,
    /// Connections for which there was no room: another one gave way, or they were answered 503.
    pub crowded: u64,
    /// Questions of the gateway whether somebody listens, answered by the handler: none of the next.
    pub probes: u64,
    /// Messages whose handler was done.
    pub handled: u64,
    /// Calls of the handler that failed or panicked.
    pub failed: u64,
    /// Messages that were to be handed over again, once for each time.
    pub again: u64,
    /// Messages that were set aside.
    pub set_aside: u64,
    /// Handlers that ended after their lease had: the message had been handed to another by then.
    pub late: u64,
    /// Failures of the store. What it did not take was answered with 503.
    pub store_failed: u64,
}

tally!(Counters in EVENTS: received typed raw settled duplicate refused full crowded probes handled failed again set_aside late store_failed);
