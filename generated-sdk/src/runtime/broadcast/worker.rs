//! An account's sends, one after the other: take one, send it, write down what became of it.
//!
//! Whoever has taken one alone sends for its account, on all servers. It is on the disk that it was taken before it is
//! sent, and what was taken by a process that died is set aside: it may have been sent.

use super::fate::Fate;
use super::names::Names;
use super::sends::read;
use super::turn::{Pace, Turn, now};
use crate::runtime::call::{BoxError, Operation, Session, random};
use crate::runtime::lock::lock;
use crate::runtime::store::{
    Applied, Batch, Lanes, Lease, Store, Take, Target, Value, Verdict, value,
};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, Weak};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::{sleep, timeout};

/// What a reason begins with if the vendor refused.
pub(super) const REFUSED: &str = "refused: ";

/// How often others are looked after who may have left something, and how often a store that fails is asked again.
const LOOK: Duration = Duration::from_secs(1);

/// How long nothing is looked for where whatever comes is told.
const QUIET: Duration = Duration::from_secs(30);

/// The longest wait between two attempts to write down what became of a send.
const PATIENT: Duration = Duration::from_secs(10);

/// Operations by the names of their API and their own.
type Operations = HashMap<(String, String), &'static Operation>;

/// What the workers of a broadcast and its handles have in common.
pub(super) struct Shared {
    pub(super) names: Names,
    pub(super) store: Arc<dyn Store>,
    pub(super) server: String,
    pub(super) pace: Pace,
    pub(super) lease: Duration,
    /// After so many refusals nothing more goes out.
    pub(super) enough: Option<u32>,
    pub(super) refused: AtomicU32,
    /// Why nothing goes out.
    pub(super) held: Mutex<Option<String>>,
    pub(super) operations: Mutex<Operations>,
    pub(super) is_over: AtomicBool,
    /// There is something to send, or to stop.
    pub(super) changed: watch::Sender<()>,
    /// Something has come to its end.
    pub(super) settled: watch::Sender<()>,
}

impl Shared {
    pub(super) fn end(&self) {
        self.is_over.store(true, Ordering::Release);
        self.changed.send_replace(());
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over.load(Ordering::Acquire)
    }

    pub(super) fn know(&self, operation: &'static Operation) {
        let name = (operation.api.name.to_owned(), operation.id.to_owned());
        lock(&self.operations).insert(name, operation);
    }

    fn hold(&self, why: String) {
        *lock(&self.held) = Some(why);
        self.settled.send_replace(());
    }

    /// The next send of an account, if its time has come; else how long to wait.
    async fn step(
        &self,
        account: &str,
        session: &Session,
        turn: &mut Turn,
    ) -> Result<Duration, BoxError> {
        let quiet = if self.store.is_shared() { LOOK } else { QUIET };
        let wait = turn.wait(now(), &self.pace);
        if lock(&self.held).is_some() {
            return Ok(quiet);
        }
        if !wait.is_zero() {
            return Ok(wait);
        }
        let (queue, server) = (self.names.queue(account), self.server.clone());
        let take = Take::new(queue, Lanes::OneOfEach, 1, server, self.lease);
        let taken = self.store.take(take).await?;
        let Some(entry) = taken.entries.into_iter().next() else {
            return Ok(taken.next.map_or(quiet, |next| next.min(quiet)));
        };
        let sent = match self.look(account, &entry.body, turn).await {
            Ok(Some((operation, body))) => session.prepare_written(operation, body).send().await,
            refused => {
                let back = vec![(Target::Lease(entry.lease), Verdict::GiveBack)];
                self.write(back, Vec::new()).await;
                return refused.map(|_| turn.wait(now(), &self.pace));
            }
        };
        let distance = random::between(self.pace.least, self.pace.most);
        *turn = turn.after(now(), distance, &self.pace);
        let key = super::sends::key_of(&entry.body).unwrap_or_default();
        let fate = Fate::of(sent, entry.lease.attempt);
        self.settle((account, key), entry.lease, fate, *turn).await;
        Ok(Duration::ZERO)
    }

    /// What is to be sent now, if it may be: another server may have sent meanwhile, and this program may not know the
    /// operation.
    async fn look<'a>(
        &self,
        account: &str,
        body: &'a str,
        turn: &mut Turn,
    ) -> Result<Option<(&'static Operation, &'a str)>, BoxError> {
        let known = value(&*self.store, self.names.turn(account)).await?;
        let known = known.as_deref().and_then(Turn::read);
        *turn = known.unwrap_or(*turn);
        if self.is_over() || !turn.wait(now(), &self.pace).is_zero() {
            return Ok(None);
        }
        let Some((api, operation, _, body)) = read(body) else {
            return Err("a broadcast's entry that no broadcast has written".into());
        };
        let wanted = (api.to_owned(), operation.to_owned());
        let known = lock(&self.operations).get(&wanted).copied();
        if known.is_none() {
            self.hold(format!(
                "`{operation}` of {api} is to be sent, and this program has not said that it sends such: \
                 add `.sends::<…>()` with the type of the request to the broadcast's builder"
            ));
        }
        Ok(known.map(|known| (known, body)))
    }

    /// Writes down what became of a send.
    async fn settle(&self, (account, key): (&str, &str), lease: Lease, fate: Fate, turn: Turn) {
        let mut values = vec![Value::new(self.names.turn(account), turn.written())];
        let is_refused = matches!(fate, Fate::Refused(_));
        let is_sent = matches!(fate, Fate::Sent(_));
        let verdict = match fate {
            Fate::Sent(answer) => {
                let name = format!("{}{account}/{key}", self.names.sent());
                values.push(Value::new(name, answer));
                Verdict::Done
            }
            Fate::Refused(why) => Verdict::SetAside {
                reason: format!("{REFUSED}{why}"),
            },
            Fate::Unknown(reason) => Verdict::SetAside { reason },
            Fate::Later(after, reason) => Verdict::Again { after, reason },
        };
        let applied = self
            .write(vec![(Target::Lease(lease), verdict)], values)
            .await;
        if is_sent && applied == Some(Applied::Lost) {
            // The lease ran out meanwhile, so that it was set aside.
            let aside = vec![(Target::SetAside(lease.id), Verdict::Done)];
            self.write(aside, Vec::new()).await;
        }
        if is_refused {
            let refused = self.refused.fetch_add(1, Ordering::Relaxed) + 1;
            if self.enough.is_some_and(|enough| refused >= enough) {
                self.hold(format!("the vendor has refused {refused} sends"));
            }
        }
        self.settled.send_replace(());
    }

    /// Writes until it is written: what became of a send must not be lost as long as this process lives.
    async fn write(&self, verdicts: Vec<(Target, Verdict)>, values: Vec<Value>) -> Option<Applied> {
        let mut batch = Batch::default();
        (batch.verdicts, batch.values) = (verdicts, values);
        let mut wait = Duration::from_millis(100);
        loop {
            match self.store.commit(batch.clone()).await {
                Ok(committed) => return committed.applied.into_iter().next(),
                // A store that was closed comes back no more: the lease runs out, and it is set aside.
                Err(_) if self.is_over() && wait >= PATIENT => return None,
                Err(_) => sleep(wait).await,
            }
            wait = (wait * 2).min(PATIENT);
        }
    }
}

/// Sends what there is for an account until the broadcast is over.
pub(super) async fn run(shared: Arc<Shared>, account: String, session: Session) {
    let mut changed = shared.changed.subscribe();
    let mut turn = Turn::default();
    while !shared.is_over() {
        changed.mark_unchanged();
        let wait = shared.step(&account, &session, &mut turn).await;
        let wait = wait.unwrap_or(LOOK);
        if !wait.is_zero() {
            // Either will do: there is something new, or it is time.
            let _ = timeout(wait, changed.changed()).await;
        }
    }
}

/// Renews the leases of this server as long as its workers are there.
pub(super) async fn renew(shared: Weak<Shared>) {
    while let Some(shared) = shared.upgrade() {
        let lease = shared.lease;
        // A store that fails now is asked again.
        let _ = shared.store.renew(shared.server.clone(), lease).await;
        drop(shared);
        sleep(lease / 3).await;
    }
}
