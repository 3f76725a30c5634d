//! Owns the html that stands in Markdown: entities, the tags that mean something, addresses.

/// Tags that vendors use for looks; any other `<word>` is text (`Array<String>`, `<appmsg>`).
const TAGS: [&str; 16] = [
    "br", "span", "a", "b", "i", "em", "strong", "font", "img", "p", "div", "code", "sub", "sup",
    "u", "center",
];

/// Entities that occur in documentation; others are left as they are.
const ENTITIES: [(&str, char); 14] = [
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("nbsp", ' '),
    ("ensp", ' '),
    ("emsp", ' '),
    ("vert", '|'),
    ("verbar", '|'),
    ("middot", '·'),
    ("hellip", '…'),
    ("ldquo", '“'),
    ("rdquo", '”'),
];

/// The longest entity that is looked for, from `&` to `;`.
const MAX_ENTITY: usize = 12;

/// What a tag does to the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag<'a> {
    /// It breaks the line.
    Break,
    /// It starts or ends bold text.
    Bold(bool),
    /// It names the place.
    Anchor(&'a str),
    /// Nothing that a reader of the words would notice.
    Other,
}

/// The tag or comment that a text starts with, and how many bytes it takes.
pub(super) fn tag(text: &str) -> Option<(Tag<'_>, usize)> {
    // A tag ends before the next one starts: that also keeps a line of `<`s from costing much.
    let inner = text.strip_prefix('<')?;
    let inner = inner.get(..inner.find(['<', '>'])?)?;
    let length = inner.len() + 2;
    if !text.get(..length)?.ends_with('>') {
        return None;
    }
    if inner.starts_with("!--") && inner.ends_with("--") {
        return Some((Tag::Other, length));
    }
    let closing = inner.starts_with('/');
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let name_end = inner
        .find(|c: char| !c.is_ascii_alphanumeric())
        .unwrap_or(inner.len());
    let (name, attributes) = inner.split_at_checked(name_end)?;
    let is = |tag: &&str| tag.eq_ignore_ascii_case(name);
    let ended = attributes.is_empty()
        || attributes.starts_with('/')
        || attributes.starts_with(char::is_whitespace);
    if !ended || !TAGS.iter().any(is) {
        return None;
    }
    let tag = if is(&"br") {
        Tag::Break
    } else if is(&"b") || is(&"strong") {
        Tag::Bold(!closing)
    } else {
        let name = attribute(attributes, "id").or_else(|| attribute(attributes, "name"));
        name.map_or(Tag::Other, Tag::Anchor)
    };
    Some((tag, length))
}

/// The value of an attribute, in quotes or bare.
fn attribute<'a>(attributes: &'a str, name: &str) -> Option<&'a str> {
    let mut rest = attributes;
    while let Some((before, after)) = rest.split_once('=') {
        let key = before.split_whitespace().next_back().unwrap_or_default();
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''));
        let (value, next) = match quote {
            Some(quote) => after.get(1..)?.split_once(quote)?,
            None => after
                .split_once(char::is_whitespace)
                .unwrap_or((after.trim_end_matches('/'), "")),
        };
        if key.eq_ignore_ascii_case(name) {
            return Some(value.trim()).filter(|value| !value.is_empty());
        }
        rest = next;
    }
    None
}

/// The character that an entity at the start of a text stands for, and how many bytes it takes.
pub(super) fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(MAX_ENTITY).position(|b| b == b';')?;
    let name = text.get(1..end)?;
    let character = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            let character = char::from_u32(code.ok()?).filter(|c| *c != '\0')?;
            if character == '\u{a0}' {
                ' '
            } else {
                character
            }
        }
        None => ENTITIES.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((character, end + 1))
}

/// The address in `<https://…>` that a text starts with, and how many bytes it takes.
pub(super) fn autolink(text: &str) -> Option<(&str, usize)> {
    let inner = text.strip_prefix('<')?;
    let known = ["http://", "https://"];
    known.iter().find(|scheme| inner.starts_with(**scheme))?;
    let url = inner.get(..inner.find(|c: char| matches!(c, '<' | '>') || c.is_whitespace())?)?;
    inner
        .get(url.len()..)?
        .starts_with('>')
        .then_some((url, url.len() + 2))
}
