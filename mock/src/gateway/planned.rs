//! What a test has planned: faults and replies, for an operation or for all, so many times or from now on.

use super::answer::Answer;
use super::engine::Engine;
use super::fault::Fault;
use super::received::Received;
use crate::lock;
use crate::provider::Operation;
use std::mem::discriminant;
use std::sync::Arc;

/// How many faults and replies may be planned.
const PLANNED: usize = 1000;

pub(super) type Reply = Arc<dyn Fn(&Received) -> Answer + Send + Sync>;

#[derive(Default)]
pub(super) struct Plans {
    faults: Vec<Planned<Fault>>,
    replies: Vec<Planned<Reply>>,
}

/// Something that will happen to an operation, so many times or always.
#[derive(Clone)]
pub(super) struct Planned<T> {
    pub(super) operation: String,
    pub(super) what: T,
    pub(super) left: Option<u32>,
}

impl Engine {
    pub(super) fn plan_fault(&self, operation: &str, what: Fault, left: Option<u32>) -> bool {
        plan(&mut lock(&self.plans).faults, operation, what, left)
    }

    pub(super) fn plan_reply(&self, operation: &str, what: Reply, left: Option<u32>) -> bool {
        plan(&mut lock(&self.plans).replies, operation, what, left)
    }

    pub(super) fn clear_faults(&self) {
        lock(&self.plans).faults.clear();
    }

    pub(super) fn clear_replies(&self) {
        lock(&self.plans).replies.clear();
    }

    pub(super) fn faults(&self) -> Vec<Planned<Fault>> {
        lock(&self.plans).faults.clone()
    }

    /// Whether the next callback is to be repeated.
    pub(crate) fn take_duplicate(&self) -> bool {
        let duplicate = |fault: &Fault, _: &[Fault]| *fault == Fault::DuplicateCallback;
        !take(&mut lock(&self.plans).faults, |_| true, duplicate, 1).is_empty()
    }

    /// What this operation is to be answered with now; the newest plan wins.
    pub(super) fn planned_reply(&self, known: &Operation) -> Option<Reply> {
        let named = |operation: &str| names(operation, known);
        take(&mut lock(&self.plans).replies, named, |_, _| true, 1).pop()
    }

    /// What is planned to go wrong with this operation now, one fault of a kind: a second one is for the next call.
    pub(super) fn planned_faults(&self, known: &Operation) -> Vec<Fault> {
        let named = |operation: &str| names(operation, known);
        let on_calls = |fault: &Fault, taken: &[Fault]| {
            let is_of_kind = |taken: &Fault| discriminant(taken) == discriminant(fault);
            *fault != Fault::DuplicateCallback && !taken.iter().any(is_of_kind)
        };
        let plans = &mut lock(&self.plans).faults;
        take(plans, named, on_calls, usize::MAX)
    }
}

fn names(operation: &str, known: &Operation) -> bool {
    operation == "*" || operation == known.id() || operation == known.path()
}

fn plan<T>(plans: &mut Vec<Planned<T>>, operation: &str, what: T, left: Option<u32>) -> bool {
    if plans.len() >= PLANNED {
        return false;
    }
    plans.push(Planned {
        operation: operation.to_owned(),
        what,
        left,
    });
    true
}

/// The plans that apply now, so many at most, the newest first; those that were the last of their kind are gone.
fn take<T: Clone>(
    plans: &mut Vec<Planned<T>>,
    named: impl Fn(&str) -> bool,
    wanted: impl Fn(&T, &[T]) -> bool,
    most: usize,
) -> Vec<T> {
    let mut taken = Vec::new();
    for plan in plans.iter_mut().rev() {
        if taken.len() < most
            && plan.left != Some(0)
            && named(&plan.operation)
            && wanted(&plan.what, &taken)
        {
            plan.left = plan.left.map(|left| left - 1);
            taken.push(plan.what.clone());
        }
    }
    plans.retain(|plan| plan.left != Some(0));
    taken
}
