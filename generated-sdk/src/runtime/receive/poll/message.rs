//! What a handler gets: an event, and from where it can be answered.

use super::plan::Polled;
use crate::runtime::receive::delivery::{Deliveries, Delivery};
use crate::runtime::store::Store;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

/// An event on its way to a handler: a [`Delivery`], and the client that asked for it.
pub struct Message<H: Polled> {
    pub(super) delivery: Delivery<H::Inbound>,
    pub(super) caller: H,
    pub(super) store: Arc<dyn Store>,
}

/// Messages as a stream.
pub type Messages<H> = Deliveries<<H as Polled>::Inbound, Message<H>>;

impl<H: Polled> Message<H> {
    /// The client or session that asked for it: from here it is answered.
    pub fn caller(&self) -> &H {
        &self.caller
    }

    /// Where it is kept: what is to outlive a restart together with it is kept here as well.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.store
    }

    /// What tells it from all others, the same when it is handed over again and when the gateway tells it again.
    pub fn key(&self) -> u128 {
        let (identity, lease) = self.delivery.kept;
        identity.unwrap_or(lease.id.into())
    }
}

impl<H: Polled> Deref for Message<H> {
    type Target = Delivery<H::Inbound>;

    fn deref(&self) -> &Delivery<H::Inbound> {
        &self.delivery
    }
}

impl<H: Polled> Clone for Message<H> {
    fn clone(&self) -> Self {
        Self {
            delivery: self.delivery.clone(),
            caller: self.caller.clone(),
            store: Arc::clone(&self.store),
        }
    }
}

impl<H: Polled> fmt::Debug for Message<H>
where
    H::Inbound: fmt::Debug,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Message").field(&self.delivery).finish()
    }
}
