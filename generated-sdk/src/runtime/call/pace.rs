//! Calls that the documents want apart: a fair queue for each operation of each session.
//!
//! Its wakers are kept by hand: a semaphore of tokio's would want tokio of those who run on something else.

use super::random::between;
use super::timer::Timer;
use crate::runtime::lock::lock;
use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

/// The operation, and the values of the session: those who share both wait for each other.
type Shared = (&'static str, String);

/// All queues of a client and its clones.
#[derive(Default)]
pub(crate) struct Gates(Mutex<Known>);

#[derive(Default)]
struct Known {
    gates: HashMap<Shared, Arc<Gate>>,
    /// So many gates are kept before those that nobody needs are cleared away.
    enough: usize,
}

impl Gates {
    /// The queue of an operation in a session.
    pub(crate) fn of(&self, by: &Shared, now: Instant) -> Arc<Gate> {
        let mut known = lock(&self.0);
        if let Some(gate) = known.gates.get(by) {
            return gate.clone();
        }
        if known.gates.len() >= known.enough {
            known
                .gates
                .retain(|_, gate| Arc::strong_count(gate) > 1 || gate.is_closed(now));
            known.enough = (known.gates.len() * 2).max(64);
        }
        let gate = Arc::new(Gate::default());
        known.gates.insert(by.clone(), gate.clone());
        gate
    }
}

/// One queue. Who is at its head waits for the time, all others for the head.
#[derive(Default)]
pub(crate) struct Gate(Mutex<Queue>);

#[derive(Default)]
struct Queue {
    /// When the next call may go.
    opens: Option<Instant>,
    waiting: VecDeque<(u64, Option<Waker>)>,
    tickets: u64,
}

impl Gate {
    fn queue(&self) -> MutexGuard<'_, Queue> {
        lock(&self.0)
    }

    fn is_closed(&self, now: Instant) -> bool {
        self.queue().opens.is_some_and(|opens| opens > now)
    }

    /// Waits for the turn and for the time; the gate stays shut for others until the turn is over.
    pub(crate) async fn enter(self: Arc<Self>, timer: &dyn Timer) -> Turn {
        let ticket = {
            let mut queue = self.queue();
            queue.tickets += 1;
            let ticket = queue.tickets;
            queue.waiting.push_back((ticket, None));
            ticket
        };
        let turn = Turn { gate: self, ticket };
        poll_fn(|context| turn.poll(context)).await;
        loop {
            let opens = turn.gate.queue().opens;
            let wait = opens.map(|opens| opens.saturating_duration_since(timer.now()));
            match wait.filter(|wait| !wait.is_zero()) {
                Some(wait) => timer.sleep(wait).await,
                None => return turn,
            }
        }
    }
}

/// The right to go next, held until the answer is there, so that the distance is kept as the server sees it too.
///
/// Whoever drops it unused leaves the time as it was.
pub(crate) struct Turn {
    gate: Arc<Gate>,
    ticket: u64,
}

impl Turn {
    fn poll(&self, context: &Context<'_>) -> Poll<()> {
        let mut queue = self.gate.queue();
        let mine = queue
            .waiting
            .binary_search_by_key(&self.ticket, |(ticket, _)| *ticket);
        match mine {
            Ok(0) | Err(_) => Poll::Ready(()),
            Ok(at) => {
                if let Some((_, waker)) = queue.waiting.get_mut(at) {
                    *waker = Some(context.waker().clone());
                }
                Poll::Pending
            }
        }
    }

    /// Says that now is the time to count from: the next one has to wait for a time between the two.
    pub(crate) fn count(&self, (least, most): (u32, u32), timer: &dyn Timer) {
        let apart = between(
            Duration::from_millis(least.into()),
            Duration::from_millis(most.into()),
        );
        self.gate.queue().opens = timer.now().checked_add(apart);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut queue = self.gate.queue();
        let mine = queue
            .waiting
            .binary_search_by_key(&self.ticket, |(ticket, _)| *ticket);
        if let Ok(at) = mine {
            queue.waiting.remove(at);
        }
        let next = queue
            .waiting
            .front_mut()
            .and_then(|(_, waker)| waker.take());
        drop(queue);
        if let Some(waker) = next {
            waker.wake();
        }
    }
}
