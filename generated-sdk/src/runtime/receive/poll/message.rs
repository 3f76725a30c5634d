//! What a handler gets: an event, and from where it can be answered.

use super::plan::Polled;
use crate::runtime::bot::{Conversation, Handed, Origin, Talks};
use crate::runtime::call::{Error, ErrorKind};
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
    /// What clones of it have in common: answers are counted here.
    origin: Option<Arc<Origin>>,
}

/// Messages as a stream.
pub type Messages<H> = Deliveries<<H as Polled>::Inbound, Message<H>>;

impl<H: Polled> Message<H> {
    pub(super) fn new(delivery: Delivery<H::Inbound>, caller: H, store: Arc<dyn Store>) -> Self {
        let (_, lease) = delivery.kept;
        let handed = Handed::new(key(&delivery), lease, delivery.redelivered, delivery.since);
        let origin = H::OPENS.zip(delivery.sides.clone());
        let origin = origin.map(|(talk, sides)| {
            let store = Arc::clone(&store);
            Origin::new(talk, sides, Some(handed), store)
        });
        Self {
            delivery,
            caller,
            store,
            origin,
        }
    }

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
        key(&self.delivery)
    }
}

impl<H: Polled + Talks> Message<H> {
    /// The conversation that this message gives the right to: what is said here is said at most once, however often the
    /// message is handed over.
    ///
    /// # Errors
    ///
    /// [`NoRight`](crate::ErrorKind::NoRight) if it gives none.
    pub fn conversation(&self) -> Result<Conversation<H>, Error> {
        let origin = self.origin.as_ref().ok_or_else(|| {
            let message = "this message gives no right to answer it";
            Error::new(ErrorKind::NoRight, H::TALK.operation).with_message(Some(message.to_owned()))
        })?;
        Ok(Conversation::of(&self.caller, Arc::clone(origin)))
    }
}

/// What tells a message from all others.
fn key<C>(delivery: &Delivery<C>) -> u128 {
    let (identity, lease) = delivery.kept;
    identity.unwrap_or(lease.id.into())
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
            origin: self.origin.clone(),
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
