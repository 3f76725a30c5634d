//! A call as it arrived.

use super::table::Entry;
use crate::runtime::Json;
use serde_json::{Map, Value};
use std::fmt;

/// A call as it arrived: the parameters decoded, and the body as it was.
#[derive(Clone)]
pub struct Received {
    pub(super) entry: &'static Entry,
    pub(super) params: Map<String, Value>,
    pub(super) raw: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) authorization: Option<String>,
}

impl Received {
    /// The operation.
    pub fn entry(&self) -> &'static Entry {
        self.entry
    }

    /// The operation's id.
    pub fn operation(&self) -> &'static str {
        self.entry.id
    }

    /// The operation's path.
    pub fn path(&self) -> &'static str {
        self.entry.path
    }

    /// All parameters.
    pub fn params(&self) -> Json {
        Json::from(Value::Object(self.params.clone()))
    }

    /// The body as it came.
    pub fn raw(&self) -> &str {
        &self.raw
    }

    /// A parameter.
    pub fn param(&self, name: &str) -> Option<Json> {
        self.params.get(name).cloned().map(Json::from)
    }

    /// A parameter that is a text, a number or a boolean, as text.
    pub fn text(&self, name: &str) -> Option<String> {
        match self.params.get(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) => Some(number.to_string()),
            Value::Bool(value) => Some(value.to_string()),
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// A parameter that is a number, or a text that reads like one.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    /// The texts of a parameter that is an array, or one text with separators.
    pub fn list(&self, name: &str) -> Vec<String> {
        match self.params.get(name) {
            Some(Value::Array(elements)) => {
                let texts = elements.iter().map(|element| match element {
                    Value::String(text) => text.clone(),
                    other => other.to_string(),
                });
                texts.collect()
            }
            _ => {
                let param = self.entry.params.iter().find(|param| param.name == name);
                let separator = param.and_then(|param| param.list).unwrap_or(",");
                let text = self.text(name).unwrap_or_default();
                let texts = text.split(separator).map(str::trim);
                texts
                    .filter(|text| !text.is_empty())
                    .map(str::to_owned)
                    .collect()
            }
        }
    }

    /// The authorization that came with it.
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// A header, its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// The data of the documented answer.
    pub fn documented(&self, key: &str) -> Json {
        let mut answer = self.entry.documented();
        let data = answer.get_mut(key).map(Value::take);
        Json::from(data.unwrap_or_default())
    }

    /// How much memory it takes, roughly.
    pub(super) fn weight(&self) -> usize {
        let headers = self.headers.iter();
        let headers: usize = headers.map(|(name, value)| name.len() + value.len()).sum();
        // The decoded parameters weigh about as much as the text that they came from.
        200 + 2 * self.raw.len() + headers
    }
}

/// Shows neither parameters nor headers: they hold secrets.
impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("operation", &self.entry.id)
            .field("path", &self.entry.path)
            .finish_non_exhaustive()
    }
}
