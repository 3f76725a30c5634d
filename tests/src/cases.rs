//! Owns cases of generation: a folder of `tests/golden_sdk`, or documents made up by a test, and
//! what the generator makes of them.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use catalog::diagnostic::{Diagnostic, Severity, has_errors};
use catalog::load::{Loaded, Sources, load};
use catalog::source::SourceFile;
use generator::Generated;
use generator::lock::{FILE, Lock};
use serde_json::{Value, json};

use crate::{markdown, root, text};

/// What most cases are read with.
pub const USUAL: &str = r#"
title = "Golden"
transport = "http-json"

[reply]
code = "code"
message = ["message"]
payload = "data"
beside = "payload"
success = ["1000"]
"#;

/// Documents, and the names that were public before.
#[derive(Clone, Debug)]
pub struct Case {
    /// The documents.
    pub sources: Sources,
    /// `names.lock`.
    pub lock: Lock,
}

/// What became of a case.
#[derive(Clone, Debug)]
pub struct Made {
    /// The SDK, if the documents could be read.
    pub generated: Option<Generated>,
    /// What reading and generation have to say.
    pub findings: Vec<Diagnostic>,
}

impl Case {
    /// Specifications by path, read with a `provider.toml`.
    pub fn of_specs(id: &str, config: &str, specs: &[(&str, &str)]) -> Self {
        Self {
            sources: Sources {
                id: id.to_owned(),
                config: SourceFile::new("provider.toml", config),
                specs: specs
                    .iter()
                    .map(|(path, text)| SourceFile::new(path, text))
                    .collect(),
                catalog: None,
            },
            lock: Lock::default(),
        }
    }

    /// A catalog alone: names that no Markdown could hold.
    pub fn of_catalog(id: &str, config: &str, entries: &[Value]) -> Self {
        let catalog = json!({ "catalog": entries }).to_string();
        let mut case = Self::of_specs(id, config, &[]);
        case.sources.catalog = Some(SourceFile::new("api_catalog.json", &catalog));
        case
    }

    /// A folder of `tests/golden_sdk`.
    pub fn golden(name: &str) -> Self {
        let folder = golden_folder(name);
        let mut case = Self {
            sources: sources(name, &folder),
            lock: Lock::default(),
        };
        if let Some(lock) = optional(&folder, "names.lock") {
            case.lock = locked(&lock);
        }
        case
    }

    /// The case with something added to its `provider.toml`.
    pub fn with_config(&self, more: &str) -> Self {
        let config = format!("{}\n{more}\n", self.sources.config.text());
        let mut case = self.clone();
        case.sources.config = SourceFile::new("provider.toml", &config);
        case
    }

    /// Reads and generates.
    pub fn make(&self) -> Made {
        let (loaded, mut findings) = load(&self.sources, self.sources.origin());
        let readable = !has_errors(&findings);
        let generated = loaded.filter(|_| readable).map(|loaded| {
            let Loaded {
                provider, config, ..
            } = loaded;
            generator::generate(provider, &config, &self.lock)
        });
        findings.extend(generated.iter().flat_map(|made| made.diagnostics.clone()));
        Made {
            generated,
            findings,
        }
    }

    /// Reads and generates what has no errors.
    ///
    /// # Panics
    /// If it has.
    pub fn made(&self) -> Generated {
        let made = self.make();
        assert_eq!(made.errors(), Vec::<String>::new(), "{}", self.sources.id);
        made.generated.expect("without errors there is an SDK")
    }
}

impl Made {
    /// The errors' messages.
    pub fn errors(&self) -> Vec<String> {
        let messages = self.fatal().map(|finding| finding.message.clone());
        messages.collect()
    }

    fn fatal(&self) -> impl Iterator<Item = &Diagnostic> {
        let is_error = |finding: &&Diagnostic| finding.severity() == Severity::Error;
        self.findings.iter().filter(is_error)
    }

    /// The errors as a person sees them: place, message, what to do, what to paste.
    pub fn refusal(&self) -> String {
        let mut out = String::new();
        for error in self.fatal() {
            let place = error.at.as_ref();
            let place = place.map(|at| format!(" {}:{}", at.file, at.line));
            // Writing to a String cannot fail.
            let _ = writeln!(
                out,
                "error {}{}: {}",
                error.code,
                place.unwrap_or_default(),
                error.message
            );
            for (name, text) in [("help", &error.help), ("fix", &error.fix)] {
                if let Some(text) = text {
                    let _ = writeln!(out, "  {name}: {}", text.replace('\n', "\n       "));
                }
            }
        }
        out
    }
}

/// What a `names.lock` holds.
///
/// # Panics
/// If something is wrong with it.
pub fn locked(text: &str) -> Lock {
    let (lock, findings) = Lock::read(&SourceFile::new(FILE, text));
    assert_eq!(findings, []);
    lock
}

/// A golden case's documents; the usual `provider.toml` unless it has one.
pub fn sources(id: &str, folder: &Path) -> Sources {
    let config = optional(folder, "provider.toml").unwrap_or_else(|| USUAL.to_owned());
    Sources {
        id: id.to_owned(),
        config: SourceFile::new("provider.toml", &config),
        specs: markdown(folder, Path::new("")),
        catalog: optional(folder, "api_catalog.json")
            .map(|text| SourceFile::new("api_catalog.json", &text)),
    }
}

fn optional(folder: &Path, file: &str) -> Option<String> {
    let path = folder.join(file);
    path.exists().then(|| text(&path))
}

/// Lists the golden cases of a suite by topic; each becomes a test of its own, which calls the suite's
/// `golden(topic, case)`. All together they are its `CASES`.
#[macro_export]
macro_rules! golden_cases {
    ($($topic:ident { $($case:ident),+ $(,)? })+) => {
        $(mod $topic {
            $(#[test]
            fn $case() {
                super::golden(stringify!($topic), stringify!($case));
            })+
        })+

        const CASES: &[&str] = &[$($(stringify!($case)),+),+];
    };
}

/// Where the golden cases of generation lie.
pub const GOLDEN: &str = "tests/golden_sdk";

/// The folder of a golden case.
pub fn golden_folder(name: &str) -> PathBuf {
    root().join(GOLDEN).join(name)
}

/// The golden cases of generation.
pub fn golden_cases() -> BTreeSet<String> {
    let entries = fs::read_dir(root().join(GOLDEN)).into_iter().flatten();
    entries
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

/// An operation of a catalog.
pub fn operation(
    module: &str,
    title: &str,
    path: &str,
    params: &[Value],
    returns: &[Value],
) -> Value {
    json!({
        "doc": "specs/x.md", "title": title, "module": module, "kind": "endpoint",
        "operationId": format!("{}_{}", module.replace('-', "_"), path.trim_start_matches('/')),
        "method": "POST", "path": path, "params": params, "returns": returns,
    })
}

/// A row of a catalog; a reply's stands inside the payload.
pub fn row(name: &str, required: bool, ty: &str, description: &str) -> Value {
    json!({
        "参数名": name, "必选": if required { "是" } else { "否" }, "类型": ty, "说明": description,
    })
}
