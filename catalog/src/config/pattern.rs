//! Owns the pattern language in which `provider.toml` says how a vendor's headings and lines look.
//!
//! Literal text with `{placeholders}`: `{n}. {title}({wire})`. Spaces are elastic, full-width and
//! half-width punctuation are the same.

use std::fmt;

/// Longer lines are no headings; matching them would only cost time.
const LONGEST_SUBJECT: usize = 400;

/// The HTTP methods that vendors use.
pub(crate) const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// A compiled pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern {
    text: String,
    tokens: Vec<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Token {
    Literal(char),
    Space,
    Hole(Hole),
}

/// What a placeholder accepts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hole {
    /// `{n}`: digits, dropped.
    Number,
    /// `{wire}`: an ASCII name, path or code.
    Wire,
    /// `{codes}`: one or more wires with commas between.
    Codes,
    /// `{method}`: an HTTP method.
    Method,
    /// `{path}`: a path, or a URL whose path counts.
    Path,
    /// `{slug}`: a word.
    Slug,
    /// `{title}`: any text.
    Title,
}

/// Every placeholder; `catalog/README.md` says what each accepts.
const HOLES: [(&str, Hole); 7] = [
    ("n", Hole::Number),
    ("wire", Hole::Wire),
    ("codes", Hole::Codes),
    ("method", Hole::Method),
    ("path", Hole::Path),
    ("slug", Hole::Slug),
    ("title", Hole::Title),
];

/// What a pattern caught.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Caught {
    /// Every code of `{wire}` or `{codes}`.
    pub(crate) wires: Vec<String>,
    /// `{method}`, in capitals.
    pub(crate) method: Option<String>,
    /// `{path}` as written.
    pub(crate) path: Option<String>,
    /// `{slug}`.
    pub(crate) slug: Option<String>,
    /// `{title}`.
    pub(crate) title: Option<String>,
}

impl Hole {
    fn parse(name: &str) -> Option<Self> {
        let found = HOLES.iter().find(|(known, _)| *known == name);
        found.map(|(_, hole)| *hole)
    }

    /// Whether no text with this character in it is accepted, however it goes on.
    fn ends_at(self, c: char) -> bool {
        let fits = match self {
            Self::Number => c.is_ascii_digit(),
            Self::Wire => is_wire(c),
            Self::Method => c.is_ascii_alphabetic(),
            Self::Codes | Self::Path | Self::Slug | Self::Title => true,
        };
        !fits && !c.is_whitespace()
    }

    fn accepts(self, text: &str) -> bool {
        match self {
            Self::Number => !text.is_empty() && text.chars().all(|c| c.is_ascii_digit()),
            Self::Wire => !text.is_empty() && text.chars().all(is_wire),
            Self::Codes => text
                .split([',', '、', '，'])
                .all(|code| !code.trim().is_empty() && code.trim().chars().all(is_wire)),
            Self::Method => METHODS
                .iter()
                .any(|method| method.eq_ignore_ascii_case(text)),
            Self::Path => {
                (text.starts_with('/') || text.starts_with("http"))
                    && !text.contains(char::is_whitespace)
            }
            Self::Slug => !text.is_empty() && !text.contains(char::is_whitespace),
            Self::Title => !text.is_empty(),
        }
    }
}

fn is_wire(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_-./+".contains(c)
}

impl Pattern {
    /// Compiles a pattern; an unknown placeholder is refused by name.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let mut tokens = Vec::new();
        let mut chars = text.chars();
        while let Some(c) = chars.next() {
            match c {
                '{' => {
                    let name: String = chars.by_ref().take_while(|c| *c != '}').collect();
                    let hole = Hole::parse(&name).ok_or_else(|| {
                        let known = HOLES.map(|(known, _)| known);
                        let near = crate::spelling::did_you_mean(&name, known);
                        let all = known.map(|known| format!("`{{{known}}}`")).join(", ");
                        format!(
                            "unknown placeholder `{{{name}}}` in pattern `{text}`{near}; there are {all}"
                        )
                    })?;
                    tokens.push(Token::Hole(hole));
                }
                c if c.is_whitespace() => {
                    if tokens.last() != Some(&Token::Space) {
                        tokens.push(Token::Space);
                    }
                }
                c => tokens.push(Token::Literal(half_width(c))),
            }
        }
        Ok(Self {
            text: text.to_owned(),
            tokens,
        })
    }

    /// Matches a whole line.
    pub(crate) fn matches(&self, subject: &str) -> Option<Caught> {
        let subject = subject.trim();
        if subject.len() > LONGEST_SUBJECT {
            return None;
        }
        let mut caught = Vec::new();
        self.step(0, subject, &mut caught).then(|| gather(&caught))
    }

    fn step<'s>(&self, at: usize, rest: &'s str, caught: &mut Vec<(Hole, &'s str)>) -> bool {
        let Some(token) = self.tokens.get(at) else {
            return rest.trim().is_empty();
        };
        match token {
            Token::Literal(wanted) => {
                let rest = rest.trim_start();
                let mut chars = rest.chars();
                chars.next().is_some_and(|c| same(half_width(c), *wanted))
                    && self.step(at + 1, chars.as_str(), caught)
            }
            Token::Space => {
                let between_holes =
                    matches!(self.tokens.get(at.wrapping_sub(1)), Some(Token::Hole(_)))
                        && matches!(self.tokens.get(at + 1), Some(Token::Hole(_)));
                let trimmed = rest.trim_start();
                (!between_holes || trimmed.len() < rest.len()) && self.step(at + 1, trimmed, caught)
            }
            Token::Hole(hole) => {
                let rest = rest.trim_start();
                for (end, c) in rest.char_indices() {
                    if hole.ends_at(c) {
                        break;
                    }
                    let end = end + c.len_utf8();
                    let Some(taken) = rest.get(..end) else { break };
                    if hole.accepts(taken.trim()) {
                        caught.push((*hole, taken));
                        if self.step(at + 1, rest.get(end..).unwrap_or_default(), caught) {
                            return true;
                        }
                        caught.pop();
                    }
                }
                false
            }
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

fn gather(caught: &[(Hole, &str)]) -> Caught {
    let mut all = Caught::default();
    for (hole, text) in caught {
        let text = text.trim().to_owned();
        match hole {
            Hole::Number => {}
            Hole::Wire => all.wires.push(text),
            Hole::Codes => all.wires.extend(codes(&text)),
            Hole::Method => all.method = Some(text.to_ascii_uppercase()),
            Hole::Path => all.path = Some(text),
            Hole::Slug => all.slug = Some(text),
            Hole::Title => all.title = Some(text),
        }
    }
    all
}

/// Splits a list of codes at commas of either width.
pub(crate) fn codes(text: &str) -> Vec<String> {
    text.split([',', '，', '、'])
        .map(|code| code.trim().to_owned())
        .filter(|code| !code.is_empty())
        .collect()
}

fn half_width(c: char) -> char {
    match c {
        '：' => ':',
        '（' => '(',
        '）' => ')',
        '，' => ',',
        '；' => ';',
        c => c,
    }
}

fn same(a: char, b: char) -> bool {
    a.eq_ignore_ascii_case(&b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caught(pattern: &str, subject: &str) -> Option<Caught> {
        Pattern::parse(pattern).unwrap().matches(subject)
    }

    #[test]
    fn a_numbered_title_with_its_name() {
        let found = caught(
            "{n}. {title}({wire})",
            "28. 上报链接消息(网页或群邀请)(reportLinkMessage)",
        )
        .unwrap();
        assert_eq!(found.wires, ["reportLinkMessage"]);
        assert_eq!(found.title.unwrap(), "上报链接消息(网页或群邀请)");
    }

    #[test]
    fn full_width_punctuation_is_the_same() {
        assert_eq!(
            caught("命令码:{wire}", "命令码：auth").unwrap().wires,
            ["auth"]
        );
        assert_eq!(
            caught("{title} type:{codes}", "登陆二维码 type：401,82")
                .unwrap()
                .wires,
            ["401", "82"]
        );
    }

    #[test]
    fn method_and_path_need_a_gap() {
        let found = caught(
            "{method} {path}",
            "POST  http://域名地址/foreign/auth/login ",
        )
        .unwrap();
        assert_eq!(found.path.unwrap(), "http://域名地址/foreign/auth/login");
        assert!(caught("{method} {path}", "POST/x").is_none());
        assert!(caught("{method} {path}", "POST").is_none());
    }

    #[test]
    fn an_unknown_placeholder_is_named() {
        let error = Pattern::parse("{titel}").unwrap_err();
        assert!(error.contains("did you mean `title`"), "{error}");
    }

    #[test]
    fn a_long_line_is_no_heading() {
        assert!(caught("{title}({wire})", &"标".repeat(10_000)).is_none());
    }
}
