//! Owns `[[request.with]]`: what goes along with every authorised call is no parameter of any.

use super::stale;
use crate::config::{Config, table};
use crate::diagnostic::Diagnostic;
use crate::model::{Field, Operation, Provider};
use crate::source::SourceFile;

/// Takes the parameters away that the documents list all the same; what would be left beside them is an error.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Option<Diagnostic> {
    let modules = provider.modules.iter_mut();
    let mut found = modules.flat_map(|module| {
        let layouts = config.layouts(module.api.as_deref());
        let with = layouts.request.with.iter();
        let paths: Vec<Vec<&str>> = with.map(|with| with.param.split('.').collect()).collect();
        let operations = module.operations_mut().filter(|operation| operation.auth);
        operations.filter_map(move |operation| left(operation, &paths))
    });
    let (operation, field) = found.next()?;
    let message = format!(
        "`{field}` of `{operation}` has members beside those of [[request.with]]: they would not be sent"
    );
    let finding = stale(
        message,
        "declare each of them, or drop them by a correction",
    );
    Some(finding.at(file.location(table(file.text(), "[request.with]"))))
}

/// What is left of a parameter that goes along in part, by the names of its operation and its own.
fn left(operation: &mut Operation, paths: &[Vec<&str>]) -> Option<(String, String)> {
    if paths.is_empty() {
        return None;
    }
    for path in paths {
        remove(&mut operation.params, path);
    }
    let mut params = operation.params.iter();
    let left = params.find(|field| {
        let mut paths = paths.iter();
        paths.any(|path| path.first() == Some(&field.wire.as_str()))
    });
    left.map(|field| (operation.title.clone(), field.wire.clone()))
}

fn remove(fields: &mut Vec<Field>, path: &[&str]) {
    let Some((first, rest)) = path.split_first() else {
        return;
    };
    fields.retain_mut(|field| {
        if field.wire != *first {
            return true;
        }
        remove(&mut field.fields, rest);
        !field.fields.is_empty()
    });
}
