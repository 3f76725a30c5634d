//! Owns JSON as documents show it: members keep their order, and 64-bit ids all their digits.
//!
//! In: text, or what was read of an example. Out: a tree, and text again, as `serde_json` lays it out:
//! `{"wId":18446744073709551615,"a":1}` comes out as it went in. It is a type of its own because `serde_json`'s keeps
//! the order only with its feature `preserve_order`, which would be switched on for every crate in the tree of
//! whoever uses the mock gateways. Numbers are `serde_json`'s: what a double cannot hold stays an integer.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::str::FromStr;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

pub use serde_json::Number;

/// A JSON value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Value {
    /// `null`.
    #[default]
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// `18446744073709551615`, `-1`, `1.5`.
    Number(Number),
    /// `"text"`.
    String(String),
    /// `[…]`.
    Array(Vec<Value>),
    /// `{…}`.
    Object(Map),
}

/// Members in the order in which they were written, no name twice.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Map(Vec<(String, Value)>);

impl Value {
    /// The member of this name, if this is an object that has one.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.as_object()?.get(key)
    }

    /// How many containers stand in one another.
    pub(crate) fn depth(&self) -> usize {
        match self {
            Self::Array(elements) => 1 + elements.iter().map(Self::depth).max().unwrap_or(0),
            Self::Object(members) => {
                1 + members
                    .iter()
                    .map(|(_, value)| value.depth())
                    .max()
                    .unwrap_or(0)
            }
            _ => 0,
        }
    }

    /// The members, if this is an object.
    pub fn as_object(&self) -> Option<&Map> {
        match self {
            Self::Object(members) => Some(members),
            _ => None,
        }
    }
}

impl Map {
    /// The value of this name.
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.iter().find(|(known, _)| *known == key).map(|(_, v)| v)
    }

    /// Puts a member last, or a new value where the name already stands.
    pub fn insert(&mut self, key: String, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = value,
            None => self.0.push((key, value)),
        }
    }

    /// How many members there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(key, value)| (key.as_str(), value))
    }

    /// The names, in order.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(key, _)| key)
    }
}

impl FromIterator<(String, Value)> for Map {
    /// Of two members of one name the later value counts, at the place of the first.
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(members: I) -> Self {
        let mut map: Vec<(String, Value)> = Vec::new();
        // Looked up rather than searched for: nobody bounds how many members a document's object has.
        let mut places: HashMap<String, usize> = HashMap::new();
        for (key, value) in members {
            match places.entry(key) {
                Entry::Occupied(known) => map[*known.get()].1 = value,
                Entry::Vacant(free) => {
                    map.push((free.key().clone(), value));
                    free.insert(map.len() - 1);
                }
            }
        }
        Self(map)
    }
}

impl fmt::Display for Value {
    /// On one line, or with `{:#}` on many.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = if f.alternate() {
            serde_json::to_string_pretty(self)
        } else {
            serde_json::to_string(self)
        };
        f.write_str(&text.map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Value {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text)
    }
}

impl Serialize for Value {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(elements) => elements.serialize(serializer),
            Self::Object(members) => members.serialize(serializer),
        }
    }
}

impl Serialize for Map {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(AnyValue)
    }
}

impl<'de> Deserialize<'de> for Map {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct AnyValue;

impl<'de> Visitor<'de> for AnyValue {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(Value::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::String(text.to_owned()))
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(Value::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut read = Vec::new();
        while let Some(element) = elements.next_element()? {
            read.push(element);
        }
        Ok(Value::Array(read))
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Value, A::Error> {
        Members.visit_map(members).map(Value::Object)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Map;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Map, A::Error> {
        std::iter::from_fn(|| members.next_entry().transpose()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn order_and_digits_are_kept() {
        let text =
            r#"{"z":18446744073709551615,"a":[-9223372036854775808,1.5,null,true,"é"],"m":{}}"#;
        let value: Value = text.parse().unwrap();
        assert_eq!(value.to_string(), text);
        assert_eq!(format!("{:#}", value.get("a").unwrap()).lines().count(), 7);
    }

    #[test]
    fn a_name_that_comes_twice_keeps_its_place_and_its_last_value() {
        let value: Value = r#"{"a":1,"b":2,"a":3}"#.parse().unwrap();
        assert_eq!(value.to_string(), r#"{"a":3,"b":2}"#);
        let mut members = value.as_object().unwrap().clone();
        members.insert("b".to_owned(), Value::Null);
        members.insert("c".to_owned(), Value::Bool(true));
        assert_eq!(
            Value::Object(members).to_string(),
            r#"{"a":3,"b":null,"c":true}"#
        );
    }

    #[test]
    fn many_members_take_no_time() {
        let members: Vec<String> = (0..100_000).map(|n| format!("\"{n}\":0")).collect();
        let value: Value = format!("{{{}}}", members.join(",")).parse().unwrap();
        assert_eq!(value.as_object().unwrap().len(), members.len());
    }
}
