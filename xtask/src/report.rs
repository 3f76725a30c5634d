//! Owns what is said of findings: to people, to programs, to GitHub, and whether they keep a command from ending well.

use std::io::{self, Write};

use catalog::diagnostic::{Diagnostic, Severity};
use catalog::source::Location;
use generator::surface::annotation;
use generator::surface::columns::plural;
use generator::surface::diagnostic::{self, Count, Place};
use serde_json::Value;

use crate::args::{Deny, Format};
use crate::folder::Folder;
use crate::loading::Loadings;
use crate::terminal::Stream;

/// Findings, each with the folder that it is about.
#[derive(Clone, Default)]
pub(crate) struct Report<'a>(Vec<(Option<&'a Folder>, &'a Diagnostic)>);

impl<'a> Report<'a> {
    /// Everything that a selection has led to.
    pub(crate) fn of(loadings: &'a Loadings) -> Self {
        let mut report = Self::default();
        report.add(None, &loadings.diagnostics);
        for provider in &loadings.providers {
            report.add(Some(&provider.folder), &provider.diagnostics);
        }
        report
    }

    /// Adds what there is to say of a folder, or of none.
    pub(crate) fn add(&mut self, folder: Option<&'a Folder>, findings: &'a [Diagnostic]) {
        self.0
            .extend(findings.iter().map(|finding| (folder, finding)));
    }

    /// The errors alone.
    pub(crate) fn errors(mut self) -> Self {
        self.0
            .retain(|(_, finding)| finding.severity() == Severity::Error);
        self
    }

    /// How many there are.
    pub(crate) fn count(&self) -> Count {
        Count::of(self.0.iter().map(|(_, finding)| *finding))
    }

    /// Prints what nobody has accepted, in full; programs that want JSON have it from [`Report::json`].
    pub(crate) fn print(&self, stream: &mut Stream<'_>, format: Format) -> io::Result<()> {
        for (folder, finding) in self.0.iter().filter(|(_, finding)| finding.is_new()) {
            let location = location(*folder, finding);
            let path = location.as_ref().map(|location| shown(*folder, location));
            let place = place(*folder, location.as_ref(), path.as_deref());
            match format {
                Format::Github => write!(stream, "{}", annotation::github(finding, place))?,
                Format::Text | Format::Json => {
                    let line = |at: &Location| format!("{}:{}", shown(*folder, at), at.line);
                    let also: Vec<String> = finding.also.iter().map(line).collect();
                    let text = diagnostic::render(finding, place, &also, stream.paint);
                    writeln!(stream, "{text}")?;
                }
            }
        }
        Ok(())
    }

    /// All of them, accepted ones too.
    pub(crate) fn json(&self) -> Vec<Value> {
        let object = |(folder, finding): &(Option<&Folder>, &Diagnostic)| {
            let location = location(*folder, finding);
            let path = location.as_ref().map(|location| shown(*folder, location));
            let place = place(*folder, location.as_ref(), path.as_deref());
            let also = finding.also.iter();
            let also: Vec<(String, u32)> = also.map(|at| (shown(*folder, at), at.line)).collect();
            annotation::json(finding, place, &also)
        };
        self.0.iter().map(object).collect()
    }

    /// Whether nothing keeps a command from ending well; what is denied is said.
    pub(crate) fn passes(&self, deny: &Deny, stream: &mut Stream<'_>) -> io::Result<bool> {
        let denied = self.0.iter().filter(|(_, finding)| deny.denies(finding));
        let denied = denied.count();
        if denied > 0 {
            let (error, options) = (stream.paint.error("error:"), deny.options());
            let verb = if denied == 1 { "is" } else { "are" };
            let lints = plural(denied, "lint");
            writeln!(stream, "{error} {lints} {verb} denied by `{options}`")?;
            let help = "mend what they speak of; what may stay is accepted in provider.toml:";
            writeln!(stream, " = help: {help}")?;
            writeln!(
                stream,
                "     [[accept]]\n     code = \"…\"\n     about = [\"…\"]\n     why = \"…\""
            )?;
        }
        Ok(denied == 0 && self.count().errors == 0)
    }
}

/// Where a finding points; what has no place of its own is about `provider.toml`.
fn location(folder: Option<&Folder>, finding: &Diagnostic) -> Option<Location> {
    let declared = || {
        let sources = folder?.sources.as_ref()?;
        Some(diagnostic::declared(&sources.config, &finding.message))
    };
    finding.at.clone().or_else(declared)
}

fn shown(folder: Option<&Folder>, location: &Location) -> String {
    match folder {
        Some(folder) => folder.shown(&location.file),
        None => location.file.to_string(),
    }
}

fn place<'p>(
    folder: Option<&'p Folder>,
    location: Option<&'p Location>,
    path: Option<&'p str>,
) -> Option<Place<'p>> {
    let (location, path) = location.zip(path)?;
    Some(Place {
        path,
        location,
        file: folder.and_then(|folder| folder.file(&location.file)),
    })
}
