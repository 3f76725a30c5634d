//! Owns lining up columns in a terminal, where a Chinese character is two wide, and counting in words.

use unicode_width::UnicodeWidthStr;

/// A text with spaces up to a width.
pub fn left(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// A text with spaces before it, up to a width.
pub fn right(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

/// The widest of some texts; one that is wider than `most` must not push the others away.
pub fn widest<'a>(texts: impl Iterator<Item = &'a str>, most: usize) -> usize {
    texts
        .map(UnicodeWidthStr::width)
        .filter(|width| *width <= most)
        .max()
        .unwrap_or(0)
}

/// `1 file`, `2 files`.
pub fn plural(n: usize, word: &str) -> String {
    format!("{n} {word}{}", if n == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_is_two_wide() {
        assert_eq!(left("标签", 6), "标签  ");
        assert_eq!(right("标签", 6), "  标签");
        assert_eq!(left("标签", 1), "标签");
        assert_eq!(widest(["标签", "abc", "a very long one"].into_iter(), 8), 4);
    }
}
