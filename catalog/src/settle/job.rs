//! Owns `[[job]]`: an operation that starts something, and the one that is asked until it is done.

use super::lookup::{
    Place, api, condition, documented, operation, optional, param, path, undeclared,
};
use super::{Finding, carry_out, stale};
use crate::config::{Config, Constant, JobDeclaration};
use crate::diagnostic::Diagnostic;
use crate::json::Value;
use crate::model::{Field, Job, Operation, Provider, Type};
use crate::source::SourceFile;

/// Gives its job to each operation that starts one.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    carry_out(&config.job, "job", file, |declared| {
        let (start, job) = job(provider, config, declared)?;
        let operation = undeclared(provider, start, "[[job]]", |known| known.job.is_some())?;
        operation.job = Some(job);
        Ok(())
    })
}

/// The operation that starts a job, and the job.
pub(super) fn job(
    provider: &Provider,
    config: &Config,
    declared: &JobDeclaration,
) -> Result<(Place, Job), Finding> {
    let (place, start) = operation(provider, declared.api.as_deref(), &declared.start, "a job")?;
    let api = api(provider, place);
    let (_, poll) = operation(provider, api, &declared.poll, "a job")?;
    let param = param(*poll, declared.param.as_deref().unwrap_or(&declared.key))?;
    let codes = &config.layouts(api).reply.success;
    let job = Job {
        poll: poll.id.clone(),
        key: path(start, &declared.key)?.0,
        param: param.wire.clone(),
        ty: param.ty,
        with: with(*poll, param, declared)?,
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
        .find(|field| field.is_wanted() && !is_given(field))
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
        Constant::Text(value) => (Value::String(value.clone()).to_string(), value.clone()),
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
