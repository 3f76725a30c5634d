//! Events that only their address tells apart: an address per setting, one for a single use per announcing call, and
//! the call that waits for what comes there.
//!
//! A [`Receiver`](super::Receiver) of such events takes messages below its own path, at `…/<setting>` and
//! `…/<operation>`, as forms or as JSON. [`Addresses`] says how the gateway reaches these places from outside:
//!
//! ```no_run
//! # #[cfg(all(feature = "dami", feature = "reqwest"))]
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! use generated_sdk::dami::{Client, callback::{Callback, Event}, hao_you_guan_li::SyncFriendList};
//! use generated_sdk::server::{Delivery, Receiver};
//!
//! let client = Client::builder("http://gateway.example").login("phone", "password").await?;
//! let receiver = Receiver::builder().secret_path("a-long-random-word").start(|delivery: Delivery<Callback>| async move {
//!     if let Event::PrivateMessage(message) = delivery.callback.event {
//!         println!("{:?}", message.to_account);
//!     }
//! })?;
//! tokio::spawn({
//!     let receiver = receiver.clone();
//!     async move { receiver.serve("0.0.0.0:8080").await }
//! });
//! let addresses = receiver.addresses("http://bot.example:8080")?;
//! client.register(&addresses).await?;
//! let wx = client.account("wxid");
//! let friends = wx.hao_you_guan_li().sync_friend_list_and_wait(&addresses, SyncFriendList::new).await?;
//! println!("{} friends, all of them: {}", friends.items.len(), friends.complete);
//! # Ok(())
//! # }
//! ```

mod addresses;
mod awaiting;
mod form;
mod gathering;
mod message;
mod waiting;

pub use addresses::{Addresses, OneTime};
pub use awaiting::{Announced, Announces, Awaiting};
pub use gathering::{Gathered, Gathering, Gathers, Page};

use crate::runtime::event::{Inbound, Opened};
pub(super) use message::text;
pub(super) use waiting::{Handed, Waiting};

/// Reads what came to an address: the setting or the operation, the content type, the body. None if the body is neither
/// a form nor JSON.
pub fn read<C: Inbound>(address: &str, content_type: &str, body: &[u8]) -> Option<C> {
    let addressed = C::LAYOUT.addressed?;
    let text = text(C::LAYOUT, addressed, address, content_type, body)?;
    Opened::new(C::LAYOUT, &text).ok().map(C::read)
}

/// Where a request came to, below the receiver's own path.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target<'p> {
    /// The receiver's path.
    pub(super) path: &'p str,
    /// The setting or the operation; empty where there is only one address.
    pub(super) address: &'p str,
    /// What makes the address one for a single use.
    pub(super) token: Option<&'p str>,
}

impl<'p> Target<'p> {
    /// Takes as many segments off a path as the route has behind the receiver's own.
    pub(super) fn of(path: &'p str, segments: u8) -> Self {
        let last = |path: &'p str| path.rsplit_once('/').unwrap_or(("", path));
        let (path, token) = match segments {
            2 => {
                let (path, token) = last(path);
                (path, Some(token))
            }
            _ => (path, None),
        };
        let (path, address) = match segments {
            0 => (path, ""),
            _ => last(path),
        };
        Self {
            path,
            address,
            token,
        }
    }
}
