//! What was called, within bounds.

use super::received::Received;
use std::collections::VecDeque;
use std::sync::Arc;

/// How many calls are remembered, and how much memory they may take.
const MOST: usize = 10_000;
const WEIGHT: usize = 64 << 20;

/// The calls so far, the oldest first.
#[derive(Default)]
pub(super) struct Calls {
    log: VecDeque<Arc<Received>>,
    weight: usize,
}

impl Calls {
    pub(super) fn add(&mut self, call: Arc<Received>) {
        self.weight += call.weight();
        self.log.push_back(call);
        while self.log.len() > MOST || (self.weight > WEIGHT && self.log.len() > 1) {
            if let Some(oldest) = self.log.pop_front() {
                self.weight = self.weight.saturating_sub(oldest.weight());
            }
        }
    }

    /// Those of an operation, by its id or path; all, where none is asked for.
    pub(super) fn of(&self, wanted: Option<&str>) -> Vec<Arc<Received>> {
        let is_wanted = |call: &&Arc<Received>| {
            wanted.is_none_or(|wanted| call.operation() == wanted || call.path() == wanted)
        };
        self.log.iter().filter(is_wanted).cloned().collect()
    }
}
