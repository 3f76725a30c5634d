//! Owns single lines: where they stand, their quote and list markers, headings, fences and rules.

use super::Bullet;
use crate::source::Span;

/// A tab reaches to the next multiple of this many columns.
const TAB: usize = 4;

/// Headings indented further than this are code in Markdown, and comments in practice.
const HEADING_INDENT: usize = 3;

/// One line of the source, its quote markers and outer spaces set aside.
#[derive(Clone, Copy, Debug)]
pub(super) struct SourceLine<'a> {
    /// The byte at which the line starts.
    pub(super) line_start: usize,
    /// The line as it stands, without its line break.
    pub(super) whole: &'a str,
    /// Whether there are quote markers.
    pub(super) quoted: bool,
    /// Columns between the quote markers (or the start) and the content.
    pub(super) indent: usize,
    /// The byte at which the content starts.
    pub(super) start: usize,
    /// The content, trimmed; empty for a blank line.
    pub(super) content: &'a str,
}

impl<'a> SourceLine<'a> {
    /// Reads a line that starts at `line_start`.
    pub(super) fn new(line_start: usize, whole: &'a str) -> Self {
        let mut rest = whole;
        let mut quoted = false;
        let mut indent = skip_blanks(&mut rest);
        while let Some(after) = rest.strip_prefix('>') {
            quoted = true;
            // One space belongs to the marker.
            rest = after.strip_prefix(' ').unwrap_or(after);
            indent = skip_blanks(&mut rest);
        }
        Self {
            line_start,
            whole,
            quoted,
            indent,
            start: line_start + whole.len() - rest.len(),
            content: rest.trim_end(),
        }
    }

    /// Where the content stands.
    pub(super) fn span(&self) -> Span {
        Span::new(self.start, self.start + self.content.len())
    }

    /// From the quote marker, or what else comes first, to the end of the content.
    pub(super) fn marked_span(&self) -> Span {
        let blanks = self.whole.len() - self.whole.trim_start().len();
        Span::new(
            (self.line_start + blanks).min(self.start),
            self.start + self.content.len(),
        )
    }

    /// Whether nothing stands here but spaces and quote markers.
    pub(super) fn is_blank(&self) -> bool {
        self.content.is_empty()
    }

    /// Whether this is a horizontal rule, or the underline of a title.
    pub(super) fn is_rule(&self) -> bool {
        ['-', '*', '_', '='].iter().any(|mark| {
            let mut marks = 0_usize;
            self.content.chars().all(|c| {
                marks += usize::from(c == *mark);
                c == *mark || c.is_whitespace()
            }) && marks >= 3
        })
    }

    /// Level and title, if this is a heading; in a quote it is one as well.
    pub(super) fn heading(&self) -> Option<(u8, &'a str)> {
        let title = self.content.trim_start_matches('#');
        let level = self.content.len() - title.len();
        // `# | 名称 |` is a table whose first column is called `#`.
        if level == 0
            || level > 6
            || self.indent > HEADING_INDENT
            || title.trim_start().starts_with('|')
        {
            return None;
        }
        let spaced = title.is_empty() || title.starts_with(char::is_whitespace);
        let without = title.trim_end_matches('#');
        let closing = title.len() - without.len();
        // `C#` keeps its sign; `##标题##` was framed by someone who uses no spaces at all.
        let closed = closing > 0
            && (without.is_empty()
                || without.ends_with(char::is_whitespace)
                || !spaced && closing == level);
        let title = if closed { without } else { title };
        Some((u8::try_from(level).ok()?, title.trim()))
    }

    /// The list marker and what follows it, if this is a list item.
    pub(super) fn bullet(&self) -> Option<(Bullet, &'a str)> {
        let (ordered, rest) = match self.content.strip_prefix(['-', '*', '+']) {
            Some(rest) => (false, rest),
            None => (true, after_number(self.content)?),
        };
        let item = rest.trim_start();
        let separated = rest.is_empty() || item.len() < rest.len();
        // `1.文本` is an item, `1.5倍` and `3.x` are not.
        let touching = ordered && !item.starts_with(|c: char| c.is_ascii_alphanumeric());
        (separated || touching).then_some((
            Bullet {
                indent: self.indent,
                ordered,
            },
            item,
        ))
    }

    /// The fence that this line opens, if it does; also as the first thing in a list item.
    pub(super) fn fence(&self) -> Option<FenceMark<'a>> {
        let content = self.bullet().map_or(self.content, |(_, item)| item);
        let mark = content.chars().next().filter(|c| matches!(c, '`' | '~'))?;
        let info = content.trim_start_matches(mark);
        let length = content.len() - info.len();
        // ```` ```code``` ```` is code within a line, `~~~x~~~` something struck through.
        (length >= 3 && !info.contains(mark)).then(|| FenceMark {
            mark,
            length,
            language: info.split_whitespace().next().unwrap_or_default(),
        })
    }
}

/// The opening of a fenced code block.
#[derive(Clone, Copy, Debug)]
pub(super) struct FenceMark<'a> {
    mark: char,
    length: usize,
    /// The first word behind the marks.
    pub(super) language: &'a str,
}

impl FenceMark<'_> {
    /// Whether a line closes this fence.
    pub(super) fn is_closed_by(&self, line: &SourceLine<'_>) -> bool {
        line.content.len() >= self.length && line.content.chars().all(|c| c == self.mark)
    }
}

/// Cuts a text into lines; a byte order mark at its start belongs to none.
pub(super) fn lines(text: &str) -> Vec<SourceLine<'_>> {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut start = text.len() - body.len();
    body.split_inclusive('\n')
        .map(|line| {
            let at = start;
            start += line.len();
            let line = line.strip_suffix('\n').unwrap_or(line);
            SourceLine::new(at, line.strip_suffix('\r').unwrap_or(line))
        })
        .collect()
}

/// Advances over blanks and says how many columns they take.
fn skip_blanks(rest: &mut &str) -> usize {
    let trimmed = rest.trim_start();
    let blanks = rest.get(..rest.len() - trimmed.len()).unwrap_or_default();
    *rest = trimmed;
    blanks.chars().fold(0, |column, c| match c {
        '\t' => (column / TAB + 1) * TAB,
        _ => column + 1,
    })
}

/// What follows a list number (`01.`, `1)`).
fn after_number(content: &str) -> Option<&str> {
    let rest = content.trim_start_matches(|c: char| c.is_ascii_digit());
    // Markdown allows nine digits; a longer one is data.
    matches!(content.len() - rest.len(), 1..=9).then_some(())?;
    rest.strip_prefix(['.', ')'])
}
