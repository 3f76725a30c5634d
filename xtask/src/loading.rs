//! Owns the way from a selection to loaded providers, each with everything that was found on the way.

use catalog::diagnostic::{Diagnostic, has_errors};
use catalog::load::{self, Loaded};
use catalog::others;
use generator::sdk::Sdk;

use crate::args::Selection;
use crate::folder::{self, Folder, Folders};
use crate::paths::Workspace;
use catalog::parallel;

/// One provider, as far as it could be loaded.
#[derive(Clone, Debug)]
pub(crate) struct Loading {
    /// Its folder.
    pub(crate) folder: Folder,
    /// What was understood.
    pub(crate) loaded: Option<Loaded>,
    /// What it is called in Rust, where an SDK can be made of it: one for each of its APIs.
    pub(crate) sdks: Vec<Sdk>,
    /// What was found on the way.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// Everything that a selection names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Loadings {
    /// By name.
    pub(crate) providers: Vec<Loading>,
    /// What belongs to no provider.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Loadings {
    /// Loads what was read.
    pub(crate) fn of(folders: Folders) -> Self {
        Self {
            providers: parallel::map(folders.folders, Loading::of),
            diagnostics: folders.diagnostics,
        }
    }

    /// Whether anything is an error.
    pub(crate) fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
            || self
                .providers
                .iter()
                .any(|provider| has_errors(&provider.diagnostics))
    }
}

/// Loads what a selection names, each provider from the source that counts.
pub(crate) fn load(selection: &Selection) -> Loadings {
    let catalog = selection
        .catalog
        .clone()
        .unwrap_or_else(|| Workspace::here().catalog());
    Loadings::of(folder::selected(&catalog, selection))
}

impl Loading {
    /// Loads one provider, and decides its names as codegen would.
    pub(crate) fn of(folder: Folder) -> Self {
        let mut loading = Self {
            diagnostics: folder.diagnostics.clone(),
            folder,
            loaded: None,
            sdks: Vec::new(),
        };
        if let Some(sources) = &loading.folder.sources {
            let origin = loading.folder.origin(sources);
            let (loaded, diagnostics) = match &loading.folder.elsewhere {
                Some(_) => others::load(sources),
                None => load::load(sources, origin),
            };
            loading.diagnostics.extend(diagnostics);
            loading.diagnostics.extend(loading.folder.without_specs());
            // Documents from elsewhere are not those that the names were made of.
            if let Some(loaded) = &loaded
                && loading.folder.elsewhere.is_none()
            {
                let lost = loading.folder.lost(loaded, &loading.diagnostics);
                loading.diagnostics.extend(lost);
            }
            loading.loaded = loaded;
        }
        loading.name();
        loading
    }

    fn name(&mut self) {
        let is_sound = !has_errors(&self.diagnostics);
        let Some(loaded) = self.loaded.as_ref().filter(|_| is_sound) else {
            return;
        };
        self.diagnostics
            .extend(self.folder.unlocked.iter().cloned());
        if !has_errors(&self.diagnostics) {
            let names = &self.folder.lock;
            let (sdks, _, diagnostics) =
                generator::annotate(&loaded.provider, &loaded.config, names);
            self.sdks = sdks;
            self.diagnostics.extend(diagnostics);
        }
    }
}
