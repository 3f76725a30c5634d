//! Owns what codegen says when it does not write.

use std::io::{self, Write};
use std::path::Path;

use generator::accept::{Cause, Conflict};
use generator::surface::columns::plural;
use generator::surface::escape;

use crate::Outcome;
use crate::args::Codegen;

use crate::folder;
use crate::paths;
use crate::terminal::Stream;
use crate::write::{Change, Failure};

use super::provider::Work;

/// What is wrong with the crate rather than with a provider, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CrateError {
    message: String,
    help: String,
}

impl CrateError {
    pub(super) fn new(message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: help.into(),
        }
    }
}

impl From<Failure> for CrateError {
    fn from(failure: Failure) -> Self {
        Self::new(
            format!("{}: {}", shown(&failure.path), failure.error),
            "see that it can be read and that its folder can be written, then run codegen again",
        )
    }
}

/// A path as people see it, safe to print.
pub(super) fn shown(path: &Path) -> String {
    escape::line(&paths::shown(path))
}

/// Says everything that is wrong.
pub(super) fn all(err: &mut Stream<'_>, errors: &[CrateError]) -> io::Result<Outcome> {
    for CrateError { message, help } in errors {
        let head = err.paint.error("error:");
        writeln!(err, "{head} {}", err.paint.strong(&escape::line(message)))?;
        writeln!(
            err,
            " = {} {}\n",
            err.paint.strong("help:"),
            escape::line(help)
        )?;
    }
    writeln!(err, "nothing was written")?;
    Ok(Outcome::Failed)
}

/// Says what the disk refused.
pub(super) fn failure(err: &mut Stream<'_>, failure: &Failure) -> io::Result<Outcome> {
    let head = err.paint.error("error:");
    writeln!(err, "{head} {}: {}", shown(&failure.path), failure.error)?;
    writeln!(
        err,
        " = help: see that its folder can be written, then run codegen again; nothing was written"
    )?;
    Ok(Outcome::Failed)
}

/// Names what is stale.
pub(super) fn stale(
    err: &mut Stream<'_>,
    changes: &[Change<'_>],
    options: &Codegen,
) -> io::Result<Outcome> {
    let head = err.paint.error("error:");
    let verb = if changes.len() == 1 { "is" } else { "are" };
    writeln!(err, "{head} {} {verb} stale", plural(changes.len(), "file"))?;
    for change in changes {
        let belongs = match change {
            Change::Write(_) => "",
            Change::Remove(_) => " (no longer belongs)",
        };
        writeln!(err, "  {}{belongs}", shown(change.path()))?;
    }
    writeln!(
        err,
        " = help: run `{}` and commit what it writes",
        command(options)
    )?;
    Ok(Outcome::Failed)
}

/// Says how catalog and specs differ, and the two ways on.
pub(super) fn conflict(
    err: &mut Stream<'_>,
    work: &Work,
    conflict: &Conflict,
    options: &Codegen,
) -> io::Result<()> {
    let catalog = escape::line(&work.folder.shown(folder::CATALOG));
    let head = err.paint.error("error[catalog-conflict]");
    let message = match conflict.cause {
        Cause::CatalogEdited => {
            format!("{catalog} was not written by codegen, and the specs say something else")
        }
        Cause::SpecsChanged => {
            format!("{catalog} was accepted as the source, but the specs have changed since")
        }
    };
    writeln!(
        err,
        "{head}{} {}",
        err.paint.strong(":"),
        err.paint.strong(&message)
    )?;
    for difference in &conflict.differences {
        writeln!(err, "  {difference}")?;
    }
    let command = format!(
        "{} --provider {}",
        command(options),
        escape::line(&work.folder.id)
    );
    writeln!(err, " = {}", err.paint.strong("two ways on:"))?;
    writeln!(err, "     {command} --accept specs")?;
    writeln!(
        err,
        "         the specs stay the source: the catalog is written anew, and what was changed in it is lost"
    )?;
    writeln!(err, "     {command} --accept catalog")?;
    writeln!(
        err,
        "         the catalog becomes the source, as it is: the specs are kept but not read, until they"
    )?;
    writeln!(
        err,
        "         change or `--accept specs` is given; {} records that",
        generator::lock::FILE
    )?;
    writeln!(err)
}

/// How codegen is called for this catalog and crate.
fn command(options: &Codegen) -> String {
    let option = |name: &str, path: Option<&std::path::PathBuf>| {
        path.map(|path| format!(" {name} {}", shown(path)))
            .unwrap_or_default()
    };
    format!(
        "cargo xtask codegen{}{}",
        option("--catalog", options.selection.catalog.as_ref()),
        option("--out", options.out.as_ref()),
    )
}
