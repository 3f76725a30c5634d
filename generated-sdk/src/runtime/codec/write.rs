//! Views written as JSON, and as the plain text that forms and joined lists are made of.

use super::encode::{Encode, Entry, List, Place, ToObject, View};
use super::json::{Reader, push_display, push_text};

/// Every place where a member can stand.
pub(crate) const ANYWHERE: &[Place] = &[
    Place::Payload,
    Place::Envelope,
    Place::InQuery,
    Place::InPath,
    Place::InHeader,
];

/// The places in a body.
pub(crate) const BODY: &[Place] = &[Place::Payload, Place::Envelope];

/// Hands on each member that is sent at one of these places, what the caller added in place of fields of the same name,
/// where the field would stand.
pub(crate) fn sent(object: &dyn ToObject, places: &[Place], each: &mut dyn FnMut(&str, View<'_>)) {
    let extra = object.extra();
    let mut elsewhere: Vec<&str> = Vec::new();
    object.members(&mut |entries| {
        for (name, value) in entries {
            let (place, view) = match value.view() {
                View::At(place, inner) => (place, inner.view()),
                view => (Place::Payload, view),
            };
            let added = extra.iter().find(|(key, _)| key == name);
            match added {
                Some((key, _)) if place != Place::Payload => {
                    elsewhere.push(key);
                    if let Some((_, value)) = added.filter(|_| places.contains(&place)) {
                        each(name, View::Raw(value.as_str()));
                    }
                }
                Some(_) => {}
                None if matches!(view, View::Absent) || !places.contains(&place) => {}
                None => each(name, view),
            }
        }
    });
    let rest = extra.iter().filter(|_| places.contains(&Place::Payload));
    for (name, value) in rest.filter(|(name, _)| !elsewhere.contains(&name.as_str())) {
        each(name, View::Raw(value.as_str()));
    }
}

/// Appends `"name":value` for each member, with a comma before all but the first in the object.
pub(crate) fn push_members(out: &mut String, object: &dyn ToObject, places: &[Place]) {
    sent(object, places, &mut |name, view| {
        push_name(out, name);
        push_value(out, view);
    });
}

/// Appends a comma if one is due, the name and a colon.
pub(crate) fn push_name(out: &mut String, name: &str) {
    if !out.ends_with('{') {
        out.push(',');
    }
    push_text(out, name);
    out.push(':');
}

/// Appends a value as JSON; `Absent` is null where something must stand.
pub(crate) fn push_value(out: &mut String, view: View<'_>) {
    match view {
        View::Absent => out.push_str("null"),
        View::Text(text) => push_text(out, text),
        View::Raw(raw) => out.push_str(raw),
        View::Int(number) => push_display(out, &number),
        View::Uint(number) => push_display(out, &number),
        View::Float(number) if number.is_finite() => push_display(out, &number),
        View::Float(_) => out.push_str("null"),
        View::Bool(value) => out.push_str(if value { "true" } else { "false" }),
        View::Object(object) => {
            out.push('{');
            push_members(out, object, ANYWHERE);
            out.push('}');
        }
        View::Members(entries) => push_value(out, View::Object(&entries)),
        View::List(list) => {
            out.push('[');
            let start = out.len();
            list.each(&mut |element| {
                if out.len() > start {
                    out.push(',');
                }
                push_value(out, element.view());
            });
            out.push(']');
        }
        View::Private(inner) | View::At(_, inner) => push_value(out, inner.view()),
        View::Joined(..) | View::JsonText(_) => push_text(out, &plain_text(view)),
        View::Number(inner) => match inner.view() {
            View::List(list) => push_value(out, View::List(&Numbers(list))),
            other => push_value(out, other),
        },
    }
}

/// Appends a value as it stands in a form: texts without quotes, objects and arrays as JSON.
pub(crate) fn push_plain(out: &mut String, view: View<'_>) {
    match view {
        View::Absent => {}
        View::Text(text) => out.push_str(text),
        View::Private(inner) | View::At(_, inner) | View::Number(inner) => {
            push_plain(out, inner.view());
        }
        View::JsonText(inner) => push_value(out, inner.view()),
        // What a caller added is JSON already.
        View::Raw(raw) if raw.starts_with('"') => out.push_str(&Reader::new(raw).text()),
        View::Joined(inner, separator) => match inner.view() {
            View::List(list) => {
                let mut first = true;
                list.each(&mut |element| {
                    if !std::mem::take(&mut first) {
                        out.push_str(separator);
                    }
                    push_plain(out, element.view());
                });
            }
            other => push_plain(out, other),
        },
        view => push_value(out, view),
    }
}

/// A value as it stands in a form.
pub(crate) fn plain_text(view: View<'_>) -> String {
    let mut text = String::new();
    push_plain(&mut text, view);
    text
}

/// A list whose elements are declared as numbers.
pub(super) struct Numbers<'a>(pub(super) &'a dyn List);

impl List for Numbers<'_> {
    fn each(&self, visit: &mut dyn FnMut(&dyn Encode)) {
        self.0.each(&mut |element| visit(&super::Number(element)));
    }
}

impl ToObject for &[Entry<'_>] {
    fn members(&self, visit: super::Visit<'_>) {
        visit(self);
    }
}
