//! Owns what is known of conversations: messages that give a right to answer.

use super::Path;

/// What gives the right to answer a person, and how that is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversation {
    /// Keys of the bot in an event, e.g. `["to_user_id"]`.
    pub bot: Vec<String>,
    /// Keys of the person, e.g. `["from_user_id"]`.
    pub person: Vec<String>,
    /// Codes of the events that open one, e.g. `["1"]`.
    pub events: Vec<String>,
    /// Their field with the token, e.g. `context_token`.
    pub token: String,
    /// Seconds within which a message may be answered, e.g. 86400.
    pub within_s: u32,
    /// How many sends it gives, e.g. 10.
    pub answers: u32,
    /// Codes that close it, e.g. `["-2"]`.
    pub closed: Vec<String>,
    /// With which messages they do, e.g. `["", "rate limited"]`; none: with any.
    pub closed_messages: Option<Vec<String>>,
    /// Id of the operation that sends.
    pub operation: String,
    /// Its parameters.
    pub message: Template,
    /// What may be said.
    pub sends: Vec<Send>,
    /// How typing is shown.
    pub typing: Option<Typing>,
}

/// Something that may be said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Send {
    /// What it is called, e.g. `text`.
    pub name: String,
    /// What is sent, e.g. with a place for `text`.
    pub item: Template,
    /// Of a medium: its kind, as JSON, e.g. `1`.
    pub media: Option<String>,
    /// After how many characters it is cut, e.g. 2000.
    pub split: Option<u32>,
}

/// How it is shown that something is being written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typing {
    /// Id of the operation that yields a ticket.
    pub asks: String,
    /// Its parameters.
    pub ask: Template,
    /// The ticket in its reply, e.g. `["typing_ticket"]`.
    pub ticket: Path,
    /// Seconds that it is good for.
    pub within_s: u32,
    /// Id of the operation that shows and hides it.
    pub operation: String,
    /// The parameters that show it.
    pub start: Template,
    /// The parameters that hide it.
    pub stop: Template,
    /// Seconds after which it is shown again, e.g. 5.
    pub every_s: u32,
}

/// JSON with places to be filled, in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(pub Vec<Part>);

/// A part of a [`Template`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// What is always the same, e.g. `{"type":1,"text":`.
    Json(String),
    /// The value of this name, e.g. `text`.
    Value(String),
    /// The same of a number, where a text is wanted, e.g. `size`.
    Text(String),
}
