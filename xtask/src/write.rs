//! Owns writing and removing: all files or none, and only those that differ.
//!
//! Every new text is staged beside its target first, and what it replaces is kept beside it too;
//! then all are renamed into place or removed. Where one step fails the earlier ones are undone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, ErrorKind, Write};
use std::path::{Path, PathBuf};

use catalog::parallel;

/// A file as it should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PlannedFile {
    /// Where.
    pub(crate) path: PathBuf,
    /// All of it.
    pub(crate) contents: String,
}

/// Something that is to happen to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change<'a> {
    /// It is written.
    Write(&'a PlannedFile),
    /// It goes, and the folders that are empty then.
    Remove(&'a Path),
}

impl Change<'_> {
    /// The file.
    pub(crate) fn path(&self) -> &Path {
        match self {
            Self::Write(file) => &file.path,
            Self::Remove(path) => path,
        }
    }
}

/// What could not be read or written, and why.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The file.
    pub(crate) path: PathBuf,
    /// The reason.
    pub(crate) error: io::Error,
}

impl Failure {
    /// What happened to this file.
    pub(crate) fn at(path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_path_buf();
        |error| Self { path, error }
    }
}

impl PlannedFile {
    /// Whether the disk has something else. A checkout with CRLF is the same.
    pub(crate) fn is_stale(&self) -> Result<bool, Failure> {
        match holds(&self.path, self.contents.as_bytes()) {
            Ok(is_current) => Ok(!is_current),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(true),
            Err(error) => Err(Failure::at(&self.path)(error)),
        }
    }
}

fn holds(path: &Path, text: &[u8]) -> io::Result<bool> {
    Ok(holds_exactly(path, text)? || is_same_text(&fs::read(path)?, text))
}

/// Whether a file holds these bytes; most do, and need not be in memory as a whole for that.
fn holds_exactly(path: &Path, mut rest: &[u8]) -> io::Result<bool> {
    let mut file = BufReader::with_capacity(64 * 1024, File::open(path)?);
    loop {
        let chunk = file.fill_buf()?;
        if chunk.is_empty() {
            return Ok(rest.is_empty());
        }
        let Some(behind) = rest.strip_prefix(chunk) else {
            return Ok(false);
        };
        rest = behind;
        let read = chunk.len();
        file.consume(read);
    }
}

fn is_same_text(one: &[u8], other: &[u8]) -> bool {
    let lines = |bytes| <[u8]>::split(bytes, |byte| *byte == b'\n').map(without_return);
    one.contains(&b'\r') && lines(one).eq(lines(other))
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

/// Does all of this, or nothing.
pub(crate) fn write_all(changes: &[Change<'_>]) -> Result<(), Failure> {
    Stage::of(changes)?.commit()
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
    /// The new text, unless the file goes.
    fresh: Option<PathBuf>,
    /// What is there now, if anything is.
    kept: Option<PathBuf>,
}

impl Stage {
    /// All of it, beside its targets.
    fn of(changes: &[Change<'_>]) -> Result<Self, Failure> {
        let mut stage = Self::default();
        for change in changes {
            stage.expect(*change).map_err(Failure::at(change.path()))?;
        }
        stage.fill(changes)?;
        Ok(stage)
    }

    /// Knows a file before anything of it exists, so that it is swept up whatever happens.
    fn expect(&mut self, change: Change<'_>) -> io::Result<()> {
        let target = change.path();
        let is_written = matches!(change, Change::Write(_));
        if is_written {
            self.make_folder(target.parent().unwrap_or(Path::new(".")))?;
        }
        let is_there = fs::symlink_metadata(target).is_ok();
        self.files.push(Staged {
            target: target.to_path_buf(),
            fresh: is_written.then(|| beside(target, "new")),
            kept: is_there.then(|| beside(target, "old")),
        });
        Ok(())
    }

    /// Puts all beside their targets.
    fn fill(&self, changes: &[Change<'_>]) -> Result<(), Failure> {
        let files: Vec<(&Staged, Change<'_>)> =
            self.files.iter().zip(changes.iter().copied()).collect();
        let put = |(file, change): (&Staged, Change<'_>)| {
            file.put(change).map_err(Failure::at(change.path()))
        };
        parallel::map(files, put).into_iter().collect()
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
            if let Err(error) = file.commit() {
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

impl Staged {
    fn put(&self, change: Change<'_>) -> io::Result<()> {
        if let (Some(fresh), Change::Write(file)) = (&self.fresh, change) {
            write_new(fresh, &file.contents)?;
        }
        match &self.kept {
            Some(kept) => keep(&self.target, kept),
            None => Ok(()),
        }
    }

    fn commit(&self) -> io::Result<()> {
        match &self.fresh {
            Some(fresh) => fs::rename(fresh, &self.target),
            None => fs::remove_file(&self.target),
        }
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        for aside in self
            .files
            .iter()
            .flat_map(|file| file.fresh.iter().chain(&file.kept))
        {
            let _ = fs::remove_file(aside);
        }
        if self.is_committed {
            let removed = self.files.iter().filter(|file| file.fresh.is_none());
            removed.for_each(|file| remove_empty(file.target.parent()));
        } else {
            for folder in self.folders.iter().rev() {
                // Only an empty folder goes.
                let _ = fs::remove_dir(folder);
            }
        }
    }
}

/// Removes a folder and those around it as long as they are empty.
fn remove_empty(folder: Option<&Path>) {
    let mut folder = folder;
    while let Some(empty) = folder.filter(|folder| fs::remove_dir(folder).is_ok()) {
        folder = empty.parent();
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

    fn written(files: &[PlannedFile]) -> Vec<Change<'_>> {
        files.iter().map(Change::Write).collect()
    }

    #[test]
    fn files_are_written_with_their_folders_and_nothing_else() {
        let scratch = Scratch::new();
        scratch.file("old.json", "old");
        let files = [
            planned(&scratch, "a/b/new.json", "new"),
            planned(&scratch, "old.json", "newer"),
        ];
        write_all(&written(&files)).unwrap();
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
        let failure = write_all(&written(&files)).unwrap_err();
        assert_eq!(failure.path, scratch.at("file/below"));
        assert_eq!(scratch.files(), ["file", "old"]);
        assert_eq!(scratch.read("old"), "old");
        assert!(!scratch.at("fresh").exists());
    }

    #[test]
    fn a_renaming_that_fails_undoes_the_earlier_ones() {
        let scratch = Scratch::new();
        let old = scratch.file("old", "old");
        let modified = fs::metadata(&old).unwrap().modified().unwrap();
        let files = [
            planned(&scratch, "old", "new"),
            planned(&scratch, "first", "new"),
            planned(&scratch, "late", "x"),
        ];
        let stage = Stage::of(&written(&files)).unwrap();
        // A folder appears where the last file was to go.
        scratch.file("late/in-the-way", "x");
        let failure = stage.commit().unwrap_err();
        assert_eq!(failure.path, scratch.at("late"));
        assert_eq!(scratch.files(), ["late/in-the-way", "old"]);
        assert_eq!(scratch.read("old"), "old");
        assert_eq!(fs::metadata(&old).unwrap().modified().unwrap(), modified);
    }

    #[test]
    fn what_is_removed_takes_its_empty_folders_along() {
        let scratch = Scratch::new();
        scratch.file("src/lib.rs", "x");
        let stale = ["src/old/a.rs", "src/old/deep/b.rs"].map(|path| scratch.file(path, "x"));
        let removed: Vec<Change<'_>> = stale.iter().map(|path| Change::Remove(path)).collect();
        write_all(&removed).unwrap();
        assert_eq!(scratch.files(), ["src/lib.rs"]);
        assert!(!scratch.at("src/old").exists());
    }

    #[test]
    fn what_was_removed_comes_back_where_a_later_step_fails() {
        let scratch = Scratch::new();
        let stale = scratch.file("old/stale.rs", "stale");
        let late = planned(&scratch, "late", "x");
        let stage = Stage::of(&[Change::Remove(&stale), Change::Write(&late)]).unwrap();
        scratch.file("late/in-the-way", "x");
        assert!(stage.commit().is_err());
        assert_eq!(scratch.files(), ["late/in-the-way", "old/stale.rs"]);
        assert_eq!(scratch.read("old/stale.rs"), "stale");

        let gone = scratch.at("old/gone.rs");
        let failure = write_all(&[Change::Remove(&stale), Change::Remove(&gone)]).unwrap_err();
        assert_eq!(failure.path, gone);
        assert_eq!(scratch.files(), ["late/in-the-way", "old/stale.rs"]);
    }

    #[test]
    fn what_a_killed_run_left_is_no_hindrance() {
        let scratch = Scratch::new();
        let old = scratch.file("old", "old");
        fs::hard_link(&old, beside(&old, "old")).unwrap();
        fs::write(beside(&old, "new"), "half").unwrap();
        write_all(&written(&[planned(&scratch, "old", "new")])).unwrap();
        assert_eq!(
            (scratch.files(), scratch.read("old")),
            (vec!["old".to_owned()], "new".to_owned())
        );
    }
}
