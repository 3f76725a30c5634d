//! Owns what no longer belongs: files that codegen wrote once and would not write now.
//!
//! Only what is marked ever goes.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use catalog::diagnostic::Diagnostic;

use crate::walk;
use crate::write::{Failure, PlannedFile};

use super::errors::{refused, shown};
use super::mark;
use super::target::Target;

/// The folder of the crate that is no provider's.
const BY_HAND: &str = "runtime";

/// What goes from the folder of a provider's code. All of it is generated, so anything else there
/// would be lost one day.
pub(super) fn of_provider(
    target: &Target,
    folder: &Path,
    planned: &[PlannedFile],
) -> Result<Vec<PathBuf>, Vec<Diagnostic>> {
    let mut gone = Vec::new();
    let mut foreign = Vec::new();
    let failed = |failure: Failure| vec![failure.into()];
    for path in files(folder).map_err(failed)? {
        if !is_ours(&path).map_err(failed)? {
            foreign.push(by_hand(target, folder, &path));
        } else if !is_planned(&path, planned) {
            gone.push(path);
        }
    }
    if foreign.is_empty() {
        Ok(gone)
    } else {
        Err(foreign)
    }
}

fn by_hand(target: &Target, folder: &Path, path: &Path) -> Diagnostic {
    let message = format!(
        "{} was written by hand, and everything in {} is generated",
        shown(path),
        shown(folder)
    );
    let help = if target.stands_alone {
        "move it out of the crate, or name another folder with `--out`".to_owned()
    } else {
        "declare it in provider.toml, move it to a crate of your own, or remove it".to_owned()
    };
    refused(message, help)
}

/// What goes from a folder that others may write to as well.
pub(super) fn unplanned(folder: &Path, planned: &[PlannedFile]) -> Result<Vec<PathBuf>, Failure> {
    let mut gone = Vec::new();
    for path in files(folder)? {
        if !is_planned(&path, planned) && is_ours(&path)? {
            gone.push(path);
        }
    }
    Ok(gone)
}

/// What is left of providers that are no more: folders in which everything is ours.
pub(super) fn of_vanished(src: &Path, living: &[String]) -> Result<Vec<PathBuf>, Failure> {
    let mut gone = Vec::new();
    for folder in entries(src)?.into_iter().filter(|path| is_folder(path)) {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        if name == BY_HAND || living.iter().any(|ident| *ident == name) {
            continue;
        }
        let files = files(&folder)?;
        let ours: Result<Vec<bool>, Failure> = files.iter().map(|path| is_ours(path)).collect();
        if ours?.into_iter().all(|is_ours| is_ours) {
            gone.extend(files);
        }
    }
    Ok(gone)
}

fn is_planned(path: &Path, planned: &[PlannedFile]) -> bool {
    planned.iter().any(|file| file.path == path)
}

fn is_ours(path: &Path) -> Result<bool, Failure> {
    // What a link leads to is not ours, whatever it says.
    if path.is_symlink() {
        return Ok(false);
    }
    let is_ours = mark::is_ours(path).map_err(Failure::at(path))?;
    Ok(is_ours == Some(true))
}

fn is_folder(path: &Path) -> bool {
    path.is_dir() && !path.is_symlink()
}

/// Every file below a folder, by path, hidden ones aside. Links are files; no folder has none.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for entry in entries(folder)? {
        if is_folder(&entry) {
            found.extend(files(&entry)?);
        } else {
            found.push(entry);
        }
    }
    Ok(found)
}

/// What lies in a folder by itself, by name, hidden entries aside; no folder has nothing.
pub(super) fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    match walk::list(folder) {
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        listed => listed.map_err(Failure::at(folder)),
    }
}
