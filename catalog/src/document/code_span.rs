//! Owns code spans: which parts of a line stand in backticks.

use std::collections::HashMap;
use std::ops::Range;

/// A part of a line that stands in backticks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CodeSpan {
    /// With the backticks.
    pub(super) outer: Range<usize>,
    /// Without them.
    pub(super) inner: Range<usize>,
}

/// Finds the code spans of a line: a run of backticks up to the next run of the same length.
pub(super) fn code_spans(text: &str) -> Vec<CodeSpan> {
    let runs = backtick_runs(text);
    // Looked up from the right once, so that openers without a partner cost nothing.
    let mut next_of_length = HashMap::new();
    let mut partners = vec![None; runs.len()];
    for (index, (run, partner)) in runs.iter().zip(partners.iter_mut()).enumerate().rev() {
        *partner = next_of_length.insert(run.len(), index);
    }
    let mut spans = Vec::new();
    let mut free_from = 0;
    for (run, partner) in runs.iter().zip(partners) {
        let closing = partner.and_then(|index| runs.get(index));
        if let Some(closing) = closing.filter(|_| run.start >= free_from && !is_escaped(text, run))
        {
            spans.push(CodeSpan {
                outer: run.start..closing.end,
                inner: run.end..closing.start,
            });
            free_from = closing.end;
        }
    }
    spans
}

/// Whether the byte is preceded by an odd number of backslashes.
fn is_escaped(text: &str, run: &Range<usize>) -> bool {
    let before = text.get(..run.start).unwrap_or_default();
    let backslashes = before.len() - before.trim_end_matches('\\').len();
    backslashes % 2 == 1
}

fn backtick_runs(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.match_indices('`') {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}
