//! Owns what `inspect` shows: what was understood of a provider, with the names that it has in Rust.
//!
//! In: the model as it was read, and the SDKs that were made of it, none where there are errors. Out: a tree for people
//! ([`text`]), or the JSON that other programs rely on ([`json`]).

mod json;
mod names;
mod text;

#[cfg(test)]
mod tests;

use catalog::load::Loaded;

use crate::sdk::Sdk;

pub use json::json;
pub use text::text;

/// A provider, and what was made of it: an SDK for each of its APIs, or none.
#[derive(Clone, Copy, Debug)]
pub struct Inspected<'a> {
    /// What was read.
    pub loaded: &'a Loaded,
    /// What was made of it.
    pub sdks: &'a [Sdk],
}
