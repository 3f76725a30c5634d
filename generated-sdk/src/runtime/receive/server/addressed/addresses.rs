//! How the gateway reaches a receiver: standing addresses, and those of a single use.

use super::announces::Announces;
use crate::runtime::call::{base_url, random};
use crate::runtime::receive::event::Inbound;
use crate::runtime::server::receiver::Receiver;
use crate::runtime::server::settings::Misuse;
use std::fmt;
use tokio::sync::mpsc;

/// How the gateway reaches a receiver from outside. Clones are the same.
///
/// Where only the address tells what came, a receiver takes messages below its own path, at `…/<setting>` and
/// `…/<operation>`, as forms or as JSON. All settings are registered by one call; a call that announces an address gets
/// one for a single use and waits for what comes there.
///
/// ```no_run
/// # #[cfg(all(feature = "dami", feature = "reqwest"))]
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// use generated_sdk::dami::{Client, callback::{Callback, Event}, hao_you_guan_li::SyncFriendList};
/// use generated_sdk::server::{Delivery, Receiver};
///
/// let client = Client::builder("http://gateway.example").login("phone", "password").await?;
/// let receiver = Receiver::builder().secret_path("a-long-random-word").start(|delivery: Delivery<Callback>| async move {
///     if let Event::PrivateMessage(message) = delivery.callback.event {
///         println!("{:?}", message.to_account);
///     }
/// })?;
/// tokio::spawn({
///     let receiver = receiver.clone();
///     async move { receiver.serve("0.0.0.0:8080").await }
/// });
/// let addresses = receiver.addresses("http://bot.example:8080")?;
/// client.register(&addresses).await?;
/// let wx = client.account("wxid");
/// let friends = wx.hao_you_guan_li().sync_friend_list_and_wait(&addresses, SyncFriendList::new).await?;
/// println!("{} friends, all of them: {}", friends.items.len(), friends.complete);
/// # Ok(())
/// # }
/// ```
pub struct Addresses<C: Inbound> {
    receiver: Receiver<C>,
    base: String,
}

impl<C: Inbound> Clone for Addresses<C> {
    fn clone(&self) -> Self {
        Self {
            receiver: self.receiver.clone(),
            base: self.base.clone(),
        }
    }
}

/// Shows no address: they hold a secret.
impl<C: Inbound> fmt::Debug for Addresses<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Addresses").finish_non_exhaustive()
    }
}

impl<C: Inbound> Receiver<C> {
    /// The addresses of this receiver, for a gateway that reaches it at this URL: `http://bot.example:8080`, with the
    /// prefix below which its routes are nested, if they are.
    ///
    /// # Errors
    ///
    /// If the URL is none, or if a code rather than an address tells these events apart.
    pub fn addresses(&self, url: impl Into<String>) -> Result<Addresses<C>, Misuse> {
        if C::LAYOUT.addressed.is_none() {
            return Err(Misuse(
                "these events are told apart by a code: there is one address, `path()`",
            ));
        }
        let base = url.into();
        let base = base_url(&base).map_err(|_| {
            Misuse("the gateway reaches a receiver at a URL: http:// or https://, a host, no query")
        })?;
        Ok(Addresses {
            receiver: self.clone(),
            base: base.to_owned(),
        })
    }
}

impl<C: Inbound> Addresses<C> {
    /// The address for a setting; what comes there goes to the receiver's handler.
    pub fn of(&self, slot: &str) -> String {
        format!("{}{}/{slot}", self.base, self.receiver.path())
    }

    /// A standing address for an operation: what comes there goes to the receiver's handler, whichever call it is the
    /// answer to.
    pub fn standing<R: Announces<Callback = C>>(&self) -> String {
        self.of(R::OPERATION.id)
    }

    /// An address for one call of an operation. What comes there goes to whoever holds it; what comes later goes to
    /// the receiver's handler.
    pub fn one_time<R: Announces<Callback = C>>(&self) -> OneTime<C> {
        self.mint(R::OPERATION.id, None)
    }

    /// The same for several messages, of which so many may wait to be taken.
    pub(super) fn several<R: Announces<Callback = C>>(&self, most: usize) -> OneTime<C> {
        self.mint(R::OPERATION.id, Some(most))
    }

    fn mint(&self, operation: &str, several: Option<usize>) -> OneTime<C> {
        let token = random::token();
        let from = self.receiver.waiting_at().open(token, several);
        OneTime {
            url: format!("{}/{token:032x}", self.of(operation)),
            token,
            from,
            receiver: self.receiver.clone(),
            served: false,
        }
    }
}

/// An address of a single use, and the place where what comes there arrives.
pub struct OneTime<C: Inbound> {
    url: String,
    token: u128,
    from: mpsc::Receiver<C>,
    receiver: Receiver<C>,
    served: bool,
}

impl<C: Inbound> OneTime<C> {
    /// The address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What comes there next; waits for as long as it takes.
    pub async fn next(&mut self) -> Option<C> {
        let next = self.from.recv().await;
        self.served |= next.is_some();
        next
    }

    /// Whoever waited wants more: what comes later goes to the receiver's handler.
    pub(super) fn leave_open(&mut self) {
        self.served = false;
    }
}

impl<C: Inbound> Drop for OneTime<C> {
    fn drop(&mut self) {
        self.receiver.waiting_at().close(self.token, self.served);
    }
}

/// Shows no address: it holds a secret.
impl<C: Inbound> fmt::Debug for OneTime<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OneTime")
            .field("served", &self.served)
            .finish_non_exhaustive()
    }
}
