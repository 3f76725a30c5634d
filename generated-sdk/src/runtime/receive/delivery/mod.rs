//! What becomes of what a gateway tells, whoever brought it: a message comes in as text, is kept, and is handed to a
//! handler until that has named an outcome.
//!
//! ```text
//! received ──> acknowledged, waiting ──> handled ──> done: gone, a repetition of it is known
//!   │              ^            ^           │
//!   │ no room      │            └── again ──┤ an error, a panic, or the handler says so: after a growing wait
//!   └──> 503       │                        │
//!                  └──── repeat ── set aside <── a refusal, a misuse, perhaps sent already, or the last attempt
//!                                     └──> discarded
//! ```
//!
//! Everything that waits is in a [`Store`](crate::runtime::store::Store): in memory and bounded unless one is given.
//! One writer brings in what is new and what became of the rest, many at a time (`keeper`); one taker leases as many
//! entries as there are free handlers, one of each conversation (`taker`); each is handled in a task of its own
//! (`handling`), where its outcome becomes a verdict (`outcome`). Entries of a conversation stand in one lane
//! (`order`). An example is at [`Receiver`](crate::runtime::server::Receiver).

mod body;
mod counters;
mod deliveries;
mod engine;
mod handling;
mod keeper;
mod options;
mod order;
mod outcome;
mod report;
mod set_aside;
mod taker;
#[cfg(test)]
mod tests;

pub use counters::Counters;
#[cfg(feature = "server")]
pub(in crate::runtime) use counters::Tally;
pub use deliveries::{Deliveries, Delivery, Handed};
pub(in crate::runtime) use engine::Engine;
#[cfg(any(feature = "poll", feature = "server"))]
pub(in crate::runtime) use engine::Told;
#[cfg(any(feature = "server", feature = "websocket"))]
pub(in crate::runtime) use options::Handler;
pub(in crate::runtime) use options::{Options, handled_by, options};
pub(in crate::runtime) use order::Order;
pub use outcome::{Failure, Handled, Next, Outcome};
#[cfg(any(feature = "poll", feature = "websocket"))]
pub(in crate::runtime) use report::said;
pub use set_aside::{Aside, SetAside};
