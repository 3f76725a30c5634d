//! How calls hang together, as data: a job that is started and asked for, pages that lead to the next.

use crate::runtime::call::{Operation, Request, Rest};
use crate::runtime::codec::json::{Json, find, is_empty, plain};
use crate::runtime::codec::{Overlay, Scalar, Slot, ToObject, member_text, recast};
use std::time::Duration;

/// A path into the data of a reply; the step `[]` goes to a list's last element.
pub type Path = &'static [&'static str];

/// What a field of a reply must be for something to hold.
#[derive(Clone, Copy, Debug)]
pub struct Condition {
    /// The field; `None`: the vendor's code.
    pub field: Option<Path>,
    /// One of these; if there are none, anything that is not empty.
    pub values: &'static [&'static str],
}

impl Condition {
    /// The field's value, or the code, if the condition holds.
    pub(crate) fn holds(&self, rest: &Rest) -> Option<String> {
        let Some(path) = self.field else {
            let code = rest.code.as_ref().map_or("", Scalar::as_str);
            return self.values.contains(&code).then(|| code.to_owned());
        };
        let value = plain(rest.find(path)?);
        let met = self.values.is_empty() || self.values.contains(&value.as_str());
        met.then_some(value)
    }
}

/// An operation that starts something, and the one that says what came of it.
#[derive(Clone, Copy, Debug)]
pub struct JobPlan {
    /// The operation that is asked.
    pub poll: &'static Operation,
    /// What identifies the job in the reply of the one that starts it.
    pub key: Path,
    /// The parameter by which the other one is asked.
    pub param: &'static str,
    /// Whether the parameter is declared as a number; `None`: it is written as it came.
    pub number: Option<bool>,
    /// What else it is asked with, as JSON.
    pub with: &'static [(&'static str, &'static str)],
    /// The job is done.
    pub done: Condition,
    /// The job has failed.
    pub failed: Option<Condition>,
    /// What the vendor says of a failure.
    pub message: Option<Path>,
    /// How far apart the questions are.
    pub every: Duration,
    /// How long the job may take.
    pub within: Duration,
}

/// How one page leads to the next.
#[derive(Clone, Copy, Debug)]
pub struct PagePlan {
    /// The parameters that move.
    pub cursors: &'static [Cursor],
    /// The lists; a page on which all are empty is the last.
    pub items: &'static [Path],
    /// There are more pages. Without it the items and the cursors tell.
    pub more: Option<Condition>,
}

/// A parameter that differs from page to page.
#[derive(Clone, Copy, Debug)]
pub struct Cursor {
    /// Its name.
    pub param: &'static str,
    /// Where its next value comes from.
    pub next: Next,
}

/// Where the next value of a cursor comes from.
#[derive(Clone, Copy, Debug)]
pub enum Next {
    /// From the page.
    From {
        /// The field.
        field: Path,
        /// Whether the parameter is declared as a number; `None`: it is written as it came.
        number: Option<bool>,
        /// Where the field is empty, the former value stays and says nothing of the end.
        keep: bool,
    },
    /// From the value before, by so much.
    Step(i64),
}

/// A request whose list may be sent in chunks; the replies are lists, one after the other.
pub trait Chunked: Request<Reply = Vec<Self::Item>> {
    /// What the replies are lists of.
    type Item;
    /// The list's name on the wire.
    const LIST: &'static str;
    /// How many elements a call takes.
    const MOST: usize;
}

/// A request whose reply is a page of several.
pub trait Paged: Request {
    /// How one page leads to the next.
    const PAGES: PagePlan;
}

/// A request that starts something whose result is asked for later.
pub trait Started: Request {
    /// What the result is.
    type Result: Slot + Default;
    /// How the result is asked for.
    const JOB: JobPlan;
}

/// Where a page leads.
pub(super) enum Turn {
    /// There is no other.
    End,
    /// To the page with these values.
    To(Vec<(&'static str, Json)>),
}

impl PagePlan {
    /// Whether a page has nothing on it.
    fn is_blank(&self, data: &str) -> bool {
        !self.items.is_empty()
            && self
                .items
                .iter()
                .all(|list| find(data, list).is_none_or(is_empty))
    }

    /// Where a page leads that came for this request.
    pub(super) fn turn(
        &self,
        request: &dyn ToObject,
        at: &[(&'static str, Json)],
        rest: &Rest,
    ) -> Turn {
        let data = rest.raw();
        if let Some(more) = &self.more {
            if more.holds(rest).is_none() {
                return Turn::End;
            }
        } else if self.is_blank(data) {
            return Turn::End;
        }
        let now = Overlay::new(request, at);
        let mut to = at.to_vec();
        let (mut telling, mut told) = (0, 0);
        for cursor in self.cursors {
            let value = match cursor.next {
                Next::From {
                    field,
                    number,
                    keep,
                } => {
                    let raw = find(data, field).filter(|raw| !is_empty(raw));
                    if !keep {
                        telling += 1;
                        told += usize::from(raw.is_some());
                    }
                    raw.map(|raw| recast(raw, number))
                }
                Next::Step(by) => {
                    let value = member_text(&now, cursor.param);
                    let value = value.and_then(|value| value.parse().ok()).unwrap_or(1_i64);
                    Some(Json::from(value.saturating_add(by)))
                }
            };
            if let Some(value) = value {
                to.retain(|(name, _)| *name != cursor.param);
                to.push((cursor.param, value));
            }
        }
        // Without a word on whether there is more, a page that leads nowhere is the last.
        if self.more.is_none() && telling > 0 && told == 0 {
            return Turn::End;
        }
        Turn::To(to)
    }

    /// The cursors of a request: where a page stands.
    pub(super) fn place(&self, request: &dyn ToObject) -> Vec<Option<String>> {
        let cursors = self.cursors.iter();
        cursors
            .map(|cursor| member_text(request, cursor.param))
            .collect()
    }
}
