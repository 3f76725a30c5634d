//! What every store promises: in memory, in a file, in Redis, and the example's.

mod bounds;
mod killed;
mod leases;
mod order;
#[path = "../../../examples/src/own_store.rs"]
mod own_store;
mod places;
mod random;
mod redis;
mod values;
mod verdicts;

use std::time::Duration;

use generated_sdk::store::{
    Applied, Batch, Committed, Counts, Entry, Kept, Lanes, Lease, Store, Stored, Take, Taken,
    Target, Value, Verdict,
};

use places::Place;

const HOUR: Duration = Duration::from_secs(3600);
/// Shorter than [`WAIT`].
const MOMENT: Duration = Duration::from_millis(60);
const WAIT: Duration = Duration::from_millis(100);

/// A store under test, and a queue that nobody else uses.
struct At<'a> {
    place: &'a mut dyn Place,
    queue: String,
}

impl At<'_> {
    fn store(&self) -> &dyn Store {
        self.place.store()
    }

    /// Time goes by.
    async fn wait(&self) {
        self.place.wait(WAIT).await;
    }

    fn entry(&self, lane: &str, body: &str) -> Entry {
        Entry::new(&*self.queue, lane, body)
    }

    fn known(&self, identity: u128, body: &str) -> Entry {
        let mut entry = self.entry("lane", body);
        entry.identity = Some(identity);
        entry
    }

    fn by(&self, identity: u128) -> Target {
        Target::Identity(self.queue.clone(), identity)
    }

    async fn commit(&self, batch: Batch) -> Committed {
        self.store().commit(batch).await.expect("a step")
    }

    async fn keep(&self, entry: Entry) -> Kept {
        let new = vec![entry];
        let step = batch(|b| b.new = new);
        self.commit(step).await.kept[0]
    }

    /// Keeps entries as lane and body.
    async fn keep_all(&self, entries: &[(&str, &str)]) {
        let new = entries.iter().map(|(lane, body)| self.entry(lane, body));
        let new = new.collect();
        let kept = self.commit(batch(|b| b.new = new)).await.kept;
        assert!(
            kept.iter().all(|kept| matches!(kept, Kept::New(_))),
            "{kept:?}"
        );
    }

    async fn tell(&self, target: Target, verdict: Verdict) -> Applied {
        let verdicts = vec![(target, verdict)];
        let step = batch(|b| b.verdicts = verdicts);
        self.commit(step).await.applied.remove(0)
    }

    async fn name(&self, value: Value) {
        let values = vec![value];
        self.commit(batch(|b| b.values = values)).await;
    }

    fn of_each(&self, most: usize) -> Take {
        Take::new(&*self.queue, Lanes::OneOfEach, most, "server", HOUR)
    }

    fn of_these(&self, lanes: &[&str], most: usize) -> Take {
        let lanes = lanes.iter().map(|lane| (*lane).to_owned()).collect();
        Take::new(&*self.queue, Lanes::These(lanes), most, "server", HOUR)
    }

    async fn take(&self, take: Take) -> Taken {
        self.store().take(take).await.expect("a take")
    }

    /// Takes one entry.
    async fn one(&self) -> Stored {
        let mut taken = self.take(self.of_each(1)).await.entries;
        assert_eq!(taken.len(), 1);
        taken.remove(0)
    }

    /// Takes one entry with a lease that is over.
    async fn lapsed(&self) -> Lease {
        let mut take = self.of_each(1);
        take.lease = MOMENT;
        let taken = self.take(take).await.entries;
        self.wait().await;
        taken[0].lease
    }

    async fn bodies(&self, take: Take) -> Vec<String> {
        let taken = self.take(take).await.entries.into_iter();
        taken.map(|taken| taken.body).collect()
    }

    async fn aside(&self) -> Vec<Stored> {
        let listed = self.store().set_aside(self.queue.clone(), 0, 100).await;
        listed.expect("a list")
    }

    /// What waits, is leased, was set aside.
    async fn counts(&self) -> (u64, u64, u64) {
        let Counts {
            waiting,
            leased,
            set_aside,
            ..
        } = self.all_counts().await;
        (waiting, leased, set_aside)
    }

    async fn all_counts(&self) -> Counts {
        let counts = self.store().counts(self.queue.clone()).await;
        counts.expect("counts")
    }
}

fn batch(fill: impl FnOnce(&mut Batch)) -> Batch {
    let mut batch = Batch::default();
    fill(&mut batch);
    batch
}

/// An entry of this origin was met.
fn yes(origin: &str) -> Applied {
    let origin = origin.to_owned();
    Applied::Yes { origin }
}

fn lease(stored: &Stored) -> Target {
    Target::Lease(stored.lease)
}

fn again(after: Duration) -> Verdict {
    let reason = "busy".to_owned();
    Verdict::Again { after, reason }
}

fn aside() -> Verdict {
    let reason = "refused".to_owned();
    Verdict::SetAside { reason }
}

macro_rules! cases {
    ($at:ident: $($module:ident::$case:ident,)*) => {
        $(
            let what = concat!(stringify!($module), "::", stringify!($case));
            // Of a test that fails, only this is shown.
            println!("{what}");
            let queue = format!("{what}/{}", $at.queue);
            let mut at = At { place: &mut *$at.place, queue };
            $module::$case(&mut at).await;
        )*
    };
}

/// Every promise, one after the other, each in a queue of its own.
async fn promises(place: &mut dyn Place) {
    let queue = String::new();
    let at = At { place, queue };
    cases! { at:
        order::a_lane_keeps_its_order,
        order::lanes_go_beside_each_other,
        order::the_lane_that_was_served_last_comes_last,
        order::a_long_lane_does_not_hide_others,
        order::an_entry_that_waits_holds_up_its_own_lane,
        order::what_waits_again_keeps_its_place,
        order::named_lanes_give_as_many_as_are_wanted,
        order::queues_are_apart,
        order::names_may_be_anything,
        leases::a_lease_that_lapsed_is_no_lease,
        leases::a_server_that_renews_keeps_what_it_has,
        leases::servers_that_renew_are_known,
        leases::at_most_once_is_set_aside_when_its_lease_lapses,
        leases::what_was_given_is_renewed_by_its_holder_alone,
        leases::what_ends_at_the_next_take_ends_there,
        leases::a_batch_whose_lease_is_lost_does_nothing,
        leases::the_time_to_ask_again_is_told,
        verdicts::done_is_remembered,
        verdicts::what_is_given_back_was_not_taken,
        verdicts::set_aside_is_listed_repeated_and_dropped,
        verdicts::a_withdrawn_entry_is_gone_if_it_waits,
        verdicts::a_result_settles_whoever_has_it,
        verdicts::what_is_unknown_is_said_to_be,
        bounds::repetitions_are_known,
        bounds::a_lane_has_a_bound,
        bounds::what_is_too_old_is_forgotten_and_counted,
        bounds::what_was_set_aside_does_not_grow_old,
        values::values_are_found_by_their_names,
        values::values_end,
        values::what_an_entry_brings_along_comes_with_it,
        values::everything_is_there_after_a_restart,
    }
}

#[tokio::test(start_paused = true)]
async fn the_store_in_memory_keeps_its_promises() {
    promises(&mut places::Memory::new()).await;
}

#[tokio::test(start_paused = true)]
async fn the_store_of_the_example_keeps_its_promises() {
    promises(&mut places::Own::new()).await;
}

#[tokio::test(start_paused = true)]
async fn the_store_in_a_file_keeps_its_promises() {
    promises(&mut places::File::new("promises")).await;
}

#[tokio::test]
#[ignore = "needs TEST_REDIS_URL"]
async fn the_store_in_redis_keeps_its_promises() {
    promises(&mut places::Redis::new().await).await;
}
