//! Owns one provider on its way to files: read, settled, generated.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use catalog::diagnostic::{Code, Diagnostic, has_errors};
use catalog::json;
use catalog::load::{self, Loaded, Origin, Sources};
use generator::emit::File;
use generator::sdk::Sdk;

use crate::args::Accept;
use crate::folder::{self, Folder};
use crate::lock::{self, Lock};
use crate::settle::{self, Conflict, Verdict};
use crate::write::PlannedFile;

use super::members;
use super::target::Target;

/// One provider on its way to files.
pub(super) struct Work {
    pub(super) folder: Folder,
    /// What the generator is given.
    pub(super) loaded: Option<Loaded>,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) conflict: Option<Conflict>,
    /// What to remember.
    lock: Option<Lock>,
    /// What the generator gave.
    pub(super) made: Option<Made>,
    pub(super) files: Vec<PlannedFile>,
    pub(super) time: Duration,
}

/// What was made of a provider.
pub(super) struct Made {
    pub(super) sdks: Vec<Sdk>,
    /// Names of operations that nobody could use before.
    pub(super) new_names: Vec<String>,
}

impl Work {
    /// Goes all the way, as far as it goes.
    pub(super) fn of(folder: Folder, target: &Target, accept: Option<Accept>) -> Self {
        let start = Instant::now();
        let diagnostics = folder.diagnostics.clone();
        let sources = folder.sources.clone();
        let mut work = Self {
            folder,
            loaded: None,
            diagnostics,
            conflict: None,
            lock: None,
            made: None,
            files: Vec::new(),
            time: Duration::ZERO,
        };
        if let Some(sources) = sources {
            work.read(&sources, accept);
        }
        if work.is_sound() {
            work.generate(target);
            work.remember();
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
            return self.follow_catalog(sources, lock);
        }
        self.load(sources, Origin::Specs);
        if has_errors(&self.diagnostics) {
            // Specs that cannot be read must not keep anybody from choosing the catalog.
            let chosen = settle::accept_catalog(sources, &self.folder.lock)
                .filter(|_| accept == Some(Accept::Catalog));
            if let Some(lock) = chosen {
                self.follow_catalog(sources, lock);
            }
            return;
        }
        let Some(loaded) = &self.loaded else { return };
        let fresh = json::write(&loaded.catalog);
        match settle::settle(sources, &fresh, &self.folder.lock, accept) {
            Verdict::Specs(lock) => {
                self.plan(self.folder.path.join(folder::CATALOG), fresh);
                self.lock = Some(lock);
            }
            Verdict::Catalog(lock) => self.follow_catalog(sources, lock),
            Verdict::Undecided(conflict) => self.conflict = Some(conflict),
        }
    }

    fn follow_catalog(&mut self, sources: &Sources, lock: Lock) {
        self.load(sources, Origin::Catalog);
        self.lock = Some(lock);
    }

    /// Loads from one source; what another said before no longer counts.
    fn load(&mut self, sources: &Sources, origin: Origin) {
        let (loaded, diagnostics) = load::load(sources, origin);
        self.loaded = loaded;
        self.diagnostics = diagnostics;
    }

    fn generate(&mut self, target: &Target) {
        let Some(loaded) = &self.loaded else {
            return;
        };
        let known = match self.folder.names() {
            Ok(known) => known,
            Err(diagnostic) => return self.diagnostics.push(diagnostic),
        };
        let generated = generator::generate(&loaded.provider, &loaded.config, &known);
        self.diagnostics.extend(generated.diagnostics);
        self.diagnostics.extend(clashes(&generated.files));
        let names = &generated.lock;
        let is_new = |(id, name): &(&String, &String)| known.operation.get(*id) != Some(*name);
        let new_names = names.operation.iter().filter(is_new);
        self.made = Some(Made {
            new_names: new_names.map(|(_, name)| name.clone()).collect(),
            sdks: generated.sdks,
        });
        let lock = self.lock.as_ref().unwrap_or(&self.folder.lock);
        self.lock = Some(lock.naming(names));
        if self.made.is_some() {
            let folder = target.provider(&members::ident(&self.folder.id));
            for file in generated.files {
                self.plan(folder.join(file.path), file.text);
            }
        }
    }

    fn remember(&mut self) {
        if let Some(lock) = self.lock.take() {
            self.plan(self.folder.path.join(lock::FILE), lock.write());
        }
    }

    fn plan(&mut self, path: PathBuf, contents: String) {
        self.files.push(PlannedFile { path, contents });
    }

    /// Whether there is nothing to tell people.
    pub(super) fn is_silent(&self) -> bool {
        !self.diagnostics.iter().any(super::is_said)
    }

    /// Whether nothing speaks against writing.
    pub(super) fn is_sound(&self) -> bool {
        self.loaded.is_some() && self.conflict.is_none() && !has_errors(&self.diagnostics)
    }
}

/// Chapters that would share a file.
fn clashes(files: &[File]) -> Vec<Diagnostic> {
    let mut taken = BTreeSet::new();
    let again = files.iter().filter(|file| !taken.insert(&file.path));
    again
        .map(|file| {
            Diagnostic::error(
                Code::NameClash,
                format!("two chapters would both be written to `{}`", file.path),
            )
            .help("give one of them another slug")
            .fix("[[module]]\ntitle = \"…\"\nslug = \"…\"")
        })
        .collect()
}
