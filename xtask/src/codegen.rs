//! Owns `cargo xtask codegen`: read everything, plan every file, compare, then write all or nothing.

use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use catalog::diagnostic::{Diagnostic, Severity, has_errors};
use catalog::json;
use catalog::load::{self, Loaded, Origin, Sources};

use crate::Outcome;
use crate::args::{Accept, Codegen, Selection};
use crate::columns;
use crate::escape;
use crate::folder::{self, Folder};
use crate::loading;
use crate::lock::{self, Lock};
use crate::paths;
use crate::report::{self, plural};
use crate::settle::{self, Cause, Conflict, Verdict};
use crate::terminal::{Stream, Terminal};
use crate::write::{self, Failure, PlannedFile};

/// Runs it.
pub(crate) fn run(options: &Codegen, terminal: &mut Terminal<'_>) -> io::Result<Outcome> {
    let folders = loading::folders(&options.selection);
    let works: Vec<Work> = folders
        .folders
        .into_iter()
        .map(|folder| Work::of(folder, options.accept))
        .collect();

    report::print(
        &mut terminal.err,
        None,
        &folders.diagnostics,
        Severity::Warning,
    )?;
    for work in &works {
        report::print(
            &mut terminal.err,
            Some(&work.folder),
            &work.diagnostics,
            Severity::Warning,
        )?;
        if let Some(conflict) = &work.conflict {
            print_conflict(&mut terminal.err, work, conflict, &options.selection)?;
        }
    }
    if has_errors(&folders.diagnostics) || !works.iter().all(Work::is_sound) {
        writeln!(terminal.err, "nothing was written")?;
        return Ok(Outcome::Failed);
    }

    let shared = shared_files(&options.selection);
    let plan = works.iter().flat_map(|work| &work.files).chain(&shared);
    let stale = match stale(plan) {
        Ok(stale) => stale,
        Err(failure) => return print_failure(&mut terminal.err, &failure),
    };
    if options.check {
        if !stale.is_empty() {
            return print_stale(&mut terminal.err, &stale, &options.selection);
        }
    } else if let Err(failure) = write::write_all(&stale) {
        return print_failure(&mut terminal.err, &failure);
    }
    print_table(&mut terminal.out, &works, &shared, &stale)?;
    Ok(Outcome::Done)
}

/// One provider on its way to files.
struct Work {
    folder: Folder,
    /// What the generator will be given.
    loaded: Option<Loaded>,
    diagnostics: Vec<Diagnostic>,
    conflict: Option<Conflict>,
    files: Vec<PlannedFile>,
    time: Duration,
}

impl Work {
    fn of(folder: Folder, accept: Option<Accept>) -> Self {
        let start = Instant::now();
        let diagnostics = folder.diagnostics.clone();
        let sources = folder.sources.clone();
        let mut work = Self {
            folder,
            loaded: None,
            diagnostics,
            conflict: None,
            files: Vec::new(),
            time: Duration::ZERO,
        };
        if let Some(sources) = sources {
            work.read(&sources, accept);
        }
        work.time = start.elapsed();
        work
    }

    fn read(&mut self, sources: &Sources, accept: Option<Accept>) {
        if sources.origin() == Origin::Catalog {
            // The catalog is all there is: it is the source, and left alone.
            return self.load(sources, Origin::Catalog);
        }
        if let Some(lock) = settle::catalog_stands(sources, &self.folder.lock, accept) {
            return self.follow_catalog(sources, &lock);
        }
        self.load(sources, Origin::Specs);
        if has_errors(&self.diagnostics) {
            // Specs that cannot be read must not keep anybody from choosing the catalog.
            let chosen = settle::accept_catalog(sources, &self.folder.lock)
                .filter(|_| accept == Some(Accept::Catalog));
            if let Some(lock) = chosen {
                self.follow_catalog(sources, &lock);
            }
            return;
        }
        let Some(loaded) = &self.loaded else { return };
        let fresh = json::write(&loaded.catalog);
        match settle::settle(sources, &fresh, &self.folder.lock, accept) {
            Verdict::Specs(lock) => {
                self.plan(folder::CATALOG, fresh);
                self.plan(lock::FILE, lock.write());
            }
            Verdict::Catalog(lock) => self.follow_catalog(sources, &lock),
            Verdict::Undecided(conflict) => self.conflict = Some(conflict),
        }
    }

    fn follow_catalog(&mut self, sources: &Sources, lock: &Lock) {
        self.load(sources, Origin::Catalog);
        self.plan(lock::FILE, lock.write());
    }

    /// Loads from one source; what another said before no longer counts.
    fn load(&mut self, sources: &Sources, origin: Origin) {
        let (loaded, diagnostics) = load::load(sources, origin);
        self.loaded = loaded;
        self.diagnostics = diagnostics;
    }

    fn plan(&mut self, path: &str, contents: String) {
        self.files.push(PlannedFile {
            path: self.folder.path.join(path),
            contents,
        });
    }

    fn is_sound(&self) -> bool {
        self.loaded.is_some() && self.conflict.is_none() && !has_errors(&self.diagnostics)
    }
}

/// Files that belong to no provider. They lie in the workspace, so another catalog has none.
fn shared_files(selection: &Selection) -> Vec<PlannedFile> {
    let default = paths::default_catalog();
    if selection
        .catalog
        .as_ref()
        .is_some_and(|catalog| !paths::is_same(catalog, &default))
    {
        return Vec::new();
    }
    let schema = |name: &str, contents| PlannedFile {
        path: paths::schemas().join(name),
        contents,
    };
    vec![
        schema("api_catalog.schema.json", json::catalog_schema()),
        schema("provider.schema.json", json::config_schema()),
    ]
}

fn stale<'a>(plan: impl Iterator<Item = &'a PlannedFile>) -> Result<Vec<&'a PlannedFile>, Failure> {
    let mut stale = Vec::new();
    for file in plan {
        if file.is_stale()? {
            stale.push(file);
        }
    }
    Ok(stale)
}

fn print_failure(err: &mut Stream<'_>, failure: &Failure) -> io::Result<Outcome> {
    let head = err.paint.error("error:");
    writeln!(err, "{head} {}: {}", shown(&failure.path), failure.error)?;
    writeln!(
        err,
        " = help: see that its folder can be written, then run codegen again; nothing was written"
    )?;
    Ok(Outcome::Failed)
}

fn print_stale(
    err: &mut Stream<'_>,
    stale: &[&PlannedFile],
    selection: &Selection,
) -> io::Result<Outcome> {
    let head = err.paint.error("error:");
    let verb = if stale.len() == 1 { "is" } else { "are" };
    writeln!(err, "{head} {} {verb} stale", plural(stale.len(), "file"))?;
    for file in stale {
        writeln!(err, "  {}", shown(&file.path))?;
    }
    writeln!(
        err,
        " = help: run `{}` and commit what it writes",
        command(selection)
    )?;
    Ok(Outcome::Failed)
}

fn shown(path: &Path) -> String {
    escape::line(&paths::shown(path))
}

/// Says how catalog and specs differ, and the two ways on.
fn print_conflict(
    err: &mut Stream<'_>,
    work: &Work,
    conflict: &Conflict,
    selection: &Selection,
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
        command(selection),
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
        lock::FILE
    )?;
    writeln!(err)
}

/// How codegen is called for this catalog.
fn command(selection: &Selection) -> String {
    let catalog = selection.catalog.as_ref();
    let catalog = catalog.map(|catalog| format!(" --catalog {}", shown(catalog)));
    format!("cargo xtask codegen{}", catalog.unwrap_or_default())
}

fn print_table(
    out: &mut Stream<'_>,
    works: &[Work],
    shared: &[PlannedFile],
    stale: &[&PlannedFile],
) -> io::Result<()> {
    let changed = |files: &[PlannedFile]| {
        files
            .iter()
            .filter(|file| stale.iter().any(|stale| std::ptr::eq(*stale, *file)))
            .count()
            .to_string()
    };
    let mut rows =
        vec![["provider", "operations", "events", "files changed", "time"].map(str::to_owned)];
    for work in works {
        let provider = work.loaded.as_ref().map(|loaded| &loaded.provider);
        rows.push([
            escape::line(&work.folder.id),
            provider
                .map_or(0, |provider| provider.operations().count())
                .to_string(),
            provider
                .map_or(0, |provider| provider.events().count())
                .to_string(),
            changed(&work.files),
            format!("{:.1} ms", work.time.as_secs_f64() * 1000.0),
        ]);
    }
    if !shared.is_empty() {
        let none = String::new;
        rows.push([
            "schemas".to_owned(),
            none(),
            none(),
            changed(shared),
            none(),
        ]);
    }
    let width = |n: usize| {
        columns::widest(
            rows.iter().filter_map(|row| row.get(n)).map(String::as_str),
            usize::MAX,
        )
    };
    for row in &rows {
        let mut cells = row.iter().enumerate();
        let name = cells
            .next()
            .map(|(n, cell)| columns::left(cell, width(n)))
            .unwrap_or_default();
        let numbers: String = cells
            .map(|(n, cell)| format!("  {}", columns::right(cell, width(n))))
            .collect();
        writeln!(out, "{}", format!("{name}{numbers}").trim_end())?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::scratch::Scratch;

    const CONFIG: &str = "\
title = \"X\"
transport = \"http-json\"

[[dialect.item]]
kind = \"endpoint\"
heading = \"{method} {path}\"
";
    const SPEC: &str = "\
# 标签

### POST /add

**参数**

| 参数名 | 必选 | 类型 | 说明 |
| --- | --- | --- | --- |
| labelName | 是 | string | 标签名称 |
";

    fn provider() -> Scratch {
        let scratch = Scratch::new();
        scratch.file("x/provider.toml", CONFIG);
        scratch.file("x/specs/a.md", SPEC);
        scratch
    }

    fn codegen(
        scratch: &Scratch,
        check: bool,
        accept: Option<Accept>,
    ) -> (Outcome, String, String) {
        let selection = Selection {
            providers: Vec::new(),
            catalog: Some(scratch.path().to_path_buf()),
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let mut terminal = Terminal::into(&mut out, &mut err);
        let outcome = run(
            &Codegen {
                selection,
                check,
                accept,
            },
            &mut terminal,
        )
        .unwrap();
        drop(terminal);
        (
            outcome,
            String::from_utf8(out).unwrap(),
            String::from_utf8(err).unwrap(),
        )
    }

    #[test]
    fn what_is_fresh_is_not_touched() {
        let scratch = provider();
        let (outcome, out, err) = codegen(&scratch, false, None);
        assert_eq!((outcome, err.as_str()), (Outcome::Done, ""));
        assert!(out.starts_with("provider  operations"), "{out}");
        assert_eq!(
            scratch.files(),
            [
                "x/api_catalog.json",
                "x/names.lock",
                "x/provider.toml",
                "x/specs/a.md"
            ]
        );

        let times = || ["api_catalog.json", "names.lock"].map(|file| modified(&scratch, file));
        let before = times();
        assert_eq!(codegen(&scratch, false, None).0, Outcome::Done);
        assert_eq!(codegen(&scratch, true, None).0, Outcome::Done);
        assert_eq!(times(), before);
    }

    fn modified(scratch: &Scratch, file: &str) -> std::time::SystemTime {
        fs::metadata(scratch.at("x").join(file))
            .unwrap()
            .modified()
            .unwrap()
    }

    #[test]
    fn a_check_names_what_is_stale_and_writes_nothing() {
        let scratch = provider();
        let (outcome, out, err) = codegen(&scratch, true, None);
        assert_eq!((outcome, out.as_str()), (Outcome::Failed, ""));
        assert!(
            err.contains("2 files are stale") && err.contains("x/names.lock"),
            "{err}"
        );
        assert!(err.contains("cargo xtask codegen --catalog "), "{err}");
        assert_eq!(scratch.files(), ["x/provider.toml", "x/specs/a.md"]);
    }

    #[test]
    fn one_provider_with_an_error_stops_all() {
        let scratch = provider();
        scratch.file("y/provider.toml", "titel = \"Y\"\n");
        scratch.file("y/specs/a.md", SPEC);
        let (outcome, _, err) = codegen(&scratch, false, None);
        assert_eq!(outcome, Outcome::Failed);
        assert!(
            err.contains("did you mean `title`?") && err.ends_with("nothing was written\n"),
            "{err}"
        );
        assert!(!scratch.files().contains(&"x/api_catalog.json".to_owned()));
    }

    #[test]
    fn a_hand_edit_is_refused_until_somebody_decides() {
        let scratch = provider();
        codegen(&scratch, false, None);
        let written = scratch.read("x/api_catalog.json");
        let edited = written.replace("\"标签名称\"", "\"名称\"");
        scratch.file("x/api_catalog.json", &edited);

        let (outcome, _, err) = codegen(&scratch, false, None);
        assert_eq!(outcome, Outcome::Failed);
        assert!(
            err.contains("row `labelName`, 说明: `标签名称` in the specs, `名称` in the catalog"),
            "{err}"
        );
        assert!(
            err.contains("--provider x --accept specs") && err.contains("--accept catalog"),
            "{err}"
        );

        assert_eq!(
            codegen(&scratch, false, Some(Accept::Catalog)).0,
            Outcome::Done
        );
        assert_eq!(codegen(&scratch, true, None).0, Outcome::Done);
        assert_eq!(scratch.read("x/api_catalog.json"), edited);

        scratch.file("x/specs/a.md", SPEC.replace("string", "int"));
        let (outcome, _, err) = codegen(&scratch, false, None);
        assert_eq!(outcome, Outcome::Failed);
        assert!(err.contains("the specs have changed since"), "{err}");

        scratch.file("x/specs/a.md", SPEC);
        assert_eq!(
            codegen(&scratch, false, Some(Accept::Specs)).0,
            Outcome::Done
        );
        assert_eq!(scratch.read("x/api_catalog.json"), written);
    }

    #[test]
    fn specs_that_change_take_the_catalog_along() {
        let scratch = provider();
        codegen(&scratch, false, None);
        scratch.file("x/specs/a.md", SPEC.replace("标签名称", "名称"));
        assert_eq!(codegen(&scratch, false, None).0, Outcome::Done);
        assert!(scratch.read("x/api_catalog.json").contains("\"名称\""));
    }

    #[test]
    fn a_catalog_alone_is_the_source_and_left_alone() {
        let scratch = provider();
        codegen(&scratch, false, None);
        fs::remove_dir_all(scratch.at("x/specs")).unwrap();
        fs::remove_file(scratch.at("x/names.lock")).unwrap();
        assert_eq!(codegen(&scratch, false, None).0, Outcome::Done);
        assert_eq!(scratch.files(), ["x/api_catalog.json", "x/provider.toml"]);
    }

    #[test]
    fn broken_specs_do_not_keep_anybody_from_the_catalog() {
        let scratch = provider();
        codegen(&scratch, false, None);
        scratch.file("x/specs/a.md", "nothing\n");
        assert_eq!(codegen(&scratch, false, None).0, Outcome::Failed);
        assert_eq!(
            codegen(&scratch, false, Some(Accept::Catalog)).0,
            Outcome::Done
        );
        assert_eq!(codegen(&scratch, false, None).0, Outcome::Done);
    }
}
