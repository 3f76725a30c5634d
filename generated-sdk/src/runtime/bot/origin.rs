//! What a conversation is held from: a message that is being handled, or nothing but a wish to speak.

use super::names::Names;
use super::plan::TalkPlan;
use crate::runtime::receive::event::Opened;
use crate::runtime::store::{Lease, Store, Stored};
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;
use tokio::sync::Mutex;

/// What a conversation is held from.
pub struct Origin {
    pub(super) plan: &'static TalkPlan,
    pub(super) store: Arc<dyn Store>,
    pub(super) names: Names,
    pub(super) bot: String,
    pub(super) person: String,
    /// The message that is being handled.
    pub(super) handed: Option<Handed>,
    /// One answer after the other, in the order in which they were begun.
    pub(super) turn: Mutex<()>,
}

/// A message that is being handled.
pub(super) struct Handed {
    pub(super) message: u128,
    /// Whoever answers holds the message.
    pub(super) lease: Lease,
    pub(super) redelivered: bool,
    pub(super) since: SystemTime,
    ordinals: AtomicU32,
}

impl Origin {
    /// A message that is handed over, for all its clones; `None` if it opens no conversation.
    pub fn new(
        plan: &'static TalkPlan,
        opened: &Opened<'_>,
        stored: &Stored,
        store: Arc<dyn Store>,
    ) -> Option<Arc<Self>> {
        let key = plan.key(opened)?;
        let handed = Handed {
            message: stored
                .identity
                .unwrap_or_else(|| u128::from(stored.lease.id)),
            lease: stored.lease,
            redelivered: stored.redelivered(),
            since: stored.since,
            ordinals: AtomicU32::new(0),
        };
        Some(Self::of(plan, key, Some(handed), store))
    }

    pub(super) fn of(
        plan: &'static TalkPlan,
        (bot, person): (String, String),
        handed: Option<Handed>,
        store: Arc<dyn Store>,
    ) -> Arc<Self> {
        Arc::new(Self {
            plan,
            store,
            names: Names::of(plan, &bot, &person),
            bot,
            person,
            handed,
            turn: Mutex::new(()),
        })
    }
}

impl Handed {
    /// The number of an answer to the message.
    pub(super) fn ordinal(&self) -> u32 {
        self.ordinals.fetch_add(1, Ordering::Relaxed)
    }
}

/// Shows nobody.
impl fmt::Debug for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Origin").finish_non_exhaustive()
    }
}
