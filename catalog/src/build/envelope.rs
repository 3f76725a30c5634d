//! Owns what examples say of a message as a whole: its shape from the root, its tag, its envelope keys.

use crate::build::nest::{self, Message};
use crate::build::structure::Structures;
use crate::config::Subject;
use crate::config::{Beside, Layouts, TagIn};
use crate::diagnostic::{Code, Diagnostic};
use crate::entry::{Entry, EntryKind, Row, SampleKind};
use crate::json::{Map, Value};
use crate::path::DEEPEST;
use crate::sample::Shape;

/// Places the rows of one entry.
pub(super) fn place(
    entry: &mut Entry,
    layouts: Layouts<'_>,
    structures: &Structures,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let kind = entry.kind;
    if entry.samples.iter().any(|s| s.value.depth() > DEEPEST) {
        let message = format!(
            "an example of `{}` is more than {DEEPEST} levels deep",
            entry.title
        );
        let finding = Diagnostic::error(Code::TooDeep, message).at_if(entry.at.clone());
        diagnostics.push(finding.help("shorten the example to what a message can hold"));
    }
    let params: fn(&mut Entry) -> &mut Vec<Row> = |entry| &mut entry.params;
    let mut place = |rows_of: fn(&mut Entry) -> &mut Vec<Row>, kind, payload, managed, beside| {
        let mut rows = std::mem::take(rows_of(entry));
        let shape = match entry.kind {
            EntryKind::Structure => structures.shape(entry),
            _ => shape(entry, kind, layouts),
        };
        let message = Message {
            subject: Subject {
                entry,
                asks: kind == SampleKind::Request,
                payload,
            },
            shape: &shape,
            structures,
            managed,
            beside,
            sample_spelling: entry.kind == EntryKind::Event,
        };
        nest::place(&mut rows, &message, diagnostics);
        *rows_of(entry) = rows;
    };
    match kind {
        EntryKind::Category | EntryKind::Reference | EntryKind::Values => {}
        EntryKind::Structure => {
            place(params, SampleKind::Event, None, &[], Beside::Payload);
        }
        EntryKind::Event => {
            let payload = layouts.event.payload.as_deref();
            let keys = event_keys(layouts, true);
            place(params, SampleKind::Event, payload, &keys, Beside::Envelope);
        }
        EntryKind::Endpoint | EntryKind::Command | EntryKind::Call => {
            let payload = layouts.request.payload.as_deref();
            let keys = layouts.request.keys();
            place(params, SampleKind::Request, payload, &keys, Beside::Payload);
            let (payload, beside) = (layouts.reply.payload.as_deref(), layouts.reply.beside);
            let keys = reply_keys(layouts);
            place(
                |entry| &mut entry.returns,
                SampleKind::Reply,
                payload,
                &keys,
                beside,
            );
        }
    }
}

/// What the examples of one kind show together, from the root of the message.
pub(super) fn shape(entry: &Entry, kind: SampleKind, layouts: Layouts<'_>) -> Shape {
    Shape::of(
        entry
            .samples
            .iter()
            .filter(|sample| sample.kind == kind)
            .map(|sample| match kind {
                SampleKind::Event => unwrapped(&sample.value, layouts),
                SampleKind::Request | SampleKind::Reply => &sample.value,
            }),
    )
}

/// Some documents wrap the envelope once more; the wire does not.
pub(super) fn unwrapped<'v>(value: &'v Value, layouts: Layouts<'_>) -> &'v Value {
    let event = layouts.event;
    let (Some(tag), TagIn::Envelope) = (&event.tag, event.tag_in) else {
        return value;
    };
    let mut members = value.as_object().into_iter().flat_map(Map::iter);
    match (members.next(), members.next()) {
        (Some((key, inner)), None) if key != tag && inner.get(tag).is_some() => inner,
        _ => value,
    }
}

/// The tag that an example of an event carries.
pub(super) fn tag(value: &Value, tag: &str, layouts: Layouts<'_>) -> Option<String> {
    let value = unwrapped(value, layouts);
    let found = value.get(tag).or_else(|| match layouts.event.tag_in {
        TagIn::Payload => value.get(layouts.event.payload.as_deref()?)?.get(tag),
        TagIn::Envelope => None,
    })?;
    match found {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Keys of a reply that the transport reads itself.
pub(super) fn reply_keys(layouts: Layouts<'_>) -> Vec<String> {
    let reply = layouts.reply;
    reply
        .code
        .iter()
        .chain(&reply.message)
        .chain(&reply.managed)
        .cloned()
        .collect()
}

/// Keys of an event that every event shares. A flat event has no envelope but its tag.
pub(super) fn event_keys(layouts: Layouts<'_>, nested: bool) -> Vec<String> {
    let event = layouts.event;
    let tag = event.tag.iter().filter(|_| event.tag_in == TagIn::Envelope);
    if nested || event.tag.is_some() {
        tag.chain(&event.managed).cloned().collect()
    } else {
        Vec::new()
    }
}
