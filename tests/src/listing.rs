//! Owns the listing of a model: what users of the SDK would notice, a line a thing.

use std::fmt::Write;

use catalog::model::{
    Choice, Conversation, Encoding, Event, Field, Grants, Limits, Login, Media, Note, Operation,
    Part, Place, Provider, Reply, Rule, Scope, Send, Structure, Template,
};

/// Everything in a provider, in its order.
pub fn listing(provider: &Provider) -> String {
    let mut out = String::new();
    for module in &provider.modules {
        let api = module
            .api
            .as_ref()
            .map(|api| format!("{api} "))
            .unwrap_or_default();
        line(
            &mut out,
            0,
            &format!("module {api}{} {}", module.slug, module.title),
        );
        list_notes(&mut out, 1, &module.notes);
        for operation in &module.operations {
            list_operation(&mut out, operation);
        }
        for event in &module.events {
            list_event(&mut out, event);
        }
    }
    list_notes(&mut out, 0, provider.notes.iter().map(|(_, note)| note));
    for structure in &provider.structures {
        list_structure(&mut out, structure);
    }
    for vocabulary in &provider.vocabularies {
        line(
            &mut out,
            0,
            &format!(
                "values of {}: {}",
                vocabulary.name,
                choices(&vocabulary.values)
            ),
        );
    }
    if let Some(online) = &provider.online {
        line(&mut out, 0, &format!("online by {online:?}"));
    }
    if let Some(declared) = &provider.media {
        media(&mut out, declared);
    }
    for talk in &provider.conversations {
        conversation(&mut out, talk);
    }
    out
}

/// How media travel.
fn media(out: &mut String, media: &Media) {
    let said = format!(
        "media as {} of {} bytes below {}, refused by {:?}",
        media.structure, media.most_bytes, media.root, media.reason
    );
    line(out, 0, &said);
    if let Some(up) = &media.up {
        let asked = format!("{} {}", up.operation, template(&up.params));
        let to = format!("to {:?} or {} with {:?}", up.url, up.at, up.param);
        let medium = template(&up.medium);
        line(
            out,
            1,
            &format!("up by {asked} {to}, taken as {}: {medium}", up.taken),
        );
    }
    if let Some(down) = &media.down {
        line(out, 1, &format!("down by {down:?}"));
    }
}

/// What gives the right to answer a person.
fn conversation(out: &mut String, talk: &Conversation) {
    let said = format!(
        "conversation of {:?} and {:?} by events {:?} with {} for {} s and {} answers, closed by {:?} {:?}",
        talk.bot,
        talk.person,
        talk.events,
        talk.token,
        talk.within_s,
        talk.answers,
        talk.closed,
        talk.closed_messages
    );
    line(out, 0, &said);
    let message = template(&talk.message);
    line(out, 1, &format!("{} {message}", talk.operation));
    for Send {
        name,
        item,
        media,
        split,
    } in &talk.sends
    {
        let split = split.map(|most| format!(" cut at {most}"));
        let media = media
            .as_ref()
            .map(|kind| format!(" a medium of kind {kind}"));
        let said = format!(
            "send_{name} {}{}{}",
            template(item),
            media.unwrap_or_default(),
            split.unwrap_or_default()
        );
        line(out, 1, &said);
    }
    if let Some(typing) = &talk.typing {
        let ask = template(&typing.ask);
        let ticket = typing.ticket.join(".");
        let (id, within) = (&typing.asks, typing.within_s);
        line(
            out,
            1,
            &format!("typing by {ticket} of {id} {ask} for {within} s"),
        );
        let (start, stop) = (template(&typing.start), template(&typing.stop));
        let (id, every) = (&typing.operation, typing.every_s);
        line(
            out,
            1,
            &format!("  {id} {start} every {every} s, then {stop}"),
        );
    }
}

/// JSON with its places.
fn template(template: &Template) -> String {
    let parts = template.0.iter().map(|part| match part {
        Part::Json(json) => json.clone(),
        Part::Value(name) => format!("{{{name}}}"),
        Part::Text(name) => format!("{{{name} as text}}"),
    });
    parts.collect()
}

fn list_structure(out: &mut String, structure: &Structure) {
    let api = structure.api.as_ref();
    let api = api.map(|api| format!("{api} ")).unwrap_or_default();
    let name = structure.name.iter().map(|name| format!("named {name}"));
    let marks = bracketed(&name.collect::<Vec<_>>());
    let (wire, title) = (&structure.wire, &structure.title);
    line(out, 0, &format!("structure {api}{wire} {title} {marks}"));
    list_fields(out, 1, &structure.fields);
    list_notes(out, 1, &structure.notes);
}

fn line(out: &mut String, depth: usize, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(
        out,
        "{}{}",
        "  ".repeat(depth),
        text.trim_end().replace('\n', "⏎")
    );
}

/// What is true of an operation besides what it sends and answers.
fn marks(operation: &Operation) -> Vec<String> {
    let mut marks = Vec::new();
    match &operation.scope {
        Scope::Client => {}
        Scope::Session(scope) => marks.push(format!("in {scope}")),
        Scope::Either(scope) => marks.push(format!("in {scope} or not")),
    }
    let flags = [
        (operation.auth, "auth"),
        (operation.safe, "safe"),
        (operation.deprecated, "deprecated"),
        (operation.incomplete.is_some(), "incomplete"),
    ];
    marks.extend(
        flags
            .iter()
            .filter(|(set, _)| *set)
            .map(|(_, name)| (*name).to_owned()),
    );
    marks.extend(
        operation
            .pace_ms
            .map(|(least, most)| format!("every {least}-{most} ms")),
    );
    marks.extend(operation.poll.iter().map(|poll| format!("{poll:?}")));
    marks.extend(operation.job.iter().map(|job| format!("asks {}", job.poll)));
    marks.extend(operation.page.iter().map(|page| {
        let cursors: Vec<&str> = page.cursors.iter().map(|c| c.param.as_str()).collect();
        format!("pages by {}", cursors.join(" "))
    }));
    marks.extend(operation.login.iter().map(login));
    marks.extend(operation.name.iter().map(|name| format!("named {name}")));
    marks
}

fn list_operation(out: &mut String, operation: &Operation) {
    let marks = marks(operation);
    let method = operation
        .method
        .clone()
        .unwrap_or_else(|| operation.kind.as_str().to_owned());
    line(
        out,
        1,
        &format!(
            "{method} {} {} {}",
            operation.wire,
            operation.title,
            bracketed(&marks)
        ),
    );
    list_fields(out, 2, &operation.params);
    for rule in &operation.rules {
        let text = match rule {
            Rule::OneOf(names) => format!("rule: one of {}", names.join(", ")),
            Rule::CountEquals { field, mark, list } => {
                format!("rule: as many {mark} in {field} as in {list}")
            }
        };
        line(out, 2, &text);
    }
    if !operation.codes.is_empty() {
        line(out, 2, &format!("codes {}", choices(&operation.codes)));
    }
    if operation.reply != Reply::Nothing || !operation.returns.is_empty() {
        let whole = operation.structure.as_deref().unwrap_or_default();
        line(out, 2, &format!("-> {} {whole}", reply(operation.reply)));
        list_fields(out, 3, &operation.returns);
    }
    for either in &operation.either {
        let params = either.params.join(" or ");
        line(out, 2, &format!("{}: {params}", either.name));
    }
    if let Some(answer) = &operation.answer {
        let same = answer.same.iter();
        let same: String = same
            .map(|(param, field)| format!(" {param}={field}"))
            .collect();
        line(out, 2, &format!("answered by {}{same}", answer.event));
    }
    for event in &operation.announces {
        line(out, 2, &format!("announces {event}"));
    }
    list_notes(out, 2, &operation.notes);
}

fn list_notes<'n>(out: &mut String, depth: usize, notes: impl IntoIterator<Item = &'n Note>) {
    for note in notes {
        let text = match note {
            Note::Text(text) => format!("note {text}"),
            Note::Title { title } => format!("note about {title}"),
            Note::Code { code } => format!("code {code}"),
            Note::Table { columns, rows } => format!("table {columns:?} {rows:?}"),
        };
        line(out, depth, &text);
    }
}

fn list_event(out: &mut String, event: &Event) {
    let mut marks = Vec::new();
    marks.extend(event.flat.then(|| "flat".to_owned()));
    marks.extend(
        event
            .announced_by
            .as_ref()
            .map(|(id, param)| format!("by {id} {param}").trim().to_owned()),
    );
    marks.extend(event.slot.iter().map(|slot| format!("at {slot}")));
    marks.extend((!event.repeats.is_empty()).then(|| "repeated".to_owned()));
    line(
        out,
        1,
        &format!(
            "event {} {} {}",
            event.wire.join("|"),
            event.title,
            bracketed(&marks)
        ),
    );
    let whole = event.structure.as_deref().unwrap_or_default();
    line(out, 2, &format!("{} {whole}", reply(event.payload)));
    list_fields(out, 3, &event.fields);
    list_notes(out, 2, &event.notes);
}

fn list_fields(out: &mut String, depth: usize, fields: &[Field]) {
    for field in fields {
        let mut marks = Vec::new();
        marks.extend(field.place.outside().map(str::to_owned));
        let flags = [
            (field.required, "required"),
            (field.nullable, "may be null"),
            (field.place == Place::Envelope, "envelope"),
            (field.encoding == Encoding::JsonText, "json text"),
            (field.encoding == Encoding::XmlText, "xml text"),
            (field.session, "session"),
            (field.secret, "secret"),
            (field.private, "private"),
            (field.deprecated, "deprecated"),
            (field.certain, "certain"),
        ];
        marks.extend(
            flags
                .iter()
                .filter(|(set, _)| *set)
                .map(|(_, name)| (*name).to_owned()),
        );
        marks.extend(
            field
                .list
                .iter()
                .map(|separator| format!("joined by {separator:?}")),
        );
        marks.extend(field.default.iter().map(|value| format!("default {value}")));
        marks.extend(field.constant.iter().map(|value| format!("always {value}")));
        marks.extend(field.name.iter().map(|name| format!("named {name}")));
        marks.extend(
            (!field.aliases.is_empty()).then(|| format!("also {}", field.aliases.join(", "))),
        );
        marks.extend(limits(field.limits));
        line(
            out,
            depth,
            &format!(
                "{}: {} {} {}",
                field.wire,
                field.type_name(),
                bracketed(&marks),
                field.title
            ),
        );
        if !field.values.is_empty() {
            line(out, depth + 1, &format!("= {}", choices(&field.values)));
        }
        if !field.forms.is_empty() {
            line(out, depth + 1, &format!("~ {}", choices(&field.forms)));
        }
        list_fields(out, depth + 1, &field.fields);
    }
}

fn limits(limits: Limits) -> Vec<String> {
    [
        limits.min_items.map(|n| format!("at least {n}")),
        limits.max_items.map(|n| format!("at most {n}")),
        limits.max_bytes.map(|n| format!("at most {n} bytes")),
        limits.max_seconds.map(|n| format!("at most {n} s")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn reply(reply: Reply) -> String {
    match reply {
        Reply::Nothing => "nothing".to_owned(),
        Reply::Object => "object".to_owned(),
        Reply::Objects => "objects".to_owned(),
        Reply::Value(ty) => ty.as_str().to_owned(),
        Reply::Values(ty) => format!("{}[]", ty.as_str()),
    }
}

fn bracketed(marks: &[String]) -> String {
    if marks.is_empty() {
        String::new()
    } else {
        format!("[{}]", marks.join("; "))
    }
}

fn choices(values: &[Choice]) -> String {
    let texts: Vec<String> = values
        .iter()
        .map(|choice| format!("{} {}", choice.value, choice.title))
        .collect();
    texts.join(" | ")
}

/// How an operation logs in.
fn login(login: &Login) -> String {
    match login {
        Login::Call { arguments, grants } => {
            format!("logs in by {}{}", arguments.join(" "), yields(grants))
        }
        Login::Code(code) => {
            let shown = code.shown.join(".");
            let verify = code.verify.iter().map(|(_, url)| url.join("."));
            let verify = verify.map(|url| format!(", verifies at {url}"));
            let enter = code
                .enter
                .iter()
                .map(|enter| format!(", enters {}", enter.param));
            let steps: String = verify.chain(enter).collect();
            format!("logs in by showing {shown}{steps}{}", yields(&code.grants))
        }
        Login::Connection { before } => format!("logs in again after {}", before.join(" ")),
    }
}

fn yields(grants: &Grants) -> String {
    let authorization = grants.authorization.iter().map(|at| ("token", at));
    let base_url = grants.base_url.iter().map(|at| ("address", at));
    let yields = authorization.chain(base_url);
    yields
        .map(|(what, at)| format!(", {what} {}", at.join(".")))
        .collect()
}
