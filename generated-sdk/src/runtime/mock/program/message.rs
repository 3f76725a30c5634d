//! Events and results as a program writes them.

use super::table::{Event, Table};
use crate::runtime::Json;
use serde_json::{Map, Value, json};

impl Table {
    /// The documented event with this code, told by this account; with its code even where the sample has another.
    pub(super) fn event(&self, code: &str, account: &str) -> Option<Value> {
        let event = self
            .events
            .iter()
            .find(|event| event.codes.contains(&code))?;
        Some(self.told_by(event, code, account))
    }

    pub(super) fn told_by(&self, event: &Event, code: &str, account: &str) -> Value {
        let mut message: Value = serde_json::from_str(event.sample).unwrap_or_default();
        let keys = self.addresses.event_account;
        self.payload(&mut message, &mut |holder, is_envelope| {
            for key in keys {
                if let Some(told) = holder.get_mut(*key) {
                    *told = account.into();
                }
            }
            if is_envelope != self.layout.tag_inside || self.layout.flat.contains(&code) {
                let number = holder.get(self.layout.tag).is_some_and(Value::is_number);
                let code = match code.parse::<i64>() {
                    Ok(code) if number => code.into(),
                    _ => Value::from(code),
                };
                if holder.contains_key(self.layout.tag) {
                    holder.insert(self.layout.tag.to_owned(), code);
                }
            }
        });
        message
    }

    /// Goes through the envelopes of a message, the outermost first, and through its payload.
    fn payload(&self, message: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>, bool)) {
        let Value::Object(members) = message else {
            return;
        };
        visit(members, true);
        let Some(Value::Object(inner)) = members.get_mut(self.layout.payload) else {
            return;
        };
        if inner.contains_key(self.layout.tag) && !self.layout.tag_inside {
            // Some samples wrap the envelope once more.
            visit(inner, true);
            if let Some(Value::Object(payload)) = inner.get_mut(self.layout.payload) {
                visit(payload, false);
            }
        } else {
            visit(inner, false);
        }
    }

    /// Sets fields of an event's payload.
    pub(super) fn with(&self, mut event: Value, fields: &[(&str, Value)]) -> Value {
        let wrapped = event[self.layout.payload].get(self.layout.tag).is_some();
        let at = if wrapped && !self.layout.tag_inside {
            &mut event[self.layout.payload][self.layout.payload]
        } else {
            &mut event[self.layout.payload]
        };
        if let Value::Object(payload) = at {
            for (key, value) in fields {
                payload.insert((*key).to_owned(), value.clone());
            }
        }
        event
    }

    /// What the program reports of a command; nothing where no result is documented.
    pub(super) fn result(&self, id: &str, reason: &str, account: &str) -> Option<Value> {
        let layout = self.messages.result?;
        let outcome = if reason.is_empty() { "1" } else { "0" };
        let mut message = json!({ self.layout.tag: "" });
        for key in self.addresses.event_account {
            message[*key] = account.into();
        }
        message[self.layout.payload] =
            json!({ layout.reason: reason, layout.id: id, layout.outcome: outcome });
        Some(message)
    }

    /// A command's parameters.
    pub(super) fn params(&self, command: &Value) -> Map<String, Value> {
        let params = match self.wrap {
            Some(key) => command.get(key),
            None => Some(command),
        };
        params
            .and_then(Value::as_object)
            .cloned()
            .unwrap_or_default()
    }
}

/// A member as text.
pub(super) fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(Value::Null) | None => String::new(),
        Some(other) => other.to_string(),
    }
}

/// A value of any shape.
pub(super) fn parsed(json: &Json) -> Value {
    json.deserialize().unwrap_or_default()
}
