//! What was received lately, in a bounded memory: for receivers without a store.

use std::collections::{HashSet, VecDeque};

/// Identities of the last messages.
#[derive(Debug)]
pub(in crate::runtime) struct Recent {
    known: HashSet<u128>,
    order: VecDeque<u128>,
    most: usize,
}

impl Recent {
    pub(in crate::runtime) fn new(most: usize) -> Self {
        Self {
            known: HashSet::new(),
            order: VecDeque::new(),
            most,
        }
    }

    /// Remembers an identity; false if it is known already.
    pub(in crate::runtime) fn insert(&mut self, identity: u128) -> bool {
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

    /// Whether an identity is known.
    pub(in crate::runtime) fn contains(&self, identity: u128) -> bool {
        self.known.contains(&identity)
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
