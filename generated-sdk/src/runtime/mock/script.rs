//! What no table can say: how a gateway remembers.

use super::answer::Answer;
use super::engine::Engine;
use super::received::Received;
use crate::runtime::{BoxFuture, Json};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A vendor's behaviour behind its operations. All checks that the catalog knows of have been made.
pub trait Script: Send + Sync + 'static {
    /// Called once, when the gateway listens.
    fn started(self: Arc<Self>, engine: &Arc<Engine>) {
        let _ = engine;
    }

    /// Whether this authorization is one that a login has given.
    fn is_authorized(&self, authorization: &str) -> bool {
        !authorization.is_empty()
    }

    /// Whether a call with these parameters can mean this operation, where others share its path and their parameters
    /// do not tell them apart.
    fn means(&self, operation: &str, params: &Map<String, Value>) -> bool {
        let _ = (operation, params);
        true
    }

    /// What a call is answered with.
    fn answer<'a>(&'a self, call: &'a Received, engine: &'a Arc<Engine>) -> BoxFuture<'a, Answer>;

    /// What is remembered, for people to look at.
    fn state(&self) -> Json {
        Json::null()
    }

    /// Forgets everything.
    fn reset(&self) {}
}

/// Answers every operation as documented, and remembers nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Documented;

impl Script for Documented {
    fn answer<'a>(&'a self, _: &'a Received, _: &'a Arc<Engine>) -> BoxFuture<'a, Answer> {
        Box::pin(async { Answer::documented() })
    }
}
