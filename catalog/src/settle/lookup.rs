//! Owns finding what a declaration of `provider.toml` names: operations, parameters, paths of a reply.
//!
//! In: the corrected model and a name as it is written, `sendText`, `list[].id`. Out: what it means, or the finding
//! that says what there is instead.

use std::collections::BTreeSet;
use std::ops::Deref;
use std::sync::Arc;

use super::{Finding, stale};
use crate::config::{When, in_words, selects, succeeds};
use crate::model::{
    Condition, Described, Event, Field, Module, Operation, Path, Provider, Reply, Type,
};
use crate::spelling;

/// More would hide what is said of them.
const MOST_NAMED: usize = 4;

/// That a declaration names what is not there, and what it may have meant.
pub(super) fn absent<'k>(
    names: &str,
    name: &str,
    known: impl IntoIterator<Item = &'k str>,
    help: &str,
) -> Finding {
    let near = spelling::did_you_mean(name, known);
    stale(format!("{names} `{name}` that is not there{near}"), help)
}

/// Ids and wires of all operations.
pub(super) fn operation_names(provider: &Provider) -> impl Iterator<Item = &str> {
    provider.operations().flat_map(|one| [&*one.id, &*one.wire])
}

/// Codes and ids of all events.
pub(super) fn event_names(provider: &Provider) -> impl Iterator<Item = &str> {
    let names = provider.events();
    let names = names.flat_map(|one| one.wire.iter().chain([&one.id]));
    names.map(String::as_str)
}

/// Where an operation stands: among the modules, and in its own.
pub(super) type Place = (usize, usize);

/// An operation, and what its types can name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked<'p> {
    operation: &'p Operation,
    described: Described<'p>,
}

impl<'p> Deref for Asked<'p> {
    type Target = &'p Operation;

    fn deref(&self) -> &&'p Operation {
        &self.operation
    }
}

/// An operation that is yet to be declared a job, a page, a login or answered.
pub(super) fn undeclared<'p>(
    provider: &'p mut Provider,
    (module, at): Place,
    key: &str,
    is_declared: impl FnOnce(&Operation) -> bool,
) -> Result<&'p mut Operation, Finding> {
    let module = provider.modules.get_mut(module);
    let operation = module.and_then(|module| Some(Arc::make_mut(module.operations.get_mut(at)?)));
    let Some(operation) = operation else {
        return Err(stale(format!("{key} is nowhere"), "remove it"));
    };
    if is_declared(operation) {
        let message = format!("`{}` has two `{key}`", operation.id);
        return Err(stale(message, "remove one of them"));
    }
    Ok(operation)
}

/// The one operation of an id or a wire, in an API if one is named.
pub(super) fn operation<'p>(
    provider: &'p Provider,
    api: Option<&str>,
    name: &str,
    of: &str,
) -> Result<(Place, Asked<'p>), Finding> {
    let is_meant = |module: &(usize, &Module)| api.is_none() || module.1.api.as_deref() == api;
    let modules = provider.modules.iter().enumerate().filter(is_meant);
    let all = modules.flat_map(|(n, module)| {
        let operations = module.operations.iter().enumerate();
        operations.map(move |(at, operation)| ((n, at), &**operation))
    });
    let found: Vec<(Place, &Operation)> = all
        .clone()
        .filter(|(_, o)| o.id == name || o.wire == name)
        .collect();
    match found.as_slice() {
        [(place, operation)] => {
            let described = provider.described(self::api(provider, *place));
            let asked = Asked {
                operation,
                described,
            };
            Ok((*place, asked))
        }
        [] => {
            let known = all.flat_map(|(_, o)| [&*o.id, &*o.wire]);
            let of = format!("{of} names an operation");
            Err(absent(
                &of,
                name,
                known,
                "name its id or wire, or remove it",
            ))
        }
        several => {
            let ids: BTreeSet<&str> = several.iter().map(|(_, o)| o.id.as_str()).collect();
            let mut named: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
            if named.len() > MOST_NAMED {
                named.truncate(MOST_NAMED);
                named.push("…".to_owned());
            }
            let message = format!(
                "{of} names `{name}`, which {} operations are: {}",
                several.len(),
                named.join(", ")
            );
            let help = if ids.len() == several.len() {
                "name the id of the one that is meant"
            } else {
                "name the `api` that is meant"
            };
            Err(stale(message, help))
        }
    }
}

/// Whether an operation has this id or wire; `*` stands for any text.
pub(super) fn is_called(operation: &Operation, pattern: &str) -> bool {
    selects(pattern, &operation.id) || selects(pattern, &operation.wire)
}

/// Whether an event has this id or code; `*` stands for any text.
pub(super) fn is_event(event: &Event, pattern: &str) -> bool {
    selects(pattern, &event.id) || event.wire.iter().any(|wire| selects(pattern, wire))
}

/// Changes each operation of an id or a wire; there must be one.
pub(super) fn each_operation(
    provider: &mut Provider,
    pattern: &str,
    mut change: impl FnMut(&mut Operation) -> Result<(), Finding>,
) -> Result<(), Finding> {
    let mut is_found = false;
    let operations = provider.operations_mut();
    for operation in operations.filter(|operation| is_called(operation, pattern)) {
        is_found = true;
        change(operation)?;
    }
    if is_found {
        return Ok(());
    }
    let known = provider
        .operations()
        .map(|operation| operation.wire.as_str());
    let near = spelling::did_you_mean(pattern, known);
    let message = format!("no operation is called `{pattern}`{near}");
    Err(stale(message, "name its id or wire, or remove it"))
}

/// A parameter by its wire name.
pub(super) fn param<'o>(operation: &'o Operation, name: &str) -> Result<&'o Field, Finding> {
    let found = operation.params.iter().find(|field| field.wire == name);
    found.ok_or_else(|| {
        let known = operation.params.iter().map(|field| field.wire.as_str());
        let near = spelling::did_you_mean(name, known);
        let message = format!("`{}` has no parameter `{name}`{near}", operation.wire);
        stale(message, "name one of its parameters")
    })
}

/// A path of an operation's payload, and the field at its end.
pub(super) fn path<'o>(
    operation: Asked<'o>,
    written: &str,
) -> Result<(Path, Option<&'o Field>), Finding> {
    let mut steps = Path::new();
    let mut fields = operation.returns.as_slice();
    let mut last = None;
    let mut rest = written;
    if let Some(inside) = written.strip_prefix("[].") {
        steps.push("[]".to_owned());
        rest = inside;
    }
    let refused = |message: String, help: &str| Err(stale(message, help));
    if steps.is_empty() == matches!(operation.reply, Reply::Objects | Reply::Values(_)) {
        let message = format!("`{written}` does not fit the reply of `{}`", operation.wire);
        return refused(
            message,
            "a reply that is a list begins with `[].`, no other does",
        );
    }
    for step in rest.split('.') {
        let (name, listed) = match step.strip_suffix("[]") {
            Some(name) => (name, true),
            None => (step, false),
        };
        let Some(field) = fields.iter().find(|field| field.wire == name) else {
            let near = spelling::did_you_mean(name, fields.iter().map(|field| field.wire.as_str()));
            let message = format!("the reply of `{}` has no `{written}`{near}", operation.wire);
            return refused(message, "name a path of its payload, such as `list[].id`");
        };
        if listed && !matches!(field.ty, Type::List(_) | Type::Any) {
            let message = format!("`{name}` of `{}` is no list", operation.wire);
            return refused(message, "leave the `[]` out");
        }
        steps.push(name.to_owned());
        if listed {
            steps.push("[]".to_owned());
        }
        fields = operation.described.members(field);
        last = Some(field);
    }
    Ok((steps, last))
}

/// A field of a reply that holds one text.
pub(super) fn text_field<'o>(operation: Asked<'o>, at: &str) -> Result<(Path, &'o Field), Finding> {
    match path(operation, at)? {
        (path, Some(field)) if field.ty == Type::Text => Ok((path, field)),
        _ => {
            let message = format!("`{at}` of `{}` is no text", operation.wire);
            Err(stale(message, "name a field that is one"))
        }
    }
}

/// When something holds of a reply; `codes` are those that the vendor calls a success.
pub(super) fn condition(
    operation: Asked<'_>,
    when: &When,
    codes: &[String],
) -> Result<Condition, Finding> {
    let (steps, values) = match (&when.field, when.code.as_slice()) {
        (Some(field), []) => (
            Some(field_that_is(operation, field, &when.values)?),
            &when.values,
        ),
        (None, [_, ..]) if when.values.is_empty() => {
            let codes = operation.success(codes);
            if let Some(code) = when
                .code
                .iter()
                .find(|code| code.starts_with('!') || !succeeds(codes, code))
            {
                let message = format!(
                    "`{}` never succeeds with the code `{code}`: its codes are `{}`",
                    operation.wire,
                    in_words(codes, "`, `")
                );
                let help = "a code that is not among `success` is an error: add it in a [[reply.exception]]";
                return Err(stale(message, help));
            }
            (None, &when.code)
        }
        _ => {
            let message = format!("what `{}` shows is a field, or a code", operation.wire);
            let help = "write `{ field = \"…\", values = […] }`, or `{ code = […] }`";
            return Err(stale(message, help));
        }
    };
    Ok(Condition {
        field: steps,
        values: values.clone(),
    })
}

/// The path of a field that can have these values.
fn field_that_is(operation: Asked<'_>, at: &str, values: &[String]) -> Result<Path, Finding> {
    let (steps, field) = path(operation, at)?;
    if let Some(field) = field {
        documented(&operation, at, field, values)?;
    }
    Ok(steps)
}

/// Values that are among those that the documents list, if they do.
pub(super) fn documented(
    operation: &Operation,
    name: &str,
    field: &Field,
    values: &[String],
) -> Result<(), Finding> {
    let known = |value: &&String| field.values.iter().any(|choice| choice.value == **value);
    match values.iter().find(|value| !known(value)) {
        Some(value) if !field.values.is_empty() => {
            let values: Vec<&str> = field.values.iter().map(|c| c.value.as_str()).collect();
            let message = format!(
                "`{name}` of `{}` is never `{value}`: it is one of `{}`",
                operation.wire,
                values.join("`, `")
            );
            let help = "name a documented value, or correct the field's `values`";
            Err(stale(message, help))
        }
        _ => Ok(()),
    }
}

/// Reads what need not be declared.
pub(super) fn optional<T, U>(
    value: Option<&T>,
    read: impl FnOnce(&T) -> Result<U, Finding>,
) -> Result<Option<U>, Finding> {
    value.map(read).transpose()
}

/// The API of the module in which an operation stands.
pub(super) fn api(provider: &Provider, (module, _): Place) -> Option<&str> {
    let module = provider.modules.get(module)?;
    module.api.as_deref()
}
