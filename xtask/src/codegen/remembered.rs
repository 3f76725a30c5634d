//! Owns what codegen remembers of its last run: while nothing that it read or wrote has changed,
//! there is nothing to do.
//!
//! What is compared are names, lengths and times, as build tools do. Only a run that had nothing to
//! complain of is remembered, so nothing is ever kept from anybody. A check never relies on it.

use std::collections::BTreeMap;
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::args::Codegen;
use crate::write::Change;
use generator::digest;

use super::summary::Row;
use super::target::Target;

/// Folders whose contents are nobody's source: what cargo builds, what git keeps.
const SKIPPED: [&str; 2] = ["target", ".git"];
const SEPARATOR: &str = "\n--\n";

/// Where a run is remembered, and what was on the disk before it.
pub(super) struct Memory {
    file: PathBuf,
    roots: Vec<PathBuf>,
    before: Seen,
}

/// Files, and what tells that they are the same.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Seen(BTreeMap<PathBuf, String>);

impl Memory {
    /// None where a run has to look at everything: a check, a choice, other documents, or a disk that cannot tell.
    pub(super) fn of(target: &Target, options: &Codegen) -> Option<Self> {
        if options.check || options.accept.is_some() || options.selection.specs.is_some() {
            return None;
        }
        let folder = target.workspace.memory()?;
        let mut roots = vec![
            std::env::current_exe().ok()?,
            target.catalog.clone(),
            target.folder.clone(),
            target.workspace.sdk(),
            target.workspace.schemas(),
        ];
        roots.extend(target.layouts());
        let before = Seen::of(&roots)?;
        let absolute = |path: &Path| std::path::absolute(path).ok();
        let mut key = Vec::new();
        for root in &roots {
            key.push(absolute(root)?.to_string_lossy().into_owned());
        }
        key.extend(options.selection.providers.iter().cloned());
        Some(Self {
            file: folder.join(digest::of_texts(key.iter().map(String::as_str))),
            roots,
            before,
        })
    }

    /// The rows of the last run, if it would do the same again.
    pub(super) fn rows(&self) -> Option<Vec<Row>> {
        let text = fs::read_to_string(&self.file).ok()?;
        let (rows, seen) = text.split_once(SEPARATOR)?;
        if seen != self.before.text() {
            return None;
        }
        rows.lines().map(Row::recalled).collect()
    }

    /// Remembers a run that changed this. Where somebody else changed something meanwhile, it is
    /// forgotten: nobody knows whether it was read before or after.
    pub(super) fn keep(self, rows: &[Row], changes: &[Change<'_>]) {
        let Some(after) = Seen::of(&self.roots) else {
            return;
        };
        if !after.differs_only_in(&self.before, changes) {
            return;
        }
        let rows: Vec<String> = rows.iter().map(Row::remembered).collect();
        let text = rows.join("\n") + SEPARATOR + &after.text();
        // A memory that cannot be written costs the next run some time, and nothing else.
        let _ = write(&self.file, &text);
    }
}

fn write(file: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    let fresh = file.with_extension(format!("{}.new", std::process::id()));
    fs::write(&fresh, text)?;
    fs::rename(fresh, file)
}

impl Seen {
    fn of(roots: &[PathBuf]) -> Option<Self> {
        let mut seen = Self(BTreeMap::new());
        for root in roots {
            if let Ok(metadata) = fs::metadata(root) {
                seen.add(root, &metadata)?;
            }
        }
        Some(seen)
    }

    /// None where something is a link, or cannot be read: what lies behind it is not ours to guess.
    fn add(&mut self, path: &Path, metadata: &Metadata) -> Option<()> {
        if metadata.is_dir() {
            for entry in fs::read_dir(path).ok()? {
                let entry = entry.ok()?;
                if SKIPPED.iter().any(|skipped| entry.file_name() == *skipped) {
                    continue;
                }
                self.add(&entry.path(), &entry.metadata().ok()?)?;
            }
            return Some(());
        }
        let time = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        let mark = format!("{} {}", metadata.len(), time.as_nanos());
        let is_known = metadata.is_file();
        self.0.insert(path.to_path_buf(), mark);
        is_known.then_some(())
    }

    fn text(&self) -> String {
        let lines = self.0.iter();
        let lines = lines.map(|(path, mark)| format!("{mark} {}\n", path.to_string_lossy()));
        lines.collect()
    }

    fn differs_only_in(&self, before: &Self, changes: &[Change<'_>]) -> bool {
        let without = |seen: &Self| {
            let mut seen = seen.clone();
            for change in changes {
                seen.0.remove(change.path());
            }
            seen
        };
        changes.is_empty() && self == before || without(self) == without(before)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use crate::Outcome;
    use crate::args::Codegen;
    use crate::codegen::tests::{CONFIG, SPEC, World, of, only};

    /// A run that has not looked at anything says no provider's time.
    fn was_recalled(out: &str) -> bool {
        let row = out.lines().nth(1).unwrap_or_default();
        row.starts_with("x ") && !row.ends_with("ms")
    }

    fn world() -> World {
        let world = World::of(&["x"]);
        assert!(!was_recalled(&world.codegen().out));
        world
    }

    #[test]
    fn a_second_run_has_nothing_to_do_and_says_the_same() {
        let world = World::of(&["x"]);
        let first = world.codegen().out;
        let second = world.codegen().out;
        assert!(was_recalled(&second), "{second}");
        let counts = |out: &str, n| -> Vec<String> {
            let line = out.lines().nth(n).unwrap_or_default();
            line.split_whitespace().take(5).map(str::to_owned).collect()
        };
        assert_eq!(counts(&first, 1), counts(&second, 1));
        assert_eq!(counts(&second, 4)[..4], ["total", "1", "0", "1"]);
        assert!(!second.contains("names that are new"), "{second}");
    }

    #[test]
    fn whatever_changes_is_looked_at() {
        let changes: [fn(&World); 5] = [
            |world| world.spec("x", &SPEC.replace("标签名称", "标签的名称")),
            |world| world.spec("y", SPEC),
            |world| {
                drop(
                    world
                        .0
                        .file(&of("x", "provider.toml"), CONFIG.replace('X', "Z")),
                )
            },
            |world| {
                drop(world.0.file(
                    "generated-sdk/src/x/a.rs",
                    "// @generated by cargo xtask codegen",
                ))
            },
            |world| fs::remove_file(world.0.at("generated-sdk/src/x/mod.rs")).unwrap(),
        ];
        for (n, change) in changes.iter().enumerate() {
            let world = world();
            assert!(was_recalled(&world.codegen().out));
            change(&world);
            let run = world.codegen();
            assert!(!was_recalled(&run.out), "change {n}: {}", run.out);
            assert_eq!(run.outcome == Outcome::Failed, n == 1, "{}", run.err);
        }
    }

    #[test]
    fn what_was_complained_of_is_said_again() {
        let world = world();
        world.0.file(&of("x", "provider.toml"), "titel = \"X\"\n");
        for _ in 0..2 {
            assert_eq!(world.codegen().outcome, Outcome::Failed);
        }
    }

    #[test]
    fn other_options_are_another_run_and_a_check_always_looks() {
        let world = world();
        assert!(!was_recalled(&world.run(&only("x")).out));
        assert!(was_recalled(&world.run(&only("x")).out));
        assert!(!was_recalled(&world.check().out));
        let alone = || world.out("alone", Codegen::default());
        assert!(!was_recalled(&alone().out));
        assert!(was_recalled(&alone().out));
        assert!(was_recalled(&world.codegen().out));
    }

    #[cfg(unix)]
    #[test]
    fn what_lies_behind_a_link_is_always_looked_at() {
        let world = world();
        let elsewhere = world.0.file("elsewhere.md", SPEC);
        let link = world.0.at(&of("x", "specs/a.md"));
        fs::remove_file(&link).unwrap();
        std::os::unix::fs::symlink(Path::new(&elsewhere), &link).unwrap();
        for _ in 0..2 {
            assert!(!was_recalled(&world.codegen().out));
        }
    }
}
