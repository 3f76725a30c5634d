//! Owns what the gateway tells: the events of an API, their payloads, the envelope around them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use catalog::config::{EventLayout, EventPrefix, EventResult};
use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{self, Place, Provider, Reply};
use catalog::spelling::did_you_mean;

use super::annotate::{Annotator, Scope, chapters};
use super::object::{Owner, named, plain};
use super::shared::{event_id, is_event};
use super::twins::twins;
use super::{Addressed, Coding, Member, Nested, Prefix, Type, Types};
use crate::case::Words;
use crate::docs;
use crate::names::{self, Side, member_name};

/// What the gateway tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Callbacks {
    /// The file that documents it, e.g. `specs/hui-diao.md`.
    pub source: String,
    /// Markdown: what the chapters say that only tell of events.
    pub docs: Vec<String>,
    /// How it is laid out.
    pub layout: EventLayout,
    /// Codes whose payload is the root, e.g. `30000`.
    pub flat: Vec<String>,
    /// Codes with fields of their own beside the payload, e.g. `60001`.
    pub beside: Vec<String>,
    /// Keys that say whom an event is for, e.g. `account`, `wId`.
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
    /// What it carries, e.g. `PrivateMessage`.
    pub payload: Type,
}

/// Variants and types that every API's events have.
const TAKEN: [&str; 4] = ["Callback", "Event", "Unknown", "Unreadable"];

/// Fields that every callback has besides the envelope's.
const OWN: [&str; 3] = ["event", "issues", "raw"];

impl Annotator<'_> {
    /// What an API tells whose events are told apart by a code, or by their address.
    pub(super) fn callbacks(&mut self, provider: &Provider) -> Option<Callbacks> {
        let api = self.api.clone();
        let layout = self.config.layouts(api.as_deref()).event;
        if layout.tag.is_none() {
            return self.addressed(provider);
        }
        let events = self.chapters(provider).flat_map(|module| &module.events);
        let events = events.filter(|event| !event.wire.is_empty()).cloned();
        let events: Vec<Arc<model::Event>> = events.collect();
        (!events.is_empty()).then(|| self.callbacks_of(provider, api.as_deref(), &events))
    }

    pub(super) fn callbacks_of(
        &mut self,
        provider: &Provider,
        api: Option<&str>,
        events: &[Arc<model::Event>],
    ) -> Callbacks {
        let layout = self.config.layouts(api).event;
        self.scope = Scope::default();
        for name in TAKEN {
            let owner = format!("the callback's own `{name}`");
            self.take([name.to_owned()], &owner);
        }
        self.take_everywhere();
        self.declare_event_shapes(provider);
        let result = self.result(api, layout, events);
        let nested = self.nested(api, layout, events);
        self.check_names(layout, events);
        self.check_codes(events);
        let variants = self.variants(api, layout, events);
        if let Some(result) = &result
            && let Some(first) = variants.iter().find(|event| event.ident == result.name)
        {
            let (first, fix) = (&first.model.id, self.rename.clone());
            self.namer
                .clash(&result.name, first, "the result", None, fix);
        }
        for object in &mut self.scope.objects {
            mark_private(layout, &mut object.members);
        }
        for prefix in &layout.prefix {
            self.prefix(api, events, prefix, &variants);
        }
        self.keep_payloads(&variants);
        let codes = |wanted: &dyn Fn(&model::Event) -> bool| -> Vec<String> {
            let events = events.iter().filter(|event| wanted(event));
            events.flat_map(|event| event.wire.clone()).collect()
        };
        let around = |event: &model::Event| {
            let mut fields = event.fields.iter();
            fields.any(|field| field.place == Place::Envelope)
        };
        let session = self.config.session.iter();
        let session = session.map(|session| session.param.clone());
        let tag = layout.tag.as_deref().unwrap_or("address");
        let source = events.first().map(|event| event.source.file.clone());
        let told = chapters(provider, api).filter(|module| module.operations.is_empty());
        Callbacks {
            source: source.unwrap_or_default(),
            docs: docs::notes(told.flat_map(|module| &module.notes)),
            layout: layout.clone(),
            flat: codes(&|event| event.flat),
            beside: codes(&|event| !event.flat && around(event)),
            receiver: layout.managed.iter().cloned().chain(session).collect(),
            shared: layout.managed.iter().map(|key| self.shared(key)).collect(),
            tag: self
                .namer
                .envelope(tag, |name| off_own_fields(name, "_code")),
            events: variants,
            result,
            nested,
            types: std::mem::take(&mut self.scope).types(),
            addressed: None,
        }
    }

    /// Every event; two that want one variant are an error.
    fn variants(
        &mut self,
        api: Option<&str>,
        layout: &EventLayout,
        events: &[Arc<model::Event>],
    ) -> Vec<Event> {
        let rename = |event: &model::Event| {
            let event = named(api, &event_id(api, &event.id));
            format!("[[correction]]\n{event}\nrename = \"…\"\nwhy = \"…\"")
        };
        let variants = events.iter().map(|event| {
            self.rename = Some(rename(event));
            self.event(api, layout, event)
        });
        let variants: Vec<Event> = variants.collect();
        let wanted = variants.iter().map(|one| (&*one.ident, &*one.model));
        for (name, first, event) in twins(&TAKEN, wanted) {
            let first = first.map_or("what has no name", |first| &first.id);
            let (at, fix) = (event.source.at.clone(), rename(event));
            self.namer.clash(name, first, &event.id, at, Some(fix));
        }
        variants
    }

    fn event(
        &mut self,
        api: Option<&str>,
        layout: &EventLayout,
        event: &Arc<model::Event>,
    ) -> Event {
        let given = event.wire.iter().find_map(|code| layout.names.get(code));
        let strip = layout.strip.as_deref();
        let (ident, words) = self.namer.event(event, given, strip);
        let payload = self.payload(api, &words, event);
        let title = docs::escaped(&event.title);
        let codes: Vec<String> = event
            .wire
            .iter()
            .map(|code| format!("`{}`", docs::code(code)))
            .collect();
        let mut lines = vec![format!("{title}：{}。", codes.join("、"))];
        if !event.notes.is_empty() {
            lines.push(String::new());
            lines.extend(docs::notes(&event.notes));
        }
        Event {
            model: Arc::clone(event),
            ident,
            docs: lines,
            payload,
        }
    }

    fn payload(&mut self, api: Option<&str>, words: &Words, event: &model::Event) -> Type {
        let id = event_id(api, &event.id);
        let owner = Owner {
            words: words.clone(),
            id: id.clone(),
            at: names::Place::new(Side::Event, &event.id),
            api: self.api.clone(),
        };
        let title = docs::escaped(&event.title);
        let list = matches!(event.payload, Reply::Objects);
        match event.payload {
            Reply::Value(ty) if event.fields.is_empty() => Type::Maybe(Box::new(plain(ty))),
            Reply::Values(ty) if event.fields.is_empty() => Type::List(Box::new(plain(ty))),
            _ => {
                let shared = self.places.get(&id).cloned().map(Type::Object);
                let shared = shared.or_else(|| self.whole(&owner, event.structure.as_deref()));
                let one = match shared {
                    Some(shared) => shared,
                    None => self.object(&owner, format!("“{title}”的内容。"), &event.fields),
                };
                if list { Type::List(Box::new(one)) } else { one }
            }
        }
    }

    /// A field that stands beside every payload.
    fn shared(&mut self, key: &str) -> Member {
        let id = self.ids.get(key, None);
        Member {
            ident: self.namer.envelope(key, |name| off_own_fields(name, "_")),
            wire: key.to_owned(),
            aliases: Vec::new(),
            coding: if id.is_some() {
                Coding::Text
            } else {
                Coding::Plain
            },
            ty: id.unwrap_or(Type::Text),
            certain: false,
            wordings: None,
            deprecated: false,
            private: false,
            docs: vec![format!("信封上的 `{}`。", docs::code(key))],
        }
    }

    /// Adds the field that a prefix goes to.
    fn prefix(
        &mut self,
        api: Option<&str>,
        events: &[Arc<model::Event>],
        prefix: &EventPrefix,
        variants: &[Event],
    ) {
        let named = |event: &model::Event| {
            let patterns = &mut prefix.events.iter();
            patterns.any(|pattern| is_event(event, pattern))
        };
        let mut types: Vec<&str> = Vec::new();
        let pairs = events.iter().zip(variants);
        for (_, event) in pairs.filter(|(model, _)| named(model)) {
            if let Type::Object(name) = &event.payload
                && !types.contains(&name.as_str())
            {
                types.push(name);
            }
        }
        let mut done = 0;
        let scope = &mut self.scope.objects;
        for object in scope.iter_mut().filter(|o| types.contains(&&*o.ident)) {
            let find = |wire: &str| object.members.iter().find(|member| member.wire == wire);
            let (Some(text), Some(sender)) = (find(&prefix.field), find(&prefix.of)) else {
                continue;
            };
            let sender_is_id = matches!(sender.ty, Type::Id(_));
            let taken = object.members.iter().any(|m| m.ident == prefix.into);
            if text.ty != Type::Text || !(sender_is_id || sender.ty == Type::Text) || taken {
                continue;
            }
            done += 1;
            object.prefixes.push(Prefix {
                into: member_name(&Words::of_ident(&prefix.into)),
                text: text.ident.clone(),
                sender: sender.ident.clone(),
                sender_is_id,
                mark: prefix.mark.clone(),
                like: prefix.like.clone(),
                except: prefix.except.clone(),
            });
        }
        if done < types.len() || types.is_empty() {
            let message = format!(
                "the prefix of `{}` does not fit the events {}",
                prefix.field,
                prefix.events.join(", ")
            );
            let api = api.map(|api| format!(" of {api}")).unwrap_or_default();
            let help = format!(
                "name events{api} whose payloads have the texts `{}` and `{}`, and no `{}`",
                prefix.field, prefix.of, prefix.into
            );
            self.namer
                .report(Diagnostic::error(Code::BadConfig, message).help(help));
        }
    }

    /// A name, a probe or a coarse key that is about nothing is a mistake.
    fn check_names(&mut self, layout: &EventLayout, events: &[Arc<model::Event>]) {
        let known = |code: &str| {
            events
                .iter()
                .any(|e| e.wire.iter().any(|wire| wire == code))
        };
        let codes = || events.iter().flat_map(|event| &event.wire);
        let named = layout.names.keys().map(|code| ("names", code));
        let probes = layout.probe.iter().map(|code| ("probe", code));
        for (key, code) in named.chain(probes).filter(|(_, code)| !known(code)) {
            let meant = did_you_mean(code, codes().map(String::as_str));
            let message = format!("`event.{key}` has the code `{code}`, which no event has{meant}");
            let help = "use a code that the documents list, or remove it";
            self.namer
                .report(Diagnostic::error(Code::BadConfig, message).help(help));
        }
        self.check_order(layout, events);
        for key in layout.coarse.iter().filter(|k| !layout.dedupe.contains(k)) {
            let message = format!("`event.coarse` has `{key}`, which `event.dedupe` lacks");
            let help = "list it in both";
            self.namer
                .report(Diagnostic::error(Code::BadConfig, message).help(help));
        }
    }

    /// A conversation is told by keys that events have.
    fn check_order(&mut self, layout: &EventLayout, events: &[Arc<model::Event>]) {
        fn wires<'f>(fields: &'f [model::Field], known: &mut BTreeSet<&'f str>) {
            for field in fields {
                known.insert(&field.wire);
                wires(&field.fields, known);
            }
        }
        let mut known: BTreeSet<&str> = layout.managed.iter().map(String::as_str).collect();
        for event in events {
            wires(&event.fields, &mut known);
        }
        for key in layout.order_keys().flatten() {
            if !known.contains(key) {
                let meant = did_you_mean(key, known.iter().copied());
                let message = format!("`event.order` has `{key}`, which no event has{meant}");
                let help = "name fields of the events, `|` between those of which one counts";
                self.namer
                    .report(Diagnostic::error(Code::BadConfig, message).help(help));
            }
        }
    }

    /// A code means one event.
    fn check_codes(&mut self, events: &[Arc<model::Event>]) {
        let mut owners: BTreeMap<&str, &str> = BTreeMap::new();
        for event in events {
            for code in &event.wire {
                if let Some(first) = owners.insert(code, &event.id) {
                    let message = format!("`{first}` and `{}` both have code `{code}`", event.id);
                    let clash = Diagnostic::error(Code::NameClash, message)
                        .at_if(event.source.at.clone())
                        .help("take the code from one of them in the documents");
                    self.namer.report(clash);
                }
            }
        }
    }
}

/// The name of an envelope's key, kept off the fields that every callback has.
fn off_own_fields(name: String, end: &str) -> String {
    if OWN.contains(&name.as_str()) {
        format!("{name}{end}")
    } else {
        name
    }
}

/// What people wrote to each other is not for logs.
pub(super) fn mark_private(layout: &EventLayout, members: &mut [Member]) {
    for member in members {
        let written = matches!(member.ty, Type::Text | Type::Xml(_));
        member.private |= written && layout.private.contains(&member.wire);
    }
}
