//! Owns what one table says: its columns understood, its rows as rows of the catalog.

use crate::document::{Row as Cells, Table, Text};
use crate::entry::{Note, Row, ValueRow};
use crate::json::Value;
use crate::source::SourceFile;

use super::dialect::{Column, Dialect};
use super::usual_words::{INDEX_PAGES, INDEX_TITLES, INDEX_WIRES};

/// A table, understood.
#[derive(Debug)]
pub(super) enum Meaning {
    /// Fields, perhaps of a container that a column title names.
    Fields {
        container: Option<String>,
        rows: Vec<Row>,
    },
    /// Values of a field, where the table names it.
    Values {
        field: Option<String>,
        values: Vec<ValueRow>,
    },
    /// Forms of a text field.
    Forms {
        field: String,
        values: Vec<ValueRow>,
    },
    /// Events, by name.
    Events(Vec<EventRow>),
    /// The document's own index of operations.
    Index(Vec<IndexRow>),
    /// A table that explains.
    Reference,
    /// No column is known.
    Unknown,
}

/// One row of a table of events.
#[derive(Debug)]
pub(super) struct EventRow {
    pub(super) wire: String,
    pub(super) title: String,
    pub(super) note: String,
    pub(super) at: crate::source::Location,
}

/// One row of an index.
#[derive(Debug)]
pub(super) struct IndexRow {
    pub(super) wire: String,
    pub(super) title: String,
    pub(super) struck: bool,
    pub(super) at: crate::source::Location,
}

pub(super) fn understand(table: &Table, dialect: &Dialect, file: &SourceFile) -> Meaning {
    let titles: Vec<&str> = table
        .header
        .iter()
        .flat_map(|header| header.cells.iter().map(|cell| cell.plain.as_str()))
        .collect();
    if let Some(index) = index_rows(table, &titles, file) {
        return Meaning::Index(index);
    }
    if titles
        .first()
        .is_some_and(|title| dialect.is_reference(title))
    {
        return Meaning::Reference;
    }
    let columns = columns(table, dialect);
    let known = |wanted: fn(&Column) -> bool| columns.iter().find(|column| wanted(column)).cloned();
    match known(|c| matches!(c, Column::Event | Column::Form(_) | Column::Value(_))) {
        Some(Column::Event) => return Meaning::Events(event_rows(table, &columns, file)),
        Some(Column::Form(field)) => {
            return Meaning::Forms {
                field,
                values: value_rows(table, &columns),
            };
        }
        Some(Column::Value(field)) => {
            return Meaning::Values {
                field,
                values: value_rows(table, &columns),
            };
        }
        _ => {}
    }
    match known(|c| matches!(c, Column::Name(_))) {
        Some(Column::Name(container)) => Meaning::Fields {
            container,
            rows: field_rows(table, &titles, &columns, file),
        },
        _ => Meaning::Unknown,
    }
}

/// What the columns hold.
pub(super) fn columns(table: &Table, dialect: &Dialect) -> Vec<Column> {
    match &table.header {
        Some(header) => {
            let titles = header.cells.iter().map(|cell| cell.plain.as_str());
            titles.map(|title| dialect.column(title)).collect()
        }
        None => headerless_columns(table),
    }
}

/// A table as documentation shows it.
pub(super) fn as_note(table: &Table) -> Note {
    let texts = |row: &Cells| row.cells.iter().map(|cell| cell.plain.clone()).collect();
    let width = table.rows.first().map_or(0, |row| row.cells.len());
    Note::Table {
        columns: match &table.header {
            Some(header) => texts(header),
            None => vec![String::new(); width],
        },
        rows: table.rows.iter().map(texts).collect(),
    }
}

/// Without titles: name, type, meaning, as vendors order them everywhere.
fn headerless_columns(table: &Table) -> Vec<Column> {
    let width = table.rows.first().map_or(0, |row| row.cells.len());
    match width {
        0 | 1 => vec![Column::Name(None)],
        2 => vec![Column::Name(None), Column::Description],
        3 => vec![Column::Name(None), Column::Type, Column::Description],
        _ => vec![
            Column::Name(None),
            Column::Required,
            Column::Type,
            Column::Description,
        ],
    }
}

fn field_rows(table: &Table, titles: &[&str], columns: &[Column], file: &SourceFile) -> Vec<Row> {
    table
        .rows
        .iter()
        .map(|cells| {
            let mut row = Row {
                at: Some(file.location(cells.span)),
                ..Row::default()
            };
            let mut filled: Vec<&Column> = Vec::new();
            for (n, cell) in cells.cells.iter().enumerate() {
                let text = cell.raw.clone();
                let column = columns.get(n).unwrap_or(&Column::Other);
                match column {
                    // 备注 beside 说明: one text.
                    Column::Description => describe(&mut row.description, &text),
                    // The first column of a kind counts; the others are reported.
                    _ if filled.contains(&column) || is_own_key(titles.get(n)) => {}
                    Column::Name(_) => {
                        row.name = text;
                        row.at = Some(file.location(cell.span));
                    }
                    Column::Required => row.required = Some(text),
                    Column::Type => row.ty = text,
                    Column::Place => row.place = Some(text).filter(|text| !text.is_empty()),
                    _ if text.is_empty() => continue,
                    _ => {
                        let title = titles.get(n).copied().unwrap_or_default();
                        row.other.insert(title.to_owned(), Value::String(text));
                        continue;
                    }
                }
                filled.push(column);
            }
            row
        })
        .collect()
}

fn describe(description: &mut String, text: &str) {
    if !description.is_empty() && !text.is_empty() {
        description.push('；');
    }
    description.push_str(text);
}

/// Whether a column of another kind is called like a key that rows of the catalog have for themselves.
fn is_own_key(title: Option<&&str>) -> bool {
    title.is_some_and(|title| *title == "path")
}

fn value_rows(table: &Table, columns: &[Column]) -> Vec<ValueRow> {
    table
        .rows
        .iter()
        .map(|cells| {
            let text = |wanted: fn(&Column) -> bool| {
                cells
                    .cells
                    .iter()
                    .enumerate()
                    .filter(|(n, cell)| {
                        columns.get(*n).is_some_and(wanted) && !cell.plain.is_empty()
                    })
                    .map(|(_, cell)| cell.plain.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            };
            ValueRow {
                value: text(|c| matches!(c, Column::Value(_) | Column::Form(_))),
                title: text(|c| !matches!(c, Column::Value(_) | Column::Form(_))),
            }
        })
        .collect()
}

fn event_rows(table: &Table, columns: &[Column], file: &SourceFile) -> Vec<EventRow> {
    table
        .rows
        .iter()
        .map(|cells| {
            let mut texts = cells
                .cells
                .iter()
                .enumerate()
                .filter(|(n, _)| columns.get(*n) == Some(&Column::Description))
                .map(|(_, cell)| cell.plain.clone());
            let wire = cells
                .cells
                .iter()
                .enumerate()
                .find(|(n, _)| columns.get(*n) == Some(&Column::Event))
                .map(|(_, cell)| cell.plain.clone());
            EventRow {
                wire: wire.unwrap_or_default(),
                title: texts.next().unwrap_or_default(),
                note: texts.next().unwrap_or_default(),
                at: file.location(cells.span),
            }
        })
        .collect()
}

fn index_rows(table: &Table, titles: &[&str], file: &SourceFile) -> Option<Vec<IndexRow>> {
    let find = |words: &[&str]| {
        titles
            .iter()
            .position(|title| words.contains(&super::dialect::title_key(title).as_str()))
    };
    let title = find(INDEX_TITLES)?;
    // A list of pages names no operation, but it is an index all the same.
    let wire = find(INDEX_WIRES).or_else(|| find(INDEX_PAGES).map(|_| usize::MAX))?;
    let cell = |cells: &Cells, n: usize| cells.cells.get(n).map(|c: &Text| c.plain.clone());
    Some(
        table
            .rows
            .iter()
            .map(|cells| IndexRow {
                wire: cell(cells, wire).unwrap_or_default(),
                title: cell(cells, title).unwrap_or_default(),
                struck: cells.cells.get(wire).is_some_and(|c| c.struck),
                at: file.location(cells.span),
            })
            .collect(),
    )
}
