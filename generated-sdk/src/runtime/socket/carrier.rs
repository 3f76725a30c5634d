//! Calls of a client on their way to the connection.

use super::line::{Keep, Shared};
use super::pending::Priority;
use crate::runtime::call::{BoxFuture, random, with_id};
use crate::runtime::{HttpRequest, HttpResponse, Transport, TransportError};
use std::sync::Arc;
use std::time::Duration;

/// How long a call may take whose client does not say.
const PATIENCE: Duration = Duration::from_secs(60);

/// Why a body has no place for the id.
const NO_OBJECT: &str = "the body of a call must be a JSON object";

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
            let text = text.ok_or_else(|| TransportError::not_sent(NO_OBJECT).hopeless())?;
            let answer = self.shared.call(self.priority, id, text, timeout).await?;
            Ok(HttpResponse::new(200, answer))
        })
    }
}
