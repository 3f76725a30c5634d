//! One connection to a gateway, for any number of calls at once and for what the gateway pushes.
//!
//! A provider's `Client::connect` sets it up. From then on the connection keeps itself: a line on which nothing comes is
//! pinged, one that is dead is given up, and a new one is made and authorised. A call that was written when its
//! connection was lost fails and says that it may have been executed; one that was not waits for the next connection,
//! within its time-out. Nothing waits for ever.
//!
//! Answers and pushes travel on one line but do not wait for each other: pushes that are not taken are dropped beyond a
//! bound, and whoever takes them is told how many were missed. [`Pushes::handler`] takes them, keeps them, and has them
//! handled as callbacks are.

mod carrier;
mod connect;
mod counters;
mod dial;
mod driver;
mod handler;
mod inbox;
mod line;
mod lost;
mod pending;
mod pushes;
mod supervisor;
#[cfg(feature = "rustls-tls")]
mod tls;

use crate::runtime::call::{Handle, Operation};
pub use crate::runtime::receive::delivery::{
    Aside, Counters as DeliveryCounters, Deliveries, Delivery, Failure, Handed, Handled, Next,
    Outcome, SetAside,
};
pub use connect::Connect;
pub use counters::Counters;
pub use handler::{PushHandler, PushHandlerBuilder};
pub use line::Line;
pub use lost::Lost;
pub use pushes::{Pushed, Pushes};
use std::time::Duration;

/// How a connection to an API begins.
#[derive(Debug)]
pub struct SocketApi {
    /// The call that must come first, if there is one.
    pub first: Option<&'static Operation>,
    /// How soon the gateway wants it.
    pub within: Duration,
}

/// A provider's client whose calls travel on one connection. The id of a call is a member of its message, and an answer
/// repeats it; a push has none.
pub trait OnSocket: Handle {
    /// What comes first.
    const SOCKET: &'static SocketApi;
}
