//! The documented requests, made typed, and every request's type.

use generated_sdk::runtime::Request;
use serde::Serialize;

/// Sees the type of every request.
pub(super) trait Visitor {
    /// Sees one.
    fn request<R>(&mut self, id: &'static str)
    where
        R: Request,
        R::Reply: Serialize;
}

pub(super) mod padchat {
    use super::Visitor;

    include!(concat!(env!("OUT_DIR"), "/samples_padchat.rs"));
}

pub(super) mod wequick {
    use super::Visitor;

    include!(concat!(env!("OUT_DIR"), "/samples_wequick.rs"));
}
