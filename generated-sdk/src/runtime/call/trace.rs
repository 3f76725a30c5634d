//! Spans and events for `tracing`: names, numbers and ids, never what a message says.

#[cfg(feature = "media")]
use super::error::Error;
use super::hook::{Attempt, Outcome};
#[cfg(any(feature = "media", feature = "websocket"))]
use std::time::Duration;
use tracing::field::debug;
use tracing::{Span, debug, debug_span, warn};

/// The span of a call, all its attempts and waits.
pub(crate) fn span(call: &Attempt<'_>) -> Span {
    let Attempt {
        provider,
        operation,
        path,
        account,
        request_id,
        ..
    } = *call;
    debug_span!(target: "generated_sdk", "call", provider, operation, path, account, request_id)
}

/// The event of an attempt's end.
pub(crate) fn attempt(attempt: u32, outcome: &Outcome<'_>) {
    let duration = debug(outcome.duration);
    let Outcome { status, code, .. } = *outcome;
    match (outcome.kind, outcome.repeated_after) {
        (None, _) => {
            debug!(target: "generated_sdk", attempt, duration, status, code, "succeeded");
        }
        (Some(kind), None) => {
            warn!(target: "generated_sdk", attempt, duration, ?kind, status, code, "failed");
        }
        (Some(kind), Some(wait)) => {
            warn!(target: "generated_sdk", attempt, duration, ?kind, status, code, ?wait, "failed, will be repeated");
        }
    }
}

/// The event of a medium that is tried once more.
#[cfg(feature = "media")]
pub(crate) fn tried(what: &str, server: &str, attempt: u32, error: &Error, wait: Duration) {
    let (kind, status) = (error.kind(), error.status());
    warn!(target: "generated_sdk", what, server, attempt, ?kind, status, ?wait, "failed, will be repeated");
}

/// The event of a connection that came up.
#[cfg(feature = "websocket")]
pub(crate) fn connected(server: &str, connections: u64) {
    debug!(target: "generated_sdk", server, connections, "connected");
}

/// The event of a connection that was lost, or did not come up.
#[cfg(feature = "websocket")]
pub(crate) fn disconnected(server: &str, reason: &'static str, again_in: Option<Duration>) {
    warn!(target: "generated_sdk", server, reason, ?again_in, "disconnected");
}
