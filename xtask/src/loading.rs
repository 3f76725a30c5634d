//! Owns the way from a selection to loaded providers, each with everything that was found on the way.

use catalog::diagnostic::{Diagnostic, has_errors};
use catalog::load::{self, Loaded};

use crate::args::Selection;
use crate::folder::{self, Folder};
use crate::paths;

/// One provider, as far as it could be loaded.
#[derive(Clone, Debug)]
pub(crate) struct Loading {
    /// Its folder.
    pub(crate) folder: Folder,
    /// What was understood.
    pub(crate) loaded: Option<Loaded>,
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
    /// Whether anything is an error.
    pub(crate) fn has_errors(&self) -> bool {
        has_errors(&self.diagnostics)
            || self
                .providers
                .iter()
                .any(|provider| has_errors(&provider.diagnostics))
    }
}

/// Reads the folders that a selection names.
pub(crate) fn folders(selection: &Selection) -> folder::Folders {
    let catalog = selection
        .catalog
        .clone()
        .unwrap_or_else(paths::default_catalog);
    folder::read(&catalog, &selection.providers)
}

/// Loads what a selection names, each provider from the source that counts.
pub(crate) fn load(selection: &Selection) -> Loadings {
    let folders = folders(selection);
    Loadings {
        providers: folders.folders.into_iter().map(load_folder).collect(),
        diagnostics: folders.diagnostics,
    }
}

fn load_folder(folder: Folder) -> Loading {
    let mut diagnostics = folder.diagnostics.clone();
    let mut loaded = None;
    if let Some(sources) = &folder.sources {
        let (read, findings) = load::load(sources, folder.origin(sources));
        diagnostics.extend(findings);
        loaded = read;
    }
    Loading {
        folder,
        loaded,
        diagnostics,
    }
}
