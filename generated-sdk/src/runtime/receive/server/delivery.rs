//! What a handler gets, and what it answers.

use super::observer::Sender;
use crate::runtime::call::BoxError;
use futures_core::Stream;
use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tokio::sync::{mpsc, oneshot};

/// A message on its way to a handler.
#[non_exhaustive]
#[derive(Clone)]
pub struct Delivery<C> {
    /// The message.
    pub callback: C,
    /// Which attempt of this process it is, from 1.
    pub attempt: u32,
    /// It may have been handed over before: an attempt failed, or a process ended in the middle of it.
    pub redelivered: bool,
    /// The gateway only asks whether somebody listens, as it does on registration.
    pub probe: bool,
    pub(in crate::runtime) sender: Option<Arc<Sender>>,
}

impl<C> Delivery<C> {
    /// The account whose program posted it, where programs post: as the event says, or else the query of the address.
    ///
    /// A store keeps events without that query: what came from there is known by what it says itself.
    pub fn account(&self) -> Option<&str> {
        self.sender_has(|sender| &sender.account)
    }

    /// The process that posted it, the same way.
    pub fn process(&self) -> Option<&str> {
        self.sender_has(|sender| &sender.process)
    }

    fn sender_has(&self, what: impl Fn(&Sender) -> &String) -> Option<&str> {
        let name = self.sender.as_deref().map(what)?;
        Some(name.as_str()).filter(|name| !name.is_empty())
    }
}

impl<C: fmt::Debug> fmt::Debug for Delivery<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Delivery")
            .field("callback", &self.callback)
            .field("attempt", &self.attempt)
            .field("redelivered", &self.redelivered)
            .field("probe", &self.probe)
            .finish_non_exhaustive()
    }
}

/// What a handler answers: nothing, or a `Result`.
pub trait Outcome {
    /// Why the message has to be handed over again, if it has to.
    fn into_result(self) -> Result<(), BoxError>;
}

impl Outcome for () {
    fn into_result(self) -> Result<(), BoxError> {
        Ok(())
    }
}

impl<E: Into<BoxError>> Outcome for Result<(), E> {
    fn into_result(self) -> Result<(), BoxError> {
        self.map_err(Into::into)
    }
}

/// Messages as a stream; ends when the receiver has shut down.
///
/// As many are on their way at once as the receiver's concurrency allows: the next one comes when one is done.
#[derive(Debug)]
pub struct Deliveries<C> {
    pub(super) from: mpsc::Receiver<Handed<C>>,
}

impl<C> Deliveries<C> {
    /// The next message.
    pub async fn next(&mut self) -> Option<Handed<C>> {
        self.from.recv().await
    }
}

impl<C> Stream for Deliveries<C> {
    type Item = Handed<C>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Handed<C>>> {
        self.from.poll_recv(cx)
    }
}

/// A message from a stream, to be called done. One that is dropped instead is handed over again.
#[non_exhaustive]
#[derive(Debug)]
pub struct Handed<C> {
    /// The message, and whether it came before.
    pub delivery: Delivery<C>,
    done: oneshot::Sender<()>,
}

impl<C> Handed<C> {
    pub(super) fn new(delivery: Delivery<C>) -> (Self, oneshot::Receiver<()>) {
        let (done, is_done) = oneshot::channel();
        (Self { delivery, done }, is_done)
    }

    /// The message needs no more work.
    pub fn done(self) {
        // A receiver that is gone hands nothing over any more.
        let _ = self.done.send(());
    }
}
