//! A call as it arrived.

use super::request::Incoming;
use crate::provider::{Operation, plain};
use hyper::body::Bytes;
use serde_json::{Map, Value};
use std::fmt;
use std::sync::Arc;

/// A call as it arrived: the parameters decoded, and the body as it was.
#[derive(Clone)]
pub struct Received {
    pub(super) operation: Arc<Operation>,
    pub(super) params: Map<String, Value>,
    pub(super) incoming: Incoming,
    pub(super) authorization: Option<String>,
}

impl Received {
    /// What the documents say of the operation.
    pub fn documents(&self) -> &Operation {
        &self.operation
    }

    /// The operation's id.
    pub fn operation(&self) -> &str {
        self.operation.id()
    }

    /// The operation's path.
    pub fn path(&self) -> &str {
        self.operation.path()
    }

    /// All parameters.
    pub fn params(&self) -> &Map<String, Value> {
        &self.params
    }

    /// The body as it came, if it is text.
    pub fn raw(&self) -> &str {
        std::str::from_utf8(self.body()).unwrap_or_default()
    }

    /// The body as it came.
    pub fn body(&self) -> &Bytes {
        &self.incoming.body
    }

    /// At which of the gateway's addresses it has come: 0 is the first, see [`World::hosts`](crate::World::hosts).
    pub fn host(&self) -> usize {
        self.incoming.host
    }

    /// A parameter.
    pub fn param(&self, name: &str) -> Option<&Value> {
        self.params.get(name)
    }

    /// A parameter that is a text, a number or a boolean, as text.
    pub fn text(&self, name: &str) -> Option<String> {
        let value = self.params.get(name)?;
        let is_scalar = value.is_string() || value.is_number() || value.is_boolean();
        is_scalar.then(|| plain(value))
    }

    /// A parameter that is a number, or a text that reads like one.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.text(name)?.trim().parse().ok()
    }

    /// The texts of a parameter that is an array, or one text with separators.
    pub fn list(&self, name: &str) -> Vec<String> {
        if let Some(Value::Array(elements)) = self.params.get(name) {
            return elements.iter().map(plain).collect();
        }
        let mut params = self.operation.facts.params.iter();
        let param = params.find(|param| param.wire == name);
        let separator = param.and_then(|param| param.list.as_deref()).unwrap_or(",");
        let text = self.text(name).unwrap_or_default();
        let texts = text.split(separator).map(str::trim);
        let texts = texts.filter(|text| !text.is_empty());
        texts.map(str::to_owned).collect()
    }

    /// The authorization that came with it.
    pub fn authorization(&self) -> Option<&str> {
        self.authorization.as_deref()
    }

    /// A header, its name in any case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.incoming.header(name)
    }

    /// A member of the documented answer; of `data`, mostly.
    pub fn documented(&self, key: &str) -> Value {
        self.operation.answer.get(key).cloned().unwrap_or_default()
    }

    /// How much memory it takes, roughly.
    pub(super) fn weight(&self) -> usize {
        let headers = self.incoming.headers.iter();
        let headers: usize = headers.map(|(name, value)| name.len() + value.len()).sum();
        // The decoded parameters weigh about as much as the text that they came from.
        200 + 2 * self.body().len() + headers
    }
}

/// Shows neither parameters nor headers: they hold secrets.
impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("operation", &self.operation())
            .field("path", &self.path())
            .finish_non_exhaustive()
    }
}
