//! What was set aside: listed, read, handed over again, discarded.

use super::body::Body;
use super::engine::Core;
use super::outcome::REPEATED;
use crate::runtime::call::BoxError;
use crate::runtime::receive::event::Inbound;
use crate::runtime::store::{Applied, Stored, Target, Verdict};
use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// The messages that were set aside, in the store. With a store that is given they outlive the process.
///
/// ```no_run
/// # #[cfg(all(feature = "eyun", feature = "server"))]
/// # async fn example(receiver: generated_sdk::server::Receiver<generated_sdk::eyun::callback::Callback>) -> Result<(), generated_sdk::BoxError> {
/// for message in receiver.set_aside().list(0, 100).await? {
///     println!("{}: {} ({} attempts)", message.id, message.reason, message.attempts);
///     receiver.set_aside().repeat(message.id).await?; // or `.discard(…)`
/// }
/// # Ok(())
/// # }
/// ```
pub struct SetAside<C: Inbound> {
    pub(super) core: Arc<Core<C>>,
}

impl<C: Inbound> fmt::Debug for SetAside<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SetAside").finish_non_exhaustive()
    }
}

/// A message that was set aside.
#[non_exhaustive]
#[derive(Clone)]
pub struct Aside {
    /// Its number in the store.
    pub id: u64,
    /// Why.
    pub reason: String,
    /// How often it was handed over.
    pub attempts: u32,
    /// When it was received.
    pub since: SystemTime,
    stored: Stored,
}

impl Aside {
    /// The message; `None` if it is not one of this API.
    pub fn callback<C: Inbound>(&self) -> Option<C> {
        C::parse(self.raw()).ok()
    }

    /// The message as it was kept.
    pub fn raw(&self) -> &str {
        Body::of(&self.stored.body).text
    }
}

/// Shows no message, and no reason: a handler may have said what it likes.
impl fmt::Debug for Aside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Aside")
            .field("id", &self.id)
            .field("attempts", &self.attempts)
            .field("since", &self.since)
            .finish_non_exhaustive()
    }
}

impl<C: Inbound> SetAside<C> {
    /// At most so many, by number, beginning behind `after`.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn list(&self, after: u64, most: usize) -> Result<Vec<Aside>, BoxError> {
        let queue = self.core.queue.clone();
        let stored = self.core.store.set_aside(queue, after, most).await?;
        let aside = |stored: Stored| Aside {
            id: stored.lease.id,
            reason: stored.reason.clone(),
            attempts: stored.lease.attempt,
            since: stored.since,
            stored,
        };
        Ok(stored.into_iter().map(aside).collect())
    }

    /// How many there are.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn count(&self) -> Result<u64, BoxError> {
        Ok(self.core.counts().await?.set_aside)
    }

    /// Hands one over again, marked, in its old place; false if it is not there any more. An attempt that fails sets it
    /// aside again.
    ///
    /// # Errors
    ///
    /// If the receiver has shut down.
    pub async fn repeat(&self, id: u64) -> Result<bool, BoxError> {
        let verdict = Verdict::Again {
            after: Duration::ZERO,
            reason: REPEATED.to_owned(),
        };
        self.ruled(id, verdict).await
    }

    /// Forgets one for good; false if it is not there any more. A repetition of it is known, as of one that was handled.
    ///
    /// # Errors
    ///
    /// If the receiver has shut down.
    pub async fn discard(&self, id: u64) -> Result<bool, BoxError> {
        self.ruled(id, Verdict::Done).await
    }

    async fn ruled(&self, id: u64, verdict: Verdict) -> Result<bool, BoxError> {
        let applied = self.core.rule(Target::SetAside(id), verdict).await;
        let applied = applied.ok_or("the receiver has shut down")?;
        Ok(matches!(applied, Applied::Yes { .. }))
    }
}
