//! A request as it arrives, and its parameters.

use catalog::config::Transport;
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

    /// The parameters; none if they cannot be read.
    pub(super) async fn params(&self, transport: Transport) -> Option<Map<String, Value>> {
        let query = form_urlencoded::parse(self.query.as_bytes());
        let kind = self.header("content-type").unwrap_or_default();
        // What the gateway's own pages post is a form, whatever the vendor's calls are.
        let is_form = transport == Transport::HttpForm || (kind == FORM && is_ours(&self.path));
        if !is_form {
            let query = query.map(|(name, value)| (name.into_owned(), value.into_owned().into()));
            let mut params: Map<String, Value> = query.collect();
            if kind != BYTES {
                params.extend(json(&self.body)?);
            }
            return Some(params);
        }
        if let Ok(boundary) = multer::parse_boundary(kind) {
            return multipart(self.body.clone(), boundary).await;
        }
        std::str::from_utf8(&self.body).ok()?;
        let pairs = query.chain(form_urlencoded::parse(&self.body));
        let pairs = pairs.map(|(name, value)| (name.into_owned(), value.into_owned().into()));
        Some(pairs.collect())
    }
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
