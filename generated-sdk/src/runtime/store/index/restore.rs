//! What a store with a file needs besides: to fill the index when it is opened, and to take a step back that could not be
//! written.

use super::{Index, Item, Journal, Time};
use std::sync::Arc;

impl<J: Journal> Index<J> {
    /// Takes an entry in that has its number from before. The journal hears nothing of it.
    pub(in crate::runtime::store) fn restore(&mut self, now: Time, id: u64, item: Item) {
        self.number_from(id.saturating_add(1));
        self.replace(now, id, Some(item));
    }

    /// No smaller number is given from now on.
    pub(in crate::runtime::store) fn number_from(&mut self, next: u64) {
        self.next = self.next.max(next);
    }

    /// The number that the next entry has.
    pub(in crate::runtime::store) fn next_number(&self) -> u64 {
        self.next
    }

    /// Remembers the identity of something that was done before.
    pub(in crate::runtime::store) fn remember(&mut self, queue: &str, identity: u128) {
        let place = self.place_of(queue);
        self.queues[place].done.insert(identity, usize::MAX);
    }

    /// Takes changes back. Identities stay remembered: their entries are found first.
    pub(in crate::runtime::store) fn undo(&mut self, now: Time, changes: Vec<(u64, Option<Item>)>) {
        for (id, item) in changes.into_iter().rev() {
            self.replace(now, id, item);
        }
    }

    /// The name of the queue at a place.
    pub(in crate::runtime::store) fn name_of(&self, place: usize) -> Arc<str> {
        let mut places = self.places.iter();
        let found = places.find(|(_, known)| **known == place);
        found.map_or_else(|| "".into(), |(name, _)| Arc::clone(name))
    }
}
