//! Owns slugs, the names of modules: a Chinese title in pinyin, `账户管理` → `zhang-hu-guan-li`.

use pinyin::ToPinyin;

/// A slug for a title: Chinese in pinyin, the rest as it is, `账户管理` → `zhang-hu-guan-li`.
pub fn slug(title: &str) -> String {
    spoken(title).0.join("-")
}

/// A title as it is spoken, `发送APP` → `fa`, `song`, `app`, and the same with the first letters of syllables alone: `fsapp`.
pub fn spoken(title: &str) -> (Vec<String>, String) {
    let (mut words, mut initials) = (Vec::new(), String::new());
    let mut word = String::new();
    for c in title.chars() {
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
            initials.push(c.to_ascii_lowercase());
            continue;
        }
        if !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if let Some(syllable) = pinyin(c) {
            initials.extend(syllable.chars().next());
            words.push(syllable);
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    (words, initials)
}

/// How a Chinese character sounds, in ASCII: `女` → `nv`.
pub fn pinyin(c: char) -> Option<String> {
    Some(c.to_pinyin()?.plain().replace('ü', "v"))
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
