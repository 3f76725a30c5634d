//! Owns quoted texts: their end, which hand-written samples often hide, and their escapes.

use super::lexer::{Lexer, is_blank, is_close, is_comma, is_quote};

/// A text that was quoted.
pub(super) struct Quoted {
    pub(super) text: String,
    /// Whether a quote ended it; if not, a line break or the end of the fence did.
    pub(super) closed: bool,
}

impl Lexer<'_> {
    /// Reads the text whose opening quote stands here. After a colon (`is_value`), quotes within the
    /// text (`"<a b="c">"`) are told from its end by what follows them.
    pub(super) fn quoted(&mut self, is_value: bool) -> Quoted {
        let start = self.at;
        let quote = self.bump().unwrap_or('"');
        if quote != '"' {
            let message = match quote {
                '\'' => "text in single quotes",
                _ => "text in typographic quotes",
            };
            self.issue(message, self.span_from(start), false);
        }
        let body = self.at;
        let end = self.text_end(body, quote, is_value);
        let raw = self.text.get(body..end.content).unwrap_or_default();
        self.at = end.next;
        let span = self.span_from(start);
        if !end.closed {
            self.issue("a text is not closed", span, true);
        }
        if end.inner_quotes {
            self.issue("quotes within a text are not escaped", span, false);
        }
        if raw.contains(|c: char| c.is_control()) {
            self.issue("control characters in a text", span, false);
        }
        let (text, bad_escapes) = unescape(raw);
        if bad_escapes {
            self.issue("a text has escapes JSON does not know", span, false);
        }
        Quoted {
            text,
            closed: end.closed,
        }
    }

    fn text_end(&mut self, body: usize, quote: char, is_value: bool) -> TextEnd {
        let family = usize::from(!matches!(quote, '"' | '“' | '”'));
        let rest = self.text.get(body..).unwrap_or_default();
        let mut first_quote = None;
        let mut first_line_end = None;
        let mut escaped = false;
        for (i, c) in rest.char_indices() {
            if escaped {
                escaped = false;
                continue;
            }
            match c {
                '\\' => escaped = true,
                '\n' if first_line_end.is_none() => {
                    if let Some(at) = first_quote {
                        // No quote of this line is a believable end: the first one it was.
                        self.no_end_on_line_before[family] = body + i;
                        return TextEnd::closed(body + at, quote, false);
                    }
                    if body < self.no_end_before[family] {
                        return TextEnd::cut(body + i);
                    }
                    first_line_end = Some(i);
                }
                _ if closes(quote, c) => {
                    let behind = &rest[i + c.len_utf8()..];
                    if let Some(line_end) = first_line_end {
                        // Over lines, an end must look like one; else the quote was forgotten.
                        if ends_value(behind) {
                            return TextEnd::closed(body + i, c, false);
                        }
                        self.no_end_before[family] = body + i;
                        return TextEnd::cut(body + line_end);
                    }
                    let looked = body < self.no_end_on_line_before[family];
                    if !is_value || looked || ends_value(behind) {
                        return TextEnd::closed(body + i, c, first_quote.is_some());
                    }
                    first_quote.get_or_insert(i);
                }
                _ => {}
            }
        }
        let end = body + rest.len();
        if let Some(at) = first_quote {
            self.no_end_on_line_before[family] = end;
            return TextEnd::closed(body + at, quote, false);
        }
        self.no_end_before[family] = end;
        TextEnd::cut(first_line_end.map_or(end, |at| body + at))
    }
}

struct TextEnd {
    content: usize,
    next: usize,
    closed: bool,
    inner_quotes: bool,
}

impl TextEnd {
    fn closed(at: usize, quote: char, inner_quotes: bool) -> Self {
        Self {
            content: at,
            next: at + quote.len_utf8(),
            closed: true,
            inner_quotes,
        }
    }

    fn cut(at: usize) -> Self {
        Self {
            content: at,
            next: at,
            closed: false,
            inner_quotes: false,
        }
    }
}

fn closes(open: char, c: char) -> bool {
    match open {
        '“' | '”' => matches!(c, '“' | '”'),
        '‘' | '’' => matches!(c, '‘' | '’'),
        _ => c == open,
    }
}

/// Whether what stands behind a quote is what stands behind the end of a text.
fn ends_value(behind: &str) -> bool {
    let behind = behind.trim_start_matches(|c| c != '\n' && is_blank(c));
    match behind.chars().next() {
        None | Some('\n' | ':' | '：' | '#') => true,
        Some('/') => behind.starts_with("//") || behind.starts_with("/*"),
        Some('=') => behind.starts_with("=>"),
        Some(c) => is_comma(c) || is_close(c) || is_quote(c),
    }
}

/// Resolves escapes; those JSON does not know stay as written, and are reported.
fn unescape(raw: &str) -> (String, bool) {
    if !raw.contains('\\') {
        return (raw.to_owned(), false);
    }
    let mut text = String::with_capacity(raw.len());
    let mut bad = false;
    let mut rest = raw;
    while let Some(at) = rest.find('\\') {
        text.push_str(&rest[..at]);
        let escape = &rest[at..];
        let mut chars = escape.chars();
        chars.next();
        let code = chars.next();
        let simple = match code {
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some(c @ ('"' | '\'' | '\\' | '/')) => Some(c),
            _ => None,
        };
        let (resolved, length) = match (simple, code) {
            (Some(c), _) => (Some(c), 2),
            (None, Some('u')) => unicode_escape(escape),
            (None, other) => (None, 1 + other.map_or(0, char::len_utf8)),
        };
        match resolved {
            Some(c) => text.push(c),
            None => {
                bad = true;
                text.push_str(&escape[..length]);
            }
        }
        rest = &escape[length..];
    }
    text.push_str(rest);
    (text, bad)
}

/// The character of `\uXXXX`, or of a surrogate pair of them, and the length of what it took.
fn unicode_escape(escape: &str) -> (Option<char>, usize) {
    let unit = |at: usize| -> Option<u32> {
        let digits = escape.get(at..at + 6)?.strip_prefix("\\u")?;
        let hex = digits.bytes().all(|b| b.is_ascii_hexdigit());
        hex.then(|| u32::from_str_radix(digits, 16).ok()).flatten()
    };
    let Some(first) = unit(0) else {
        return (None, 2);
    };
    if let Some(c) = char::from_u32(first) {
        return (Some(c), 6);
    }
    let pair = unit(6)
        .filter(|second| (0xd800..0xdc00).contains(&first) && (0xdc00..0xe000).contains(second));
    match pair {
        Some(second) => {
            let code = 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
            (char::from_u32(code), 12)
        }
        None => (None, 6),
    }
}
