//! Owns events inside of events, and the event that tells what became of an operation.

use std::sync::Arc;

use catalog::config::{EventLayout, EventResult, NestedEvents};
use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{self, Reply};
use catalog::spelling::did_you_mean;

use super::Annotator;
use super::object::Owner;
use super::shared::{event_id, is_event};
use super::twins::twins;
use crate::case::Words;
use crate::docs;
use crate::names::{self, Side};
use crate::sdk::{Event, Type};

/// What the elements of an event are, which are told apart by a code of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Nested {
    /// `Message`.
    pub ident: String,
    /// The codes of the event that is a list of them, e.g. `push`.
    pub codes: Vec<String>,
    /// What an element is.
    pub title: String,
    /// The key of the code.
    pub tag: String,
    /// What they all carry.
    pub payload: Type,
    /// One per code.
    pub events: Vec<Event>,
}

/// Variants that every open enum of events has.
const TAKEN: [&str; 2] = ["Unknown", "Unreadable"];

impl Annotator<'_> {
    /// Declares what tells what became of an operation, as the event is documented that it looks like.
    pub(super) fn result(
        &mut self,
        api: Option<&str>,
        layout: &EventLayout,
        events: &[Arc<model::Event>],
    ) -> Option<EventResult> {
        let result = layout.result.as_ref()?;
        let event = self.meant(&result.event, "result", events)?;
        self.check_keys(result, event);
        self.namer.declared(&result.name);
        let owner = self.owner(&result.name, "the result", Side::Result, &event.id);
        let doc = format!("{}。", docs::escaped(&result.title));
        self.object(&owner, doc, &event.fields);
        let place = event_id(api, &event.id);
        self.places.insert(place, result.name.clone());
        Some(result.clone())
    }

    /// Declares the elements of an event that is a list of events.
    pub(super) fn nested(
        &mut self,
        api: Option<&str>,
        layout: &EventLayout,
        events: &[Arc<model::Event>],
    ) -> Option<Nested> {
        let nested = layout.nested.as_ref()?;
        let event = self.meant(&nested.event, "nested", events)?;
        let tag = event.fields.iter().find(|field| field.wire == nested.tag);
        let Some(tag) = tag.filter(|_| event.payload == Reply::Objects) else {
            let known = event.fields.iter().map(|field| field.wire.as_str());
            let near = did_you_mean(&nested.tag, known);
            let message = format!("`{}` is no list of `{}`{near}", event.title, nested.tag);
            self.misconfigured(message, "name a list of objects, and a field of them");
            return None;
        };
        self.namer.declared(&nested.name);
        let place = names::Place::new(Side::Event, &event.id);
        let tagged = place.below(&tag.wire);
        self.namer.declared_type(place, &nested.name, &nested.title);
        let owner = event_id(api, &event.id);
        let (name, whole) = (nested.name.clone(), format!("the elements of {owner}"));
        self.claim(&name, &whole, event.source.at.clone(), None);
        let payload = self.element(nested, event);
        self.places.insert(owner, name.clone());
        let events = self.elements(nested, &tagged, tag, &payload);
        Some(Nested {
            ident: name,
            codes: event.wire.clone(),
            title: nested.title.clone(),
            tag: tag.wire.clone(),
            payload,
            events,
        })
    }

    /// What an element carries, and what it was read from.
    fn element(&mut self, nested: &NestedEvents, event: &model::Event) -> Type {
        let mut fields = event.fields.clone();
        for field in fields.iter_mut().filter(|field| field.wire == nested.tag) {
            // The variants say what the values mean.
            field.values.clear();
        }
        let owner = self.owner(
            &format!("{}Data", nested.name),
            "the elements' data",
            Side::Element,
            &event.id,
        );
        let doc = format!("{}的内容。", docs::escaped(&nested.title));
        let ty = self.object(&owner, doc, &fields);
        if let Some(object) = self.scope.objects.last_mut() {
            object.raw = true;
            if let Some(twin) = object.members.iter().find(|member| member.ident == "raw") {
                let wire = twin.wire.clone();
                self.namer
                    .clash("raw", &wire, "what it was read from", None, None);
            }
        }
        ty
    }

    fn elements(
        &mut self,
        nested: &NestedEvents,
        place: &names::Place,
        tag: &model::Field,
        payload: &Type,
    ) -> Vec<Event> {
        let known = |code: &String| tag.values.iter().any(|choice| choice.value == *code);
        if let Some(code) = nested.names.keys().find(|code| !known(code)) {
            let codes = tag.values.iter().map(|choice| choice.value.as_str());
            let near = did_you_mean(code, codes);
            let message = format!("`event.nested.names` has `{code}`, which nothing has{near}");
            self.misconfigured(message, "use a documented value, or remove it");
        }
        let named = |choice: &model::Choice| model::Choice {
            name: nested
                .names
                .get(&choice.value)
                .or(choice.name.as_ref())
                .cloned(),
            ..choice.clone()
        };
        let choices: Vec<model::Choice> = tag.values.iter().map(named).collect();
        let named = self.namer.variants(place, &choices);
        let names: Vec<String> = named.into_iter().map(|named| named.name).collect();
        let wanted = names.iter().map(String::as_str).zip(&choices);
        for (name, first, choice) in twins(&TAKEN, wanted) {
            let first = first.map_or("what has no name", |first| &first.value);
            let at = tag.source.clone();
            self.namer.clash(name, first, &choice.value, at, None);
        }
        let event = |(ident, choice): (&String, &model::Choice)| Event {
            model: Arc::new(model::Event::new(&choice.value, &choice.title)),
            ident: ident.clone(),
            docs: vec![format!(
                "{}：`{}`。",
                docs::escaped(&choice.title),
                docs::code(&choice.value)
            )],
            payload: payload.clone(),
        };
        names.iter().zip(&choices).map(event).collect()
    }

    /// Remembers what events carry, for the operations that they answer.
    pub(super) fn keep_payloads(&mut self, events: &[Event]) {
        let own: Vec<&str> = self
            .scope
            .objects
            .iter()
            .map(|o| o.ident.as_str())
            .collect();
        let payload = |event: &Event| (event.model.id.clone(), elsewhere(&event.payload, &own));
        self.payloads = events.iter().map(payload).collect();
    }

    fn owner(&self, name: &str, id: &str, side: Side, event: &str) -> Owner {
        Owner {
            words: Words::of_type(name),
            id: id.to_owned(),
            at: names::Place::new(side, event),
            api: self.api.clone(),
        }
    }

    /// The event that a table of provider.toml is about.
    fn meant<'e>(
        &mut self,
        name: &str,
        table: &str,
        events: &'e [Arc<model::Event>],
    ) -> Option<&'e Arc<model::Event>> {
        let found = events.iter().find(|event| is_event(event, name));
        if found.is_none() {
            let near = did_you_mean(name, events.iter().map(|event| event.id.as_str()));
            let message =
                format!("`event.{table}` names the event `{name}`, which is not there{near}");
            self.misconfigured(message, "name its id or code, or remove the table");
        }
        found
    }

    fn check_keys(&mut self, result: &EventResult, event: &model::Event) {
        for key in [&result.id, &result.outcome, &result.reason] {
            if !event.fields.iter().any(|field| field.wire == *key) {
                let near = did_you_mean(key, event.fields.iter().map(|field| field.wire.as_str()));
                let message = format!("`{}` has no field `{key}`{near}", event.id);
                self.misconfigured(message, "name one of its fields in `event.result`");
            }
        }
    }

    fn misconfigured(&mut self, message: String, help: &str) {
        let finding = Diagnostic::error(Code::BadConfig, message);
        self.namer.report(finding.help(help));
    }
}

/// A type as it is named outside of the events' module.
fn elsewhere(ty: &Type, own: &[&str]) -> Type {
    match ty {
        Type::Object(name) if own.contains(&name.as_str()) => Type::Event(name.clone()),
        Type::List(of) => Type::List(Box::new(elsewhere(of, own))),
        Type::Maybe(of) => Type::Maybe(Box::new(elsewhere(of, own))),
        Type::Boxed(of) => Type::Boxed(Box::new(elsewhere(of, own))),
        Type::Xml(of) => Type::Xml(Box::new(elsewhere(of, own))),
        ty => ty.clone(),
    }
}
