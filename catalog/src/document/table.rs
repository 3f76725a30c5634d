//! Owns tables: which lines belong to one, where one ends and the next begins, header and rows.

use super::lines::SourceLine;
use super::table_cells::{Sureness, cells, content_count, fit, has_pipe, is_delimiter};
use super::{Block, BlockKind, Row, Table, inline};

/// Says whether the cells of a row are column titles.
pub(super) type TitleTest<'a> = &'a dyn Fn(&[&str]) -> bool;

/// Columns beyond these stay in the last cell, so that a line of nothing but `|`s, or a short row
/// below it, costs no more than it weighs.
const MAX_COLUMNS: usize = 32;

/// Why lines are taken for a table, which decides what else belongs to it.
#[derive(Clone, Copy, Debug)]
enum Style {
    /// Its lines start with `|`; the columns are known once there was a delimiter row.
    Framed { columns: Option<usize> },
    /// A delimiter row without outer `|`: whatever has a `|` belongs to it.
    Open,
    /// No delimiter row, but lines that fall into equally many cells.
    Counted { columns: usize },
}

/// How many lines, from the first one on, are one run of table lines; 0 if the first is none.
pub(super) fn run_length(lines: &[SourceLine<'_>]) -> usize {
    let Some((first, rest)) = lines.split_first() else {
        return 0;
    };
    let Some(mut style) = style_of(first, rest.first()) else {
        return 0;
    };
    let mut length = 1;
    for line in rest {
        let sureness = match length {
            1 => Sureness::Expected,
            _ => Sureness::Anywhere,
        };
        let delimiter = is_delimiter(line.content, sureness);
        if line.quoted != first.quoted || !(delimiter || continues(line, style)) {
            break;
        }
        if let Style::Framed { columns } = &mut style
            && delimiter
        {
            *columns = Some(cells(line.content, None).len());
        }
        length += 1;
    }
    length
}

/// How a table starts here, if one does; without a leading `|` the next line must confirm it.
fn style_of(first: &SourceLine<'_>, next: Option<&SourceLine<'_>>) -> Option<Style> {
    let delimiter = is_delimiter(first.content, Sureness::Anywhere);
    if first.content.starts_with('|') {
        let columns = delimiter.then(|| cells(first.content, None).len());
        return Some(Style::Framed { columns });
    }
    if delimiter {
        return Some(Style::Open);
    }
    let next = next.filter(|next| next.quoted == first.quoted)?;
    if !may_be_row(first) {
        return None;
    }
    if is_delimiter(next.content, Sureness::Expected) {
        return Some(Style::Open);
    }
    let columns = cells(first.content, None).len();
    let confirmed = columns >= 3 && may_be_row(next) && cells(next.content, None).len() == columns;
    confirmed.then_some(Style::Counted { columns })
}

/// Whether the line below a table line belongs to the same run.
fn continues(line: &SourceLine<'_>, style: Style) -> bool {
    if line.content.starts_with('|') {
        return true;
    }
    if !may_be_row(line) {
        return false;
    }
    let count = || cells(line.content, None).len();
    match style {
        Style::Open => true,
        Style::Counted { columns } => count() == columns,
        // A sentence with a `|` in it often follows a table without a blank line between.
        Style::Framed { columns } => columns.is_some_and(|columns| {
            line.content.ends_with('|') || columns >= 3 && count() == columns
        }),
    }
}

/// Whether a line that does not start with `|` can be a row: list items, headings and fences
/// may well have a `|` in them.
fn may_be_row(line: &SourceLine<'_>) -> bool {
    // `- | 无` is a row whose first cell says "nothing".
    let in_list = line
        .bullet()
        .is_some_and(|(_, item)| !item.starts_with('|'));
    has_pipe(line.content) && !in_list && line.heading().is_none() && line.fence().is_none()
}

/// Reads a run of table lines: one table, or several that touch.
pub(super) fn read(run: &[SourceLine<'_>], are_titles: TitleTest<'_>, blocks: &mut Vec<Block>) {
    let mut draft = Draft::default();
    for (index, line) in run.iter().enumerate() {
        let sureness = match draft {
            // Right below the first row, which is the header then.
            Draft {
                delimiter: None,
                ref rows,
                ..
            } if rows.len() == 1 => Sureness::Expected,
            _ => Sureness::Anywhere,
        };
        if !is_delimiter(line.content, sureness) {
            draft.rows.push(line);
            continue;
        }
        if draft.rows.is_empty() {
            // The first line, or the second delimiter below a header: nothing new but the line.
            draft.delimiter = draft.delimiter.or(Some(line));
        } else if draft.delimiter.is_none() && draft.rows.len() == 1 {
            draft.header = draft.rows.pop();
            draft.delimiter = Some(line);
        } else if index + 1 == run.len() && !draft.ends_with_titles(are_titles) {
            // A rule below the last row; a header would be followed by something, or be known.
            draft.last = Some(line);
        } else {
            // The row above is the header of a table that touches this one.
            let header = draft.rows.pop();
            // A rule above the titles frames the table; it is no table of its own.
            if draft.header.is_some() || !draft.rows.is_empty() {
                draft.finish(are_titles, blocks);
            }
            draft = Draft {
                header,
                delimiter: Some(line),
                ..Draft::default()
            };
        }
    }
    draft.finish(are_titles, blocks);
}

/// The lines of a table that is being read.
#[derive(Debug, Default)]
struct Draft<'s, 'a> {
    header: Option<&'s SourceLine<'a>>,
    delimiter: Option<&'s SourceLine<'a>>,
    rows: Vec<&'s SourceLine<'a>>,
    /// A closing rule.
    last: Option<&'s SourceLine<'a>>,
}

impl Draft<'_, '_> {
    fn ends_with_titles(&self, are_titles: TitleTest<'_>) -> bool {
        self.rows.last().is_some_and(|line| {
            let columns = cells(line.content, None).len();
            has_titles(&row(line, columns.min(MAX_COLUMNS)), are_titles)
        })
    }

    /// Makes the table of the lines, if there are any.
    fn finish(&mut self, are_titles: TitleTest<'_>, blocks: &mut Vec<Block>) {
        let parts = || {
            let marks = [self.header, self.delimiter, self.last];
            marks.into_iter().flatten().chain(self.rows.iter().copied())
        };
        let Some(span) = parts()
            .map(SourceLine::marked_span)
            .reduce(|all, span| all.to(span))
        else {
            return;
        };
        let columns = self.columns();
        let mut header = self.header.map(|line| row(line, columns));
        let mut rows: Vec<Row> = Vec::with_capacity(self.rows.len());
        let mut blank_rows = 0;
        for line in &self.rows {
            let row = row(line, columns);
            if is_blank(&row) {
                blank_rows += 1;
            } else {
                rows.push(row);
            }
        }
        if self.delimiter.is_none() && rows.first().is_some_and(|row| has_titles(row, are_titles)) {
            header = Some(rows.remove(0));
        }
        blocks.push(Block {
            span,
            kind: BlockKind::Table(Table {
                // An empty header is how Markdown writes a table without one.
                header: header.filter(|row| !is_blank(row)),
                delimited: self.delimiter.is_some(),
                rows,
                blank_rows,
            }),
        });
    }

    /// How many columns the table has.
    fn columns(&self) -> usize {
        let marked = self.delimiter.map(|line| cells(line.content, None).len());
        let titled = self.header.map(|line| {
            let cells = cells(line.content, marked);
            // Surplus titles count unless they are empty and the delimiter row knows nothing of them.
            content_count(line.content, &cells).max(marked.unwrap_or(0).min(cells.len()))
        });
        let longest = || {
            let lengths = self.rows.iter().enumerate().map(|(index, line)| {
                let cells = cells(line.content, None);
                match index {
                    0 => cells.len(),
                    _ => content_count(line.content, &cells),
                }
            });
            lengths.max().unwrap_or(1)
        };
        titled
            .filter(|columns| *columns > 0)
            .or(marked)
            .unwrap_or_else(longest)
            .clamp(1, MAX_COLUMNS)
    }
}

/// Reads a row of a table with so many columns.
fn row(line: &SourceLine<'_>, columns: usize) -> Row {
    let found = cells(line.content, Some(columns));
    let said = content_count(line.content, &found);
    let written = said.max(found.len().min(columns));
    let ranges = fit(line.content, found, columns);
    let cells = ranges.into_iter().map(|range| {
        let start = line.start + range.start;
        inline::read(line.content.get(range).unwrap_or_default(), start)
    });
    Row {
        cells: cells.collect(),
        span: line.span(),
        written,
    }
}

fn is_blank(row: &Row) -> bool {
    row.cells.iter().all(|cell| cell.plain.is_empty())
}

fn has_titles(row: &Row, are_titles: TitleTest<'_>) -> bool {
    let cells: Vec<&str> = row.cells.iter().map(|cell| cell.plain.as_str()).collect();
    are_titles(&cells)
}
