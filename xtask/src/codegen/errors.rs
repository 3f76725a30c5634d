//! Owns why codegen does not write, each as a diagnostic: the crate, the disk, stale files, a catalog edited by hand.

use std::path::{Path, PathBuf};

use catalog::diagnostic::{Code, Diagnostic};
use catalog::source::Span;
use generator::accept::{Cause, Conflict};
use generator::surface::columns::plural;
use generator::surface::escape;

use crate::args::Codegen;
use crate::folder::{self, Folder};
use crate::paths;
use crate::write::{Change, Failure};

/// The crate, or what lies in its place, keeps it from being written.
pub(super) fn refused(message: impl Into<String>, help: impl Into<String>) -> Diagnostic {
    Diagnostic::error(Code::BadCrate, message).help(help)
}

impl From<Failure> for Diagnostic {
    fn from(failure: Failure) -> Self {
        let message = format!("{}: {}", shown(&failure.path), failure.error);
        Self::error(Code::NotWritten, message).help(
            "see that it can be read and that its folder can be written, then run codegen again",
        )
    }
}

/// A path as people see it, safe to print.
pub(super) fn shown(path: &Path) -> String {
    escape::line(&paths::shown(path))
}

/// Names what is stale.
pub(super) fn stale(changes: &[Change<'_>], options: &Codegen) -> Diagnostic {
    let verb = if changes.len() == 1 { "is" } else { "are" };
    let mut message = format!("{} {verb} stale", plural(changes.len(), "file"));
    for change in changes {
        let belongs = match change {
            Change::Write(_) => "",
            Change::Remove(_) => " (no longer belongs)",
        };
        message.push_str(&format!("\n{}{belongs}", shown(change.path())));
    }
    let help = format!("run `{}` and commit what it writes", command(options));
    Diagnostic::error(Code::StaleFile, message).help(help)
}

/// Says how the catalog differs from `fresh`, which the specs give, and the two ways on.
pub(super) fn conflict(
    folder: &Folder,
    conflict: &Conflict,
    fresh: &str,
    options: &Codegen,
) -> Diagnostic {
    let catalog = escape::line(&folder.shown(folder::CATALOG));
    let mut message = match conflict.cause {
        Cause::CatalogEdited => {
            format!("{catalog} was not written by codegen, and the specs say something else")
        }
        Cause::SpecsChanged => {
            format!("{catalog} was accepted as the source, but the specs have changed since")
        }
    };
    for difference in &conflict.differences {
        message.push('\n');
        message.push_str(difference);
    }
    let command = format!("{} --provider {}", command(options), folder.id);
    let lock = generator::lock::FILE;
    let help = format!(
        "there are two ways on:\n\
         {command} --accept specs\n\
         \u{20}   the specs stay the source: the catalog is written anew, and what was changed in it is lost\n\
         {command} --accept catalog\n\
         \u{20}   the catalog becomes the source, as it is: the specs are kept but not read, until they\n\
         \u{20}   change or `--accept specs` is given; {lock} records that"
    );
    let file = folder.file(folder::CATALOG);
    Diagnostic::error(Code::CatalogConflict, message)
        .help(help)
        .at_if(file.map(|file| file.location(first_difference(file.text(), fresh))))
}

/// The first line that is other than the specs give it.
fn first_difference(text: &str, fresh: &str) -> Span {
    let mut at = 0;
    let mut fresh = fresh.lines();
    for line in text.split_inclusive('\n') {
        let shown = line.trim_end();
        if fresh.next().map(str::trim_end) != Some(shown) {
            let indent = shown.len() - shown.trim_start().len();
            return Span::new(at + indent, at + shown.len());
        }
        at += line.len();
    }
    Span::new(at, at)
}

/// How codegen is called for this catalog and crate.
fn command(options: &Codegen) -> String {
    let option = |name: &str, path: Option<&PathBuf>| {
        path.map(|path| format!(" {name} {}", shown(path)))
            .unwrap_or_default()
    };
    format!(
        "cargo xtask codegen{}{}",
        option("--catalog", options.selection.catalog.as_ref()),
        option("--out", options.out.as_ref()),
    )
}
