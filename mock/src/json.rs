//! JSON as clients in any language write it: bytes in, a value out.

use serde::de::DeserializeOwned;

/// Reads it, with halves of surrogate pairs that stand alone, as JavaScript writes them, and with bytes that are no
/// UTF-8; each becomes a replacement character.
pub(crate) fn read<T: DeserializeOwned>(bytes: &[u8]) -> Option<T> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_start_matches('\u{feff}').trim();
    let read = serde_json::from_str(text).ok();
    read.or_else(|| serde_json::from_str(&without_halves(text)).ok())
}

/// The text with `\ufffd` in place of every half of a surrogate pair that has no other half.
fn without_halves(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        let (before, escaped) = rest.split_at(at);
        out.push_str(before);
        let (taken, written) = match half(escaped) {
            Some(0xd800..=0xdbff) => match escaped.get(6..).and_then(half) {
                Some(0xdc00..=0xdfff) => (12, escaped),
                _ => (6, "\\ufffd"),
            },
            Some(0xdc00..=0xdfff) => (6, "\\ufffd"),
            _ => (2, escaped),
        };
        // An escape is ASCII, except where what follows the backslash is no escape at all.
        let taken = (taken..).find(|end| escaped.is_char_boundary(*end) || *end >= escaped.len());
        let taken = taken.unwrap_or(escaped.len()).min(escaped.len());
        out.push_str(written.get(..taken).unwrap_or(written));
        rest = escaped.get(taken..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The number of an escape `\uXXXX`.
fn half(escaped: &str) -> Option<u16> {
    let digits = escaped.strip_prefix("\\u")?.get(..4)?;
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn halves_of_pairs_are_replaced_and_pairs_are_left() {
        for (written, expected) in [
            (r#"{"a":"x\ud83d"}"#, "x\u{fffd}"),
            (r#"{"a":"\ude00y"}"#, "\u{fffd}y"),
            (r#"{"a":"\ud83d\ude00"}"#, "😀"),
            (r#"{"a":"\ud83d\ud83d\ude00"}"#, "\u{fffd}😀"),
            (r#"{"a":"\ud83d\n"}"#, "\u{fffd}\n"),
            (r#"{"a":"\\ud83d\ud83d"}"#, "\\ud83d\u{fffd}"),
        ] {
            assert_eq!(
                read::<Value>(written.as_bytes()),
                Some(json!({ "a": expected }))
            );
        }
        assert_eq!(
            read::<Value>(b"\xef\xbb\xbf \"\xff\""),
            Some(json!("\u{fffd}"))
        );
        for broken in ["", "{", r#""\"#, r#""\u12"#, r#""\é\ud83d""#] {
            assert_eq!(read::<Value>(broken.as_bytes()), None, "{broken}");
        }
    }
}
