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
use catalog::diagnostic::{Diagnostic, Severity, has_errors};

use crate::Outcome;
use crate::args::Codegen;
use crate::folder::{self, Folders};
use crate::paths::Workspace;
use crate::report;
use crate::terminal::{Stream, Terminal};
use crate::write::{self, Change, Failure, PlannedFile};
use catalog::parallel;
use errors::CrateError;
use provider::Work;
use remembered::Memory;
use target::Target;

/// Runs it.
pub(crate) fn run(
    workspace: &Workspace,
    options: &Codegen,
    terminal: &mut Terminal<'_>,
) -> io::Result<Outcome> {
    let start = Instant::now();
    let target = match Target::of(workspace, options) {
        Ok(target) => target,
        Err(misuse) => return crate::refuse(&misuse, terminal),
    };
    let memory = Memory::of(&target, options);
    if let Some(rows) = memory.as_ref().and_then(Memory::rows) {
        summary::print(&mut terminal.out, rows, start.elapsed())?;
        return Ok(Outcome::Done);
    }
    let Folders {
        folders,
        known,
        diagnostics,
    } = folder::read(&target.catalog, &options.selection.providers);
    let each = |folder| Work::of(folder, &target, options.accept);
    let mut works = parallel::map(folders, each);

    let err = &mut terminal.err;
    tell(err, &diagnostics, &works, options)?;
    if has_errors(&diagnostics) || !works.iter().all(Work::is_sound) {
        writeln!(err, "nothing was written")?;
        return Ok(Outcome::Failed);
    }

    let plan = match plan(&target, &mut works, &known, options) {
        Ok(plan) => plan,
        Err(errors) => return errors::all(err, &errors),
    };
    let changes: Result<Vec<Vec<Change<'_>>>, Failure> = plan.iter().map(Part::changes).collect();
    let changes = match changes {
        Ok(changes) => changes,
        Err(failure) => return errors::failure(err, &failure),
    };
    let all: Vec<Change<'_>> = changes.iter().flatten().copied().collect();
    if options.check && !all.is_empty() {
        return errors::stale(err, &all, options);
    }
    if let Err(failure) = write::write_all(&all) {
        return errors::failure(err, &failure);
    }
    let changed: Vec<(&Part, usize)> = plan.iter().zip(changes.iter().map(Vec::len)).collect();
    let rows = summary::rows(&works, &changed);
    let is_silent = works.iter().all(Work::is_silent) && !diagnostics.iter().any(is_said);
    if let Some(memory) = memory.filter(|_| is_silent) {
        memory.keep(&rows, &all);
    }
    summary::print(&mut terminal.out, rows, start.elapsed())?;
    summary::print_names(&mut terminal.out, &works)?;
    Ok(Outcome::Done)
}

/// Says what was found while the providers were read and generated.
fn tell(
    err: &mut Stream<'_>,
    diagnostics: &[Diagnostic],
    works: &[Work],
    options: &Codegen,
) -> io::Result<()> {
    report::print(err, None, diagnostics, Severity::Warning)?;
    for work in works {
        let folder = Some(&work.folder);
        report::print(err, folder, &work.diagnostics, Severity::Warning)?;
        if let Some(conflict) = &work.conflict {
            errors::conflict(err, work, conflict, options)?;
        }
    }
    Ok(())
}

/// Whether people are told.
fn is_said(diagnostic: &Diagnostic) -> bool {
    diagnostic.severity() <= Severity::Warning
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
) -> Result<Vec<Part>, Vec<CrateError>> {
    let mut errors: Vec<CrateError> = target.error().into_iter().collect();
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
        ],
        ..Part::named("schemas")
    }
}
