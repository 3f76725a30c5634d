//! One connection to a gateway, for any number of calls at once and for what the gateway pushes.
//!
//! A provider's `Client::connect` sets it up. From then on the connection keeps itself: a line on which nothing comes is
//! pinged, one that is dead is given up, and a new one is made and authorised. A call that was written when its
//! connection was lost fails and says that it may have been executed; one that was not waits for the next connection,
//! within its time-out. Nothing waits for ever.
//!
//! Answers and pushes travel on one line but do not wait for each other: pushes that are not taken are dropped beyond a
//! bound, and whoever takes them is told how many were missed.

mod carrier;
mod connect;
mod counters;
mod desk;
mod dial;
mod driver;
mod inbox;
mod keeper;
mod line;
mod lost;
mod pushes;
mod race;
#[cfg(test)]
mod tests;

pub use connect::Connect;
pub use counters::Counters;
pub use line::Line;
pub use lost::Lost;
pub use pushes::{Pushed, Pushes};

use super::client::Core;
use super::event::Inbound;
use super::operation::Operation;
use std::time::Duration;

/// How an API speaks over a socket.
#[derive(Debug)]
pub struct SocketApi {
    /// The member that carries the id of a call, and that an answer repeats; a push has none.
    pub id: &'static str,
    /// The call that must come first, if there is one.
    pub first: Option<&'static Operation>,
    /// How soon the gateway wants it.
    pub within: Duration,
}

/// A provider's client that speaks over a socket.
pub trait OnSocket: From<Core> + Send + 'static {
    /// What the gateway pushes.
    type Push: Inbound;
    /// How calls and pushes are told apart, and what comes first.
    const SOCKET: &'static SocketApi;
}
