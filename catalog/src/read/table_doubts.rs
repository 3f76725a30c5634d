//! Owns what is doubtful about a table that was understood: titles that nobody knows beside known ones, no column of
//! types, rows with more or fewer cells than there are columns.
//!
//! In: the table and what its columns are. Out: findings, such as
//! `` `必先` is no known title of a column (did you mean `必选`?): its cells were not read ``.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{Row, Table, Text};
use crate::source::SourceFile;
use crate::spelling::{is_slip_of, toml_string};

use super::dialect::{Column, Dialect};
use super::table_meaning::columns;

/// What people type for a pipe where they write Chinese.
pub(super) const FULL_WIDTH_PIPE: char = '｜';

/// Rows that do not fit their table.
pub(super) fn rows(table: &Table, file: &SourceFile) -> Vec<Diagnostic> {
    let Some(header) = &table.header else {
        return Vec::new();
    };
    let wanted = header.cells.len();
    let rows = table.rows.iter().filter(|row| row.written != wanted);
    let findings = rows.map(|row| misfit(row, wanted).at(file.location(row.span)));
    findings.collect()
}

fn misfit(row: &Row, wanted: usize) -> Diagnostic {
    let written = row.written;
    if row
        .cells
        .iter()
        .any(|cell| cell.raw.contains(FULL_WIDTH_PIPE))
    {
        let message =
            format!("`{FULL_WIDTH_PIPE}` parts no cells: this row has {written} of {wanted}");
        return Diagnostic::new(Code::FullWidthPipe, message).help("write `|`");
    }
    if written < wanted {
        let message = format!("this row has {written} of {wanted} cells");
        Diagnostic::new(Code::CellCount, message).help("write every cell, the empty ones too")
    } else {
        let message = format!(
            "this row has {written} cells for {wanted} columns: the last holds what is too much"
        );
        Diagnostic::new(Code::CellCount, message).help("write `\\|` for a `|` that parts no cells")
    }
}

/// Titles of a table of fields.
pub(super) fn titles(table: &Table, dialect: &Dialect, file: &SourceFile) -> Vec<Diagnostic> {
    let Some(header) = &table.header else {
        return Vec::new();
    };
    let columns = columns(table, dialect);
    let mut findings: Vec<Diagnostic> = Vec::new();
    for (n, (title, column)) in header.cells.iter().zip(&columns).enumerate() {
        let says_something =
            |row: &Row| row.cells.get(n).is_some_and(|cell| !cell.plain.is_empty());
        let earlier = columns.get(..n).unwrap_or_default();
        let finding = match column {
            _ if title.plain.is_empty() || !table.rows.iter().any(says_something) => continue,
            Column::Other => unknown(title, dialect),
            Column::Name(_) if earlier.iter().any(|c| matches!(c, Column::Name(_))) => {
                second(title)
            }
            Column::Required | Column::Type | Column::Place if earlier.contains(column) => {
                second(title)
            }
            _ => continue,
        };
        findings.push(finding.because(&title.plain).at(file.location(title.span)));
    }
    let is_misspelt =
        |title: &Text| meant(&title.plain, dialect).is_some_and(|(_, key)| key == "type");
    let has_types = columns.contains(&Column::Type) || header.cells.iter().any(is_misspelt);
    if !has_types && !table.rows.is_empty() {
        let message =
            "this table has no column of types: a field is what an example shows, or a text";
        let finding = Diagnostic::new(Code::MissingColumn, message).at(file.location(header.span));
        findings.push(finding.help("add a column 类型"));
    }
    findings
}

fn unknown(title: &Text, dialect: &Dialect) -> Diagnostic {
    let title = &title.plain;
    let meant = meant(title, dialect);
    let near = meant.map(|(known, _)| format!(" (did you mean `{known}`?)"));
    let near = near.unwrap_or_default();
    let key = meant.map_or("description", |(_, key)| key);
    let message = format!("`{title}` is no known title of a column{near}: its cells were not read");
    Diagnostic::new(Code::UnknownColumn, message)
        .help("write a known title, or say what it means")
        .fix(format!(
            "[dialect.columns]\n{key} = [{}]",
            toml_string(title)
        ))
}

/// The known title that a title is but for a slip, and the key that adds one.
fn meant<'d>(title: &str, dialect: &'d Dialect) -> Option<(&'d str, &'static str)> {
    let known = dialect.column_titles();
    known
        .into_iter()
        .find(|(known, _)| is_slip_of(title, known))
}

fn second(title: &Text) -> Diagnostic {
    let message = format!(
        "`{}` says what a column before it says: its cells were not read",
        title.plain
    );
    Diagnostic::new(Code::UnknownColumn, message).help("make one column of the two")
}
