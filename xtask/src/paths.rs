//! Owns where things lie: the workspace, the default catalog, and how a path is shown.

use std::path::{Path, PathBuf};

/// The workspace's folder.
pub(crate) fn workspace() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().unwrap_or(here).to_path_buf()
}

/// The folder of provider folders that is read unless another is asked for.
pub(crate) fn default_catalog() -> PathBuf {
    workspace().join("catalog").join("providers")
}

/// Where the JSON Schemas lie.
pub(crate) fn schemas() -> PathBuf {
    workspace().join("catalog").join("schema")
}

/// Whether two paths are one folder.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
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
}
