//! What the index knows of an entry: everything but its body.

use crate::runtime::store::Lapse;
use std::sync::Arc;

/// Microseconds since 1970.
pub(in crate::runtime::store) type Time = u64;

/// An entry that never grows too old.
pub(in crate::runtime::store) const NEVER: Time = Time::MAX;

/// An entry without its body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::runtime::store) struct Item {
    /// The place of its queue in the index.
    pub(in crate::runtime::store) queue: usize,
    pub(in crate::runtime::store) lane: Arc<str>,
    pub(in crate::runtime::store) identity: Option<u128>,
    pub(in crate::runtime::store) origin: Option<Arc<str>>,
    pub(in crate::runtime::store) reason: Option<Arc<str>>,
    pub(in crate::runtime::store) since: Time,
    /// When it is too old.
    pub(in crate::runtime::store) ends: Time,
    /// The size of its body.
    pub(in crate::runtime::store) bytes: usize,
    pub(in crate::runtime::store) attempts: u32,
    pub(in crate::runtime::store) lapse: Lapse,
    pub(in crate::runtime::store) until_next_take: bool,
    pub(in crate::runtime::store) state: State,
}

/// Where an entry is on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::runtime::store) enum State {
    /// It may be taken from then on.
    Waiting(Time),
    /// Somebody has it.
    Leased(Box<Leased>),
    /// Nobody takes it.
    SetAside,
}

/// Who has an entry, and for how long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::runtime::store) struct Leased {
    pub(in crate::runtime::store) until: Time,
    /// How long the lease was when it began.
    pub(in crate::runtime::store) length: Time,
    pub(in crate::runtime::store) server: Arc<str>,
    pub(in crate::runtime::store) holder: Option<Arc<str>>,
    /// The holder has it, and not the server.
    pub(in crate::runtime::store) given: bool,
}

impl Item {
    /// The lease on it, if somebody has it.
    pub(in crate::runtime::store) fn leased(&self) -> Option<&Leased> {
        match &self.state {
            State::Leased(leased) => Some(leased),
            State::Waiting(_) | State::SetAside => None,
        }
    }

    /// From when on it may be taken, if it waits.
    pub(super) fn due(&self) -> Option<Time> {
        match self.state {
            State::Waiting(due) => Some(due),
            State::Leased(_) | State::SetAside => None,
        }
    }

    pub(super) fn is_set_aside(&self) -> bool {
        self.state == State::SetAside
    }
}

/// A text that may be there.
pub(super) fn some(text: &str) -> Option<Arc<str>> {
    (!text.is_empty()).then(|| text.into())
}
