//! Owns where codegen writes to: the workspace's crate, or one that stands alone.

use std::path::{Path, PathBuf};

use catalog::config::CrateLayout;
use catalog::diagnostic::Diagnostic;

use crate::args::{Codegen, Misuse};
use crate::paths::{self, Workspace};
use crate::usage::Topic;
use crate::walk;

use super::errors::{refused, shown};
use super::mark;

/// What the crate is called, and whose it is: in the folder of provider folders, or beside that.
const LAYOUT: &str = "sdk.toml";
/// How the runtime and what is generated name the crate in examples.
const IDENT: &str = "generated_sdk";

/// Where codegen reads from and writes to.
#[derive(Clone, Debug)]
pub(super) struct Target {
    /// Where what is written by hand lies.
    pub(super) workspace: Workspace,
    /// The folder of provider folders.
    pub(super) catalog: PathBuf,
    /// It is the workspace's.
    pub(super) is_default_catalog: bool,
    /// The crate's folder.
    pub(super) folder: PathBuf,
    /// It is not the workspace's: everything that it needs has to be brought there.
    pub(super) stands_alone: bool,
    /// What it is called, and whose it is.
    pub(super) layout: CrateLayout,
}

impl Target {
    /// Where the options want it; another catalog never goes into the workspace's crate.
    pub(super) fn of(workspace: &Workspace, options: &Codegen) -> Result<Self, Misuse> {
        let default = workspace.catalog();
        let asked = options.selection.catalog.as_ref();
        let is_default_catalog = asked.is_none_or(|catalog| paths::is_same(catalog, &default));
        let sdk = workspace.sdk();
        let out = options.out.as_ref();
        let own = out.filter(|out| !paths::is_same(out, &sdk));
        let problem = if own.is_some_and(|out| paths::is_below(out, &sdk)) {
            Some("`--out` lies inside the workspace's own crate: name another folder")
        } else if options.selection.specs.is_some() && own.is_none() {
            Some(
                "`--specs` needs --out DIR: what is made of other documents is not the workspace's SDK",
            )
        } else if is_default_catalog || own.is_some() {
            None
        } else if out.is_some() {
            Some("`--out` is the workspace's own crate: another catalog needs another folder")
        } else {
            Some("another catalog needs --out DIR, so that nobody's SDK is swept by accident")
        };
        if let Some(message) = problem {
            return Err(Misuse {
                message: message.to_owned(),
                topic: Topic::Codegen,
            });
        }
        Ok(Self {
            workspace: workspace.clone(),
            catalog: asked.cloned().unwrap_or(default),
            is_default_catalog,
            stands_alone: own.is_some(),
            folder: own.cloned().unwrap_or(sdk),
            layout: CrateLayout::default(),
        })
    }

    /// Where the crate's name may stand, the likelier first.
    pub(super) fn layouts(&self) -> Vec<PathBuf> {
        let beside = self.catalog.parent().map(|folder| folder.join(LAYOUT));
        let inside = self.catalog.join(LAYOUT);
        std::iter::once(inside).chain(beside).collect()
    }

    /// Learns what the crate is called.
    pub(super) fn read_layout(&mut self) -> Option<Diagnostic> {
        let file = self.layouts().into_iter().find(|file| file.is_file())?;
        let layout = walk::text(&shown(&file), &file)
            .map_err(|unread| unread.diagnostic)
            .and_then(|text| CrateLayout::read(&text));
        match layout {
            Ok(layout) => self.layout = layout,
            Err(defect) => return Some(defect),
        }
        let ident = self.layout.ident();
        (!self.stands_alone && ident != IDENT).then(|| {
            let message = format!(
                "the workspace's own crate is called `generated-sdk`, not `{}`",
                self.layout.name
            );
            refused(
                message,
                format!(
                    "leave the name out of {}, or generate elsewhere with `--out`",
                    shown(&file)
                ),
            )
        })
    }

    /// A text of the crate that names it as users do.
    pub(super) fn named(&self, text: String) -> String {
        let ident = self.layout.ident();
        match &*ident {
            IDENT => text,
            ident => text.replace(IDENT, ident),
        }
    }

    /// A file of the crate.
    pub(super) fn at(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }

    /// The folder of a provider's code.
    pub(super) fn provider(&self, ident: &str) -> PathBuf {
        self.folder.join("src").join(ident)
    }

    /// What speaks against writing there: somebody else's folder is never touched.
    pub(super) fn error(&self) -> Option<Diagnostic> {
        if !self.stands_alone || !self.folder.exists() {
            return None;
        }
        let folder = shown(&self.folder);
        let help =
            "name a folder with `--out` that is empty, not there yet, or one that codegen wrote";
        if !self.folder.is_dir() {
            return Some(refused(format!("{folder} is no folder"), help));
        }
        let mut diagnostics = Vec::new();
        let is_empty = walk::entries(&self.folder, &mut diagnostics).is_empty();
        if is_empty && diagnostics.is_empty() {
            return None;
        }
        let is_ours = |path: &&str| matches!(mark::is_ours(&self.at(path)), Ok(Some(true)));
        if ["Cargo.toml", "src/lib.rs"].iter().any(is_ours) {
            return None;
        }
        Some(refused(
            format!("{folder} holds something that codegen did not write"),
            help,
        ))
    }

    /// A path of the workspace's crate as people see it.
    pub(super) fn shown_source(&self, path: &Path) -> String {
        let root = self.workspace.folder();
        let path = path.strip_prefix(root).unwrap_or(path);
        path.to_string_lossy().replace('\\', "/")
    }
}
