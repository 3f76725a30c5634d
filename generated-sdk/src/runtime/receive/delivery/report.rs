//! Says that an attempt failed: to whoever wants to know, else as an event of `tracing`, else on stderr. Never content.

use super::deliveries::Delivery;
use super::options::OnError;
use super::outcome::Failure;
use crate::runtime::call::BoxError;
use crate::runtime::receive::event::Inbound;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// Says what failed.
pub(super) fn failed<C: Inbound>(
    on_error: Option<&OnError<C>>,
    delivery: &Delivery<C>,
    failure: &Failure,
) {
    let Some(on_error) = on_error else {
        let attempt = delivery.attempt;
        return said(
            C::LAYOUT.name,
            &format!("attempt {attempt} at an event failed: {failure}"),
        );
    };
    // It is somebody else's code: a panic in it has been shown by then, and costs nothing more.
    let _ = catch_unwind(AssertUnwindSafe(|| on_error(delivery, failure)));
}

/// Says that the store failed; what it was to do is repeated, or refused to whoever wanted it.
pub(super) fn store_failed(error: &BoxError) {
    said("store", &error.to_string());
}

/// Says what went wrong, and with what.
pub(in crate::runtime) fn said(what: &str, wrong: &str) {
    #[cfg(feature = "tracing")]
    if tracing::enabled!(target: "generated_sdk", tracing::Level::ERROR) {
        tracing::error!(target: "generated_sdk", what, "{wrong}");
        return;
    }
    #[expect(
        clippy::print_stderr,
        reason = "nobody else listens, and nothing fails in silence"
    )]
    {
        eprintln!("generated_sdk: {what}: {wrong}");
    }
}
