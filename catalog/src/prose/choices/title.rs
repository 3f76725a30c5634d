//! Owns what a value is called: where its title ends, and what belongs to it.

use super::super::chars::{
    count_while, is_close_bracket, is_colon, is_han, is_open_bracket, is_quote, is_separator,
    is_space, starts_with,
};
use super::scan::{Candidate, Style};

/// What parts the items of a list; the looser it is, the less a title may contain.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Joint {
    /// `；`, `|` or a line break: a title may contain commas.
    Hard,
    /// A comma.
    Soft,
    /// A blank, or nothing at all.
    Loose,
}

/// A remark may begin with these within a title.
const NOTES: [&str; 8] = ["必须", "如果", "建议", "PS", "ps：", "ps:", "注意", "注："];

/// A clause that begins with these is a remark on the list, not a part of its last title.
const REMARKS: &[&str] = words![
    "默认" "可空" "可选" "可不传" "可为空" "选填" "必填" "非必填" "不传" "不填" "约束" "注意" "注：" "详见" "参见" "见" "例如" "如"
    "仅" "若" "建议" "其中" "此" "当" "多个" "最多" "每次" "请" "别名" "PS"
];

/// Verbs between a value and its title.
const VERBS: [&str; 6] = ["表示", "代表", "则为", "则是", "为", "是"];

/// How the values of a list are parted: the loosest joint it has.
pub(super) fn joint(chars: &[char], list: &[Candidate]) -> Joint {
    let joints = list.iter().skip(1).map(|candidate| {
        let mut before = chars[..candidate.start].iter().rev();
        match before.find(|c| !is_space(**c)) {
            Some('；' | ';' | '|' | '｜' | '\n') => Joint::Hard,
            Some('，' | ',' | '、' | '。' | '/') => Joint::Soft,
            _ => Joint::Loose,
        }
    });
    joints.max().unwrap_or(Joint::Loose)
}

/// The title that begins here, without what else stands up to the next value.
pub(super) fn clean(raw: &[char], style: Style, joint: Joint, last: bool) -> Option<String> {
    let mut title = String::new();
    let mut note = String::new();
    let mut at = 0;
    while let Some(&c) = raw.get(at) {
        if is_open_bracket(c) {
            let end = matching_bracket(raw, at);
            if title.trim().is_empty() && note.is_empty() {
                note = raw[at + 1..end].iter().collect();
            }
            at = end + 1;
            continue;
        }
        // In `1 表示 开启` the title has not begun before the verb is over.
        let begun = !title.is_empty() && !VERBS.contains(&title.trim_end());
        if is_close_bracket(c) || (begun && ends(raw, at, style, joint, last)) {
            break;
        }
        if c.is_whitespace() || is_space(c) {
            if !title.is_empty() && !title.ends_with(' ') {
                title.push(' ');
            }
        } else {
            title.push(c);
        }
        at += 1;
    }
    let mut name = trim(&title);
    let verbs: &[&str] = match style {
        Style::Adjacent => &VERBS,
        _ => &VERBS[..2],
    };
    for verb in verbs {
        let rest = name.strip_prefix(verb).map(trim).unwrap_or_default();
        // 是否 and 为空 are words of their own.
        if !rest.is_empty() && !rest.starts_with(['否', '空']) {
            name = rest;
            break;
        }
    }
    if name.is_empty() {
        // `0(未知)`: the brackets hold the title.
        name = trim(&note);
    }
    let has_letter = name.chars().any(char::is_alphanumeric);
    let fits = style != Style::Word || name.chars().any(is_han);
    (has_letter && fits).then(|| name.to_owned())
}

/// Whether a title that has begun ends before this character.
fn ends(raw: &[char], at: usize, style: Style, joint: Joint, last: bool) -> bool {
    let tail = &raw[at..];
    let c = tail.first().copied().unwrap_or('\n');
    match c {
        '\n' | '。' | '；' | ';' | '|' | '｜' => return true,
        '，' | ',' => {
            let clause = &tail[1..];
            let clause = &clause[count_while(clause, is_space)..];
            return match joint {
                Joint::Hard => REMARKS.iter().any(|word| starts_with(clause, word)),
                _ => last || style == Style::Adjacent,
            };
        }
        _ => {}
    }
    if is_space(c) {
        let next = tail.get(1).copied().unwrap_or('\n');
        let token = &tail[1..];
        return is_space(next)
            || (joint == Joint::Loose && style == Style::Adjacent)
            || REMARKS[..13].iter().any(|word| starts_with(token, word))
            || is_label(token);
    }
    if let Some(behind) = starts_with(tail, "默认").then(|| tail.get(2)).flatten()
        && (behind.is_ascii_digit() || matches!(behind, '为' | '是' | '值'))
    {
        return true;
    }
    let rest = tail.len();
    if NOTES.iter().any(|word| starts_with(tail, word)) && rest > 4 {
        return true;
    }
    // A lost line break: 高清图部分图片仅有高清.
    if last && at >= 2 && rest > 5 && starts_with(tail, "部分") {
        return true;
    }
    let fresh = at
        .checked_sub(1)
        .is_none_or(|i| !raw[i].is_ascii_alphanumeric());
    fresh && is_condition(tail)
}

/// `type=1时`, where a remark begins.
fn is_condition(tail: &[char]) -> bool {
    let name = tail
        .iter()
        .take(32)
        .take_while(|c| c.is_ascii_alphanumeric() || **c == '_')
        .count();
    name > 0 && tail.get(name) == Some(&'=')
}

/// A word with a colon behind it, as `-x：` or `PS：`.
fn is_label(token: &[char]) -> bool {
    let word = token
        .iter()
        .take(16)
        .take_while(|c| !(c.is_whitespace() || is_colon(**c) || is_separator(**c)))
        .count();
    word > 0 && token.get(word).copied().is_some_and(is_colon)
}

/// Where the bracket that opens here closes, or the end.
fn matching_bracket(raw: &[char], open: usize) -> usize {
    let mut depth = 0usize;
    for (i, c) in raw.iter().enumerate().skip(open) {
        if is_open_bracket(*c) {
            depth += 1;
        } else if is_close_bracket(*c) {
            depth -= 1;
            if depth == 0 {
                return i;
            }
        }
    }
    raw.len()
}

fn trim(text: &str) -> &str {
    text.trim_matches(|c: char| {
        c.is_whitespace()
            || is_separator(c)
            || is_colon(c)
            || is_quote(c)
            || is_space(c)
            || matches!(c, '.' | '-' | '～' | '~')
    })
}
