//! What a gateway tells unasked: bytes come in, typed events go out.
//!
//! [`event`] opens a message and reads it in place, whoever brought it: a receiver, a program or a connection.
//! [`server`] is the receiver: it acknowledges, keeps, and hands over until a handler has succeeded.

pub(crate) mod event;
#[cfg(feature = "server")]
pub mod server;

pub use event::{
    Addressed, CommandResult, EventApi, Inbound, Opened, Prefix, ResultLayout, Tagged, Untyped,
    split_prefix,
};
