//! A request as it arrives, and its parameters.

use super::checks;
use crate::provider::Operation;
use catalog::config::Transport;
use catalog::model::{Field, Place, Type};
use futures_util::stream;
use hyper::body::Bytes;
use multer::Multipart;
use serde_json::{Map, Value};
use std::convert::Infallible;

/// The content type of a body that is no text.
const BYTES: &str = "application/octet-stream";
/// The content type of what a page posts.
const FORM: &str = "application/x-www-form-urlencoded";

/// Whether a path is one of the mock's own, and none of the vendor's.
pub(super) fn is_ours(path: &str) -> bool {
    path.starts_with("/__mock/")
}

/// A request before anything is known of it.
#[derive(Clone, Default)]
pub(super) struct Incoming {
    /// At which of the gateway's addresses it has come: the first, or another.
    pub(super) host: usize,
    pub(super) method: String,
    pub(super) path: String,
    pub(super) query: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Bytes,
}

impl Incoming {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let (_, value) = headers.find(|(known, _)| known.eq_ignore_ascii_case(name))?;
        Some(value)
    }

    /// A value of the query.
    pub(super) fn asked(&self, name: &str) -> Option<String> {
        let mut pairs = form_urlencoded::parse(self.query.as_bytes());
        let (_, value) = pairs.find(|(known, _)| known == name)?;
        Some(value.into_owned())
    }

    /// What the body holds; none if it cannot be read.
    pub(super) async fn members(&self, transport: Transport) -> Option<Map<String, Value>> {
        let kind = self.header("content-type").unwrap_or_default();
        // What the gateway's own pages post is a form, whatever the vendor's calls are.
        let is_form = transport == Transport::HttpForm || (kind == FORM && is_ours(&self.path));
        if !is_form {
            return match kind {
                BYTES => Some(Map::new()),
                _ => json(&self.body),
            };
        }
        if let Ok(boundary) = multer::parse_boundary(kind) {
            return multipart(self.body.clone(), boundary).await;
        }
        std::str::from_utf8(&self.body).ok()?;
        // Such gateways do not tell the two apart.
        Some(
            pairs(self.query.as_bytes())
                .chain(pairs(&self.body))
                .collect(),
        )
    }

    /// What the query holds, of one name several times the last.
    pub(super) fn query(&self) -> Map<String, Value> {
        pairs(self.query.as_bytes()).collect()
    }

    /// The parameters of an operation, each from where it stands, and what else there is.
    pub(super) fn params(
        &self,
        operation: &Operation,
        payload: Option<&str>,
        mut body: Map<String, Value>,
    ) -> Map<String, Value> {
        let inside = payload.and_then(|key| body.remove(key));
        let mut inside = match inside {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        let in_path = operation.in_path(&self.path).unwrap_or_default();
        let mut params = Map::new();
        for field in &operation.facts.params {
            let name = field.wire.as_str();
            let value = match field.place {
                Place::Path => in_path.get(name).cloned(),
                Place::Header => self.header(name).map(Value::from),
                Place::Query => self.in_query(field),
                Place::Payload if payload.is_some() => inside.remove(name),
                Place::Payload | Place::Envelope => body.remove(name),
            };
            params.extend(value.map(|value| (name.to_owned(), value)));
        }
        // What is declared elsewhere does not count where it stands.
        let declared = |name: &str| operation.params().any(|known| known == name);
        let rest = self.query().into_iter().chain(body).chain(inside);
        params.extend(rest.filter(|(name, _)| !declared(name)));
        params
    }

    /// A parameter of the query; lists have a value an element.
    fn in_query(&self, field: &Field) -> Option<Value> {
        let values = pairs(self.query.as_bytes()).filter(|(name, _)| *name == field.wire);
        let values = values.map(|(_, value)| value);
        let Type::List(_) = checks::kind(field) else {
            let text = values.last()?;
            let parsed = text
                .as_str()
                .and_then(|text| serde_json::from_str(text).ok());
            let is_object = |value: &Value| value.is_object() && field.ty == Type::Object;
            return Some(parsed.filter(is_object).unwrap_or(text));
        };
        let values: Vec<Value> = values.collect();
        (!values.is_empty()).then_some(Value::Array(values))
    }
}

fn pairs(text: &[u8]) -> impl Iterator<Item = (String, Value)> + '_ {
    let pairs = form_urlencoded::parse(text);
    pairs.map(|(name, value)| (name.into_owned(), value.into_owned().into()))
}

fn json(body: &[u8]) -> Option<Map<String, Value>> {
    match body.trim_ascii().is_empty() {
        true => Some(Map::new()),
        false => crate::json::read(body),
    }
}

async fn multipart(body: Bytes, boundary: String) -> Option<Map<String, Value>> {
    let body = stream::iter([Ok::<_, Infallible>(body)]);
    let mut parts = Multipart::new(body, boundary);
    let mut params = Map::new();
    while let Some(part) = parts.next_field().await.ok()? {
        let name = part.name()?.to_owned();
        params.insert(name, part.text().await.ok()?.into());
    }
    Some(params)
}
