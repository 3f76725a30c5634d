//! Owns `cargo xtask inspect`: what was understood, for people or for programs.

use std::io::{self, Write};

use generator::surface::inspect::{self, Inspected};

use crate::Outcome;
use crate::args::{Format, Inspect};
use crate::loading;
use crate::report::Report;
use crate::terminal::Terminal;

/// Runs it. What could be understood is shown even where something could not.
pub(crate) fn run(options: &Inspect, terminal: &mut Terminal<'_>) -> io::Result<Outcome> {
    let loadings = loading::load(&options.selection);
    let report = Report::of(&loadings);
    let understood = loadings.providers.iter().filter_map(|provider| {
        let (loaded, sdks) = (provider.loaded.as_ref()?, &provider.sdks);
        Some(Inspected { loaded, sdks })
    });
    let out = &mut terminal.out;
    match options.reporting.format {
        Format::Json => {
            let providers: Vec<Inspected<'_>> = understood.collect();
            let json = inspect::json(&providers, &report.json());
            writeln!(out, "{json:#}")?;
        }
        format => {
            report.print(&mut terminal.err, format)?;
            for provider in understood {
                write!(out, "{}", inspect::text(provider.loaded, out.paint))?;
            }
        }
    }
    Ok(
        match report.passes(&options.reporting.deny, &mut terminal.err)? {
            true => Outcome::Done,
            false => Outcome::Failed,
        },
    )
}
