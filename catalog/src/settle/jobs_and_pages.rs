//! Owns what `provider.toml` declares of calls as a whole: which may be repeated, what nobody need
//! see, which belong together as a job, which are pages. What speaks of nothing is an error.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Finding, carry_out, stale, stale_names};
use crate::config::{Config, Constant, CursorDeclaration, JobDeclaration, PageDeclaration, When};
use crate::diagnostic::Diagnostic;
use crate::model::{
    Condition, Cursor, Field, Job, Module, Next, Operation, Page, Path, Provider, Reply, Type,
};
use crate::source::SourceFile;
use crate::spelling;

/// Links jobs and pages to their operations.
pub(crate) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    let mut findings = stale_names::find(provider, config, file);
    findings.extend(carry_out(&config.job, "job", file, |declared| {
        let (start, job) = job(provider, config, declared)?;
        let operation = named(provider, start, "[[job]]", |operation| {
            operation.job.is_some()
        })?;
        operation.job = Some(job);
        Ok(())
    }));
    findings.extend(carry_out(&config.page, "page", file, |declared| {
        let (at, page) = page(provider, config, declared)?;
        let operation = named(provider, at, "[[page]]", |operation| {
            operation.page.is_some()
        })?;
        operation.page = Some(page);
        Ok(())
    }));
    findings
}

/// More would hide what is said of them.
const MOST_NAMED: usize = 4;

/// Where an operation stands: among the modules, and in its own.
pub(super) type Place = (usize, usize);

/// An operation that is yet to be declared a job, a page or a login.
pub(super) fn named<'p>(
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
) -> Result<(Place, &'p Operation), Finding> {
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
        [one] => Ok(*one),
        [] => {
            let known = all.flat_map(|(_, o)| [&*o.id, &*o.wire]);
            let near = spelling::did_you_mean(name, known);
            let message = format!("a {of} names an operation `{name}` that is not there{near}");
            Err(stale(message, "name its id or wire, or remove it"))
        }
        several => {
            let ids: BTreeSet<&str> = several.iter().map(|(_, o)| o.id.as_str()).collect();
            let mut named: Vec<String> = ids.iter().map(|id| format!("`{id}`")).collect();
            if named.len() > MOST_NAMED {
                named.truncate(MOST_NAMED);
                named.push("…".to_owned());
            }
            let message = format!(
                "a {of} names `{name}`, which {} operations are: {}",
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
    operation: &'o Operation,
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
        fields = &field.fields;
        last = Some(field);
    }
    Ok((steps, last))
}

/// When something holds of a reply; `codes` are those that the vendor calls a success.
pub(super) fn condition(
    operation: &Operation,
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
            if let Some(code) = when.code.iter().find(|code| !codes.contains(code)) {
                let message = format!(
                    "`{}` never succeeds with the code `{code}`: its codes are `{}`",
                    operation.wire,
                    codes.join("`, `")
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
fn field_that_is(operation: &Operation, at: &str, values: &[String]) -> Result<Path, Finding> {
    let (steps, field) = path(operation, at)?;
    if let Some(field) = field {
        documented(operation, at, field, values)?;
    }
    Ok(steps)
}

/// Values that are among those that the documents list, if they do.
fn documented(
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

pub(super) fn optional<T, U>(
    value: Option<&T>,
    read: impl FnOnce(&T) -> Result<U, Finding>,
) -> Result<Option<U>, Finding> {
    value.map(read).transpose()
}

/// The operation that starts a job, and the job.
pub(super) fn job(
    provider: &Provider,
    config: &Config,
    declared: &JobDeclaration,
) -> Result<(Place, Job), Finding> {
    let (place, start) = operation(provider, declared.api.as_deref(), &declared.start, "job")?;
    let api = api(provider, place);
    let (_, poll) = operation(provider, api, &declared.poll, "job")?;
    let param = param(poll, declared.param.as_deref().unwrap_or(&declared.key))?;
    let codes = &config.layouts(api).reply.success;
    let job = Job {
        poll: poll.id.clone(),
        key: path(start, &declared.key)?.0,
        param: param.wire.clone(),
        ty: param.ty,
        with: with(poll, param, declared)?,
        done: condition(poll, &declared.done, codes)?,
        failed: optional(declared.failed.as_ref(), |when| {
            condition(poll, when, codes)
        })?,
        message: optional(declared.message.as_ref(), |at| Ok(path(poll, at)?.0))?,
        every_ms: declared.every_ms,
        within_s: declared.within_s,
    };
    Ok((place, job))
}

/// The API of the module in which an operation stands.
pub(super) fn api(provider: &Provider, (module, _): Place) -> Option<&str> {
    let module = provider.modules.get(module)?;
    module.api.as_deref()
}

/// What the question wants besides the key, all of it.
fn with(
    poll: &Operation,
    key: &Field,
    declared: &JobDeclaration,
) -> Result<Vec<(String, String)>, Finding> {
    let given = declared.with.iter();
    let given = given.map(|(name, value)| {
        let field = param(poll, name)?;
        Ok((name.clone(), constant(poll, field, value)?))
    });
    let given: Vec<_> = given.collect::<Result<_, Finding>>()?;
    let is_given = |field: &&Field| {
        let named = |(name, _): &(String, String)| *name == field.wire;
        field.wire == key.wire || field.session || given.iter().any(named)
    };
    match poll
        .params
        .iter()
        .find(|field| field.required && !is_given(field))
    {
        None => Ok(given),
        Some(missing) => {
            let message = format!("`{}` wants `{}` as well", poll.wire, missing.wire);
            let help = format!("say what it is: `with = {{ {} = … }}`", missing.wire);
            Err(stale(message, &help))
        }
    }
}

/// The value of a parameter, as JSON.
fn constant(operation: &Operation, field: &Field, value: &Constant) -> Result<String, Finding> {
    let (json, text) = match value {
        Constant::Boolean(value) => (value.to_string(), value.to_string()),
        Constant::Integer(value) => (value.to_string(), value.to_string()),
        Constant::Text(value) => (
            serde_json::Value::from(value.as_str()).to_string(),
            value.clone(),
        ),
    };
    let fits = match field.ty {
        Type::Boolean => matches!(value, Constant::Boolean(_)),
        Type::Integer | Type::Unsigned | Type::Number => matches!(value, Constant::Integer(_)),
        Type::Text => matches!(value, Constant::Text(_)),
        _ => false,
    };
    if !fits {
        let (name, ty) = (&field.wire, field.ty.as_str());
        let message = format!(
            "`{name}` of `{}` is {ty}, which {json} is not",
            operation.wire
        );
        return Err(stale(message, "give a value of its type"));
    }
    documented(operation, &field.wire, field, &[text])?;
    Ok(json)
}

fn page(
    provider: &Provider,
    config: &Config,
    declared: &PageDeclaration,
) -> Result<(Place, Page), Finding> {
    let api = declared.api.as_deref();
    let (place, operation) = operation(provider, api, &declared.operation, "page")?;
    let codes = &config.layouts(self::api(provider, place)).reply.success;
    let items = declared.items.iter().map(|at| Ok(path(operation, at)?.0));
    let cursors = declared.cursor.iter().map(|at| cursor(operation, at));
    let page = Page {
        cursors: cursors.collect::<Result<_, Finding>>()?,
        items: items.collect::<Result<_, Finding>>()?,
        more: optional(declared.more.as_ref(), |when| {
            condition(operation, when, codes)
        })?,
    };
    Ok((place, page))
}

fn cursor(operation: &Operation, declared: &CursorDeclaration) -> Result<Cursor, Finding> {
    let param = param(operation, &declared.param)?;
    let next = match (&declared.from, declared.step) {
        (Some(from), _) => Next::From {
            field: path(operation, from)?.0,
            keep: declared.keep,
        },
        (None, step) => Next::Step(step.unwrap_or_default()),
    };
    Ok(Cursor {
        param: param.wire.clone(),
        ty: param.ty,
        next,
    })
}
