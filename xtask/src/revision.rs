//! Owns what git knows: the catalog of a revision, laid out in a folder for as long as it is needed.

use std::ffi::OsStr;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::temporary::TemporaryFolder;

/// The catalog, from the workspace's folder.
pub(crate) const CATALOG: &str = "catalog/providers";

/// The catalog of a revision. Its folder is gone when this is.
#[derive(Debug)]
pub(crate) struct Revision {
    folder: TemporaryFolder,
}

impl Revision {
    /// The catalog as it was; the error says in a sentence why there is none.
    pub(crate) fn read(workspace: &Path, name: &str) -> Result<Self, String> {
        let commit = format!("{name}^{{commit}}");
        if git(
            workspace,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &commit,
            ],
        )
        .is_err()
        {
            let said = git(workspace, &["rev-parse", "--git-dir"]).err();
            return Err(said.unwrap_or_else(|| {
                format!("`{name}` is neither a folder nor a revision of this repository")
            }));
        }
        let tree = format!("{name}:./{CATALOG}");
        let tree = git(
            workspace,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &tree,
            ],
        )
        .map_err(|_| format!("there is no {CATALOG} in `{name}`"))?;
        let top = git(workspace, &["rev-parse", "--show-toplevel"])?;
        let revision = Self {
            folder: TemporaryFolder::new()
                .map_err(|error| format!("no folder can be made for `{name}`: {error}"))?,
        };
        revision.lay_out(Path::new(&top), &tree)?;
        Ok(revision)
    }

    /// The folder of provider folders.
    pub(crate) fn catalog(&self) -> PathBuf {
        self.folder.path().join("providers")
    }

    /// By an index of its own, so that the user's is left alone.
    fn lay_out(&self, top: &Path, tree: &str) -> Result<(), String> {
        let index = self.folder.path().join("index");
        let with_index = |arguments: &[&OsStr]| {
            let mut command = command(top);
            command.env("GIT_INDEX_FILE", &index).args(arguments);
            said(command.output())
        };
        let mut prefix = OsStr::new("--prefix=").to_owned();
        prefix.push(self.catalog());
        prefix.push("/");
        with_index(&[OsStr::new("read-tree"), OsStr::new(tree)])?;
        let all = ["checkout-index", "--all", "--quiet"].map(OsStr::new);
        with_index(&[&all[..], &[&prefix]].concat())?;
        Ok(())
    }
}

/// Git in a folder, whatever repository it was started for: a hook of another one names that.
pub(crate) fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.arg("-C").arg(folder);
    for variable in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(variable);
    }
    command
}

fn git(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let mut command = command(folder);
    command.args(arguments);
    said(command.output())
}

/// What it printed, or what it complained about.
fn said(output: io::Result<Output>) -> Result<String, String> {
    let output = output.map_err(|error| format!("git cannot be started: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(format!("git: {}", text(&output.stderr)))
    }
}
