//! Owns `cargo xtask diff`: what a change of the documents does to programs that use the SDK.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use catalog::diagnostic::has_errors;
use generator::surface::{self, Item, diff, escape};

use crate::Outcome;
use crate::args::{Diff, Format};
use crate::folder;
use crate::loading::Loadings;
use crate::paths::{self, Workspace};
use crate::report::Report;
use crate::revision::{self, Revision};
use crate::terminal::Terminal;

/// What is compared with, unless something else is named.
const LAST: &str = "HEAD";

/// Runs it. What cannot be read makes it fail; what breaks does not.
pub(crate) fn run(
    workspace: &Workspace,
    options: &Diff,
    terminal: &mut Terminal<'_>,
) -> io::Result<Outcome> {
    let old = Side::named(workspace, options.old.as_deref().unwrap_or(LAST));
    let new = match &options.new {
        Some(name) => Side::named(workspace, name),
        None => Ok(Side::of_folder(workspace.catalog())),
    };
    let (old, new) = match (old, new) {
        (Ok(old), Ok(new)) => (old.load(), new.load()),
        (Err(complaint), _) | (_, Err(complaint)) => return complain(terminal, &complaint),
    };
    for side in [&old, &new] {
        let errors = Report::of(side).errors();
        errors.print(&mut terminal.err, Format::Text)?;
    }
    let mut count = diff::Count::default();
    for id in ids(&old, &new) {
        match (find(&old, id), find(&new, id)) {
            (Found::Unreadable, _) | (_, Found::Unreadable) => {
                let id = terminal.out.paint.strong(&escape::line(id));
                writeln!(terminal.out, "{id}: cannot be compared")?;
            }
            (old, new) => {
                let differences = surface::compare(old.item(), new.item());
                count.add(&differences);
                let text = diff::text(id, &differences, terminal.out.paint);
                write!(terminal.out, "{text}")?;
            }
        }
    }
    writeln!(terminal.out, "{}", count.sentence())?;
    Ok(if old.has_errors() || new.has_errors() {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}

fn complain(terminal: &mut Terminal<'_>, complaint: &str) -> io::Result<Outcome> {
    let error = terminal.err.paint.error("error:");
    let help = "name git revisions, or folders of provider folders: `cargo xtask diff [OLD [NEW]]`";
    writeln!(
        terminal.err,
        "{error} {}\n  = help: {help}",
        escape::line(complaint)
    )?;
    Ok(Outcome::Failed)
}

/// One of the two catalogs.
struct Side {
    catalog: PathBuf,
    /// What people call it.
    shown: String,
    /// Keeps its folder there.
    revision: Option<Revision>,
}

impl Side {
    /// A folder, or else a revision.
    fn named(workspace: &Workspace, name: &str) -> Result<Self, String> {
        let folder = Path::new(name);
        if folder.is_dir() {
            return Ok(Self::of_folder(folder.to_path_buf()));
        }
        let revision = Revision::read(workspace.folder(), name)?;
        Ok(Self {
            catalog: revision.catalog(),
            shown: format!("{name}:{}", revision::CATALOG),
            revision: Some(revision),
        })
    }

    fn of_folder(catalog: PathBuf) -> Self {
        Self {
            shown: paths::shown(&catalog),
            catalog,
            revision: None,
        }
    }

    fn load(self) -> Loadings {
        let mut folders = folder::read(&self.catalog, &[]);
        if self.revision.is_some() {
            for folder in &mut folders.folders {
                folder.shown_as = Some(paths::inside(&self.shown, &folder.id));
            }
        }
        Loadings::of(folders)
    }
}

fn ids<'a>(old: &'a Loadings, new: &'a Loadings) -> BTreeSet<&'a str> {
    let providers = old.providers.iter().chain(&new.providers);
    providers
        .map(|provider| provider.folder.id.as_str())
        .collect()
}

/// A provider on one side.
enum Found {
    Missing,
    Unreadable,
    Surface(Item),
}

impl Found {
    fn item(&self) -> Option<&Item> {
        match self {
            Self::Surface(item) => Some(item),
            Self::Missing | Self::Unreadable => None,
        }
    }
}

fn find(side: &Loadings, id: &str) -> Found {
    let Some(provider) = side.providers.iter().find(|one| one.folder.id == id) else {
        return Found::Missing;
    };
    match &provider.loaded {
        Some(loaded) if !has_errors(&provider.diagnostics) => {
            Found::Surface(surface::of(&provider.sdks, loaded.config.default))
        }
        _ => Found::Unreadable,
    }
}

#[cfg(test)]
mod tests;
