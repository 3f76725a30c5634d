//! Owns the table at the end: what there is, what has changed, and which names are new.

use std::io::{self, Write};
use std::time::Duration;

use generator::sdk::{Sdk, Types};

use crate::columns;
use crate::escape;
use crate::terminal::Stream;

use super::Part;
use super::work::{Made, Work};

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
struct Row {
    name: String,
    operations: Option<usize>,
    events: Option<usize>,
    types: Option<usize>,
    files: usize,
    changed: usize,
    time: Option<Duration>,
}

/// Prints it; `parts` begins with the providers', in the same order, and says how much has changed.
pub(super) fn print(
    out: &mut Stream<'_>,
    works: &[Work],
    parts: &[(&Part, usize)],
    time: Duration,
) -> io::Result<()> {
    let works_then_none = works.iter().map(Some).chain(std::iter::repeat(None));
    let mut rows: Vec<Row> = parts
        .iter()
        .zip(works_then_none)
        .map(|((part, changed), work)| row(part, *changed, work))
        .collect();
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
    print_names(out, works.iter().filter_map(|work| work.made.as_ref()))
}

fn row(part: &Part, changed: usize, work: Option<&Work>) -> Row {
    let provider = work
        .and_then(|work| work.loaded.as_ref())
        .map(|loaded| &loaded.provider);
    let made = work.and_then(|work| work.made.as_ref());
    Row {
        name: escape::line(&part.name),
        operations: provider.map(|provider| provider.operations().count()),
        events: provider.map(|provider| provider.events().count()),
        types: made.map(|made| types(&made.sdk)),
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

/// Requests, objects and choices.
fn types(sdk: &Sdk) -> usize {
    let declared = |types: &Types| types.objects.len() + types.choices.len();
    let modules = sdk.modules.iter();
    declared(&sdk.shared)
        + modules
            .map(|module| module.operations.len() + declared(&module.types))
            .sum::<usize>()
}

impl Row {
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
fn print_names<'w>(out: &mut Stream<'_>, made: impl Iterator<Item = &'w Made>) -> io::Result<()> {
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
