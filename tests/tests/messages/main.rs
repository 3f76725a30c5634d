//! Providers whose calls are messages: what the documents print of requests, replies and events, typed.

mod events;
mod limits;
mod original;
mod replies;
mod requests;
mod samples;

use serde_json::Value;

/// A documented value in which nothing is empty: what has no value shows nowhere whether it was read.
fn filled(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), filled(value)))
            .collect(),
        Value::Array(elements) => elements.iter().map(filled).collect(),
        Value::String(text) if matches!(text.as_str(), "" | "null") => Value::from("1"),
        Value::Null => Value::from("1"),
        other => other.clone(),
    }
}

/// An example whose texts are only there to be replaced (`"unread": "xxxx"`), replaced.
fn replaced(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), replaced(value)))
            .collect(),
        Value::Array(elements) => elements.iter().map(replaced).collect(),
        Value::String(_) | Value::Null => Value::from("1"),
        other => other.clone(),
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
