//! What a gateway answers, before it is bytes.

use super::table::{Entry, Table};
use crate::runtime::Json;
use serde_json::{Map, Value};
use std::time::Duration;

/// What to answer a call with.
#[derive(Clone, Debug)]
pub struct Answer {
    body: Body,
    delay: Duration,
}

#[derive(Clone, Debug)]
enum Body {
    Default,
    Documented,
    Data(Value),
    Failure {
        code: Option<String>,
        message: String,
    },
    Coded {
        code: String,
        message: String,
        data: Value,
    },
    Whole {
        status: u16,
        kind: String,
        body: String,
    },
}

/// An answer as it travels.
#[derive(Clone, Debug)]
pub(super) struct Rendered {
    pub(super) status: u16,
    pub(super) kind: String,
    pub(super) body: String,
    /// The code, where the body has one.
    pub(super) code: Option<String>,
}

impl Answer {
    fn new(body: Body) -> Self {
        Self {
            body,
            delay: Duration::ZERO,
        }
    }

    /// What the gateway answers without being told.
    pub fn default_behaviour() -> Self {
        Self::new(Body::Default)
    }

    /// The documented answer.
    pub fn documented() -> Self {
        Self::new(Body::Documented)
    }

    /// A success with this data.
    pub fn data(data: impl Into<Json>) -> Self {
        Self::new(Body::Data(value(&data.into())))
    }

    /// A success with data that may not be serialised; what cannot be is null.
    pub fn typed(data: &impl serde::Serialize) -> Self {
        Self::new(Body::Data(
            serde_json::to_value(data).unwrap_or(Value::Null),
        ))
    }

    /// A refusal with the vendor's usual code.
    pub fn failure(message: impl Into<String>) -> Self {
        Self::new(Body::Failure {
            code: None,
            message: message.into(),
        })
    }

    /// A refusal with a code of its own.
    pub fn refused(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Body::Failure {
            code: Some(code.into()),
            message: message.into(),
        })
    }

    /// An envelope with this code, whatever it means.
    pub fn coded(
        code: impl Into<String>,
        message: impl Into<String>,
        data: impl Into<Json>,
    ) -> Self {
        Self::new(Body::Coded {
            code: code.into(),
            message: message.into(),
            data: value(&data.into()),
        })
    }

    /// A whole body of JSON, envelope and all.
    pub fn json(body: impl Into<Json>) -> Self {
        Self::raw(200, "application/json", body.into().as_str())
    }

    /// Anything at all; a status that is none is 500.
    pub fn raw(status: u16, content_type: impl Into<String>, body: impl Into<String>) -> Self {
        Self::new(Body::Whole {
            status,
            kind: content_type.into(),
            body: body.into(),
        })
    }

    /// Comes so much later.
    #[must_use]
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = delay;
        self
    }

    pub(super) fn delay(&self) -> Duration {
        self.delay
    }

    /// Whether the gateway is to answer as if nothing had been told.
    pub(super) fn is_default(&self) -> bool {
        matches!(self.body, Body::Default)
    }

    pub(super) fn render(self, table: &Table, entry: &Entry) -> Rendered {
        let envelope = match self.body {
            Body::Whole { status, kind, body } => {
                let code = serde_json::from_str(&body)
                    .ok()
                    .and_then(|answer| table.code_of(&answer));
                return Rendered {
                    status,
                    kind,
                    body,
                    code,
                };
            }
            Body::Default | Body::Documented => entry.documented(),
            Body::Data(data) => success(table, entry, data),
            Body::Failure { code, message } => {
                let mut refusal = table.refusal(&message);
                if let Some(code) = code {
                    put(&mut refusal, table.api.code, table.code(&code));
                }
                refusal
            }
            Body::Coded {
                code,
                message,
                data,
            } => {
                let mut envelope = table.refusal(&message);
                put(&mut envelope, table.api.code, table.code(&code));
                put(&mut envelope, table.api.data, data);
                envelope
            }
        };
        Rendered::json(table, &envelope)
    }
}

impl Rendered {
    pub(super) fn json(table: &Table, envelope: &Value) -> Self {
        Self {
            status: 200,
            kind: "application/json;charset=UTF-8".to_owned(),
            code: table.code_of(envelope),
            body: envelope.to_string(),
        }
    }
}

/// The documented envelope around other data.
fn success(table: &Table, entry: &Entry, data: Value) -> Value {
    let mut envelope = entry.documented();
    if !envelope.is_object() {
        envelope = table.refusal(table.texts.done);
        put(&mut envelope, table.api.code, table.code(entry.success));
    }
    if table.api.data.is_empty() {
        return data;
    }
    put(&mut envelope, table.api.data, data);
    envelope
}

/// Sets the member that has one of these names, or adds it under the first.
fn put(envelope: &mut Value, names: &[&str], value: Value) {
    if !envelope.is_object() {
        *envelope = Value::Object(Map::new());
    }
    let Value::Object(members) = envelope else {
        return;
    };
    let known = names.iter().find(|name| members.contains_key(**name));
    if let Some(name) = known.or(names.first()) {
        members.insert((*name).to_owned(), value);
    }
}

/// What a JSON text means; it has been checked when it became [`Json`].
pub(super) fn value(json: &Json) -> Value {
    serde_json::from_str(json.as_str()).unwrap_or(Value::Null)
}

/// The data of an answer with one field that is not as documented.
pub(super) fn with_wrong_type(rendered: &mut Rendered, table: &Table) {
    let Ok(mut envelope) = serde_json::from_str::<Value>(&rendered.body) else {
        return;
    };
    let key = table
        .api
        .data
        .iter()
        .find(|key| envelope.get(**key).is_some());
    let data = match key {
        Some(key) => envelope.get_mut(*key),
        None => Some(&mut envelope),
    };
    if let Some(data) = data
        && !spoil(data)
    {
        *data = Value::from("unexpected");
    }
    rendered.body = envelope.to_string();
}

/// Replaces the first scalar by an object, which nothing reads as a scalar.
fn spoil(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => members.values_mut().any(spoil),
        Value::Array(elements) => elements.iter_mut().any(spoil),
        Value::Null => false,
        scalar => {
            *scalar = serde_json::json!({ "unexpected": true });
            true
        }
    }
}

impl From<Json> for Answer {
    /// A success with this data.
    fn from(data: Json) -> Self {
        Self::data(data)
    }
}

impl From<Value> for Answer {
    /// A success with this data.
    fn from(data: Value) -> Self {
        Self::new(Body::Data(data))
    }
}
