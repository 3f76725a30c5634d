//! The documented requests, made typed, and every request's type.

use generated_sdk::runtime::Request;
use serde::Serialize;

use super::requests::Named;

/// Sees the type of every request.
pub(super) trait Visitor {
    /// Sees one.
    fn request<R>(&mut self, id: &'static str)
    where
        R: Request,
        R::Reply: Serialize;
}

/// An API whose calls are messages.
pub(super) struct Api {
    /// The folder of its provider.
    pub(super) provider: &'static str,
    /// Which of the provider's it is, where there are several.
    pub(super) part: Option<&'static str>,
    /// Every documented request, as it is written.
    pub(super) requests: fn() -> Vec<(&'static str, String)>,
    /// Shows every request's type.
    pub(super) visit: fn(&mut Named),
}

include!(concat!(env!("OUT_DIR"), "/samples.rs"));
