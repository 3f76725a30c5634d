//! Owns source texts and positions in them: which file, which bytes, which line and column.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use crate::diagnostic::{Code, Diagnostic};

/// A byte range in one source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The bytes from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// As an index into the text.
    pub fn range(self) -> Range<usize> {
        self.start..self.end
    }

    /// The smallest span that covers both.
    pub fn to(self, other: Self) -> Self {
        Self::new(self.start.min(other.start), self.end.max(other.end))
    }
}

/// A span in a named file.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The file's path as people see it, relative to the provider's folder, with `/`.
    pub file: Arc<str>,
    /// Where in the file.
    pub span: Span,
    /// The line, counted from 1.
    pub line: u32,
}

/// One text, with what is needed to name places in it.
#[derive(Clone, Debug)]
pub struct SourceFile {
    path: Arc<str>,
    text: Arc<str>,
    /// Found out once a place is asked for: nobody asks about most of the largest files.
    line_starts: Arc<OnceLock<Vec<usize>>>,
}

/// Line and column, both counted from 1; the column counts characters, as editors do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    /// The line, from 1.
    pub line: u32,
    /// The column in characters, from 1.
    pub column: u32,
}

impl SourceFile {
    /// Wraps a text; `path` is how diagnostics name it.
    pub fn new(path: &str, text: &str) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
            line_starts: Arc::default(),
        }
    }

    /// Decodes bytes as they lie on the disk; text that is not UTF-8 is refused by name and place.
    pub fn decode(path: &str, bytes: &[u8]) -> Result<Self, Diagnostic> {
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(path, text)),
            Err(error) => {
                let valid = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
                let file = Self::new(path, &valid);
                Err(Diagnostic::error(
                    Code::NotUtf8,
                    format!("{path} is not UTF-8 (byte {})", error.valid_up_to()),
                )
                .at(file.location(Span::new(valid.len(), valid.len())))
                .help("save the file as UTF-8"))
            }
        }
    }

    /// How diagnostics name the file.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    fn line_starts(&self) -> &[usize] {
        self.line_starts.get_or_init(|| {
            let breaks = self.text.match_indices('\n');
            let behind = breaks.map(|(at, _)| at + 1);
            std::iter::once(0).chain(behind).collect()
        })
    }

    /// Where a word first stands in double quotes.
    pub fn quoted(&self, word: &str) -> Option<Span> {
        let quoted = format!("\"{word}\"");
        let at = self.text.find(&quoted)?;
        Some(Span::new(at, at + quoted.len()))
    }

    /// A place in this file.
    pub fn location(&self, span: Span) -> Location {
        Location {
            file: self.path.clone(),
            span,
            line: self.line_column(span.start).line,
        }
    }

    /// Line and column of a byte.
    pub fn line_column(&self, byte: usize) -> LineColumn {
        let line_starts = self.line_starts();
        let line = line_starts.partition_point(|start| *start <= byte);
        let start = line_starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..byte).unwrap_or_default();
        LineColumn {
            line: line as u32,
            column: before.chars().count() as u32 + 1,
        }
    }

    /// The line that holds a byte, without its line break, and where that line starts.
    pub fn line_at(&self, byte: usize) -> (usize, &str) {
        let line_starts = self.line_starts();
        let line = line_starts.partition_point(|start| *start <= byte);
        let start = line_starts.get(line - 1).copied().unwrap_or(0);
        let end = line_starts.get(line).copied();
        let end = end.unwrap_or(self.text.len());
        let text = self.text.get(start..end).unwrap_or_default();
        (start, text.trim_end_matches(['\n', '\r']))
    }
}
