//! Owns events that only their address tells apart: which addresses there are, the call that registers them, the calls
//! that wait for what they announce.

use std::collections::BTreeMap;
use std::sync::Arc;

use catalog::config::{EventLayout, GatherDeclaration, SharedAddress};
use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{self, Place, Provider, Reply};
use catalog::spelling::{did_you_mean, toml_string};

use super::annotate::{Annotator, rename};
use crate::names::derived;
use crate::sdk::{Callbacks, Constructor, Member, Module, Operation, Param, Type};

/// Events that only their address tells apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Addressed {
    /// Settings under which addresses are registered, e.g. `messageUrl`.
    pub slots: Vec<String>,
    /// Operations that announce an address, by id.
    pub operations: Vec<String>,
    /// Fields that hold JSON text where a message is a form.
    pub structured: Vec<String>,
    /// Codes whose payload has a member that is called like the key of payloads.
    pub holding: Vec<String>,
    /// Addresses of several events, and the keys that tell these apart.
    pub shared: Vec<(String, String)>,
    /// How all addresses are registered.
    pub register: Option<Register>,
    /// Calls that wait for what they announce.
    pub announcing: Vec<Announcing>,
}

/// The operation that registers addresses.
#[derive(Clone, Debug, PartialEq)]
pub struct Register {
    /// The type that has the method: the client, or a session.
    pub on: String,
    /// The chapter, e.g. `she_zhi`.
    pub module: String,
    /// The method, e.g. `set_callback`.
    pub method: String,
    /// The request, e.g. `SetCallback`.
    pub request: String,
    /// Its arguments, and the struct that holds them where they are named.
    pub required: (Vec<Member>, Option<String>),
    /// Its setters.
    pub optional: Vec<Member>,
    /// What the data of its reply is.
    pub reply: Type,
}

/// A call that waits for what it announces.
#[derive(Clone, Debug, PartialEq)]
pub struct Announcing {
    /// The chapter.
    pub module: String,
    /// The types that have the method.
    pub on: Vec<String>,
    /// `scan_new`.
    pub call: String,
    /// `scan_new_and_wait`.
    pub method: String,
    /// The request.
    pub request: String,
    /// The parameter that takes the address, and whether it must be given.
    pub param: (String, bool),
    /// The event.
    pub variant: String,
    /// What it carries.
    pub payload: Type,
    /// It comes in pages.
    pub gather: Option<Gather>,
}

/// How a result that comes in pages is put together; fields of the payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Gather {
    /// The page's number, e.g. `page`.
    pub page: String,
    /// How many there are, e.g. `total`.
    pub total: String,
    /// The list, e.g. `friends`.
    pub items: String,
    /// What it holds.
    pub item: Type,
    /// How many elements a page has that is not the last.
    pub size: u32,
    /// Seconds that all pages may take.
    pub within_s: u32,
}

impl Annotator<'_> {
    /// What an API tells whose events have no code: the address is their code.
    pub(super) fn addressed(&mut self, provider: &Provider) -> Option<Callbacks> {
        let api = self.api.clone();
        let layout = self.config.layouts(api.as_deref()).event;
        let events: Vec<Arc<model::Event>> = self
            .chapters(provider)
            .flat_map(|module| &module.events)
            .filter_map(|event| coded(event, layout).map(Arc::new))
            .collect();
        if events.is_empty() {
            return None;
        }
        if !self.check_shared(layout, &events) {
            return None;
        }
        let mut callbacks = self.callbacks_of(provider, api.as_deref(), &events);
        callbacks.addressed = Some(Addressed {
            slots: unique(events.iter().filter_map(|event| event.slot.clone())),
            operations: unique(events.iter().filter_map(|event| announcer(event).cloned())),
            structured: structured(layout, &events),
            holding: events
                .iter()
                .filter(|event| holds(event, layout))
                .flat_map(|event| event.wire.clone())
                .collect(),
            shared: layout
                .shared
                .iter()
                .map(|shared| (shared.slot.clone(), shared.by.clone()))
                .collect(),
            register: None,
            announcing: Vec::new(),
        });
        Some(callbacks)
    }

    /// A shared address that no event has, or that leaves events alike, is a mistake: false.
    fn check_shared(&mut self, layout: &EventLayout, events: &[Arc<model::Event>]) -> bool {
        let at = |slot: &str| -> Vec<&Arc<model::Event>> {
            let at = events.iter();
            at.filter(|event| event.slot.as_deref() == Some(slot))
                .collect()
        };
        let mut sound = true;
        for shared in &layout.shared {
            let known = at(&shared.slot);
            let named = |id: &String| known.iter().any(|event| event.id == *id);
            for id in shared.events.values().filter(|id| !named(id)) {
                let near = did_you_mean(id, known.iter().map(|event| event.id.as_str()));
                let message = format!("`{}` has no event `{id}`{near}", shared.slot);
                self.misuse(message, "name the id of an event of this address");
                sound = false;
            }
        }
        let mut codes: BTreeMap<&str, &model::Event> = BTreeMap::new();
        for event in events {
            let code = event.wire.first().map(String::as_str).unwrap_or_default();
            if let Some(first) = codes.insert(code, event)
                && sound
            {
                sound = false;
                self.namer.report(alike(&at(code), first, event));
            }
        }
        sound
    }

    fn misuse(&mut self, message: String, help: &str) {
        self.namer
            .report(Diagnostic::error(Code::BadConfig, message).help(help));
    }

    /// Finds the calls that have to do with addresses, now that every operation has its names.
    pub(super) fn link_addresses(
        &mut self,
        callbacks: &mut Callbacks,
        modules: &[Module],
        provider: &Provider,
    ) {
        let Some(mut addressed) = callbacks.addressed.take() else {
            return;
        };
        let session = self.session.as_ref().map(|session| session.ty.clone());
        addressed.register = register(&addressed.slots, modules, session.as_deref());
        self.check_gathers(&addressed, provider);
        for id in &addressed.operations {
            let mut places = operations(modules);
            if let Some((module, operation)) = places.find(|(_, one)| one.model.id == *id) {
                let announcing = self.announcing(callbacks, module, operation);
                addressed.announcing.extend(announcing);
            }
        }
        callbacks.addressed = Some(addressed);
    }

    /// What is gathered from an operation that announces nothing is a mistake.
    fn check_gathers(&mut self, addressed: &Addressed, provider: &Provider) {
        for declared in &self.config.layouts(self.api.as_deref()).event.gather {
            let known = provider.operations().find(|o| is_named(o, declared));
            if known.is_some_and(|known| addressed.operations.contains(&known.id)) {
                continue;
            }
            let name = &declared.operation;
            let message = format!("`{name}` announces no address to gather from");
            let help = "name the id or wire of an operation that announces one";
            self.misuse(message, help);
        }
    }

    /// The call of an operation that waits for what it announces.
    fn announcing(
        &mut self,
        callbacks: &Callbacks,
        module: &Module,
        operation: &Operation,
    ) -> Option<Announcing> {
        let layout = self.config.layouts(self.api.as_deref()).event;
        let mut params = operation.params.iter();
        let param = params.find(|param| layout.announce.contains(&param.field.wire))?;
        let mut events = callbacks.events.iter();
        let event = events.find(|event| event.model.wire.contains(&operation.model.id))?;
        let taken = |other: &&Operation| other.method == waiting(operation);
        if let Some(first) = module.operations.iter().find(taken) {
            let fix = rename(self.api.as_deref(), &first.model.id, "…");
            self.namer.clash(
                &first.method,
                &first.model.id,
                &operation.model.id,
                None,
                Some(fix),
            );
        }
        let mut gathers = layout.gather.iter();
        let gather = gathers.find(|declared| is_named(&operation.model, declared));
        Some(Announcing {
            module: module.ident.clone(),
            on: accessors(module, operation),
            call: operation.method.clone(),
            method: waiting(operation),
            request: operation.request.clone(),
            param: (param.field.ident.clone(), param.required),
            variant: event.ident.clone(),
            payload: event.payload.clone(),
            gather: gather.and_then(|declared| self.gather(declared, callbacks, &event.payload)),
        })
    }

    fn gather(
        &mut self,
        declared: &GatherDeclaration,
        callbacks: &Callbacks,
        payload: &Type,
    ) -> Option<Gather> {
        let mut objects = callbacks.types.objects.iter();
        let object = objects.find(|object| Type::Object(object.ident.clone()) == *payload);
        let members = object
            .map(|object| object.members.as_slice())
            .unwrap_or_default();
        let find = |wire: &str| members.iter().find(|member| member.wire == wire);
        let (Some(page), Some(total), Some(items)) = (
            find(&declared.page),
            find(&declared.total),
            find(&declared.items),
        ) else {
            let message = format!(
                "what `{}` announces has not all of the fields to gather by",
                declared.operation
            );
            self.misuse(
                message,
                "`page`, `total` and `items` are fields of the payload",
            );
            return None;
        };
        let Type::List(item) = &items.ty else {
            let message = format!(
                "`{}` of `{}` is no list",
                declared.items, declared.operation
            );
            self.misuse(message, "`items` is the list of the payload");
            return None;
        };
        Some(Gather {
            page: page.ident.clone(),
            total: total.ident.clone(),
            items: items.ident.clone(),
            item: (**item).clone(),
            size: declared.size,
            within_s: declared.within_s,
        })
    }
}

/// Nothing tells two events of an address apart.
fn alike(at: &[&Arc<model::Event>], first: &model::Event, second: &model::Event) -> Diagnostic {
    let address = second.wire.first().cloned().unwrap_or_default();
    let message = format!(
        "`{}` and `{}` both arrive at `{address}`",
        first.id, second.id
    );
    // What no value names is what arrives without the key.
    let named = at.iter().rev().skip(1).rev();
    let named = named.map(|event| format!("\"value of {0}\" = \"{0}\"", event.id));
    let named: Vec<String> = named.collect();
    let mut fields = at.iter().flat_map(|event| &event.fields);
    let by = fields.next().map_or("…", |field| &field.wire);
    let fix = format!(
        "[[event.shared]]\nslot = {}\nby = {}\nevents = {{ {} }}\nwhy = \"…\"",
        toml_string(&address),
        toml_string(by),
        named.join(", ")
    );
    let found = Diagnostic::error(Code::NameClash, message)
        .at_if(second.source.at.clone())
        .help("say which key of their payloads tells them apart, and its values");
    Diagnostic {
        fix: second.slot.is_some().then_some(fix),
        ..found
    }
}

fn is_named(operation: &model::Operation, declared: &GatherDeclaration) -> bool {
    operation.id == declared.operation || operation.wire == declared.operation
}

/// The event with its address as its code, and what the address implies.
fn coded(event: &model::Event, layout: &EventLayout) -> Option<model::Event> {
    let address = event.slot.as_ref().or_else(|| announcer(event))?;
    let mut coded = event.clone();
    let by = |shared: &&SharedAddress| shared.slot == *address;
    let shared = layout.shared.iter().find(by);
    let mut values = shared.iter().flat_map(|shared| &shared.events);
    let value = values.find(|(_, id)| **id == event.id);
    coded.wire = vec![match value {
        Some((value, _)) => format!("{address}/{value}"),
        None => address.clone(),
    }];
    if coded.fields.is_empty() && coded.payload == Reply::Nothing {
        coded.payload = Reply::Value(model::Type::Any);
    }
    if let Some(payload) = &layout.payload {
        whole(&mut coded, payload);
    }
    Some(coded)
}

/// A list with fields beside it: the whole is the payload, the list one of its members.
fn whole(event: &mut model::Event, payload: &str) {
    let fields = std::mem::take(&mut event.fields);
    let (beside, inside): (Vec<_>, Vec<_>) = fields
        .into_iter()
        .partition(|field| field.place == Place::Envelope);
    if event.payload != Reply::Objects || beside.is_empty() {
        event.fields = inside.into_iter().chain(beside).collect();
        return;
    }
    let mut list = model::Field::new(payload, model::Type::Object.listed());
    list.fields = inside;
    list.title.clone_from(&event.title);
    let within = beside.into_iter().map(|mut field| {
        field.place = Place::Payload;
        field
    });
    event.fields = within.chain([list]).collect();
    event.payload = Reply::Object;
}

/// Whether the payload has a member that is called like the key of payloads.
fn holds(event: &model::Event, layout: &EventLayout) -> bool {
    let mut inside = event
        .fields
        .iter()
        .filter(|field| field.place == Place::Payload);
    inside.any(|field| Some(&field.wire) == layout.payload.as_ref())
}

fn announcer(event: &model::Event) -> Option<&String> {
    event.announced_by.as_ref().map(|(operation, _)| operation)
}

fn unique(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut unique = Vec::new();
    for name in names {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    unique
}

/// Fields that are JSON text where they stand in a form.
fn structured(layout: &EventLayout, events: &[Arc<model::Event>]) -> Vec<String> {
    let fields = events.iter().flat_map(|event| &event.fields);
    let nested = fields.filter(|field| !matches!(field.ty, model::Type::Text) && is_nested(field));
    let names = nested.map(|field| field.wire.clone());
    unique(names.filter(|name| Some(name) != layout.payload.as_ref()))
}

fn is_nested(field: &model::Field) -> bool {
    matches!(field.ty, model::Type::Object | model::Type::List(_))
}

fn operations(modules: &[Module]) -> impl Iterator<Item = (&Module, &Operation)> {
    let pairs = |module| {
        let module: &Module = module;
        module
            .operations
            .iter()
            .map(move |operation| (module, operation))
    };
    modules.iter().flat_map(pairs)
}

fn waiting(operation: &Operation) -> String {
    derived::and_wait(&operation.method)
}

/// The types with the operation's method.
fn accessors(module: &Module, operation: &Operation) -> Vec<String> {
    let reached = [
        (true, operation.on_client()),
        (false, operation.on_session()),
    ];
    let reached = reached.into_iter().filter(|(_, reached)| *reached);
    reached.map(|(client, _)| module.accessor(client)).collect()
}

/// The operation whose parameters are the settings under which addresses are registered.
fn register(slots: &[String], modules: &[Module], session: Option<&str>) -> Option<Register> {
    let is_slot = |param: &Param| slots.contains(&param.field.wire);
    let takes_all = |operation: &Operation| {
        let has = |slot: &String| operation.params.iter().any(|p| p.field.wire == *slot);
        slots.iter().all(has) && operation.params.iter().all(|p| is_slot(p) || !p.required)
    };
    if slots.is_empty() {
        return None;
    }
    let (module, operation) = operations(modules).find(|(_, o)| takes_all(o))?;
    let (order, holder) = match &operation.constructor {
        Constructor::Positional(order) => (order, None),
        Constructor::Named(order) => (order, Some(operation.holder())),
    };
    let required = order.iter().filter_map(|at| operation.params.get(*at));
    let required: Vec<Member> = required.map(|param| param.field.clone()).collect();
    let optional = operation
        .params
        .iter()
        .filter(|p| is_slot(p) && !p.required);
    Some(Register {
        on: match session {
            Some(session) if !operation.on_client() => session.to_owned(),
            _ => "Client".to_owned(),
        },
        module: module.ident.clone(),
        method: operation.method.clone(),
        request: operation.request.clone(),
        required: (required, holder),
        optional: optional.map(|param| param.field.clone()).collect(),
        reply: operation.reply.clone(),
    })
}
