//! Owns the characters of a fence: where the reader stands, blanks and comments, separators,
//! unquoted words, and the list of what was mended.

use super::Issue;
use crate::source::Span;

/// A broken fence of megabytes must not become gigabytes of issues.
const MAX_ISSUES: usize = 100;

/// Longer words are not asked again and again whether they are a number.
const LONGEST_LITERAL: usize = 64;

/// Reads a fence from left to right.
pub(super) struct Lexer<'a> {
    pub(super) text: &'a str,
    pub(super) at: usize,
    /// Comments met since somebody took them.
    pub(super) comments: Vec<Comment>,
    pub(super) issues: Vec<Issue>,
    /// Whether one of the issues is severe.
    pub(super) any_severe: bool,
    /// Per quote character: a text that starts before this byte and runs over its line has no
    /// believable end, known from an earlier look ahead. Keeps looking ahead linear.
    pub(super) no_end_before: [usize; 2],
    /// Per quote character: up to this byte, no quote on the line is a believable end.
    pub(super) no_end_on_line_before: [usize; 2],
}

/// One comment.
pub(super) struct Comment {
    pub(super) text: String,
    /// Nothing but blanks stands before it on its line.
    pub(super) own_line: bool,
    /// Nothing but blanks stands behind it on its line.
    pub(super) ends_line: bool,
}

/// Whether an unquoted word is the value of a key, or stands where a key or an element may be.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum WordPlace {
    /// Where a key is awaited: a colon ends the word.
    Key,
    /// After a colon: the word is a value.
    Value,
    /// In a list: only `=>` would make it a key.
    Element,
}

pub(super) fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}'..='\u{200d}' | '\u{2060}')
}

pub(super) fn is_comma(c: char) -> bool {
    matches!(c, ',' | '，' | ';' | '；')
}

pub(super) fn is_open(c: char) -> bool {
    matches!(c, '{' | '[')
}

pub(super) fn is_close(c: char) -> bool {
    matches!(c, '}' | ']' | ')')
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’')
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            comments: Vec::new(),
            issues: Vec::new(),
            any_severe: false,
            no_end_before: [0; 2],
            no_end_on_line_before: [0; 2],
        }
    }

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    pub(super) fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        Some(c)
    }

    pub(super) fn span_from(&self, start: usize) -> Span {
        Span::new(start, self.at)
    }

    /// Notes a mend; one that loses nothing is noted once per sample, at its first place.
    pub(super) fn issue(&mut self, message: &str, span: Span, severe: bool) {
        let same = |issue: &Issue| issue.message == message;
        if !severe && self.issues.iter().any(same) {
            return;
        }
        if let Some(last) = self.issues.last_mut()
            && same(last)
            && last.span.end == span.start
        {
            last.span.end = span.end;
            return;
        }
        // A severe one is never lost among many harmless ones.
        if self.issues.len() < MAX_ISSUES || (severe && !self.any_severe) {
            self.any_severe |= severe;
            self.issues.push(Issue {
                message: message.to_owned(),
                span,
                severe,
            });
        }
    }

    /// Skips blanks and comments; the comments are kept in `self.comments`.
    pub(super) fn trivia(&mut self) {
        let mut own_line = self.at == 0;
        let known = self.comments.len();
        loop {
            let rest = self.rest();
            match rest.chars().next() {
                Some('\n') => {
                    own_line = true;
                    if let Some(last) = self.comments[known..].last_mut() {
                        last.ends_line = true;
                    }
                    self.at += 1;
                }
                Some(c) if is_blank(c) => self.at += c.len_utf8(),
                Some('#') => self.line_comment(own_line),
                Some('/') if rest.starts_with("//") => self.line_comment(own_line),
                Some('/') if rest.starts_with("/*") => {
                    own_line = self.block_comment(own_line);
                }
                Some(_) => return,
                None => {
                    if let Some(last) = self.comments[known..].last_mut() {
                        last.ends_line = true;
                    }
                    return;
                }
            }
        }
    }

    fn line_comment(&mut self, own_line: bool) {
        let rest = self.rest();
        let length = rest.find('\n').unwrap_or(rest.len());
        let text = rest[..length].trim_start_matches(['/', '#']).trim();
        self.comments.push(Comment {
            text: text.to_owned(),
            own_line,
            ends_line: true,
        });
        self.at += length;
    }

    /// Returns whether what follows stands on a line the comment began.
    fn block_comment(&mut self, own_line: bool) -> bool {
        let start = self.at;
        let rest = self.rest();
        let (body, length) = match rest.get(2..).and_then(|inner| inner.find("*/")) {
            Some(end) => (&rest[2..2 + end], end + 4),
            None => (rest.get(2..).unwrap_or_default(), rest.len()),
        };
        self.at += length;
        if !rest[..length].ends_with("*/") || length < 4 {
            self.issue("a comment is not closed", self.span_from(start), true);
        }
        let lines: Vec<&str> = body
            .lines()
            .map(|line| line.trim().trim_start_matches('*').trim())
            .filter(|line| !line.is_empty())
            .collect();
        self.comments.push(Comment {
            text: lines.join("\n"),
            own_line,
            ends_line: false,
        });
        own_line || body.contains('\n')
    }

    /// The length of a `:`, `：`, `=>` or `=` here, if there is one.
    pub(super) fn colon(&self) -> Option<usize> {
        let rest = self.rest();
        ["=>", ":", "：", "="]
            .iter()
            .find(|mark| rest.starts_with(**mark))
            .map(|mark| mark.len())
    }

    /// Skips `......`, `...`, `…`, `。。。` and what is said behind it; false if there is none.
    pub(super) fn ellipsis(&mut self) -> bool {
        let rest = self.rest();
        let dots = rest
            .find(|c| !matches!(c, '.' | '…' | '。'))
            .unwrap_or(rest.len());
        let is_path = rest.starts_with("../");
        if is_path
            || !["…", "..", "。。"]
                .iter()
                .any(|mark| rest.starts_with(mark))
        {
            return false;
        }
        self.at += dots;
        let rest = self.rest();
        self.at += rest
            .find(|c| c == '\n' || is_comma(c) || is_open(c) || is_close(c) || is_quote(c))
            .unwrap_or(rest.len());
        true
    }

    /// An unquoted word; may be empty where there is none.
    pub(super) fn word(&mut self, place: WordPlace, in_parentheses: bool) -> &'a str {
        let start = self.at;
        let rest = self.rest();
        let mut previous = ' ';
        let mut first_blank = true;
        let mut length = rest.len();
        for (i, c) in rest.char_indices() {
            let tail = &rest[i..];
            let ends = match c {
                '\n' | ',' | ';' | '}' | '{' | '"' | '“' | '”' => true,
                // `String[]` is one word.
                '[' => !tail.starts_with("[]") || !previous.is_alphanumeric(),
                ']' => previous != '[',
                ')' => in_parentheses,
                '，' | '；' => {
                    place != WordPlace::Value
                        || (i <= LONGEST_LITERAL && is_literal(rest[..i].trim()))
                        || tail[c.len_utf8()..]
                            .starts_with(|n| is_blank(n) || is_quote(n) || is_close(n))
                }
                ':' | '：' => place == WordPlace::Key,
                '=' => match place {
                    WordPlace::Key => true,
                    _ => tail.starts_with("=>"),
                },
                '\'' | '‘' | '’' => !previous.is_alphanumeric(),
                '/' => (tail.starts_with("//") && previous != ':') || tail.starts_with("/*"),
                '#' => is_blank(previous) && i > 0,
                _ if is_blank(c) && !is_blank(previous) => {
                    let literal = std::mem::take(&mut first_blank) && is_literal(&rest[..i]);
                    let key = place == WordPlace::Value && starts_a_key(tail.trim_start());
                    key || (place != WordPlace::Key && literal)
                }
                _ => false,
            };
            if ends {
                length = i;
                break;
            }
            previous = c;
        }
        let word = rest[..length].trim_end_matches(is_blank);
        self.at = start + word.len();
        word
    }
}

/// Whether an ASCII name and a colon stand here; looks no further than the name.
fn starts_a_key(text: &str) -> bool {
    let name = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .unwrap_or(text.len());
    let behind = text[name..].trim_start_matches([' ', '\t']);
    name > 0 && (behind.starts_with(':') && !behind.starts_with("://") || behind.starts_with("=>"))
}

/// Whether a word is a number, a truth value or null.
pub(super) fn is_literal(word: &str) -> bool {
    is_number(word) || truth(word).is_some() || is_null(word)
}

/// Truth values as JSON and as other languages write them.
pub(super) fn truth(word: &str) -> Option<bool> {
    if word.eq_ignore_ascii_case("true") {
        Some(true)
    } else if word.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

/// Null as JSON and as other languages write it.
pub(super) fn is_null(word: &str) -> bool {
    ["null", "none", "nil", "undefined"]
        .iter()
        .any(|name| word.eq_ignore_ascii_case(name))
}

/// A decimal number; leading zeros and a plus sign are let pass.
pub(super) fn is_number(word: &str) -> bool {
    let unsigned = word.strip_prefix(['-', '+']).unwrap_or(word);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let whole = match mantissa.split_once('.') {
        Some((whole, fraction)) => digits(whole) && digits(fraction),
        None => digits(mantissa),
    };
    whole && exponent.is_none_or(|e| digits(e.strip_prefix(['-', '+']).unwrap_or(e)))
}
