//! Owns how a table line falls into cells, and what a delimiter row looks like.

use std::ops::Range;

use super::code_span::{CodeSpan, code_spans};

/// Whether a line has a `|` that is not escaped.
pub(super) fn has_pipe(line: &str) -> bool {
    pipes(line).next().is_some()
}

/// The cells of a line, as ranges in it. `columns` is how many there should be; it decides
/// whether a `|` in backticks separates cells, which readers of the page would not expect but
/// some renderers do.
pub(super) fn cells(line: &str, columns: Option<usize>) -> Vec<Range<usize>> {
    let torn = split(line, &[]);
    let spans = if torn.len() > 1 {
        code_spans(line)
    } else {
        Vec::new()
    };
    if spans.is_empty() {
        return torn;
    }
    let whole = split(line, &spans);
    let distance = |cells: &[Range<usize>]| {
        columns.map_or(0, |columns| {
            content_count(line, cells)
                .max(columns.min(cells.len()))
                .abs_diff(columns)
        })
    };
    if distance(&torn) < distance(&whole) {
        torn
    } else {
        whole
    }
}

/// Makes the cells of a row fit the columns: what is too much goes back into the last cell, with
/// the `|`s it was written with; empty cells at the end of a row that is too long are slips.
pub(super) fn fit(line: &str, mut cells: Vec<Range<usize>>, columns: usize) -> Vec<Range<usize>> {
    if cells.len() > columns {
        cells.truncate(content_count(line, &cells).max(columns));
        let end = cells.last().map_or(line.len(), |cell| cell.end);
        cells.truncate(columns);
        if let Some(last) = cells.last_mut() {
            last.end = end;
        }
    }
    cells.resize(columns, line.len()..line.len());
    cells
}

/// How many cells there are when empty ones at the end do not count.
pub(super) fn content_count(line: &str, cells: &[Range<usize>]) -> usize {
    let is_empty =
        |cell: &Range<usize>| line.get(cell.clone()).unwrap_or_default().trim().is_empty();
    cells.len() - cells.iter().rev().take_while(|cell| is_empty(cell)).count()
}

/// How sure a delimiter row must look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sureness {
    /// One dash per cell will do: the row stands where a delimiter row belongs.
    Expected,
    /// Two dashes or a colon: elsewhere `| - | - |` is a row of cells that say "nothing".
    Anywhere,
}

/// Whether a line is a delimiter row: `|---|:--|`, `---|---`, `| : --- | - |`.
pub(super) fn is_delimiter(line: &str, sureness: Sureness) -> bool {
    let possible = |c: char| matches!(c, '|' | '-' | ':') || c.is_whitespace();
    // Nearly every line is turned down by its first character.
    if !line.chars().all(possible) || !line.contains('|') {
        return false;
    }
    let mut dashed = false;
    split(line, &[]).into_iter().all(|cell| {
        let cell: String = line
            .get(cell)
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        if cell.is_empty() {
            return sureness == Sureness::Anywhere;
        }
        let dashes = cell.strip_prefix(':').unwrap_or(&cell);
        let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
        dashed = true;
        !dashes.is_empty()
            && dashes.bytes().all(|b| b == b'-')
            && (sureness == Sureness::Expected || cell.len() > 1)
    }) && dashed
}

/// Splits a trimmed line at its `|`s, except those within `kept`; outer ones only frame it.
fn split(line: &str, kept: &[CodeSpan]) -> Vec<Range<usize>> {
    let mut kept = kept.iter().peekable();
    let mut cells = Vec::new();
    let mut start = 0;
    for at in pipes(line) {
        while kept.next_if(|span| span.outer.end <= at).is_some() {}
        if kept.peek().is_some_and(|span| span.outer.start < at) {
            continue;
        }
        if at > 0 {
            cells.push(start..at);
        }
        start = at + 1;
    }
    if start < line.len() || cells.is_empty() {
        cells.push(start..line.len());
    }
    cells
}

/// Where the `|`s stand that no backslash escapes.
fn pipes(line: &str) -> impl Iterator<Item = usize> {
    let mut escaped = false;
    line.bytes().enumerate().filter_map(move |(at, byte)| {
        let separates = byte == b'|' && !escaped;
        escaped = byte == b'\\' && !escaped;
        separates.then_some(at)
    })
}
