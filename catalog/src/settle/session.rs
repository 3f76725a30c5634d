//! Owns `session.also`: parameters that are the session's under another name.

use super::lookup::each_operation;
use super::{Finding, carry_out, stale};
use crate::config::{Config, SessionAlso};
use crate::diagnostic::Diagnostic;
use crate::model::{Operation, Provider, Scope};
use crate::source::SourceFile;
use crate::spelling;

/// Binds the parameters; one that is nowhere is an error.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    let Some(session) = &config.session else {
        return Vec::new();
    };
    carry_out(&session.also, "session.also", file, |also| {
        each_operation(provider, &also.operation, |operation| {
            bind(operation, &session.scope, also)
        })
    })
}

fn bind(operation: &mut Operation, scope: &str, also: &SessionAlso) -> Result<(), Finding> {
    let wire = &operation.wire;
    if operation.params.iter().any(|field| field.session) {
        let message = format!("`{wire}` carries the session already");
        return Err(stale(message, "remove the declaration"));
    }
    let known = operation.params.iter().map(|field| field.wire.as_str());
    let near = spelling::did_you_mean(&also.param, known);
    let mut params = operation.params.iter_mut();
    let Some(field) = params.find(|field| field.wire == also.param) else {
        let message = format!("`{wire}` has no parameter `{}`{near}", also.param);
        return Err(stale(message, "name it as it is on the wire"));
    };
    field.session = true;
    operation.scope = if field.required {
        Scope::Session(scope.to_owned())
    } else {
        Scope::Either(scope.to_owned())
    };
    Ok(())
}
