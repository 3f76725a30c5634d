//! `Debug` for generated types, with private fields hidden.

use super::encode::{Encode, ToObject, View};
use super::write::{ANYWHERE, sent};
use std::fmt;

/// Shows the type's name and the members that would be sent.
pub fn debug_object(name: &str, object: &dyn ToObject, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    sent(object, ANYWHERE, &mut |name, view| {
        shown.field(name, &Shown(view));
    });
    shown.finish()
}

/// Shows the type's name and these fields.
pub fn debug_fields(
    name: &str,
    fields: &[(&str, &dyn fmt::Debug)],
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let mut shown = f.debug_struct(name);
    for (name, value) in fields {
        shown.field(name, value);
    }
    shown.finish()
}

/// Stands in [`debug_fields`] for a value that is not to be shown.
pub struct Hidden;

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

struct Shown<'a>(View<'a>);

impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            View::Absent => f.write_str("null"),
            View::Text(text) => fmt::Debug::fmt(text, f),
            View::Raw(raw) if raw.starts_with(['"', '{', '[']) => {
                write!(f, "({} bytes)", raw.len())
            }
            View::Raw(raw) => f.write_str(raw),
            View::Int(number) => fmt::Debug::fmt(&number, f),
            View::Uint(number) => fmt::Debug::fmt(&number, f),
            View::Float(number) => fmt::Debug::fmt(&number, f),
            View::Bool(value) => fmt::Debug::fmt(&value, f),
            View::Object(object) => debug_object("", object, f),
            View::Members(entries) => debug_object("", &entries, f),
            View::List(list) => {
                let mut shown = f.debug_list();
                list.each(&mut |element: &dyn Encode| {
                    shown.entry(&Shown(element.view()));
                });
                shown.finish()
            }
            View::Private(_) => f.write_str("***"),
            View::Joined(inner, _)
            | View::JsonText(inner)
            | View::Number(inner)
            | View::At(_, inner) => fmt::Debug::fmt(&Shown(inner.view()), f),
        }
    }
}
