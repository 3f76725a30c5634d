//! Generated types for `serde`: the same fields, the same wire names, absent ones left out.

use super::encode::{Encode, ToObject, View};
use super::json::{Json, Kind, Reader};
use super::write::{ANYWHERE, Numbers, plain_text, sent};
use super::{Scalar, Secret};
use serde::ser::{Error, SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;

/// Serialises an object as it would travel; secrets are among it.
pub fn serialize_object<S: Serializer>(
    object: &dyn ToObject,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(None)?;
    let mut result = Ok(());
    sent(object, ANYWHERE, &mut |name, view| {
        if result.is_ok() {
            result = map.serialize_entry(name, &Seen(view));
        }
    });
    result?;
    map.end()
}

/// Serialises a value as it would travel.
pub fn serialize_value<S: Serializer>(
    value: &dyn Encode,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Seen(value.view()).serialize(serializer)
}

struct Seen<'a>(View<'a>);

impl Serialize for Seen<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            View::Absent => serializer.serialize_none(),
            View::Text(text) => serializer.serialize_str(text),
            View::Raw(raw) => Checked(raw).serialize(serializer),
            View::Int(number) => serializer.serialize_i64(number),
            View::Uint(number) => serializer.serialize_u64(number),
            View::Float(number) => serializer.serialize_f64(number),
            View::Bool(value) => serializer.serialize_bool(value),
            View::Object(object) => serialize_object(object, serializer),
            View::Members(entries) => serialize_object(&entries, serializer),
            View::List(list) => {
                let mut elements = serializer.serialize_seq(None)?;
                let mut result = Ok(());
                list.each(&mut |element: &dyn Encode| {
                    if result.is_ok() {
                        result = elements.serialize_element(&Seen(element.view()));
                    }
                });
                result?;
                elements.end()
            }
            View::Number(inner) => match inner.view() {
                View::List(list) => Seen(View::List(&Numbers(list))).serialize(serializer),
                view => Seen(view).serialize(serializer),
            },
            View::Private(inner) | View::At(_, inner) => Seen(inner.view()).serialize(serializer),
            View::Joined(..) | View::JsonText(_) => serializer.serialize_str(&plain_text(self.0)),
        }
    }
}

/// A value that has been checked.
struct Checked<'a>(&'a str);

impl Serialize for Checked<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut reader = Reader::new(self.0);
        match reader.kind() {
            Kind::Null => serializer.serialize_unit(),
            Kind::Bool => serializer.serialize_bool(self.0.starts_with('t')),
            Kind::Text => serializer.serialize_str(&reader.text()),
            Kind::Number => number(reader.raw(), serializer),
            Kind::Array => {
                let mut elements = serializer.serialize_seq(None)?;
                let mut more = reader.enter();
                while more {
                    elements.serialize_element(&Checked(reader.raw()))?;
                    more = reader.more();
                }
                elements.end()
            }
            Kind::Object => {
                let mut map = serializer.serialize_map(None)?;
                let mut more = reader.enter();
                while more {
                    map.serialize_entry(&*reader.name(), &Checked(reader.raw()))?;
                    more = reader.more();
                }
                map.end()
            }
        }
    }
}

/// A number as a Rust number where that keeps its digits; otherwise as they stand, which `serde_json` understands.
fn number<S: Serializer>(raw: &str, serializer: S) -> Result<S::Ok, S::Error> {
    match (raw.parse::<i64>(), raw.parse::<u64>(), raw.parse::<f64>()) {
        (Ok(number), ..) if raw != "-0" => serializer.serialize_i64(number),
        (_, Ok(number), _) => serializer.serialize_u64(number),
        (.., Ok(number)) if format!("{number:?}") == raw => serializer.serialize_f64(number),
        _ => RawValue::from_string(raw.to_owned())
            .map_err(S::Error::custom)?
            .serialize(serializer),
    }
}

macro_rules! as_seen {
    ($($type:ty)*) => {$(
        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Seen(self.view()).serialize(serializer)
            }
        }
    )*};
}

as_seen!(Scalar Secret Json);
