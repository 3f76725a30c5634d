//! One queue: its lanes, and in which order they are served. Everything here follows from the items that are in it.

use super::item::{Item, State, Time};
use super::known::Known;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

/// The entries of one queue.
#[derive(Default)]
pub(in crate::runtime::store) struct Queue {
    lanes: HashMap<Arc<str>, Lane>,
    /// Lanes of which something waits and nothing is leased, by when the next may be taken, and then by their turn.
    schedule: BTreeMap<Place, Arc<str>>,
    turn: u64,
    /// Leased ones by the end of their leases.
    leases: BTreeSet<(Time, u64)>,
    /// What holders were given.
    holders: HashMap<Arc<str>, BTreeSet<u64>>,
    pub(super) aside: BTreeSet<u64>,
    /// Identities of what is in the queue.
    identities: HashMap<u128, u64>,
    pub(in crate::runtime::store) done: Known,
    pub(super) waiting: usize,
    /// The bodies of what waits or is leased, and of what was set aside.
    pub(super) bytes: usize,
    pub(super) aside_bytes: usize,
    pub(super) forgotten: u64,
}

/// A time, and a turn that no other lane has.
type Place = (Time, u64);

#[derive(Default)]
struct Lane {
    /// Numbers of what waits, ascending.
    waiting: VecDeque<u64>,
    leased: usize,
    /// Where it is in the schedule.
    place: Option<Place>,
    /// Since when nothing of it is leased, and its turn since then.
    free: Place,
}

impl Queue {
    /// Takes an item in. [`reschedule`](Self::reschedule) follows.
    pub(super) fn link(&mut self, id: u64, item: &Item) {
        if let Some(identity) = item.identity {
            self.identities.insert(identity, id);
        }
        match &item.state {
            State::Waiting(_) => {
                let lane = self.lanes.entry(Arc::clone(&item.lane)).or_default();
                if let Err(at) = lane.waiting.binary_search(&id) {
                    lane.waiting.insert(at, id);
                }
                self.waiting += 1;
                self.bytes += item.bytes;
            }
            State::Leased(leased) => {
                let lane = self.lanes.entry(Arc::clone(&item.lane)).or_default();
                lane.leased += 1;
                self.leases.insert((leased.until, id));
                if let Some(holder) = leased.holder.as_ref().filter(|_| leased.given) {
                    let has = self.holders.entry(Arc::clone(holder)).or_default();
                    has.insert(id);
                }
                self.bytes += item.bytes;
            }
            State::SetAside => {
                self.aside.insert(id);
                self.aside_bytes += item.bytes;
            }
        }
    }

    /// Undoes [`link`](Self::link).
    pub(super) fn unlink(&mut self, id: u64, item: &Item) {
        if let Some(identity) = item.identity {
            self.identities.remove(&identity);
        }
        match &item.state {
            State::Waiting(_) => {
                if let Some(lane) = self.lanes.get_mut(&item.lane)
                    && let Ok(at) = lane.waiting.binary_search(&id)
                {
                    lane.waiting.remove(at);
                }
                self.waiting -= 1;
                self.bytes -= item.bytes;
            }
            State::Leased(leased) => {
                if let Some(lane) = self.lanes.get_mut(&item.lane) {
                    lane.leased -= 1;
                }
                self.leases.remove(&(leased.until, id));
                if let Some(holder) = leased.holder.as_ref().filter(|_| leased.given)
                    && let Some(has) = self.holders.get_mut(holder)
                {
                    has.remove(&id);
                    if has.is_empty() {
                        self.holders.remove(holder);
                    }
                }
                self.bytes -= item.bytes;
            }
            State::SetAside => {
                self.aside.remove(&id);
                self.aside_bytes -= item.bytes;
            }
        }
    }

    /// Puts a lane of which something has changed into its place. `due` says from when on an entry may be taken.
    pub(super) fn reschedule(
        &mut self,
        name: &Arc<str>,
        now: Time,
        due: impl Fn(u64) -> Option<Time>,
    ) {
        let Some(lane) = self.lanes.get_mut(name) else {
            return;
        };
        let head = lane.waiting.front().filter(|_| lane.leased == 0);
        let place = head.and_then(|head| due(*head)).map(|due| {
            if lane.place.is_none() {
                // The lane that was served last comes last.
                self.turn += 1;
                lane.free = (now, self.turn);
            }
            (due.max(lane.free.0), lane.free.1)
        });
        if place != lane.place {
            if let Some(old) = lane.place {
                self.schedule.remove(&old);
            }
            if let Some(new) = place {
                self.schedule.insert(new, Arc::clone(name));
            }
            lane.place = place;
        }
        if lane.waiting.is_empty() && lane.leased == 0 {
            self.lanes.remove(name);
        }
    }

    /// The oldest entry of the lane whose turn it is.
    pub(super) fn next_of_all(&self, now: Time) -> Option<u64> {
        let ((when, _), lane) = self.schedule.first_key_value()?;
        let lane = self.lanes.get(lane).filter(|_| *when <= now)?;
        lane.waiting.front().copied()
    }

    /// When the next lane's turn comes.
    pub(super) fn next_turn(&self) -> Option<Time> {
        self.schedule.keys().next().map(|(when, _)| *when)
    }

    /// What waits in a lane, the oldest first.
    pub(super) fn waiting_in(&self, lane: &str) -> impl Iterator<Item = u64> {
        let lane = self.lanes.get(lane);
        lane.into_iter()
            .flat_map(|lane| lane.waiting.iter().copied())
    }

    /// A lane's name, shared with what it has already.
    pub(super) fn lane(&self, name: &str) -> Arc<str> {
        let known = self.lanes.get_key_value(name);
        known.map_or_else(|| name.into(), |(known, _)| Arc::clone(known))
    }

    /// How many entries of a lane wait or are leased.
    pub(super) fn open_in(&self, lane: &str) -> usize {
        let lane = self.lanes.get(lane);
        lane.map_or(0, |lane| lane.waiting.len() + lane.leased)
    }

    /// The lease that ends next.
    pub(super) fn next_lapse(&self) -> Option<(Time, u64)> {
        self.leases.first().copied()
    }

    pub(super) fn leased(&self) -> usize {
        self.leases.len()
    }

    /// A lease ends later.
    pub(super) fn extend(&mut self, id: u64, from: Time, until: Time) {
        self.leases.remove(&(from, id));
        self.leases.insert((until, id));
    }

    /// What a holder was given.
    pub(super) fn given_to(&self, holder: &str) -> Vec<u64> {
        let has = self.holders.get(holder);
        has.into_iter().flatten().copied().collect()
    }

    /// What is in the queue under an identity.
    pub(super) fn of_identity(&self, identity: u128) -> Option<u64> {
        self.identities.get(&identity).copied()
    }
}
