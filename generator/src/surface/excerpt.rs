//! Owns the source line below a diagnostic: what of it is shown, and which columns are underlined.
//!
//! Columns are those of a terminal, where a Chinese character takes two. Only the surroundings of
//! the span are looked at, so a line of ten megabytes costs no more than a short one.
//!
//! `annotate-snippets` 0.12, rustc's own, was tried in place of this file and of `diagnostic.rs`: some 150 of their 340
//! lines would stay, for two more crates and 3.6 s of compiling. Documents are not rustc's sources: it panics at a span
//! beyond the line, prints zero-width characters and C1 controls as they are, shows a direction mark as `�` without
//! saying which, counts columns in what it is given, so that nothing can be escaped before, never cuts what is
//! underlined, and takes 9 ms for a line of a megabyte. Its several labels nobody needs: a diagnostic has one place.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::escape;

/// Most columns that are shown of a line.
const WIDTH: usize = 100;
/// Columns that are kept for what follows a span.
const AFTER: usize = 20;
/// Most characters without a width of their own that are drawn onto one other.
const MARKS: usize = 4;

/// A line, ready to print.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Excerpt {
    /// The line or a part of it, tabs as spaces, unsafe characters escaped.
    pub(super) text: String,
    /// Columns before the span.
    pub(super) indent: usize,
    /// Columns of the span, at least one.
    pub(super) marked: usize,
}

/// Cuts a line around a span of bytes in it.
pub(super) fn excerpt(line: &str, span: Range<usize>) -> Excerpt {
    let start = floor(line, span.start);
    let end = floor(line, span.end).max(start);
    let (left, right) = line.split_at(start);
    let mut right = Window::first(right, WIDTH + 1);
    let marked = right.width_of(end - start).max(1);

    let room = WIDTH.saturating_sub(marked.min(WIDTH - AFTER));
    let mut left = Window::last(left, WIDTH + 1);
    let both_fit = !left.is_cut && !right.is_cut && left.width() + right.width() <= WIDTH;
    if !both_fit {
        let ahead = if left.width() + AFTER <= room {
            room
        } else {
            room / 2
        };
        left.keep_last(ahead);
        right.keep_first(WIDTH.saturating_sub(left.width()));
    }

    let opening = if left.is_cut { "…" } else { "" };
    let closing = if right.is_cut { "…" } else { "" };
    let indent = opening.width() + left.width();
    let marked = marked.min(right.width() + closing.width()).max(1);
    Excerpt {
        text: format!("{opening}{}{}{closing}", left.text(), right.text()),
        indent,
        marked,
    }
}

/// The nearest character border at or before a byte.
fn floor(line: &str, byte: usize) -> usize {
    let mut at = byte.min(line.len());
    while !line.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// What is drawn as one: a character with the marks upon it.
struct Cell {
    text: String,
    width: usize,
    /// Bytes in the line.
    bytes: usize,
}

/// Some cells of a line.
struct Window {
    cells: Vec<Cell>,
    /// Whether the line goes on beyond.
    is_cut: bool,
}

impl Window {
    fn first(text: &str, most: usize) -> Self {
        let end = text
            .char_indices()
            .nth(most)
            .map_or(text.len(), |(at, _)| at);
        let (near, far) = text.split_at(end);
        Self {
            cells: cells(near),
            is_cut: !far.is_empty(),
        }
    }

    fn last(text: &str, most: usize) -> Self {
        let start = text
            .char_indices()
            .rev()
            .nth(most - 1)
            .map_or(0, |(at, _)| at);
        let (far, near) = text.split_at(start);
        Self {
            cells: cells(near),
            is_cut: !far.is_empty(),
        }
    }

    fn width(&self) -> usize {
        self.cells.iter().map(|cell| cell.width).sum()
    }

    /// Columns of the cells that begin within the first `bytes`.
    fn width_of(&self, bytes: usize) -> usize {
        let mut at = 0;
        let mut width = 0;
        for cell in self.cells.iter().take_while(|cell| {
            let begins_within = at < bytes;
            at += cell.bytes;
            begins_within
        }) {
            width += cell.width;
        }
        width
    }

    fn keep_first(&mut self, most: usize) {
        let fitting = fitting(self.cells.iter(), most);
        self.is_cut |= fitting < self.cells.len();
        self.cells.truncate(fitting);
    }

    fn keep_last(&mut self, most: usize) {
        let surplus = self.cells.len() - fitting(self.cells.iter().rev(), most);
        self.is_cut |= surplus > 0;
        self.cells.drain(..surplus);
    }

    fn text(&self) -> String {
        self.cells.iter().map(|cell| cell.text.as_str()).collect()
    }
}

/// How many cells fit into so many columns.
fn fitting<'a>(cells: impl Iterator<Item = &'a Cell>, most: usize) -> usize {
    let mut width = 0;
    cells
        .take_while(|cell| {
            width += cell.width;
            width <= most
        })
        .count()
}

fn cells(text: &str) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut marks = 0;
    for c in text.chars() {
        let is_mark = !escape::is_unsafe(c) && c.width() == Some(0);
        match cells.last_mut() {
            Some(cell) if is_mark && marks < MARKS => {
                marks += 1;
                cell.text.push(c);
                cell.bytes += c.len_utf8();
                cell.width = cell.text.width();
            }
            _ => {
                marks = 0;
                cells.push(Cell::of(c, is_mark));
            }
        }
    }
    cells
}

impl Cell {
    fn of(c: char, is_mark: bool) -> Self {
        let text = match c {
            '\t' => "    ".to_owned(),
            c if is_mark || escape::is_unsafe(c) => escape::shown(c),
            c => c.to_string(),
        };
        Self {
            width: text.width(),
            text,
            bytes: c.len_utf8(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The excerpt of a line whose span stands between `⟦` and `⟧`, drawn as two lines.
    fn drawn(line: &str) -> String {
        let start = line.find('⟦').unwrap();
        let end = line.find('⟧').unwrap() - '⟦'.len_utf8();
        let excerpt = excerpt(&line.replace(['⟦', '⟧'], ""), start..end);
        assert!(
            excerpt.text.width() <= WIDTH + 2,
            "{} columns",
            excerpt.text.width()
        );
        format!(
            "{}\n{}{}",
            excerpt.text,
            " ".repeat(excerpt.indent),
            "^".repeat(excerpt.marked)
        )
    }

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(
            drawn("| 标签⟦名称⟧ | 是 |"),
            "| 标签名称 | 是 |\n      ^^^^"
        );
        assert_eq!(drawn("标签 ⟦x⟧"), "标签 x\n     ^");
        assert_eq!(drawn("（⟦：⟧）"), "（：）\n  ^^");
    }

    #[test]
    fn tabs_and_controls_keep_the_columns() {
        assert_eq!(drawn("\t⟦x⟧\ty"), "    x    y\n    ^");
        assert_eq!(drawn("a\u{1b}[31m⟦b⟧"), "a\\u{1b}[31mb\n           ^");
        assert_eq!(drawn("a⟦\u{202e}⟧b"), "a\\u{202e}b\n ^^^^^^^^");
    }

    #[test]
    fn marks_stand_on_their_letter() {
        assert_eq!(drawn("e\u{301}⟦x⟧"), "e\u{301}x\n ^");
        assert_eq!(drawn("⟦❤\u{fe0f}⟧x"), "❤\u{fe0f}x\n^^");
        assert_eq!(drawn("👍👍⟦x⟧"), "👍👍x\n    ^");
    }

    #[test]
    fn an_empty_span_is_one_column() {
        assert_eq!(drawn("标⟦⟧签"), "标签\n  ^");
        assert_eq!(drawn("标签⟦⟧"), "标签\n    ^");
        assert_eq!(drawn("⟦⟧"), "\n^");
    }

    #[test]
    fn spans_beyond_the_line_or_inside_a_character_are_clamped() {
        assert_eq!(
            excerpt("标签", 1..99),
            Excerpt {
                text: "标签".into(),
                indent: 0,
                marked: 4
            }
        );
        assert_eq!(
            excerpt("ab", 50..60),
            Excerpt {
                text: "ab".into(),
                indent: 2,
                marked: 1
            }
        );
        assert_eq!(
            excerpt("ab", excerpt_backwards()),
            Excerpt {
                text: "ab".into(),
                indent: 1,
                marked: 1
            }
        );
    }

    fn excerpt_backwards() -> Range<usize> {
        Range { start: 1, end: 0 }
    }

    #[test]
    fn long_lines_are_cut_around_the_span() {
        let early = drawn(&format!("ab⟦cd⟧{}", "标".repeat(1000)));
        assert!(early.starts_with("abcd标"), "{early}");
        assert!(early.ends_with("标…\n  ^^"), "{early}");

        let late = drawn(&format!("{}⟦cd⟧ef", "标".repeat(1000)));
        assert!(late.starts_with("…标"), "{late}");
        assert!(late.contains("标cdef\n"), "{late}");

        let middle = drawn(&format!("{}⟦标签⟧{}", "x".repeat(5000), "y".repeat(5000)));
        let (text, carets) = middle.split_once('\n').unwrap();
        let before = text.split_once('标').unwrap().0;
        assert_eq!(carets, format!("{}^^^^", " ".repeat(before.width())));
        assert!(text.starts_with('…') && text.ends_with('…'), "{text}");

        let whole = drawn(&format!(
            "{}⟦{}⟧{}",
            "x".repeat(300),
            "签".repeat(300),
            "y".repeat(300)
        ));
        assert!(whole.contains("x签") && whole.contains("签…"), "{whole}");
    }

    #[test]
    fn a_huge_line_is_not_walked() {
        let line = "标".repeat(4_000_000);
        for _ in 0..1000 {
            assert_eq!(excerpt(&line, 6_000_000..6_000_006).marked, 4);
        }
    }

    #[test]
    fn piled_up_marks_do_not_hide() {
        let line = format!("e{}", "\u{301}".repeat(50));
        assert!(excerpt(&line, 0..1).text.contains("\\u{301}"));
    }
}
