//! Owns `cargo xtask lint`: every error, warning and doubtful reading, and how many there are.

use std::io::{self, Write};

use catalog::diagnostic::Severity;
use generator::surface::diagnostic::Count;

use crate::Outcome;
use crate::args::Selection;
use crate::loading;
use crate::report;
use crate::terminal::Terminal;

/// Runs it. Only errors make it fail.
pub(crate) fn run(selection: &Selection, terminal: &mut Terminal<'_>) -> io::Result<Outcome> {
    let loadings = loading::load(selection);
    report::print_all(&mut terminal.out, &loadings, Severity::Lint)?;
    let mut count = Count::default();
    count.add(&loadings.diagnostics);
    for provider in &loadings.providers {
        count.add(&provider.diagnostics);
    }
    writeln!(terminal.out, "{}", count.sentence(loadings.providers.len()))?;
    Ok(if count.errors() == 0 {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}
