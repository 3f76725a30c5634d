//! Owns `cargo xtask lint`: every error, warning and doubtful reading, and how many there are.

use std::io::{self, Write};

use catalog::diagnostic::Severity;

use crate::Outcome;
use crate::args::Selection;
use crate::loading;
use crate::report::{self, Count};
use crate::terminal::Terminal;

/// Runs it. Only errors make it fail.
pub(crate) fn run(selection: &Selection, terminal: &mut Terminal<'_>) -> io::Result<Outcome> {
    let loadings = loading::load(selection);
    let mut count = Count::default();
    count.add(&loadings.diagnostics);
    report::print(
        &mut terminal.out,
        None,
        &loadings.diagnostics,
        Severity::Lint,
    )?;
    for provider in &loadings.providers {
        count.add(&provider.diagnostics);
        report::print(
            &mut terminal.out,
            Some(&provider.folder),
            &provider.diagnostics,
            Severity::Lint,
        )?;
    }
    writeln!(terminal.out, "{}", count.sentence(loadings.providers.len()))?;
    Ok(if count.errors() == 0 {
        Outcome::Done
    } else {
        Outcome::Failed
    })
}
