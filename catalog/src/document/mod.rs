//! Owns Markdown as vendors write it: headings, tables, fences and lines, with what a reader sees.
//!
//! In: the text of a specification. Out: its blocks in order, each with its place: `| **wId** | 是 |` is a row whose
//! first cell shows `wId`. By hand, and not by a crate for Markdown: tables without delimiter rows, pipes in code,
//! half-open `**`, fences that nobody closes are what the documents are made of, and where CommonMark is followed to
//! the letter, rows become paragraphs in silence.
//!
//! The reader is tolerant before it is standard: it never fails, needs one pass over the lines,
//! and reads what people meant where CommonMark would show the markup (`**中文（…）。**后文`,
//! tables without a delimiter row, `#标题`). What it drops is only what carries no words: blank
//! lines, horizontal rules, table rows without content.

mod blocks;
mod code_span;
mod emphasis;
mod html;
mod inline;
mod lines;
mod links;
mod table;
mod table_cells;
#[cfg(test)]
mod tests;

use crate::source::Span;

/// A text, cut into blocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Document {
    /// The blocks in source order.
    pub blocks: Vec<Block>,
    /// Lines that only divide, and say nothing.
    pub rules: Vec<Span>,
}

/// One block and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Block {
    /// All lines of the block, from the first mark to the last character that is not a space.
    pub span: Span,
    /// What it is.
    pub kind: BlockKind,
}

/// What a block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum BlockKind {
    /// A heading.
    Heading(Heading),
    /// A table.
    Table(Table),
    /// A fenced code block.
    Fence(Fence),
    /// Any other line that is not blank.
    Line(Line),
}

/// A heading: `## 群管理`, with or without the space, with or without closing `#`s.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Heading {
    /// How many `#`: 1 to 6.
    pub level: u8,
    /// The title.
    pub text: Text,
}

/// One line of prose, of a quote or of a list; a paragraph of three lines is three of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    /// Whether the line itself starts with `>` (lines that merely continue a quote do not count).
    pub quoted: bool,
    /// The list marker, if there is one.
    pub bullet: Option<Bullet>,
    /// The line without quote and list markers.
    pub text: Text,
}

/// A list marker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bullet {
    /// Columns before the marker, a tab reaching to the next multiple of four.
    pub indent: usize,
    /// Whether the marker is a number (`01.`, `1)`) instead of `-`, `*` or `+`.
    pub ordered: bool,
}

/// A fenced code block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fence {
    /// The first word after the opening fence, as written; empty if there is none.
    pub language: String,
    /// The lines between the fences, without quote markers and carriage returns, joined by `\n`.
    pub text: String,
    /// Where those lines stand. Without quote markers and carriage returns its bytes are `text`.
    pub text_span: Span,
    /// Whether there is a closing fence.
    pub closed: bool,
}

/// A table, with or without header and delimiter row. All rows have as many cells as there are
/// columns: those of the header, else of the delimiter row, else of the longest row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Table {
    /// The column titles.
    pub header: Option<Row>,
    /// Whether there is a delimiter row (`|---|---|`).
    pub delimited: bool,
    /// The rows that say something.
    pub rows: Vec<Row>,
    /// How many rows had only empty cells.
    pub blank_rows: usize,
}

/// One table row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Row {
    /// The cells, from left to right.
    pub cells: Vec<Text>,
    /// The line, from its first to its last character that is no space.
    pub span: Span,
    /// How many cells it was written with, before it was made to fit the columns.
    pub written: usize,
}

/// A piece of text with inline markup: a title, a line, a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    /// The source, trimmed.
    pub raw: String,
    /// What a reader sees: markup removed, entities and escapes decoded, `<br>` as `\n`, trimmed.
    pub plain: String,
    /// Where `raw` stands.
    pub span: Span,
    /// What stands in backticks, in order.
    pub codes: Vec<String>,
    /// The links, in order.
    pub links: Vec<Link>,
    /// The `id`s and `name`s of html tags, in order.
    pub anchors: Vec<String>,
    /// Whether all of it is struck through.
    pub struck: bool,
    /// Whether all of it is bold. Half-open `**` at an end are removed but make nothing bold.
    pub bold: bool,
}

/// A link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    /// What a reader sees.
    pub text: String,
    /// Where it leads, as written.
    pub target: String,
}

impl Text {
    /// Reads one line of inline markup; spans count from the start of `source`.
    pub(crate) fn new(source: &str) -> Self {
        inline::read(source, 0)
    }
}

/// Reads a text; `are_titles` says whether the cells of a row, as readers see them, are column
/// titles. It is asked only where the delimiter row does not tell.
pub(crate) fn read(text: &str, are_titles: &dyn Fn(&[&str]) -> bool) -> Document {
    blocks::scan(text, are_titles)
}

/// What a reader sees of one inline text.
pub(crate) fn plain(raw: &str) -> String {
    Text::new(raw).plain
}
