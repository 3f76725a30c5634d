//! Owns the lines of `names.lock`: text to tokens to what they mean, and back.
//!
//! `field wc_id = call xiao_xi_sendText wcId # 接收人`: the kind, its names, the side, the owner, the
//! path, the title. A word that could be misread stands in quotes, as JSON has them.

use catalog::diagnostic::Code;
use catalog::spelling::did_you_mean;

use super::formerly::Old;
use super::place::{Home, Key, Kind, Place, Side};
use super::{Entry, check};
use crate::docs::is_invisible;

/// A title is to be recognised, not to be read in full.
const LONGEST_TITLE: usize = 60;

/// What a line says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// Nothing, or a comment.
    Nothing,
    /// `[module v1/qi-ta]`
    Section(Home),
    /// `[operation]`: of a file of older times.
    Old(Old),
    /// `digest 81aab0b3bd43d2ca`
    Digest(String),
    /// `source catalog`
    Source,
    /// `specs 81aab0b3bd43d2ca`
    Specs(String),
    /// A name.
    Entry(Key, Entry),
}

/// What is wrong with a line, and the mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Wrong {
    pub(super) code: Code,
    pub(super) message: String,
    pub(super) help: String,
}

impl Wrong {
    pub(super) fn new(code: Code, message: impl Into<String>, help: impl Into<String>) -> Self {
        let (message, help) = (message.into(), help.into());
        Self {
            code,
            message,
            help,
        }
    }
}

impl Line {
    /// Reads a line.
    pub(super) fn read(line: &str) -> Result<Self, Wrong> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(Self::Nothing);
        }
        if let Some(section) = line.strip_prefix('[') {
            return section_of(section.strip_suffix(']').unwrap_or(section));
        }
        let (words, title) = tokens(line).ok_or_else(strange)?;
        match words
            .iter()
            .map(String::as_str)
            .collect::<Vec<_>>()
            .as_slice()
        {
            ["digest", digest] => Ok(Self::Digest((*digest).to_owned())),
            ["specs", digest] => Ok(Self::Specs((*digest).to_owned())),
            ["source", "catalog"] => Ok(Self::Source),
            _ => {
                let (key, names) = entry(words).ok_or_else(strange)?;
                check::names(&key, &names)?;
                Ok(Self::Entry(key, Entry { names, title }))
            }
        }
    }

    /// Writes a section or a digest.
    pub(super) fn write(&self, out: &mut String) {
        match self {
            Self::Section(Home { api, module }) => {
                let module = (!module.is_empty()).then_some(module);
                let api = (!api.is_empty()).then_some(api);
                let text = match (api, module) {
                    (None, None) => "shared".to_owned(),
                    (Some(api), None) => format!("shared {api}"),
                    (None, Some(module)) => format!("module {module}"),
                    (Some(api), Some(module)) => format!("module {api}/{module}"),
                };
                out.push_str(&format!("[{text}]\n"));
            }
            Self::Digest(digest) => out.push_str(&format!("digest {digest}\n")),
            _ => {}
        }
    }
}

/// Writes an entry; former names have a line each.
pub(super) fn write_entry(out: &mut String, key: &Key, entry: &Entry) {
    if key.kind == Kind::Former {
        let mut names = entry.names.clone();
        names.sort();
        for name in names {
            write_line(out, key, &[name], &entry.title);
        }
    } else {
        write_line(out, key, &entry.names, &entry.title);
    }
}

fn write_line(out: &mut String, key: &Key, names: &[String], title: &str) {
    let place = &key.place;
    out.push_str(key.kind.word());
    for name in names {
        push_word(out, name);
    }
    out.push_str(" = ");
    out.push_str(place.side.word());
    let owner = place.side.has_owner().then_some(&place.owner);
    for word in owner.into_iter().chain(&place.path) {
        push_word(out, word);
    }
    if !title.is_empty() {
        out.push_str(" # ");
        out.push_str(title);
    }
    out.push('\n');
}

/// A title as it stands in a line.
pub(crate) fn title(text: &str) -> String {
    let seen = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c });
    let seen: String = seen.filter(|c| !is_invisible(*c)).collect();
    let words: Vec<&str> = seen.split(' ').filter(|word| !word.is_empty()).collect();
    let line = words.join(" ");
    if line.chars().count() <= LONGEST_TITLE {
        return line;
    }
    let cut: String = line.chars().take(LONGEST_TITLE - 1).collect();
    format!("{}…", cut.trim_end())
}

fn push_word(out: &mut String, word: &str) {
    out.push(' ');
    let is_plain = |c: char| !c.is_whitespace() && c != '"' && !is_invisible(c);
    if !word.is_empty() && word != "=" && !word.starts_with('#') && word.chars().all(is_plain) {
        out.push_str(word);
        return;
    }
    out.push('"');
    for c in word.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if is_invisible(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    out.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}

/// The words of a line, and its title.
fn tokens(line: &str) -> Option<(Vec<String>, String)> {
    let mut words = Vec::new();
    let mut rest = line;
    loop {
        rest = rest.trim_start();
        if rest.is_empty() {
            return Some((words, String::new()));
        }
        if let Some(comment) = rest.strip_prefix('#') {
            return Some((words, title(comment)));
        }
        let (word, behind) = match rest.strip_prefix('"') {
            Some(quoted) => {
                let end = closing(quoted)? + 2;
                let (word, behind) = rest.split_at_checked(end)?;
                (serde_json::from_str(word).ok()?, behind)
            }
            None => {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                let (word, behind) = rest.split_at_checked(end)?;
                (word.to_owned(), behind)
            }
        };
        words.push(word);
        rest = behind;
    }
}

/// Where a quoted word ends.
fn closing(quoted: &str) -> Option<usize> {
    let mut escaped = false;
    quoted.char_indices().find_map(|(at, c)| {
        let ends = c == '"' && !escaped;
        escaped = c == '\\' && !escaped;
        ends.then_some(at)
    })
}

fn entry(words: Vec<String>) -> Option<(Key, Vec<String>)> {
    let mut words = words.into_iter();
    let kind = Kind::of(&words.next()?)?;
    let names: Vec<String> = words.by_ref().take_while(|word| word != "=").collect();
    let side = Side::of(&words.next()?)?;
    let owner = if side.has_owner() {
        words.next()?
    } else {
        String::new()
    };
    let path = words.collect();
    let is_one = names.len() == 1 || kind == Kind::Arguments && !names.is_empty();
    is_one.then_some((Place { owner, side, path }.key(kind), names))
}

fn section_of(section: &str) -> Result<Line, Wrong> {
    let (kind, which) = section.split_once(' ').unwrap_or((section, ""));
    match (kind, which.trim()) {
        ("shared", api) => Ok(Line::Section(Home::shared(Some(api)))),
        ("module", which) if !which.is_empty() => {
            let (api, module) = which.rsplit_once('/').unwrap_or(("", which));
            Ok(Line::Section(Home::of(Some(api), module)))
        }
        (old, "") if Old::of(old).is_some() => Old::of(old).map(Line::Old).ok_or_else(strange),
        _ => {
            let near = did_you_mean(kind, ["module", "shared"]);
            let message = format!("there is no section `[{section}]`{near}");
            let help = "a section is `[module SLUG]`, or `[shared]` for what all chapters have";
            Err(Wrong::new(Code::Unreadable, message, help))
        }
    }
}

fn strange() -> Wrong {
    let help = "an entry is `kind name = where it stands # its title`, as the lines around it have it; \
                restore the line, or remove it: without it codegen decides the name anew";
    Wrong::new(
        Code::Unreadable,
        "this line is none that codegen writes",
        help,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn again(text: &str) -> String {
        let mut out = String::new();
        match Line::read(text) {
            Ok(Line::Entry(key, entry)) => write_entry(&mut out, &key, &entry),
            Ok(line) => line.write(&mut out),
            Err(wrong) => out = wrong.message,
        }
        out.trim_end().to_owned()
    }

    #[test]
    fn what_is_written_is_read_again() {
        for line in [
            "[shared]",
            "[shared v1]",
            "[module biao-qian]",
            "[module v1/qi-ta]",
            "digest 81aab0b3bd43d2ca",
            "mod biao_qian = module # 标签",
            "fn add = call biao_qian_add # 添加 # 两次",
            "arguments wcId \"a b\" = call x",
            "field at = call x \"\"",
            "field at = call x \"=\" \"#x\" a=b #x",
            "variant N1 = reply x sex -1",
            "variant Joined = event x content \"{a} \\\"邀请\\\" \\u202e{b}\\\\\" # 邀请",
            "field wc_id = envelope wcId",
            "former Kai = call x state 1",
        ] {
            let line = line.replace(" #x", "");
            assert_eq!(again(&line), line);
        }
    }

    #[test]
    fn what_is_no_line_is_refused() {
        for line in [
            "fn add",
            "fn = call x",
            "fn a b = call x",
            "fn a = elsewhere x",
            "fn a = call",
            "word a = call x",
            "arguments = call x",
            "field a = call x \"b",
            "x = \"y\"",
            "source elsewhere",
            "digest",
        ] {
            assert_eq!(again(line), strange().message, "{line}");
        }
        assert!(again("[modul x]").contains("did you mean `module`?"));
        assert!(Line::read("[module]").is_ok(), "of older times");
    }

    #[test]
    fn a_title_is_one_short_line() {
        assert_eq!(title(" 一\n 二\u{202e}  三 "), "一 二 三");
        assert_eq!(title(&"长".repeat(100)).chars().count(), LONGEST_TITLE);
    }
}
