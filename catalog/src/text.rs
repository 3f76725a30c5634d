//! Owns small questions about words: which known name is nearest, how a Chinese title is spelled in pinyin.

use pinyin::ToPinyin;

/// The candidate that a misspelled word most likely meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (word.chars().count() / 2).max(2);
    candidates
        .into_iter()
        .map(|candidate| (distance(&fold(word), &fold(candidate)), candidate))
        .filter(|(distance, _)| *distance <= most)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// ` (did you mean …?)`, or nothing.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates)
        .map(|known| format!(" (did you mean `{known}`?)"))
        .unwrap_or_default()
}

/// A name as people compare it: without case, `_` and `-`.
pub fn fold(name: &str) -> String {
    name.chars()
        .filter(|c| *c != '_' && *c != '-')
        .flat_map(char::to_lowercase)
        .collect()
}

fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut current = vec![i + 1];
        for (j, to) in b.iter().enumerate() {
            let replaced = previous.get(j).copied().unwrap_or(0) + usize::from(from != *to);
            let dropped = previous.get(j + 1).copied().unwrap_or(0) + 1;
            let added = current.last().copied().unwrap_or(0) + 1;
            current.push(replaced.min(dropped).min(added));
        }
        previous = current;
    }
    previous.last().copied().unwrap_or(0)
}

/// A text as a TOML string: what is suggested for pasting must survive any title.
pub fn toml_string(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            c if c.is_control() => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A slug for a title: Chinese in pinyin, the rest as it is, `账户管理` → `zhang-hu-guan-li`.
pub fn slug(title: &str) -> String {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    for c in title.chars() {
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if let Some(sound) = c.to_pinyin() {
            words.push(sound.plain().replace('ü', "v"));
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words.join("-")
}

/// A slug for a file's name: a plain one stays as it is, anything else is spelled anew.
pub fn slug_of_stem(stem: &str) -> String {
    if stem.is_ascii() && is_plain_slug(stem) {
        stem.to_ascii_lowercase()
    } else {
        slug(stem)
    }
}

/// Whether a module slug is a plain name that can safely become a path and an identifier.
pub fn is_plain_slug(slug: &str) -> bool {
    !slug.is_empty()
        && slug.len() <= 100
        && slug
            .chars()
            .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        && slug.chars().any(char::is_alphanumeric)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelling_finds_its_word() {
        assert_eq!(
            nearest("correcton", ["correction", "dialect"]),
            Some("correction")
        );
        assert_eq!(
            nearest("labelname", ["labelName", "labelId"]),
            Some("labelName")
        );
        assert_eq!(nearest("zzzzzzzz", ["correction", "dialect"]), None);
    }

    #[test]
    fn any_title_is_a_toml_string() {
        assert_eq!(toml_string("a\"b\\\n"), "\"a\\\"b\\\\\\u000A\"");
    }

    #[test]
    fn titles_become_slugs() {
        assert_eq!(slug("账户管理"), "zhang-hu-guan-li");
        assert_eq!(
            slug("登录E云平台（第一步）"),
            "deng-lu-e-yun-ping-tai-di-yi-bu"
        );
        assert_eq!(slug("女"), "nv");
    }

    #[test]
    fn a_slug_that_climbs_is_refused() {
        assert!(is_plain_slug("biao-qian"));
        assert!(is_plain_slug("标签"));
        assert!(!is_plain_slug("../../x"));
        assert!(!is_plain_slug("a/b"));
        assert!(!is_plain_slug("-"));
    }
}
