//! Owns `cargo xtask diff`: what a change of the documents does to programs that use the SDK.

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use catalog::diagnostic::{Severity, has_errors};
use generator::surface::{
    self, Difference, Effect, Item,
    columns::{self, plural},
    escape,
};

use crate::Outcome;
use crate::args::Diff;
use crate::folder;
use crate::loading::Loadings;
use crate::paths::{self, Workspace};
use crate::report;
use crate::revision::{self, Revision};
use crate::terminal::{Stream, Terminal};

/// What is compared with, unless something else is named.
const LAST: &str = "HEAD";
/// A path that is wider does not push the others away.
const WIDEST: usize = 64;

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
        report::print_all(&mut terminal.err, side, Severity::Error)?;
    }
    let mut count = Count::default();
    for id in ids(&old, &new) {
        match (find(&old, id), find(&new, id)) {
            (Found::Unreadable, _) | (_, Found::Unreadable) => {
                let id = terminal.out.paint.strong(&escape::line(id));
                writeln!(terminal.out, "{id}: cannot be compared")?;
            }
            (old, new) => {
                let differences = surface::compare(old.item(), new.item());
                count.add(&differences);
                print(&mut terminal.out, id, &differences)?;
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

fn print(out: &mut Stream<'_>, id: &str, differences: &[Difference]) -> io::Result<()> {
    let heading = out.paint.strong(&escape::line(id));
    if differences.is_empty() {
        return writeln!(out, "{heading}: the same");
    }
    writeln!(out, "{heading}")?;
    for (effect, title) in EFFECTS {
        let of_effect = differences.iter().filter(|found| found.effect == effect);
        let of_effect: Vec<&Difference> = of_effect.collect();
        if of_effect.is_empty() {
            continue;
        }
        let title = match effect {
            Effect::Breaks => out.paint.error(title),
            Effect::Behaves | Effect::Warns => out.paint.warning(title),
            Effect::New => out.paint.frame(title),
        };
        writeln!(out, "  {title}")?;
        let paths = of_effect.iter().map(|found| found.path.as_str());
        let width = columns::widest(paths, WIDEST);
        for found in of_effect {
            let path = columns::left(&escape::line(&found.path), width);
            let what = match found.what.as_str() {
                "" => String::new(),
                what => format!("  {}", escape::line(what)),
            };
            let title = match found.title.as_str() {
                "" => String::new(),
                title => out.paint.faint(&format!("  {}", escape::line(title))),
            };
            let line = format!("    {path}{what}{title}");
            writeln!(out, "{}", line.trim_end())?;
        }
    }
    Ok(())
}

const EFFECTS: [(Effect, &str); 4] = [
    (Effect::Breaks, "breaks"),
    (Effect::Behaves, "behaves differently"),
    (Effect::Warns, "warns"),
    (Effect::New, "new"),
];

#[derive(Default)]
struct Count([usize; EFFECTS.len()]);

impl Count {
    fn add(&mut self, differences: &[Difference]) {
        for (count, (effect, _)) in self.0.iter_mut().zip(EFFECTS) {
            *count += differences
                .iter()
                .filter(|found| found.effect == effect)
                .count();
        }
    }

    fn sentence(&self) -> String {
        match self.0 {
            [0, 0, 0, 0] => "programs that use the SDK notice nothing".to_owned(),
            [breaks, behaves, warns, new] => format!(
                "{}, {behaves} of behaviour, {}, {}",
                plural(breaks, "breaking change"),
                plural(warns, "warning"),
                plural(new, "addition"),
            ),
        }
    }
}

#[cfg(test)]
mod tests;
