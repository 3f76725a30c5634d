//! Owns the vendors' JSON samples: reads what people wrote in a fence, mends it, and says what it
//! mended.
//!
//! In: the text of a fence, `{'wxid' => "a", // 微信号`. Out: trees with places and comments, `{"wxid":"a"}`, and what
//! several of them show together (`Shape`). By hand, and not by a JSON5 or relaxed reader: samples are typed and
//! never run, with comments, PHP arrays, missing braces and cut-off ends, and a parser that refuses one loses its fields.
//!
//! [`read`] takes one fence and returns every value in it; it never fails and never panics.

mod fence;
mod lexer;
mod members;
mod node;
mod parser;
mod quoted_text;
mod shape;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_wild;

use crate::source::Span;

pub(crate) use node::{Member, Node, NodeKind};
pub(crate) use shape::Shape;

/// How deep containers may nest; what lies deeper is read as null. JSON readers stop at 128, and
/// the catalog has levels of its own around an example.
pub(crate) const MAX_DEPTH: usize = 64;

/// One value of a fence.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Sample {
    /// What was read.
    pub value: Node,
    /// What had to be mended to read it.
    pub issues: Vec<Issue>,
}

/// One thing that is not JSON and was mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Issue {
    /// What was wrong, as half a sentence.
    pub message: String,
    /// Where, in the text that was given.
    pub span: Span,
    /// Whether content may have been lost.
    pub severe: bool,
}

/// What a fence holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fence {
    /// Its values, in order; none when the fence is no sample (XML, shell, prose).
    pub samples: Vec<Sample>,
    /// The comment lines before the first value, without their comment marks.
    pub remarks: Vec<String>,
}

/// Reads all values of a fence; spans are byte ranges in `text`.
pub(crate) fn read(text: &str) -> Fence {
    fence::read(text)
}
