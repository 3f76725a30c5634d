//! Owns where things lie: the workspace and its parts, and how a path is shown.

use std::path::{Path, PathBuf};

/// The workspace, and what lies where in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Workspace(PathBuf);

impl Workspace {
    /// The one whose `cargo xtask` this is. Cargo says at run time which that is, and has the last
    /// word: clones that share a target folder share this program as well. Without cargo it is the
    /// one that the program was built from.
    pub(crate) fn here() -> Self {
        let above = |member: &Path| member.parent().unwrap_or(member).to_path_buf();
        let said = std::env::var_os("CARGO_MANIFEST_DIR").map(|member| above(Path::new(&member)));
        Self(
            said.filter(|folder| folder.join("xtask").join("Cargo.toml").is_file())
                .unwrap_or_else(|| above(Path::new(env!("CARGO_MANIFEST_DIR")))),
        )
    }

    /// Another one.
    #[cfg(test)]
    pub(crate) fn at(folder: &Path) -> Self {
        Self(folder.to_path_buf())
    }

    /// Its folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// The folder of provider folders that is read unless another is asked for.
    pub(crate) fn catalog(&self) -> PathBuf {
        self.0.join("catalog").join("providers")
    }

    /// Where the JSON Schemas lie.
    pub(crate) fn schemas(&self) -> PathBuf {
        self.0.join("catalog").join("schema")
    }

    /// Where codegen remembers its runs: beside the program, which `cargo clean` removes as well.
    #[cfg(not(test))]
    pub(crate) fn memory(&self) -> Option<PathBuf> {
        let program = std::env::current_exe().ok()?;
        Some(program.parent()?.join("codegen-runs"))
    }

    /// Where codegen remembers its runs: in the workspace, which is gone when the test is.
    #[cfg(test)]
    pub(crate) fn memory(&self) -> Option<PathBuf> {
        Some(self.0.join("target").join("codegen-runs"))
    }

    /// The crate that is generated unless another folder is asked for; what is written by hand in
    /// it is read from there.
    pub(crate) fn sdk(&self) -> PathBuf {
        self.0.join("generated-sdk")
    }
}

/// Whether two paths are one folder.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => absolute(one) == absolute(other),
    }
}

/// Whether a path lies below a folder, as far as the names tell.
pub(crate) fn is_below(path: &Path, folder: &Path) -> bool {
    absolute(path).starts_with(absolute(folder))
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf())
}

/// A path as people see it: from the current folder where it is below, with `/`.
pub(crate) fn shown(path: &Path) -> String {
    let below = std::env::current_dir()
        .ok()
        .and_then(|here| path.strip_prefix(here).ok().map(Path::to_path_buf));
    let path = below.unwrap_or_else(|| path.to_path_buf());
    let path = path.strip_prefix(".").unwrap_or(&path);
    let text = path.to_string_lossy();
    if text.is_empty() {
        ".".to_owned()
    } else if std::path::MAIN_SEPARATOR == '/' {
        text.into_owned()
    } else {
        text.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

/// A path inside a folder, both as people see them.
pub(crate) fn inside(folder: &str, path: &str) -> String {
    match folder {
        "" | "." => path.to_owned(),
        folder => format!("{}/{path}", folder.trim_end_matches('/')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_from_here() {
        let here = std::env::current_dir().unwrap();
        assert_eq!(shown(&here.join("a").join("b")), "a/b");
        assert_eq!(shown(&here), ".");
        assert_eq!(shown(Path::new("./x")), "x");
        assert_eq!(shown(Path::new("/somewhere/else")), "/somewhere/else");
        assert_eq!(inside(".", "specs/x.md"), "specs/x.md");
        assert_eq!(inside("/", "x.md"), "/x.md");
    }

    #[test]
    fn a_folder_need_not_be_there_to_be_the_same() {
        let here = std::env::current_dir().unwrap();
        assert!(is_same(Path::new("nowhere"), &here.join("nowhere")));
        assert!(is_below(Path::new("nowhere/x"), &here.join("nowhere")));
        assert!(!is_below(Path::new("nowhere-else"), &here.join("nowhere")));
    }
}
