//! Owns default values: `默认1`, `默认为 微信号`, `默认 3`.

use super::chars::{
    count_while, is_close_bracket, is_colon, is_dash, is_han, is_open_bracket, is_quote,
    is_separator, is_space, starts_with,
};
use super::choices::{choices, split_default};
use crate::model::Choice;

/// Words and signs between 默认 and the value.
const FILLERS: [&str; 5] = ["值", "为", "是", "传", "填"];

/// Longer texts are no value.
const LONGEST_VALUE: usize = 32;

/// No description speaks of defaults more often.
const MOST_TRIES: usize = 16;

/// The documented default, as it goes over the wire. A title is resolved to its value; a title that
/// is none (`默认头像`) is no default.
pub(crate) fn default_value(text: &str) -> Option<String> {
    if !text.contains("默认") && !text.contains("缺省") {
        return None;
    }
    let chars: Vec<char> = text.chars().collect();
    let known = choices(text);
    let tails = (0..chars.len()).filter(|at| {
        let tail = &chars[*at..];
        starts_with(tail, "默认") || starts_with(tail, "缺省")
    });
    let mut found = tails
        .take(MOST_TRIES)
        .filter_map(|at| value_behind(&chars[at + 2..], &known));
    found.next()
}

fn value_behind(tail: &[char], known: &[Choice]) -> Option<String> {
    let mut at = 0;
    loop {
        let filler = FILLERS.iter().any(|word| starts_with(&tail[at..], word));
        let blank = tail.get(at).is_some_and(|c| {
            is_space(*c) || is_colon(*c) || is_quote(*c) || matches!(c, '=' | '＝' | '`')
        });
        // Blanks without end are no cell of a table.
        if !(filler || blank) || at > LONGEST_VALUE {
            break;
        }
        at += 1;
    }
    let value = &tail[at..];
    let first = value.first().copied();
    if first.is_some_and(|c| c.is_ascii_digit()) || is_negative(value) {
        return number(value, known);
    }
    if first.is_some_and(|c| c.is_ascii_alphabetic()) {
        return word(value, known);
    }
    // `默认是` alone: the verb is the title.
    title(value, known).or_else(|| title(tail, known))
}

fn is_negative(value: &[char]) -> bool {
    value.first().is_some_and(|c| is_dash(*c)) && value.get(1).is_some_and(char::is_ascii_digit)
}

fn number(value: &[char], known: &[Choice]) -> Option<String> {
    let minus = usize::from(is_negative(value));
    let digits = count_while(&value[minus..], |c| c.is_ascii_digit());
    let mut end = minus + digits;
    let digit_at = |at: usize| value.get(at).is_some_and(char::is_ascii_digit);
    match value.get(end).copied() {
        // A range is no value.
        Some(c) if (is_dash(c) || matches!(c, '~' | '～')) && digit_at(end + 1) => return None,
        Some('.') if digit_at(end + 1) => {
            end += 1 + count_while(&value[end + 1..], |c| c.is_ascii_digit());
        }
        _ => {}
    }
    if end > LONGEST_VALUE {
        return None;
    }
    let run: String = value[minus..end].iter().collect();
    let is_known = |v: &str| known.iter().any(|choice| choice.value == v);
    let behind = value[end..].iter().find(|c| !is_space(**c));
    let titled = behind.is_some_and(|c| is_colon(*c) || is_dash(*c));
    if minus == 0
        && titled
        && !is_known(&run)
        && let Some((default, _)) = split_default(&run, is_known)
    {
        return Some(default.to_owned());
    }
    Some(if minus == 1 { format!("-{run}") } else { run })
}

fn word(value: &[char], known: &[Choice]) -> Option<String> {
    let length = count_while(value, |c| {
        c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.')
    });
    if length > LONGEST_VALUE {
        return None;
    }
    let word: String = value[..length].iter().collect();
    let word = word.trim_end_matches('.');
    if known.iter().any(|choice| choice.value == word) {
        return Some(word.to_owned());
    }
    // `默认WIFI名` is called so; it has no value.
    let ends = value.get(length).copied().is_none_or(|c| !is_han(c));
    if ends && known.is_empty() {
        return Some(word.to_owned());
    }
    title(value, known)
}

fn title(value: &[char], known: &[Choice]) -> Option<String> {
    let ends = |c: char| is_separator(c) || is_open_bracket(c) || is_close_bracket(c);
    let length = count_while(&value[..value.len().min(LONGEST_VALUE)], |c| !ends(c));
    let words: String = value[..length].iter().collect();
    let words = words.trim().trim_matches(is_quote);
    let mut same = known.iter().filter(|choice| choice.title == words);
    same.next().map(|choice| choice.value.clone())
}
