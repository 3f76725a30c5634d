//! XML that travels inside a text: read leniently, flat, and never in place of the text itself.

use super::decode::{Decode, FromObject};
use super::encode::{Encode, View};
use super::input::{Input, Slot};
use super::issue::Issue;
use super::json::{Kind, push_text};
use std::borrow::Cow;
use std::fmt;

/// How deep elements are followed; what is nested deeper is not looked at.
const MAX_DEPTH: usize = 64;
/// How long a text may be before it is only kept.
const MAX_LENGTH: usize = 1 << 20;

/// A text that holds XML: the fields that the documents name, and the text as it came.
///
/// An element is found by its name wherever it stands below the root; of several, the first that is not empty. Its
/// text may be a CDATA section, entities are decoded, and an attribute of that name serves where no element does.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct XmlText<T> {
    /// What the documents name.
    pub data: T,
    raw: Box<str>,
}

impl<T> XmlText<T> {
    /// The text as it came, for everything else in it.
    pub fn raw(&self) -> &str {
        &self.raw
    }
}

/// Shows the data and how long the text is.
impl<T: fmt::Debug> fmt::Debug for XmlText<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("XmlText")
            .field("data", &self.data)
            .field("raw", &format_args!("({} bytes)", self.raw.len()))
            .finish()
    }
}

impl<T: FromObject + Default> Decode for XmlText<T> {
    fn decode(input: &mut Input<'_>) -> Option<Self> {
        let mut data = T::default();
        let raw = input.xml_text(&mut data)?;
        Some(Self { data, raw })
    }
}

impl<T> Encode for XmlText<T> {
    fn view(&self) -> View<'_> {
        View::Text(&self.raw)
    }
}

#[cfg(feature = "serialize")]
impl<T> serde::Serialize for XmlText<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.raw)
    }
}

impl Input<'_> {
    /// Reads XML inside a text into the slot and returns the text; JSON in its place is read as well.
    fn xml_text(&mut self, slot: &mut dyn Slot) -> Option<Box<str>> {
        match self.reader.kind() {
            Kind::Object => {
                let raw = self.reader.peek_raw();
                slot.fill(self);
                Some(raw.into())
            }
            _ => {
                let (_, text) = self.scalar("XML in a text")?;
                match flatten(&text) {
                    Some(json) => self.nested(&json, slot),
                    None => self
                        .issues
                        .push(Issue::new("XML in a text", "another text")),
                }
                Some(text.into())
            }
        }
    }
}

/// Names and texts in the order in which they end.
type Leaves<'a> = Vec<(&'a str, Cow<'a, str>)>;

/// The elements of a document as one JSON object of texts, or `None` if there are none to speak of.
///
/// The last member of a name wins where it is read, so the first element comes last, and attributes before all.
fn flatten(text: &str) -> Option<String> {
    if text.len() > MAX_LENGTH {
        return None;
    }
    let mut elements = Leaves::new();
    let mut attributes = Leaves::new();
    if !walk(text, &mut elements, &mut attributes) {
        return None;
    }
    let mut json = String::from("{");
    for (name, value) in elements.iter().chain(&attributes).rev() {
        if json.len() > 1 {
            json.push(',');
        }
        push_text(&mut json, name);
        json.push(':');
        push_text(&mut json, value);
    }
    json.push('}');
    Some(json)
}

/// Reads what it can; false if there is not a single element.
fn walk<'a>(text: &'a str, elements: &mut Leaves<'a>, attributes: &mut Leaves<'a>) -> bool {
    let mut open: Vec<(&'a str, Cow<'a, str>)> = Vec::new();
    // Elements that are nested too deep to be followed.
    let mut deeper = 0_usize;
    let mut any = false;
    let mut rest = text;
    while let Some((before, markup)) = rest.split_once('<') {
        if deeper == 0 {
            add(&mut open, entities(before));
        }
        if let Some(data) = markup.strip_prefix("![CDATA[") {
            let (data, after) = data.split_once("]]>").unwrap_or((data, ""));
            if deeper == 0 {
                add(&mut open, Cow::Borrowed(data));
            }
            rest = after;
        } else if let Some(comment) = markup.strip_prefix("!--") {
            rest = after(comment, "-->");
        } else if let Some(instruction) = markup.strip_prefix('?') {
            rest = after(instruction, "?>");
        } else if markup.starts_with('!') {
            rest = after(markup, ">");
        } else if let Some(end) = markup.strip_prefix('/') {
            let (name, after) = end.split_once('>').unwrap_or((end, ""));
            if deeper > 0 {
                deeper -= 1;
            } else if let Some(at) = open.iter().rposition(|(known, _)| *known == name.trim()) {
                elements.extend(open.drain(at..).rev().filter_map(trimmed));
            }
            rest = after;
        } else if markup.starts_with(|first: char| first.is_alphabetic() || first == '_') {
            let (tag, after) = tag(markup);
            let (tag, empty) = tag
                .strip_suffix('/')
                .map_or((tag, false), |tag| (tag, true));
            let (name, inside) = tag.split_at(tag.find(char::is_whitespace).unwrap_or(tag.len()));
            any = true;
            if deeper == 0 {
                pairs(inside, attributes);
            }
            if !empty && open.len() < MAX_DEPTH {
                open.push((name, Cow::Borrowed("")));
            } else if !empty {
                deeper += 1;
            }
            rest = after;
        } else {
            if deeper == 0 {
                add(&mut open, Cow::Borrowed("<"));
            }
            rest = markup;
        }
    }
    if deeper == 0 {
        add(&mut open, entities(rest));
    }
    elements.extend(open.drain(..).rev().filter_map(trimmed));
    any
}

/// Appends a piece of text to the innermost element.
fn add<'a>(open: &mut [(&'a str, Cow<'a, str>)], piece: Cow<'a, str>) {
    if let Some((_, text)) = open.last_mut() {
        if text.trim().is_empty() {
            *text = piece;
        } else if !piece.is_empty() {
            text.to_mut().push_str(&piece);
        }
    }
}

fn trimmed<'a>((name, text): (&'a str, Cow<'a, str>)) -> Option<(&'a str, Cow<'a, str>)> {
    match text {
        Cow::Borrowed(text) if text.trim().is_empty() => None,
        Cow::Borrowed(text) => Some((name, Cow::Borrowed(text.trim()))),
        Cow::Owned(text) if text.trim().is_empty() => None,
        Cow::Owned(text) => Some((name, Cow::Owned(text.trim().to_owned()))),
    }
}

fn after<'a>(text: &'a str, mark: &str) -> &'a str {
    text.split_once(mark).map_or("", |(_, after)| after)
}

/// A tag without its brackets, and what follows it; a `>` between quotes does not end it.
fn tag(markup: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, byte) in markup.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return (&markup[..at], &markup[at + 1..]),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    (markup, "")
}

/// The attributes of a tag.
fn pairs<'a>(mut inside: &'a str, attributes: &mut Leaves<'a>) {
    while let Some((name, rest)) = inside.split_once('=') {
        let rest = rest.trim_start();
        let Some(quote @ ('"' | '\'')) = rest.chars().next() else {
            return;
        };
        let (value, rest) = rest[1..].split_once(quote).unwrap_or((&rest[1..], ""));
        if !name.trim().is_empty() && !value.is_empty() {
            attributes.push((name.trim(), entities(value)));
        }
        inside = rest;
    }
}

/// Decodes the five named entities and numbered characters; anything else stays as it stands.
fn entities(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, entity)) = rest.split_once('&') {
        decoded.push_str(before);
        let end = entity.bytes().take(10).position(|byte| byte == b';');
        match end.and_then(|end| Some((character(&entity[..end])?, end))) {
            Some((character, end)) => {
                decoded.push(character);
                rest = &entity[end + 1..];
            }
            None => {
                decoded.push('&');
                rest = entity;
            }
        }
    }
    decoded.push_str(rest);
    Cow::Owned(decoded)
}

fn character(entity: &str) -> Option<char> {
    match entity {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = entity.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::flatten;

    #[test]
    fn finds_texts_wherever_they_stand() {
        for (xml, json) in [
            ("<a>1</a>", Some(r#"{"a":"1"}"#)),
            (
                "<?xml version=\"1.0\"?>\n<msg><!-- <no>1</no> --><x><a><![CDATA[<b>&amp;]]></a></x></msg>",
                Some(r#"{"a":"<b>&amp;"}"#),
            ),
            (
                "wxid_1:\n<m><a> &lt;你&#22909;&#x21;&nbsp;& </a></m>",
                Some(r#"{"a":"<你好!&nbsp;&"}"#),
            ),
            ("<m><a/><a>1</a><a>2</a></m>", Some(r#"{"a":"2","a":"1"}"#)),
            (
                "<m a='1&gt;' b=\"\" c = \"x>y\"><a>2</a></m>",
                Some(r#"{"c":"x>y","a":"1>","a":"2"}"#),
            ),
            (
                "<m>text<a>1</a> more</m>",
                Some(r#"{"m":"text more","a":"1"}"#),
            ),
            ("<m><a>1<b>2</a></m>", Some(r#"{"a":"1","b":"2"}"#)),
            ("<m><a>cut", Some(r#"{"a":"cut"}"#)),
            ("<m><a>1 < 2</a></m>", Some(r#"{"a":"1 < 2"}"#)),
            (
                "<!DOCTYPE x [<!ENTITY y 'z'>]><m><a>&y;</a></m>",
                Some(r#"{"a":"&y;"}"#),
            ),
            ("</a><m/>", Some("{}")),
            ("plain", None),
            ("1 < 2", None),
            ("", None),
        ] {
            assert_eq!(flatten(xml).as_deref(), json, "{xml}");
        }
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let deep = format!(
            "{}<a>1</a>{}<b>2</b>",
            "<x>".repeat(100_000),
            "</x>".repeat(100_000)
        );
        assert_eq!(flatten(&deep).as_deref(), Some(r#"{"b":"2"}"#));
        assert_eq!(flatten(&format!("<a>{}</a>", "x".repeat(1 << 20))), None);
        for hostile in [
            "<",
            "</",
            "<![CDATA[",
            "<!--",
            "<a",
            "<a b=",
            "<a b='",
            "&#x110000;<a>&#55296;</a>",
            "<a>&",
        ] {
            let _survives = flatten(&hostile.repeat(50_000));
        }
    }
}
