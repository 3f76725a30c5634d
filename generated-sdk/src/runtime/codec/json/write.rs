//! The two primitives of writing JSON: a text in quotes, and whatever has a `Display`.

use super::scan::escapable;
use std::fmt::{Display, Write};

/// Appends `text` as a JSON string.
pub(crate) fn push_text(out: &mut String, text: &str) {
    out.push('"');
    let mut done = 0;
    loop {
        let at = escapable(text.as_bytes(), done);
        out.push_str(&text[done..at]);
        let Some(&byte) = text.as_bytes().get(at) else {
            break;
        };
        done = at + 1;
        match byte {
            b'"' => out.push_str("\\\""),
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            _ => {
                out.push_str("\\u00");
                out.push(if byte < 0x10 { '0' } else { '1' });
                out.push(char::from(b"0123456789abcdef"[usize::from(byte & 0xf)]));
            }
        }
    }
    out.push('"');
}

/// Appends what `value` displays; writing to a `String` cannot fail.
pub(crate) fn push_display(out: &mut String, value: &dyn Display) {
    let _infallible = write!(out, "{value}");
}

#[cfg(test)]
mod tests {
    use super::push_text;

    #[test]
    fn escapes_like_serde_json() {
        for text in [
            "",
            "plain",
            "\"\\/",
            "a\nb\r\tc",
            "\u{0}\u{1f}\u{7f}",
            "你好😀",
            "\u{2028}",
        ] {
            let mut out = String::new();
            push_text(&mut out, text);
            assert_eq!(serde_json::from_str::<String>(&out).unwrap(), text);
        }
    }
}
