//! Owns what the gateway tells.

use super::{Addressed, Member, Nested, ResultData, Type, Types};

/// What the gateway tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Callbacks {
    /// The file that documents it.
    pub source: String,
    /// How it is laid out.
    pub layout: EventData,
    /// What stands beside every payload, the code left out.
    pub shared: Vec<Member>,
    /// `message_type`: the field that holds the code.
    pub tag: String,
    /// In the order of the documents.
    pub events: Vec<Event>,
    /// What tells what became of an operation.
    pub result: Option<ResultData>,
    /// What the elements of one of the events are.
    pub nested: Option<Nested>,
    /// Types that only events use.
    pub types: Types,
    /// Only their address tells them apart.
    pub addressed: Option<Addressed>,
}

/// How events are laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventData {
    /// The key of the code.
    pub tag: String,
    /// The code stands inside the payload.
    pub tag_inside: bool,
    /// The key of the payload; empty: the root.
    pub payload: String,
    /// Keys below which the payload may stand.
    pub deeper: Vec<String>,
    /// Texts that stand for nothing, besides the usual ones.
    pub empty: Vec<String>,
    /// Codes whose payload is the root.
    pub flat: Vec<String>,
    /// Codes with fields of their own beside the payload.
    pub beside: Vec<String>,
    /// Codes of probes.
    pub probe: Vec<String>,
    /// Keys that say whom an event is for.
    pub receiver: Vec<String>,
    /// Keys that tell a repetition.
    pub dedupe: Vec<String>,
    /// Those that say too little alone.
    pub coarse: Vec<String>,
}

/// Something that the gateway tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// `callback_60001`.
    pub id: String,
    /// `PrivateText`.
    pub ident: String,
    /// Every code.
    pub wire: Vec<String>,
    /// The vendor's title.
    pub title: String,
    /// Markdown.
    pub docs: Vec<String>,
    /// What it carries.
    pub payload: Type,
}
