//! JSON text: checked once, then read in place and written without an intermediate tree.
//!
//! By hand, not by `serde_json`: an answer is read where it stands, in the order of its members, with every digit of its
//! numbers; gateways send raw control characters in texts, half surrogate pairs and `007`, which pass, and which a [`Json`]
//! that is kept has no more; and a caller who uses no `serde` pays for none.

mod check;
mod find;
mod read;
mod scan;
mod strict;
mod value;
mod write;

pub use check::Malformed;
pub use value::Json;

pub(crate) use check::{around, check, members};
pub(crate) use find::{find, is_empty, member, plain};
pub(crate) use read::{Kind, Reader};
pub(crate) use strict::{number, strict};
pub(crate) use write::{push_display, push_text};
