//! A server for programs that fetch their commands: events in, commands out, results back to whoever waits for them.
//!
//! The vendor's program is the client here. It posts every event to one address and asks another for commands; both are
//! answered with the commands that wait for it, as a JSON array. A [`Hub`] is that server, for any number of programs:
//!
//! - **Events** are received as a [`Receiver`](crate::runtime::server::Receiver) receives callbacks: acknowledged once
//!   they are safe, typed, handed to a handler or a stream.
//! - **Commands** are called as on any client: [`Hub::bot`] gives the type with the commands, `.await` resolves with
//!   what the program reports. Where no result is documented, it resolves when the program has fetched the command.
//!   A command that is not fetched in time is withdrawn, and the error says so; of one that was fetched, it says that it
//!   may have been executed.
//! - **A store** keeps events and commands until they are settled: in memory, in a file (`RedbStore`, feature
//!   `store-redb`), or in Redis (`RedisStore`, feature `store-redis`) for several servers behind one address. As long as
//!   nothing crashes, a command is handed out once; what a program had when it went silent, and what could not be
//!   written or was not noted when a server died, is handed out again, under the same id and marked.
//!
//! ```no_run
//! # #[cfg(feature = "wequick")]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use generated_sdk::server::Delivery;
//! use generated_sdk::wequick::v2::callback::{Callback, Event};
//! use generated_sdk::wequick::v2::{Bots, Hub, xiao_xi_xiang_guan::SendTextMessage};
//!
//! let hub = Hub::builder().secret_path("a-long-random-word").start(|event: Delivery<Callback>, bots: Bots| async move {
//!     if let (Some(me), Event::TextMessage(message)) = (event.callback.cwxid, event.callback.event)
//!         && let Some(friend) = message.wxid_from.filter(|from| *from != me)
//!     {
//!         let answer = SendTextMessage::new(friend, "你好");
//!         bots.bot(me.as_str()).xiao_xi_xiang_guan().send_text_message(answer).await?;
//!     }
//!     Ok::<_, generated_sdk::Error>(())
//! })?;
//! hub.serve("0.0.0.0:8080").await?; // events to /recieve_msg/<secret>, commands from /send_msg/<secret>
//! # Ok(())
//! # }
//! ```

mod address;
mod answer;
mod bots;
mod dispatcher;
mod hub;
mod news;
mod undelivered;
mod waiters;

pub use bots::{Bots, Program};
pub use hub::{HandedOut, Hub, HubBuilder};
pub use undelivered::Undelivered;
