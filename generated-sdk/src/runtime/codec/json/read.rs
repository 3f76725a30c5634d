//! A cursor over JSON that has been checked: it cannot fail, a broken promise reads as null.

use super::scan::{blank, checked_string, checked_value};
use std::borrow::Cow;

/// What stands at the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Null,
    Bool,
    Number,
    Text,
    Array,
    Object,
}

/// A cursor over a checked JSON text.
pub(crate) struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Starts before the value that `text` holds; `text` has passed [`check`](super::check()).
    pub(crate) fn new(text: &'a str) -> Self {
        Self {
            text,
            at: blank(text.as_bytes(), 0),
        }
    }

    /// The kind of the value at the cursor.
    pub(crate) fn kind(&self) -> Kind {
        match self.text.as_bytes().get(self.at) {
            Some(b'"') => Kind::Text,
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::Array,
            Some(b't' | b'f') => Kind::Bool,
            Some(b'-' | b'0'..=b'9') => Kind::Number,
            _ => Kind::Null,
        }
    }

    /// Moves past the value at the cursor and returns its text as it stands.
    pub(crate) fn raw(&mut self) -> &'a str {
        let start = self.at;
        self.at = checked_value(self.text.as_bytes(), start);
        &self.text[start..self.at]
    }

    /// The value at the cursor as it stands, without moving.
    pub(crate) fn peek_raw(&self) -> &'a str {
        &self.text[self.at..checked_value(self.text.as_bytes(), self.at)]
    }

    /// Moves past the text at the cursor and returns its meaning.
    pub(crate) fn text(&mut self) -> Cow<'a, str> {
        let start = self.at + 1;
        let (end, escaped) = checked_string(self.text.as_bytes(), start);
        self.at = (end + 1).min(self.text.len());
        let raw = self.text.get(start..end).unwrap_or_default();
        if escaped {
            unescape(raw)
        } else {
            Cow::Borrowed(raw)
        }
    }

    /// Enters the object or array at the cursor; false if it is empty and therefore left again.
    pub(crate) fn enter(&mut self) -> bool {
        self.at = blank(self.text.as_bytes(), self.at + 1);
        if matches!(self.text.as_bytes().get(self.at), Some(b'}' | b']')) {
            self.at += 1;
            return false;
        }
        self.at < self.text.len()
    }

    /// Reads a member's name and stops before its value.
    pub(crate) fn name(&mut self) -> Cow<'a, str> {
        let name = self.text();
        let bytes = self.text.as_bytes();
        self.at = blank(bytes, blank(bytes, self.at) + 1);
        name
    }

    /// After a member or an element: stops before the next one, or leaves the container and says false.
    pub(crate) fn more(&mut self) -> bool {
        let bytes = self.text.as_bytes();
        self.at = blank(bytes, self.at);
        let more = bytes.get(self.at) == Some(&b',');
        self.at = (self.at + 1).min(bytes.len());
        if more {
            self.at = blank(bytes, self.at);
        }
        more
    }
}

fn unescape(raw: &str) -> Cow<'_, str> {
    let Some(mut at) = raw.find('\\') else {
        return Cow::Borrowed(raw);
    };
    let mut text = String::with_capacity(raw.len());
    let mut done = 0;
    loop {
        text.push_str(&raw[done..at]);
        let code = raw.as_bytes().get(at + 1).copied().unwrap_or_default();
        done = (at + 2).min(raw.len());
        text.push(match code {
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => {
                let (decoded, end) = unicode(raw, done);
                done = end;
                decoded
            }
            other => char::from(other),
        });
        match raw[done..].find('\\') {
            Some(next) => at = done + next,
            None => break,
        }
    }
    text.push_str(&raw[done..]);
    Cow::Owned(text)
}

/// The character whose four digits start at `at`, and where the text goes on; half a pair reads as U+FFFD.
fn unicode(raw: &str, at: usize) -> (char, usize) {
    let Some(first) = hex(raw, at) else {
        return (char::REPLACEMENT_CHARACTER, at);
    };
    if (0xD800..0xDC00).contains(&first)
        && raw.get(at + 4..at + 6) == Some("\\u")
        && let Some(second @ 0xDC00..0xE000) = hex(raw, at + 6)
    {
        let joined = 0x10000 + ((first - 0xD800) << 10) + (second - 0xDC00);
        return (
            char::from_u32(joined).unwrap_or(char::REPLACEMENT_CHARACTER),
            at + 10,
        );
    }
    (
        char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER),
        at + 4,
    )
}

/// How long the escape is whose four digits start at `at`, its digits and the other half of a pair; `None` if it is
/// half of a pair.
pub(super) fn surrogate_pair(raw: &str, at: usize) -> Option<usize> {
    let (char, end) = unicode(raw, at);
    let is_half = char == char::REPLACEMENT_CHARACTER && hex(raw, at) != Some(0xFFFD);
    (!is_half).then_some(end - at)
}

fn hex(raw: &str, at: usize) -> Option<u32> {
    u32::from_str_radix(raw.get(at..at + 4)?, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::{Kind, Reader};

    #[test]
    fn walks_an_object() {
        let mut reader =
            Reader::new(" { \"a\" : [1, \"x\"] , \"b\\n\":{}, \"c\": [ ] , \"d\":null}");
        assert!(reader.enter());
        assert_eq!(reader.name(), "a");
        assert!(reader.enter());
        assert_eq!((reader.kind(), reader.raw()), (Kind::Number, "1"));
        assert!(reader.more());
        assert_eq!(reader.text(), "x");
        assert!(!reader.more());
        assert!(reader.more());
        assert_eq!(reader.name(), "b\n");
        assert!(!reader.enter());
        assert!(reader.more());
        assert_eq!(reader.name(), "c");
        assert!(!reader.enter());
        assert!(reader.more());
        assert_eq!(
            (&*reader.name(), reader.kind(), reader.raw()),
            ("d", Kind::Null, "null")
        );
        assert!(!reader.more());
    }

    #[test]
    fn unescapes_like_serde_json() {
        for text in [
            r#""\u4f60\u597d \ud83d\ude00 \"\\\/\b\f\n\r\t end""#,
            r#""""#,
            r#""plain""#,
            r#""\n""#,
            r#""好\n好""#,
        ] {
            assert_eq!(
                Reader::new(text).text(),
                serde_json::from_str::<String>(text).unwrap()
            );
        }
        assert_eq!(
            Reader::new(r#""a\ud83dz\ude00""#).text(),
            "a\u{fffd}z\u{fffd}"
        );
    }
}
