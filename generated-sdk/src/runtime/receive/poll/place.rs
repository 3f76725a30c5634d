//! What the store has of an account's polling: who may ask, and from where on.

use crate::runtime::call::BoxError;
use crate::runtime::receive::event::identity_of;
use crate::runtime::store::{
    Batch, Entry, Lanes, Lease, Store, Take, Target, Value, Verdict, login_names, value,
};
use std::sync::Arc;
use std::time::Duration;

/// The queue with an entry for each account: whoever has leased it asks.
const QUEUE: &str = "polls";

/// There is one entry for each account.
pub(super) fn identity(lane: &str) -> u128 {
    identity_of(0, lane)
}

/// An account's place in the store.
pub(super) struct Place {
    store: Arc<dyn Store>,
    server: String,
    lease: Duration,
    lane: String,
    names: String,
}

/// What came of looking whether this poller may ask.
pub(super) enum Turn {
    /// It may, as long as it holds this.
    Ours(Lease),
    /// Another one does; look again after so long at the latest.
    Elsewhere(Option<Duration>),
}

impl Place {
    pub(super) fn new(
        store: &Arc<dyn Store>,
        (server, lease): (&str, Duration),
        (api, account): (&str, &str),
    ) -> Self {
        Self {
            store: Arc::clone(store),
            server: server.to_owned(),
            lease,
            lane: format!("{api}/{account}"),
            names: login_names(api, account),
        }
    }

    /// Looks whether this poller may ask.
    pub(super) async fn look(&self) -> Result<Turn, BoxError> {
        let mut entry = Entry::new(QUEUE, &*self.lane, "");
        entry.identity = Some(identity(&self.lane));
        let mut batch = Batch::default();
        batch.new.push(entry);
        self.store.commit(batch).await?;
        let lanes = Lanes::These(vec![self.lane.clone()]);
        let take = Take::new(QUEUE, lanes, 1, &*self.server, self.lease);
        let taken = self.store.take(take).await?;
        Ok(match taken.entries.first() {
            Some(entry) => Turn::Ours(entry.lease),
            None => Turn::Elsewhere(taken.next),
        })
    }

    /// Another one may ask.
    pub(super) async fn leave(&self, lease: Lease) -> Result<(), BoxError> {
        let verdict = Verdict::Again {
            after: Duration::ZERO,
            reason: String::new(),
        };
        let mut batch = Batch::default();
        batch.verdicts.push((Target::Lease(lease), verdict));
        self.store.commit(batch).await.map(drop)
    }

    /// The cursor of this login, at first an empty one: then everything goes that an earlier login of the account has
    /// left. `None` if the lease is lost.
    pub(super) async fn cursor(
        &self,
        lease: Lease,
        login: &str,
    ) -> Result<Option<String>, BoxError> {
        let own = value(&*self.store, self.name()).await?;
        let own = own.as_deref().and_then(|text| text.split_once(' '));
        if let Some((_, cursor)) = own.filter(|(by, _)| *by == login) {
            return Ok(Some(cursor.to_owned()));
        }
        let known = self.store.values(self.names.clone()).await?;
        let mut batch = Batch::default();
        batch.held.push(lease);
        batch.values = known
            .into_iter()
            .map(|(name, _)| Value::removed(name))
            .collect();
        batch.values.push(self.at(login, ""));
        let committed = self.store.commit(batch).await?;
        Ok(committed.held.then(String::new))
    }

    /// Says from where on this login asks.
    pub(super) fn at(&self, login: &str, cursor: &str) -> Value {
        Value::new(self.name(), format!("{login} {cursor}"))
    }

    fn name(&self) -> String {
        format!("{}cursor", self.names)
    }
}
