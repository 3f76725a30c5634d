//! Owns what `provider.toml` declares of sessions: parameters that are the session's under another name.

use super::{Finding, carry_out, stale};
use crate::config::{Config, SessionAlso, selects};
use crate::diagnostic::Diagnostic;
use crate::model::{Provider, Scope};
use crate::source::SourceFile;
use crate::spelling;

/// Binds the parameters; one that is nowhere is an error.
pub(crate) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    let Some(session) = &config.session else {
        return Vec::new();
    };
    carry_out(&session.also, "session.also", file, |also| {
        bind(provider, &session.scope, also)
    })
}

fn bind(provider: &mut Provider, scope: &str, also: &SessionAlso) -> Result<(), Finding> {
    let pattern = &also.operation;
    let mut is_found = false;
    let operations = provider.operations_mut();
    for operation in operations.filter(|o| selects(pattern, &o.id) || selects(pattern, &o.wire)) {
        is_found = true;
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
    }
    if is_found {
        return Ok(());
    }
    let known = provider.operations().map(|o| o.wire.as_str());
    let near = spelling::did_you_mean(pattern, known);
    let message = format!("no operation is called `{pattern}`{near}");
    Err(stale(message, "name its id or wire, or remove it"))
}
