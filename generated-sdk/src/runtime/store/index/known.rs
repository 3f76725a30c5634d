//! Identities of what is done, in a bounded memory: the oldest is forgotten first.

use std::collections::{HashMap, VecDeque};

/// Identities that are remembered.
#[derive(Default)]
pub(in crate::runtime::store) struct Known {
    /// How often each is in the order: one that was forgotten and came back is in it twice.
    times: HashMap<u128, u32>,
    order: VecDeque<u128>,
}

impl Known {
    /// Remembers one, and forgets the oldest of more than so many.
    pub(in crate::runtime::store) fn insert(&mut self, identity: u128, most: usize) {
        *self.times.entry(identity).or_default() += 1;
        self.order.push_back(identity);
        while self.order.len() > most
            && let Some(oldest) = self.order.pop_front()
        {
            self.forget(oldest);
        }
    }

    pub(in crate::runtime::store) fn contains(&self, identity: u128) -> bool {
        self.times.contains_key(&identity)
    }

    fn forget(&mut self, identity: u128) {
        if let Some(times) = self.times.get_mut(&identity) {
            *times -= 1;
            if *times == 0 {
                self.times.remove(&identity);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Known;

    #[test]
    fn the_oldest_is_forgotten_first() {
        let mut known = Known::default();
        for identity in [1, 2, 3] {
            known.insert(identity, 2);
        }
        assert!(!known.contains(1) && known.contains(2) && known.contains(3));
        known.insert(2, 2);
        known.insert(4, 2);
        assert!(known.contains(2) && known.contains(4) && !known.contains(3));
        known.insert(5, 0);
        assert!(!known.contains(5) && !known.contains(2));
    }
}
