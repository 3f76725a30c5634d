//! Owns enumerations of bare words: `设备类型：ipad【推荐】、mac`, `登陆类型(qrcode/user/phone)`.

use std::collections::HashSet;

use super::super::chars::{
    is_close_bracket, is_colon, is_open_bracket, is_quote, is_separator, is_space, starts_with,
};
use crate::model::Choice;

/// Only what is called by one of these is told apart by words; `(userId/stranger)` names fields.
const KINDS: &[&str] = words![
    "类型" "方式" "模式" "状态" "平台" "类别" "种类" "性别" "取值" "可选值" "枚举" "设备" "操作" "动作"
];

/// File formats are what a value is made of, not what it is.
const FORMATS: [&str; 12] = [
    "jpg", "jpeg", "png", "gif", "mp3", "mp4", "silk", "amr", "pdf", "zip", "txt", "avi",
];

/// A label is not looked for farther back than this.
const LONGEST_LABEL: usize = 24;

/// Nor is the end of a note in brackets.
const LONGEST_NOTE: usize = 200;

/// The first list of words behind a label or in brackets behind it.
pub(super) fn bare_words(chars: &[char]) -> Vec<Choice> {
    for (at, &c) in chars.iter().enumerate() {
        let bracketed = is_open_bracket(c);
        if !(bracketed || is_colon(c)) || !is_kind(&chars[at.saturating_sub(LONGEST_LABEL)..at]) {
            continue;
        }
        if let Some(words) = list(&chars[at + 1..], bracketed) {
            return words
                .into_iter()
                .map(|word| Choice::new(&word, &word))
                .collect();
        }
    }
    Vec::new()
}

/// Whether the clause that ends here names a kind of thing.
fn is_kind(label: &[char]) -> bool {
    let clause = label
        .rsplit(|c| is_separator(*c) || is_close_bracket(*c))
        .next()
        .unwrap_or_default();
    let clause: String = clause.iter().collect();
    KINDS.iter().any(|kind| clause.contains(kind))
}

/// Two or more words up to the end of the list; `None` if anything else stands among them.
fn list(chars: &[char], bracketed: bool) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    let mut seen = HashSet::new();
    let mut parted = true;
    let mut at = 0;
    loop {
        match chars.get(at).copied() {
            None if bracketed => return None,
            None | Some('\n' | '。' | ';' | '；') => break,
            Some(c) if bracketed && is_close_bracket(c) => break,
            Some(c) if is_space(c) || is_quote(c) => at += 1,
            Some('、' | '/' | '／' | '|' | '｜' | ',' | '，' | '或') => {
                parted = true;
                at += 1;
                if starts_with(&chars[at..], "默认") {
                    break;
                }
            }
            Some(c) if is_open_bracket(c) && !words.is_empty() => {
                let mut note = chars[at..].iter().take(LONGEST_NOTE);
                let length = note.position(|c| is_close_bracket(*c))?;
                at += length + 1;
            }
            Some(c) if c.is_ascii_alphabetic() && parted => {
                let is_word = |c: &&char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
                let length = chars[at..].iter().take_while(is_word).count();
                let word: String = chars[at..at + length].iter().collect();
                if !seen.insert(word.clone()) {
                    return None;
                }
                words.push(word);
                at += length;
                parted = false;
            }
            Some(_) => return None,
        }
    }
    let is_format = |word: &String| FORMATS.contains(&word.to_ascii_lowercase().as_str());
    (words.len() >= 2 && !words.iter().all(is_format)).then_some(words)
}
