//! Owns one provider on its way to files: read, settled, generated.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use catalog::api_catalog;
use catalog::diagnostic::{Code, Diagnostic, has_errors};
use catalog::load::{self, Loaded, Origin, Sources};
use catalog::others;
use generator::accept::{self, Accept, Followed, Verdict};
use generator::emit::File;
use generator::sdk::{Sdk, Types};
use generator::{digest, lock};

use crate::args::Codegen;
use crate::folder::{self, Folder};
use crate::write::PlannedFile;

use super::target::Target;
use super::{errors, members};

/// One provider on its way to files. Texts and models of a large one are large: each goes as soon as
/// there is what follows from it.
pub(super) struct Work {
    pub(super) folder: Folder,
    diagnostics: Vec<Diagnostic>,
    /// The source that counts, where there are two.
    followed: Option<Followed>,
    /// What the generator gave.
    pub(super) made: Option<Made>,
    pub(super) files: Vec<PlannedFile>,
    pub(super) time: Duration,
}

/// What was made of a provider.
pub(super) struct Made {
    /// What people call it.
    pub(super) title: String,
    /// On in the crate unless switched off.
    pub(super) is_default: bool,
    pub(super) operations: usize,
    pub(super) events: usize,
    pub(super) types: usize,
    /// Names of operations that nobody could use before.
    pub(super) new_names: Vec<String>,
}

impl Work {
    /// Goes all the way, as far as it goes.
    pub(super) fn of(folder: Folder, target: &Target, options: &Codegen) -> Self {
        let start = Instant::now();
        let diagnostics = folder.diagnostics.clone();
        let mut work = Self {
            folder,
            diagnostics,
            followed: None,
            made: None,
            files: Vec::new(),
            time: Duration::ZERO,
        };
        let loaded = work.read(options);
        if let Some(loaded) = loaded.filter(|_| !has_errors(&work.diagnostics)) {
            work.generate(loaded, target);
        }
        work.time = start.elapsed();
        work
    }

    /// What the generator is given.
    fn read(&mut self, options: &Codegen) -> Option<Loaded> {
        let accept = options.accept;
        let sources = self.folder.sources.clone()?;
        if self.folder.elsewhere.is_some() {
            let (loaded, diagnostics) = others::load(&sources);
            self.diagnostics = diagnostics;
            return loaded;
        }
        let accepted = || {
            let followed = accept::accept_catalog(&sources);
            followed.filter(|_| accept == Some(Accept::Catalog))
        };
        if sources.origin() == Origin::Catalog {
            // The catalog is all there is: it is the source, and left alone.
            let Some(lost) = self.folder.without_specs() else {
                return self.load(&sources, Origin::Catalog);
            };
            let Some(followed) = accepted() else {
                self.diagnostics.push(lost);
                return None;
            };
            return self.follow_catalog(&sources, followed);
        }
        if let Some(followed) = accept::catalog_stands(&sources, &self.folder.lock, accept) {
            return self.follow_catalog(&sources, followed);
        }
        let rows = match load::rows(&sources, Origin::Specs) {
            Ok(rows) => rows,
            Err(diagnostic) => {
                self.diagnostics = vec![diagnostic];
                return None;
            }
        };
        let fresh = api_catalog::write(&rows.catalog);
        let digests = digest::of_catalog(&rows.catalog);
        let (loaded, diagnostics) = rows.model(&sources);
        self.found(diagnostics, Some(&loaded));
        if has_errors(&self.diagnostics) {
            // Specs that cannot be read must not keep anybody from choosing the catalog.
            return self.follow_catalog(&sources, accepted()?);
        }
        match accept::decide(&sources, (&fresh, digests), &self.folder.lock, accept) {
            Verdict::Specs(followed) => {
                self.folder.forget_catalog();
                self.plan(self.folder.path.join(folder::CATALOG), fresh);
                self.followed = Some(followed);
                Some(loaded)
            }
            Verdict::Catalog(followed) => self.follow_catalog(&sources, followed),
            Verdict::Undecided(conflict) => {
                let conflict = errors::conflict(&self.folder, &conflict, &fresh, options);
                self.diagnostics.push(conflict);
                None
            }
        }
    }

    fn follow_catalog(&mut self, sources: &Sources, followed: Followed) -> Option<Loaded> {
        self.followed = Some(followed);
        self.load(sources, Origin::Catalog)
    }

    /// Loads from one source; what another said before no longer counts.
    fn load(&mut self, sources: &Sources, origin: Origin) -> Option<Loaded> {
        let (loaded, diagnostics) = load::load(sources, origin);
        self.found(diagnostics, loaded.as_ref());
        loaded
    }

    /// Takes what a source has led to; what it no longer has counts with it.
    fn found(&mut self, diagnostics: Vec<Diagnostic>, loaded: Option<&Loaded>) {
        let lost = loaded.map(|loaded| self.folder.lost(loaded, &diagnostics));
        self.diagnostics = diagnostics;
        self.diagnostics.extend(lost.into_iter().flatten());
    }

    fn generate(&mut self, loaded: Loaded, target: &Target) {
        self.diagnostics
            .extend(self.folder.unlocked.iter().cloned());
        if has_errors(&self.diagnostics) {
            return;
        }
        let known = std::mem::take(&mut self.folder.lock);
        let Loaded {
            config, provider, ..
        } = loaded;
        let (operations, events) = (provider.operations().count(), provider.events().count());
        let generated = generator::generate(provider, &config, &known);
        self.diagnostics.extend(generated.diagnostics);
        self.diagnostics.extend(clashes(&generated.files));
        let new_names = generated.lock.new_methods(&known);
        self.made = Some(Made {
            title: config.title,
            is_default: config.default,
            operations,
            events,
            types: generated.sdks.iter().map(types).sum(),
            new_names: new_names.into_iter().map(str::to_owned).collect(),
        });
        let lock = match self.followed.take() {
            Some(Followed { catalog, accepted }) => generated.lock.following(catalog, accepted),
            None => generated.lock,
        };
        // Of other documents the provider's folder learns nothing.
        if self.folder.elsewhere.is_none() {
            self.plan(self.folder.path.join(lock::FILE), lock.write());
        }
        let folder = target.provider(&members::ident(&self.folder.id));
        for file in generated.files {
            self.plan(folder.join(file.path), target.named(file.text));
        }
    }

    fn plan(&mut self, path: PathBuf, contents: String) {
        self.files.push(PlannedFile { path, contents });
    }

    /// What was found on the way.
    pub(super) fn findings(&mut self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.diagnostics)
    }

    /// Whether it has gone all the way.
    pub(super) fn is_sound(&self) -> bool {
        self.made.is_some()
    }
}

/// Requests, objects and choices.
fn types(sdk: &Sdk) -> usize {
    let declared = |types: &Types| types.objects.len() + types.choices.len() + types.wordings.len();
    let modules = sdk.modules.iter();
    declared(&sdk.shared)
        + modules
            .map(|module| module.operations.len() + declared(&module.types))
            .sum::<usize>()
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
