//! Owns what stands around the values of a fence: remarks, labels, prose, and whether it is a
//! sample at all.

use super::lexer::{WordPlace, is_blank, is_close, is_comma, is_open, is_quote};
use super::parser::{Bracket, Parser};
use super::{Fence, Node, Sample};
use crate::source::Span;

/// More values than any fence shows.
const MAX_SAMPLES: usize = 64;

/// A longer line is no label.
const LONGEST_LABEL: usize = 80;

pub(super) fn read(text: &str) -> Fence {
    let mut parser = Parser::new(text);
    let mut fence = Fence::default();
    loop {
        parser.lexer.trivia();
        if fence.samples.is_empty() {
            let lines = parser.lexer.comments.drain(..);
            let lines = lines.flat_map(|c| c.text.lines().map(str::to_owned).collect::<Vec<_>>());
            fence.remarks.extend(lines.filter(|line| !line.is_empty()));
        }
        parser.lexer.comments.clear();
        let Some(c) = parser.lexer.peek() else {
            return fence;
        };
        let start = parser.lexer.at;
        if let Some(label) = parser.label() {
            if fence.samples.is_empty() {
                fence.remarks.push(label);
            }
        } else if is_open(c) || is_quote(c) || parser.at_bare_start() {
            if fence.samples.len() >= MAX_SAMPLES {
                let span = Span::new(start, text.len());
                parser
                    .lexer
                    .issue("too many values in one sample", span, true);
                parser.append_issues(&mut fence);
                return fence;
            }
            let value = parser.top_value();
            fence.samples.push(Sample {
                value,
                issues: Vec::new(),
            });
            parser.append_issues(&mut fence);
        } else if fence.samples.is_empty() {
            return Fence::default();
        } else {
            parser.skip_between_values();
            parser.append_issues(&mut fence);
        }
    }
}

impl Parser<'_> {
    /// Hands what was mended to the sample read last.
    fn append_issues(&mut self, fence: &mut Fence) {
        self.cut_off = false;
        self.lexer.any_severe = false;
        if let Some(sample) = fence.samples.last_mut() {
            sample.issues.append(&mut self.lexer.issues);
        }
    }

    /// `返回：` above a value; the value follows.
    fn label(&mut self) -> Option<String> {
        let rest = self.lexer.rest();
        let line = rest.get(..floor(rest, LONGEST_LABEL))?.lines().next()?;
        let colon = line.find([':', '：'])?;
        let label = &line[..colon];
        if label.contains(is_quote) || !label.starts_with(is_chinese) {
            return None;
        }
        let behind = rest[colon..].trim_start_matches([':', '：']);
        if !behind.trim_start_matches(is_blank).starts_with(is_open) {
            return None;
        }
        self.lexer.at += rest.len() - behind.len();
        Some(label.trim().to_owned())
    }

    fn top_value(&mut self) -> Node {
        if self.lexer.peek().is_some_and(is_open) || self.at_php_array() {
            self.value(WordPlace::Element, 1).node
        } else {
            self.container(Bracket::Missing, 1).node
        }
    }

    fn skip_between_values(&mut self) {
        let start = self.lexer.at;
        let first = self.lexer.bump();
        if first.is_some_and(is_comma) {
            return;
        }
        let message = if first.is_some_and(is_close) {
            "a bracket closes nothing"
        } else {
            let rest = self.lexer.rest();
            self.lexer.at += rest.find('\n').unwrap_or(rest.len());
            "text behind a value was skipped"
        };
        let span = self.lexer.span_from(start);
        self.lexer.issue(message, span, false);
    }
}

/// The last character boundary at or before a byte.
fn floor(text: &str, byte: usize) -> usize {
    (0..=byte.min(text.len()))
        .rev()
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or(0)
}

/// Han characters and full-width signs.
fn is_chinese(c: char) -> bool {
    c > '\u{2e7f}'
}
