//! Owns `[event.conversation]`: a message of a person as a right to answer, for `Conversation`.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::json::Value;

/// Events that give the right to answer the person who wrote, and what may be said.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversationDeclaration {
    /// Who talks: the bot first, then the person; of each the keys of an event with `|` between them, of which the first
    /// counts that is there.
    pub key: Vec<String>,
    /// Ids or codes of the events that open a conversation.
    pub events: Vec<String>,
    /// Their field with the token that an answer carries; one of the `secrets`.
    pub token: String,
    /// Seconds within which a message may be answered.
    pub within_s: u32,
    /// How many sends a message gives, a piece of a text each.
    pub answers: u32,
    /// Codes by which the vendor says that nothing goes through until the person writes again: no answer goes out from
    /// then on.
    #[serde(default)]
    pub closed: Vec<String>,
    /// With which messages these codes say so, `""` for none; without it, with any.
    #[serde(default)]
    pub closed_messages: Option<Vec<String>>,
    /// Id or wire of the operation that sends.
    pub operation: String,
    /// Its parameters, with the places `"{person}"`, `"{token}"`, `"{item}"` and `"{client_id}"`.
    #[schemars(with = "serde_json::Value")]
    pub message: Value,
    /// What may be said.
    #[serde(default)]
    pub send: Vec<SendDeclaration>,
    /// How it is shown that something is being written.
    #[serde(default)]
    pub typing: Option<TypingDeclaration>,
}

/// Something that may be said.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendDeclaration {
    /// `text` gives `conversation.send_text(…)`.
    pub name: String,
    /// What stands for `"{item}"`, with the place `"{text}"`; of a medium with the places `"{media}"`, `"{size}"`,
    /// `"{encrypted_size}"`, `"{md5}"` and `"{file_name}"`.
    #[schemars(with = "serde_json::Value")]
    pub item: Value,
    /// It is a medium: of which kind, as `"{kind}"` of `[media.up]` says it.
    #[serde(default)]
    #[schemars(with = "Option<serde_json::Value>")]
    pub media: Option<Value>,
    /// A longer text is cut after so many characters at most: at blank lines, else at lines, else at spaces.
    #[serde(default)]
    pub split: Option<u32>,
}

/// How it is shown that something is being written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TypingDeclaration {
    /// What yields the ticket that it takes.
    pub ticket: TicketDeclaration,
    /// Id or wire of the operation that shows and hides it.
    pub operation: String,
    /// Its parameters that show it, with the places `"{person}"` and `"{ticket}"`.
    #[schemars(with = "serde_json::Value")]
    pub start: Value,
    /// Its parameters that hide it.
    #[schemars(with = "serde_json::Value")]
    pub stop: Value,
    /// Seconds after which it is shown again.
    pub every_s: u32,
}

/// What yields a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TicketDeclaration {
    /// Id or wire.
    pub operation: String,
    /// Its parameters, with the places `"{person}"` and `"{token}"`.
    #[schemars(with = "serde_json::Value")]
    pub with: Value,
    /// The field of its reply that holds the ticket; one of the `secrets`.
    pub field: String,
    /// Seconds that it is good for.
    pub within_s: u32,
}
