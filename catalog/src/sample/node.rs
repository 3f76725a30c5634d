//! Owns the tree a sample is read into, each value with its place, and its way to JSON.

use super::MAX_DEPTH;
use crate::json::{Number, Value};
use crate::source::Span;

/// One value, with its place.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where it stands, quotes and brackets included.
    pub span: Span,
}

/// What a value is.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum NodeKind {
    /// Members in the order they were written.
    Object(Vec<Member>),
    /// A list.
    Array(Vec<Node>),
    /// Text, unescaped.
    Text(String),
    /// A number as it was written: a double would lose the last digits of 64-bit ids.
    Number(String),
    /// `true` or `false`.
    Bool(bool),
    /// `null`, or what could not be read.
    #[default]
    Null,
}

/// One member of an object.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Member {
    /// The name, unescaped.
    pub key: String,
    /// Where the name stands, quotes included.
    pub key_span: Span,
    /// The value.
    pub value: Node,
    /// The comment on the member's line, or else the comment lines just above it.
    pub comment: Option<String>,
}

impl Node {
    /// A value at a place.
    pub(crate) fn new(kind: NodeKind, span: Span) -> Self {
        Self { kind, span }
    }

    /// The text, if this is text.
    pub(crate) fn as_text(&self) -> Option<&str> {
        match &self.kind {
            NodeKind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Whether this is an object or a list.
    pub(crate) fn is_container(&self) -> bool {
        matches!(self.kind, NodeKind::Object(_) | NodeKind::Array(_))
    }

    /// As JSON. Integers stay integers as far as 64 bits go; what lies deeper than
    /// [`MAX_DEPTH`] becomes null.
    pub(crate) fn to_json(&self) -> Value {
        self.to_json_within(MAX_DEPTH)
    }

    fn to_json_within(&self, depth: usize) -> Value {
        match &self.kind {
            NodeKind::Object(_) | NodeKind::Array(_) if depth == 0 => Value::Null,
            NodeKind::Object(members) => {
                let json = |member: &Member| {
                    let value = member.value.to_json_within(depth - 1);
                    (member.key.clone(), value)
                };
                Value::Object(members.iter().map(json).collect())
            }
            NodeKind::Array(elements) => Value::Array(
                elements
                    .iter()
                    .map(|element| element.to_json_within(depth - 1))
                    .collect(),
            ),
            NodeKind::Text(text) => Value::String(text.clone()),
            NodeKind::Number(written) => number_to_json(written),
            NodeKind::Bool(value) => Value::Bool(*value),
            NodeKind::Null => Value::Null,
        }
    }
}

fn number_to_json(written: &str) -> Value {
    if let Ok(number) = written.parse::<i64>() {
        return Value::Number(number.into());
    }
    if let Ok(number) = written.parse::<u64>() {
        return Value::Number(number.into());
    }
    written
        .parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .map_or_else(|| Value::String(written.to_owned()), Value::Number)
}
