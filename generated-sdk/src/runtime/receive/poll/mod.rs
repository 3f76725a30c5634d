//! Events that a gateway tells only to whoever asks: it is asked again and again, and each question waits there for
//! something to tell (long polling).
//!
//! ```text
//! account's lease ──> asked with the cursor ──> messages, what they brought along, the next cursor: one batch
//!       ^                     ^                                   │
//!       │ lost, expired       └───── at once, or after a wait ────┘──> handed over as callbacks are
//! ```
//!
//! In goes a client of which `[event.poll]` says how it is asked ([`Polled`]), out come a [`Message`] for each event and
//! a [`Notice`] where something is to be known. A cursor is kept together with the messages that came with it: what came
//! with one that was not kept comes again, and is known by its identity. One poller asks for an account, also among
//! several servers that share a store: its lease is an entry of the queue `polls`, and a batch without it changes nothing.

mod builder;
mod message;
mod notice;
mod place;
mod plan;
mod poller;
mod pump;
#[cfg(test)]
mod tests;

pub use super::delivery::{
    Aside, Counters, Deliveries, Delivery, Failure, Handed, Handled, Next, Outcome, SetAside,
};
pub use builder::PollerBuilder;
pub use message::{Message, Messages};
pub use notice::Notice;
pub use plan::{PollPlan, Polled};
pub use poller::Poller;
