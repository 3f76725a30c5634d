//! Owns what examples say of a message as a whole: its shape from the root, its tag, its envelope keys.

use crate::build::nest::{self, Message};
use crate::config::Subject;
use crate::config::{Beside, Layouts, TagIn};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, EntryKind, SampleKind};
use crate::json::{Map, Value};
use crate::sample::Shape;

/// Places the rows of one entry.
pub(super) fn place(entry: &mut Entry, layouts: Layouts<'_>, diagnostics: &mut Vec<Diagnostic>) {
    match entry.kind {
        EntryKind::Category | EntryKind::Reference | EntryKind::Values => {}
        EntryKind::Event => {
            let mut rows = std::mem::take(&mut entry.params);
            let message = Message {
                subject: Subject {
                    entry,
                    asks: false,
                    payload: layouts.event.payload.as_deref(),
                },
                shape: &shape(entry, SampleKind::Event, layouts),
                managed: &event_keys(layouts, true),
                beside: Beside::Envelope,
                sample_spelling: true,
            };
            nest::place(&mut rows, &message, diagnostics);
            entry.params = rows;
        }
        EntryKind::Endpoint | EntryKind::Command | EntryKind::Call => {
            let mut rows = std::mem::take(&mut entry.params);
            let request = Message {
                subject: Subject {
                    entry,
                    asks: true,
                    payload: layouts.request.payload.as_deref(),
                },
                shape: &shape(entry, SampleKind::Request, layouts),
                managed: &layouts.request.keys(),
                beside: Beside::Payload,
                sample_spelling: false,
            };
            nest::place(&mut rows, &request, diagnostics);
            entry.params = rows;
            let mut rows = std::mem::take(&mut entry.returns);
            let reply = Message {
                subject: Subject {
                    entry,
                    asks: false,
                    payload: layouts.reply.payload.as_deref(),
                },
                shape: &shape(entry, SampleKind::Reply, layouts),
                managed: &reply_keys(layouts),
                beside: layouts.reply.beside,
                sample_spelling: false,
            };
            nest::place(&mut rows, &reply, diagnostics);
            entry.returns = rows;
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
