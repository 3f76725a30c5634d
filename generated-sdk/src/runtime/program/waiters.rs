//! Calls that wait for what becomes of their commands.

use super::address::Address;
use crate::runtime::call::{Answered, HttpResponse, program_answer};
use crate::runtime::codec::json::Json;
use crate::runtime::lock::lock;
use std::collections::{BTreeMap, HashMap};
use std::sync::Mutex;
use tokio::sync::oneshot;

/// Everybody who waits, by the ids of the commands.
#[derive(Default)]
pub(super) struct Waiters(Mutex<State>);

#[derive(Default)]
struct State {
    waiting: HashMap<String, Waiter>,
    /// Ids of those who wait for an event, the oldest first.
    linked: BTreeMap<u64, String>,
    next: u64,
}

struct Waiter {
    expects: Expects,
    /// Its place in `linked`.
    place: u64,
    handed_out: bool,
    /// The program has said that it executed the command.
    succeeded: bool,
    to: oneshot::Sender<HttpResponse>,
}

/// What answers a command.
pub(super) enum Expects {
    /// Nothing does: that the program has it is all that will be known.
    Nothing,
    /// Its result.
    Result,
    /// An event with these values.
    Event(Link),
}

/// The event that answers a command.
pub(super) struct Link {
    pub(super) answered: &'static Answered,
    /// Who is asked.
    pub(super) asked: Address,
    /// The values of the parameters that the event repeats.
    pub(super) same: Vec<Option<String>>,
}

/// What is known of a command whose time is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub(super) succeeded: bool,
    pub(super) handed_out: bool,
}

impl Waiters {
    /// Somebody waits from now on.
    pub(super) fn add(&self, id: &str, expects: Expects) -> oneshot::Receiver<HttpResponse> {
        let (to, answer) = oneshot::channel();
        let mut state = lock(&self.0);
        state.next += 1;
        let place = state.next;
        if matches!(expects, Expects::Event(_)) {
            state.linked.insert(place, id.to_owned());
        }
        let waiter = Waiter {
            expects,
            place,
            handed_out: false,
            succeeded: false,
            to,
        };
        state.waiting.insert(id.to_owned(), waiter);
        answer
    }

    /// Nobody waits any more; what was known until then.
    pub(super) fn remove(&self, id: &str) -> Option<Known> {
        let waiter = lock(&self.0).remove(id)?;
        Some(Known {
            succeeded: waiter.succeeded,
            handed_out: waiter.handed_out,
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        lock(&self.0).waiting.is_empty()
    }

    /// The program has the command.
    pub(super) fn handed_out(&self, id: &str) {
        let mut state = lock(&self.0);
        let Some(waiter) = state.waiting.get_mut(id) else {
            return;
        };
        waiter.handed_out = true;
        if matches!(waiter.expects, Expects::Nothing) {
            state.complete(id, program_answer(None, &Json::null()));
        }
    }

    /// The program says how it went; false if nobody waits.
    pub(super) fn result(&self, id: &str, reason: Option<&str>, payload: &Json) -> bool {
        let mut state = lock(&self.0);
        let Some(waiter) = state.waiting.get_mut(id) else {
            return false;
        };
        waiter.handed_out = true;
        match (&waiter.expects, reason) {
            (Expects::Event(_), None) => waiter.succeeded = true,
            _ => state.complete(id, program_answer(reason, payload)),
        }
        true
    }

    /// An event has come: the oldest command that it answers has its answer. Where nothing says whose event it is, and
    /// several were asked for it, it answers nobody.
    pub(super) fn event(
        &self,
        from: &Address,
        code: &str,
        field: &dyn Fn(&str) -> Option<String>,
        payload: &Json,
    ) {
        let mut state = lock(&self.0);
        let fits = |id: &&String| {
            let waiter = state.waiting.get(*id);
            waiter.is_some_and(|waiter| waiter.is_answered_by(from, code, field))
        };
        let asked = |id: &String| match &state.waiting.get(id)?.expects {
            Expects::Event(link) => Some(&link.asked),
            Expects::Nothing | Expects::Result => None,
        };
        let fitting: Vec<&String> = state.linked.values().filter(fits).collect();
        let named = |id: &&&String| asked(id).is_some_and(|asked| from.names(asked));
        let answered = fitting.iter().find(named).or_else(|| {
            let first = fitting.first()?;
            let alone = fitting.iter().all(|id| asked(id) == asked(first));
            alone.then_some(first)
        });
        if let Some(id) = answered.map(|id| (*id).clone()) {
            state.complete(&id, program_answer(None, payload));
        }
    }
}

impl State {
    fn remove(&mut self, id: &str) -> Option<Waiter> {
        let waiter = self.waiting.remove(id)?;
        self.linked.remove(&waiter.place);
        Some(waiter)
    }

    fn complete(&mut self, id: &str, answer: HttpResponse) {
        if let Some(waiter) = self.remove(id) {
            // Whoever waited may be gone in this very moment.
            let _ = waiter.to.send(answer);
        }
    }
}

impl Waiter {
    fn is_answered_by(
        &self,
        from: &Address,
        code: &str,
        field: &dyn Fn(&str) -> Option<String>,
    ) -> bool {
        let Expects::Event(link) = &self.expects else {
            return false;
        };
        let same = link.answered.same.iter().zip(&link.same);
        let fits = |(names, value): (&(&str, &str), &Option<String>)| {
            let field = field(names.1);
            // What either leaves out tells nothing apart.
            value.is_none() || field.is_none() || field == *value
        };
        // An event that comes before the command is out is about something else.
        self.handed_out
            && from.may_be(&link.asked)
            && link.answered.events.contains(&code)
            && same.into_iter().all(fits)
    }
}
