//! What a conversation is held from: a message that is being handled, or nothing but a wish to speak.

use super::names::Names;
use super::plan::TalkPlan;
use crate::runtime::store::{Lease, Store};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;
use tokio::sync::Mutex;

/// What a conversation is held from.
pub(in crate::runtime) struct Origin {
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
pub(in crate::runtime) struct Handed {
    pub(super) message: u128,
    /// Whoever answers holds the message.
    pub(super) lease: Lease,
    pub(super) redelivered: bool,
    pub(super) since: SystemTime,
    ordinals: AtomicU32,
}

impl Origin {
    /// Of a bot and a person; a message is handed over once for all its clones.
    pub(in crate::runtime) fn new(
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
    /// A message: what tells it from all others, and how it is being handled.
    pub(in crate::runtime) fn new(
        message: u128,
        lease: Lease,
        redelivered: bool,
        since: SystemTime,
    ) -> Self {
        Self {
            message,
            lease,
            redelivered,
            since,
            ordinals: AtomicU32::new(0),
        }
    }

    /// The number of an answer to the message.
    pub(super) fn ordinal(&self) -> u32 {
        self.ordinals.fetch_add(1, Ordering::Relaxed)
    }
}
