//! Owns what of a document may reach a terminal: nothing that moves the cursor, reorders text or hides.

use std::fmt::Write;

/// Whether a character must never be printed raw: controls, direction marks, and what nobody can see.
pub fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}')
}

/// How an unsafe character is shown: `\t`, `\u{202e}`.
pub fn shown(c: char) -> String {
    match c {
        '\t' | '\n' | '\r' => c.escape_default().to_string(),
        _ => c.escape_unicode().to_string(),
    }
}

/// A text on one line; a line break becomes ` / `.
pub fn line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' => safe.push_str(" / "),
            c if is_unsafe(c) => safe.push_str(&shown(c)),
            c => safe.push(c),
        }
    }
    safe
}

/// One line of TOML: escapes are those that a basic string understands, so it can be pasted.
pub fn toml_line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if c != '\t' && is_unsafe(c) {
            // Writing into a text cannot fail.
            let _ = write!(safe, "\\U{:08X}", u32::from(c));
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_reorders_or_hides_is_shown() {
        assert_eq!(line("标签\u{1b}[31m"), "标签\\u{1b}[31m");
        assert_eq!(
            line("a\u{202e}b\u{200b}c\td\re\nf"),
            "a\\u{202e}b\\u{200b}c\\td\\re / f"
        );
        assert_eq!(line("é “引号” 👍"), "é “引号” 👍");
    }

    #[test]
    fn a_correction_to_paste_stays_toml() {
        assert_eq!(
            toml_line("title = \"a\u{202e}b\""),
            "title = \"a\\U0000202Eb\""
        );
    }
}
