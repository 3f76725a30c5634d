//! Reads what vendors of WeChat gateways publish into one language-neutral model.
//!
//! `spec text -> Document -> rows -> Model`, every arrow a function that returns its value and its
//! diagnostics, none of them panicking on input, none of them doing I/O.

mod answer;
mod build;
mod check;
pub mod config;
mod correct;
pub mod correction;
mod declared;
pub mod diagnostic;
pub mod document;
mod either;
pub mod entry;
mod flow;
pub mod json;
pub mod load;
mod mend;
pub mod model;
mod nest;
pub mod parallel;
pub mod pattern;
pub mod prose;
pub mod read;
pub mod sample;
mod session;
mod shape;
pub mod source;
pub mod text;
mod unheard;
