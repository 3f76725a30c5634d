//! Finding the end of things in bytes, eight at a time where it pays.

const ONES: u64 = u64::from_le_bytes([1; 8]);
const HIGH: u64 = ONES << 7;

/// The first quote or backslash from `at` on, or the end.
pub(super) fn special(bytes: &[u8], at: usize) -> usize {
    scan::<false>(bytes, at)
}

/// The first byte from `at` on that a JSON string must escape, or the end.
pub(super) fn escapable(bytes: &[u8], at: usize) -> usize {
    scan::<true>(bytes, at)
}

/// The first quote, backslash or, if wanted, control character from `at` on, or the end.
fn scan<const CONTROL: bool>(bytes: &[u8], mut at: usize) -> usize {
    while let Some(chunk) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let word = u64::from_le_bytes(*chunk);
        // A byte that is zero here borrows into its high bit; only bytes behind the first such one may lie.
        let quote = word ^ (ONES * u64::from(b'"'));
        let slash = word ^ (ONES * u64::from(b'\\'));
        let mut found = quote.wrapping_sub(ONES) & !quote | slash.wrapping_sub(ONES) & !slash;
        if CONTROL {
            found |= word.wrapping_sub(ONES * 0x20) & !word;
        }
        found &= HIGH;
        if found != 0 {
            return at + found.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    let wanted = |byte: &u8| matches!(byte, b'"' | b'\\') || CONTROL && *byte < 0x20;
    while bytes.get(at).is_some_and(|byte| !wanted(byte)) {
        at += 1;
    }
    at
}

/// The first byte from `at` on that is not white space.
pub(super) fn blank(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// The end of the checked string whose opening quote stands before `at`, and whether it holds a backslash.
pub(super) fn checked_string(bytes: &[u8], start: usize) -> (usize, bool) {
    let mut at = special(bytes, start);
    let mut escaped = false;
    while bytes.get(at) == Some(&b'\\') {
        escaped = true;
        at = special(bytes, at + 2);
    }
    (at.min(bytes.len()), escaped)
}

/// The end of the checked value that starts at `at`.
pub(super) fn checked_value(bytes: &[u8], mut at: usize) -> usize {
    let mut depth = 0_usize;
    loop {
        match bytes.get(at) {
            None => return bytes.len(),
            Some(b'"') => at = checked_string(bytes, at + 1).0 + 1,
            Some(b'{' | b'[') => {
                depth += 1;
                at += 1;
            }
            Some(b'}' | b']') => {
                if depth == 0 {
                    return at;
                }
                depth -= 1;
                at += 1;
            }
            Some(b',' | b' ' | b'\n' | b'\r' | b'\t') if depth == 0 => return at,
            Some(_) => {
                at += 1;
                continue;
            }
        }
        if depth == 0 {
            return at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{checked_string, checked_value, special};

    #[test]
    fn finds_quotes_and_backslashes_at_every_offset() {
        for before in 0..40 {
            for stop in ["\"", "\\"] {
                let text = format!(
                    "{}{stop}{}\"",
                    "好a#\u{1}".repeat(before).get(..before).unwrap_or(""),
                    "z".repeat(9)
                );
                assert_eq!(special(text.as_bytes(), 0), text.find(stop).unwrap());
            }
        }
        assert_eq!(special(b"abc", 0), 3);
        assert_eq!(special(b"abc", 9), 9);
    }

    #[test]
    fn ends_of_checked_values() {
        assert_eq!(checked_string(br#"a\"b"x"#, 0), (4, true));
        assert_eq!(checked_string(b"ab\"x", 0), (2, false));
        for (text, end) in [
            ("12,", 2),
            ("{\"}\":[1,{}]} ", 12),
            ("\"a\",", 3),
            ("true}", 4),
            ("[[],[]]", 7),
            ("1", 1),
        ] {
            assert_eq!(checked_value(text.as_bytes(), 0), end, "{text}");
        }
    }
}
