//! Owns names in `provider.toml` that nothing answers to: operations in `safe`, sessions and shapes, events, fields in
//! `private`, `secrets`, `[online]` and ids, parameters of sessions and addresses, APIs, the header that authorises, what `[mock]`
//! names.

use std::collections::BTreeSet;

use super::lookup::{absent, event_names, is_called, is_event, operation_names};
use super::online;
use crate::config::{Config, MockGateway};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Event, Field, Module, Operation, Provider};
use crate::source::{SourceFile, Span};
use crate::spelling;

const NAME_AN_OPERATION: &str = "name its id or wire, `*` stands for any text, or remove it";
const NAME_AN_EVENT: &str = "name its id or code, `*` stands for any text, or remove it";
const NAME_A_FIELD: &str = "name its wire name, or remove it";
const NAME_A_PLACE: &str = "write `OPERATION` or `OPERATION:path[]`, or remove it";

/// Every such name.
pub(super) fn find(provider: &Provider, config: &Config, file: &SourceFile) -> Vec<Diagnostic> {
    let mut found = operations(provider, "`safe`", &config.safe);
    let replies = config.api.iter().filter_map(|api| api.reply.as_ref());
    for exception in replies.chain([&config.reply]).flat_map(|r| &r.exception) {
        found.extend(operations(
            provider,
            "`reply.exception`",
            &exception.operations,
        ));
    }
    let excepted = config.session.iter().map(|session| &session.except);
    found.extend(excepted.flat_map(|names| operations(provider, "`session.except`", names)));
    found.extend(shapes(provider, config));
    found.extend(events(provider, config));
    found.extend(online_events(provider, config));
    found.extend(apis(provider, config));
    found.extend(header(provider, config));
    let known = everywhere(provider, config);
    let private = config.private.iter();
    found.extend(private.filter_map(|name| undeclared("`private`", name, &known)));
    let beside = envelope(config);
    let secrets = config.secrets.iter();
    let secrets = secrets.filter(|name| !beside.contains(&name.as_str()));
    found.extend(secrets.filter_map(|name| undeclared("`secrets`", name, &known)));
    found.extend(params(provider, config));
    found.extend(
        config
            .mock
            .iter()
            .flat_map(|mock| self::mock(provider, config, mock)),
    );
    for (ident, id) in &config.ids {
        let whose = format!("`ids.{ident}`");
        let fields = id.fields.iter();
        let absent = fields.filter_map(|name| undeclared(&whose, name, &known));
        found.extend(absent.map(|(name, finding)| (name, of_id(finding))));
        for (slug, names) in &id.within {
            found.extend(within(provider, &whose, slug, names));
        }
    }
    found.extend(chapters(provider, config));
    let place = |(word, finding): (&str, Diagnostic)| finding.at(file.location(place(file, word)));
    found.into_iter().map(place).collect()
}

/// Chapters with an English name that no operation stands in.
fn chapters<'c>(provider: &Provider, config: &'c Config) -> Vec<(&'c str, Diagnostic)> {
    let modules = provider.modules.iter().filter(|m| !m.operations.is_empty());
    let known: Vec<&str> = modules.map(|module| &*module.slug).collect();
    let stale = config
        .modules
        .keys()
        .filter(|slug| !known.contains(&&***slug));
    let stale = stale.map(|slug| {
        let near = spelling::did_you_mean(slug, known.iter().copied());
        let message = format!("`modules` names a chapter `{slug}` that has no operations{near}");
        (
            slug.as_str(),
            *super::stale(message, "name its slug, or remove it"),
        )
    });
    stale.collect()
}

/// Patterns that no operation's id or wire fits.
fn operations<'c>(
    provider: &Provider,
    whose: &str,
    patterns: &'c [String],
) -> Vec<(&'c str, Diagnostic)> {
    let is_stale = |pattern: &&String| !provider.operations().any(|o| is_called(o, pattern));
    let stale = patterns.iter().filter(is_stale).map(|pattern| {
        let (of, help) = (format!("{whose} names an operation"), NAME_AN_OPERATION);
        (
            pattern.as_str(),
            *absent(&of, pattern, operation_names(provider), help),
        )
    });
    stale.collect()
}

/// Places of shapes where nothing is.
fn shapes<'c>(provider: &Provider, config: &'c Config) -> Vec<(&'c str, Diagnostic)> {
    let mut found = Vec::new();
    for shape in &config.shape {
        let whose = format!("shape `{}`", shape.name);
        for at in &shape.at {
            let (pattern, path) = at.split_once(':').unwrap_or((at, ""));
            let meant: Vec<&Operation> = provider
                .operations()
                .filter(|operation| is_called(operation, pattern))
                .collect();
            if meant.is_empty() {
                let (of, known) = (
                    format!("{whose} names an operation"),
                    operation_names(provider),
                );
                found.push((at.as_str(), *absent(&of, pattern, known, NAME_A_PLACE)));
            } else if !meant
                .iter()
                .any(|operation| has_part(&operation.returns, path))
            {
                let message = format!("{whose} names `{at}`, and no reply has that part");
                found.push((at.as_str(), *super::stale(message, NAME_A_PLACE)));
            }
        }
        found.extend(shape.events.iter().filter_map(|at| {
            let pattern = at.split_once(':').map_or(at.as_str(), |(event, _)| event);
            let stale = event(provider, &whose, pattern)?;
            Some((at.as_str(), stale))
        }));
    }
    found
}

/// Whether a part of a payload is there, `list[].item`, and has fields.
fn has_part(fields: &[Field], path: &str) -> bool {
    let names = path.split('.').map(|name| name.trim_end_matches("[]"));
    let mut fields = fields;
    for name in names.filter(|name| !name.is_empty()) {
        let Some(field) = fields.iter().find(|field| field.wire == name) else {
            return false;
        };
        fields = &field.fields;
    }
    !fields.is_empty()
}

/// Events that are declared and not there.
fn events<'c>(provider: &Provider, config: &'c Config) -> Vec<(&'c str, Diagnostic)> {
    let mut found = Vec::new();
    for (_, layout) in config.event_layouts() {
        let prefixes = layout.prefix.iter().flat_map(|prefix| &prefix.events);
        found
            .extend(prefixes.filter_map(|name| {
                Some((name.as_str(), event(provider, "`event.prefix`", name)?))
            }));
        if let Some(strip) = &layout.strip
            && !provider
                .events()
                .any(|event| event.wire.iter().any(|code| code.starts_with(strip)))
        {
            let message = format!("`event.strip` is `{strip}`, and no code begins so");
            let help = "write what codes begin with, or remove it";
            found.push((strip, *super::stale(message, help)));
        }
        for shared in &layout.shared {
            let mut known = BTreeSet::new();
            let meant = |event: &&Event| shared.events.values().any(|id| *id == event.id);
            let events = provider.events().filter(meant);
            events.for_each(|event| names(&event.fields, &mut known));
            found.extend(undeclared("`event.shared.by`", &shared.by, &known));
        }
    }
    found
}

/// Fields of `[online]` that none of its events has, in its payload or beside it.
fn online_events<'c>(provider: &Provider, config: &'c Config) -> Vec<(&'c str, Diagnostic)> {
    let Some(online) = &config.online else {
        return Vec::new();
    };
    let meant = |event: &&Event| {
        online
            .events
            .iter()
            .any(|name| online::is_called(event, name))
    };
    let mut events = provider.events().filter(meant).peekable();
    // An event that is not there is said where the declaration is carried out.
    if events.peek().is_none() {
        return Vec::new();
    }
    let mut known: BTreeSet<&str> = beside_events(config, None).collect();
    events.for_each(|event| names(&event.fields, &mut known));
    let named = [
        ("`online.session`", &online.session),
        ("`online.why`", &online.why),
    ];
    let named = named.into_iter();
    named
        .filter_map(|(whose, name)| undeclared(whose, name.as_deref()?, &known))
        .collect()
}

/// An event that is not there, by a pattern of its id or code.
fn event(provider: &Provider, whose: &str, pattern: &str) -> Option<Diagnostic> {
    if provider.events().any(|event| is_event(event, pattern)) {
        return None;
    }
    let (of, help) = (format!("{whose} names an event"), NAME_AN_EVENT);
    Some(*absent(&of, pattern, event_names(provider), help))
}

/// APIs that no document belongs to, and corrections and differences of APIs that nobody declares.
fn apis<'c>(provider: &Provider, config: &'c Config) -> Vec<(&'c str, Diagnostic)> {
    let known = config.api.iter().map(|api| api.id.as_str());
    let is_read = |api: &&str| {
        let mut modules = provider.modules.iter();
        modules.any(|module| module.api.as_deref() == Some(*api))
    };
    let empty = known.clone().filter(|api| !is_read(api)).map(|api| {
        let message = format!("[[api]] declares `{api}`, and no document belongs to it");
        let help = "an API's documents lie below `specs/` in a folder of its id; put them there, or remove it";
        (api, *super::stale(message, help))
    });
    let corrections = config.correction.iter();
    let corrections = corrections.map(|one| ("correction", one.api.as_deref()));
    let differences = config.differs.iter();
    let differences = differences.map(|one| ("[[differs]]", one.api.as_deref()));
    let named = corrections.chain(differences);
    let named = named.filter_map(|(what, api)| Some((what, api?)));
    let unknown = named.filter(|(_, api)| !known.clone().any(|one| one == *api));
    let unknown = unknown.map(|(what, api)| {
        let (of, help) = (
            format!("a {what} names an API"),
            "name the `id` of an [[api]], or leave it out",
        );
        (api, *absent(&of, api, known.clone(), help))
    });
    empty.chain(unknown).collect()
}

/// The header that authorises, where it goes with no call.
fn header<'c>(provider: &Provider, config: &'c Config) -> Option<(&'c str, Diagnostic)> {
    let auth = config.auth.as_ref()?;
    let mut operations = provider.operations().peekable();
    operations.peek()?;
    if operations.any(|operation| operation.auth) {
        return None;
    }
    let header = &auth.header;
    let message = format!(
        "[auth] has the header `{header}`, and no operation lists it: no call is authorised"
    );
    let help = "name the header as the documents list it, or say with which calls it goes: \
                [[correction]] operation = \"*\", auth = true";
    Some((header, Diagnostic::new(Code::UnseenKey, message).help(help)))
}

/// Parameters that a session carries, or that take an address.
fn params<'c>(provider: &Provider, config: &'c Config) -> Vec<(&'c str, Diagnostic)> {
    let params = provider.operations().flat_map(|o| &o.params);
    let known: BTreeSet<&str> = params.map(|field| field.wire.as_str()).collect();
    let session = config.session.iter();
    let session = session.filter_map(|s| undeclared("`session.param`", &s.param, &known));
    let announced = config.event_layouts().flat_map(|(_, e)| &e.announce);
    let announced = announced.filter_map(|name| undeclared("`event.announce`", name, &known));
    session.chain(announced).collect()
}

/// What the gateway that stands in for the vendor's is told of operations and parameters.
fn mock<'c>(
    provider: &Provider,
    config: &Config,
    mock: &'c MockGateway,
) -> Vec<(&'c str, Diagnostic)> {
    let mut found = operations(provider, "`mock.log_out`", &mock.log_out);
    found.extend(operations(provider, "`mock.log_in`", &mock.log_in));
    let all = provider
        .operations()
        .flat_map(|operation| &operation.params);
    let known: BTreeSet<&str> = all.map(|param| param.wire.as_str()).collect();
    // One of them is documented; the others may be what clients write.
    let is_known = |names: &&Vec<String>| names.iter().any(|name| known.contains(name.as_str()));
    let strange = mock.same.iter().filter(|names| !is_known(names));
    let strange = strange.filter_map(|names| names.first());
    found.extend(strange.filter_map(|name| undeclared("`mock.same`", name, &known)));
    for lenient in &mock.lenient {
        let operation = std::slice::from_ref(&lenient.operation);
        found.extend(operations(provider, "`mock.lenient`", operation));
        let of = provider
            .operations()
            .filter(|o| is_called(o, &lenient.operation));
        let known = of.flat_map(|o| &o.params).map(|param| &param.wire);
        let headers = config.request.header.iter().map(|header| &header.name);
        let with = config.request.with.iter().map(|with| &with.param);
        let known = known.chain(headers).chain(with);
        let known: BTreeSet<&str> = known.map(String::as_str).collect();
        let params = lenient.params.iter().filter(|_| !known.is_empty());
        found.extend(params.filter_map(|name| undeclared("`mock.lenient`", name, &known)));
    }
    found
}

fn within<'c>(
    provider: &Provider,
    whose: &str,
    slug: &'c str,
    names: &'c [String],
) -> Vec<(&'c str, Diagnostic)> {
    let modules: Vec<&Module> = provider.modules.iter().filter(|m| m.slug == slug).collect();
    if modules.is_empty() {
        let known = provider.modules.iter().map(|m| m.slug.as_str());
        let (of, help) = (
            format!("{whose} names a module"),
            "name its slug, or remove it",
        );
        return vec![(slug, of_id(*absent(&of, slug, known, help)))];
    }
    let mut known = BTreeSet::new();
    for module in modules {
        of_module(module, &mut known);
    }
    let whose = format!("{whose} within `{slug}`");
    let absent = names
        .iter()
        .filter_map(|name| undeclared(&whose, name, &known));
    absent
        .map(|(name, finding)| (name, of_id(finding)))
        .collect()
}

/// A field that is not there.
fn undeclared<'c>(
    whose: &str,
    name: &'c str,
    known: &BTreeSet<&str>,
) -> Option<(&'c str, Diagnostic)> {
    let of = format!("{whose} names a field");
    let is_known = known.contains(name);
    (!is_known).then(|| {
        (
            name,
            *absent(&of, name, known.iter().copied(), NAME_A_FIELD),
        )
    })
}

/// An id that no field holds is declared in vain, and no more.
fn of_id(finding: Diagnostic) -> Diagnostic {
    Diagnostic {
        code: Code::StaleId,
        ..finding
    }
}

/// Every wire name, and the keys that stand beside every event.
fn everywhere<'p>(provider: &'p Provider, config: &'p Config) -> BTreeSet<&'p str> {
    let mut known = BTreeSet::new();
    for module in &provider.modules {
        of_module(module, &mut known);
    }
    for event in provider.events() {
        names(&event.fields, &mut known);
    }
    for structure in &provider.structures {
        names(&structure.fields, &mut known);
    }
    let apis = config.api.iter().map(|api| Some(api.id.as_str()));
    known.extend(
        apis.chain([None])
            .flat_map(|api| beside_events(config, api)),
    );
    known
}

/// The keys that stand beside an API's events.
fn beside_events<'c>(config: &'c Config, api: Option<&str>) -> impl Iterator<Item = &'c str> {
    let managed = &config.layouts(api).event.managed;
    managed.iter().map(String::as_str)
}

/// Keys that stand around what the documents list.
fn envelope(config: &Config) -> Vec<&str> {
    let apis = config.api.iter().map(|api| Some(api.id.as_str()));
    let managed = apis.chain([None]).flat_map(|api| {
        let layouts = config.layouts(api);
        let request = layouts.request.managed.iter();
        request.chain(&layouts.reply.managed)
    });
    let header = config.auth.iter().map(|auth| &auth.header);
    managed.chain(header).map(String::as_str).collect()
}

fn of_module<'p>(module: &'p Module, known: &mut BTreeSet<&'p str>) {
    for operation in &module.operations {
        names(&operation.params, known);
        names(&operation.returns, known);
    }
}

fn names<'f>(fields: &'f [Field], known: &mut BTreeSet<&'f str>) {
    for field in fields {
        known.insert(&field.wire);
        known.extend(field.aliases.iter().map(String::as_str));
        names(&field.fields, known);
    }
}

/// Where a word stands: in quotes, or as a key.
fn place(file: &SourceFile, word: &str) -> Span {
    let key = || {
        let at = file.text().find(&format!("{word} = "))?;
        Some(Span::new(at, at + word.len()))
    };
    file.quoted(word).or_else(key).unwrap_or_default()
}
