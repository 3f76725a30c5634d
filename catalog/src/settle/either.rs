//! Owns `[[either]]`: parameters of which exactly one is given.

use super::lookup::each_operation;
use super::{Finding, carry_out, stale};
use crate::config::{Config, EitherDeclaration};
use crate::diagnostic::Diagnostic;
use crate::model::{Either, Operation, Provider};
use crate::source::SourceFile;
use crate::spelling;

/// Groups the parameters; a group that is nowhere is an error.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    carry_out(&config.either, "either", file, |declared| {
        group(provider, declared)
    })
}

fn group(provider: &mut Provider, declared: &EitherDeclaration) -> Result<(), Finding> {
    if declared.params.len() < 2 {
        let message = format!("`{}` leaves nothing to choose", declared.name);
        return Err(stale(message, "name two parameters or more"));
    }
    declared.operations.iter().try_for_each(|pattern| {
        each_operation(provider, pattern, |operation| choose(operation, declared))
    })
}

fn choose(operation: &mut Operation, declared: &EitherDeclaration) -> Result<(), Finding> {
    let named = |name: &&String| {
        let free = |either: &Either| !either.params.contains(*name);
        operation.params.iter().any(|field| field.wire == **name)
            && operation.either.iter().all(free)
    };
    if let Some(absent) = declared.params.iter().find(|name| !named(name)) {
        let known = operation.params.iter().map(|field| field.wire.as_str());
        let near = spelling::did_you_mean(absent, known);
        let wire = &operation.wire;
        let message = format!("`{wire}` has no parameter `{absent}` to choose{near}");
        return Err(stale(message, "name each of its parameters once"));
    }
    operation.either.push(Either {
        name: declared.name.clone(),
        params: declared.params.clone(),
    });
    Ok(())
}
