//! Owns shared shapes: types that several replies have in common because the catalog says that they
//! are the same.

use std::sync::Arc;

use catalog::config::{SharedShape, selects};
use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{self, Event, Field, Operation, Provider};

use super::Annotator;
use super::object::Owner;
use crate::case::Words;
use crate::docs;
use crate::names::{self, Side, keyed};
use crate::sdk::Types;

/// A place at which a shape occurs.
struct Place<'p> {
    /// Its wire identity.
    id: String,
    /// The slug of its chapter; none for events.
    chapter: Option<&'p str>,
    fields: &'p [Field],
}

impl Annotator<'_> {
    /// Declares every shape; a place that differs from the first is an error.
    pub(super) fn declare_shapes(&mut self, provider: &Provider) -> Types {
        let of_replies = |shape: &&SharedShape| !shape.at.is_empty() || shape.events.is_empty();
        self.declare_structures();
        self.declare_those(provider, &of_replies);
        std::mem::take(&mut self.scope).types()
    }

    /// Declares the shapes that only events have, where their other types are.
    pub(super) fn declare_event_shapes(&mut self, provider: &Provider) {
        let of_events = |shape: &&SharedShape| shape.at.is_empty() && !shape.events.is_empty();
        self.declare_those(provider, &of_events);
    }

    fn declare_those(&mut self, provider: &Provider, wanted: &dyn Fn(&&SharedShape) -> bool) {
        let api = self.api.clone();
        let found = |shape: &SharedShape| {
            let mut found = places(provider, shape, |of| of == api.as_deref());
            found.extend(event_places(provider, shape, |of| of == api.as_deref()));
            found
        };
        let elsewhere = |shape: &SharedShape| {
            !places(provider, shape, |_| true).is_empty()
                || !event_places(provider, shape, |_| true).is_empty()
        };
        let shapes = self.config.shape.iter().filter(wanted);
        // One that occurs in another API only is no mistake.
        let shapes = shapes.filter(|shape| !found(shape).is_empty() || !elsewhere(shape));
        let shapes: Vec<&SharedShape> = shapes.collect();
        self.declare(&shapes, &found);
    }

    fn declare<'p>(
        &mut self,
        shapes: &[&SharedShape],
        find: &dyn Fn(&SharedShape) -> Vec<Place<'p>>,
    ) {
        let mut declared = Vec::new();
        // A shape's own name is its own; the others are taken.
        self.take_everywhere();
        self.rename = None;
        for shape in shapes.iter().copied() {
            let places = find(shape);
            let Some((first, others)) = places.split_first() else {
                let message = format!("shape `{}` occurs nowhere", shape.name);
                let help = "name the operations that have it in `at`, the events in `events`, or remove it";
                self.namer
                    .report(Diagnostic::error(Code::ShapeMismatch, message).help(help));
                continue;
            };
            for other in others {
                if let Some(difference) = difference(first.fields, other.fields) {
                    self.namer
                        .report(mismatch(shape, first, other, &difference));
                }
            }
            let owner = Owner {
                words: Words::of_type(&shape.name),
                id: format!("the shape {}", shape.name),
                at: names::Place::new(Side::Shape, &shape.name),
                api: self.api.clone(),
            };
            let in_one = others.iter().all(|other| other.chapter == first.chapter);
            let chapter = first.chapter.filter(|_| in_one).map(str::to_owned);
            self.scope.chapter = chapter;
            self.object(
                &owner,
                format!("{}。", docs::escaped(&shape.title)),
                first.fields,
            );
            self.scope.chapter = None;
            declared.extend(
                places
                    .iter()
                    .map(|place| (place.id.clone(), shape.name.clone())),
            );
        }
        // Only now: a shape's own fields are declared with it, not referred to.
        self.places.extend(declared);
    }
}

fn mismatch(
    shape: &SharedShape,
    first: &Place<'_>,
    other: &Place<'_>,
    difference: &str,
) -> Diagnostic {
    let message = format!(
        "shape `{}` is not the same at `{}` and at `{}`: {difference}",
        shape.name, first.id, other.id
    );
    Diagnostic::error(Code::ShapeMismatch, message)
        .at_if(other.fields.iter().find_map(|field| field.source.clone()))
        .help("take the place out of the shape's `at`, or correct the field")
}

/// Where a shape occurs: at an operation's reply, or at a part of it.
fn places<'p>(
    provider: &'p Provider,
    shape: &SharedShape,
    wanted: impl Fn(Option<&str>) -> bool,
) -> Vec<Place<'p>> {
    let modules = provider.modules.iter();
    let modules: Vec<&model::Module> = modules.filter(|m| wanted(m.api.as_deref())).collect();
    let mut found = Vec::new();
    for at in &shape.at {
        let (pattern, path) = at.split_once(':').unwrap_or((at, ""));
        let named = |o: &Operation| selects(pattern, &o.id) || selects(pattern, &o.wire);
        let operations = modules.iter().flat_map(|module| {
            let chapter = Some(module.slug.as_str());
            module.operations.iter().map(move |o| (chapter, o))
        });
        for (chapter, operation) in operations.filter(|(_, operation)| named(operation)) {
            let names = steps(path);
            if let Some(fields) = fields_at(&operation.returns, &names) {
                let id = std::iter::once(operation.id.as_str())
                    .chain(names)
                    .collect::<Vec<_>>()
                    .join(" ");
                found.push(Place {
                    id,
                    chapter,
                    fields,
                });
            }
        }
    }
    found
}

/// Where a shape occurs in what the gateway tells.
fn event_places<'p>(
    provider: &'p Provider,
    shape: &SharedShape,
    wanted: impl Fn(Option<&str>) -> bool,
) -> Vec<Place<'p>> {
    let mut found = Vec::new();
    let modules = provider.modules.iter();
    for module in modules.filter(|module| wanted(module.api.as_deref())) {
        for at in &shape.events {
            let (pattern, path) = at.split_once(':').unwrap_or((at, ""));
            let path = steps(path);
            let named = |event: &&Arc<Event>| is_event(event, pattern);
            for event in module.events.iter().filter(named) {
                if let Some(fields) = fields_at(&event.fields, &path) {
                    let owner = event_id(module.api.as_deref(), &event.id);
                    let id = std::iter::once(owner.as_str()).chain(path.iter().copied());
                    let id = id.collect::<Vec<_>>().join(" ");
                    let chapter = None;
                    found.push(Place {
                        id,
                        chapter,
                        fields,
                    });
                }
            }
        }
    }
    found
}

/// Whether a pattern names an event by its id or one of its codes.
pub(super) fn is_event(event: &Event, pattern: &str) -> bool {
    selects(pattern, &event.id) || event.wire.iter().any(|code| selects(pattern, code))
}

/// The wire identity of an event's payload.
pub(super) fn event_id(api: Option<&str>, id: &str) -> String {
    format!("event {}", keyed(api, id))
}

fn steps(path: &str) -> Vec<&str> {
    path.split('.')
        .map(|name| name.trim_end_matches("[]"))
        .filter(|name| !name.is_empty())
        .collect()
}

fn fields_at<'f>(fields: &'f [Field], path: &[&str]) -> Option<&'f [Field]> {
    match path.split_first() {
        None => (!fields.is_empty()).then_some(fields),
        Some((name, rest)) => {
            let field = fields.iter().find(|field| field.wire == *name)?;
            fields_at(&field.fields, rest)
        }
    }
}

/// The first thing in which two shapes differ.
fn difference(a: &[Field], b: &[Field]) -> Option<String> {
    for field in a {
        let Some(other) = b.iter().find(|other| other.wire == field.wire) else {
            return Some(format!("`{}` is missing", field.wire));
        };
        if described(field) != described(other) {
            return Some(format!(
                "`{}` is {} and {}",
                field.wire,
                described(field),
                described(other)
            ));
        }
        if let Some(inner) = difference(&field.fields, &other.fields) {
            return Some(inner);
        }
    }
    let more = b
        .iter()
        .find(|other| !a.iter().any(|field| field.wire == other.wire));
    more.map(|other| format!("`{}` is only there", other.wire))
}

fn described(field: &Field) -> String {
    let mut text = field.type_name();
    if let Some(separator) = &field.list {
        text.push_str(&format!(" joined by `{separator}`"));
    }
    if !field.values.is_empty() {
        let values: Vec<&str> = field
            .values
            .iter()
            .map(|choice| choice.value.as_str())
            .collect();
        text.push_str(&format!(" of {}", values.join("/")));
    }
    text
}
