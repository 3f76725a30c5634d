//! Many sends, one after the other for each account, with a distance between two: to all customers, to all groups.
//!
//! In go requests, each under a key of its own ([`Broadcast::add`]); they wait in the [store](crate::runtime::store) as
//! what is written on the wire, so that a restart goes on where the one before has stopped. Out go calls or commands,
//! whatever the account's client or bot sends. Each ends as one of these, and [`Broadcast::progress`] lists them:
//!
//! ```text
//! add ──> waiting ──> on its way ──> sent, with what the vendor answered
//!            ^            │ ├──────> refused: recorded, and the next one goes
//!            └─not sent───┘ └──────> unknown: the answer or the process was lost. Never sent again by itself
//! ```
//!
//! What is added again under its key is kept once: after a restart a program may add everything anew. Several servers on
//! one store share a broadcast; an account is sent by one of them at a time, with the distance kept.
//!
//! ```no_run
//! # #[cfg(feature = "eyun")]
//! # async fn example(wx: generated_sdk::eyun::Instance, store: std::sync::Arc<dyn generated_sdk::runtime::store::Store>) -> Result<(), generated_sdk::BoxError> {
//! use generated_sdk::broadcast::Broadcast;
//! use generated_sdk::eyun::xiao_xi_fa_song::SendText;
//! use std::time::Duration;
//!
//! let spring = Broadcast::builder("spring-2026")
//!     .account("alice", &wx)
//!     .distance(Duration::from_secs(3), Duration::from_secs(8))
//!     .limit(200, Duration::from_secs(24 * 3600))
//!     .start(store)?;
//! for friend in ["wxid_a", "wxid_b"] {
//!     spring.add("alice", friend, &SendText::new(friend, "新年快乐")).await?;
//! }
//! let progress = spring.finished().await?;
//! println!("{} sent, {:?}", progress.sent.len(), progress.unknown);
//! # Ok(()) }
//! ```

mod builder;
mod fate;
mod names;
mod progress;
mod sends;
mod turn;
mod worker;

pub use builder::BroadcastBuilder;
pub use progress::{Item, Progress};
pub use sends::Broadcast;
