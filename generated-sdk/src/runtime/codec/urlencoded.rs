//! Objects written as `application/x-www-form-urlencoded` pairs, escaped by `form_urlencoded`, as the transport's URLs are.

use super::encode::{ToObject, View};
use super::json::{Kind, Reader, check};
use super::write::{Place, plain_text, sent};

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
    if !out.is_empty() {
        out.push('&');
    }
    push_encoded(out, name);
    out.push('=');
    push_encoded(out, &plain_text(view));
}

fn push_encoded(out: &mut String, text: &str) {
    out.extend(form_urlencoded::byte_serialize(text.as_bytes()));
}
