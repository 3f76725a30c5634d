//! Owns the whole way of one provider: sources to entries to model, with every finding on the way.
//!
//! In: the texts of a provider's folder, from wherever the caller has them; nothing is read from the disk here.
//! Out: the configuration and the model (`load`), or the rows as `api_catalog.json` holds them (`rows`).

use std::collections::HashSet;

use crate::api_catalog;
use crate::build;
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, grouped, has_errors};
use crate::entry::{Catalog, Entry, EntryKind};
use crate::json::Map;
use crate::model::Provider;
use crate::parallel;
use crate::read;
use crate::read::dialect::Dialect;
use crate::settle;
use crate::source::SourceFile;

pub use crate::read::{Account, Tally};

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
    /// What became of the lines, file by file; empty where the catalog is the source.
    pub accounts: Vec<Account>,
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
    /// What became of the lines, file by file; empty where the catalog is the source.
    pub accounts: Vec<Account>,
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
    let mut said = match origin {
        Origin::Specs => from_specs(sources, &config),
        Origin::Catalog => from_catalog(sources)?,
    };
    said.findings.extend(build::check_slugs(&said.entries));
    said.findings.extend(build::drop_unnamed(&mut said.entries));
    let findings = build::place_rows(&mut said.entries, &config);
    said.findings.extend(findings);
    said.settle_accounts();
    let catalog = Catalog {
        catalog: said.entries,
        other: Map::default(),
    };
    Ok(Rows {
        config,
        catalog,
        tally: said.tally,
        accounts: said.accounts,
        origin,
        findings: said.findings,
    })
}

/// What the sources of one provider say.
#[derive(Default)]
struct Said {
    entries: Vec<Entry>,
    tally: Tally,
    accounts: Vec<Account>,
    findings: Vec<Diagnostic>,
}

impl Said {
    /// Takes an entry; what a chapter says in several documents is of one chapter.
    fn take(&mut self, entry: Entry) {
        let mut known = self.entries.iter_mut();
        let same = known.find(|known| {
            entry.kind == EntryKind::Category
                && known.kind == entry.kind
                && known.module == entry.module
                && known.api == entry.api
        });
        match same {
            Some(known) => known.notes.extend(entry.notes),
            None => self.entries.push(entry),
        }
    }

    /// Rows that turned out to be none were not understood.
    fn settle_accounts(&mut self) {
        let unread = self
            .findings
            .iter()
            .filter(|finding| finding.code.leaves_unread());
        for at in unread.filter_map(|finding| finding.at.as_ref()) {
            let mut accounts = self.accounts.iter_mut();
            if let Some(account) = accounts.find(|account| *account.file == *at.file) {
                account.unread_at(at.line);
            }
        }
    }
}

impl Rows {
    /// What the rows mean; they are gone then, since the rows of a large provider take much room.
    pub fn model(self, sources: &Sources) -> (Loaded, Vec<Diagnostic>) {
        let (config, mut diagnostics) = (self.config, self.findings);
        let entries = &self.catalog.catalog;
        diagnostics.extend(settle::stale_layout(entries, &config, &sources.config));
        let (mut provider, findings) = build::provider(&sources.id, &config, self.catalog.catalog);
        diagnostics.extend(findings);
        let file = &sources.config;
        settle::settle(&mut provider, &config, file, self.origin, &mut diagnostics);
        let loaded = Loaded {
            config,
            provider,
            tally: self.tally,
            accounts: self.accounts,
            origin: self.origin,
        };
        (loaded, sorted(diagnostics))
    }
}

/// Whether what was loaded may be used to write anything.
pub fn is_usable(diagnostics: &[Diagnostic]) -> bool {
    !has_errors(diagnostics)
}

fn from_specs(sources: &Sources, config: &Config) -> Said {
    let mut said = Said::default();
    let mut specs: Vec<&SourceFile> = sources.specs.iter().collect();
    specs.sort_by_key(|file| file.path());
    let dialect = Dialect::new(config);
    let read = |file| read::specification(file, config, &dialect);
    for (specification, findings) in parallel::map(specs, read) {
        said.findings.extend(findings);
        said.tally.add(&specification.tally);
        said.accounts.push(specification.account);
        for entry in specification.entries {
            said.take(entry);
        }
    }
    let found = settle::unseen(&said.entries, &dialect.unseen(), config, &sources.config);
    said.findings.extend(found);
    said
}

fn from_catalog(sources: &Sources) -> Result<Said, Diagnostic> {
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
    let (entries, findings) = api_catalog::read(file)?;
    Ok(Said {
        entries,
        findings,
        ..Said::default()
    })
}

/// Errors first, then by place, so that the same facts give the same report; what has one cause is one finding.
pub(crate) fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by(|a, b| {
        (a.severity(), &a.at, a.code, &a.message).cmp(&(b.severity(), &b.at, b.code, &b.message))
    });
    diagnostics.dedup();
    grouped(without_consequences(diagnostics))
}

/// Leaves out what is said of the cells of a row that has not all of its cells: that is said.
fn without_consequences(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let line =
        |finding: &Diagnostic| Some((finding.at.as_ref()?.file.clone(), finding.at.as_ref()?.line));
    let shifted = diagnostics
        .iter()
        .filter(|finding| finding.code.shifts_cells());
    let shifted: HashSet<_> = shifted.filter_map(line).collect();
    diagnostics.retain(|finding| {
        let is_shifted = || line(finding).is_some_and(|line| shifted.contains(&line));
        !finding.code.is_of_a_cell() || !is_shifted()
    });
    diagnostics
}
