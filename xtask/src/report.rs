//! Owns printing diagnostics.

use std::io::{self, Write};

use catalog::diagnostic::{Diagnostic, Severity};
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
        let declared =
            || sources.map(|sources| diagnostic::declared(&sources.config, &diagnostic.message));
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
