//! Owns what is wrong with a specification as a file: a merge that nobody has ended, a fence that nobody closes,
//! nothing in it.

use crate::diagnostic::{Code, Diagnostic};
use crate::document::{BlockKind, Document};
use crate::source::{SourceFile, Span};

use super::dialect::Dialect;

/// A conflict's first mark.
const OURS: &str = "<<<<<<<";
/// Its last.
const THEIRS: &str = ">>>>>>>";

/// The marks of merges that nobody has ended, each merge once.
pub(super) fn conflicts(file: &SourceFile) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let mut start = 0;
    let mut is_open = false;
    for line in file.text().split_inclusive('\n') {
        let said = line.trim_end();
        let begins = is_mark(said, OURS);
        let ends = is_mark(said, THEIRS);
        if begins || ends && !is_open {
            let message = "a merge was not ended: both sides of it would be read";
            let at = file.location(Span::new(start, start + said.len()));
            let finding = Diagnostic::error(Code::ConflictMarker, message).at(at);
            findings.push(finding.help("decide which side counts, and remove the marks"));
        }
        is_open = begins || is_open && !ends;
        start += line.len();
    }
    findings
}

/// Whether a line is such a mark of Git's: seven signs, and a name.
fn is_mark(line: &str, mark: &str) -> bool {
    let name = line.strip_prefix(mark);
    name.is_some_and(|name| name.is_empty() || name.starts_with(' '))
}

/// Fences that nobody closes.
pub(super) fn unclosed_fences(document: &Document, file: &SourceFile) -> Vec<Diagnostic> {
    let open = document
        .blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Fence(fence) if !fence.closed => {
                let lines = fence.text.lines().count();
                let message = format!(
                    "this fence is never closed: the {lines} lines below were read as code"
                );
                let (start, line) = file.line_at(block.span.start);
                let at = file.location(Span::new(block.span.start, start + line.len()));
                let finding = Diagnostic::new(Code::UnclosedFence, message).at(at);
                Some(finding.help("close it where the code ends"))
            }
            _ => None,
        });
    open.collect()
}

/// Fences in which sections have vanished: one above does not close, or one does not open.
pub(super) fn swallowed(
    document: &Document,
    file: &SourceFile,
    dialect: &Dialect,
) -> Vec<Diagnostic> {
    let fences = document
        .blocks
        .iter()
        .filter_map(|block| match &block.kind {
            BlockKind::Fence(fence) if fence.closed => Some((block, fence)),
            _ => None,
        });
    let found = fences.filter_map(|(block, fence)| {
        let heading = fence.text.lines().find(|line| {
            let title = line.trim_start_matches('#');
            let level = u8::try_from(line.len() - title.len()).unwrap_or(0);
            level > 0 && (dialect.item_heading(title, level, &[]).is_some() || dialect.is_part(title))
        });
        let caption = || fence.text.lines().find(|line| {
            let inner = line.trim().strip_prefix("**").and_then(|line| line.strip_suffix("**"));
            inner.is_some_and(|inner| dialect.is_part(inner))
        });
        let swallowed = heading.or_else(caption)?.trim();
        let message = format!("this fence holds `{swallowed}`: the fence above it does not close, or this one does not open");
        let (start, line) = file.line_at(block.span.start);
        let at = file.location(Span::new(block.span.start, start + line.len()));
        let finding = Diagnostic::new(Code::UnclosedFence, message).at(at);
        Some(finding.help("write ```` ``` ```` above and below each example"))
    });
    found.collect()
}

/// A specification that says nothing.
pub(super) fn nothing_said(file: &SourceFile) -> Diagnostic {
    let message = format!("`{}` says nothing", file.path());
    Diagnostic::new(Code::EmptySpec, message)
        .at(file.location(Span::default()))
        .help("restore what stood there, or remove the file")
}
