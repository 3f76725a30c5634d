//! Owns the block scanner: it walks the lines once and decides which block each belongs to.

use super::lines::{FenceMark, SourceLine, lines};
use super::table::{self, TitleTest};
use super::{Block, BlockKind, Document, Fence, Heading, Line, inline};
use crate::source::Span;

/// Cuts a text into blocks.
pub(super) fn scan(text: &str, are_titles: TitleTest<'_>) -> Document {
    let lines = lines(text);
    let mut blocks = Vec::new();
    let mut rules = Vec::new();
    let mut at = 0;
    while let Some(line) = lines.get(at) {
        let rest = lines.get(at..).unwrap_or_default();
        // How many lines the block took; each line is taken by exactly one block.
        let taken = if line.is_blank() {
            1
        } else if let Some(mark) = line.fence() {
            fence(line, mark, rest.get(1..).unwrap_or_default(), &mut blocks)
        } else if line.is_rule() {
            rules.push(line.marked_span());
            1
        } else if line.heading().is_some() {
            single(line, &mut blocks)
        } else {
            let run = table::run_length(rest);
            if run == 0 {
                single(line, &mut blocks)
            } else {
                table::read(rest.get(..run).unwrap_or_default(), are_titles, &mut blocks);
                run
            }
        };
        at += taken;
    }
    Document { blocks, rules }
}

/// Reads a heading or a line that stands for itself.
fn single(line: &SourceLine<'_>, blocks: &mut Vec<Block>) -> usize {
    let end = line.start + line.content.len();
    let kind = match (line.heading(), line.bullet()) {
        (Some((level, title)), _) if !line.quoted => BlockKind::Heading(Heading {
            level,
            text: inline::read(title, offset_of(title, line)),
        }),
        // A heading inside a quote opens no section of the document: it is a line of the quote.
        (Some((_, title)), _) => prose(line, None, title, offset_of(title, line)),
        (None, Some((bullet, item))) => prose(line, Some(bullet), item, end - item.len()),
        (None, None) => prose(line, None, line.content, line.start),
    };
    blocks.push(Block {
        span: line.marked_span(),
        kind,
    });
    1
}

fn prose(
    line: &SourceLine<'_>,
    bullet: Option<super::Bullet>,
    text: &str,
    start: usize,
) -> BlockKind {
    BlockKind::Line(Line {
        quoted: line.quoted,
        bullet,
        text: inline::read(text, start),
    })
}

/// Where a heading's title starts: behind the `#`s and the spaces.
fn offset_of(title: &str, line: &SourceLine<'_>) -> usize {
    if title.is_empty() {
        return line.start + line.content.len();
    }
    let behind = line.content.trim_start_matches('#').trim_start();
    line.start + line.content.len() - behind.len()
}

/// Reads a fence whose opening line was `opener`; says how many lines it takes, the opener's too.
fn fence(
    opener: &SourceLine<'_>,
    mark: FenceMark<'_>,
    following: &[SourceLine<'_>],
    blocks: &mut Vec<Block>,
) -> usize {
    // A quoted fence whose lines go on without `>` was meant to go on; once they carried the
    // marker, the first line without it is outside.
    let keeps_marker = opener.quoted && following.first().is_some_and(|line| line.quoted);
    let mut text = String::new();
    let mut text_span: Option<Span> = None;
    let mut end = opener.marked_span().end;
    let mut closed = false;
    let mut taken = 1;
    for line in following {
        if keeps_marker && !line.quoted {
            break;
        }
        taken += 1;
        if mark.is_closed_by(line) {
            end = line.marked_span().end;
            closed = true;
            break;
        }
        let (start, content) = code_line(opener.quoted, line);
        let span = Span::new(start, start + content.len());
        if text_span.is_some() {
            text.push('\n');
        }
        text.push_str(content);
        text_span = Some(text_span.map_or(span, |all| all.to(span)));
        end = span.end;
    }
    blocks.push(Block {
        span: Span::new(opener.marked_span().start, end),
        kind: BlockKind::Fence(Fence {
            language: mark.language.to_owned(),
            text,
            text_span: text_span.unwrap_or(Span::new(end, end)),
            closed,
        }),
    });
    taken
}

/// A line of code: as it stands, but without the quote marker that its fence has as well.
fn code_line<'a>(in_quote: bool, line: &SourceLine<'a>) -> (usize, &'a str) {
    let unquoted = line.whole.trim_start().strip_prefix('>');
    let code = match unquoted.filter(|_| in_quote) {
        Some(rest) => rest.strip_prefix(' ').unwrap_or(rest),
        None => line.whole,
    };
    (line.line_start + line.whole.len() - code.len(), code)
}
