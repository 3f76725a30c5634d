//! How messages are kept and handed over, and how that is said on a builder.

use super::deliveries::Delivery;
use super::order::Order;
use super::outcome::{Attempts, Failure, Handled, Outcome};
#[cfg(feature = "poll")]
use crate::runtime::bot::TalkPlan;
use crate::runtime::call::{BoxError, BoxFuture};
use crate::runtime::store::{MemoryStore, Store};
use std::sync::Arc;
use std::time::Duration;

/// What is called for every message.
pub(in crate::runtime) type Handler<C> =
    Box<dyn Fn(Delivery<C>) -> BoxFuture<'static, Result<Handled, BoxError>> + Send + Sync>;

/// A function as a handler.
pub(in crate::runtime) fn handled_by<C, F, A>(function: F) -> Handler<C>
where
    F: Fn(Delivery<C>) -> A + Send + Sync + 'static,
    A: Future + Send + 'static,
    A::Output: Outcome,
{
    Box::new(move |delivery| {
        let answer = function(delivery);
        Box::pin(async move { answer.await.into_result() })
    })
}

/// What is called for every attempt that failed.
pub(super) type OnError<C> = Box<dyn Fn(&Delivery<C>, &Failure) + Send + Sync>;

/// How messages are kept and handed over.
pub(in crate::runtime) struct Options<C> {
    pub(in crate::runtime) queue: String,
    pub(in crate::runtime) store: Option<Arc<dyn Store>>,
    /// The store is somebody else's to close.
    pub(in crate::runtime) lent: bool,
    pub(in crate::runtime) capacity: usize,
    pub(in crate::runtime) capacity_bytes: usize,
    pub(in crate::runtime) remember: usize,
    pub(in crate::runtime) concurrency: usize,
    pub(in crate::runtime) attempts: u32,
    pub(in crate::runtime) longest_wait: Duration,
    pub(in crate::runtime) lease: Duration,
    pub(in crate::runtime) order: Order<C>,
    pub(in crate::runtime) on_error: Option<OnError<C>>,
    /// Which messages give a right to answer.
    #[cfg(feature = "poll")]
    pub(in crate::runtime) talk: Option<&'static TalkPlan>,
}

impl<C> Default for Options<C> {
    fn default() -> Self {
        Self {
            queue: "events".to_owned(),
            store: None,
            lent: false,
            capacity: 1024,
            capacity_bytes: 64 * 1024 * 1024,
            remember: 65_536,
            concurrency: 64,
            attempts: 12,
            longest_wait: Duration::from_secs(300),
            lease: Duration::from_secs(30),
            order: Order::Declared,
            on_error: None,
            #[cfg(feature = "poll")]
            talk: None,
        }
    }
}

impl<C> Options<C> {
    /// The store that was given, or one in memory.
    pub(in crate::runtime) fn store(&self) -> Arc<dyn Store> {
        match &self.store {
            Some(store) => Arc::clone(store),
            None => Arc::new(
                MemoryStore::new()
                    .hold(self.capacity.max(1))
                    .hold_bytes(self.capacity_bytes)
                    .remember(self.remember),
            ),
        }
    }

    pub(super) fn attempts(&self) -> Attempts {
        Attempts {
            most: self.attempts.max(1),
            longest_wait: self.longest_wait,
        }
    }
}

/// The options as setters of a builder; `$at` is where it has its [`Options`].
macro_rules! options {
    ($callback:ty, $($at:ident).+) => {
        /// How many messages may be unfinished in memory; 1,024 unless said otherwise. A store that is given has a
        /// bound of its own.
        pub fn capacity(mut self, messages: usize) -> Self {
            self.$($at).+.capacity = messages;
            self
        }

        /// How many bytes of messages may be unfinished in memory; 64 MiB unless said otherwise.
        pub fn capacity_bytes(mut self, bytes: usize) -> Self {
            self.$($at).+.capacity_bytes = bytes;
            self
        }

        /// How many finished messages are remembered in memory in order to drop repetitions; 65,536 unless said
        /// otherwise, none with 0. A store that is given has a bound of its own.
        pub fn remember(mut self, messages: usize) -> Self {
            self.$($at).+.remember = messages;
            self
        }

        /// How many conversations are handled at once; 64 unless said otherwise. Of each, one message at a time.
        pub fn concurrency(mut self, conversations: usize) -> Self {
            self.$($at).+.concurrency = conversations;
            self
        }

        /// What a conversation is, instead of what the catalog declares: messages of which `key` says the same are
        /// handled one after the other, in their order. One of which it says nothing waits for no other.
        ///
        /// Servers that share a store say the same.
        pub fn order<K: Into<String>>(
            mut self,
            key: impl Fn(&$callback) -> K + Send + Sync + 'static,
        ) -> Self {
            let key = move |callback: &$callback| key(callback).into();
            self.$($at).+.order = $crate::runtime::receive::delivery::Order::By(Box::new(key));
            self
        }

        /// Handles all messages one after the other, in their order: one that fails holds up all.
        pub fn one_after_the_other(mut self) -> Self {
            self.$($at).+.order = $crate::runtime::receive::delivery::Order::All;
            self
        }

        /// Handles messages without any order.
        pub fn unordered(mut self) -> Self {
            self.$($at).+.order = $crate::runtime::receive::delivery::Order::None;
            self
        }

        /// How often a message is handed over whose handler fails, before it is set aside; 12 unless said otherwise,
        /// which is some seven minutes. Attempts that a process did not live to end count.
        pub fn attempts(mut self, times: u32) -> Self {
            self.$($at).+.attempts = times;
            self
        }

        /// The longest wait between two attempts, which begin with 0.2 s and double; 5 minutes unless said otherwise.
        pub fn longest_wait(mut self, wait: std::time::Duration) -> Self {
            self.$($at).+.longest_wait = wait;
            self
        }

        /// How long a server that shares a store may be silent before others have what it was handling; 30 s unless
        /// said otherwise. A handler may take longer: its lease is renewed.
        pub fn lease(mut self, lease: std::time::Duration) -> Self {
            self.$($at).+.lease = lease;
            self
        }

        /// Keeps messages until they are handled, what was set aside, and repetitions in mind, across restarts. The
        /// store is closed by `shutdown`.
        pub fn store(mut self, store: impl $crate::runtime::store::Store) -> Self {
            self.$($at).+.store = Some(std::sync::Arc::new(store));
            self.$($at).+.lent = false;
            self
        }

        /// The same, for a store that others use as well: `shutdown` leaves it open.
        pub fn shared_store(
            mut self,
            store: std::sync::Arc<dyn $crate::runtime::store::Store>,
        ) -> Self {
            self.$($at).+.store = Some(store);
            self.$($at).+.lent = true;
            self
        }

        /// The name of the queue in the store; `events` unless said otherwise. Receivers of different APIs that share a
        /// store need different ones.
        pub fn queue(mut self, name: impl Into<String>) -> Self {
            self.$($at).+.queue = name.into();
            self
        }

        /// Is told of every attempt that failed, and what becomes of the message. Without it, that is an `error` event
        /// of `tracing` or, where nobody listens to those, a line on stderr.
        pub fn on_error(
            mut self,
            told: impl Fn(
                &$crate::runtime::receive::delivery::Delivery<$callback>,
                &$crate::runtime::receive::delivery::Failure,
            ) + Send
            + Sync
            + 'static,
        ) -> Self {
            self.$($at).+.on_error = Some(Box::new(told));
            self
        }
    };
}

pub(in crate::runtime) use options;
