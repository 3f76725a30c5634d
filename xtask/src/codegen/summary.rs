//! Owns the table at the end: what there is, what has changed, which names are new, and how many lints there are.

use std::io::{self, Write};
use std::time::Duration;

use catalog::diagnostic::Diagnostic;
use generator::surface::diagnostic::Count;
use generator::surface::{columns, escape};
use serde_json::{Value, json};

use crate::report::Report;

use crate::terminal::Stream;

use super::provider::Work;
use super::{Done, Part};

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
    /// They are summed up below the table.
    lints: usize,
}

/// A row a part; `parts` begins with the providers', in the same order, and says how much has changed.
pub(super) fn rows(
    works: &[Work],
    findings: &[Vec<Diagnostic>],
    parts: &[(&Part, usize)],
) -> Vec<Row> {
    let works = works.iter().zip(findings).map(Some);
    parts
        .iter()
        .zip(works.chain(std::iter::repeat(None)))
        .map(|((part, changed), work)| row(part, *changed, work))
        .collect()
}

/// Prints them, their sum, and what a reviewer looks for.
pub(super) fn print(
    out: &mut Stream<'_>,
    done: &Done,
    found: Count,
    time: Duration,
) -> io::Result<()> {
    let rows = &done.rows;
    let total = total(rows, time);
    let cells: Vec<[String; 7]> = std::iter::once(HEAD.map(str::to_owned))
        .chain(rows.iter().chain([&total]).map(Row::cells))
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
    names(out, &done.new_names)?;
    // A run that had nothing to do has found nothing anew: what was accepted is remembered.
    let lints = total.lints;
    writeln!(out, "{}", Count { lints, ..found })
}

/// The same for programs, with everything that was found.
pub(super) fn json(report: &Report<'_>, done: Option<&Done>) -> Value {
    let rows = done.map_or(&[][..], |done| &done.rows);
    let providers = rows.iter().filter(|row| row.operations.is_some());
    let lints = rows.iter().map(|row| row.lints).sum();
    let count = report.count();
    json!({
        "written": done.is_some(),
        "errors": count.errors, "lints": count.lints.max(lints), "new": count.new,
        "changed": rows.iter().map(|row| row.changed).sum::<usize>(),
        "new_names": done.map_or(&[][..], |done| &done.new_names),
        "providers": providers.map(Row::json).collect::<Value>(),
        "diagnostics": report.json(),
    })
}

fn row(part: &Part, changed: usize, work: Option<(&Work, &Vec<Diagnostic>)>) -> Row {
    let findings = work.map_or(&[][..], |(_, findings)| findings);
    let work = work.map(|(work, _)| work);
    let made = work.and_then(|work| work.made.as_ref());
    Row {
        name: escape::line(&part.name),
        operations: made.map(|made| made.operations),
        events: made.map(|made| made.events),
        types: made.map(|made| made.types),
        files: part.files.len(),
        changed,
        time: work.map(|work| work.time),
        lints: Count::of(findings).lints,
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
        lints: rows.iter().map(|row| row.lints).sum(),
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
            self.lints.to_string(),
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
            lints: count()??,
            changed: 0,
            time: None,
        })
    }

    fn json(&self) -> Value {
        json!({
            "id": self.name, "operations": self.operations, "events": self.events, "types": self.types,
            "files": self.files, "changed": self.changed, "lints": self.lints,
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
fn names(out: &mut Stream<'_>, names: &[String]) -> io::Result<()> {
    if names.is_empty() {
        return Ok(());
    }
    let listed: Vec<&str> = names.iter().take(MOST_NAMES).map(String::as_str).collect();
    let more = if names.len() > MOST_NAMES {
        ", …"
    } else {
        ""
    };
    let (n, listed) = (names.len(), listed.join(", "));
    writeln!(out, "names that are new: {n} ({listed}{more})")
}
