//! A receiver for what a gateway posts: acknowledge first, hand over through a bounded queue.
//!
//! A gateway gives up on a delivery within seconds and pauses for minutes when it is refused. A [`Receiver`] therefore
//! answers 200 as soon as a message is safe, and a handler of yours works at its own pace:
//!
//! - **At least once, in the order of its conversation.** A handler's [`Outcome`] says what becomes of a message: it is
//!   done, comes [again](Delivery::redelivered), or is [set aside](Receiver::set_aside). Conversations do not wait for
//!   each other. A repetition that the gateway sends is dropped, by the keys that the catalog declares.
//! - **A store** ([`Store`]) keeps every message before it is acknowledged and forgets it when the handler is done:
//!   in memory unless one is given. With `RedbStore` (feature `store-redb`), what a process that died had not finished
//!   is handed over, marked, by the next one; with `RedisStore` (`store-redis`), servers behind one address share it.
//! - **Full.** A request waits for room in the store for at most [`ReceiverBuilder::patience`] and is then answered
//!   503: the gateway knows that it was not taken.
//! - **Addresses.** Where no code tells messages apart, every setting has an address and every call that announces one
//!   gets its own: see [`Addresses`].
//! - **Hostile.** Too large: 413, unread. Neither JSON nor the form that it should be, nested deeper than 128: 400. Bytes
//!   that are no UTF-8 read as U+FFFD, and the message's issues say so. A wrong secret, an address that is none: 404. A wrong header: 401.
//!   Heads have their time, connections and bodies their bounds ([`ReceiverBuilder::connections`],
//!   [`ReceiverBuilder::bodies_bytes`]), and what drips gives way to what works.
//!   Every other message is acknowledged and reaches the handler, as it came where it cannot be typed.
//!
//! ```no_run
//! # #[cfg(all(feature = "eyun", feature = "reqwest"))]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use generated_sdk::eyun::{Client, callback::{Callback, Event}, xiao_xi_fa_song::SendText};
//! use generated_sdk::server::{Delivery, Receiver};
//!
//! let client = Client::builder("http://gateway.example:9899").login("account", "password").await?;
//! let wx = client.instance("the wId that a login returned");
//! let receiver = Receiver::builder().secret_path("a-long-random-word").start(move |delivery: Delivery<Callback>| {
//!     let wx = wx.clone();
//!     async move {
//!         if let Event::PrivateText(message) = delivery.callback.event && message.self_ != Some(true) {
//!             let (to, text) = (message.from_user.unwrap_or_default(), message.content.unwrap_or_default());
//!             wx.xiao_xi_fa_song().send_text(SendText::new(to, text)).await?;
//!         }
//!         Ok::<_, generated_sdk::Error>(())
//!     }
//! })?;
//! receiver.serve("0.0.0.0:8080").await?; // the gateway posts to http://…:8080/callback/a-long-random-word
//! # Ok(())
//! # }
//! ```

mod addressed;
mod bodies;
mod builder;
mod connections;
mod constant_time;
mod form_body;
mod json_body;
mod observer;
mod receiver;
mod recent;
mod request;
mod settings;
mod target;
#[cfg(test)]
mod tests;
mod waiting;

pub(in crate::runtime) use observer::{Arrival, Observer, Sender};
pub(in crate::runtime) use settings::check_path;

pub use crate::runtime::receive::delivery::{
    Aside, Counters, Deliveries, Delivery, Failure, Handed, Handled, Next, Outcome, SetAside,
};
#[cfg(feature = "store-redb")]
pub use crate::runtime::store::RedbStore;
#[cfg(feature = "store-redis")]
pub use crate::runtime::store::RedisStore;
pub use crate::runtime::store::{Counts, MemoryStore, Store};
pub use addressed::{
    Addresses, Announced, Announces, Awaiting, Gathered, Gathering, Gathers, OneTime, Page, read,
};
pub use builder::ReceiverBuilder;
pub use receiver::Receiver;
pub use settings::Misuse;
