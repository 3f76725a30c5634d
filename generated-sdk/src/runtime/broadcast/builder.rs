//! How a broadcast is set up.

use super::names::{Names, named};
use super::sends::Broadcast;
use super::turn::Pace;
use super::worker::Shared;
use crate::runtime::call::{Caller, Operation, Session, random};
use crate::runtime::store::Store;
use crate::runtime::{Error, Reaches, Request};
use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicU32};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::watch;

/// Sets up a [`Broadcast`].
#[must_use]
pub struct BroadcastBuilder<C> {
    name: String,
    accounts: Vec<(String, Session)>,
    operations: Vec<&'static Operation>,
    pace: Pace,
    enough: Option<u32>,
    lease: Duration,
    of: PhantomData<fn() -> C>,
}

/// Shows no account.
impl<C> fmt::Debug for BroadcastBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BroadcastBuilder")
            .field("name", &self.name)
            .field("pace", &self.pace)
            .finish_non_exhaustive()
    }
}

impl<C: Caller> BroadcastBuilder<C> {
    pub(super) fn new(name: String) -> Self {
        Self {
            name,
            accounts: Vec::new(),
            operations: Vec::new(),
            pace: Pace {
                least: Duration::from_secs(2),
                most: Duration::from_secs(5),
                limit: None,
            },
            enough: None,
            lease: Duration::from_secs(30),
            of: PhantomData,
        }
    }

    /// Who sends: a name that stays the same after a restart, and the client, session or bot of the account. A session
    /// that is bound anew after another login is used as it is then.
    pub fn account(mut self, name: impl Into<String>, caller: &C) -> Self {
        self.accounts.push((name.into(), caller.session()));
        self
    }

    /// How far apart the sends of an account are, from the end of one to the start of the next: drawn between these two;
    /// 2 to 5 s unless said otherwise.
    pub fn distance(mut self, least: Duration, most: Duration) -> Self {
        (self.pace.least, self.pace.most) = (least, most.max(least));
        self
    }

    /// How many an account sends at most within a time: 200 in 24 hours.
    pub fn limit(mut self, sends: u32, within: Duration) -> Self {
        self.pace.limit = Some((sends.max(1), within));
        self
    }

    /// After so many refusals by the vendor nothing more is sent until [`Broadcast::resume`]; unless said otherwise, the
    /// next one is sent whatever became of those before.
    pub fn stop_after_refusals(mut self, refusals: u32) -> Self {
        self.enough = Some(refusals.max(1));
        self
    }

    /// A request that may wait from an earlier run of the program. Those that this run adds need not be named.
    pub fn sends<R: Request>(mut self) -> Self
    where
        C: Reaches<R::Scope>,
    {
        self.operations.push(R::OPERATION);
        self
    }

    /// How long a process may be silent before what it was sending counts as unknown; 30 s unless said otherwise.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease.max(Duration::from_millis(30));
        self
    }

    /// Starts to send what there is, what an earlier run has left included.
    ///
    /// # Errors
    ///
    /// If a name cannot be.
    pub fn start(self, store: Arc<dyn Store>) -> Result<Broadcast<C>, Error> {
        for (account, _) in &self.accounts {
            named(account)?;
        }
        let shared = Shared {
            names: Names::new(&self.name)?,
            store,
            server: format!("broadcast/{}", random::id()),
            pace: self.pace,
            lease: self.lease,
            enough: self.enough,
            refused: AtomicU32::new(0),
            held: Mutex::default(),
            operations: Mutex::default(),
            is_over: AtomicBool::new(false),
            changed: watch::Sender::new(()),
            settled: watch::Sender::new(()),
        };
        for operation in self.operations {
            shared.know(operation);
        }
        Ok(Broadcast::of(Arc::new(shared), self.accounts))
    }
}
