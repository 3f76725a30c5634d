//! Owns lists that name the title first: `新好友（37）、系统消息（10000）、文本（1）`.

use super::super::chars::{is_close_bracket, is_open_bracket, is_separator};
use crate::model::Choice;

/// Titles are short here: they are looked for back to the sign before them.
const LONGEST_TITLE: usize = 16;

/// Every number that has brackets to itself, with the words before it.
pub(super) fn titles_first(chars: &[char]) -> Vec<Choice> {
    let mut found = Vec::new();
    for (open, c) in chars.iter().enumerate() {
        if !is_open_bracket(*c) {
            continue;
        }
        let value: String = chars[open + 1..]
            .iter()
            .take(10)
            .take_while(|c| c.is_ascii_digit() || **c == '-')
            .collect();
        let close = open + 1 + value.len();
        let closed = chars.get(close).is_some_and(|c| is_close_bracket(*c));
        // `第（1）步` is no item of a list.
        let ends = chars
            .get(close + 1)
            .is_none_or(|c| is_separator(*c) || c.is_whitespace());
        if !closed || !ends || value.parse::<i64>().is_err() {
            continue;
        }
        let head = &chars[open.saturating_sub(LONGEST_TITLE)..open];
        let title = head
            .rsplit(|c| is_separator(*c) || is_close_bracket(*c) || matches!(c, ':' | '：'))
            .next()
            .unwrap_or_default();
        let title: String = title.iter().collect();
        if title.trim().chars().any(char::is_alphabetic) {
            found.push(Choice::new(&value, title.trim()));
        }
    }
    found
}
