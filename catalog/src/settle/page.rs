//! Owns `[[page]]`: an operation whose reply is one page of several, and how one leads to the next.

use super::lookup::{Asked, Place, api, condition, operation, optional, param, path, undeclared};
use super::{Finding, carry_out};
use crate::config::{Config, CursorDeclaration, PageDeclaration};
use crate::diagnostic::Diagnostic;
use crate::model::{Cursor, Next, Page, Provider};
use crate::source::SourceFile;

/// Gives its pages to each operation that has some.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    carry_out(&config.page, "page", file, |declared| {
        let (at, page) = page(provider, config, declared)?;
        let operation = undeclared(provider, at, "[[page]]", |known| known.page.is_some())?;
        operation.page = Some(page);
        Ok(())
    })
}

fn page(
    provider: &Provider,
    config: &Config,
    declared: &PageDeclaration,
) -> Result<(Place, Page), Finding> {
    let within = declared.api.as_deref();
    let (place, operation) = operation(provider, within, &declared.operation, "a page")?;
    let codes = &config.layouts(api(provider, place)).reply.success;
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

fn cursor(operation: Asked<'_>, declared: &CursorDeclaration) -> Result<Cursor, Finding> {
    let param = param(*operation, &declared.param)?;
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
