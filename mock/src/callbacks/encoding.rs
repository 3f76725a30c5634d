//! How a callback is written: as JSON, or as one of the two kinds of forms.

use crate::provider::plain;
use crate::value;
use form_urlencoded::Serializer;
use serde::Serialize;
use serde_json::Value;

/// What stands between the parts; a body that holds it all the same gets another one.
const BOUNDARY: &str = "mock-gateway-boundary";

/// How a callback is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Encoding {
    /// `application/json`.
    #[default]
    Json,
    /// `application/x-www-form-urlencoded`: a field a member, objects and arrays as JSON text.
    Form,
    /// `multipart/form-data`, the same.
    Multipart,
}

impl Encoding {
    /// What a test in any language, and the command line, calls it: `json`, `form`, `multipart`.
    pub fn of(name: &str) -> Option<Self> {
        match name {
            "json" => Some(Self::Json),
            "form" => Some(Self::Form),
            "multipart" => Some(Self::Multipart),
            _ => None,
        }
    }

    /// The content type and the body of an event.
    pub fn written(self, event: impl Serialize) -> (String, String) {
        let event = value(event);
        match self {
            Self::Json => ("application/json".to_owned(), event.to_string()),
            Self::Form => {
                let fields = fields(&event);
                let body = Serializer::new(String::new()).extend_pairs(fields).finish();
                ("application/x-www-form-urlencoded".to_owned(), body)
            }
            Self::Multipart => multipart(&event),
        }
    }
}

fn fields(event: &Value) -> impl Iterator<Item = (&str, String)> {
    let members = event.as_object().into_iter().flatten();
    members.map(|(name, value)| (name.as_str(), plain(value)))
}

fn multipart(event: &Value) -> (String, String) {
    let whole = event.to_string();
    let mut boundary = BOUNDARY.to_owned();
    while whole.contains(&boundary) {
        boundary.push('x');
    }
    let mut body: String = fields(event)
        .map(|(name, text)| {
            let name = name.replace('"', "%22");
            format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n"
            )
        })
        .collect();
    body.push_str(&format!("--{boundary}--\r\n"));
    (format!("multipart/form-data; boundary={boundary}"), body)
}
