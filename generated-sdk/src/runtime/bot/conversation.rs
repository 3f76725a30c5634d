//! The handle of a conversation: says something, tells what is left.

use super::origin::Origin;
use super::plan::{TalkPlan, TypingPlan};
use super::right::{Held, Right};
use super::saying::{Make, Saying};
use super::split::split;
use super::typing::Typing;
use crate::runtime::call::Template;
use crate::runtime::call::{BoxFuture, Caller, Session, wire};
use crate::runtime::store::Store;
use crate::runtime::{Error, ErrorKind, Json};
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// Whoever people can be answered from.
pub trait Talks: Caller {
    /// What makes a conversation.
    const TALK: &'static TalkPlan;
}

/// A person who wrote, and the right to answer: see the [module](crate::runtime::bot). Clones are the same one.
///
/// From a message: what is said is counted there, so that the same message, handed over again, says nothing twice. From
/// a client: nothing is known of what was said before, and every call sends.
///
/// The newest message of the person counts, whichever it is held from: its token, its time, its number of answers.
pub struct Conversation<H> {
    origin: Arc<Origin>,
    session: Session,
    of: PhantomData<fn() -> H>,
}

impl<H> Clone for Conversation<H> {
    fn clone(&self) -> Self {
        Self {
            origin: Arc::clone(&self.origin),
            session: self.session.clone(),
            of: PhantomData,
        }
    }
}

/// Shows nobody.
impl<H> fmt::Debug for Conversation<H> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Conversation").finish_non_exhaustive()
    }
}

impl<H: Talks> Conversation<H> {
    /// With a person who wrote to a bot, as the store knows.
    pub fn new(
        caller: &H,
        store: Arc<dyn Store>,
        bot: impl Into<String>,
        person: impl Into<String>,
    ) -> Self {
        let key = (bot.into(), person.into());
        Self::of(caller, Origin::new(H::TALK, key, None, store))
    }

    /// Of a message.
    pub(in crate::runtime) fn of(caller: &H, origin: Arc<Origin>) -> Self {
        Self {
            origin,
            session: caller.session(),
            of: PhantomData,
        }
    }

    /// The bot.
    pub fn bot(&self) -> &str {
        &self.origin.bot
    }

    /// The person.
    pub fn person(&self) -> &str {
        &self.origin.person
    }

    /// Whose calls it sends by.
    #[cfg(feature = "media")]
    pub(in crate::runtime) fn session(&self) -> &Session {
        &self.session
    }

    /// What may be said now; `None` if the person has not written, or long ago.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn right(&self) -> Result<Option<Right>, Error> {
        let Origin { store, names, .. } = &*self.origin;
        let held = Held::read(&**store, names).await.map_err(|failure| {
            let operation = self.origin.plan.operation;
            wire::error(operation, operation.path, ErrorKind::NotSent)
                .with_message(Some(failure.to_string()))
                .with_source(failure, false)
        })?;
        Ok(held.map(Right::from))
    }

    /// Sends a text by this template of an item, in pieces of so many characters at most.
    pub fn send_split(&self, item: &Template, text: &str, most: Option<usize>) -> Answering {
        let pieces = split(text, most.unwrap_or(usize::MAX));
        let items = pieces
            .iter()
            .map(|piece| item.filled(&[("text", &Json::from(*piece))]));
        let items: Result<Vec<Json>, Error> = match pieces.is_empty() {
            true => Err(Error::misuse("there is nothing to say")),
            false => items.collect(),
        };
        self.send_made(pieces.len(), async move { items })
    }

    /// Sends so many items that are made once it is known that they go out.
    pub fn send_made(
        &self,
        needed: usize,
        make: impl Future<Output = Result<Vec<Json>, Error>> + Send + 'static,
    ) -> Answering {
        let saying = Saying {
            origin: Arc::clone(&self.origin),
            session: self.session.clone(),
            // Now, not when it is waited for: answers that go out side by side keep their numbers.
            ordinal: self
                .origin
                .handed
                .as_ref()
                .map_or(0, |handed| handed.ordinal()),
            needed,
        };
        let make: Make = Box::pin(make);
        Answering(Box::pin(saying.run(make)))
    }

    /// Shows that something is being written, until the future is done, or dropped. What goes wrong with that disturbs
    /// nothing.
    pub async fn typing_by<F: Future>(&self, plan: &'static TypingPlan, future: F) -> F::Output {
        let _shown = Typing::shown(plan, Arc::clone(&self.origin), self.session.clone());
        future.await
    }
}

/// An answer that went out.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// What each piece was sent under.
    pub client_ids: Vec<String>,
    /// It went out when the message was handed over before, and not now.
    pub repeated: bool,
}

/// An answer on its way.
#[must_use = "nothing is sent until the answer is awaited"]
pub struct Answering(BoxFuture<'static, Result<Sent, Error>>);

impl Future for Answering {
    type Output = Result<Sent, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl fmt::Debug for Answering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answering").finish_non_exhaustive()
    }
}
