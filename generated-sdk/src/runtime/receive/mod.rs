//! What a gateway tells unasked: bytes come in, typed events go out.
//!
//! [`event`] opens a message and reads it in place, whoever brought it: a receiver, a program or a connection.
//! `delivery` keeps it and has it handled. [`server`] is the receiver of what is posted: it acknowledges what is kept.
//! [`poll`] asks for it again and again.

#[cfg(feature = "receive")]
pub(crate) mod delivery;
pub(crate) mod event;
#[cfg(feature = "poll")]
pub mod poll;
#[cfg(feature = "server")]
pub mod server;

pub use event::{
    Addressed, CommandResult, EventApi, Inbound, Opened, Prefix, ResultLayout, Tagged, Untyped,
    split_prefix,
};
