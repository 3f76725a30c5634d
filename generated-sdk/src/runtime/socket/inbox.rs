//! What the gateway pushes, until somebody takes it: bounded, and honest about what did not fit.

use super::lost::Lost;
use crate::runtime::BoxError;
use crate::runtime::lock::lock;
use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};

/// Something that waits to be taken.
pub(super) enum Item {
    Push(String),
    Garbage(usize),
    Missed(u64),
    Disconnected(Lost),
    Reconnected,
    HookFailed(BoxError),
}

impl Item {
    /// How much memory it takes, roughly.
    fn weight(&self) -> usize {
        match self {
            Self::Push(text) => text.len(),
            _ => 0,
        }
    }
}

/// A queue between the connection, which never waits, and whoever takes.
pub(super) struct Inbox {
    state: Mutex<State>,
    capacity: usize,
    capacity_bytes: usize,
}

struct State {
    items: VecDeque<Item>,
    bytes: usize,
    /// Nobody is there to take anything.
    abandoned: bool,
    ended: bool,
    taker: Option<Waker>,
}

impl Inbox {
    pub(super) fn new(capacity: usize, capacity_bytes: usize) -> Self {
        Self {
            state: Mutex::new(State {
                items: VecDeque::new(),
                bytes: 0,
                abandoned: false,
                ended: false,
                taker: None,
            }),
            capacity: capacity.max(1),
            capacity_bytes,
        }
    }

    /// Adds an item; false if there was no room, which the taker is told at this place of the queue.
    pub(super) fn put(&self, item: Item) -> bool {
        let mut state = lock(&self.state);
        if state.abandoned {
            return true;
        }
        let weight = item.weight();
        // One that is larger than all room together still passes alone.
        let full = state.items.len() >= self.capacity
            || (state.bytes > 0 && state.bytes + weight > self.capacity_bytes);
        if full {
            match state.items.back_mut() {
                Some(Item::Missed(missed)) => *missed += 1,
                _ => state.items.push_back(Item::Missed(1)),
            }
        } else {
            state.bytes += weight;
            state.items.push_back(item);
        }
        wake(state);
        !full
    }

    /// The next item; none when there will be no more.
    pub(super) fn poll_take(&self, context: &Context<'_>) -> Poll<Option<Item>> {
        let mut state = lock(&self.state);
        match state.items.pop_front() {
            Some(item) => {
                state.bytes -= item.weight();
                Poll::Ready(Some(item))
            }
            None if state.ended => Poll::Ready(None),
            None => {
                state.taker = Some(context.waker().clone());
                Poll::Pending
            }
        }
    }

    /// Nobody will take anything any more.
    pub(super) fn abandon(&self) {
        let mut state = lock(&self.state);
        state.abandoned = true;
        state.bytes = 0;
        let items = std::mem::take(&mut state.items);
        drop(state);
        drop(items);
    }

    /// Nothing will come any more; what is there can still be taken.
    pub(super) fn end(&self) {
        let mut state = lock(&self.state);
        state.ended = true;
        wake(state);
    }
}

fn wake(mut state: MutexGuard<'_, State>) {
    let taker = state.taker.take();
    drop(state);
    if let Some(taker) = taker {
        taker.wake();
    }
}
