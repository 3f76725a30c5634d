//! Calls on their way: those that wait to be written, and those whose answer is awaited.

use super::lost::Lost;
use crate::runtime::lock::lock;
use crate::runtime::race::{First, race};
use crate::runtime::{Timer, TransportError};
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tokio::sync::{Notify, oneshot};

type Answer = Result<String, TransportError>;

/// Who comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Priority {
    /// What makes a connection usable: goes as soon as there is one, and with it.
    Urgent,
    /// Everything else: waits until the connection is usable, for the next one if need be.
    Normal,
}

/// What may be written now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Open {
    Nothing,
    Urgent,
    Everything,
}

/// All calls of a connection and its renewals.
pub(super) struct PendingCalls {
    state: Mutex<State>,
    /// The last call under way has ended.
    idle: Notify,
}

struct State {
    calls: HashMap<String, Entry>,
    urgent: BTreeMap<u64, Outgoing>,
    normal: BTreeMap<u64, Outgoing>,
    turns: u64,
    open: Open,
    /// Why there is no connection.
    lost: Option<Lost>,
    /// No more calls are taken, and why.
    closed: Option<Lost>,
    writer: Option<Waker>,
}

struct Entry {
    answer: oneshot::Sender<Answer>,
    turn: u64,
    priority: Priority,
    /// From here on the gateway may have executed it.
    written: bool,
}

struct Outgoing {
    id: String,
    text: String,
}

/// Why a call is refused that could not be told from another one.
const TWIN: &str = "another call with this id is under way; every call needs one of its own";

impl PendingCalls {
    pub(super) fn new() -> Self {
        Self {
            state: Mutex::new(State {
                calls: HashMap::new(),
                urgent: BTreeMap::new(),
                normal: BTreeMap::new(),
                turns: 0,
                open: Open::Nothing,
                lost: None,
                closed: None,
                writer: None,
            }),
            idle: Notify::new(),
        }
    }

    /// Has a call written when it may be, and waits for its answer.
    pub(super) async fn call(
        &self,
        priority: Priority,
        id: String,
        text: String,
        timer: &dyn Timer,
        timeout: Duration,
    ) -> Answer {
        let mut ticket = self.enter(priority, id, text)?;
        match race(&mut ticket.answer, timer.sleep(timeout)).await {
            First::Left(Ok(answer)) => answer,
            First::Left(Err(_)) => Err(TransportError::no_answer(Lost::ShutDown)),
            First::Right(()) => match self.forget(&ticket.id, ticket.turn) {
                Some(true) => {
                    let late = TransportError::no_answer("no answer came in time");
                    Err(late.timed_out().hopeless())
                }
                Some(false) => Err(TransportError::not_sent(self.unsent())
                    .timed_out()
                    .telling()
                    .hopeless()),
                // It was answered in this very moment.
                None => ticket
                    .answer
                    .try_recv()
                    .unwrap_or_else(|_| Err(TransportError::no_answer(Lost::ShutDown))),
            },
        }
    }

    fn enter(
        &self,
        priority: Priority,
        id: String,
        text: String,
    ) -> Result<Ticket<'_>, TransportError> {
        let mut state = lock(&self.state);
        if let Some(lost) = &state.closed {
            return Err(TransportError::not_sent(lost.clone()).telling().hopeless());
        }
        if priority == Priority::Urgent && state.open == Open::Nothing {
            return Err(TransportError::not_sent(Lost::Unreachable(
                "the connection is gone".to_owned(),
            ))
            .hopeless());
        }
        if state.calls.contains_key(&id) {
            return Err(TransportError::not_sent(TWIN).hopeless());
        }
        state.turns += 1;
        let turn = state.turns;
        let (sender, answer) = oneshot::channel();
        let entry = Entry {
            answer: sender,
            turn,
            priority,
            written: false,
        };
        state.calls.insert(id.clone(), entry);
        let outgoing = Outgoing {
            id: id.clone(),
            text,
        };
        state.queue(priority).insert(turn, outgoing);
        wake(state);
        Ok(Ticket {
            pending: self,
            id,
            turn,
            answer,
        })
    }

    /// The next call to write; from now on it counts as written.
    pub(super) fn poll_next(&self, context: &Context<'_>) -> Poll<String> {
        let mut state = lock(&self.state);
        let urgent = match state.open {
            Open::Nothing => None,
            Open::Urgent | Open::Everything => state.urgent.pop_first(),
        };
        let next = match state.open {
            Open::Everything => urgent.or_else(|| state.normal.pop_first()),
            Open::Nothing | Open::Urgent => urgent,
        };
        let Some((_, Outgoing { id, text })) = next else {
            state.writer = Some(context.waker().clone());
            return Poll::Pending;
        };
        if let Some(entry) = state.calls.get_mut(&id) {
            entry.written = true;
        }
        Poll::Ready(text)
    }

    /// Hands an answer to its call; false if nobody waits for it.
    pub(super) fn answer(&self, id: &str, text: String) -> bool {
        let entry = self.remove(|state| state.calls.remove(id));
        entry.is_some_and(|entry| entry.answer.send(Ok(text)).is_ok())
    }

    /// Why a call could not be written in its time.
    fn unsent(&self) -> String {
        let lost = &lock(&self.state).lost;
        let lost = lost.as_ref().map(|lost| format!("; at last, {lost}"));
        format!(
            "there was no connection in time{}",
            lost.unwrap_or_default()
        )
    }

    /// Says what may be written from now on.
    pub(super) fn open(&self, open: Open) {
        let mut state = lock(&self.state);
        state.open = open;
        if open == Open::Everything {
            state.lost = None;
        }
        wake(state);
    }

    /// Says why there is no connection.
    pub(super) fn note(&self, lost: &Lost) {
        lock(&self.state).lost = Some(lost.clone());
    }

    /// The connection is gone: what was written may have been executed, what was not waits for the next one.
    pub(super) fn lose(&self, lost: &Lost) {
        let mut failed = Vec::new();
        self.note(lost);
        self.remove(|state| {
            state.open = Open::Nothing;
            state.urgent.clear();
            let gone = state
                .calls
                .extract_if(|_, entry| entry.written || entry.priority == Priority::Urgent);
            failed.extend(gone.map(|(_, entry)| entry));
        });
        fail(failed, lost);
    }

    /// Takes no more calls.
    pub(super) fn close(&self, lost: Lost) {
        lock(&self.state).closed.get_or_insert(lost);
    }

    /// There will be no connection any more: all calls fail.
    pub(super) fn end(&self, lost: &Lost) {
        self.close(lost.clone());
        let mut failed = Vec::new();
        self.remove(|state| {
            state.open = Open::Nothing;
            state.urgent.clear();
            state.normal.clear();
            failed.extend(state.calls.drain().map(|(_, entry)| entry));
        });
        fail(failed, lost);
    }

    /// Waits until no call is under way.
    pub(super) async fn idle(&self) {
        loop {
            let mut idle = std::pin::pin!(self.idle.notified());
            idle.as_mut().enable();
            if lock(&self.state).calls.is_empty() {
                return;
            }
            idle.await;
        }
    }

    /// Forgets a call: says whether it was written, or nothing if it is not there any more.
    fn forget(&self, id: &str, turn: u64) -> Option<bool> {
        self.remove(|state| {
            let mine = state.calls.get(id).is_some_and(|entry| entry.turn == turn);
            let entry = mine.then(|| state.calls.remove(id)).flatten()?;
            state.queue(entry.priority).remove(&turn);
            Some(entry.written)
        })
    }

    /// Changes the calls, and says so to who waits for their end.
    fn remove<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = lock(&self.state);
        let result = change(&mut state);
        let idle = state.calls.is_empty();
        drop(state);
        if idle {
            self.idle.notify_waiters();
        }
        result
    }
}

impl State {
    fn queue(&mut self, priority: Priority) -> &mut BTreeMap<u64, Outgoing> {
        match priority {
            Priority::Urgent => &mut self.urgent,
            Priority::Normal => &mut self.normal,
        }
    }
}

fn wake(mut state: MutexGuard<'_, State>) {
    let writer = state.writer.take();
    drop(state);
    if let Some(writer) = writer {
        writer.wake();
    }
}

fn fail(entries: Vec<Entry>, lost: &Lost) {
    for entry in entries {
        let error = if entry.written {
            TransportError::no_answer(lost.clone())
        } else {
            TransportError::not_sent(lost.clone()).hopeless()
        };
        // Whoever is gone does not want to know.
        let _ = entry.answer.send(Err(error.telling()));
    }
}

/// A place among the pending calls, given back when the caller goes away.
struct Ticket<'a> {
    pending: &'a PendingCalls,
    id: String,
    turn: u64,
    answer: oneshot::Receiver<Answer>,
}

impl Drop for Ticket<'_> {
    fn drop(&mut self) {
        self.pending.forget(&self.id, self.turn);
    }
}
