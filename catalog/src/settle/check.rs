//! Owns what must hold of a whole provider before anything is made of it.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::misplaced;
use crate::config::{Config, RequestLayout, Transport, proposal};
use crate::diagnostic::{Code, Diagnostic};
use crate::json::Value;
use crate::model::{
    Event, Field, Note, Operation, Place, Provider, Reply, Sample, SampleRole, Source,
};
use crate::spelling::toml_string;

/// What there is to paste where nothing says where a program comes.
const VISITS: &str = r#"[program]
events = "/events"       # where it posts events, unless told otherwise
commands = "/commands"   # where it asks for commands
account = "wxid"         # the key of the account in that query
process = "pid"          # the key of the process"#;

/// Errors and warnings of a corrected model.
pub(super) fn check(provider: &Provider, config: &Config) -> Vec<Diagnostic> {
    let mut diagnostics = events_left_out(provider, config);
    diagnostics.extend(unnamed(provider));
    diagnostics.extend(empty_events(provider, config));
    diagnostics.extend(no_server(config));
    duplicate_ids(provider, &mut diagnostics);
    for module in &provider.modules {
        let layouts = config.layouts(module.api.as_deref());
        for operation in &module.operations {
            envelope_clash(
                operation,
                module.api.as_deref(),
                &layouts.request.keys(),
                &mut diagnostics,
            );
            diagnostics.extend(misplaced::of(operation, module.api.as_deref()));
            undocumented(operation, &mut diagnostics);
            diagnostics.extend(header_as_parameter(operation, config));
            diagnostics.extend(name_as_number(operation, layouts.request));
        }
    }
    shared_wires(provider, &mut diagnostics);
    if provider
        .modules
        .iter()
        .all(|m| m.operations.is_empty() && m.events.is_empty())
    {
        diagnostics.push(
            Diagnostic::error(
                Code::NothingRead,
                format!("`{}` yields no operation and no event", provider.id),
            )
            .help("say in provider.toml how an operation looks: [[dialect.item]] kind = \"endpoint\", heading = \"…\" or line = \"…\""),
        );
    }
    diagnostics
}

/// A program that fetches commands comes to somebody, and nothing says where.
fn no_server(config: &Config) -> Option<Diagnostic> {
    if config.transport != Transport::Poll || config.program.is_some() {
        return None;
    }
    let message = "nothing says where the program comes with its events and for its commands: no `Hub` is made";
    Some(Diagnostic::new(Code::NoServer, message).fix(VISITS))
}

/// Credentials that a table of parameters lists would travel as a parameter, and no header with them.
fn header_as_parameter(operation: &Operation, config: &Config) -> Option<Diagnostic> {
    let header = &config.auth.as_ref()?.header;
    let is_header = |field: &&Field| field.wire.eq_ignore_ascii_case(header);
    let field = operation.params.iter().find(is_header)?;
    if operation.auth {
        return None;
    }
    let (id, param) = (toml_string(&operation.id), toml_string(&field.wire));
    let message = format!(
        "`{}` of `{}` is called like the header of [auth], but travels as a parameter, and no header goes with the call",
        field.wire, operation.wire
    );
    let fix = format!(
        "[[correction]]\noperation = {id}\nauth = true\nwhy = \"…\"\n\n\
         [[correction]]\noperation = {id}\nparam = {param}\ndrop = true\nwhy = \"…\""
    );
    let finding = Diagnostic::new(Code::HeaderAsParameter, message)
        .help("if it is the header, say so; `*` names every operation")
        .fix(fix)
        .at_if(operation.source.at.clone());
    Some(finding)
}

/// A name that the example sends as a number, and nothing says that it is one.
fn name_as_number(operation: &Operation, layout: &RequestLayout) -> Option<Diagnostic> {
    let key = layout.command.as_ref().filter(|_| !layout.numeric)?;
    let requests = operation
        .samples
        .iter()
        .filter(|sample| sample.role == SampleRole::Request);
    let mut names = requests.filter_map(|sample| sample.value.get(key));
    if !names.any(|name| matches!(name, Value::Number(_))) {
        return None;
    }
    let message =
        format!("an example has the name in `{key}` as a number, and it is sent as a text");
    Some(
        Diagnostic::new(Code::TypeMismatch, message)
            .because(key)
            .at_if(operation.source.at.clone())
            .help("add `numeric = true` to [request], or mend the example"),
    )
}

/// Title and place of the first section that has an id.
type First<'p> = (&'p str, &'p Source);

fn duplicate_ids(provider: &Provider, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<(Option<&str>, &str), First<'_>> = BTreeMap::new();
    for module in &provider.modules {
        let api = module.api.as_deref();
        let operations = module
            .operations
            .iter()
            .map(|o| (o.id.as_str(), o.title.as_str(), &o.source));
        let events = module
            .events
            .iter()
            .map(|e| (e.id.as_str(), e.title.as_str(), &e.source));
        for (id, title, source) in operations.chain(events) {
            match seen.entry((api, id)) {
                Entry::Vacant(free) => {
                    free.insert((title, source));
                }
                Entry::Occupied(taken) => {
                    let (first, at) = *taken.get();
                    let message = format!(
                        "two sections have the id `{id}`: `{first}` ({}) and `{title}` ({})",
                        place(at),
                        place(source)
                    );
                    let finding =
                        Diagnostic::error(Code::DuplicateId, message).at_if(source.at.clone());
                    diagnostics.push(if first == title {
                        finding.help("remove one of them, or give it a title of its own")
                    } else {
                        finding.help("give one an id of its own").fix(format!(
                            "[[identity]]\ntitle = {}\nid = {}\nwhy = \"…\"",
                            toml_string(title),
                            toml_string(&format!("{id}_2"))
                        ))
                    });
                }
            }
        }
    }
}

fn place(source: &Source) -> String {
    match source.line {
        Some(line) => format!("{}:{line}", source.file),
        None => source.file.clone(),
    }
}

/// What has no name on the wire would be sent to nobody, or never be heard.
fn unnamed(provider: &Provider) -> Vec<Diagnostic> {
    let is_empty = |wire: &str| wire.trim_matches(['/', ' ']).is_empty();
    // An endpoint of a catalog that has no path at all is reported there.
    let operations = provider.operations();
    let operations =
        operations.filter(|o| is_empty(&o.wire) && o.method.is_some() != o.wire.is_empty());
    let operations = operations.map(|o| (&o.title, &o.source));
    let events = provider
        .events()
        .filter(|e| e.wire.iter().any(|code| is_empty(code)));
    let events = events.map(|e| (&e.title, &e.source));
    let findings = operations.chain(events).map(|(title, source)| {
        let message = format!("`{title}` has an empty name on the wire");
        Diagnostic::error(Code::EmptyName, message)
            .at_if(source.at.clone())
            .help("write the path, command or code that it has")
    });
    findings.collect()
}

/// Events whose examples show what no field was made of.
fn empty_events(provider: &Provider, config: &Config) -> Vec<Diagnostic> {
    let modules = provider.modules.iter();
    let events = modules.flat_map(|module| {
        let layout = config.layouts(module.api.as_deref()).event;
        let around: Vec<&String> = layout.tag.iter().chain(&layout.managed).collect();
        module.events.iter().filter(move |event| {
            let has_value = matches!(event.payload, Reply::Value(_) | Reply::Values(_));
            let is_unread = event
                .notes
                .iter()
                .any(|note| matches!(note, Note::Code { .. }));
            let shown = |sample: &Sample| says_more(&sample.value, &around);
            event.fields.is_empty() && !has_value && (is_unread || event.samples.iter().any(shown))
        })
    });
    let findings = events.map(|event| {
        let message = format!(
            "`{}` has an example, and no field was made of it",
            event.title
        );
        Diagnostic::new(Code::EmptyEvent, message)
            .at_if(event.source.at.clone())
            .help("write the example as JSON, or add a table of its fields")
    });
    findings.collect()
}

/// Whether a message says anything beside these keys.
fn says_more(value: &Value, around: &[&String]) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
        Value::Array(elements) => elements.iter().any(|element| says_more(element, around)),
        Value::Object(members) => {
            let mut own = members
                .iter()
                .filter(|(key, _)| !around.iter().any(|known| known == key));
            own.any(|(_, value)| says_more(value, around))
        }
    }
}

/// A parameter at the root that is called like a key of the envelope would overwrite it.
fn envelope_clash(
    operation: &Operation,
    api: Option<&str>,
    managed: &[String],
    diagnostics: &mut Vec<Diagnostic>,
) {
    let clash = |field: &&Field| field.place == Place::Envelope && managed.contains(&field.wire);
    for field in operation.params.iter().filter(clash) {
        diagnostics.push(
            Diagnostic::error(
                Code::EnvelopeClash,
                format!(
                    "parameter `{}` of `{}` is called like a key of the envelope, and nothing says where it stands",
                    field.wire, operation.title
                ),
            )
            .at_if(field.source.clone())
            .help("place it")
            .fix(proposal::proposal(
                ("operation", &operation.id),
                api,
                ("param", &field.wire),
                "place = \"payload\"",
            )),
        );
    }
}

fn undocumented(operation: &Operation, diagnostics: &mut Vec<Diagnostic>) {
    if let Some(note) = &operation.incomplete {
        let message = format!(
            "`{}` (`{}`) is not documented completely: {note}",
            operation.title, operation.wire
        );
        let finding = Diagnostic::new(Code::Incomplete, message)
            .at_if(operation.source.at.clone())
            .help("callers add what is missing with `.extra(key, value)`");
        // Whoever declared it has looked at it.
        let accepted = Some(note.clone());
        diagnostics.push(Diagnostic {
            accepted,
            ..finding
        });
    } else if operation.samples.is_empty()
        && operation.params.is_empty()
        && operation.returns.is_empty()
        && operation.reply == Reply::Nothing
        && operation.codes.is_empty()
    {
        let but = match operation.notes.is_empty() {
            true => "neither a table nor an example",
            false => "words, but neither a table nor an example: it takes no parameter",
        };
        let finding = Diagnostic::new(
            Code::Undocumented,
            format!("`{}` has {but}", operation.title),
        );
        diagnostics.push(
            finding
                .at_if(operation.source.at.clone())
                .help("check that the reader understood its section"),
        );
    }
}

fn shared_wires(provider: &Provider, diagnostics: &mut Vec<Diagnostic>) {
    for module in &provider.modules {
        let mut seen: BTreeMap<_, &Operation> = BTreeMap::new();
        for operation in &module.operations {
            // What always has another value tells them apart.
            let constants: Vec<_> = operation.constants().collect();
            let twin = *seen
                .entry((&operation.wire, constants))
                .or_insert(operation);
            if twin.id != operation.id {
                diagnostics.push(
                    Diagnostic::new(
                        Code::SharedWire,
                        format!(
                            "`{}` means two operations: `{}` and `{}`",
                            operation.wire, twin.title, operation.title
                        ),
                    )
                    .at_if(operation.source.at.clone()),
                );
            }
        }
    }
}

/// Events of which the SDK would have nothing, because neither a code nor an address tells them from others.
fn events_left_out(provider: &Provider, config: &Config) -> Vec<Diagnostic> {
    let modules = provider.modules.iter();
    let events = modules.flat_map(|module| {
        let tag = config.layouts(module.api.as_deref()).event.tag.as_deref();
        let events = module.events.iter();
        events.filter_map(move |event| Some((event, why_left_out(event, tag)?)))
    });
    let found = events.map(|(event, why)| {
        let message = format!("`{}` is left out: {why}", event.title);
        Diagnostic::new(Code::UnheardEvent, message)
            .help(
                "say in [event] which key has the code (`tag`), or below its title under which setting its address is \
                 registered (`配置项：…`)",
            )
            .at_if(event.source.at.clone())
    });
    found.collect()
}

fn why_left_out(event: &Event, tag: Option<&str>) -> Option<String> {
    let has_address = event.slot.is_some() || event.announced_by.is_some();
    match tag {
        Some(tag) if event.wire.is_empty() => {
            Some(format!("the documents do not say which `{tag}` it has"))
        }
        None if !has_address => {
            Some("neither a code nor an address tells it from others".to_owned())
        }
        _ => None,
    }
}
