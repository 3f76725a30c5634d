//! Owns `cargo xtask lint`: every error and every doubtful reading, and how many there are.

use std::io::{self, Write};

use generator::surface::columns::plural;
use serde_json::json;

use crate::Outcome;
use crate::args::{Format, Lint};
use crate::loading;
use crate::report::Report;
use crate::terminal::Terminal;

/// Runs it. Errors make it fail, and what is denied.
pub(crate) fn run(options: &Lint, terminal: &mut Terminal<'_>) -> io::Result<Outcome> {
    let loadings = loading::load(&options.selection);
    let report = Report::of(&loadings);
    let (count, out) = (report.count(), &mut terminal.out);
    match options.reporting.format {
        Format::Json => {
            let found = json!({
                "diagnostics": report.json(),
                "errors": count.errors, "lints": count.lints, "new": count.new,
            });
            writeln!(out, "{found:#}")?;
        }
        format => {
            report.print(out, format)?;
            let providers = plural(loadings.providers.len(), "provider");
            writeln!(out, "{count} in {providers}")?;
        }
    }
    Ok(
        match report.passes(&options.reporting.deny, &mut terminal.err)? {
            true => Outcome::Done,
            false => Outcome::Failed,
        },
    )
}
