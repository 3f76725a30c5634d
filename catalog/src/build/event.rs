//! Owns what one entry says of an event, and when two sections describe the same.

use super::fields::{self, Side, Split};
use super::{Reader, envelope, samples, source};
use crate::diagnostic::{Code, Diagnostic};
use crate::entry::{Entry, SampleKind};
use crate::model::Event;

impl Reader<'_> {
    pub(super) fn event(&self, entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Event {
        let layouts = self.config.layouts(entry.api.as_deref());
        let shape = envelope::shape(entry, SampleKind::Event, layouts);
        let payload = layouts.event.payload.as_deref();
        let side = Side::received(entry, self.config, payload, &shape, &self.known);
        let whole = self.payload(entry, &entry.params, diagnostics);
        let nested;
        let message = match &whole {
            // The members of the structure are its fields.
            Some((name, payload_is)) => {
                nested = payload.is_some_and(|key| shape.at(key).is_some());
                Split {
                    payload: *payload_is,
                    structure: Some(name.clone()),
                    fields: Vec::new(),
                }
            }
            None => {
                let read = fields::read(&entry.params, &side, diagnostics);
                nested = payload.is_some_and(|key| read.has(key));
                read.split(payload, &envelope::event_keys(layouts, nested), !nested)
            }
        };
        // A table alone does not say where its rows stand: they are where the events of this API are.
        let shown = entry.samples.iter().any(|s| s.kind == SampleKind::Event);
        let flat = !nested && payload.is_some() && (shown || layouts.event.tag.is_none());
        Event {
            id: entry.operation_id.clone(),
            wire: entry.wire.clone(),
            title: entry.title.clone(),
            fields: message.fields,
            payload: message.payload,
            structure: message.structure,
            flat,
            announced_by: entry
                .announced_by
                .as_ref()
                .map(|by| (by.operation_id.clone(), by.param.clone())),
            slot: entry.slot.clone(),
            name: None,
            samples: samples(entry),
            notes: entry.notes.clone(),
            source: source(entry),
            repeats: Vec::new(),
        }
    }
}

/// Whether two sections print one event.
pub(super) fn is_same(a: &Event, b: &Event) -> bool {
    let same = a.id == b.id && a.title == b.title && a.wire == b.wire;
    same && a.structure == b.structure && {
        let names = |event: &Event| {
            event
                .fields
                .iter()
                .map(|f| f.wire.clone())
                .collect::<Vec<_>>()
        };
        names(a) == names(b)
    }
}

pub(super) fn repeated(event: &Event) -> Diagnostic {
    Diagnostic::new(
        Code::RepeatedSection,
        format!(
            "`{}` is documented twice with the same content; read once",
            event.title
        ),
    )
    .at_if(event.source.at.clone())
    .help("remove one of the sections")
}
