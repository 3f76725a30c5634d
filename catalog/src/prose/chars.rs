//! Owns the kinds of characters that descriptions are made of.

/// A Han character.
pub(super) fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

/// A blank that stays within the line.
pub(super) fn is_space(c: char) -> bool {
    c != '\n' && (c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{feff}'))
}

pub(super) fn is_colon(c: char) -> bool {
    matches!(c, ':' | '：')
}

pub(super) fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '－' | '−')
}

/// A sign that ends a clause or parts two items.
pub(super) fn is_separator(c: char) -> bool {
    matches!(
        c,
        ',' | '，' | ';' | '；' | '、' | '。' | '|' | '｜' | '/' | '／' | '…' | '!' | '！' | '\n'
    )
}

pub(super) fn is_open_bracket(c: char) -> bool {
    matches!(c, '(' | '（' | '[' | '【' | '「' | '《' | '〔' | '{')
}

pub(super) fn is_close_bracket(c: char) -> bool {
    matches!(c, ')' | '）' | ']' | '】' | '」' | '》' | '〕' | '}')
}

pub(super) fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '“' | '”' | '‘' | '’' | '`')
}

/// Whether the characters from a place on begin with a word.
pub(super) fn starts_with(chars: &[char], word: &str) -> bool {
    let mut at = chars.iter();
    word.chars().all(|c| at.next() == Some(&c))
}

/// Whether the characters end with a word.
pub(super) fn ends_with(chars: &[char], word: &str) -> bool {
    let mut at = chars.iter().rev();
    word.chars().rev().all(|c| at.next() == Some(&c))
}

/// How many characters from the start on fulfil a condition.
pub(super) fn count_while(chars: &[char], condition: impl Fn(char) -> bool) -> usize {
    chars.iter().take_while(|c| condition(**c)).count()
}
