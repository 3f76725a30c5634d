//! A right to answer: what a message gives, and what is left of it.

use super::names::{CLOSED, Names};
use super::unsaid::Why;
use crate::runtime::call::BoxError;
use crate::runtime::codec::Secret;
use crate::runtime::store::{Store, Value, value};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// The right to answer a person.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Right {
    /// When the person wrote.
    pub since: SystemTime,
    /// Until when it may be answered.
    pub until: SystemTime,
    /// How many sends are left.
    pub left: usize,
    /// The vendor lets nothing through until the person writes again.
    pub closed: bool,
    /// What the answer carries.
    pub token: Secret,
}

/// What a message gives.
#[derive(Clone)]
pub(super) struct Granted {
    /// Which message.
    pub(super) message: u128,
    pub(super) since: SystemTime,
    pub(super) within: Duration,
    pub(super) answers: usize,
    pub(super) token: Secret,
}

/// What a message gives, and what has been done with it.
pub(super) struct Held {
    pub(super) granted: Granted,
    pub(super) sends: usize,
    pub(super) closed: bool,
}

impl Granted {
    /// As it is kept: for twice its time, so that what is too old is told from what never was.
    pub(super) fn value(&self, names: &Names) -> Value {
        let since = self.since.duration_since(UNIX_EPOCH).unwrap_or_default();
        let text = format!(
            "{:032x} {} {} {} {}",
            self.message,
            since.as_millis(),
            self.within.as_millis(),
            self.answers,
            self.token.expose()
        );
        let mut value = Value::new(names.right(), text);
        value.life = Some(self.within * 2);
        value
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(5, ' ');
        let message = u128::from_str_radix(parts.next()?, 16).ok()?;
        let since = Duration::from_millis(parts.next()?.parse().ok()?);
        Some(Self {
            message,
            since: UNIX_EPOCH.checked_add(since)?,
            within: Duration::from_millis(parts.next()?.parse().ok()?),
            answers: parts.next()?.parse().ok()?,
            token: parts.next()?.into(),
        })
    }

    /// It is older than it may be.
    pub(super) fn is_too_old(&self, since: SystemTime) -> bool {
        let age = SystemTime::now().duration_since(since);
        age.is_ok_and(|age| age >= self.within)
    }
}

impl Held {
    /// What there is; `None` if the person has not written.
    pub(super) async fn read(store: &dyn Store, names: &Names) -> Result<Option<Self>, BoxError> {
        let Some(text) = value(store, names.right()).await? else {
            return Ok(None);
        };
        let granted = Granted::read(&text)
            .ok_or("the store has a conversation that no version of this crate wrote")?;
        let (sends, closed) = counted(store, names, granted.message).await?;
        Ok(Some(Self {
            granted,
            sends,
            closed,
        }))
    }

    fn left(&self) -> usize {
        self.granted.answers.saturating_sub(self.sends)
    }

    /// What keeps so many sends from going out.
    pub(super) fn refuses(&self, needed: usize) -> Option<Why> {
        let left = self.left();
        if self.closed {
            Some(Why::Closed)
        } else if self.granted.is_too_old(self.granted.since) {
            Some(Why::TooOld)
        } else if left < needed {
            Some(Why::UsedUp { left, needed })
        } else {
            None
        }
    }
}

impl From<Held> for Right {
    fn from(held: Held) -> Self {
        let left = held.left();
        let Granted {
            since,
            within,
            token,
            ..
        } = held.granted;
        Self {
            since,
            until: since.checked_add(within).unwrap_or(since),
            left,
            closed: held.closed,
            token,
        }
    }
}

/// How many sends count for a message, and whether the vendor has closed it.
pub(super) async fn counted(
    store: &dyn Store,
    names: &Names,
    message: u128,
) -> Result<(usize, bool), BoxError> {
    let prefix = names.counted(message);
    let values = store.values(prefix.clone()).await?;
    let is_closed = |(name, _): &&(String, String)| name.strip_prefix(&*prefix) == Some(CLOSED);
    let closed = values.iter().filter(is_closed).count();
    Ok((values.len() - closed, closed > 0))
}
