//! Owns what a table of an item says: its fields and headers, the values of one of them, or nothing that is known.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::Table;
use crate::entry::{Header, Row, ValueTable};
use crate::source::Span;
use crate::spelling;

use super::super::account::Fate;
use super::super::table_doubts::FULL_WIDTH_PIPE;
use super::super::table_meaning::{self, Meaning, as_note};
use super::super::{Reading, table_doubts};
use super::{Item, Side};

impl Item {
    pub(super) fn table(&mut self, reading: &mut Reading<'_>, table: &Table, span: Span) -> Fate {
        let rows = count(reading, table);
        let container = self.container.take();
        let doubts = table_doubts::rows(table, reading.file);
        reading.diagnostics.extend(doubts);
        match table_meaning::understand(table, reading.dialect, reading.file) {
            Meaning::Fields {
                container: titled,
                rows: fields,
            } => {
                let container = titled.or(container);
                if container.is_none() {
                    self.report_unknown_label(reading);
                }
                if self.side != Side::Headers {
                    let doubts = table_doubts::titles(table, reading.dialect, reading.file);
                    reading.diagnostics.extend(doubts);
                }
                let fields = fields.into_iter().map(|row| Row {
                    container: container.clone(),
                    ..row
                });
                let is_row = |row: &Row| !row.name.contains(FULL_WIDTH_PIPE);
                let fields: Vec<Row> = fields.filter(is_row).collect();
                reading.tally.unread += rows - fields.len();
                self.fields(reading, fields);
            }
            Meaning::Values { field, values } => {
                reading.tally.values += rows;
                let field = field.unwrap_or_else(|| self.caption.clone());
                self.values_target().push(ValueTable {
                    field,
                    forms: false,
                    values,
                });
            }
            Meaning::Forms { field, values } => {
                reading.tally.values += rows;
                self.values_target().push(ValueTable {
                    field,
                    forms: true,
                    values,
                });
            }
            Meaning::Reference => {
                reading.tally.reference += rows;
                self.entry.notes.push(as_note(table));
                return Fate::Documentation;
            }
            Meaning::Index(_) | Meaning::Events(_) | Meaning::Unknown => {
                unread(reading, table, span);
                return Fate::Unread;
            }
        }
        Fate::Read
    }

    fn values_target(&mut self) -> &mut Vec<ValueTable> {
        if self.side == Side::Event && self.own != Side::Event {
            &mut self.announced.values
        } else {
            &mut self.entry.values
        }
    }

    fn fields(&mut self, reading: &mut Reading<'_>, rows: Vec<Row>) {
        // The headers were listed already: this table is what it would be without them.
        if self.side == Side::Headers && !self.entry.headers.is_empty() {
            self.side = self.own;
        }
        let known = match self.side {
            Side::Headers => {
                reading.tally.headers += rows.len();
                let headers = rows.into_iter().map(|row| Header {
                    name: row.name,
                    value: row.description,
                });
                self.entry.headers.extend(headers);
                self.side = self.own;
                return;
            }
            Side::Returns if same_table(&self.entry.returns, &rows) => {
                reading.tally.repeated += rows.len();
                let title = &self.entry.title;
                let message = format!("the reply table of `{title}` is printed twice; read once");
                let finding = Diagnostic::new(Code::RepeatedTable, message)
                    .at_if(rows.first().and_then(|row| row.at.clone()))
                    .help("remove one of the tables");
                reading.diagnostics.push(finding);
                return;
            }
            Side::Returns => &mut self.entry.returns,
            Side::Event if self.own != Side::Event => {
                self.announces = true;
                &mut self.announced.params
            }
            Side::Params | Side::Event => &mut self.entry.params,
        };
        reading.tally.fields += rows.len();
        known.extend(rows);
    }
}

fn same_table(known: &[Row], rows: &[Row]) -> bool {
    let key = |row: &Row| (row.name.clone(), row.ty.clone(), row.description.clone());
    !rows.is_empty() && known.iter().map(key).eq(rows.iter().map(key))
}

/// Counts a table; the number of its rows is what must be accounted for.
pub(in crate::read) fn count(reading: &mut Reading<'_>, table: &Table) -> usize {
    reading.tally.tables += 1;
    reading.tally.headerless += usize::from(table.header.is_none());
    reading.tally.rows += table.rows.len();
    reading.tally.blank_rows += table.blank_rows;
    table.rows.len()
}

/// Reports a table that nothing could use.
pub(in crate::read) fn unread(reading: &mut Reading<'_>, table: &Table, span: Span) {
    reading.tally.unread += table.rows.len();
    let titles: Vec<&str> = table
        .header
        .iter()
        .flat_map(|header| header.cells.iter().map(|cell| cell.plain.as_str()))
        .collect();
    let first = titles.first().copied().unwrap_or_default();
    let at = table.header.as_ref().map_or(span, |header| header.span);
    reading.diagnostics.push(
        Diagnostic::new(
            Code::UnknownTable,
            format!(
                "no column of this table is known ({}): {} rows were not read",
                titles.join(", "),
                table.rows.len()
            ),
        )
        .at(reading.file.location(at))
        .because(titles.join(", "))
        .help("say what its columns are, or that it only explains")
        .fix(format!(
            "[dialect.columns]\nname = [{0}] # or, where it only explains: [dialect.labels] reference = [{0}]",
            spelling::toml_string(first)
        )),
    );
}
