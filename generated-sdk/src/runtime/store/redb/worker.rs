//! The thread that owns the index and the file, and makes one step of whatever came in the meantime.

use super::file::{File, Step};
use crate::runtime::call::BoxError;
use crate::runtime::store::clock::Clock;
use crate::runtime::store::index::{Index, Item, Journal, Limits, Time};
use crate::runtime::store::{
    Batch, Committed, Counts, Lapse, Lease, Stored, Take, Taken, Target, Value, Verdict,
};
use std::collections::{BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};
use tokio::sync::oneshot;

/// Most jobs of one step.
const BATCH: usize = 1024;

/// How long what need not be on the disk at once may wait for company.
const LINGER: Duration = Duration::from_millis(20);

/// How long to leave a file alone that could not be written.
const PAUSE: Duration = Duration::from_secs(1);

/// Something to do.
pub(super) enum Job {
    Work(Box<dyn FnOnce(&mut Worker) -> Answer + Send>),
    Limit(Box<dyn FnOnce(&mut Limits) + Send>),
    Close(oneshot::Sender<()>),
}

/// Answers when the step is in the file, or says why it is not.
type Answer = Box<dyn FnOnce(&mut Worker, Option<&str>)>;

/// Makes an answer when the step is in the file.
pub(super) type Later<T> = Box<dyn FnOnce(&mut Worker) -> Result<T, BoxError>>;

/// The answer for whoever asked, who may be gone.
pub(super) fn answer<T: 'static>(
    later: Later<T>,
    reply: oneshot::Sender<Result<T, BoxError>>,
) -> Answer {
    Box::new(move |worker, failure| {
        let _ = reply.send(match failure {
            Some(failure) => Err(failure.into()),
            None => later(worker),
        });
    })
}

fn ready<T: 'static>(value: T) -> Later<T> {
    Box::new(|_| Ok(value))
}

/// What has changed and is not in the file.
#[derive(Default)]
pub(super) struct Changes {
    /// What was known of entries before, in the order of the changes.
    items: Vec<(u64, Option<Item>)>,
    /// Identities that are remembered, by queue.
    done: Vec<(usize, u128)>,
}

impl Journal for Changes {
    fn changed(&mut self, id: u64, old: Option<Item>, _: Option<&Item>) {
        self.items.push((id, old));
    }

    fn remembered(&mut self, queue: usize, identity: u128) {
        self.done.push((queue, identity));
    }
}

/// The index, the file, and what is not in it yet.
pub(super) struct Worker {
    index: Index<Changes>,
    /// Not there after it could not be written, until it is opened again.
    file: Option<File>,
    path: PathBuf,
    /// The time of the last job.
    pub(super) now: Time,
    /// What has a smaller number is from before this process.
    first: u64,
    /// Entries whose rows are not what they should be.
    stale: BTreeSet<u64>,
    /// When these are written at the latest.
    flush: Option<Instant>,
    /// This step is on the disk before it is answered.
    durable: bool,
    bodies: HashMap<u64, String>,
    values: Vec<Value>,
}

impl Worker {
    pub(super) fn open(path: &Path) -> Result<(Self, Clock), BoxError> {
        let limits = Limits {
            entries: 1_000_000,
            bytes: usize::MAX,
            aside: 100_000,
            remember: 100_000,
        };
        let mut index = Index::new(limits, Changes::default());
        let file = File::open(path)?;
        let (clock, stale) = file.load(&mut index)?;
        let worker = Self {
            first: index.next_number(),
            index,
            file: Some(file),
            path: path.to_owned(),
            now: clock.now(),
            stale,
            flush: None,
            durable: false,
            bodies: HashMap::new(),
            values: Vec::new(),
        };
        Ok((worker, clock))
    }

    /// Works until nobody can ask any more, or the store is closed.
    pub(super) fn run(mut self, jobs: &Receiver<Job>) {
        loop {
            let wait = self
                .flush
                .map(|at| at.saturating_duration_since(Instant::now()));
            let first = match wait {
                Some(wait) => jobs.recv_timeout(wait),
                None => jobs.recv().map_err(RecvTimeoutError::from),
            };
            let mut group = match first {
                Ok(first) => vec![first],
                Err(RecvTimeoutError::Timeout) => Vec::new(),
                Err(RecvTimeoutError::Disconnected) => return self.end(),
            };
            group.extend(jobs.try_iter().take(BATCH));
            let mut answers = Vec::new();
            for job in group {
                match job {
                    Job::Work(work) => answers.push(work(&mut self)),
                    Job::Limit(change) => change(&mut self.index.limits),
                    Job::Close(closed) => {
                        self.step(answers);
                        self.end();
                        let _ = closed.send(());
                        return;
                    }
                }
            }
            self.step(answers);
        }
    }

    /// Writes what was changed, if it must be, and answers.
    fn step(&mut self, answers: Vec<Answer>) {
        let changes = std::mem::take(&mut self.index.journal.items);
        self.stale.extend(changes.iter().map(|(id, _)| *id));
        let durable = std::mem::take(&mut self.durable);
        let failure = match durable {
            true => self.write(false).err().map(|error| error.to_string()),
            false => None,
        };
        if failure.is_some() {
            self.index.undo(self.now, changes);
            self.index.journal.done.clear();
        }
        self.bodies.clear();
        self.values.clear();
        for answer in answers {
            answer(self, failure.as_deref());
        }
        if self.stale.is_empty() {
            self.flush = None;
            return;
        }
        let now = Instant::now();
        if *self.flush.get_or_insert(now + LINGER) <= now {
            let written = self.write(false);
            // Whoever wants something kept next hears of it.
            self.flush = written.is_err().then(|| now + PAUSE);
        }
    }

    /// Brings everything into the file as one step.
    fn write(&mut self, clean: bool) -> Result<(), BoxError> {
        let file = match self.file.take() {
            Some(file) => file,
            None => File::open(&self.path)?,
        };
        let step = Step {
            index: &self.index,
            stale: &self.stale,
            done: &self.index.journal.done,
            bodies: &self.bodies,
            values: &self.values,
            now: self.now,
            clean,
        };
        file.write(&step)?;
        self.file = Some(file);
        self.stale.clear();
        self.index.journal.done.clear();
        Ok(())
    }

    fn end(mut self) {
        let changes = std::mem::take(&mut self.index.journal.items);
        self.stale.extend(changes.iter().map(|(id, _)| *id));
        // What could not be written happens again, marked.
        let _ = self.write(true);
    }

    pub(super) fn commit(&mut self, batch: Batch) -> Later<Committed> {
        let committed = self.index.commit(self.now, &batch);
        if committed.held {
            let may_wait = |(target, verdict): &(Target, Verdict)| {
                let plain = matches!(
                    verdict,
                    Verdict::Done | Verdict::Again { .. } | Verdict::GiveBack
                );
                plain && matches!(target, Target::Lease(_))
            };
            let verdicts_may_wait = batch.verdicts.iter().all(may_wait);
            let (bodies, named) = batch.parted(&committed);
            self.durable |= !(bodies.is_empty() && named.is_empty() && verdicts_may_wait);
            self.bodies.extend(bodies);
            self.values.extend(named);
        }
        ready(committed)
    }

    pub(super) fn take(&mut self, take: &Take) -> Later<Taken> {
        let before = self.index.journal.items.len();
        let picked = self.index.take(self.now, take);
        // A message that kills every process that takes it must be known for it in the end, and what is done with its
        // holder's next take is not handed out again.
        let at_once = |(id, _): &(u64, Option<Item>)| match self.index.get(*id) {
            Some(item) => *id < self.first || item.lapse == Lapse::SetAside,
            None => true,
        };
        self.durable |= self.index.journal.items[before..].iter().any(at_once);
        Box::new(move |worker| {
            let entries = worker.stored(&picked.ids);
            if entries.is_err() {
                // Nobody has them: their leases would be renewed for ever.
                let lease = |id: &u64| {
                    let attempt = worker.index.get(*id)?.attempts;
                    Some(Lease { id: *id, attempt })
                };
                let leases: Vec<Lease> = picked.ids.iter().filter_map(lease).collect();
                worker.give_back(&leases);
            }
            Ok(Taken::new(entries?, picked.next))
        })
    }

    /// Nobody has these.
    pub(super) fn give_back(&mut self, leases: &[Lease]) {
        let back = |lease: &Lease| (Target::Lease(*lease), Verdict::GiveBack);
        let mut batch = Batch::default();
        batch.verdicts.extend(leases.iter().map(back));
        self.index.commit(self.now, &batch);
    }

    pub(super) fn renew(&mut self, server: &str, lease: Duration) -> Later<Vec<String>> {
        ready(self.index.renew(self.now, server, lease))
    }

    pub(super) fn set_aside(&mut self, queue: &str, after: u64, most: usize) -> Later<Vec<Stored>> {
        let ids = self.index.set_aside(self.now, queue, after, most);
        Box::new(move |worker| worker.stored(&ids))
    }

    pub(super) fn counts(&mut self, queue: &str) -> Later<Counts> {
        ready(self.index.counts(self.now, queue))
    }

    pub(super) fn values(&mut self, prefix: String) -> Later<Vec<(String, String)>> {
        Box::new(move |worker| worker.file()?.values(&prefix, worker.now))
    }

    fn stored(&self, ids: &[u64]) -> Result<Vec<Stored>, BoxError> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let bodies = self.file()?.bodies(ids)?;
        let found = ids.iter().zip(bodies);
        Ok(found
            .filter_map(|(id, body)| self.index.stored(*id, body?))
            .collect())
    }

    fn file(&self) -> Result<&File, BoxError> {
        let file = self.file.as_ref();
        file.ok_or_else(|| "the file of the store could not be written, and is opened again".into())
    }
}
