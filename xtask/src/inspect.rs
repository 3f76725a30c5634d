//! Owns `cargo xtask inspect`: what was understood, for people or for programs.

use std::io::{self, Write};

use catalog::diagnostic::Severity;
use generator::surface::inspect::{self, Inspected};

use crate::Outcome;
use crate::args::{Format, Inspect};
use crate::terminal::Terminal;
use crate::{loading, report};

/// Runs it. What could be understood is shown even where something could not.
pub(crate) fn run(options: &Inspect, terminal: &mut Terminal<'_>) -> io::Result<Outcome> {
    let loadings = loading::load(&options.selection);
    report::print_all(&mut terminal.err, &loadings, Severity::Warning)?;
    let understood = loadings.providers.iter().filter_map(|provider| {
        let (loaded, sdks) = (provider.loaded.as_ref()?, &provider.sdks);
        Some(Inspected { loaded, sdks })
    });
    let out = &mut terminal.out;
    match options.format {
        Format::Text => {
            for provider in understood {
                write!(out, "{}", inspect::text(provider.loaded, out.paint))?;
            }
        }
        Format::Json => {
            let providers: Vec<Inspected<'_>> = understood.collect();
            writeln!(out, "{:#}", inspect::json(&providers))?;
        }
    }
    Ok(if loadings.has_errors() {
        Outcome::Failed
    } else {
        Outcome::Done
    })
}
