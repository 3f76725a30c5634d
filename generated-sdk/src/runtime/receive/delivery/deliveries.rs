//! What a handler gets, and the same as a stream.

use super::options::Handler;
use super::outcome::{Handled, Outcome};
use crate::runtime::call::BoxError;
use futures_core::Stream;
use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::SystemTime;
use tokio::sync::{mpsc, oneshot};

/// A message on its way to a handler.
#[non_exhaustive]
#[derive(Clone)]
pub struct Delivery<C> {
    /// The message.
    pub callback: C,
    /// Which attempt it is, from 1; those that a process did not live to end count.
    pub attempt: u32,
    /// It was handed over before, and may have been handled: an attempt failed, or a process ended in the middle of it.
    pub redelivered: bool,
    /// The gateway only asks whether somebody listens, as it does on registration.
    pub probe: bool,
    /// When it was received.
    pub since: SystemTime,
    pub(super) account: String,
    pub(super) process: String,
}

impl<C> Delivery<C> {
    /// The account whose program posted it, where programs post: as the event says, or else the query of the address.
    pub fn account(&self) -> Option<&str> {
        Some(self.account.as_str()).filter(|name| !name.is_empty())
    }

    /// The process that posted it, the same way.
    pub fn process(&self) -> Option<&str> {
        Some(self.process.as_str()).filter(|name| !name.is_empty())
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

/// Messages as a stream; ends when the receiver has shut down.
///
/// As many are on their way at once as the receiver's concurrency allows, each of another conversation: the next one
/// of a conversation comes when the one before is finished.
#[derive(Debug)]
pub struct Deliveries<C> {
    pub(super) from: mpsc::Receiver<Handed<C>>,
}

impl<C> Deliveries<C> {
    /// A stream, and the handler that feeds it.
    pub(in crate::runtime) fn new() -> (Self, Handler<C>)
    where
        C: Send + 'static,
    {
        let (to, from) = mpsc::channel(1);
        let handler: Handler<C> = Box::new(move |delivery| {
            let to = to.clone();
            Box::pin(async move {
                let (handed, finished) = Handed::new(delivery);
                to.send(handed)
                    .await
                    .map_err(|_| "the stream is not read any more")?;
                finished
                    .await
                    .map_err(|_| "the message was dropped, and not finished")?
            })
        });
        (Self { from }, handler)
    }

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

/// A message from a stream, to be finished. One that is dropped instead is handed over again.
#[non_exhaustive]
#[derive(Debug)]
pub struct Handed<C> {
    /// The message, and whether it came before.
    pub delivery: Delivery<C>,
    finished: oneshot::Sender<Result<Handled, BoxError>>,
}

/// Tells what became of a message of a stream.
pub(super) type Finished = oneshot::Receiver<Result<Handled, BoxError>>;

impl<C> Handed<C> {
    pub(super) fn new(delivery: Delivery<C>) -> (Self, Finished) {
        let (finished, is_finished) = oneshot::channel();
        (Self { delivery, finished }, is_finished)
    }

    /// The message needs no more work.
    pub fn done(self) {
        self.finish(Handled::Done);
    }

    /// Says what came of it, as a handler's answer does.
    pub fn finish(self, outcome: impl Outcome) {
        // A receiver that is gone hands nothing over any more.
        let _ = self.finished.send(outcome.into_result());
    }
}
