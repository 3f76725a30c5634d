//! Owns the visit of every type that is made of the committed catalog: each request with its reply, each callback.

#![allow(deprecated, reason = "what is struck through is visited as well")]

use generated_sdk::runtime::{Inbound, Request};
use serde::Serialize;

/// Sees the types, provider by provider.
pub trait Visitor {
    /// Sees the type of one request; `part` is which of the provider's APIs it belongs to, where there are several.
    fn request<R>(&mut self, provider: &'static str, part: Option<&'static str>, id: &'static str)
    where
        R: Request,
        R::Reply: Serialize + std::fmt::Debug;

    /// Sees the type of an API's callbacks.
    fn events<C>(&mut self, provider: &'static str, part: Option<&'static str>)
    where
        C: Inbound + Serialize + std::fmt::Debug,
    {
        let _ = (provider, part);
    }
}

include!(concat!(env!("OUT_DIR"), "/types.rs"));
