//! Owns what users can name of a provider, of its APIs and of their modules.

use catalog::config::{Transport, in_words};

use super::{Item, Kind, conversations, events, logins, media, operation, types};
use catalog::config::ProgramVisits;

use crate::sdk::{Module, Sdk};

/// What users can name of a provider: of all its APIs.
pub fn of(sdks: &[Sdk], is_default: bool) -> Item {
    let first = sdks.first();
    let name = first.map_or("", |sdk| &sdk.ident);
    let on = is_default.then(|| Item::new(Kind::Quality, "on by default"));
    match first {
        Some(sdk) if sdk.part.is_none() => api(Item::new(Kind::Module, name), sdk),
        _ => Item::new(Kind::Module, name).with(sdks.iter().map(part)),
    }
    .with(on)
}

fn part(sdk: &Sdk) -> Item {
    let part = sdk.part.as_ref();
    let name = part.map_or("", |part| &part.ident);
    api(Item::new(Kind::Module, name), sdk)
}

fn api(item: Item, sdk: &Sdk) -> Item {
    let ids = sdk.ids.iter();
    let ids = ids.map(|id| {
        Item::new(Kind::Type, &id.ident)
            .rust("an id")
            .title(&id.title)
    });
    let callbacks = sdk.callbacks.as_ref();
    layout(item, sdk)
        .title(&sdk.title)
        .with([handle(sdk)])
        .with(builder(sdk))
        .with(session(sdk))
        .with(logins::of(sdk))
        .with(conversations::of(sdk))
        .with(media::of(sdk))
        .with(sdk.modules.iter().map(|chapter| module(sdk, chapter)))
        .with(callbacks.map(events::callbacks))
        .with(callbacks.into_iter().flat_map(events::addressed))
        .with(ids)
        .with(types::declared(&sdk.shared))
}

fn layout(item: Item, sdk: &Sdk) -> Item {
    let (api, reply) = (&sdk.api, &sdk.api.reply);
    let written = match api.transport {
        Transport::HttpForm => "forms",
        Transport::HttpJson | Transport::Poll | Transport::Websocket => "JSON",
    };
    let text = |key: &Option<String>| key.clone().unwrap_or_default();
    let headers = api.request.header.iter();
    let headers = headers.map(|one| format!("{}: {}", one.name, one.value));
    let with = api.request.with.iter();
    let with = with.map(|one| format!("{} {}", one.param, one.json().unwrap_or_default()));
    let list = |all: Vec<String>| all.join(", ");
    let item = item
        .travels(
            "authorization",
            format!("{} {}", api.header, api.prefix).trim(),
        )
        .travels("root", text(&api.request.root))
        .travels("hosts", api.hosts.join(", "))
        .travels("headers", list(headers.collect()))
        .travels("goes along", list(with.collect()))
        .travels("written as", written)
        .travels("parameters below", text(&api.request.payload))
        .travels("code", reply.code.join(", "))
        .travels("message", reply.message.join(", "))
        .travels("data", text(&reply.payload));
    let meanings = reply.meanings().into_iter();
    meanings.fold(item, |item, (meaning, codes)| {
        item.travels(meaning, in_words(codes, ", "))
    })
}

/// The type with the calls.
fn handle(sdk: &Sdk) -> Item {
    let over = if sdk.socket.is_some() {
        "calls on one connection"
    } else if sdk.program.is_some() {
        "commands that a program fetches"
    } else {
        "calls over HTTP"
    };
    let mut item = Item::new(Kind::Type, &sdk.handle).rust(over);
    if let Some(messages) = &sdk.messages {
        item = item
            .travels("command", &messages.command)
            .travels("id", &messages.id);
    }
    if let Some(first) = sdk.socket.as_ref().and_then(|socket| socket.first.as_ref()) {
        item = item.travels("first call", format!("{}::{}", first.module, first.request));
    }
    match &sdk.program {
        Some(program) => visits(item, program),
        None => item,
    }
}

/// What a client's builder has of this API's own.
fn builder(sdk: &Sdk) -> Vec<Item> {
    let request = &sdk.api.request;
    let of = |name: &str, rust: &str| Item::new(Kind::Method, name).rust(rust);
    let at_root = request.root.as_ref();
    let at_root = at_root.map(|_| of("builder_at_root", "() -> Builder"));
    let setters = request.with.iter().filter_map(|with| with.setter.as_ref());
    let setters = setters.map(|setter| of(setter, "(text) -> Builder"));
    at_root.into_iter().chain(setters).collect()
}

fn visits(item: Item, visits: &ProgramVisits) -> Item {
    item.travels("events come to", &visits.events)
        .travels(
            "commands are fetched from",
            visits.commands.as_deref().unwrap_or_default(),
        )
        .travels("account", &visits.account)
        .travels("process", &visits.process)
        .travels("account in an event", visits.event_account.join(", "))
        .travels("process in an event", visits.event_process.join(", "))
}

fn session(sdk: &Sdk) -> Option<Item> {
    let session = sdk.session.as_ref()?;
    let argument = types::argument(&session.param, &session.param_type);
    let item = Item::new(Kind::Method, &session.ident)
        .rust(format!("({argument}) -> {}", session.ty))
        .travels("parameter", &session.wire);
    Some(item)
}

fn module(sdk: &Sdk, module: &Module) -> Item {
    let operations = module.operations.iter();
    let former = operations.clone().flat_map(|operation| {
        let names = operation.former.iter();
        let names = names.flat_map(|(method, request)| {
            let method = (method.clone(), operation.method.clone());
            [method, (request.clone(), operation.request.clone())]
        });
        names.chain(operation.former_types.iter().cloned())
    });
    let mut item = Item::new(Kind::Module, &module.ident).title(&module.title);
    item.former = former.collect();
    item.with(operations.flat_map(|operation| operation::items(sdk, operation)))
        .with(types::declared(&module.types))
}
