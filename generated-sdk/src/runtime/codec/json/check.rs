//! The one place that finds out whether a text is JSON; everything else reads what passed here.

use super::Reader;
use super::scan::{blank, special};
use std::error::Error;
use std::fmt;
use std::ops::Range;

/// How deep arrays and objects may be nested before a text is refused.
const MAX_DEPTH: usize = 128;

/// A text that is not JSON: the byte at which it stops being so, never what stands there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed {
    at: usize,
}

impl Malformed {
    pub(crate) fn new(at: usize) -> Self {
        Self { at }
    }

    /// The byte offset of the first character that does not fit.
    pub fn offset(&self) -> usize {
        self.at
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not JSON from byte {}", self.at)
    }
}

impl Error for Malformed {}

/// The JSON value that `text` holds, without the white space around it.
pub(crate) fn check(text: &str) -> Result<&str, Malformed> {
    let bytes = text.as_bytes();
    let start = blank(bytes, 0);
    let end = value(bytes, start, MAX_DEPTH)?;
    let rest = blank(bytes, end);
    if rest == bytes.len() {
        Ok(&text[start..end])
    } else {
        Err(Malformed::new(rest))
    }
}

/// Checks a text and hands on its outermost members: name, value, and where the value stands. Returns where the
/// whole stands. A text that is no object has no members.
pub(crate) fn members(
    text: &str,
    visit: &mut dyn FnMut(&str, &str, Range<usize>),
) -> Result<Range<usize>, Malformed> {
    members_of(text, MAX_DEPTH - 1, visit)
}

/// The same of an object that a receiver has put around what came: it does not count as depth.
pub(crate) fn around(
    text: &str,
    visit: &mut dyn FnMut(&str, &str, Range<usize>),
) -> Result<Range<usize>, Malformed> {
    members_of(text, MAX_DEPTH, visit)
}

fn members_of(
    text: &str,
    depth: usize,
    visit: &mut dyn FnMut(&str, &str, Range<usize>),
) -> Result<Range<usize>, Malformed> {
    let bytes = text.as_bytes();
    let start = blank(bytes, 0);
    if bytes.get(start) != Some(&b'{') {
        return check(text).map(|whole| start..start + whole.len());
    }
    let mut at = blank(bytes, start + 1);
    let mut open = bytes.get(at) != Some(&b'}');
    at += usize::from(!open);
    while open {
        let name = at;
        at = blank(bytes, string(bytes, byte(bytes, at, b'"')?)?);
        let from = blank(bytes, byte(bytes, at, b':')?);
        let to = value(bytes, from, depth)?;
        visit(
            &Reader::new(&text[name..]).text(),
            &text[from..to],
            from..to,
        );
        at = blank(bytes, to);
        open = bytes.get(at) == Some(&b',');
        if open {
            at = blank(bytes, at + 1);
        } else {
            at = byte(bytes, at, b'}')?;
        }
    }
    let rest = blank(bytes, at);
    if rest == bytes.len() {
        Ok(start..at)
    } else {
        Err(Malformed::new(rest))
    }
}

fn value(bytes: &[u8], at: usize, depth: usize) -> Result<usize, Malformed> {
    match bytes.get(at) {
        Some(b'"') => string(bytes, at + 1),
        Some(b'{') => container(bytes, at, depth, b'}'),
        Some(b'[') => container(bytes, at, depth, b']'),
        Some(b't') => word(bytes, at, b"true"),
        Some(b'f') => word(bytes, at, b"false"),
        Some(b'n') => word(bytes, at, b"null"),
        Some(_) => number(bytes, at),
        None => Err(Malformed::new(at)),
    }
}

fn container(bytes: &[u8], start: usize, depth: usize, close: u8) -> Result<usize, Malformed> {
    let Some(depth) = depth.checked_sub(1) else {
        return Err(Malformed::new(start));
    };
    let mut at = blank(bytes, start + 1);
    if bytes.get(at) == Some(&close) {
        return Ok(at + 1);
    }
    loop {
        if close == b'}' {
            at = string(bytes, byte(bytes, at, b'"')?)?;
            at = blank(bytes, byte(bytes, blank(bytes, at), b':')?);
        }
        at = blank(bytes, value(bytes, at, depth)?);
        match bytes.get(at) {
            Some(b',') => at = blank(bytes, at + 1),
            Some(found) if *found == close => return Ok(at + 1),
            _ => return Err(Malformed::new(at)),
        }
    }
}

/// The end of the string whose opening quote stands before `at`. Raw control characters pass: gateways send them.
fn string(bytes: &[u8], mut at: usize) -> Result<usize, Malformed> {
    loop {
        at = special(bytes, at);
        match bytes.get(at) {
            Some(b'"') => return Ok(at + 1),
            Some(b'\\') => match bytes.get(at + 1) {
                Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => at += 2,
                Some(b'u') => {
                    let digits = bytes.get(at + 2..at + 6).ok_or(Malformed::new(at))?;
                    if !digits.iter().all(u8::is_ascii_hexdigit) {
                        return Err(Malformed::new(at));
                    }
                    at += 6;
                }
                _ => return Err(Malformed::new(at)),
            },
            _ => return Err(Malformed::new(at.min(bytes.len()))),
        }
    }
}

fn number(bytes: &[u8], start: usize) -> Result<usize, Malformed> {
    let mut at = digits(bytes, start + usize::from(bytes.get(start) == Some(&b'-')))?;
    if bytes.get(at) == Some(&b'.') {
        at = digits(bytes, at + 1)?;
    }
    if matches!(bytes.get(at), Some(b'e' | b'E')) {
        at = digits(
            bytes,
            at + 1 + usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-'))),
        )?;
    }
    Ok(at)
}

fn digits(bytes: &[u8], start: usize) -> Result<usize, Malformed> {
    let mut at = start;
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    if at == start {
        Err(Malformed::new(at))
    } else {
        Ok(at)
    }
}

fn word(bytes: &[u8], at: usize, word: &[u8]) -> Result<usize, Malformed> {
    if bytes[at..].starts_with(word) {
        Ok(at + word.len())
    } else {
        Err(Malformed::new(at))
    }
}

fn byte(bytes: &[u8], at: usize, expected: u8) -> Result<usize, Malformed> {
    if bytes.get(at) == Some(&expected) {
        Ok(at + 1)
    } else {
        Err(Malformed::new(at))
    }
}

#[cfg(test)]
mod tests {
    use super::{around, check, members};

    #[test]
    fn accepts_what_serde_json_accepts() {
        for text in [
            "{}",
            " [ ] ",
            "[1,-2.5e+3,\"a\\u00e9\\n\",{\"k\":[null,true,false]}]",
            "\"\"",
            "0",
            "-0.0",
            "1E5",
        ] {
            assert_eq!(check(text), Ok(text.trim()), "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(text).is_ok());
        }
    }

    #[test]
    fn refuses_the_rest_and_says_where() {
        for (text, at) in [
            ("", 0),
            ("{", 1),
            ("{\"a\"}", 4),
            ("[1,]", 3),
            ("{\"a\":1,}", 7),
            ("nul", 0),
            ("1 2", 2),
            ("\"\\x\"", 1),
            ("\"\\u12g4\"", 1),
            ("\"open", 5),
            ("-", 1),
            ("1.", 2),
            ("<html>", 0),
            ("[1}", 2),
            ("\"\\", 1),
        ] {
            assert_eq!(check(text).map_err(|e| e.offset()), Err(at), "{text}");
        }
    }

    #[test]
    fn depth_is_limited_without_exhausting_the_stack() {
        let deep = |n: usize| format!("{}{}", "[".repeat(n), "]".repeat(n));
        assert!(check(&deep(128)).is_ok());
        assert!(check(&deep(129)).is_err());
        assert!(check(&"[".repeat(1_000_000)).is_err());
        // Whoever reads the outermost members counts them as one level.
        let within = |n: usize| format!("{{\"a\":{}}}", deep(n));
        let opens = |n: usize| members(&within(n), &mut |_, _, _| ()).is_ok();
        assert_eq!((opens(127), opens(128)), (true, false));
        let opens = |n: usize| around(&within(n), &mut |_, _, _| ()).is_ok();
        assert_eq!((opens(128), opens(129)), (true, false));
    }
}
