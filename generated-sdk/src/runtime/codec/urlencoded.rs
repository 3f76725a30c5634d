//! Objects written as `application/x-www-form-urlencoded` pairs.

use super::encode::{ToObject, View};
use super::write::{Place, push_plain, sent};
use crate::runtime::codec::json::{Kind, Reader, check};

/// Appends `name=value&…` for each member of the object.
pub(crate) fn push_form(out: &mut String, object: &dyn ToObject) {
    sent(object, Place::Any, &mut |name, view| {
        push_pair(out, name, view)
    });
}

/// Appends the members of a JSON object as pairs; anything else has none.
pub(crate) fn push_form_json(out: &mut String, json: &str) {
    let mut reader = Reader::new(check(json).unwrap_or_default());
    let mut more = reader.kind() == Kind::Object && reader.enter();
    while more {
        let name = reader.name();
        push_pair(out, &name, View::Raw(reader.raw()));
        more = reader.more();
    }
}

/// Appends one pair.
fn push_pair(out: &mut String, name: &str, view: View<'_>) {
    let mut value = String::new();
    push_plain(&mut value, view);
    if !out.is_empty() {
        out.push('&');
    }
    push_encoded(out, name);
    out.push('=');
    push_encoded(out, &value);
}

fn push_encoded(out: &mut String, text: &str) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => {
                out.push(char::from(byte))
            }
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                for digit in [byte >> 4, byte & 0xf] {
                    out.push(char::from(b"0123456789ABCDEF"[usize::from(digit)]));
                }
            }
        }
    }
}
