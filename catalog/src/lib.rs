//! Reads what vendors of WeChat gateways publish into one language-neutral model.
//!
//! `spec text -> document -> read -> entry -> build -> model -> settle -> model`, every arrow a function that returns its
//! value and its diagnostics, none of them panicking on input, none of them doing I/O. Begin at [`load::load`]: it goes
//! the whole way. The rooms on it are private; what it takes and yields is in [`config`], [`model`], [`entry`],
//! [`api_catalog`] and [`diagnostic`].

/// Words of documents, as many to a line as there is room.
macro_rules! words {
    ($($word:literal)*) => { &[$($word),*] };
}

pub mod api_catalog;
mod build;
pub mod config;
pub mod diagnostic;
mod document;
pub mod entry;
pub mod facts;
pub mod json;
pub mod load;
pub mod model;
pub mod others;
pub mod parallel;
mod path;
mod prose;
mod read;
mod sample;
mod settle;
pub mod slug;
pub mod source;
pub mod spelling;
