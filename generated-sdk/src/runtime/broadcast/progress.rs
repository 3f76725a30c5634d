//! How far a broadcast is.

use super::names::{Names, split};
use super::worker::REFUSED;
use crate::runtime::call::BoxError;
use crate::runtime::store::{Store, Stored};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// How many that were set aside are read at once.
const PAGE: usize = 500;

/// How far a broadcast is, by the store: all servers together.
#[non_exhaustive]
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The vendor took them; `told` is what it answered, as JSON.
    pub sent: Vec<Item>,
    /// They wait for their turn, or are on their way.
    pub waiting: Vec<Item>,
    /// The vendor did not do them; `told` says why.
    pub refused: Vec<Item>,
    /// They may have been done: look, before [`again`](super::Broadcast::again) sends them once more. `told` says why.
    pub unknown: Vec<Item>,
    /// Nothing more is sent, because of [`cancel`](super::Broadcast::cancel): these were not.
    pub cancelled: Vec<Item>,
}

/// One send.
#[non_exhaustive]
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Item {
    /// The account.
    pub account: String,
    /// The key under which it was added.
    pub key: String,
    /// What was told of it; empty: nothing.
    pub told: String,
}

/// Does not show what was told: it may repeat what people write.
impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.account, self.key)
    }
}

/// Reads it.
pub(super) async fn read(store: &dyn Store, names: &Names) -> Result<Progress, BoxError> {
    let mut progress = Progress::default();
    let mut done = BTreeSet::new();
    let prefix = names.sent();
    for (name, told) in store.values(prefix.clone()).await? {
        if let Some((account, key)) = split(&name, &prefix) {
            done.insert((account.clone(), key.clone()));
            progress.sent.push(Item { account, key, told });
        }
    }
    let prefix = names.added();
    let added = store.values(prefix.clone()).await?;
    let added: Vec<_> = added
        .iter()
        .filter_map(|(name, _)| split(name, &prefix))
        .collect();
    let accounts: BTreeSet<&String> = added.iter().map(|(account, _)| account).collect();
    let mut aside = BTreeMap::new();
    for account in accounts {
        for entry in set_aside(store, names.queue(account)).await? {
            if let Some(key) = super::sends::key_of(&entry.body) {
                aside.insert((account.clone(), key.to_owned()), entry.reason);
            }
        }
    }
    let cancelled = !store.values(names.cancelled()).await?.is_empty();
    for (account, key) in added {
        let one = (account, key);
        if done.contains(&one) {
            continue;
        }
        let reason = aside.remove(&one);
        let (account, key) = one;
        let item = |told: &str| Item {
            account,
            key,
            told: told.to_owned(),
        };
        match reason {
            Some(reason) => match reason.strip_prefix(REFUSED) {
                Some(why) => progress.refused.push(item(why)),
                None => progress.unknown.push(item(&reason)),
            },
            None if cancelled => progress.cancelled.push(item("")),
            None => progress.waiting.push(item("")),
        }
    }
    Ok(progress)
}

/// All of a queue that were set aside.
pub(super) async fn set_aside(store: &dyn Store, queue: String) -> Result<Vec<Stored>, BoxError> {
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = store.set_aside(queue.clone(), after, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok(all);
        };
        after = last.lease.id;
        all.extend(page);
    }
}
