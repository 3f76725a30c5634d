//! Owns printing diagnostics, and counting them.

use std::io::{self, Write};

use catalog::diagnostic::{Diagnostic, Severity};
use catalog::source::{Location, SourceFile};
use generator::surface::columns::plural;
use generator::surface::diagnostic::{self, Place};

use crate::folder::Folder;
use crate::loading::Loadings;

use crate::terminal::Stream;

/// Prints those of the diagnostics that weigh at least so much, each with an empty line behind it.
pub(crate) fn print(
    stream: &mut Stream<'_>,
    folder: Option<&Folder>,
    diagnostics: &[Diagnostic],
    least: Severity,
) -> io::Result<()> {
    // The order of severities is errors first.
    for diagnostic in diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity() <= least)
    {
        let sources = folder.and_then(|folder| folder.sources.as_ref());
        let declared = || sources.map(|sources| declared(&sources.config, &diagnostic.message));
        let location = diagnostic.at.clone().or_else(declared);
        let location = location.as_ref();
        let path = location.map(|location| match folder {
            Some(folder) => folder.shown(&location.file),
            None => location.file.to_string(),
        });
        let place = location.zip(path.as_deref()).map(|(location, path)| Place {
            path,
            location,
            file: folder.and_then(|folder| folder.file(&location.file)),
        });
        writeln!(
            stream,
            "{}",
            diagnostic::render(diagnostic, place, stream.paint)
        )?;
    }
    Ok(())
}

/// What has no place of its own is about `provider.toml`: where a word of the message stands there in quotes, or the
/// file.
fn declared(config: &SourceFile, message: &str) -> Location {
    let mut words = message.split('`').skip(1).step_by(2);
    let found = words.find_map(|word| config.quoted(word));
    config.location(found.unwrap_or_default())
}

/// The same of everything that a selection names.
pub(crate) fn print_all(
    stream: &mut Stream<'_>,
    loadings: &Loadings,
    least: Severity,
) -> io::Result<()> {
    print(stream, None, &loadings.diagnostics, least)?;
    for provider in &loadings.providers {
        print(stream, Some(&provider.folder), &provider.diagnostics, least)?;
    }
    Ok(())
}

/// How many findings of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Count {
    errors: usize,
    warnings: usize,
    lints: usize,
}

impl Count {
    /// Counts more.
    pub(crate) fn add(&mut self, diagnostics: &[Diagnostic]) {
        for diagnostic in diagnostics {
            match diagnostic.severity() {
                Severity::Error => self.errors += 1,
                Severity::Warning => self.warnings += 1,
                Severity::Lint => self.lints += 1,
            }
        }
    }

    /// `12 lints, 1 warning, 0 errors in 4 providers`.
    pub(crate) fn sentence(self, providers: usize) -> String {
        format!(
            "{}, {}, {} in {}",
            plural(self.lints, "lint"),
            plural(self.warnings, "warning"),
            plural(self.errors, "error"),
            plural(providers, "provider"),
        )
    }

    /// How many errors there are.
    pub(crate) fn errors(self) -> usize {
        self.errors
    }
}

#[cfg(test)]
mod tests {
    use catalog::diagnostic::Code;

    use super::*;

    #[test]
    fn what_has_no_place_is_found_in_the_declaration() {
        let toml = "title = \"x\"\n[event.result]\nevent = \"onDon\"\n";
        let file = SourceFile::new("provider.toml", toml);
        let line = |message: &str| declared(&file, message).line;
        let named =
            "`event.result` names the event `onDon`, which is not there (did you mean `x`?)";
        assert_eq!(line(named), 3);
        assert_eq!(
            line("nothing says under which keys a message has its name"),
            1
        );
        assert_eq!(line("`odd"), 1);
    }

    #[test]
    fn findings_are_counted_in_a_sentence() {
        let mut count = Count::default();
        let lint = || Diagnostic::new(Code::SharedWire, "x");
        count.add(&[lint(), Diagnostic::new(Code::UnreadRow, "x"), lint()]);
        assert_eq!(
            count.sentence(4),
            "2 lints, 1 warning, 0 errors in 4 providers"
        );
        assert_eq!(count.errors(), 0);
    }
}
