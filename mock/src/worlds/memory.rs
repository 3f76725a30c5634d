//! What worlds remember alike: within bounds, and the oldest goes first.

use std::collections::VecDeque;
use std::time::{SystemTime, UNIX_EPOCH};

/// How many authorizations are valid at a time.
const TOKENS: usize = 1000;

/// The authorizations that logins have given.
#[derive(Default)]
pub(super) struct Tokens {
    valid: VecDeque<String>,
    given: u64,
}

impl Tokens {
    pub(super) fn give(&mut self) -> String {
        self.given += 1;
        let token = format!("mock-token-{}", self.given);
        push(&mut self.valid, token.clone(), TOKENS);
        token
    }

    pub(super) fn knows(&self, token: &str) -> bool {
        self.valid.iter().any(|known| known == token)
    }
}

/// Appends, and lets the oldest go.
pub(super) fn push<T>(queue: &mut VecDeque<T>, element: T, most: usize) {
    if queue.len() >= most {
        queue.pop_front();
    }
    queue.push_back(element);
}

/// Seconds.
pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    })
}
