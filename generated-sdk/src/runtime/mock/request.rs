//! A request as it arrives, and its parameters.

use crate::runtime::BodyFormat;
use crate::runtime::receive::form_body as form;
use serde_json::{Map, Value};

/// A request before anything is known of it.
pub(super) struct Incoming {
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Incoming {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }
}

/// The parameters of a request; none if it cannot be read.
pub(super) fn decode(format: BodyFormat, incoming: &Incoming) -> Option<Map<String, Value>> {
    let kind = form::Kind::of(incoming.header("content-type").unwrap_or_default());
    if let (BodyFormat::Form, Ok(form::Kind::Multipart(boundary))) = (format, kind) {
        let fields = form::multipart(&incoming.body, &boundary).ok()?;
        let fields = fields.into_iter();
        return Some(fields.map(|(name, value)| (name, value.into())).collect());
    }
    let text = std::str::from_utf8(&incoming.body).ok()?;
    match format {
        BodyFormat::Json => {
            let text = text.trim_start_matches('\u{feff}').trim();
            if text.is_empty() {
                return Some(Map::new());
            }
            match serde_json::from_str(text).ok()? {
                Value::Object(params) => Some(params),
                _ => None,
            }
        }
        BodyFormat::Form => {
            let query = urlencoded(&incoming.query);
            Some(query.chain(urlencoded(text)).collect())
        }
    }
}

fn urlencoded(text: &str) -> impl Iterator<Item = (String, Value)> + '_ {
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (unescaped(name), Value::String(unescaped(value)))
    })
}

/// Percent-decoded; what is no escape stands for itself.
pub(super) fn unescaped(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        let hex = || u8::from_str_radix(text.get(at + 1..at + 3)?, 16).ok();
        let (decoded, length) = match byte {
            b'+' => (b' ', 1),
            b'%' => hex().map_or((b'%', 1), |byte| (byte, 3)),
            byte => (byte, 1),
        };
        out.push(decoded);
        at += length;
    }
    String::from_utf8_lossy(&out).into_owned()
}
