//! Conversations as a right to answer: a message of a person comes in with a token, a [`Conversation`] goes out that
//! holds it, for so long and so many answers.
//!
//! ```text
//! a message ──> its right (token, since when, how many), in the same step of the store as the message
//!                  │ a newer message: another right, counted from nothing
//! send ──> written down: message, number of the answer, client id ──> sent ──> written down
//!             ├── no right, too old, used up, closed: refused whole, before anything goes out
//!             ├── sent by an earlier attempt at the message: its result, and nothing goes out
//!             └── an earlier attempt was cut off in it: may have been executed, and nothing goes out
//! ```
//!
//! Events come at least once, answers go out at most once. Everything is in the [store](crate::runtime::store) under
//! names of its own (`names`): every send counts by a name that nobody else writes, so that none is lost whoever else
//! is sending.

mod conversation;
mod names;
mod origin;
mod plan;
mod record;
mod right;
mod saying;
mod split;
#[cfg(test)]
mod tests;
mod typing;
mod unsaid;

pub use conversation::{Answering, Conversation, Sent, Talks};
pub(in crate::runtime) use origin::{Handed, Origin};
pub(in crate::runtime) use plan::Rules;
pub use plan::{TalkPlan, TypingPlan};
pub use right::Right;
pub use unsaid::{Unsaid, Why};
