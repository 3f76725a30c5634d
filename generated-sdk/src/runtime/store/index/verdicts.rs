//! What a verdict does to an entry, and what it met.

use super::item::some;
use super::{Index, Item, Journal, State, Time, later};
use crate::runtime::store::{Applied, Target, Verdict};

impl<J: Journal> Index<J> {
    pub(super) fn apply(&mut self, now: Time, target: &Target, verdict: &Verdict) -> Applied {
        let id = match self.find(target) {
            Ok(id) => id,
            Err(applied) => return applied,
        };
        let Some(mut item) = self.get(id).cloned() else {
            return Applied::Unknown;
        };
        let origin = item.origin.as_deref().unwrap_or_default().to_owned();
        let waits = matches!(item.state, State::Waiting(_));
        match verdict {
            Verdict::Withdraw if !waits => {
                item.origin = None;
                self.put(now, id, Some(item));
                return Applied::Lost;
            }
            Verdict::Done | Verdict::Withdraw => {
                self.finish(now, id);
                return Applied::Yes { origin };
            }
            Verdict::GiveBack | Verdict::Given if waits => return Applied::Lost,
            Verdict::Again { after, reason } => {
                item.reason = some(reason);
                item.state = State::Waiting(later(now, *after));
            }
            Verdict::GiveBack => {
                item.attempts = item.attempts.saturating_sub(1);
                item.state = State::Waiting(now);
            }
            Verdict::Given => match &mut item.state {
                State::Leased(leased) => leased.given = true,
                State::Waiting(_) | State::SetAside => return Applied::Lost,
            },
            Verdict::SetAside { reason } => {
                item.reason = some(reason);
                item.state = State::SetAside;
            }
        }
        self.put(now, id, Some(item));
        Applied::Yes { origin }
    }

    /// The entry that a verdict is about, or what the verdict met instead.
    fn find(&self, target: &Target) -> Result<u64, Applied> {
        let (id, fits): (u64, &dyn Fn(&Item) -> bool) = match target {
            Target::Lease(lease) => (lease.id, &|_| self.holds(*lease)),
            Target::SetAside(id) => (*id, &Item::is_set_aside),
            Target::Identity(queue, identity) => {
                let queue = self.places.get(queue.as_str());
                let queue = queue.map(|place| &self.queues[*place]);
                let found = queue.and_then(|queue| queue.of_identity(*identity));
                let done = queue.is_some_and(|queue| queue.done.contains(*identity));
                return found.ok_or(if done {
                    Applied::Before
                } else {
                    Applied::Unknown
                });
            }
        };
        match self.get(id) {
            Some(item) if fits(item) => Ok(id),
            Some(_) => Err(Applied::Lost),
            None if id < self.next => Err(Applied::Before),
            None => Err(Applied::Unknown),
        }
    }
}
