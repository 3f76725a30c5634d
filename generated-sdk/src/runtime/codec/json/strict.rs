//! JSON as gateways send it made what everybody else calls JSON: what passed the check, and may have raw control
//! characters, half of a surrogate pair or `007` in it, comes in; a text of the same meaning that any parser takes goes
//! out, with every digit. `{"n":007}` becomes `{"n":7}`.

use super::read::surrogate_pair;
use super::scan::escapable;
use std::borrow::Cow;
use std::ops::Range;

/// The same value as strict JSON; as it stands where it is that already.
pub(crate) fn strict(text: &str) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let mut mended = Mended::new(text);
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        at = match byte {
            b'"' => string(text, at + 1, &mut mended),
            b'-' | b'0'..=b'9' => {
                let end = number_end(bytes, at);
                if let Some(zeros) = needless_zeros(bytes, at..end) {
                    mended.put(zeros, "");
                }
                end
            }
            _ => at + 1,
        };
    }
    mended.whole()
}

/// The digits of a checked number as JSON wants them.
pub(crate) fn number(raw: &str) -> Cow<'_, str> {
    match needless_zeros(raw.as_bytes(), 0..raw.len()) {
        None => Cow::Borrowed(raw),
        Some(zeros) => {
            let (before, after) = (raw.get(..zeros.start), raw.get(zeros.end..));
            Cow::Owned([before, after].into_iter().flatten().collect())
        }
    }
}

/// A text of which some places are written anew.
struct Mended<'a> {
    text: &'a str,
    out: String,
    done: usize,
}

impl<'a> Mended<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            out: String::new(),
            done: 0,
        }
    }

    fn put(&mut self, place: Range<usize>, instead: &str) {
        let before = self.text.get(self.done..place.start);
        self.out.push_str(before.unwrap_or_default());
        self.out.push_str(instead);
        self.done = place.end;
    }

    fn whole(mut self) -> Cow<'a, str> {
        if self.done == 0 {
            return Cow::Borrowed(self.text);
        }
        let end = self.text.len();
        self.put(end..end, "");
        Cow::Owned(self.out)
    }
}

/// Mends the string whose opening quote stands before `at`, and returns where it ends.
fn string(text: &str, mut at: usize, mended: &mut Mended<'_>) -> usize {
    let bytes = text.as_bytes();
    loop {
        at = escapable(bytes, at);
        match (bytes.get(at), bytes.get(at + 1)) {
            (None, _) => return bytes.len(),
            (Some(b'"'), _) => return at + 1,
            (Some(b'\\'), Some(b'u')) => match surrogate_pair(text, at + 2) {
                Some(length) => at += 2 + length,
                None => {
                    mended.put(at..at + 6, "\\ufffd");
                    at += 6;
                }
            },
            (Some(b'\\'), _) => at += 2,
            (Some(control), _) => {
                mended.put(at..at + 1, &format!("\\u{control:04x}"));
                at += 1;
            }
        }
    }
}

fn number_end(bytes: &[u8], start: usize) -> usize {
    let rest = bytes.get(start..).unwrap_or_default();
    let is_part = |byte: &u8| matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E' | b'0'..=b'9');
    start + rest.iter().take_while(|byte| is_part(byte)).count()
}

/// Zeros before the first digit that counts.
fn needless_zeros(bytes: &[u8], number: Range<usize>) -> Option<Range<usize>> {
    let start = number.start + usize::from(bytes.get(number.start) == Some(&b'-'));
    let rest = bytes.get(start..number.end)?;
    let zeros = rest.iter().take_while(|byte| **byte == b'0').count();
    let is_followed = rest.get(zeros).is_some_and(u8::is_ascii_digit);
    let needless = if is_followed {
        zeros
    } else {
        zeros.saturating_sub(1)
    };
    (needless > 0).then(|| start..start + needless)
}

#[cfg(test)]
mod tests {
    use super::{number, strict};
    use crate::runtime::codec::json::check;

    #[test]
    fn what_is_strict_already_stays_as_it_is() {
        for text in [
            r#"{"a":[0,-0,0.5,-10,1e05,100],"b":"\u00e9\ud83d\ude00\\u\"007"}"#,
            "\"\"",
            "12345678901234567890123",
            "null",
        ] {
            assert!(matches!(strict(text), std::borrow::Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn the_rest_keeps_its_meaning_and_every_digit() {
        for (text, expected) in [
            ("{\"a\nb\":\"\u{1}\t\"}", r#"{"a\u000ab":"\u0001\u0009"}"#),
            ("\"\\ud83d\"", "\"\\ufffd\""),
            ("\"\\ude00\\ud83dx\\n\"", "\"\\ufffd\\ufffdx\\n\""),
            ("\"\\ud83d\\ud83d\\ude00\"", "\"\\ufffd\\ud83d\\ude00\""),
            ("[007,-007.50,00,000.5,-00]", "[7,-7.50,0,0.5,-0]"),
            (
                "{\"id\":0018446744073709551616}",
                "{\"id\":18446744073709551616}",
            ),
        ] {
            let checked = check(text).expect("what gateways send passes");
            assert_eq!(strict(checked), expected, "{text}");
            assert!(serde_json::from_str::<serde_json::Value>(expected).is_ok());
        }
        assert_eq!(
            (number("007"), number("0"), number("-01.0")),
            ("7".into(), "0".into(), "-1.0".into())
        );
    }
}
