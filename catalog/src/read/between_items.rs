//! Owns what stands outside of items: indexes, tables of events, vocabularies, explanations.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Block, BlockKind, Fence, Line, Table};
use crate::entry::{Entry, EntryKind, Note, SampleKind, ValueTable};
use crate::slug;
use crate::source::Span;

use super::account::Fate;
use super::item::{count, unread};
use super::outline::{Outline, Part};
use super::table_meaning::{self, EventRow, IndexRow, Meaning, as_note};
use super::{Reading, almost, line_doubts, samples};

pub(super) fn read(reading: &mut Reading<'_>, part: &Part<'_>, item_level: Option<u8>) {
    let doubt = doubt(reading, part, item_level);
    let is_doubted = doubt.is_some();
    let finding = doubt.map(|finding| finding.at(reading.file.location(part.span)));
    reading.diagnostics.extend(finding);
    let mut between = Between {
        part,
        title: part.title.clone(),
        untold: is_own_title(reading, part).then(|| part.title.clone()),
        is_doubted,
    };
    for block in &part.blocks {
        let fate = between.take(reading, block);
        reading.account.take(reading.file, block.span, fate);
    }
}

/// Whether the title of what stands here is not that of the chapter anyway.
fn is_own_title(reading: &Reading<'_>, part: &Part<'_>) -> bool {
    let is_marker = reading.dialect.module_heading(&part.title).is_some();
    !part.title.is_empty() && part.title != part.module.title && !is_marker
}

/// A section that was to be an operation, or looks like one.
fn doubt(reading: &Reading<'_>, part: &Part<'_>, item_level: Option<u8>) -> Option<Diagnostic> {
    let lines = part.blocks.iter().filter_map(|block| match &block.kind {
        BlockKind::Line(line) => Some(line.text.plain.as_str()),
        _ => None,
    });
    let level = part.level?;
    let mut meant = almost::heading(&part.title).into_iter();
    let mut meant = meant.by_ref().chain(lines.filter_map(almost::line));
    if let Some(meant) = meant.next() {
        let message = format!(
            "`{}` is almost an operation, and was not read as one",
            part.title
        );
        let finding = Diagnostic::new(Code::AlmostOperation, message);
        return Some(finding.help(format!("write `{meant}`, or word it otherwise")));
    }
    let defines = |block: &&Block| match &block.kind {
        BlockKind::Table(table) => matches!(
            table_meaning::understand(table, reading.dialect, reading.file),
            Meaning::Fields { .. }
        ),
        BlockKind::Fence(fence) => !samples::read(fence, SampleKind::Reply, "").0.is_empty(),
        BlockKind::Heading(_) | BlockKind::Line(_) => false,
    };
    // Where no section is an item, one with the captions of an item was to be one.
    let has_parts = || {
        part.blocks.iter().any(|block| match &block.kind {
            BlockKind::Heading(heading) => reading.dialect.is_part(&heading.text.plain),
            BlockKind::Line(line) => reading.dialect.is_part(&line.text.plain),
            BlockKind::Fence(_) | BlockKind::Table(_) => false,
        })
    };
    let is_like_items = item_level.map_or_else(has_parts, |items| level >= items);
    let mut blocks = part.blocks.iter().copied();
    if !is_like_items || !blocks.any(|block| defines(&block)) {
        return None;
    }
    let message = format!(
        "`{}` has tables or examples, and nothing says which operation or event it documents",
        part.title
    );
    let help = "name it as the sections around it are named, or move it to the head of the document, where it explains";
    Some(Diagnostic::new(Code::NoOperation, message).help(help))
}

/// What stands outside of items.
struct Between<'p, 'd> {
    part: &'p Part<'d>,
    /// What the next table is about.
    title: String,
    /// A heading that nothing has been said below yet.
    untold: Option<String>,
    /// Nobody knows what its tables are.
    is_doubted: bool,
}

impl Between<'_, '_> {
    fn take(&mut self, reading: &mut Reading<'_>, block: &Block) -> Fate {
        match &block.kind {
            BlockKind::Heading(heading) => {
                self.title.clone_from(&heading.text.plain);
                self.untold = Some(self.title.clone());
                Fate::Read
            }
            BlockKind::Line(line) => self.line(reading, line, block.span),
            BlockKind::Fence(_) if self.is_doubted => Fate::Unread,
            BlockKind::Fence(fence) => self.note(reading, code_note(fence)),
            BlockKind::Table(table) => self.table(reading, table, block.span),
        }
    }

    /// Documentation of the chapter.
    fn note(&mut self, reading: &mut Reading<'_>, note: Option<Note>) -> Fate {
        let Some(note) = note else { return Fate::Read };
        let title = self.untold.take().map(|title| Note::Title { title });
        for note in title.into_iter().chain([note]) {
            reading.note(&self.part.module, note);
        }
        Fate::Documentation
    }

    fn line(&mut self, reading: &mut Reading<'_>, line: &Line, span: Span) -> Fate {
        if is_pointer(line) {
            return Fate::Read;
        }
        if let Some(finding) = line_doubts::doubt(line, reading.dialect) {
            reading
                .diagnostics
                .push(finding.at(reading.file.location(span)));
            return Fate::Unread;
        }
        if line.text.bold {
            self.title.clone_from(&line.text.plain);
        }
        let remark = reading.dialect.remark(&line.text.plain);
        let note = remark.map(|text| Note::Text(text.to_owned()));
        self.note(reading, note)
    }

    fn table(&mut self, reading: &mut Reading<'_>, table: &Table, span: Span) -> Fate {
        let rows = count(reading, table);
        let understood = table_meaning::understand(table, reading.dialect, reading.file);
        match understood {
            Meaning::Index(_) => {
                reading.tally.index += rows;
                Fate::Read
            }
            Meaning::Events(events) => {
                reading.tally.events += rows;
                let events = events.into_iter();
                let module = &self.part.module.slug;
                let entries: Vec<Entry> = events.map(|row| event(reading, module, row)).collect();
                reading.tally.event_sections += entries.len();
                reading.entries.extend(entries);
                Fate::Read
            }
            Meaning::Values { field, values } => {
                reading.tally.values += rows;
                let field = field.unwrap_or_else(|| self.title.clone());
                let mut entry = self.explains(reading, EntryKind::Values, ("values", &field), span);
                entry.values.push(ValueTable {
                    field,
                    forms: false,
                    values,
                });
                reading.entries.push(entry);
                Fate::Read
            }
            Meaning::Fields {
                container,
                rows: mut fields,
            } => {
                reading.tally.reference += rows;
                for row in &mut fields {
                    row.container.clone_from(&container);
                }
                let about = ("reference", self.title.as_str());
                let mut entry = self.explains(reading, EntryKind::Reference, about, span);
                entry.params = fields;
                reading.entries.push(entry);
                match self.is_doubted {
                    true => Fate::Unread,
                    false => self.note(reading, Some(as_note(table))),
                }
            }
            Meaning::Reference => {
                reading.tally.reference += rows;
                self.note(reading, Some(as_note(table)))
            }
            Meaning::Forms { .. } | Meaning::Unknown => {
                unread(reading, table, span);
                Fate::Unread
            }
        }
    }

    /// An entry that explains: its id is made of a word and a name.
    fn explains(
        &self,
        reading: &Reading<'_>,
        kind: EntryKind,
        (word, name): (&str, &str),
        span: Span,
    ) -> Entry {
        Entry {
            operation_id: format!("{word}_{}", slug::slug(name).replace('-', "_")),
            at: Some(reading.file.location(span)),
            ..reading.new_entry(kind, &self.part.module.slug, &self.title)
        }
    }
}

/// Whether a line only leads to another place, as in a table of contents.
fn is_pointer(line: &Line) -> bool {
    let links = line.text.links.iter();
    let length: usize = links.map(|link| link.text.len()).sum();
    line.bullet.is_some() && length > 0 && length == line.text.plain.len()
}

/// Code that is no example; nothing, where there is none.
pub(super) fn code_note(fence: &Fence) -> Option<Note> {
    let code = fence.text.trim_matches(['\n', '\r']).to_owned();
    (!code.trim().is_empty()).then_some(Note::Code { code })
}

/// A row of a table of events is an event of its own.
fn event(reading: &Reading<'_>, module: &str, row: EventRow) -> Entry {
    let mut entry = reading.new_entry(EntryKind::Event, module, &row.title);
    entry.operation_id = format!("{}_{}", module.replace('-', "_"), row.wire);
    entry.wire = vec![row.wire];
    if !row.note.is_empty() {
        entry.notes.push(Note::Text(row.note));
    }
    entry.at = Some(row.at);
    entry
}

/// Compares the document's index with its sections, and learns from it what is struck through.
pub(super) fn check(reading: &mut Reading<'_>, outline: &Outline<'_>) {
    let mut listed: Vec<IndexRow> = Vec::new();
    for part in outline.parts.iter().filter(|part| part.item.is_none()) {
        for block in &part.blocks {
            if let BlockKind::Table(table) = &block.kind
                && let Meaning::Index(rows) =
                    table_meaning::understand(table, reading.dialect, reading.file)
            {
                listed.extend(rows);
            }
        }
    }
    for row in listed {
        if row.wire.is_empty() {
            continue;
        }
        let mut named = reading.entries.iter_mut().filter(|entry| {
            entry.path.as_deref() == Some(&row.wire) || entry.wire.contains(&row.wire)
        });
        match named.next() {
            Some(entry) => entry.deprecated |= row.struck,
            None => reading.diagnostics.push(
                Diagnostic::new(
                    Code::IndexMismatch,
                    format!(
                        "the index lists `{}` ({}), but no section documents it",
                        row.wire, row.title
                    ),
                )
                .at(row.at)
                .help("add its section, or remove the row"),
            ),
        }
    }
}
