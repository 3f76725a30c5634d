//! Owns calls that are messages, and what answers them.

use super::{Event, Type};

/// How calls travel that are messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Messages {
    /// The key of the name of what is asked.
    pub command: String,
    /// The key of the id that pairs an answer with what was asked.
    pub id: String,
    /// Operations that an event answers.
    pub answers: Vec<Answered>,
}

/// How a connection begins on which calls travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// The call that must come first.
    pub first: Option<FirstCall>,
    /// How many seconds the gateway waits for it.
    pub within_s: u32,
}

/// The call that must come first on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstCall {
    /// The Rust module of its request.
    pub module: String,
    /// The type of its request.
    pub request: String,
    /// The vendor's title.
    pub title: String,
    /// Its only parameter, a secret.
    pub param: String,
}

/// An operation that an event answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The operation's wire name.
    pub command: String,
    /// Every code of the event.
    pub events: Vec<String>,
    /// Parameters, each with the field of the payload that is the same.
    pub same: Vec<(String, String)>,
}

/// How a result looks among the events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultData {
    /// `CommandResult`: the variant, and what it carries.
    pub ident: String,
    /// What it is.
    pub title: String,
    /// The key of the id.
    pub id: String,
    /// The key of what came of it.
    pub outcome: String,
    /// The key of what went wrong.
    pub reason: String,
}

/// What the elements of an event are, which are told apart by a code of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Nested {
    /// `Message`.
    pub ident: String,
    /// What an element is.
    pub title: String,
    /// The key of the code.
    pub tag: String,
    /// What they all carry.
    pub payload: Type,
    /// One per code.
    pub events: Vec<Event>,
}
