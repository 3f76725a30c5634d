//! Owns the table at the end: what there is, what has changed, and which names are new.

use std::io::{self, Write};
use std::time::Duration;

use generator::surface::{columns, escape};

use crate::terminal::Stream;

use super::Part;
use super::provider::Work;

/// Most new names that are listed.
const MOST_NAMES: usize = 10;

const HEAD: [&str; 7] = [
    "provider",
    "operations",
    "events",
    "types",
    "files",
    "files changed",
    "time",
];

/// A row, as numbers: what is none stays empty.
#[derive(Default)]
pub(super) struct Row {
    name: String,
    operations: Option<usize>,
    events: Option<usize>,
    types: Option<usize>,
    files: usize,
    changed: usize,
    time: Option<Duration>,
}

/// A row a part; `parts` begins with the providers', in the same order, and says how much has changed.
pub(super) fn rows(works: &[Work], parts: &[(&Part, usize)]) -> Vec<Row> {
    let works_then_none = works.iter().map(Some).chain(std::iter::repeat(None));
    parts
        .iter()
        .zip(works_then_none)
        .map(|((part, changed), work)| row(part, *changed, work))
        .collect()
}

/// Prints them, and their sum.
pub(super) fn print(out: &mut Stream<'_>, mut rows: Vec<Row>, time: Duration) -> io::Result<()> {
    rows.push(total(&rows, time));

    let cells: Vec<[String; 7]> = std::iter::once(HEAD.map(str::to_owned))
        .chain(rows.iter().map(Row::cells))
        .collect();
    let width = |n: usize| {
        let column = cells.iter().filter_map(|row| row.get(n));
        columns::widest(column.map(String::as_str), usize::MAX)
    };
    for row in &cells {
        let mut row = row.iter().enumerate();
        let name = row
            .next()
            .map(|(n, cell)| columns::left(cell, width(n)))
            .unwrap_or_default();
        let numbers: String = row
            .map(|(n, cell)| format!("  {}", columns::right(cell, width(n))))
            .collect();
        writeln!(out, "{}", format!("{name}{numbers}").trim_end())?;
    }
    Ok(())
}

fn row(part: &Part, changed: usize, work: Option<&Work>) -> Row {
    let made = work.and_then(|work| work.made.as_ref());
    Row {
        name: escape::line(&part.name),
        operations: made.map(|made| made.operations),
        events: made.map(|made| made.events),
        types: made.map(|made| made.types),
        files: part.files.len(),
        changed,
        time: work.map(|work| work.time),
    }
}

fn total(rows: &[Row], time: Duration) -> Row {
    let sum = |of: fn(&Row) -> Option<usize>| Some(rows.iter().filter_map(of).sum());
    Row {
        name: "total".to_owned(),
        operations: sum(|row| row.operations),
        events: sum(|row| row.events),
        types: sum(|row| row.types),
        files: rows.iter().map(|row| row.files).sum(),
        changed: rows.iter().map(|row| row.changed).sum(),
        time: Some(time),
    }
}

impl Row {
    /// As a line that is kept: counts alone, since nothing changes and nothing takes time when the
    /// same is done again.
    pub(super) fn remembered(&self) -> String {
        let count = |n: Option<usize>| n.map(|n| n.to_string()).unwrap_or_default();
        [
            self.name.replace('\t', " "),
            count(self.operations),
            count(self.events),
            count(self.types),
            self.files.to_string(),
        ]
        .join("\t")
    }

    /// The row that was kept as this line.
    pub(super) fn recalled(line: &str) -> Option<Self> {
        let mut cells = line.split('\t');
        let name = cells.next()?.to_owned();
        let mut count = || match cells.next()? {
            "" => Some(None),
            digits => digits.parse().ok().map(Some),
        };
        Some(Self {
            name,
            operations: count()?,
            events: count()?,
            types: count()?,
            files: count()??,
            changed: 0,
            time: None,
        })
    }

    fn cells(&self) -> [String; 7] {
        let number = |n: Option<usize>| n.map(|n| n.to_string()).unwrap_or_default();
        let time = self
            .time
            .map(|time| format!("{:.1} ms", time.as_secs_f64() * 1000.0));
        [
            self.name.clone(),
            number(self.operations),
            number(self.events),
            number(self.types),
            self.files.to_string(),
            self.changed.to_string(),
            time.unwrap_or_default(),
        ]
    }
}

/// What a reviewer looks for first: public names that will stay.
pub(super) fn print_names(out: &mut Stream<'_>, works: &[Work]) -> io::Result<()> {
    let made = works.iter().filter_map(|work| work.made.as_ref());
    let names: Vec<&str> = made
        .flat_map(|made| &made.new_names)
        .map(String::as_str)
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    let listed: Vec<&str> = names.iter().take(MOST_NAMES).copied().collect();
    let more = if names.len() > MOST_NAMES {
        ", …"
    } else {
        ""
    };
    let (n, listed) = (names.len(), listed.join(", "));
    writeln!(out, "names that are new: {n} ({listed}{more})")
}
