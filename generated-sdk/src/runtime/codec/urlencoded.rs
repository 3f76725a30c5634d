//! What stands in an address or a form: `application/x-www-form-urlencoded` pairs, escaped by `form_urlencoded`, and
//! what a query or a path takes, escaped by RFC 3986.

use super::encode::{Place, ToObject, View};
use super::json::{Kind, Reader, check};
use super::write::{BODY, plain_text, sent};

/// Appends `name=value&…` for each member that stands in the body.
pub(crate) fn push_form(out: &mut String, object: &dyn ToObject) {
    sent(object, BODY, &mut |name, view| {
        push_pair(out, name, view, push_encoded)
    });
}

/// Appends the members of a JSON object as pairs; anything else has none.
pub(crate) fn push_form_json(out: &mut String, json: &str) {
    let mut reader = Reader::new(check(json).unwrap_or_default());
    let mut more = reader.kind() == Kind::Object && reader.enter();
    while more {
        let name = reader.name();
        push_pair(out, &name, View::Raw(reader.raw()), push_encoded);
        more = reader.more();
    }
}

/// Appends `name=value&…` for each member at these places; a list is given element by element.
pub(crate) fn push_query(out: &mut String, object: &dyn ToObject, places: &[Place]) {
    sent(object, places, &mut |name, view| each(out, name, view));
}

fn each(out: &mut String, name: &str, view: View<'_>) {
    match view {
        View::List(list) => list.each(&mut |element| each(out, name, element.view())),
        View::Private(inner) => each(out, name, inner.view()),
        View::Number(inner) if matches!(inner.view(), View::List(_)) => {
            each(out, name, inner.view());
        }
        view => push_pair(out, name, view, push_escaped),
    }
}

/// Appends one pair.
fn push_pair(out: &mut String, name: &str, view: View<'_>, push: fn(&mut String, &str)) {
    if !out.is_empty() {
        out.push('&');
    }
    push(out, name);
    out.push('=');
    push(out, &plain_text(view));
}

fn push_encoded(out: &mut String, text: &str) {
    out.extend(form_urlencoded::byte_serialize(text.as_bytes()));
}

/// Appends a text as a part of a path or a query can hold it.
pub(crate) fn push_escaped(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => {
                out.push(char::from(byte));
            }
            _ => {
                let hex =
                    |half: u8| char::from_digit(half.into(), 16).map(|c| c.to_ascii_uppercase());
                out.push('%');
                out.extend([hex(byte >> 4), hex(byte & 15)].into_iter().flatten());
            }
        }
    }
}
