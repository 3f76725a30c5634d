//! What was received lately, in a bounded memory: for receivers without a store.

use std::collections::{HashSet, VecDeque};

/// Identities of the last messages.
#[derive(Debug)]
pub(super) struct Recent {
    known: HashSet<u128>,
    order: VecDeque<u128>,
    most: usize,
}

impl Recent {
    pub(super) fn new(most: usize) -> Self {
        Self {
            known: HashSet::new(),
            order: VecDeque::new(),
            most,
        }
    }

    /// Remembers an identity; false if it is known already.
    pub(super) fn insert(&mut self, identity: u128) -> bool {
        if self.most == 0 {
            return true;
        }
        if !self.known.insert(identity) {
            return false;
        }
        self.order.push_back(identity);
        if self.order.len() > self.most
            && let Some(oldest) = self.order.pop_front()
        {
            self.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::Recent;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let mut recent = Recent::new(2);
        assert!(recent.insert(1) && recent.insert(2) && !recent.insert(1));
        assert!(recent.insert(3));
        assert!(!recent.insert(2) && recent.insert(1));
        assert_eq!(recent.known.len(), 2);
    }
}
