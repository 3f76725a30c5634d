//! A body that came to an address, as one JSON text: what is stored, opened and typed from then on.

use super::form_body::{self, Fields, Kind, Unreadable};
use crate::runtime::codec::json::{Kind as JsonKind, Reader, check, push_text};
use crate::runtime::receive::event::{ADDRESS, Addressed, EventApi, MESSAGE};

/// How deep JSON text in JSON text, and brackets in a field's name, are followed.
const DEPTH: usize = 8;

/// Writes what came to an address as `{"address": …, "message": …}`.
pub(super) fn text(
    api: &EventApi,
    addressed: &Addressed,
    address: &str,
    content_type: &str,
    body: &str,
) -> Option<String> {
    let holds = |name: &str| name == api.payload || addressed.structured.contains(&name);
    let message = message(content_type, body, &holds).ok()?;
    let mut out = String::with_capacity(message.len() + address.len() + 32);
    out.push('{');
    push_text(&mut out, ADDRESS);
    out.push(':');
    push_text(&mut out, address);
    out.push(',');
    push_text(&mut out, MESSAGE);
    out.push(':');
    out.push_str(&message);
    out.push('}');
    Some(out)
}

/// Which fields hold JSON text.
type Holds<'h> = dyn Fn(&str) -> bool + 'h;

fn message(content_type: &str, body: &str, holds: &Holds<'_>) -> Result<String, Unreadable> {
    let fields = match Kind::of(content_type)? {
        Kind::Json => return json(body, holds),
        Kind::Multipart(boundary) => form_body::multipart(body, &boundary)?,
        // Who posts JSON without saying so means JSON.
        Kind::Urlencoded => match json(body, holds) {
            Ok(message) => return Ok(message),
            Err(Unreadable) => form_body::urlencoded(body)?,
        },
    };
    if fields.is_empty() {
        return Err(Unreadable);
    }
    let mut out = String::new();
    tree(fields)?.write(&mut out, holds);
    Ok(out)
}

/// An object or an array, with the JSON texts in it opened.
fn json(body: &str, holds: &Holds<'_>) -> Result<String, Unreadable> {
    let text = check(body.trim_start_matches('\u{feff}')).map_err(|_| Unreadable)?;
    if !text.starts_with(['{', '[']) {
        return Err(Unreadable);
    }
    let mut out = String::with_capacity(text.len());
    expand(&mut out, text, holds, DEPTH);
    Ok(out)
}

/// Appends a checked value; where it is an object, texts that hold JSON are opened.
fn expand(out: &mut String, value: &str, holds: &Holds<'_>, depth: usize) {
    let mut reader = Reader::new(value);
    if depth == 0 || reader.kind() != JsonKind::Object {
        out.push_str(value);
        return;
    }
    out.push('{');
    let mut more = reader.enter();
    while more {
        let name = reader.name();
        push_text(out, &name);
        out.push(':');
        if reader.kind() == JsonKind::Text && holds(&name) {
            let text = reader.text();
            leaf(out, &text, holds, depth - 1);
        } else if holds(&name) {
            expand(out, reader.raw(), holds, depth - 1);
        } else {
            out.push_str(reader.raw());
        }
        more = reader.more();
        if more {
            out.push(',');
        }
    }
    out.push('}');
}

/// Appends the text of a field that may hold JSON.
fn leaf(out: &mut String, text: &str, holds: &Holds<'_>, depth: usize) {
    match check(text) {
        Ok(value) if value.starts_with(['{', '[']) => expand(out, value, holds, depth),
        _ => push_text(out, text),
    }
}

/// The fields of a form, nested as their names say.
#[derive(Debug)]
enum Node {
    Leaf(String),
    Branch(Vec<(String, Node)>),
}

impl Node {
    fn write(&self, out: &mut String, holds: &Holds<'_>) {
        match self {
            Self::Leaf(text) => push_text(out, text),
            Self::Branch(members) => {
                let is_list = members
                    .iter()
                    .enumerate()
                    .all(|(at, (name, _))| *name == at.to_string());
                out.push(if is_list { '[' } else { '{' });
                for (at, (name, node)) in members.iter().enumerate() {
                    if at > 0 {
                        out.push(',');
                    }
                    if !is_list {
                        push_text(out, name);
                        out.push(':');
                    }
                    match node {
                        Self::Leaf(text) if holds(name) => leaf(out, text, holds, DEPTH),
                        node => node.write(out, holds),
                    }
                }
                out.push(if is_list { ']' } else { '}' });
            }
        }
    }
}

fn tree(fields: Fields) -> Result<Node, Unreadable> {
    let mut root = Vec::new();
    for (name, value) in fields {
        let steps = form_body::steps(&name);
        if steps.len() > DEPTH {
            return Err(Unreadable);
        }
        let mut members = &mut root;
        let (last, path) = steps.split_last().ok_or(Unreadable)?;
        for step in path {
            let at = place(members, step);
            let (_, node) = members.get_mut(at).ok_or(Unreadable)?;
            if matches!(node, Node::Leaf(_)) {
                *node = Node::Branch(Vec::new());
            }
            let Node::Branch(inner) = node else {
                return Err(Unreadable);
            };
            members = inner;
        }
        let at = place(members, last);
        if let Some((_, node)) = members.get_mut(at) {
            *node = Node::Leaf(value);
        }
    }
    Ok(Node::Branch(root))
}

/// Where a member of this name stands; a new one comes last, and an empty name is the next number.
fn place(members: &mut Vec<(String, Node)>, name: &str) -> usize {
    let name = match name {
        "" => members.len().to_string(),
        name => name.to_owned(),
    };
    let known = members.iter().position(|(known, _)| *known == name);
    known.unwrap_or_else(|| {
        members.push((name, Node::Leaf(String::new())));
        members.len() - 1
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(content_type: &str, body: &str) -> Option<String> {
        let holds = |name: &str| matches!(name, "data" | "info");
        message(content_type, body, &holds).ok()
    }

    fn form(body: &str) -> Option<String> {
        read("application/x-www-form-urlencoded", body)
    }

    #[test]
    fn the_same_message_in_every_encoding() {
        let message = r#"{"data":{"text":"{}","n":1}}"#;
        let multipart = "--b\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n\
                         {\"text\":\"{}\",\"n\":1}\r\n--b--\r\n";
        let quoted = r#"{"data":"{\"text\":\"{}\",\"n\":1}"}"#;
        for (content_type, body) in [
            ("", "data=%7B%22text%22%3A%22%7B%7D%22%2C%22n%22%3A1%7D"),
            ("multipart/form-data; boundary=b", multipart),
            ("application/json", message),
            ("text/plain", message),
            ("application/json", quoted),
        ] {
            assert_eq!(read(content_type, body).as_deref(), Some(message), "{body}");
        }
    }

    #[test]
    fn flat_fields_stay_texts_and_lists_are_opened() {
        let expected = r#"{"page":"1","text":"[1]","info":[{"a":"b"}],"data":"{"}"#;
        let body = "page=1&text=[1]&info=[{\"a\":\"b\"}]&data={";
        assert_eq!(form(body).as_deref(), Some(expected));
        let nested = "info[0][a]=b&info[1][a]=c&x[k][]=1&x[k][]=2&y=1&y=2";
        let expected = r#"{"info":[{"a":"b"},{"a":"c"}],"x":{"k":["1","2"]},"y":"2"}"#;
        assert_eq!(form(nested).as_deref(), Some(expected));
    }

    #[test]
    fn what_is_no_message_is_refused() {
        let deep = format!("data={}1", "[".repeat(200));
        assert_eq!(
            form(&deep),
            Some(format!("{{\"data\":\"{}1\"}}", "[".repeat(200)))
        );
        for body in ["", "&&", "nothing", "7", &format!("a{}=1", "[a]".repeat(9))] {
            assert_eq!(form(body), None, "{body}");
        }
        assert_eq!(read("application/json", "a=1"), None);
        assert_eq!(read("application/json", "7"), None);
    }
}
