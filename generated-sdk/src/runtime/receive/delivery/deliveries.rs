//! What a handler gets, and the same as a stream.

use super::outcome::{Handled, Outcome};
use crate::runtime::call::{BoxError, BoxFuture};
#[cfg(feature = "poll")]
use crate::runtime::store::Lease;
use futures_core::Stream;
use std::fmt;
use std::marker::PhantomData;
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
    /// What repetitions have in common with it, and its lease.
    #[cfg(feature = "poll")]
    pub(in crate::runtime) kept: (Option<u128>, Lease),
    /// The bot and the person, if it gives a right to answer.
    #[cfg(feature = "poll")]
    pub(in crate::runtime) sides: Option<(String, String)>,
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
///
/// `D` is what a message comes as.
#[derive(Debug)]
pub struct Deliveries<C, D = Delivery<C>> {
    pub(super) from: mpsc::Receiver<Handed<C, D>>,
}

impl<C: 'static, D: Send + 'static> Deliveries<C, D> {
    /// A stream, and the function that feeds it.
    pub(in crate::runtime) fn new() -> (
        Self,
        impl Fn(D) -> BoxFuture<'static, Result<Handled, BoxError>> + Send + Sync + 'static,
    ) {
        let (to, from) = mpsc::channel(1);
        let handler = move |delivery| {
            let to = to.clone();
            let handed = async move {
                let (handed, finished) = Handed::new(delivery);
                to.send(handed)
                    .await
                    .map_err(|_| "the stream is not read any more")?;
                finished
                    .await
                    .map_err(|_| "the message was dropped, and not finished")?
            };
            Box::pin(handed) as BoxFuture<'static, _>
        };
        (Self { from }, handler)
    }

    /// The next message.
    pub async fn next(&mut self) -> Option<Handed<C, D>> {
        self.from.recv().await
    }
}

impl<C, D> Stream for Deliveries<C, D> {
    type Item = Handed<C, D>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Handed<C, D>>> {
        self.from.poll_recv(cx)
    }
}

/// A message from a stream, to be finished. One that is dropped instead is handed over again.
#[non_exhaustive]
#[derive(Debug)]
pub struct Handed<C, D = Delivery<C>> {
    /// The message, and whether it came before.
    pub delivery: D,
    finished: oneshot::Sender<Result<Handled, BoxError>>,
    api: PhantomData<fn() -> C>,
}

/// Tells what became of a message of a stream.
type Finished = oneshot::Receiver<Result<Handled, BoxError>>;

impl<C, D> Handed<C, D> {
    fn new(delivery: D) -> (Self, Finished) {
        let (finished, is_finished) = oneshot::channel();
        let handed = Self {
            delivery,
            finished,
            api: PhantomData,
        };
        (handed, is_finished)
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
