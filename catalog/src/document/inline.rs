//! Owns inline markup: cuts a line into pieces and writes down what a reader sees of them.

use super::code_span::code_spans;
use super::emphasis::{Mark, MarkKind, Role, pair};
use super::html::{self, Tag};
use super::{Link, Text, links};
use crate::source::Span;

/// A part of a line, its meaning known.
#[derive(Debug)]
enum Piece<'a> {
    /// Text as it stands.
    Text(&'a str),
    /// A decoded character.
    Char(char),
    /// What stood in backticks.
    Code(&'a str),
    /// `<br>`
    Break,
    /// The name of a place.
    Anchor(&'a str),
    /// `<b>` and `</b>`
    Weight { bold: bool },
    /// A run of `*` or `~`.
    Mark(Mark),
    /// The start of a link.
    LinkStart,
    /// The end of a link.
    LinkEnd(&'a str),
}

/// Reads one line, or a part of it, that starts at `start` of the source.
pub(super) fn read(source: &str, start: usize) -> Text {
    let raw = source.trim();
    let start = start + source.len() - source.trim_start().len();
    if raw.is_empty() {
        return Text {
            span: Span::new(start, start),
            ..Text::default()
        };
    }
    let span = Span::new(start, start + raw.len());
    if !raw.contains(|c: char| SPECIAL.contains(&c) || is_invisible(c) || c == '_') {
        // Most cells hold nothing but words.
        return Text {
            raw: raw.to_owned(),
            plain: raw.to_owned(),
            span,
            ..Text::default()
        };
    }
    let (inner, wrapped) = match wrapped_in_underscores(raw) {
        Some(inner) => (inner, true),
        None => (raw, false),
    };
    let mut pieces = Scanner::new(inner).scan();
    let mut marks: Vec<&mut Mark> = pieces
        .iter_mut()
        .filter_map(|piece| match piece {
            Piece::Mark(mark) => Some(mark),
            _ => None,
        })
        .collect();
    pair(&mut marks);
    let mut writer = Writer::default();
    writer.bold += usize::from(wrapped);
    for piece in &pieces {
        writer.write(piece);
    }
    writer.finish(raw, span)
}

/// `__x__` is bold only around a whole text: elsewhere underscores belong to names.
fn wrapped_in_underscores(raw: &str) -> Option<&str> {
    let inner = raw.strip_prefix("__")?.strip_suffix("__")?;
    let tight = !inner.is_empty()
        && !inner.starts_with(|c: char| c == '_' || c.is_whitespace())
        && !inner.ends_with(|c: char| c == '_' || c.is_whitespace());
    (tight && !inner.contains("__")).then_some(inner)
}

/// Cuts a line into pieces, from left to right, without going back.
struct Scanner<'a> {
    text: &'a str,
    at: usize,
    /// Up to where the text is in `pieces`.
    written: usize,
    pieces: Vec<Piece<'a>>,
    /// Brackets that wait for their partner: their piece, and whether they start an image.
    brackets: Vec<(usize, bool)>,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            written: 0,
            pieces: Vec::new(),
            brackets: Vec::new(),
        }
    }

    fn scan(mut self) -> Vec<Piece<'a>> {
        let mut codes = code_spans(self.text).into_iter().peekable();
        while let Some(step) = self.rest().find(SPECIAL) {
            self.at += step;
            while codes.next_if(|code| code.outer.start < self.at).is_some() {}
            let taken = match self.rest().bytes().next() {
                Some(b'`') => codes
                    .next_if(|code| code.outer.start == self.at)
                    .and_then(|code| {
                        let inner = self.text.get(code.inner)?;
                        Some((code.outer.len(), Some(Piece::Code(inner))))
                    }),
                Some(b'\\') => self.escape(),
                Some(b'&') => html::entity(self.rest()).map(|(c, len)| (len, Some(Piece::Char(c)))),
                Some(b'<') => self.angle(),
                Some(b'*') => self.mark('*'),
                Some(b'~') => self.mark('~'),
                Some(b'!') => self.open_bracket("![", true),
                Some(b'[') => self.open_bracket("[", false),
                Some(b']') => self.close_bracket(),
                _ => None,
            };
            match taken {
                Some((length, piece)) => self.push(length, piece),
                None => self.at += 1,
            }
        }
        self.at = self.text.len();
        self.flush();
        self.pieces
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Takes so many bytes, which are this piece, or nothing.
    fn push(&mut self, length: usize, piece: Option<Piece<'a>>) {
        self.flush();
        self.pieces.extend(piece);
        self.at += length;
        self.written = self.at;
    }

    fn flush(&mut self) {
        let text = self.text.get(self.written..self.at).unwrap_or_default();
        if !text.is_empty() {
            self.pieces.push(Piece::Text(text));
        }
        self.written = self.at;
    }

    fn escape(&self) -> Taken<'a> {
        let escaped = self.rest().chars().nth(1)?;
        let known = escaped.is_ascii_punctuation();
        known.then_some((1 + escaped.len_utf8(), Some(Piece::Char(escaped))))
    }

    fn angle(&mut self) -> Taken<'a> {
        if let Some((url, length)) = html::autolink(self.rest()) {
            self.push(0, Some(Piece::LinkStart));
            self.push(0, Some(Piece::Text(url)));
            return Some((length, Some(Piece::LinkEnd(url))));
        }
        let (tag, length) = html::tag(self.rest())?;
        let piece = match tag {
            Tag::Break => Some(Piece::Break),
            Tag::Bold(bold) => Some(Piece::Weight { bold }),
            Tag::Anchor(name) => Some(Piece::Anchor(name)),
            Tag::Other => None,
        };
        Some((length, piece))
    }

    fn mark(&self, character: char) -> Taken<'a> {
        let after = self.rest().trim_start_matches(character);
        let length = self.rest().len() - after.len();
        let Some(kind) = MarkKind::new(character, length) else {
            // A long run is text; taking it whole keeps its tail from being a mark.
            return Some((length, self.rest().get(..length).map(Piece::Text)));
        };
        let before = self.text.get(..self.at).unwrap_or_default();
        let mark = Mark::new(kind, before.chars().next_back(), after.chars().next());
        Some((length, Some(Piece::Mark(mark))))
    }

    fn open_bracket(&mut self, written: &'static str, image: bool) -> Taken<'a> {
        let literal = self.rest().get(..written.len())?;
        if literal != written {
            return None;
        }
        self.flush();
        self.brackets.push((self.pieces.len(), image));
        Some((written.len(), Some(Piece::Text(literal))))
    }

    fn close_bracket(&mut self) -> Taken<'a> {
        let (opener, image) = self.brackets.pop()?;
        let (target, length) = links::target(self.rest().get(1..).unwrap_or_default())?;
        self.flush();
        if image {
            // A picture says nothing that could be read, nor does its caption belong to the text.
            self.pieces.truncate(opener);
            return Some((1 + length, None));
        }
        if let Some(piece) = self.pieces.get_mut(opener) {
            *piece = Piece::LinkStart;
        }
        // Links do not nest.
        self.brackets.clear();
        Some((1 + length, Some(Piece::LinkEnd(target))))
    }
}

/// How many bytes were understood, and as what; nothing is the piece of markup without content.
type Taken<'a> = Option<(usize, Option<Piece<'a>>)>;

/// Pasted text carries these along; nobody sees them, and names would differ by them.
fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}' | '\u{feff}')
}

/// The characters that may be more than themselves.
const SPECIAL: [char; 9] = ['\\', '`', '&', '<', '*', '~', '!', '[', ']'];

/// Writes down what a reader sees, and what was special about it.
#[derive(Debug, Default)]
struct Writer {
    text: Text,
    bold: usize,
    struck: usize,
    /// Where the texts of open links start in `plain`.
    link_starts: Vec<usize>,
    has_words: bool,
    has_light_words: bool,
    has_unstruck_words: bool,
}

impl Writer {
    fn write(&mut self, piece: &Piece<'_>) {
        match piece {
            Piece::Text(text) => self.words(text),
            Piece::Char(c) => self.words(c.encode_utf8(&mut [0; 4])),
            Piece::Code(code) => {
                // Within a table even code has to escape its `|`.
                let code = code.trim().replace("\\|", "|");
                self.words(&code);
                self.text.codes.push(code);
            }
            Piece::Break => {
                self.text.plain.truncate(self.text.plain.trim_end().len());
                self.text.plain.push('\n');
            }
            Piece::Anchor(name) => self.text.anchors.push((*name).to_owned()),
            Piece::Weight { bold } => step(&mut self.bold, *bold),
            Piece::Mark(mark) => self.mark(mark),
            Piece::LinkStart => self.link_starts.push(self.text.plain.len()),
            Piece::LinkEnd(target) => {
                let start = self.link_starts.pop().unwrap_or_default();
                let text = self.text.plain.get(start..).unwrap_or_default();
                let text = text.trim().to_owned();
                self.text.links.push(Link {
                    text,
                    target: (*target).to_owned(),
                });
            }
        }
    }

    fn mark(&mut self, mark: &Mark) {
        let opens = match mark.role {
            Role::Literal => return self.words(mark.kind.as_str()),
            Role::Dropped => return,
            Role::Opens => true,
            Role::Closes => false,
        };
        if mark.kind.is_bold() {
            step(&mut self.bold, opens);
        }
        if mark.kind.is_strike() {
            step(&mut self.struck, opens);
        }
    }

    fn words(&mut self, words: &str) {
        if words.chars().any(|c| !c.is_whitespace()) {
            self.has_words = true;
            self.has_light_words |= self.bold == 0;
            self.has_unstruck_words |= self.struck == 0;
        }
        let at_line_start = self.text.plain.is_empty() || self.text.plain.ends_with('\n');
        let words = if at_line_start {
            words.trim_start()
        } else {
            words
        };
        let seen = words.split(is_invisible);
        seen.for_each(|words| self.text.plain.push_str(words));
    }

    fn finish(self, raw: &str, span: Span) -> Text {
        let mut text = self.text;
        text.plain.truncate(text.plain.trim_end().len());
        text.plain
            .drain(..text.plain.len() - text.plain.trim_start().len());
        Text {
            raw: raw.to_owned(),
            span,
            bold: self.has_words && !self.has_light_words,
            struck: self.has_words && !self.has_unstruck_words,
            ..text
        }
    }
}

fn step(depth: &mut usize, up: bool) {
    *depth = if up {
        *depth + 1
    } else {
        depth.saturating_sub(1)
    };
}
