//! What a receiver has seen, in numbers.

use crate::runtime::count::tally;

/// What a receiver has seen since it started.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counters {
    /// Requests at the receiver's address.
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
    /// Requests answered with 503, because there was no room in time.
    pub full: u64,
    /// Connections for which there was no room: another one gave way, or they were answered 503.
    pub crowded: u64,
    /// Messages whose handler succeeded.
    pub handled: u64,
    /// Calls of the handler that failed or panicked.
    pub failed: u64,
    /// Messages given up after the last attempt; a store keeps them for the next start.
    pub abandoned: u64,
    /// Failures of the store. What it did not take was answered with 503.
    pub store_failed: u64,
}

tally!(Counters: received typed raw settled duplicate refused full crowded handled failed abandoned store_failed);
