//! Thousands of random steps, on a store and on the example's, which scans its tables and has no index that could be
//! wrong: both must answer alike.

use generated_sdk::store::Lapse;

use super::own_store::OwnStore;
use super::*;

const STEPS: usize = 2_000;
const QUEUES: [&str; 2] = ["one", "two"];
const LANES: [&str; 4] = ["a", "b", "c", "d"];
const HOLDERS: [&str; 3] = ["p", "q", "r"];

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) % bound
    }

    fn one_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }

    fn of<T: Copy>(&mut self, what: &[T]) -> T {
        what[usize::try_from(self.below(what.len() as u64)).expect("small")]
    }
}

/// Two stores side by side, and what was taken from both.
struct Both<'a> {
    place: &'a mut dyn Place,
    own: OwnStore,
    random: Random,
    leases: Vec<Lease>,
    /// Time can be made to go by; otherwise nothing is ever due later.
    timed: bool,
    /// Another process opens it now and then.
    reopened: bool,
}

impl Both<'_> {
    fn time(&mut self) -> Duration {
        match self.timed {
            true => Duration::from_secs(self.random.below(20)),
            false => HOUR * u32::from(self.random.one_in(3)),
        }
    }

    fn lease_time(&mut self) -> Duration {
        match self.timed {
            true => Duration::from_secs(1 + self.random.below(20)),
            false => HOUR,
        }
    }

    fn entry(&mut self) -> Entry {
        let (queue, lane) = (self.random.of(&QUEUES), self.random.of(&LANES));
        let mut entry = Entry::new(queue, lane, format!("body {}", self.random.below(1000)));
        if self.random.one_in(2) {
            entry.identity = Some(u128::from(self.random.below(400)) << 70);
        }
        if self.random.one_in(4) {
            entry.delay = self.time();
        }
        if self.random.one_in(4) {
            entry.life = Some(self.time() + self.lease_time());
        }
        if self.random.one_in(3) {
            entry.lapse = Lapse::SetAside;
        }
        entry.until_next_take = self.random.one_in(3);
        entry.lane_bound = self.random.one_in(3).then_some(6);
        if self.random.one_in(2) {
            entry.origin = "origin".to_owned();
        }
        if self.random.one_in(4) {
            entry.values.push(self.value());
        }
        entry
    }

    fn target(&mut self) -> Target {
        let lease = match self.leases.len() as u64 {
            0 => Lease { id: 1, attempt: 1 },
            many => self.leases[usize::try_from(self.random.below(many)).expect("small")],
        };
        match self.random.below(6) {
            0 => Target::Identity(
                self.random.of(&QUEUES).to_owned(),
                u128::from(self.random.below(400)) << 70,
            ),
            1 => Target::SetAside(lease.id),
            _ => Target::Lease(lease),
        }
    }

    fn verdict(&mut self) -> Verdict {
        match self.random.below(8) {
            0 => again(self.time()),
            1 => Verdict::GiveBack,
            2 | 3 => Verdict::Given,
            4 => aside(),
            5 => Verdict::Withdraw,
            _ => Verdict::Done,
        }
    }

    fn value(&mut self) -> Value {
        let name = format!("v/{}", self.random.below(12));
        if self.random.one_in(4) {
            return Value::removed(name);
        }
        let mut value = Value::new(name, format!("text {}", self.random.below(100)));
        value.life = self
            .random
            .one_in(2)
            .then(|| self.time() + self.lease_time());
        value
    }

    fn batch(&mut self) -> Batch {
        let mut batch = Batch::default();
        if self.random.one_in(6)
            && let Some(lease) = self.leases.last()
        {
            batch.held.push(*lease);
        }
        for _ in 0..self.random.below(3) {
            batch.new.push(self.entry());
        }
        for _ in 0..self.random.below(3) {
            batch.verdicts.push((self.target(), self.verdict()));
        }
        if self.random.one_in(4) {
            batch.values.push(self.value());
        }
        batch
    }

    fn take(&mut self) -> Take {
        let lanes = match self.random.one_in(2) {
            true => Lanes::OneOfEach,
            false => Lanes::These(LANES[..2].iter().map(|lane| (*lane).to_owned()).collect()),
        };
        // Which lanes come first is each store's own: all of them, or named ones.
        let most = match lanes {
            Lanes::OneOfEach => 100,
            Lanes::These(_) => usize::try_from(self.random.below(4)).expect("small"),
        };
        let server = self.random.of(&["s", "t"]);
        let lease = self.lease_time();
        let mut take = Take::new(self.random.of(&QUEUES), lanes, most, server, lease);
        for _ in 0..self.random.below(3) {
            take.holders.push(self.random.of(&HOLDERS).to_owned());
        }
        take
    }

    async fn takes(&mut self, step: usize) {
        let take = self.take();
        let mut ours = self.place.store().take(take.clone()).await.expect("a take");
        let mut own = self.own.take(take).await.expect("a take");
        for entries in [&mut ours.entries, &mut own.entries] {
            entries.sort_by_key(|stored| stored.lease.id);
        }
        assert_eq!(seen(&ours.entries), seen(&own.entries), "step {step}");
        if self.timed {
            assert_eq!(ours.next, own.next, "step {step}");
        }
        self.leases
            .extend(own.entries.iter().map(|stored| stored.lease));
        let many = self.leases.len();
        self.leases.drain(..many.saturating_sub(20));
    }

    async fn compares(&mut self, step: usize) {
        let store = self.place.store();
        for queue in QUEUES {
            let (ours, own) = (
                store.counts(queue.to_owned()),
                self.own.counts(queue.to_owned()),
            );
            let mut ours = ours.await.expect("counts");
            let own = own.await.expect("counts");
            if self.reopened {
                // Counted since the file was opened.
                ours.forgotten = own.forgotten;
            }
            assert_eq!(ours, own, "step {step}");
            let list = async |store: &dyn Store| store.set_aside(queue.to_owned(), 0, 1000).await;
            let (ours, own) = (list(store).await, list(&self.own).await);
            let (ours, own) = (ours.expect("a list"), own.expect("a list"));
            assert_eq!(seen(&ours), seen(&own), "step {step}");
        }
        let values = async |store: &dyn Store| store.values("v/".to_owned()).await.expect("values");
        assert_eq!(values(store).await, values(&self.own).await, "step {step}");
    }

    async fn step(&mut self, step: usize) {
        match self.random.below(10) {
            0..4 => {
                let batch = self.batch();
                let ours = self
                    .place
                    .store()
                    .commit(batch.clone())
                    .await
                    .expect("a step");
                let own = self.own.commit(batch).await.expect("a step");
                assert_eq!(ours, own, "step {step}");
            }
            4..7 => self.takes(step).await,
            7 => {
                let (server, lease) = (self.random.of(&["s", "t"]), self.lease_time());
                let ours = self.place.store().renew(server.to_owned(), lease).await;
                let own = self.own.renew(server.to_owned(), lease).await;
                assert_eq!(ours.expect("renewed"), own.expect("renewed"), "step {step}");
            }
            8 if self.timed => {
                let time = Duration::from_secs(self.random.below(10));
                self.place.wait(time).await;
            }
            _ => self.compares(step).await,
        }
    }
}

/// Of entries, what all stores give alike.
fn seen(entries: &[Stored]) -> Vec<impl PartialEq + std::fmt::Debug> {
    let seen = |stored: &Stored| {
        let (lane, body) = (stored.lane.clone(), stored.body.clone());
        let whose = (stored.identity, stored.origin.clone());
        (stored.lease, lane, body, whose, stored.reason.is_empty())
    };
    entries.iter().map(seen).collect()
}

async fn side_by_side(place: &mut dyn Place, seed: u64, timed: bool, reopened: bool) {
    let mut both = Both {
        place,
        own: OwnStore::default(),
        random: Random(seed),
        leases: Vec::new(),
        timed,
        reopened,
    };
    for step in 0..STEPS {
        both.step(step).await;
        if reopened && step % 250 == 249 {
            // Leases of a process end with it; so that both go on alike, none is left.
            both.settle().await;
            both.place.reopen().await;
        }
    }
}

impl Both<'_> {
    async fn settle(&mut self) {
        for lease in std::mem::take(&mut self.leases) {
            let verdicts = vec![(Target::Lease(lease), Verdict::Done)];
            let step = batch(|b| b.verdicts = verdicts);
            let ours = self
                .place
                .store()
                .commit(step.clone())
                .await
                .expect("a step");
            assert_eq!(ours, self.own.commit(step).await.expect("a step"));
        }
        self.place.wait(HOUR).await;
        // Now it is known in the file that they have lapsed.
        self.compares(STEPS).await;
    }
}

#[tokio::test(start_paused = true)]
async fn random_steps_in_memory() {
    for seed in 1..=4 {
        side_by_side(&mut places::Memory::new(), seed, true, false).await;
    }
}

#[tokio::test(start_paused = true)]
async fn random_steps_in_a_file() {
    side_by_side(&mut places::File::new("random"), 5, true, true).await;
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn random_steps_in_redis() {
    for seed in 6..=7 {
        side_by_side(&mut places::Redis::new().await, seed, false, false).await;
    }
}
