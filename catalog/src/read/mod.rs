//! Owns the way from one specification to rows: `Document -> entries`, with an account of every row.
//!
//! In: the blocks of a document and the vendor's habits (`dialect`). Out: one entry per section, as `api_catalog.json`
//! holds it: the heading `## 创建标签`, the line `POST /addContactLabel` and the table below become an endpoint with
//! rows; what became of every table row is in the `Tally`.

mod account;
mod address;
mod almost;
mod beginnings;
mod between_items;
mod chapter;
pub(crate) mod dialect;
mod file_doubts;
mod item;
mod line_doubts;
mod outline;
mod samples;
pub(crate) mod seen;
mod table_doubts;
mod table_meaning;
mod usual_words;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::document;
use crate::entry::{Entry, EntryKind, Note};
use crate::source::SourceFile;

pub use account::Account;
use account::Fate;
use chapter::Module;
use dialect::Dialect;

/// What became of the table rows of a document. Every row is counted once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Tables.
    pub tables: usize,
    /// Tables without column titles.
    pub headerless: usize,
    /// Rows, column titles and delimiters aside, empty rows aside.
    pub rows: usize,
    /// Rows whose cells are all empty.
    pub blank_rows: usize,
    /// Rows that became fields of an operation or event.
    pub fields: usize,
    /// Rows that are request headers.
    pub headers: usize,
    /// Rows that are enumerated values.
    pub values: usize,
    /// Rows that are events.
    pub events: usize,
    /// Rows of the document's own index.
    pub index: usize,
    /// Rows that explain rather than define.
    pub reference: usize,
    /// Rows of a table that is printed twice.
    pub repeated: usize,
    /// Rows that nothing could use; each is in a diagnostic.
    pub unread: usize,
    /// Sections that define an operation.
    pub operations: usize,
    /// Sections that define an event.
    pub event_sections: usize,
    /// Sections that define a structure.
    pub structures: usize,
}

impl Tally {
    /// Rows that are accounted for; equals [`Tally::rows`].
    pub fn accounted(&self) -> usize {
        self.fields
            + self.headers
            + self.values
            + self.events
            + self.index
            + self.reference
            + self.repeated
            + self.unread
    }

    /// The sum over several documents.
    pub fn add(&mut self, other: &Self) {
        self.tables += other.tables;
        self.headerless += other.headerless;
        self.rows += other.rows;
        self.blank_rows += other.blank_rows;
        self.fields += other.fields;
        self.headers += other.headers;
        self.values += other.values;
        self.events += other.events;
        self.index += other.index;
        self.reference += other.reference;
        self.repeated += other.repeated;
        self.unread += other.unread;
        self.operations += other.operations;
        self.event_sections += other.event_sections;
        self.structures += other.structures;
    }
}

/// What one specification holds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Specification {
    /// Chapters first, then sections in the order of the document.
    pub entries: Vec<Entry>,
    /// What became of the table rows.
    pub tally: Tally,
    /// What became of the lines.
    pub account: Account,
}

/// Reads one specification. `file.path()` is relative to the provider's folder: `specs/v2/qi-ta.md`.
pub(crate) fn specification(
    file: &SourceFile,
    config: &Config,
    dialect: &Dialect,
) -> (Specification, Vec<Diagnostic>) {
    let document = document::read(file.text(), &|cells| dialect.is_header(cells));
    let outline = outline::outline(&document, file, config, dialect);
    let mut reading = Reading {
        file,
        config,
        dialect,
        api: api_of(file.path(), config),
        entries: outline
            .modules
            .iter()
            .map(|module| module.entry(file))
            .collect(),
        tally: Tally::default(),
        account: Account::new(file),
        diagnostics: file_doubts::conflicts(file),
    };
    let doubts = file_doubts::unclosed_fences(&document, file);
    reading.diagnostics.extend(doubts);
    let doubts = file_doubts::swallowed(&document, file, dialect);
    reading.diagnostics.extend(doubts);
    for span in document.rules.iter().chain(&outline.taken) {
        reading.account.take(file, *span, Fate::Read);
    }
    let item_level = outline.item_level();
    for part in &outline.parts {
        match &part.item {
            Some(_) => item::read(&mut reading, part),
            None => between_items::read(&mut reading, part, item_level),
        }
    }
    let api = reading.api.clone();
    for entry in &mut reading.entries {
        entry.api.clone_from(&api);
    }
    between_items::check(&mut reading, &outline);
    let mut diagnostics = reading.diagnostics;
    diagnostics.extend(reading.account.close(file));
    if reading.entries.is_empty() {
        diagnostics.push(file_doubts::nothing_said(file));
    }
    let specification = Specification {
        entries: reading.entries,
        tally: reading.tally,
        account: reading.account,
    };
    (specification, diagnostics)
}

/// State of one reading.
struct Reading<'a> {
    file: &'a SourceFile,
    config: &'a Config,
    dialect: &'a Dialect,
    api: Option<String>,
    entries: Vec<Entry>,
    tally: Tally,
    account: Account,
    diagnostics: Vec<Diagnostic>,
}

impl Reading<'_> {
    fn new_entry(&self, kind: EntryKind, module: &str, title: &str) -> Entry {
        Entry {
            doc: self.file.path().to_owned(),
            title: title.to_owned(),
            module: module.to_owned(),
            kind,
            ..Entry::default()
        }
    }

    /// Adds to what a chapter says outside of its sections.
    fn note(&mut self, module: &Module, note: Note) {
        let is_it =
            |entry: &Entry| entry.kind == EntryKind::Category && entry.module == module.slug;
        let is_chapter = |entry: &&Entry| entry.kind == EntryKind::Category;
        let at = self.entries.iter().position(is_it).unwrap_or_else(|| {
            let last = self.entries.iter().take_while(is_chapter).count();
            self.entries.insert(last, module.entry(self.file));
            last
        });
        self.entries[at].notes.push(note);
    }
}

/// The API that a file belongs to: the folder below `specs/`, where a provider has several.
fn api_of(path: &str, config: &Config) -> Option<String> {
    let folder = path
        .strip_prefix("specs/")
        .unwrap_or(path)
        .split('/')
        .next()?;
    config
        .api
        .iter()
        .find(|api| api.id == folder)
        .map(|api| api.id.clone())
}
