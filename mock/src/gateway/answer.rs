//! What a gateway answers, before it is bytes.

use crate::provider::{Operation, Vendor};
use crate::value;
use hyper::body::Bytes;
use serde::Serialize;
use serde_json::{Value, json};
use std::time::Duration;

/// What to answer a call with.
#[derive(Clone, Debug)]
pub struct Answer {
    body: Body,
    headers: Vec<(String, String)>,
    delay: Duration,
}

#[derive(Clone, Debug)]
enum Body {
    Default,
    Documented,
    Data(Value),
    With(Value),
    /// With the vendor's usual code of a refusal, unless it has another.
    Envelope {
        code: Option<String>,
        message: String,
        data: Value,
    },
    Whole {
        status: u16,
        kind: String,
        body: Bytes,
    },
}

/// An answer as it travels.
#[derive(Clone, Debug, Default)]
pub(super) struct Rendered {
    pub(super) status: u16,
    pub(super) kind: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
    /// The code, where the body has one.
    pub(super) code: Option<String>,
}

impl Answer {
    fn new(body: Body) -> Self {
        Self {
            body,
            headers: Vec::new(),
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

    /// A success with this data; what cannot be serialised is null.
    pub fn data(data: impl Serialize) -> Self {
        Self::new(Body::Data(value(data)))
    }

    /// The documented answer, with other values for some members of its data.
    pub fn with(members: impl Serialize) -> Self {
        Self::new(Body::With(value(members)))
    }

    /// A refusal with the vendor's usual code.
    pub fn failure(message: impl Into<String>) -> Self {
        Self::envelope(None, message.into(), Value::Null)
    }

    /// A refusal with a code of its own.
    pub fn refused(code: impl Into<String>, message: impl Into<String>) -> Self {
        Self::coded(code, message, Value::Null)
    }

    /// An envelope with this code, whatever it means.
    pub fn coded(
        code: impl Into<String>,
        message: impl Into<String>,
        data: impl Serialize,
    ) -> Self {
        Self::envelope(Some(code.into()), message.into(), value(data))
    }

    fn envelope(code: Option<String>, message: String, data: Value) -> Self {
        Self::new(Body::Envelope {
            code,
            message,
            data,
        })
    }

    /// A whole body of JSON, envelope and all.
    pub fn json(body: impl Serialize) -> Self {
        Self::raw(200, "application/json", value(body).to_string())
    }

    /// Anything at all; a status that is none is 500.
    pub fn raw(status: u16, content_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        Self::new(Body::Whole {
            status,
            kind: content_type.into(),
            body: body.into(),
        })
    }

    /// With a header; one that HTTP does not allow is left out.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
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

    pub(super) fn render(self, vendor: &Vendor, operation: &Operation) -> Rendered {
        let headers = self.headers;
        let envelope = match self.body {
            Body::Whole { status, kind, body } => {
                let code = serde_json::from_slice(&body);
                let code = code
                    .ok()
                    .and_then(|answer| vendor.code_of(&answer, &operation.success));
                return Rendered {
                    status,
                    kind,
                    headers,
                    body,
                    code,
                };
            }
            Body::Default | Body::Documented => operation.answer.clone(),
            Body::Data(data) => success(vendor, operation, data),
            Body::With(members) => {
                let key = vendor.layouts().reply.payload.as_ref();
                let data = key.map_or(&operation.answer, |key| &operation.answer[key]);
                success(vendor, operation, with(data.clone(), members))
            }
            Body::Envelope {
                code,
                message,
                data,
            } => match code {
                None => return Rendered::refusal(vendor, &message),
                Some(code) => with_data(vendor, vendor.envelope(&code, &message), data),
            },
        };
        Rendered {
            code: vendor.code_of(&envelope, &operation.success),
            headers,
            ..Rendered::json(vendor, &envelope)
        }
    }
}

impl Rendered {
    pub(super) fn json(vendor: &Vendor, envelope: &Value) -> Self {
        Self {
            code: vendor.code_of(envelope, &vendor.layouts().reply.success),
            ..Self::of(200, "application/json;charset=UTF-8", envelope.to_string())
        }
    }

    /// A body without a code.
    pub(super) fn of(status: u16, kind: &str, body: String) -> Self {
        Self {
            status,
            kind: kind.to_owned(),
            body: body.into(),
            ..Self::default()
        }
    }

    /// A refusal with the vendor's usual code; where it has none, with a status that says so.
    pub(super) fn refusal(vendor: &Vendor, message: &str) -> Self {
        let coded = !vendor.layouts().reply.code.is_empty();
        Self {
            status: if coded { 200 } else { 400 },
            ..Self::json(vendor, &vendor.refusal(message))
        }
    }

    /// The body, where it is text.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap_or_default()
    }
}

/// The documented envelope around other data.
fn success(vendor: &Vendor, operation: &Operation, data: Value) -> Value {
    if vendor.layouts().reply.payload.is_none() || !vendor.is_enveloped(&operation.answer) {
        return data;
    }
    with_data(vendor, operation.answer.clone(), data)
}

fn with_data(vendor: &Vendor, mut envelope: Value, data: Value) -> Value {
    if let (Some(key), Value::Object(members)) = (&vendor.layouts().reply.payload, &mut envelope) {
        members.insert(key.clone(), data);
    }
    envelope
}

/// Overwrites members of an object.
pub(crate) fn with(mut object: Value, members: Value) -> Value {
    if let (Value::Object(object), Value::Object(members)) = (&mut object, members) {
        object.extend(members);
    }
    object
}

/// The data of an answer with one field that is not as documented.
pub(super) fn with_wrong_type(rendered: &mut Rendered, vendor: &Vendor) {
    let Ok(mut envelope) = serde_json::from_slice::<Value>(&rendered.body) else {
        return;
    };
    let key = vendor.layouts().reply.payload.as_deref();
    let data = match key.filter(|key| envelope.get(key).is_some()) {
        Some(key) => envelope.get_mut(key),
        None => Some(&mut envelope),
    };
    if let Some(data) = data
        && !spoil(data)
    {
        *data = Value::from("unexpected");
    }
    rendered.body = envelope.to_string().into();
}

/// Replaces the first scalar by an object, which nothing reads as a scalar.
fn spoil(value: &mut Value) -> bool {
    match value {
        Value::Object(members) => members.values_mut().any(spoil),
        Value::Array(elements) => elements.iter_mut().any(spoil),
        Value::Null => false,
        scalar => {
            *scalar = json!({ "unexpected": true });
            true
        }
    }
}

impl From<Value> for Answer {
    /// A success with this data.
    fn from(data: Value) -> Self {
        Self::new(Body::Data(data))
    }
}
