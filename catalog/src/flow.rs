//! Owns what `provider.toml` declares of calls as a whole: which may be repeated, what nobody need
//! see, which belong together as a job, which are pages. What speaks of nothing is an error.

mod stale;

use crate::config::{
    Config, CursorDeclaration, JobDeclaration, PageDeclaration, When, array_entry,
};
use crate::diagnostic::Diagnostic;
use crate::model::{
    Condition, Cursor, Field, Job, Next, Operation, Page, Path, Provider, Reply, Type,
};
use crate::source::SourceFile;
use crate::text;

/// Links jobs and pages to their operations.
pub(crate) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    let mut findings = stale::findings(provider, config, file);
    for (n, declared) in config.job.iter().enumerate() {
        let once = job(provider, declared).and_then(|(start, job)| {
            let twice = provider
                .operations()
                .any(|o| o.id == start && o.job.is_some());
            if twice {
                Err(repeated("job", &start))
            } else {
                Ok((start, job))
            }
        });
        match once {
            Ok((start, job)) => set(provider, &start, |operation| operation.job = Some(job)),
            Err(finding) => findings.push(placed(*finding, file, "job", n)),
        }
    }
    for (n, declared) in config.page.iter().enumerate() {
        let once = page(provider, declared).and_then(|(id, page)| {
            let twice = provider
                .operations()
                .any(|o| o.id == id && o.page.is_some());
            if twice {
                Err(repeated("page", &id))
            } else {
                Ok((id, page))
            }
        });
        match once {
            Ok((id, page)) => set(provider, &id, |operation| operation.page = Some(page)),
            Err(finding) => findings.push(placed(*finding, file, "page", n)),
        }
    }
    findings
}

type Finding = Box<Diagnostic>;

fn stale(message: String, help: &str) -> Finding {
    Box::new(stale::finding(message, help))
}

fn repeated(key: &str, id: &str) -> Finding {
    let message = format!("`{id}` has two `[[{key}]]`");
    stale(message, "remove one of them")
}

fn placed(finding: Diagnostic, file: &SourceFile, key: &str, n: usize) -> Diagnostic {
    finding.at(file.location(array_entry(file.text(), key, n)))
}

fn set(provider: &mut Provider, id: &str, change: impl FnOnce(&mut Operation)) {
    let mut operations = provider.modules.iter_mut().flat_map(|m| &mut m.operations);
    if let Some(operation) = operations.find(|operation| operation.id == id) {
        change(operation);
    }
}

/// The one operation of an id or a wire.
fn operation<'p>(provider: &'p Provider, name: &str, of: &str) -> Result<&'p Operation, Finding> {
    let found: Vec<&Operation> = provider
        .operations()
        .filter(|o| o.id == name || o.wire == name)
        .collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => {
            let known = provider.operations().flat_map(|o| [&*o.id, &*o.wire]);
            let near = text::did_you_mean(name, known);
            let message = format!("a {of} names an operation `{name}` that is not there{near}");
            Err(stale(message, "name its id or wire, or remove it"))
        }
        several => {
            let ids: Vec<&str> = several.iter().map(|o| o.id.as_str()).collect();
            let message = format!(
                "a {of} names `{name}`, which `{}` share",
                ids.join("` and `")
            );
            Err(stale(message, "name the id of the one that is meant"))
        }
    }
}

fn param<'o>(operation: &'o Operation, name: &str) -> Result<&'o Field, Finding> {
    let found = operation.params.iter().find(|field| field.wire == name);
    found.ok_or_else(|| {
        let known = operation.params.iter().map(|field| field.wire.as_str());
        let near = text::did_you_mean(name, known);
        let message = format!("`{}` has no parameter `{name}`{near}", operation.wire);
        stale(message, "name one of its parameters")
    })
}

/// A path of an operation's payload, and the field at its end.
fn path<'o>(operation: &'o Operation, written: &str) -> Result<(Path, Option<&'o Field>), Finding> {
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
            let near = text::did_you_mean(name, fields.iter().map(|field| field.wire.as_str()));
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

fn condition(operation: &Operation, when: &When) -> Result<Condition, Finding> {
    let (steps, field) = path(operation, &when.field)?;
    let documented = field.map_or(&[][..], |field| &field.values);
    let known = |value: &String| documented.iter().any(|choice| choice.value == *value);
    if let Some(value) = when
        .values
        .iter()
        .find(|v| !documented.is_empty() && !known(v))
    {
        let values: Vec<&str> = documented.iter().map(|c| c.value.as_str()).collect();
        let message = format!(
            "`{}` of `{}` is never `{value}`: it is one of `{}`",
            when.field,
            operation.wire,
            values.join("`, `")
        );
        return Err(stale(
            message,
            "name a documented value, or correct the field's `values`",
        ));
    }
    Ok(Condition {
        field: steps,
        values: when.values.clone(),
    })
}

fn optional<T, U>(
    value: Option<&T>,
    read: impl FnOnce(&T) -> Result<U, Finding>,
) -> Result<Option<U>, Finding> {
    value.map(read).transpose()
}

fn job(provider: &Provider, declared: &JobDeclaration) -> Result<(String, Job), Finding> {
    let start = operation(provider, &declared.start, "job")?;
    let poll = operation(provider, &declared.poll, "job")?;
    let param = param(poll, declared.param.as_deref().unwrap_or(&declared.key))?;
    let job = Job {
        poll: poll.id.clone(),
        key: path(start, &declared.key)?.0,
        param: param.wire.clone(),
        ty: param.ty,
        done: condition(poll, &declared.done)?,
        failed: optional(declared.failed.as_ref(), |when| condition(poll, when))?,
        message: optional(declared.message.as_ref(), |at| Ok(path(poll, at)?.0))?,
        every_ms: declared.every_ms,
        within_s: declared.within_s,
    };
    Ok((start.id.clone(), job))
}

fn page(provider: &Provider, declared: &PageDeclaration) -> Result<(String, Page), Finding> {
    let operation = operation(provider, &declared.operation, "page")?;
    let items = declared.items.iter().map(|at| Ok(path(operation, at)?.0));
    let cursors = declared.cursor.iter().map(|at| cursor(operation, at));
    let page = Page {
        cursors: cursors.collect::<Result<_, Finding>>()?,
        items: items.collect::<Result<_, Finding>>()?,
        more: optional(declared.more.as_ref(), |when| condition(operation, when))?,
    };
    Ok((operation.id.clone(), page))
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
