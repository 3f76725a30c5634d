//! Broken documents and declarations, read and made into an SDK.

use std::fs;

use catalog::diagnostic::has_errors;
use catalog::load::load;
use catalog::source::SourceFile;
use generator::Generated;
use tests::cases::{Case, sources};
use tests::compile::Crate;
use tests::mutants::{Random, document};
use tests::{committed, providers, root};

use super::Rounds;

/// Where what was accepted is compiled.
const TARGET: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/tmp/mutants");

pub(super) struct Documents {
    sound: Vec<Case>,
    accepted: usize,
    read: usize,
    refused: usize,
    /// Every so many accepted ones is kept.
    every: usize,
    most: usize,
    kept: Vec<Generated>,
}

impl Documents {
    /// The golden cases, and each file of the committed providers with its `provider.toml`.
    pub(super) fn new(rounds: u64, compile: usize) -> Self {
        let mut sound = Vec::new();
        for suite in ["tests/golden", "tests/golden_sdk"] {
            let folder = root().join(suite);
            let entries = fs::read_dir(&folder).expect("golden cases").flatten();
            let mut folders: Vec<_> = entries.map(|entry| entry.path()).collect();
            folders.sort();
            sound.extend(folders.iter().map(|folder| Case {
                sources: sources("mutant", folder),
                lock: Default::default(),
            }));
        }
        for id in providers() {
            let whole = committed(&id);
            for spec in &whole.specs {
                let mut sources = whole.clone();
                sources.specs = vec![spec.clone()];
                sources.catalog = None;
                sound.push(Case {
                    sources,
                    lock: Default::default(),
                });
            }
        }
        // About half of the mutants are accepted.
        let expected = usize::try_from(rounds / 2).unwrap_or(usize::MAX);
        Self {
            sound,
            accepted: 0,
            read: 0,
            refused: 0,
            every: (expected / compile.max(1)).max(1),
            most: compile,
            kept: Vec::new(),
        }
    }

    /// Reads what was broken; what is accepted is generated.
    fn look(&mut self, case: &Case) -> Result<(), String> {
        let (loaded, findings) = load(&case.sources, case.sources.origin());
        let is_refused = has_errors(&findings);
        if is_refused {
            self.refused += 1;
        }
        if loaded.is_none() && !is_refused {
            return Err("nothing was read, and nothing is said about it".to_owned());
        }
        let Some(loaded) = loaded.filter(|_| !is_refused) else {
            return Ok(());
        };
        self.read += 1;
        let made = generator::generate(loaded.provider, &loaded.config, &case.lock);
        if has_errors(&made.diagnostics) {
            return Ok(());
        }
        self.accepted += 1;
        let is_due = self.accepted.is_multiple_of(self.every);
        if is_due && self.kept.len() < self.most {
            self.kept.push(made);
        }
        Ok(())
    }
}

impl Rounds for Documents {
    fn round(&mut self, random: &mut Random) -> (Vec<u8>, Result<(), String>) {
        let mut case = random.pick(&self.sound).clone();
        let specs = case.sources.specs.len();
        let is_config = random.below(8) == 0 || specs == 0;
        let broken = if is_config {
            let broken = document(random, case.sources.config.text());
            case.sources.config = SourceFile::new("provider.toml", &broken);
            broken
        } else {
            let spec = &mut case.sources.specs[random.below(specs)];
            let broken = document(random, spec.text());
            *spec = SourceFile::new(spec.path(), &broken);
            broken
        };
        // The id is a name in the crate that is made of those which are kept.
        case.sources.id = format!("mutant{}", self.kept.len());
        let found = self.look(&case);
        (broken.into_bytes(), found)
    }

    fn close(&mut self) -> (String, Vec<String>) {
        let told = format!(
            "{} refused, {} read, {} made into an SDK, {} of them compiled",
            self.refused,
            self.read,
            self.accepted,
            self.kept.len()
        );
        if self.kept.is_empty() {
            return (told, Vec::new());
        }
        let made = Crate::write(TARGET, &self.kept);
        (told, made.complaints(&["check"], made.features()))
    }
}
