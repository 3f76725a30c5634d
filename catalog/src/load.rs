//! Owns the whole way of one provider: sources to entries to model, with every finding on the way.
//!
//! In: the texts of a provider's folder, from wherever the caller has them; nothing is read from the disk here.
//! Out: the configuration and the model (`load`), or the rows as `api_catalog.json` holds them (`rows`).

use crate::api_catalog;
use crate::build;
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, grouped, has_errors};
use crate::entry::{Catalog, Entry};
use crate::json::Map;
use crate::model::Provider;
use crate::parallel;
use crate::read;
use crate::read::dialect::Dialect;
use crate::settle;
use crate::source::SourceFile;

pub use crate::read::Tally;

/// What lies in a provider's folder.
#[derive(Clone, Debug)]
pub struct Sources {
    /// The folder's name.
    pub id: String,
    /// `provider.toml`.
    pub config: SourceFile,
    /// The specifications, by path.
    pub specs: Vec<SourceFile>,
    /// `api_catalog.json`, if there is one.
    pub catalog: Option<SourceFile>,
}

/// Which of the sources to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The specifications.
    Specs,
    /// The catalog alone.
    Catalog,
}

/// What the documents of one provider say, row by row.
#[derive(Clone, Debug)]
pub struct Rows {
    /// How the vendor speaks.
    pub config: Config,
    /// The rows, as they belong into `api_catalog.json`.
    pub catalog: Catalog,
    /// What became of the table rows; empty where the catalog is the source.
    pub tally: Tally,
    /// Which source was read.
    pub origin: Origin,
    /// What was found on the way.
    findings: Vec<Diagnostic>,
}

/// Everything that is known of one provider.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// How the vendor speaks.
    pub config: Config,
    /// The model, corrected.
    pub provider: Provider,
    /// What became of the table rows; empty where the catalog is the source.
    pub tally: Tally,
    /// Which source was read.
    pub origin: Origin,
}

impl Sources {
    /// The specifications win where there are any.
    pub fn origin(&self) -> Origin {
        if self.specs.is_empty() {
            Origin::Catalog
        } else {
            Origin::Specs
        }
    }
}

/// Reads one provider. Without a readable `provider.toml` there is nothing to read it by.
pub fn load(sources: &Sources, origin: Origin) -> (Option<Loaded>, Vec<Diagnostic>) {
    match rows(sources, origin) {
        Ok(rows) => {
            let (loaded, diagnostics) = rows.model(sources);
            (Some(loaded), diagnostics)
        }
        Err(diagnostic) => (None, vec![diagnostic]),
    }
}

/// Reads the rows of one provider, each with its place.
pub fn rows(sources: &Sources, origin: Origin) -> Result<Rows, Diagnostic> {
    let config = Config::read(&sources.config)?;
    let (mut entries, tally, mut findings) = match origin {
        Origin::Specs => from_specs(sources, &config),
        Origin::Catalog => {
            let (entries, findings) = from_catalog(sources)?;
            (entries, Tally::default(), findings)
        }
    };
    findings.extend(build::check_slugs(&entries));
    findings.extend(build::place_rows(&mut entries, &config));
    let catalog = Catalog {
        catalog: entries,
        other: Map::default(),
    };
    Ok(Rows {
        config,
        catalog,
        tally,
        origin,
        findings,
    })
}

impl Rows {
    /// What the rows mean; they are gone then, since the rows of a large provider take much room.
    pub fn model(self, sources: &Sources) -> (Loaded, Vec<Diagnostic>) {
        let (config, mut diagnostics) = (self.config, self.findings);
        let (mut provider, findings) = build::provider(&sources.id, &config, self.catalog.catalog);
        diagnostics.extend(findings);
        settle::settle(&mut provider, &config, &sources.config, &mut diagnostics);
        let loaded = Loaded {
            config,
            provider,
            tally: self.tally,
            origin: self.origin,
        };
        (loaded, sorted(diagnostics))
    }
}

/// Whether what was loaded may be used to write anything.
pub fn is_usable(diagnostics: &[Diagnostic]) -> bool {
    !has_errors(diagnostics)
}

fn from_specs(sources: &Sources, config: &Config) -> (Vec<Entry>, Tally, Vec<Diagnostic>) {
    let mut entries: Vec<Entry> = Vec::new();
    let mut tally = Tally::default();
    let mut diagnostics = Vec::new();
    let mut specs: Vec<&SourceFile> = sources.specs.iter().collect();
    specs.sort_by_key(|file| file.path());
    let dialect = Dialect::new(config);
    let read = |file| read::specification(file, config, &dialect);
    for (specification, findings) in parallel::map(specs, read) {
        diagnostics.extend(findings);
        tally.add(&specification.tally);
        for entry in specification.entries {
            let is_known_chapter = entry.kind == crate::entry::EntryKind::Category
                && entries.iter().any(|known| {
                    known.kind == entry.kind
                        && known.module == entry.module
                        && known.api == entry.api
                });
            if !is_known_chapter {
                entries.push(entry);
            }
        }
    }
    for (n, identity) in config.identity.iter().enumerate() {
        if !entries
            .iter()
            .any(|entry| entry.operation_id == identity.id)
        {
            diagnostics.push(
                Diagnostic::error(
                    Code::StaleCorrection,
                    format!(
                        "[[identity]] names a section `{}` that is not there{}",
                        identity.title,
                        crate::spelling::did_you_mean(
                            &identity.title,
                            entries.iter().map(|entry| entry.title.as_str())
                        )
                    ),
                )
                .at(sources.config.location(crate::config::array_entry(
                    sources.config.text(),
                    "identity",
                    n,
                )))
                .help("name the section's title, or remove the identity"),
            );
        }
    }
    (entries, tally, diagnostics)
}

fn from_catalog(sources: &Sources) -> Result<(Vec<Entry>, Vec<Diagnostic>), Diagnostic> {
    let Some(file) = &sources.catalog else {
        return Err(Diagnostic::error(
            Code::NothingRead,
            format!(
                "`{}` has neither specifications nor an api_catalog.json",
                sources.id
            ),
        )
        .help(
            "put the vendor's Markdown below specs/, or an api_catalog.json beside provider.toml",
        ));
    };
    api_catalog::read(file)
}

/// Errors first, then by place, so that the same facts give the same report; what has one cause is one finding.
fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| {
        (a.severity(), &a.at, a.code, &a.message).cmp(&(b.severity(), &b.at, b.code, &b.message))
    });
    diagnostics.dedup();
    grouped(diagnostics)
}
