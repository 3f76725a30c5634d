//! Owns `cargo xtask codegen`: read everything, plan every file, compare, then write all or nothing.

mod crate_files;
mod errors;
mod mark;
mod members;
mod provider;
mod remembered;
mod stale;
mod summary;
mod target;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::path::PathBuf;
use std::time::Instant;

use catalog::api_catalog;
use catalog::diagnostic::{Diagnostic, Severity};

use crate::Outcome;
use crate::args::{Codegen, Format};
use crate::folder::{self, Folders};
use crate::paths::Workspace;
use crate::report::Report;
use crate::terminal::Terminal;
use crate::write::{self, Change, Failure, PlannedFile};
use catalog::parallel;
use provider::Work;
use remembered::Memory;
use summary::Row;
use target::Target;

/// Runs it.
pub(crate) fn run(
    workspace: &Workspace,
    options: &Codegen,
    terminal: &mut Terminal<'_>,
) -> io::Result<Outcome> {
    let start = Instant::now();
    let mut target = match Target::of(workspace, options) {
        Ok(target) => target,
        Err(misuse) => return crate::refuse(&misuse, terminal),
    };
    let memory = Memory::of(&target, options);
    if let Some(rows) = memory.as_ref().and_then(Memory::rows) {
        let done = Done {
            rows,
            new_names: Vec::new(),
        };
        return say(&Report::default(), Some(&done), start, options, terminal);
    }
    let Folders {
        folders,
        known,
        mut diagnostics,
    } = folder::selected(&target.catalog, &options.selection);
    diagnostics.extend(target.read_layout());
    let each = |folder| Work::of(folder, &target, options);
    let mut works = parallel::map(folders, each);
    let found = Findings {
        general: diagnostics,
        works: works.iter_mut().map(Work::findings).collect(),
    };
    let done = if found.pass(options) && works.iter().all(Work::is_sound) {
        write(&target, &mut works, &known, options, memory, &found)
    } else {
        Err(Vec::new())
    };
    let mut report = Report::default();
    report.add(None, &found.general);
    for (work, findings) in works.iter().zip(&found.works) {
        report.add(Some(&work.folder), findings);
    }
    match &done {
        Ok(done) => say(&report, Some(done), start, options, terminal),
        Err(refused) => {
            report.add(None, refused);
            say(&report, None, start, options, terminal)
        }
    }
}

/// What was found while the providers were read and generated.
struct Findings {
    /// What belongs to no provider.
    general: Vec<Diagnostic>,
    /// By provider.
    works: Vec<Vec<Diagnostic>>,
}

impl Findings {
    fn all(&self) -> impl Iterator<Item = &Diagnostic> {
        self.general.iter().chain(self.works.iter().flatten())
    }

    /// Whether nothing keeps files from being written.
    fn pass(&self, options: &Codegen) -> bool {
        let deny = &options.reporting.deny;
        let is_fatal =
            |finding: &Diagnostic| finding.severity() == Severity::Error || deny.denies(finding);
        !self.all().any(is_fatal)
    }

    /// Whether there is nothing to tell people.
    fn is_silent(&self) -> bool {
        !self.all().any(Diagnostic::is_new)
    }
}

/// What a run that went well has led to.
struct Done {
    rows: Vec<Row>,
    /// Names of operations that nobody could use before.
    new_names: Vec<String>,
}

/// Writes all files or none; the error says why not.
fn write(
    target: &Target,
    works: &mut [Work],
    known: &[String],
    options: &Codegen,
    memory: Option<Memory>,
    found: &Findings,
) -> Result<Done, Vec<Diagnostic>> {
    let plan = plan(target, works, known, options)?;
    let changes: Result<Vec<Vec<Change<'_>>>, Failure> = plan.iter().map(Part::changes).collect();
    let changes = changes.map_err(|failure| vec![failure.into()])?;
    let all: Vec<Change<'_>> = changes.iter().flatten().copied().collect();
    if options.check && !all.is_empty() {
        return Err(vec![errors::stale(&all, options)]);
    }
    write::write_all(&all).map_err(|failure| vec![failure.into()])?;
    let changed: Vec<(&Part, usize)> = plan.iter().zip(changes.iter().map(Vec::len)).collect();
    let rows = summary::rows(works, &found.works, &changed);
    if let Some(memory) = memory.filter(|_| found.is_silent()) {
        memory.keep(&rows, &all);
    }
    let made = works.iter().filter_map(|work| work.made.as_ref());
    let new_names = made.flat_map(|made| made.new_names.clone()).collect();
    Ok(Done { rows, new_names })
}

/// Says what was found, and what has become of it.
fn say(
    report: &Report<'_>,
    done: Option<&Done>,
    start: Instant,
    options: &Codegen,
    terminal: &mut Terminal<'_>,
) -> io::Result<Outcome> {
    let Terminal { out, err } = terminal;
    match options.reporting.format {
        Format::Json => writeln!(out, "{:#}", summary::json(report, done))?,
        format => {
            report.print(err, format)?;
            if let Some(done) = done {
                summary::print(out, done, report.count(), start.elapsed())?;
            }
        }
    }
    let passes = report.passes(&options.reporting.deny, err)?;
    if done.is_none() && !options.check {
        writeln!(err, "nothing was written")?;
    }
    Ok(match done {
        Some(_) if passes => Outcome::Done,
        _ => Outcome::Failed,
    })
}

/// What becomes of a part of the files: a provider's, the schemas, the crate as a whole.
#[derive(Clone, Debug, Default)]
struct Part {
    /// What people call it.
    name: String,
    /// Files as they should be.
    files: Vec<PlannedFile>,
    /// Files that no longer belong.
    gone: Vec<PathBuf>,
}

impl Part {
    fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// What has to happen.
    fn changes(&self) -> Result<Vec<Change<'_>>, Failure> {
        let of = |file| Ok(PlannedFile::is_stale(file)?.then_some(Change::Write(file)));
        let files = parallel::map(self.files.iter().collect(), of);
        let stale: Result<Vec<Option<Change<'_>>>, Failure> = files.into_iter().collect();
        let mut changes: Vec<Change<'_>> = stale?.into_iter().flatten().collect();
        changes.extend(self.gone.iter().map(|path| Change::Remove(path)));
        Ok(changes)
    }
}

/// A part for every provider in the same order, then those that belong to none.
fn plan(
    target: &Target,
    works: &mut [Work],
    known: &[String],
    options: &Codegen,
) -> Result<Vec<Part>, Vec<Diagnostic>> {
    let mut errors: Vec<Diagnostic> = target.error().into_iter().collect();
    errors.extend(members::clashes(known));
    if !errors.is_empty() {
        // Whose folders are whose is not certain: looking further would only mislead.
        return Err(errors);
    }
    let mut parts = Vec::new();
    for work in works.iter_mut() {
        let mut part = Part {
            name: work.folder.id.clone(),
            files: std::mem::take(&mut work.files),
            gone: Vec::new(),
        };
        let folder = target.provider(&members::ident(&work.folder.id));
        match stale::of_provider(target, &folder, &part.files) {
            Ok(gone) => part.gone = gone,
            Err(more) => errors.extend(more),
        }
        parts.push(part);
    }
    if target.is_default_catalog {
        parts.push(schemas(&target.workspace));
    }
    let everything = options.selection.providers.is_empty();
    match crate_files::plan(target, works, known, everything) {
        Ok(part) => parts.push(part),
        Err(more) => errors.extend(more),
    }
    if errors.is_empty() {
        Ok(parts)
    } else {
        Err(errors)
    }
}

/// They lie in the workspace, so another catalog has none.
fn schemas(workspace: &Workspace) -> Part {
    let schema = |name: &str, contents| PlannedFile {
        path: workspace.schemas().join(name),
        contents,
    };
    Part {
        files: vec![
            schema("api_catalog.schema.json", api_catalog::catalog_schema()),
            schema("provider.schema.json", api_catalog::config_schema()),
            schema("sdk.schema.json", api_catalog::crate_schema()),
        ],
        ..Part::named("schemas")
    }
}
