//! From where calls of a series or a job are made, and what users want done to each of them.

use crate::runtime::call::{Call, Core, Operation, Prepared, Session};
use crate::runtime::codec::ToObject;
use std::sync::Arc;

/// From where calls are made; a session's values are those of the moment of each call.
#[derive(Clone)]
pub(super) enum Origin {
    Client(Core),
    Session(Session),
}

impl Origin {
    pub(super) fn prepare(
        &self,
        operation: &'static Operation,
        request: &dyn ToObject,
    ) -> Box<Prepared> {
        match self {
            Origin::Client(core) => core.prepare(operation, &[], request),
            Origin::Session(session) => session.prepare(operation, request),
        }
    }
}

/// What is done to each call before it is sent.
pub(super) type Each = Arc<dyn Fn(Box<Prepared>) -> Box<Prepared> + Send + Sync>;

/// An [`Each`] of what users write.
pub(super) fn each<T: 'static>(
    options: impl Fn(Call<T>) -> Call<T> + Send + Sync + 'static,
) -> Option<Each> {
    Some(Arc::new(move |prepared| {
        options(Call::new(prepared)).into_prepared()
    }))
}
