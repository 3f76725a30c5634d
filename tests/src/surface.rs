//! Owns the listing of a public surface: what users of the SDK would notice, a line a thing, so that
//! a change of the documents shows as few lines.

use std::fmt::Write;

use catalog::config::{Transport, in_words};
use catalog::model::Place;
use generator::sdk::{
    Alternative, Callbacks, Choice, Coding, Event, Member, Messages, Module, Object, Operation,
    Param, Sdk, Type, Types,
};

/// The surface of a provider by module; `mod` is what all modules have in common.
pub fn surface(sdk: &Sdk) -> Vec<(String, String)> {
    let modules = sdk
        .modules
        .iter()
        .map(|module| (module.ident.clone(), of_module(sdk, module)));
    let callbacks = sdk.callbacks.iter();
    let callbacks = callbacks.map(|callbacks| ("callback".to_owned(), of_callbacks(callbacks)));
    std::iter::once(("mod".to_owned(), of_root(sdk)))
        .chain(modules)
        .chain(callbacks)
        .collect()
}

/// The surface as one text, a heading per module.
pub fn surface_text(sdk: &Sdk) -> String {
    surface(sdk)
        .iter()
        .map(|(module, text)| format!("== {module}\n{text}"))
        .collect()
}

fn of_root(sdk: &Sdk) -> String {
    let api = &sdk.api;
    let format = if api.transport == Transport::HttpForm {
        "form"
    } else {
        "json"
    };
    let title = sdk.part.as_ref().map_or(&sdk.title, |part| &part.title);
    let text = |key: &Option<String>| key.clone().unwrap_or_default();
    let mut out = String::new();
    line(&mut out, 0, &format!("{} {title} {format}", sdk.path()));
    let mut keys = vec![
        ("authorization", api.header.clone()),
        ("parameters below", text(&api.request.payload)),
        ("code", api.reply.code.join(" or ")),
    ];
    let meanings = api.reply.meanings().into_iter();
    keys.extend(meanings.map(|(meaning, codes)| (meaning, in_words(codes, " or "))));
    keys.push(("message", api.reply.message.join(" or ")));
    keys.push(("data", text(&api.reply.payload)));
    for (name, value) in keys.iter().filter(|(_, value)| !value.is_empty()) {
        line(&mut out, 1, &format!("{name}: {value}"));
    }
    if let Some(messages) = &sdk.messages {
        list_messages(&mut out, sdk, messages);
    }
    if let Some(session) = &sdk.session {
        let ty = session.param_type.rust();
        line(
            &mut out,
            1,
            &format!(
                "{}({}: {ty}) -> {} = {:?}",
                session.ident, session.param, session.ty, session.wire
            ),
        );
    }
    for module in &sdk.modules {
        let mut on = vec![];
        if module.operations.iter().any(|o| o.on_client()) {
            on.push("client".to_owned());
        }
        if module.operations.iter().any(|o| o.on_session()) {
            on.extend(sdk.session.iter().map(|session| session.ident.clone()));
        }
        line(
            &mut out,
            1,
            &format!("{}()  {}  {}", module.ident, on.join(" "), module.title),
        );
    }
    for id in &sdk.ids {
        line(&mut out, 0, &format!("id {}  {}", id.ident, id.title));
    }
    list_types(&mut out, &sdk.shared);
    out
}

fn list_messages(out: &mut String, sdk: &Sdk, messages: &Messages) {
    line(out, 1, &format!("command: {}", messages.command));
    line(out, 1, &format!("id: {}", messages.id));
    for (operation, answer, events) in sdk.answered() {
        let same = answer.same.iter();
        let same: String = same
            .map(|(param, field)| format!(" {param}={field}"))
            .collect();
        let events = events.join("/");
        line(out, 1, &format!("{} <- {events}{same}", operation.wire));
    }
}

fn of_callbacks(callbacks: &Callbacks) -> String {
    let mut out = String::new();
    for member in &callbacks.shared {
        list_member(&mut out, member, true, &marks(member));
    }
    list_events(&mut out, "Event", &callbacks.events);
    if let Some(result) = &callbacks.result {
        let keys = [&result.id, &result.outcome, &result.reason];
        let keys: Vec<&str> = keys.iter().map(|key| key.as_str()).collect();
        let (name, keys) = (&result.name, keys.join(", "));
        line(&mut out, 1, &format!("{name}({name}) = has {keys}"));
    }
    if let Some(nested) = &callbacks.nested {
        list_events(&mut out, &nested.ident, &nested.events);
    }
    list_types(&mut out, &callbacks.types);
    out
}

fn list_events(out: &mut String, name: &str, events: &[Event]) {
    line(out, 0, &format!("enum {name}"));
    for event in events {
        let (name, payload) = (&event.ident, event.payload.rust());
        let codes = event.model.wire.join(" ");
        line(
            out,
            1,
            &format!("{name}({payload}) = {codes}  {}", event.model.title),
        );
    }
}

fn of_module(sdk: &Sdk, module: &Module) -> String {
    let mut out = String::new();
    for operation in &module.operations {
        list_operation(&mut out, sdk, operation);
    }
    list_types(&mut out, &module.types);
    out
}

fn list_operation(out: &mut String, sdk: &Sdk, operation: &Operation) {
    let mut marks = Vec::new();
    marks.extend(operation.on_client().then(|| "client".to_owned()));
    let session = sdk.session.iter().filter(|_| operation.on_session());
    marks.extend(session.map(|session| session.ident.clone()));
    marks.extend(operation.model.auth.then(|| "auth".to_owned()));
    marks.extend(operation.beside.then(|| "beside".to_owned()));
    let meanings = operation.model.meanings();
    marks.extend(meanings.map(|(meaning, codes)| format!("{meaning} {}", codes.join("/"))));
    marks.extend(
        operation
            .model
            .patience_s
            .map(|seconds| format!("patience {seconds} s")),
    );
    marks.extend(operation.model.deprecated.then(|| "deprecated".to_owned()));
    line(
        out,
        0,
        &format!(
            "{}({}) -> {}  {} {}  {}",
            operation.method,
            operation.request,
            operation.reply.rust(),
            operation.verb(),
            operation.model.wire,
            marks.join(" ")
        ),
    );
    for (method, request) in &operation.former {
        line(out, 1, &format!("formerly {method}({request})"));
    }
    for (old, now) in &operation.former_types {
        line(out, 1, &format!("formerly {old} = {now}"));
    }
    if let Some((key, value)) = sdk.named_by(operation) {
        line(out, 1, &format!("{key:?} = {value:?}"));
    }
    for param in &operation.params {
        list_param(out, param);
        for one in &param.either {
            list_alternative(out, one);
        }
    }
    line(out, 1, &operation.construction());
}

fn list_alternative(out: &mut String, one: &Alternative) {
    let marks = format!("{} {}", one.ident, marks(&one.field).join(" "));
    list_member_at(out, 2, &one.field, false, marks.trim_end());
}

fn list_param(out: &mut String, param: &Param) {
    let mut marks = marks(&param.field);
    marks.extend(param.required.then(|| "required".to_owned()));
    marks.extend((param.place == Place::Envelope).then(|| "envelope".to_owned()));
    marks.extend(param.place.outside().map(str::to_owned));
    list_member(out, &param.field, !param.required, &marks);
}

fn list_member(out: &mut String, member: &Member, optional: bool, marks: &[String]) {
    list_member_at(out, 1, member, optional, &marks.join(" "));
}

fn list_member_at(out: &mut String, depth: usize, member: &Member, optional: bool, marks: &str) {
    let plain = member.ty.rust();
    let ty = if optional {
        format!("Option<{plain}>")
    } else {
        plain
    };
    let (ident, wire) = (&member.ident, &member.wire);
    let means = member.docs.first().map_or("", String::as_str);
    let means = means.lines().next().unwrap_or_default();
    line(
        out,
        depth,
        &format!("{ident}: {ty} = {wire:?} {marks}  {means}"),
    );
}

fn marks(member: &Member) -> Vec<String> {
    let coding = match &member.coding {
        Coding::Plain => None,
        Coding::Number => Some("number".to_owned()),
        Coding::Text => Some("text".to_owned()),
        Coding::Joined(separator) => Some(format!("joined {separator:?}")),
        Coding::JsonText => Some("json text".to_owned()),
    };
    let also = member.aliases.iter().map(|alias| format!("also {alias:?}"));
    let mut marks: Vec<String> = coding.into_iter().chain(also).collect();
    marks.extend(member.private.then(|| "hidden".to_owned()));
    marks.extend(member.deprecated.then(|| "deprecated".to_owned()));
    let wordings = member.wordings.iter();
    marks.extend(wordings.map(|ident| format!("worded {ident}")));
    marks
}

fn list_types(out: &mut String, types: &Types) {
    for object in &types.objects {
        list_object(out, object);
    }
    for choice in &types.choices {
        list_choice(out, choice);
    }
    for wordings in &types.wordings {
        line(out, 0, &format!("enum {}", wordings.ident));
        for wording in &wordings.variants {
            let (ident, filled) = (&wording.ident, wording.filled.join(", "));
            line(
                out,
                1,
                &format!("{ident} {{{filled}}} = {:?}", wording.value),
            );
        }
    }
}

fn list_object(out: &mut String, object: &Object) {
    let sent = if object.sent { "  sent" } else { "" };
    line(out, 0, &format!("struct {}{sent}", object.ident));
    for member in &object.members {
        let many = matches!(member.ty, Type::List(_));
        let held = object.sent || !(many || member.certain);
        list_member(out, member, held, &marks(member));
    }
    for prefix in &object.prefixes {
        line(out, 1, &format!("{} from {}", prefix.into, prefix.text));
    }
}

fn list_choice(out: &mut String, choice: &Choice) {
    line(out, 0, &format!("enum {}", choice.ident));
    for variant in &choice.variants {
        let (ident, value, means) = (&variant.ident, &variant.value, &variant.title);
        line(out, 1, &format!("{ident} = {value:?}  {means}"));
        for former in &variant.former {
            line(out, 2, &format!("formerly {former}"));
        }
    }
}

fn line(out: &mut String, depth: usize, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{}{}", "    ".repeat(depth), text.trim_end());
}
