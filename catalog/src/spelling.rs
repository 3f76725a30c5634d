//! Owns how words are spelled: which known name a misspelled one meant, and a text as TOML writes it.
//!
//! `did_you_mean("correcton", ["correction"])` → `` (did you mean `correction`?)``.

/// The candidate that a misspelled word most likely meant.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = (word.chars().count() / 2).max(2);
    candidates
        .into_iter()
        .map(|candidate| (distance(&fold(word), &fold(candidate)), candidate))
        // What has no character in common was not meant, however short it is.
        .filter(|(distance, candidate)| *distance <= most && *distance < longer(word, candidate))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

fn longer(a: &str, b: &str) -> usize {
    a.chars().count().max(b.chars().count())
}

/// ` (did you mean …?)`, or nothing.
pub fn did_you_mean<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    nearest(word, candidates)
        .map(|known| format!(" (did you mean `{known}`?)"))
        .unwrap_or_default()
}

/// Whether a word is another with one slip: a letter too many, too few, or wrong, or letters in another order.
pub(crate) fn is_slip_of(word: &str, known: &str) -> bool {
    let sorted = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    word.chars().count() > 1 && (distance(word, known) <= 1 || sorted(word) == sorted(known))
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
}
