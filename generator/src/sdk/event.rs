//! Owns what the gateway tells.

use std::sync::Arc;

use catalog::config::{EventLayout, EventResult};
use catalog::model;

use super::{Addressed, Member, Nested, Type, Types};

/// What the gateway tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Callbacks {
    /// The file that documents it.
    pub source: String,
    /// How it is laid out.
    pub layout: EventLayout,
    /// Codes whose payload is the root.
    pub flat: Vec<String>,
    /// Codes with fields of their own beside the payload.
    pub beside: Vec<String>,
    /// Keys that say whom an event is for.
    pub receiver: Vec<String>,
    /// What stands beside every payload, the code left out.
    pub shared: Vec<Member>,
    /// `message_type`: the field that holds the code.
    pub tag: String,
    /// In the order of the documents.
    pub events: Vec<Event>,
    /// What tells what became of an operation.
    pub result: Option<EventResult>,
    /// What the elements of one of the events are.
    pub nested: Option<Nested>,
    /// Types that only events use.
    pub types: Types,
    /// Only their address tells them apart.
    pub addressed: Option<Addressed>,
}

impl Callbacks {
    /// The key of the code; where there is none, the address is the code.
    pub fn key(&self) -> &str {
        self.layout.tag.as_deref().unwrap_or("address")
    }

    /// The key of the payload; empty: the root.
    pub fn payload(&self) -> &str {
        self.layout.payload.as_deref().unwrap_or_default()
    }
}

/// Something that the gateway tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// What the documents say of it; where there is no code, its address is its code.
    pub model: Arc<model::Event>,
    /// `PrivateText`.
    pub ident: String,
    /// Markdown.
    pub docs: Vec<String>,
    /// What it carries.
    pub payload: Type,
}
