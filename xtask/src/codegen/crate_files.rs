//! Owns the files that belong to no provider: what makes the crate one, and what it needs to stand alone.

use std::fs;
use std::path::{Path, PathBuf};

use catalog::diagnostic::Diagnostic;
use generator::emit::manifest;

use crate::write::{Failure, PlannedFile};

use super::Part;
use super::errors::{refused, shown};
use super::provider::Work;
use super::target::Target;
use super::{mark, members, stale};

/// The crate's own files; `everything` says that no provider was left out.
pub(super) fn plan(
    target: &Target,
    works: &[Work],
    known: &[String],
    everything: bool,
) -> Result<Part, Vec<Diagnostic>> {
    let members = members::all(target, works, known);
    let files = manifest::crate_files(&target.layout, &members).map_err(|defect| vec![defect])?;
    let mut part = Part::named("crate");
    for file in files {
        let mut contents = file.text;
        if target.stands_alone && file.path == "Cargo.toml" {
            // So that no workspace around it claims the crate.
            contents = format!("{}\n\n[workspace]\n", contents.trim_end());
        }
        let path = target.at(&file.path);
        part.files.push(PlannedFile { path, contents });
    }
    if target.stands_alone {
        let copies = copies(target).map_err(|error| vec![error])?;
        part.files.extend(copies);
        let foreign = foreign(&part.files)?;
        if !foreign.is_empty() {
            return Err(foreign);
        }
        let gone = stale::unplanned(&target.at("src/runtime"), &part.files);
        part.gone
            .extend(gone.map_err(|failure| vec![failure.into()])?);
    }
    if everything {
        let living: Vec<String> = known.iter().map(|id| members::ident(id)).collect();
        let gone = stale::of_vanished(&target.at("src"), &living);
        part.gone
            .extend(gone.map_err(|failure| vec![failure.into()])?);
    }
    Ok(part)
}

/// Files of somebody else where ours are to go.
fn foreign(files: &[PlannedFile]) -> Result<Vec<Diagnostic>, Vec<Diagnostic>> {
    let mut foreign = Vec::new();
    let marked = |file: &&PlannedFile| mark::is_marked(file.contents.as_bytes());
    for PlannedFile { path, .. } in files.iter().filter(marked) {
        let is_ours = mark::is_ours(path).map_err(Failure::at(path));
        let is_ours = is_ours.map_err(|failure| vec![failure.into()])?;
        if is_ours == Some(false) {
            foreign.push(refused(
                format!("{} was not written by codegen", shown(path)),
                "move it out of the crate, or name another folder with `--out`",
            ));
        }
    }
    Ok(foreign)
}

/// What the crate needs of the workspace: the runtime and the licences.
fn copies(target: &Target) -> Result<Vec<PlannedFile>, Diagnostic> {
    let sdk = target.workspace.sdk();
    let runtime = sdk.join("src").join("runtime");
    if !runtime.join("mod.rs").is_file() {
        return Err(refused(
            format!("{} is not there, and the crate needs it", shown(&runtime)),
            "restore the folder from version control",
        ));
    }
    let mut copies = Vec::new();
    for source in stale::files(&runtime)? {
        let below = source.strip_prefix(&sdk).unwrap_or(&source);
        copies.push(copy(target, &source, below)?);
    }
    for source in licences(&[&sdk, target.workspace.folder()])? {
        let name = source.file_name().unwrap_or_default();
        copies.push(copy(target, &source, Path::new(name))?);
    }
    Ok(copies)
}

/// A copy; Rust is marked, so that it is known as ours.
fn copy(target: &Target, source: &Path, below: &Path) -> Result<PlannedFile, Failure> {
    let mut contents = fs::read_to_string(source).map_err(Failure::at(source))?;
    if source
        .extension()
        .is_some_and(|extension| extension == "rs")
    {
        contents = target.named(contents);
        contents.insert_str(0, &mark::of_copy(&target.shown_source(source)));
    }
    Ok(PlannedFile {
        path: target.folder.join(below),
        contents,
    })
}

/// The licences of these folders, each once.
fn licences(folders: &[&Path]) -> Result<Vec<PathBuf>, Failure> {
    let mut found: Vec<PathBuf> = Vec::new();
    for folder in folders {
        for entry in stale::entries(folder)? {
            let name = entry.file_name().unwrap_or_default();
            let is_licence = name.to_string_lossy().starts_with("LICENSE") && entry.is_file();
            if is_licence && found.iter().all(|known| known.file_name() != Some(name)) {
                found.push(entry);
            }
        }
    }
    Ok(found)
}
