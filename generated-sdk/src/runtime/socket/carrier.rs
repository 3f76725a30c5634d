//! Calls of a client on their way to the connection.

use super::line::{Keep, Shared};
use super::pending::Priority;
use crate::runtime::call::{BoxFuture, random};
use crate::runtime::codec::json::push_text;
use crate::runtime::{HttpRequest, HttpResponse, Transport, TransportError};
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// How long a call may take whose client does not say.
const PATIENCE: Duration = Duration::from_secs(60);

/// The transport of all calls on one connection.
pub(super) struct Carrier {
    pub(super) shared: Arc<Shared>,
    pub(super) priority: Priority,
    /// Keeps the connection, where the client is one of the user's.
    pub(super) _keep: Option<Arc<Keep>>,
}

impl Transport for Carrier {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let name = self.shared.id;
        let headers = request.headers.into_iter();
        let id = headers
            .rev()
            .find_map(|(header, value)| header.eq_ignore_ascii_case(name).then_some(value))
            .unwrap_or_else(random::id);
        let text = with_id(name, &id, &request.body);
        let timeout = request.timeout.unwrap_or(PATIENCE);
        Box::pin(async move {
            let text = text.ok_or_else(|| TransportError::not_sent(NoObject))?;
            let answer = self.shared.call(self.priority, id, text, timeout).await?;
            Ok(HttpResponse::new(200, answer))
        })
    }
}

/// A body that has no place for the id.
#[derive(Debug)]
struct NoObject;

impl fmt::Display for NoObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the body of a call must be a JSON object")
    }
}

impl std::error::Error for NoObject {}

/// Whether another attempt to send the same would be of no use.
pub(super) fn is_final(source: &(dyn std::error::Error + 'static)) -> bool {
    source.is::<NoObject>()
}

/// The body with the id as its first member; none if it is no object.
pub(super) fn with_id(name: &str, id: &str, body: &[u8]) -> Option<String> {
    let body = std::str::from_utf8(body).ok()?;
    let members = body.trim().strip_prefix('{')?.trim_start();
    let mut text = String::with_capacity(body.len() + name.len() + id.len() + 8);
    text.push('{');
    push_text(&mut text, name);
    text.push(':');
    push_text(&mut text, id);
    if members != "}" {
        text.push(',');
    }
    text.push_str(members);
    Some(text)
}
