//! Providers whose calls are messages: what the documents print of requests, replies and events, typed.

mod events;
mod limits;
mod original;
mod private;
mod replies;
mod requests;
mod samples;

use serde_json::Value;

/// A documented value in which nothing is empty: what has no value shows nowhere whether it was read.
fn filled(value: &Value) -> Value {
    changed(value, "", &|key, value| match value {
        Value::String(text) if !matches!(text.as_str(), "" | "null" | "(null)") => None,
        Value::String(_) | Value::Null => Some(placeholder(key)),
        _ => None,
    })
}

/// An example whose texts are only there to be replaced (`"unread": "xxxx"`), replaced.
fn replaced(value: &Value) -> Value {
    changed(value, "", &|key, value| match value {
        Value::String(_) | Value::Null => Some(placeholder(key)),
        _ => None,
    })
}

/// What any field of this name takes.
fn placeholder(key: &str) -> Value {
    Value::from(if key.contains("xml") { "<a>1</a>" } else { "1" })
}

fn changed(value: &Value, key: &str, change: &dyn Fn(&str, &Value) -> Option<Value>) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), changed(value, key, change)))
            .collect(),
        Value::Array(elements) => {
            let elements = elements.iter();
            elements.map(|value| changed(value, key, change)).collect()
        }
        other => change(key, other).unwrap_or_else(|| other.clone()),
    }
}

/// Asserts that every key of an example is written back, other spellings under the field's own name.
///
/// # Panics
/// If one is not.
fn assert_keys(example: &Value, written: &Value, spellings: &[(&str, &str)], place: &str) {
    match (example, written) {
        (Value::Object(members), _) => {
            for (key, value) in members {
                let spelling = spellings.iter().find(|(spelling, _)| spelling == key);
                let own = spelling.map_or(key.as_str(), |(_, own)| own);
                let place = format!("{place}.{key}");
                let found = written.get(own);
                assert!(found.is_some(), "{place} is no typed field: {written}");
                assert_keys(value, found.unwrap_or(&Value::Null), spellings, &place);
            }
        }
        (Value::Array(elements), Value::Array(found)) => {
            for (element, found) in elements.iter().zip(found) {
                assert_keys(element, found, spellings, place);
            }
        }
        _ => {}
    }
}
