//! The handle of a broadcast: adds to it, looks at it, ends it.

use super::builder::BroadcastBuilder;
use super::names::{keyed, named};
use super::progress::{self, Progress};
use super::worker::{self, Shared};
use crate::runtime::call::{BoxError, Caller, Session, broken, is_addressed, wire};
use crate::runtime::codec::secrets;
use crate::runtime::lock::lock;
use crate::runtime::store::{Applied, Batch, Entry, Kept, Lapse, Target, Value, Verdict, value};
use crate::runtime::{Error, ErrorKind, Reaches, Request};
use std::fmt;
use std::marker::PhantomData;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How many are added, withdrawn or forgotten in one step.
const STEP: usize = 500;

/// How often others are looked after who send too.
const LOOK: Duration = Duration::from_secs(1);

/// Many sends, durable and apart; see the [module](crate::runtime::broadcast). Clones are the same broadcast; when the last is gone, sending
/// stops, and what waits stays in the store.
pub struct Broadcast<C> {
    shared: Arc<Shared>,
    tasks: Arc<Tasks>,
    of: PhantomData<fn() -> C>,
}

impl<C> Clone for Broadcast<C> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            tasks: Arc::clone(&self.tasks),
            of: PhantomData,
        }
    }
}

/// Shows no account.
impl<C> fmt::Debug for Broadcast<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Broadcast").finish_non_exhaustive()
    }
}

/// Those who send, until nobody has the broadcast any more.
struct Tasks {
    shared: Arc<Shared>,
    running: Mutex<Vec<JoinHandle<()>>>,
}

impl Drop for Tasks {
    fn drop(&mut self) {
        self.shared.end();
    }
}

impl<C: Caller> Broadcast<C> {
    /// Sets a broadcast up. By its name it is found again after a restart.
    pub fn builder(name: impl Into<String>) -> BroadcastBuilder<C> {
        BroadcastBuilder::new(name.into())
    }

    pub(super) fn of(shared: Arc<Shared>, accounts: Vec<(String, Session)>) -> Self {
        tokio::spawn(worker::renew(Arc::downgrade(&shared)));
        let tasks = Tasks {
            shared: Arc::clone(&shared),
            running: Mutex::default(),
        };
        let broadcast = Self {
            shared,
            tasks: Arc::new(tasks),
            of: PhantomData,
        };
        for (account, session) in accounts {
            broadcast.begin(account, session);
        }
        broadcast
    }

    fn begin(&self, account: String, session: Session) {
        let worker = worker::run(Arc::clone(&self.shared), account, session);
        lock(&self.tasks.running).push(tokio::spawn(worker));
    }

    /// One more account that sends, once it is logged in.
    ///
    /// # Errors
    ///
    /// If the name cannot be.
    pub fn account(&self, name: impl Into<String>, caller: &C) -> Result<(), Error> {
        let name = name.into();
        named(&name)?;
        self.begin(name, caller.session());
        Ok(())
    }

    /// Adds a send under a key; false if there is one of this key already, whatever became of it.
    ///
    /// # Errors
    ///
    /// If the request breaks a documented limit or holds a secret, a name cannot be, the broadcast was cancelled, or the
    /// store fails.
    pub async fn add<R: Request>(
        &self,
        account: &str,
        key: impl Into<String>,
        request: &R,
    ) -> Result<bool, Error>
    where
        C: Reaches<R::Scope>,
    {
        let added = self.put(account, vec![self.entry(account, key.into(), request)?]);
        Ok(added.await.map_err(failed::<R>)? == 1)
    }

    /// Adds many, each under its key: how many of them were new.
    ///
    /// # Errors
    ///
    /// As with [`add`](Self::add); those before the one that is wrong may have been added.
    pub async fn add_all<R: Request>(
        &self,
        account: &str,
        requests: impl IntoIterator<Item = (String, R)>,
    ) -> Result<usize, Error>
    where
        C: Reaches<R::Scope>,
    {
        let (mut added, mut step) = (0, Vec::new());
        for (key, request) in requests {
            step.push(self.entry(account, key, &request)?);
            if step.len() == STEP {
                let step = self.put(account, std::mem::take(&mut step));
                added += step.await.map_err(failed::<R>)?;
            }
        }
        Ok(added + self.put(account, step).await.map_err(failed::<R>)?)
    }

    fn entry<R: Request>(
        &self,
        account: &str,
        key: String,
        request: &R,
    ) -> Result<(String, Entry), Error> {
        let operation = R::OPERATION;
        let misuse = |message: String| {
            wire::error(operation, operation.path, ErrorKind::Misuse).with_message(Some(message))
        };
        named(account)?;
        keyed(&key)?;
        if let Some(broken) = broken(operation.limits, request) {
            return Err(misuse(broken));
        }
        if !secrets(request).is_empty() {
            return Err(misuse(
                "a request with a secret is not kept in a store: call it".to_owned(),
            ));
        }
        if is_addressed(operation, request) {
            return Err(misuse(
                "what stands in an address or a header is not kept in a store: call it".to_owned(),
            ));
        }
        self.shared.know(operation);
        let names = &self.shared.names;
        let written = wire::write(operation, &[], request);
        let body = [operation.api.name, operation.id, &key, &written].join("\n");
        let mut entry = Entry::new(names.queue(account), account, body);
        entry.lapse = Lapse::SetAside;
        Ok((key, entry))
    }

    async fn put(&self, account: &str, entries: Vec<(String, Entry)>) -> Result<usize, BoxError> {
        let Shared { store, names, .. } = &*self.shared;
        let (round, is_cancelled) = self.state().await?;
        if is_cancelled {
            return Err("the broadcast was cancelled".into());
        }
        let mut batch = Batch::default();
        for (key, mut entry) in entries {
            // An identity is remembered within a bound, a name for ever.
            let name = format!("{}{account}/{key}", names.added());
            if value(&**store, name.clone()).await?.is_none() {
                entry.identity = Some(names.identity(round, account, &key));
                entry.values.push(Value::new(name, ""));
                batch.new.push(entry);
            }
        }
        if batch.new.is_empty() {
            return Ok(0);
        }
        let kept = store.commit(batch).await?.kept;
        self.shared.changed.send_replace(());
        if kept.contains(&Kept::Full) {
            return Err("the store has no room".into());
        }
        let new = kept.iter().filter(|kept| matches!(kept, Kept::New(_)));
        Ok(new.count())
    }

    /// How often it was forgotten, and whether it was cancelled since.
    async fn state(&self) -> Result<(u64, bool), BoxError> {
        let Shared { store, names, .. } = &*self.shared;
        let state = store.values(names.state()).await?;
        let of = |name: String| state.iter().find(|(known, _)| *known == name);
        let round = of(names.round()).and_then(|(_, round)| round.parse().ok());
        Ok((round.unwrap_or(0), of(names.cancelled()).is_some()))
    }

    /// How far it is, all servers together.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn progress(&self) -> Result<Progress, BoxError> {
        progress::read(&*self.shared.store, &self.shared.names).await
    }

    /// Why nothing goes out: too many refusals, or a request that this program has not named. `None`: nothing is in the
    /// way.
    pub fn held(&self) -> Option<String> {
        lock(&self.shared.held).clone()
    }

    /// Goes on after [`held`](Self::held), counting refusals anew.
    pub fn resume(&self) {
        *lock(&self.shared.held) = None;
        self.shared.refused.store(0, Ordering::Relaxed);
        self.shared.changed.send_replace(());
    }

    /// Waits until nothing waits any more, or nothing goes out.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn finished(&self) -> Result<Progress, BoxError> {
        let mut settled = self.shared.settled.subscribe();
        loop {
            settled.mark_unchanged();
            let progress = self.progress().await?;
            if progress.waiting.is_empty() || self.held().is_some() || self.shared.is_over() {
                return Ok(progress);
            }
            // It is read whole: not for each of thousands.
            let _ = timeout(LOOK, settled.changed()).await;
            if progress.waiting.len() > STEP {
                tokio::time::sleep(LOOK).await;
            }
        }
    }

    /// Sends one again that was refused, or of which nobody knows; false if there is no such one.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn again(&self, account: &str, key: &str) -> Result<bool, BoxError> {
        let Shared { store, names, .. } = &*self.shared;
        let aside = progress::set_aside(&**store, names.queue(account)).await?;
        let entry = aside.iter().find(|entry| key_of(&entry.body) == Some(key));
        let Some(entry) = entry else {
            return Ok(false);
        };
        let mut batch = Batch::default();
        let again = Verdict::Again {
            after: Duration::ZERO,
            reason: String::new(),
        };
        batch
            .verdicts
            .push((Target::SetAside(entry.lease.id), again));
        let applied = store.commit(batch).await?.applied;
        self.shared.changed.send_replace(());
        Ok(matches!(applied.first(), Some(Applied::Yes { .. })))
    }

    /// Sends nothing more, on any server, now or after a restart. What is on its way comes to its end.
    ///
    /// # Errors
    ///
    /// If the store fails; then some may still be sent, and it can be tried again.
    pub async fn cancel(&self) -> Result<Progress, BoxError> {
        let Shared { store, names, .. } = &*self.shared;
        let mut said = Batch::default();
        said.values.push(Value::new(names.cancelled(), "yes"));
        store.commit(said).await?;
        let ((round, _), progress) = (self.state().await?, self.progress().await?);
        for step in progress.cancelled.chunks(STEP) {
            let mut batch = Batch::default();
            for item in step {
                let identity = names.identity(round, &item.account, &item.key);
                let target = Target::Identity(names.queue(&item.account), identity);
                batch.verdicts.push((target, Verdict::Withdraw));
            }
            store.commit(batch).await?;
        }
        self.shared.end();
        self.joined().await;
        self.progress().await
    }

    /// Stops sending here: returns when what was on its way has come to its end. What waits stays in the store, for
    /// another server or the next start.
    pub async fn stop(&self) {
        self.shared.end();
        self.joined().await;
    }

    async fn joined(&self) {
        let running = std::mem::take(&mut *lock(&self.tasks.running));
        for task in running {
            // A task that panicked has ended too.
            let _ = task.await;
        }
    }

    /// Forgets everything of a broadcast that was cancelled or is finished, the keys too.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn forget(self) -> Result<(), BoxError> {
        let progress = self.cancel().await?;
        let (round, _) = self.state().await?;
        let Shared { store, names, .. } = &*self.shared;
        let lists = [&progress.refused, &progress.unknown];
        let accounts: std::collections::BTreeSet<&String> = (lists.iter())
            .flat_map(|list| list.iter().map(|item| &item.account))
            .collect();
        let mut batch = Batch::default();
        for account in accounts {
            for entry in progress::set_aside(&**store, names.queue(account)).await? {
                let target = Target::SetAside(entry.lease.id);
                batch.verdicts.push((target, Verdict::Done));
            }
        }
        for (name, _) in store.values(names.all()).await? {
            batch.values.push(Value::removed(name));
        }
        let next = (round + 1).to_string();
        batch.values.push(Value::new(names.round(), next));
        store.commit(batch).await.map(drop)
    }
}

fn failed<R: Request>(failure: BoxError) -> Error {
    let message = failure.to_string();
    wire::error(R::OPERATION, R::OPERATION.path, ErrorKind::NotSent)
        .with_message(Some(message))
        .with_source(failure, false)
}

/// The API, the operation, the key and the request of an entry.
pub(super) fn read(body: &str) -> Option<(&str, &str, &str, &str)> {
    let mut parts = body.splitn(4, '\n');
    Some((parts.next()?, parts.next()?, parts.next()?, parts.next()?))
}

/// The key of an entry.
pub(super) fn key_of(body: &str) -> Option<&str> {
    read(body).map(|(_, _, key, _)| key)
}
