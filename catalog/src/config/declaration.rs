//! Owns what is declared of calls as a whole: jobs, pages, answers, alternatives.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// An operation that starts something, and the one that tells what became of it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JobDeclaration {
    /// Id or wire of the operation that starts it.
    pub start: String,
    /// Id or wire of the operation that is asked.
    pub poll: String,
    /// Where several APIs use one name: which.
    #[serde(default)]
    pub api: Option<String>,
    /// The field of the first one's reply that identifies the job.
    pub key: String,
    /// The parameter of the second one that takes the key, where it is called otherwise.
    #[serde(default)]
    pub param: Option<String>,
    /// What the second one wants besides, each time the same: `with = { autoCheck = false }`.
    #[serde(default)]
    pub with: BTreeMap<String, Constant>,
    /// What the second one's reply shows when the job is done.
    pub done: When,
    /// What it shows when the job has failed.
    #[serde(default)]
    pub failed: Option<When>,
    /// The field of the second one's reply that says why a job failed.
    #[serde(default)]
    pub message: Option<String>,
    /// Milliseconds between two questions.
    #[serde(default = "two_seconds")]
    pub every_ms: u32,
    /// Seconds that a job may take.
    #[serde(default = "ten_minutes")]
    pub within_s: u32,
}

fn two_seconds() -> u32 {
    2000
}

fn ten_minutes() -> u32 {
    600
}

/// What a parameter always is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Constant {
    /// `false`.
    Boolean(bool),
    /// `3`.
    Integer(i64),
    /// `"mac"`.
    Text(String),
}

impl Constant {
    /// As JSON.
    pub fn json(&self) -> String {
        match self {
            Self::Boolean(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Text(value) => serde_json::Value::from(value.as_str()).to_string(),
        }
    }
}

/// What a reply shows: a field with one of these values, or, without values, one that is not empty; or else the
/// vendor's code.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// A path of the payload.
    #[serde(default)]
    pub field: Option<String>,
    /// As they are on the wire, numbers as text.
    #[serde(default)]
    pub values: Vec<String>,
    /// Instead of a field: the vendor's code is one of these, each of them a success.
    #[serde(default)]
    pub code: Vec<String>,
}

/// An operation whose reply is one page of several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageDeclaration {
    /// Id or wire.
    pub operation: String,
    /// Where several APIs use one name: which.
    #[serde(default)]
    pub api: Option<String>,
    /// The parameters that differ from page to page.
    pub cursor: Vec<CursorDeclaration>,
    /// The lists of the payload; a page on which all are empty is the last.
    #[serde(default)]
    pub items: Vec<String>,
    /// What the reply shows if there are more pages; without it the items and the cursors tell.
    #[serde(default)]
    pub more: Option<When>,
}

/// A parameter that differs from page to page: either `from` or `step`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CursorDeclaration {
    /// The parameter.
    pub param: String,
    /// The path of the payload where its next value stands; `[]` goes to the last element of a list.
    #[serde(default)]
    pub from: Option<String>,
    /// Where the field is empty, the former value stays, and the field says nothing of the end.
    #[serde(default)]
    pub keep: bool,
    /// By how much the next value is larger.
    #[serde(default)]
    pub step: Option<i64>,
}

/// An operation that an event answers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerDeclaration {
    /// Id or wire of the operation.
    pub operation: String,
    /// Id or code of the event.
    pub event: String,
    /// Where several APIs use one name: which.
    #[serde(default)]
    pub api: Option<String>,
    /// What must be the same for an event to be the answer: parameters, each with a field of the event's payload.
    #[serde(default)]
    pub same: BTreeMap<String, String>,
    /// What in the documents says so.
    pub why: String,
}

/// Parameters of which exactly one is given: one argument, whose type leaves no other way.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EitherDeclaration {
    /// Ids or wires of operations.
    pub operations: Vec<String>,
    /// The parameters, as they are on the wire.
    pub params: Vec<String>,
    /// What the argument is called, in snake case.
    pub name: String,
    /// What in the documents says so.
    pub why: String,
}

/// Warnings that a person has looked at, and that may stay.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Acceptance {
    /// The code that is printed with them.
    pub code: String,
    /// What they are about: names from their messages, or the file; `*` stands for any text.
    pub about: Vec<String>,
    /// Why they may stay.
    pub why: String,
}

/// Operations and events that the vendor no longer has.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Gone {
    /// Ids of operations; `*` stands for any text.
    #[serde(default)]
    pub operations: Vec<String>,
    /// Ids of events; `*` stands for any text.
    #[serde(default)]
    pub events: Vec<String>,
    /// What says so.
    pub why: String,
}

impl Gone {
    /// The events, or the operations.
    pub fn of(&self, is_event: bool) -> &[String] {
        match is_event {
            true => &self.events,
            false => &self.operations,
        }
    }
}
