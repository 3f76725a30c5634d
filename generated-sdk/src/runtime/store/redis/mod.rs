//! The store that several servers share: one Redis.
//!
//! Every step is a script, so that it happens whole; Redis keeps the scripts, and is asked for them by their hashes.
//! What is due is found by its time: a poll that finds nothing costs the same with an empty queue and with a million
//! entries that wait.

mod explained;
mod scripts;

use super::index::micros;
use super::{
    Applied, Batch, Committed, Counts, Kept, Lanes, Lapse, Lease, Store, Stored, Take, Taken,
    Target, Value, Verdict,
};
use crate::runtime::call::{BoxError, BoxFuture};
use crate::runtime::lock::lock;
use explained::{explained, is_too_old};
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, Script, ScriptInvocation};
use scripts::Scripts;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

/// How long Redis may take to answer before a step has failed.
const PATIENCE: Duration = Duration::from_secs(3);

/// Longer than anything lasts: a number of Redis has 53 bits.
const LONGEST: u64 = 1 << 52;

/// A store in a Redis that several servers share: what one keeps, any of them takes. Clones are the same store.
///
/// As durable as that Redis is: with `appendfsync always` it loses nothing, with `everysec` the last second, and one
/// that only caches, or evicts, forgets. Redis 5 or later, no cluster of several nodes. Its clock is the only one that
/// counts.
#[derive(Clone)]
pub struct RedisStore {
    connection: ConnectionManager,
    scripts: Arc<Scripts>,
    leased: Arc<Leased>,
    prefix: String,
    hold: usize,
    aside: usize,
    remember: usize,
    remember_for: Duration,
}

/// What each server of this process has: numbers of entries whose take was answered. One that was leased by a take whose
/// answer was lost is not among them, so that nobody renews its lease.
#[derive(Default)]
struct Leased(Mutex<HashMap<String, HashSet<u64>>>);

impl Leased {
    fn add(&self, server: String, entries: &[Stored]) {
        if !entries.is_empty() {
            let ids = entries.iter().map(|stored| stored.lease.id);
            lock(&self.0).entry(server).or_default().extend(ids);
        }
    }

    fn remove(&self, ids: &[u64]) {
        let mut servers = lock(&self.0);
        for has in servers.values_mut() {
            ids.iter().for_each(|id| _ = has.remove(id));
        }
        servers.retain(|_, has| !has.is_empty());
    }

    fn of(&self, server: &str) -> Vec<u64> {
        let has = lock(&self.0);
        has.get(server).into_iter().flatten().copied().collect()
    }
}

impl fmt::Debug for RedisStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RedisStore")
            .field("prefix", &self.prefix)
            .finish_non_exhaustive()
    }
}

impl RedisStore {
    /// Connects to `redis://[user:password@]host:port[/database]`, and again whenever the connection is lost.
    ///
    /// # Errors
    ///
    /// If the URL is none, or Redis cannot be reached or is too old.
    pub async fn connect(url: impl AsRef<str>) -> Result<Self, BoxError> {
        let client = Client::open(url.as_ref()).map_err(explained)?;
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(2)
            .set_response_timeout(Some(PATIENCE))
            .set_connection_timeout(Some(PATIENCE));
        let connection = ConnectionManager::new_with_config(client, config).await;
        let mut connection = connection.map_err(explained)?;
        let mut info = redis::cmd("INFO");
        // One that tells nobody about itself is taken as it is.
        let info = info
            .arg("server")
            .query_async::<String>(&mut connection)
            .await;
        if let Some(refusal) = is_too_old(&info.unwrap_or_default()) {
            return Err(refusal);
        }
        Ok(Self {
            connection,
            scripts: Arc::new(Scripts::new()),
            leased: Arc::default(),
            prefix: "store:".to_owned(),
            hold: 1_000_000,
            aside: 100_000,
            remember: 100_000,
            remember_for: Duration::from_secs(7 * 24 * 3600),
        })
    }

    /// What all keys begin with; `store:` unless said otherwise. Bots that share a Redis need one each; servers of one
    /// bot have the same.
    #[must_use]
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.prefix = prefix.into();
        self
    }

    /// How many entries of a queue may wait or be leased; 1,000,000 unless said otherwise. More are [`Kept::Full`].
    #[must_use]
    pub fn hold(mut self, entries: usize) -> Self {
        self.hold = entries;
        self
    }

    /// How many entries of a queue are kept that were set aside; 100,000 unless said otherwise. Of more the oldest is
    /// [forgotten](Counts::forgotten).
    #[must_use]
    pub fn keep_aside(mut self, entries: usize) -> Self {
        self.aside = entries;
        self
    }

    /// How many done entries of a queue are remembered in order to know repetitions; 100,000 unless said otherwise.
    #[must_use]
    pub fn remember(mut self, entries: usize) -> Self {
        self.remember = entries;
        self
    }

    /// How long they are; a week unless said otherwise.
    #[must_use]
    pub fn remember_for(mut self, time: Duration) -> Self {
        self.remember_for = time;
        self
    }

    /// A script with what all of them are told.
    fn begin<'s>(&self, script: &'s Script) -> ScriptInvocation<'s> {
        let mut begun = script.arg(&self.prefix);
        begun.arg(self.hold).arg(self.aside).arg(self.remember);
        begun.arg(time(self.remember_for));
        begun
    }

    async fn run<T: FromRedisValue>(&self, script: &ScriptInvocation<'_>) -> Result<T, BoxError> {
        let mut connection = self.connection.clone();
        script
            .invoke_async(&mut connection)
            .await
            .map_err(explained)
    }

    async fn commit_now(&self, batch: Batch) -> Result<Committed, BoxError> {
        let over = batch
            .verdicts
            .iter()
            .filter_map(|(target, _)| match target {
                Target::Lease(lease) => Some(lease.id),
                Target::SetAside(_) | Target::Identity(..) => None,
            });
        let over: Vec<u64> = over.collect();
        let mut script = self.begin(&self.scripts.commit);
        let needs_room = !(batch.new.is_empty() && batch.values.is_empty());
        script.arg(u8::from(needs_room)).arg(batch.held.len());
        for lease in &batch.held {
            script.arg(lease.id).arg(lease.attempt);
        }
        script.arg(batch.verdicts.len());
        for (target, verdict) in &batch.verdicts {
            add_target(&mut script, target);
            add_verdict(&mut script, verdict);
        }
        script.arg(batch.new.len());
        for entry in batch.new {
            script.arg(entry.queue).arg(entry.lane);
            script.arg(entry.identity.map(identity).unwrap_or_default());
            script.arg(entry.body).arg(entry.origin);
            script.arg(time(entry.delay)).arg(life(entry.life));
            script.arg(match entry.lapse {
                Lapse::WaitsAgain => "w",
                Lapse::SetAside => "a",
            });
            script.arg(u8::from(entry.until_next_take));
            let bound = entry.lane_bound.and_then(|bound| i64::try_from(bound).ok());
            script.arg(bound.unwrap_or(-1));
            add_values(&mut script, entry.values);
        }
        add_values(&mut script, batch.values);
        let (held, kept, applied, origins): (u8, Vec<i64>, Vec<u8>, Vec<String>) =
            self.run(&script).await?;
        if held == 0 {
            return Ok(Committed::default());
        }
        self.leased.remove(&over);
        let kept = kept.into_iter().map(|kept| match u64::try_from(kept) {
            Ok(0) => Kept::Duplicate,
            Ok(id) => Kept::New(id),
            Err(_) => Kept::Full,
        });
        let applied = applied.into_iter().zip(origins);
        let applied = applied.map(|(applied, origin)| match applied {
            0 => Applied::Unknown,
            1 => Applied::Before,
            2 => Applied::Lost,
            _ => Applied::Yes { origin },
        });
        Ok(Committed::new(kept.collect(), applied.collect()))
    }
}

/// Microseconds.
fn time(duration: Duration) -> u64 {
    micros(duration).min(LONGEST)
}

/// Microseconds, or none.
fn life(life: Option<Duration>) -> i64 {
    let life = life.map(time).and_then(|life| i64::try_from(life).ok());
    life.unwrap_or(-1)
}

fn identity(identity: u128) -> String {
    format!("{identity:032x}")
}

fn add_target(script: &mut ScriptInvocation<'_>, target: &Target) {
    match target {
        Target::Lease(lease) => script.arg("l").arg(lease.id).arg(lease.attempt),
        Target::SetAside(id) => script.arg("a").arg(*id).arg(""),
        Target::Identity(queue, known) => script.arg("i").arg(queue).arg(identity(*known)),
    };
}

fn add_verdict(script: &mut ScriptInvocation<'_>, verdict: &Verdict) {
    let (name, after, reason) = match verdict {
        Verdict::Done => ("done", Duration::ZERO, ""),
        Verdict::Again { after, reason } => ("again", *after, reason.as_str()),
        Verdict::GiveBack => ("back", Duration::ZERO, ""),
        Verdict::Given => ("given", Duration::ZERO, ""),
        Verdict::SetAside { reason } => ("aside", Duration::ZERO, reason.as_str()),
        Verdict::Withdraw => ("withdraw", Duration::ZERO, ""),
    };
    script.arg(name).arg(time(after)).arg(reason);
}

fn add_values(script: &mut ScriptInvocation<'_>, values: Vec<Value>) {
    script.arg(values.len());
    for value in values {
        script.arg(value.name).arg(u8::from(value.text.is_some()));
        script
            .arg(value.text.unwrap_or_default())
            .arg(life(value.life));
    }
}

/// Number, attempt, lane, identity, body, origin, since, reason.
type Row = (u64, u32, String, String, String, String, u64, String);

fn stored((id, attempt, lane, identity, body, origin, since, reason): Row) -> Stored {
    let since = UNIX_EPOCH + Duration::from_micros(since);
    let mut stored = Stored::new(Lease { id, attempt }, lane, body, since);
    stored.identity = u128::from_str_radix(&identity, 16).ok();
    stored.origin = origin;
    stored.reason = reason;
    stored
}

impl Store for RedisStore {
    fn commit(&self, batch: Batch) -> BoxFuture<'_, Result<Committed, BoxError>> {
        Box::pin(self.commit_now(batch))
    }

    fn take(&self, take: Take) -> BoxFuture<'_, Result<Taken, BoxError>> {
        let mut script = self.begin(&self.scripts.take);
        script.arg(take.queue).arg(&take.server);
        script.arg(time(take.lease)).arg(take.most);
        script.arg(take.holders.len()).arg(take.holders);
        match take.lanes {
            Lanes::OneOfEach => script.arg("each"),
            Lanes::These(lanes) => script.arg("these").arg(lanes.len()).arg(lanes),
        };
        Box::pin(async move {
            let (rows, next): (Vec<Row>, i64) = self.run(&script).await?;
            let next = u64::try_from(next).ok().map(Duration::from_micros);
            let entries: Vec<Stored> = rows.into_iter().map(stored).collect();
            self.leased.add(take.server, &entries);
            Ok(Taken::new(entries, next))
        })
    }

    fn renew(
        &self,
        server: String,
        lease: Duration,
    ) -> BoxFuture<'_, Result<Vec<String>, BoxError>> {
        let mut script = self.begin(&self.scripts.renew);
        let has = self.leased.of(&server);
        script.arg(server).arg(time(lease)).arg(has.len()).arg(has);
        Box::pin(async move {
            let (mut servers, gone): (Vec<String>, Vec<u64>) = self.run(&script).await?;
            self.leased.remove(&gone);
            servers.sort_unstable();
            Ok(servers)
        })
    }

    fn set_aside(
        &self,
        queue: String,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<Stored>, BoxError>> {
        let mut script = self.begin(&self.scripts.aside);
        script.arg(queue).arg(after).arg(most);
        Box::pin(async move {
            let rows: Vec<Row> = self.run(&script).await?;
            Ok(rows.into_iter().map(stored).collect())
        })
    }

    fn counts(&self, queue: String) -> BoxFuture<'_, Result<Counts, BoxError>> {
        let mut script = self.begin(&self.scripts.counts);
        script.arg(queue);
        Box::pin(async move {
            let (waiting, leased, set_aside, forgotten) = self.run(&script).await?;
            let mut counts = Counts::new(waiting, leased, set_aside);
            counts.forgotten = forgotten;
            Ok(counts)
        })
    }

    fn values(&self, prefix: String) -> BoxFuture<'_, Result<Vec<(String, String)>, BoxError>> {
        let mut script = self.begin(&self.scripts.values);
        script.arg(prefix);
        Box::pin(async move { self.run(&script).await })
    }

    fn is_shared(&self) -> bool {
        true
    }
}
