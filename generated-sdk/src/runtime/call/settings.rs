//! What a client was built with: read by each of its calls, shared by its clones.

use super::along::Given;
use super::authorization::Authorized;
use super::hook::Hook;
use super::operation::Operation;
use super::pace::Gates;
use super::retry::Retry;
use super::timer::Timer;
use super::transport::Transport;
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) base_url: String,
    pub(crate) authorization: Arc<Authorized>,
    /// Where a vendor may lead; none: anywhere.
    pub(crate) hosts: &'static [&'static str],
    pub(crate) prefix: Option<String>,
    pub(crate) headers: Vec<(String, String)>,
    /// Members that go along with bodies.
    pub(crate) given: Vec<Given>,
    pub(crate) timeout: Duration,
    pub(crate) answer_limit: usize,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) timer: Arc<dyn Timer>,
    pub(crate) retry: Retry,
    pub(crate) hooks: Vec<Arc<dyn Hook>>,
    /// The header that carries the id of a call; without it calls have none.
    pub(crate) request_id: Option<String>,
    pub(crate) paced: bool,
    pub(crate) limited: bool,
    /// Whose calls they are, where the way to the server is that of one account.
    pub(crate) account: Option<Arc<str>>,
    /// Where media are, if not where the catalog says.
    #[cfg(feature = "media")]
    pub(crate) media_root: Option<String>,
    /// Shared by all that came from one builder, so that they keep their distance together.
    pub(crate) gates: Arc<Gates>,
}

impl Settings {
    /// How long an answer to this operation may take unless the call says otherwise.
    pub(crate) fn timeout(&self, operation: &Operation) -> Duration {
        self.timeout.max(operation.patience.unwrap_or_default())
    }
}
