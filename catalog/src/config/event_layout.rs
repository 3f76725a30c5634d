//! Owns how what the gateway tells is laid out.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use super::conversation::ConversationDeclaration;
use super::poll::PollDeclaration;

/// How what the gateway tells is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EventLayout {
    /// The key that tells events apart; absent: only the address does.
    pub tag: Option<String>,
    /// Where the tag stands.
    pub tag_in: TagIn,
    /// The key of the payload.
    pub payload: Option<String>,
    /// Envelope keys that every event shares.
    pub managed: Vec<String>,
    /// Keys below which the payload is at times found, one level deeper.
    pub deeper: Vec<String>,
    /// Texts that stand for nothing, besides none at all and `null`.
    pub empty: Vec<String>,
    /// Codes of events that only ask whether somebody listens.
    pub probe: Vec<String>,
    /// Keys that tell a repeated event: the first that is present counts.
    pub dedupe: Vec<String>,
    /// Those of `dedupe` that say too little alone: the rest of the payload must be the same as well.
    pub coarse: Vec<String>,
    /// What makes a conversation, whose events keep their order: the account first, then the other side; of each the
    /// keys with `|` between them, of which the first counts that is there and says something new.
    pub order: Vec<String>,
    /// Keys whose texts are what people wrote to each other: `Debug` does not show them.
    pub private: Vec<String>,
    /// Public names by code, in snake case, where titles make poor ones.
    pub names: BTreeMap<String, String>,
    /// What codes begin with that no name needs.
    pub strip: Option<String>,
    /// How the gateway tells what became of an operation.
    pub result: Option<EventResult>,
    /// An event that carries a list of what is told apart by a code of its own.
    pub nested: Option<NestedEvents>,
    /// Texts that may begin with somebody's id.
    pub prefix: Vec<EventPrefix>,
    /// Parameters that take an address to which the operation then makes the gateway post.
    pub announce: Vec<String>,
    /// Addresses at which several events arrive.
    pub shared: Vec<SharedAddress>,
    /// Operations whose result is posted in pages.
    pub gather: Vec<GatherDeclaration>,
    /// How the gateway is asked for events that it tells nobody unasked.
    pub poll: Option<Box<PollDeclaration>>,
    /// Events that give the right to answer the person who wrote.
    pub conversation: Option<Box<ConversationDeclaration>>,
}

impl EventLayout {
    /// The keys of each part of `order`.
    pub fn order_keys(&self) -> impl Iterator<Item = Vec<&str>> {
        let parts = self.order.iter();
        parts.map(|part| part.split('|').map(str::trim).collect())
    }
}

/// An address at which several events arrive. The event that no value names is what arrives without the key.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SharedAddress {
    /// The setting under which it is registered.
    pub slot: String,
    /// The key of the payload that tells the events apart.
    pub by: String,
    /// Its values, and the ids of the events that they mean.
    pub events: BTreeMap<String, String>,
    /// What in the documents says so.
    pub why: String,
}

/// An operation whose result is posted in pages, each a message of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GatherDeclaration {
    /// Id or wire.
    pub operation: String,
    /// The field of the page's number.
    pub page: String,
    /// The field that says how many elements there are.
    pub total: String,
    /// The list.
    pub items: String,
    /// How many elements a page has that is not the last.
    pub size: u32,
    /// Seconds that all pages may take.
    #[serde(default = "two_minutes")]
    pub within_s: u32,
    /// What in the documents says so.
    pub why: String,
}

fn two_minutes() -> u32 {
    120
}

/// How the gateway tells what became of an operation: by an event that carries the operation's id, whatever its
/// code is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventResult {
    /// The name of its type.
    pub name: String,
    /// What it is.
    pub title: String,
    /// An event, by id or code, whose documented fields it has.
    pub event: String,
    /// The key of the id.
    pub id: String,
    /// The key of what came of it.
    pub outcome: String,
    /// The key of what went wrong; where it is empty, nothing did.
    pub reason: String,
}

/// An event whose payload is a list of what is told apart by a code of its own.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NestedEvents {
    /// The event's id or code.
    pub event: String,
    /// The key of the elements' code: a field of the payload whose values are documented.
    pub tag: String,
    /// The name of the type of an element.
    pub name: String,
    /// What an element is.
    pub title: String,
    /// Public names by code, in snake case, where titles make poor ones.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
}

/// A text that may begin with the id of who wrote it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventPrefix {
    /// The ids or codes of the events, `*` stands for any text.
    pub events: Vec<String>,
    /// The text's key.
    pub field: String,
    /// What stands between the id and the text.
    pub mark: String,
    /// The field that the id goes to, in snake case.
    pub into: String,
    /// The key of a field: what equals its value is a prefix.
    pub of: String,
    /// What is a prefix by its looks; `*` stands for any text.
    #[serde(default)]
    pub like: Vec<String>,
    /// Values of `of` that name nobody who writes; `*` stands for any text.
    #[serde(default)]
    pub except: Vec<String>,
    /// Why.
    pub why: String,
}

/// Where the tag of an event stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TagIn {
    /// Beside the payload.
    #[default]
    Envelope,
    /// Inside the payload.
    Payload,
}
