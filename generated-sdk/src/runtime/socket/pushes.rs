//! What the gateway pushes, typed, as a stream.

use super::inbox::Item;
use super::line::{Keep, Line};
use super::lost::Lost;
use crate::runtime::BoxError;
use crate::runtime::receive::event::Inbound;
use futures_core::Stream;
use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Something that came without being asked for, or a word about the connection.
#[derive(Debug)]
#[non_exhaustive]
pub enum Pushed<P> {
    /// What the gateway pushed.
    Push(P),
    /// So many pushes and notices were dropped here, because there was no room for them.
    Missed(u64),
    /// A message of so many bytes was dropped, because it is no JSON object.
    Garbage(usize),
    /// The connection was lost; a new one is being made. Calls that were under way have failed.
    Disconnected(Lost),
    /// A new connection is there, authorised and, where a hook is set, restored.
    Reconnected,
    /// What was to be done on the new connection has failed; calls go all the same.
    HookFailed(BoxError),
}

impl<P: Inbound> Pushed<P> {
    pub(super) fn of(item: Item) -> Self {
        match item {
            Item::Push(text) => match P::parse(&text) {
                Ok(push) => Self::Push(push),
                Err(_) => Self::Garbage(text.len()),
            },
            Item::Garbage(bytes) => Self::Garbage(bytes),
            Item::Missed(missed) => Self::Missed(missed),
            Item::Disconnected(lost) => Self::Disconnected(lost),
            Item::Reconnected => Self::Reconnected,
            Item::HookFailed(error) => Self::HookFailed(error),
        }
    }
}

/// What the gateway pushes, in its order; ends when the connection has ended for good.
///
/// Whoever drops it does not end the connection as long as there is a client.
#[must_use = "what is not taken is dropped beyond a bound"]
pub struct Pushes<P> {
    keep: Arc<Keep>,
    push: PhantomData<fn() -> P>,
}

impl<P: Inbound> Pushes<P> {
    pub(super) fn new(keep: Arc<Keep>) -> Self {
        Self {
            keep,
            push: PhantomData,
        }
    }

    /// The next one.
    pub async fn next(&mut self) -> Option<Pushed<P>> {
        poll_fn(|context| self.poll(context)).await
    }

    /// The connection: its numbers, and its end.
    pub fn line(&self) -> Line {
        Line(self.keep.0.clone())
    }

    fn poll(&mut self, context: &Context<'_>) -> Poll<Option<Pushed<P>>> {
        let item = self.keep.0.inbox.poll_take(context);
        item.map(|item| item.map(Pushed::of))
    }

    /// The next one as it came.
    pub(super) async fn item(&mut self) -> Option<Item> {
        poll_fn(|context| self.keep.0.inbox.poll_take(context)).await
    }
}

impl<P: Inbound> Stream for Pushes<P> {
    type Item = Pushed<P>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll(context)
    }
}

impl<P> Drop for Pushes<P> {
    fn drop(&mut self) {
        self.keep.0.inbox.abandon();
    }
}

impl<P> fmt::Debug for Pushes<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Pushes")
            .field("server", &self.keep.0.server)
            .finish_non_exhaustive()
    }
}
