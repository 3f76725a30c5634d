//! Owns finding and reading files below a folder: sorted, hidden ones skipped, links followed once.
//!
//! By hand: `walkdir` (two crates, 0.6 s of compiling) would replace some thirty lines, but it enters a folder again by
//! a link beside it, takes a link to nowhere for an error of the walk, and does not tell names that are no UTF-8; what
//! is written around it for that is as long. `ignore` is fifteen crates and 28 s.

use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use catalog::diagnostic::{Code, Diagnostic};
use catalog::source::SourceFile;

use crate::paths;

/// A file that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Found {
    /// From the folder that was searched, with `/`.
    pub(crate) path: String,
    /// On the disk.
    pub(crate) at: PathBuf,
}

/// Every Markdown file below a folder, by path. `depth` 0 looks into the folder alone.
pub(crate) fn markdown(folder: &Path, depth: usize) -> (Vec<Found>, Vec<Diagnostic>) {
    let mut walk = Walk::default();
    walk.folder(folder, "", depth);
    walk.found.sort();
    (walk.found, walk.diagnostics)
}

/// What lies in a folder by itself, hidden entries aside, by name. Names that are no UTF-8 are reported.
pub(crate) fn entries(folder: &Path, diagnostics: &mut Vec<Diagnostic>) -> Vec<(String, PathBuf)> {
    let paths = list(folder).unwrap_or_else(|error| {
        diagnostics.push(unreadable(folder, &error));
        Vec::new()
    });
    let mut named = Vec::new();
    for path in paths {
        match path.file_name().and_then(OsStr::to_str) {
            Some(name) => named.push((name.to_owned(), path)),
            None => {
                let message = format!("the name of {} is not UTF-8", paths::shown(&path));
                diagnostics.push(Diagnostic::error(Code::NotUtf8, message).help("rename it"));
            }
        }
    }
    named
}

/// What lies in a folder by itself, hidden entries aside, by name.
pub(crate) fn list(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path()));
    let mut paths = entries.collect::<io::Result<Vec<PathBuf>>>()?;
    let is_hidden = |name: &OsStr| name.to_string_lossy().starts_with('.');
    paths.retain(|path| !path.file_name().is_some_and(is_hidden));
    paths.sort();
    Ok(paths)
}

/// A text that could not be read.
#[derive(Clone, Debug)]
pub(crate) struct Unread {
    /// Why.
    pub(crate) diagnostic: Diagnostic,
    /// What there is to show of a text that is not UTF-8.
    pub(crate) stand_in: Option<SourceFile>,
}

/// Reads a text. `path` is how diagnostics name it inside the provider's folder.
pub(crate) fn text(path: &str, at: &Path) -> Result<SourceFile, Box<Unread>> {
    let bytes = bytes(at).map_err(|error| Unread {
        diagnostic: unreadable(at, &error),
        stand_in: None,
    })?;
    SourceFile::decode(path, &bytes).map_err(|diagnostic| {
        let stand_in = SourceFile::new(path, &String::from_utf8_lossy(&bytes));
        Box::new(Unread {
            diagnostic,
            stand_in: Some(stand_in),
        })
    })
}

/// A file or folder that cannot be read.
pub(crate) fn unreadable(at: &Path, error: &io::Error) -> Diagnostic {
    let help = match error.kind() {
        io::ErrorKind::NotFound => "put it there, or remove what points to it",
        io::ErrorKind::PermissionDenied => "give yourself the right to read it",
        _ => "make it a file that can be read, or remove it",
    };
    Diagnostic::error(
        Code::Unreadable,
        format!("{} cannot be read: {error}", paths::shown(at)),
    )
    .help(help)
}

/// Bytes of a regular file: a pipe or device would make us wait for ever.
fn bytes(at: &Path) -> io::Result<Vec<u8>> {
    if fs::metadata(at)?.is_file() {
        fs::read(at)
    } else {
        Err(io::Error::other("it is no regular file"))
    }
}

#[derive(Default)]
struct Walk {
    found: Vec<Found>,
    diagnostics: Vec<Diagnostic>,
    /// Folders that were entered, by their true path: a link back up ends there.
    entered: HashSet<PathBuf>,
}

impl Walk {
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) {
        let real = match folder.canonicalize() {
            Ok(real) => real,
            Err(error) => return self.diagnostics.push(unreadable(folder, &error)),
        };
        if !self.entered.insert(real) {
            return;
        }
        for (name, at) in entries(folder, &mut self.diagnostics) {
            let path = format!("{prefix}{name}");
            if at.is_dir() {
                if depth > 0 {
                    self.folder(&at, &format!("{path}/"), depth - 1);
                }
            } else if is_markdown(&name) {
                self.found.push(Found { path, at });
            }
        }
    }
}

fn is_markdown(name: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|extension| extension.eq_ignore_ascii_case("md"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scratch::Scratch;

    fn found(folder: &Path, depth: usize) -> Vec<String> {
        let (found, diagnostics) = markdown(folder, depth);
        assert_eq!(diagnostics, []);
        found.into_iter().map(|found| found.path).collect()
    }

    #[test]
    fn markdown_is_found_by_path() {
        let scratch = Scratch::new();
        for path in [
            "b.md",
            "a/z.MD",
            "a/.hidden.md",
            ".git/x.md",
            "a/notes.txt",
            "标签/说明.md",
            "md",
        ] {
            scratch.file(path, "x");
        }
        assert_eq!(found(scratch.path(), 9), ["a/z.MD", "b.md", "标签/说明.md"]);
        assert_eq!(found(scratch.path(), 0), ["b.md"]);
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed_once() {
        use std::os::unix::fs::symlink;
        let scratch = Scratch::new();
        scratch.file("a/x.md", "x");
        symlink(scratch.path(), scratch.at("a/up")).unwrap();
        symlink(scratch.at("a"), scratch.at("b")).unwrap();
        assert_eq!(found(scratch.path(), 99), ["a/x.md"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_nowhere_and_a_folder_are_no_texts() {
        let scratch = Scratch::new();
        std::os::unix::fs::symlink("nowhere", scratch.at("x.md")).unwrap();
        for path in ["x.md", "."] {
            let diagnostic = text(path, &scratch.at(path)).unwrap_err().diagnostic;
            assert_eq!(diagnostic.code, Code::Unreadable);
            assert!(diagnostic.help.is_some());
        }
    }

    #[test]
    fn a_text_that_is_not_utf8_is_named_and_shown() {
        let scratch = Scratch::new();
        let at = scratch.file("x.md", b"ab\n\xffcd");
        let Unread {
            diagnostic,
            stand_in,
        } = *text("specs/x.md", &at).unwrap_err();
        assert_eq!(diagnostic.code, Code::NotUtf8);
        assert_eq!(diagnostic.at.unwrap().line, 2);
        assert_eq!(stand_in.unwrap().text(), "ab\n\u{fffd}cd");
    }
}
