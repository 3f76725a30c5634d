//! What looks at messages while a receiver takes them in: it learns from them before they are handled, and has the
//! answer to their sender. A hub of programs is one ([`program`](crate::runtime::program)): results settle commands,
//! and the answer carries the next ones.

use crate::runtime::call::BoxFuture;
use crate::runtime::receive::event::Opened;
use axum::body::Body;
use axum::http::Response;

/// Looks at messages while they are received.
///
/// The types of what it finds are its own: a receiver without an observer pays nothing.
pub(in crate::runtime) trait Observer: Send + Sync {
    /// What is worth knowing of a message.
    fn observe(&self, query: &str, opened: &Opened<'_>) -> Box<dyn Arrival>;

    /// Who sent it.
    fn sender(&self, query: &str, opened: &Opened<'_>) -> Sender;
}

/// Who sent a message, as it or the address says that it was posted to. Empty: neither does.
#[derive(Default)]
pub(in crate::runtime) struct Sender {
    pub(in crate::runtime) account: String,
    pub(in crate::runtime) process: String,
}

/// A message under way.
pub(in crate::runtime) trait Arrival: Send + Sync {
    /// Settles what the message reports; true if it reports something that needs no handler. `None`: it could not be
    /// settled, and the message is to come again.
    fn settle(&self) -> BoxFuture<'_, Option<bool>>;

    /// What a repetition of the message has in common with it, once it is known who tells it; `None` if nothing does.
    fn identity(&self, identity: u128) -> Option<u128>;

    /// The message is kept, now or from the time that it came before.
    fn is_safe(&self) -> BoxFuture<'_, ()>;

    /// What its sender is answered.
    fn answer(&self) -> BoxFuture<'_, Response<Body>>;
}
