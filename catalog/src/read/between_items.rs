//! Owns what stands outside of items: indexes, tables of events, vocabularies, explanations.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::BlockKind;
use crate::entry::{Entry, EntryKind, ValueTable};
use crate::slug;

use super::Reading;
use super::item::{count, unread};
use super::outline::{Outline, Part};
use super::table_meaning::{self, EventRow, IndexRow, Meaning};

pub(super) fn read(reading: &mut Reading<'_>, part: &Part<'_>) {
    let mut title = part.title.clone();
    for block in &part.blocks {
        let table = match &block.kind {
            BlockKind::Heading(heading) => {
                title.clone_from(&heading.text.plain);
                continue;
            }
            BlockKind::Table(table) => table,
            BlockKind::Line(_) | BlockKind::Fence(_) => continue,
        };
        let rows = count(reading, table);
        match table_meaning::understand(table, reading.dialect, reading.file) {
            Meaning::Index(_) => reading.tally.index += rows,
            Meaning::Events(events) => {
                reading.tally.events += rows;
                let entries = events
                    .into_iter()
                    .map(|row| event(reading, &part.module, row));
                let entries: Vec<Entry> = entries.collect();
                reading.tally.event_sections += entries.len();
                reading.entries.extend(entries);
            }
            Meaning::Values { field, values } => {
                reading.tally.values += rows;
                let field = field.unwrap_or_else(|| title.clone());
                let mut entry = reading.new_entry(EntryKind::Values, &part.module, &title);
                entry.operation_id = format!("values_{}", slug::slug(&field).replace('-', "_"));
                entry.at = Some(reading.file.location(block.span));
                entry.values.push(ValueTable {
                    field,
                    forms: false,
                    values,
                });
                reading.entries.push(entry);
            }
            Meaning::Fields {
                container,
                rows: mut fields,
            } => {
                reading.tally.reference += rows;
                for row in &mut fields {
                    row.container.clone_from(&container);
                }
                let mut entry = reading.new_entry(EntryKind::Reference, &part.module, &title);
                entry.operation_id = format!("reference_{}", slug::slug(&title).replace('-', "_"));
                entry.at = Some(reading.file.location(block.span));
                entry.params = fields;
                reading.entries.push(entry);
            }
            Meaning::Reference(fields) => {
                reading.tally.reference += rows;
                let mut entry = reading.new_entry(EntryKind::Reference, &part.module, &title);
                entry.params = fields;
                reading.entries.push(entry);
            }
            Meaning::Forms { .. } | Meaning::Unknown => unread(reading, table, block.span),
        }
    }
}

/// A row of a table of events is an event of its own.
fn event(reading: &Reading<'_>, module: &str, row: EventRow) -> Entry {
    let mut entry = reading.new_entry(EntryKind::Event, module, &row.title);
    entry.operation_id = format!("{}_{}", module.replace('-', "_"), row.wire);
    entry.wire = vec![row.wire];
    if !row.note.is_empty() {
        entry.notes.push(row.note);
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
