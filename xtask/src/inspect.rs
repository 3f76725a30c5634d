//! Owns `cargo xtask inspect`: what was understood, for people or for programs.

use std::io::{self, Write};

use catalog::diagnostic::Severity;
use catalog::load::Loaded;

use crate::Outcome;
use crate::args::{Format, Inspect};
use crate::inspect_names::Named;
use crate::terminal::Terminal;
use crate::{inspect_json, inspect_text, loading, report};

/// Runs it. What could be understood is shown even where something could not.
pub(crate) fn run(options: &Inspect, terminal: &mut Terminal<'_>) -> io::Result<Outcome> {
    let loadings = loading::load(&options.selection);
    report::print_all(&mut terminal.err, &loadings, Severity::Warning)?;
    let loaded: Vec<&Loaded> = loadings
        .providers
        .iter()
        .filter_map(|provider| provider.loaded.as_ref())
        .collect();
    match options.format {
        Format::Text => inspect_text::print(&mut terminal.out, &loaded)?,
        Format::Json => {
            let named: Vec<Named<'_>> = loadings
                .providers
                .iter()
                .filter_map(|provider| {
                    let (loaded, sdks) = (provider.loaded.as_ref()?, &provider.sdks);
                    Some(Named { loaded, sdks })
                })
                .collect();
            writeln!(terminal.out, "{:#}", inspect_json::of(&named))?;
        }
    }
    Ok(if loadings.has_errors() {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}
