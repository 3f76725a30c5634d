//! Which messages wait for each other: those in one lane.

use std::sync::atomic::{AtomicU64, Ordering};

/// A user's own key.
pub(in crate::runtime) type Key<C> = Box<dyn Fn(&C) -> String + Send + Sync>;

/// What keeps its order.
pub(in crate::runtime) enum Order<C> {
    /// The messages of a conversation, as the catalog declares it.
    Declared,
    /// Messages of which a function says the same; those of which it says nothing have no order.
    By(Key<C>),
    /// All messages.
    All,
    /// None.
    None,
}

/// Names lanes.
pub(super) struct Lanes {
    server: String,
    alone: AtomicU64,
}

impl Lanes {
    pub(super) fn of(server: String) -> Self {
        Self {
            server,
            alone: AtomicU64::new(0),
        }
    }

    /// The lane of a message; `conversation` is the catalog's.
    pub(super) fn lane<C>(
        &self,
        order: &Order<C>,
        callback: &C,
        conversation: Option<String>,
    ) -> String {
        let lane = match order {
            Order::Declared => conversation,
            Order::By(key) => Some(key(callback)).filter(|key| !key.is_empty()),
            Order::All => Some(String::new()),
            Order::None => None,
        };
        lane.unwrap_or_else(|| {
            // Nothing waits for it.
            let number = self.alone.fetch_add(1, Ordering::Relaxed);
            format!("\u{1}{}/{number}", self.server)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Lanes, Order};

    #[test]
    fn what_has_no_order_waits_for_nothing() {
        let lanes = Lanes::of("s".to_owned());
        let lane = |order: &Order<u8>, conversation: Option<&str>| {
            lanes.lane(order, &7, conversation.map(str::to_owned))
        };
        assert_eq!(lane(&Order::Declared, Some("me/friend")), "me/friend");
        assert_eq!(lane(&Order::All, Some("me/friend")), "");
        let by: Order<u8> = Order::By(Box::new(|seven| seven.to_string()));
        assert_eq!(lane(&by, None), "7");
        let silent: Order<u8> = Order::By(Box::new(|_| String::new()));
        let alone = [
            lane(&Order::Declared, None),
            lane(&Order::None, Some("me/friend")),
            lane(&silent, None),
        ];
        assert!(alone[0] != alone[1] && alone[1] != alone[2] && alone[0] != alone[2]);
    }
}
