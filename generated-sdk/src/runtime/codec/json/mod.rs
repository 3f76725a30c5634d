//! JSON text: checked once, then read in place and written without an intermediate tree.

mod check;
mod find;
mod read;
mod scan;
mod value;
mod write;

pub use check::Malformed;
pub use value::Json;

pub(crate) use check::{check, members};
pub(crate) use find::{find, is_empty, member, plain};
pub(crate) use read::{Kind, Reader};
pub(crate) use write::{push_display, push_text};
