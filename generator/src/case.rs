//! Owns the spelling of identifiers: words out of wire names and titles, always ASCII, never a keyword.

use catalog::slug::pinyin;
use heck::ToSnakeCase;

use crate::glossary;

/// Words that belong together, or apart, whatever the vendor's capitals say.
const WORDS: &[(&[&str], &[&str])] = &[
    (&["i", "pad"], &["ipad"]),
    (&["i", "phone"], &["iphone"]),
    (&["qrcode"], &["qr", "code"]),
    (&["q", "r"], &["qr"]),
    (&["i", "ds"], &["ids"]),
    (&["we", "chat"], &["wechat"]),
    (&["chatroom"], &["chat", "room"]),
    (&["i", "in", "chat", "room"], &["my", "chat", "room"]),
    (&["c", "d", "n"], &["cdn"]),
];

/// How some words look in a type's name.
const PASCAL: &[(&str, &str)] = &[("ipad", "IPad"), ("iphone", "IPhone")];

/// Rust's words, and those it reserves.
const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// More letters do not help a reader, and file systems stop at 255.
const LONGEST: usize = 100;

/// A name as its words, in lower case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Words(Vec<String>);

impl Words {
    /// The words of a wire name: `labelIdList`, `my_account`, `qrcode`, `2FA`.
    pub fn of_wire(name: &str) -> Self {
        Self(cut(joined(&split(&ascii(name)))))
    }

    /// The words of a Chinese title: by the glossary where it knows every word, else in pinyin.
    pub fn of_title(title: &str) -> Self {
        let text = glossary::english(title).unwrap_or_else(|| title.to_owned());
        Self(cut(joined(&split(&ascii(&text)))))
    }

    /// Words that are spelled as they are to be: a correction, a lock entry.
    pub fn of_ident(name: &str) -> Self {
        Self(split(&ascii(name)))
    }

    /// A type's name that is to stay as it is.
    pub fn of_type(name: &str) -> Self {
        Self(vec![name.to_owned()])
    }

    /// Whether nothing is left to make a name of.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// `send_text`; a keyword or a leading digit is made harmless.
    pub fn snake(&self) -> String {
        let name = self.0.join("_");
        if name.is_empty() {
            "unnamed".to_owned()
        } else if name.starts_with(|c: char| c.is_ascii_digit()) {
            format!("n{name}")
        } else if is_keyword(&name) {
            format!("{name}_")
        } else {
            name
        }
    }

    /// `SendText`; `Self` is made harmless.
    pub fn pascal(&self) -> String {
        let name: String = self.0.iter().map(|word| capital(word)).collect();
        if name.is_empty() {
            "Unnamed".to_owned()
        } else if name.starts_with(|c: char| c.is_ascii_digit()) {
            format!("N{name}")
        } else if name == "Self" {
            "Self_".to_owned()
        } else {
            name
        }
    }

    /// `send_text_2`: where the plain name is taken.
    pub fn numbered(&self, number: u32) -> String {
        format!("{}_{number}", self.snake().trim_end_matches('_'))
    }

    /// These words, then those.
    pub fn then(&self, more: &Self) -> Self {
        Self(self.0.iter().chain(&more.0).cloned().collect())
    }

    /// The same, a word that the one ends and the other begins with said once: `chat message` and `message type` are
    /// `chat message type`.
    pub fn then_once(&self, more: &Self) -> Self {
        let same = self.0.last().is_some() && self.0.last() == more.0.first();
        let more = more.0.iter().skip(usize::from(same && more.0.len() > 1));
        Self(self.0.iter().chain(more).cloned().collect())
    }
}

/// Whether Rust has this word for itself.
pub(crate) fn is_keyword(name: &str) -> bool {
    KEYWORDS.contains(&name)
}

fn capital(word: &str) -> String {
    if let Some((_, spelled)) = PASCAL.iter().find(|(known, _)| *known == word) {
        return (*spelled).to_owned();
    }
    let mut chars = word.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

fn split(ascii: &str) -> Vec<String> {
    ascii
        .to_snake_case()
        .split('_')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The first words, as many as a name can have; of a first word that is longer, its beginning.
fn cut(mut words: Vec<String>) -> Vec<String> {
    let mut length = 0;
    let mut fits = |word: &String| {
        length += word.len();
        length <= LONGEST
    };
    let fitting = words.iter().take_while(|word| fits(word)).count();
    words.truncate(fitting.max(1));
    if let [only] = &mut *words {
        only.truncate(LONGEST);
    }
    words
}

/// Applies the dictionary, longest entry first at every word.
fn joined(words: &[String]) -> Vec<String> {
    let mut result = Vec::with_capacity(words.len());
    let mut rest = words;
    while let Some((first, tail)) = rest.split_first() {
        let fits = |from: &[&str]| {
            rest.len() >= from.len() && rest.iter().zip(from).all(|(word, known)| word == known)
        };
        let entry = WORDS
            .iter()
            .filter(|(from, _)| fits(from))
            .max_by_key(|(from, _)| from.len());
        match entry {
            Some((from, to)) => {
                result.extend(to.iter().map(|word| (*word).to_owned()));
                rest = rest.get(from.len()..).unwrap_or_default();
            }
            None => {
                result.push(first.clone());
                rest = tail;
            }
        }
    }
    result
}

/// Chinese in pinyin, other letters by their number, signs as gaps: heck leaves all of them alone,
/// and Rust would take them for identifiers.
fn ascii(text: &str) -> String {
    let mut spelled = String::with_capacity(text.len());
    for c in text.chars() {
        if c.is_ascii_alphanumeric() {
            spelled.push(c);
        } else if let Some(sound) = pinyin(c) {
            spelled.push_str(&format!("_{sound}_"));
        } else if c.is_alphanumeric() || is_symbol(c) {
            spelled.push_str(&format!("_u{:x}_", u32::from(c)));
        } else {
            spelled.push('_');
        }
    }
    spelled
}

/// Emoji and the like: the only thing some names are made of.
fn is_symbol(c: char) -> bool {
    matches!(u32::from(c), 0x2190..=0x2bff | 0x1f000..=0x1faff)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snake(wire: &str) -> String {
        Words::of_wire(wire).snake()
    }

    fn pascal(wire: &str) -> String {
        Words::of_wire(wire).pascal()
    }

    #[test]
    fn wire_names_split_at_capitals() {
        assert_eq!(snake("labelIdList"), "label_id_list");
        assert_eq!(snake("wcId"), "wc_id");
        assert_eq!(snake("my_account"), "my_account");
        assert_eq!(snake("headHDImgUrl"), "head_hd_img_url");
        assert_eq!(pascal("sendText"), "SendText");
    }

    #[test]
    fn the_dictionary_keeps_words_whole() {
        assert_eq!(snake("iPadLogin"), "ipad_login");
        assert_eq!(pascal("iPadLogin"), "IPadLogin");
        assert_eq!(snake("getIPadLoginInfo"), "get_ipad_login_info");
        assert_eq!(snake("qrcode"), "qr_code");
        assert_eq!(snake("uploadCdnImage"), "upload_cdn_image");
    }

    #[test]
    fn keywords_and_digits_are_harmless() {
        assert_eq!(snake("type"), "type_");
        assert_eq!(snake("self"), "self_");
        assert_eq!(pascal("self"), "Self_");
        assert!(snake("2FA").starts_with('n'));
        assert!(pascal("2FA").starts_with('N'));
    }

    #[test]
    fn whatever_it_is_made_of_a_name_is_ascii() {
        assert_eq!(snake("标签"), "biao_qian");
        assert_eq!(snake("😀"), "u1f600");
        assert_eq!(snake("///"), "unnamed");
        assert_eq!(snake("а"), "u430", "a Cyrillic letter is not the Latin one");
    }

    #[test]
    fn a_long_name_is_cut_between_words() {
        assert_eq!(snake(&"a".repeat(300)), "a".repeat(LONGEST));
        assert_eq!(
            snake(&"LettersOf".repeat(30)),
            ["letters_of"; 11].join("_"),
            "99 letters"
        );
    }
}
