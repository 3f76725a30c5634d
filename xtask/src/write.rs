//! Owns writing: all files or none, and only those that differ.
//!
//! Every new text is staged beside its target first, and what it replaces is kept beside it too;
//! then all are renamed into place. Where one renaming fails the earlier ones are undone.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// A file as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlannedFile {
    /// Where.
    pub(crate) path: PathBuf,
    /// All of it.
    pub(crate) contents: String,
}

/// What could not be read or written, and why.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The file.
    pub(crate) path: PathBuf,
    /// The reason.
    pub(crate) error: io::Error,
}

impl PlannedFile {
    /// Whether the disk has something else. A checkout with CRLF is the same.
    pub(crate) fn is_stale(&self) -> Result<bool, Failure> {
        match fs::read(&self.path) {
            Ok(bytes) => Ok(!is_same_text(&bytes, self.contents.as_bytes())),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
            Err(error) => Err(Failure {
                path: self.path.clone(),
                error,
            }),
        }
    }
}

fn is_same_text(one: &[u8], other: &[u8]) -> bool {
    let lines = |bytes| <[u8]>::split(bytes, |byte| *byte == b'\n').map(without_return);
    one == other || (one.contains(&b'\r') && lines(one).eq(lines(other)))
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Writes all of these files, or none.
pub(crate) fn write_all(files: &[&PlannedFile]) -> Result<(), Failure> {
    let mut stage = Stage::default();
    for file in files {
        stage.put(file).map_err(|error| Failure {
            path: file.path.clone(),
            error,
        })?;
    }
    stage.commit()
}

/// Files on their way. What was not committed vanishes.
#[derive(Default)]
struct Stage {
    files: Vec<Staged>,
    /// Folders made for them, outer ones first.
    folders: Vec<PathBuf>,
    is_committed: bool,
}

struct Staged {
    target: PathBuf,
    /// The new text.
    fresh: PathBuf,
    /// What is there now, if anything is.
    kept: Option<PathBuf>,
}

impl Stage {
    fn put(&mut self, file: &PlannedFile) -> io::Result<()> {
        self.make_folder(file.path.parent().unwrap_or(Path::new(".")))?;
        let staged = Staged {
            target: file.path.clone(),
            fresh: beside(&file.path, "new"),
            kept: fs::symlink_metadata(&file.path)
                .is_ok()
                .then(|| beside(&file.path, "old")),
        };
        // Known to the stage before it exists, so that it is swept up whatever happens.
        let (fresh, kept) = (staged.fresh.clone(), staged.kept.clone());
        self.files.push(staged);
        write_new(&fresh, &file.contents)?;
        kept.map_or(Ok(()), |kept| keep(&file.path, &kept))
    }

    fn make_folder(&mut self, folder: &Path) -> io::Result<()> {
        if folder.as_os_str().is_empty() || folder.is_dir() {
            return Ok(());
        }
        if let Some(outer) = folder.parent() {
            self.make_folder(outer)?;
        }
        fs::create_dir(folder)?;
        self.folders.push(folder.to_path_buf());
        Ok(())
    }

    fn commit(mut self) -> Result<(), Failure> {
        for n in 0..self.files.len() {
            let Some(file) = self.files.get(n) else { break };
            if let Err(error) = fs::rename(&file.fresh, &file.target) {
                let path = file.target.clone();
                self.undo(n);
                return Err(Failure { path, error });
            }
        }
        self.is_committed = true;
        Ok(())
    }

    /// Brings back what the first `n` files replaced; what fails here has nothing better to fall back on.
    fn undo(&self, n: usize) {
        for file in self.files.iter().take(n).rev() {
            let _ = match &file.kept {
                Some(kept) => fs::rename(kept, &file.target),
                None => fs::remove_file(&file.target),
            };
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for file in &self.files {
            let _ = fs::remove_file(&file.fresh);
            if let Some(kept) = &file.kept {
                let _ = fs::remove_file(kept);
            }
        }
        if !self.is_committed {
            for folder in self.folders.iter().rev() {
                // Only an empty folder goes.
                let _ = fs::remove_dir(folder);
            }
        }
    }
}

/// A hidden name in the same folder, so that renaming never crosses file systems.
fn beside(target: &Path, what: &str) -> PathBuf {
    let name = target.file_name().unwrap_or_default().to_string_lossy();
    target.with_file_name(format!(".{name}.xtask-{}.{what}", std::process::id()))
}

fn write_new(path: &Path, contents: &str) -> io::Result<()> {
    remove_leftover(path)?;
    let mut file = OpenOptions::new().write(true).create_new(true).open(path)?;
    file.write_all(contents.as_bytes())
}

/// Keeps a second name for a file; a copy where the file system knows no links.
fn keep(target: &Path, kept: &Path) -> io::Result<()> {
    remove_leftover(kept)?;
    fs::hard_link(target, kept).or_else(|_| fs::copy(target, kept).map(|_| ()))
}

/// What a killed run of the same process number left behind.
fn remove_leftover(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn planned(scratch: &Scratch, path: &str, contents: &str) -> PlannedFile {
        PlannedFile {
            path: scratch.at(path),
            contents: contents.to_owned(),
        }
    }

    #[test]
    fn files_are_written_with_their_folders_and_nothing_else() {
        let scratch = Scratch::new();
        scratch.file("old.json", "old");
        let files = [
            planned(&scratch, "a/b/new.json", "new"),
            planned(&scratch, "old.json", "newer"),
        ];
        write_all(&files.iter().collect::<Vec<_>>()).unwrap();
        assert_eq!(scratch.files(), ["a/b/new.json", "old.json"]);
        assert_eq!(scratch.read("old.json"), "newer");
        assert!(files.iter().all(|file| !file.is_stale().unwrap()));
    }

    #[test]
    fn line_breaks_do_not_make_a_file_stale() {
        let scratch = Scratch::new();
        scratch.file("x", "a\r\nb\r\n");
        assert!(!planned(&scratch, "x", "a\nb\n").is_stale().unwrap());
        assert!(planned(&scratch, "x", "a\nb").is_stale().unwrap());
        assert!(planned(&scratch, "y", "").is_stale().unwrap());
        assert!(planned(&scratch, "", "").is_stale().is_err());
    }

    #[test]
    fn a_file_that_cannot_be_staged_stops_all() {
        let scratch = Scratch::new();
        scratch.file("old", "old");
        scratch.file("file", "x");
        let files = [
            planned(&scratch, "old", "new"),
            planned(&scratch, "fresh/folder/x", "new"),
            planned(&scratch, "file/below", "new"),
        ];
        let failure = write_all(&files.iter().collect::<Vec<_>>()).unwrap_err();
        assert_eq!(failure.path, scratch.at("file/below"));
        assert_eq!(scratch.files(), ["file", "old"]);
        assert_eq!(scratch.read("old"), "old");
        assert!(!scratch.at("fresh").exists());
    }

    #[test]
    fn a_renaming_that_fails_undoes_the_earlier_ones() {
        let scratch = Scratch::new();
        let old = scratch.file("old", "old");
        let written = fs::metadata(&old).unwrap().modified().unwrap();
        let files = [
            planned(&scratch, "old", "new"),
            planned(&scratch, "first", "new"),
            planned(&scratch, "late", "x"),
        ];
        let mut stage = Stage::default();
        for file in &files {
            stage.put(file).unwrap();
        }
        // A folder appears where the last file was to go.
        scratch.file("late/in-the-way", "x");
        let failure = stage.commit().unwrap_err();
        assert_eq!(failure.path, scratch.at("late"));
        assert_eq!(scratch.files(), ["late/in-the-way", "old"]);
        assert_eq!(scratch.read("old"), "old");
        assert_eq!(fs::metadata(&old).unwrap().modified().unwrap(), written);
    }

    #[test]
    fn what_a_killed_run_left_is_no_hindrance() {
        let scratch = Scratch::new();
        let old = scratch.file("old", "old");
        fs::hard_link(&old, beside(&old, "old")).unwrap();
        fs::write(beside(&old, "new"), "half").unwrap();
        write_all(&[&planned(&scratch, "old", "new")]).unwrap();
        assert_eq!(
            (scratch.files(), scratch.read("old")),
            (vec!["old".to_owned()], "new".to_owned())
        );
    }
}
