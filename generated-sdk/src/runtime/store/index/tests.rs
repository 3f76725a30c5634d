use super::{Limits, NEVER};
use crate::runtime::store::{
    Applied, Batch, Entry, Kept, Lanes, Lapse, Lease, Take, Target, Verdict,
};
use std::time::Duration;

type Index = super::Index<Gone>;

#[derive(Default)]
struct Gone(Vec<u64>);

impl super::Journal for Gone {
    fn changed(&mut self, id: u64, _: Option<super::Item>, new: Option<&super::Item>) {
        if new.is_none() {
            self.0.push(id);
        }
    }

    fn remembered(&mut self, _: usize, _: u128) {}
}

const SECOND: u64 = 1_000_000;

fn index() -> Index {
    let limits = Limits {
        entries: 100,
        bytes: 1000,
        aside: 2,
        remember: 3,
    };
    Index::new(limits, Gone::default())
}

fn keep(index: &mut Index, now: u64, entry: Entry) -> Kept {
    let batch = Batch {
        new: vec![entry],
        ..Batch::default()
    };
    index.commit(now, &batch).kept[0]
}

fn tell(index: &mut Index, now: u64, target: Target, verdict: Verdict) -> Applied {
    let batch = Batch {
        verdicts: vec![(target, verdict)],
        ..Batch::default()
    };
    index.commit(now, &batch).applied.remove(0)
}

fn take(index: &mut Index, now: u64, lanes: Lanes, most: usize) -> (Vec<u64>, Option<Duration>) {
    let take = Take::new("q", lanes, most, "server", Duration::from_secs(10));
    let picked = index.take(now, &take);
    (picked.ids, picked.next)
}

#[test]
fn what_was_set_aside_longest_gives_way_and_is_counted() {
    let mut index = index();
    for lane in ["a", "b", "c"] {
        let Kept::New(id) = keep(&mut index, 0, Entry::new("q", lane, "x")) else {
            panic!("no room");
        };
        take(&mut index, 0, Lanes::These(vec![lane.to_owned()]), 1);
        let reason = "why".to_owned();
        tell(
            &mut index,
            0,
            Target::Lease(Lease { id, attempt: 1 }),
            Verdict::SetAside { reason },
        );
    }
    assert_eq!(index.set_aside(0, "q", 0, 9), [2, 3]);
    assert_eq!(index.counts(0, "q").forgotten, 1);
    assert_eq!(index.journal.0, [1]);
}

#[test]
fn the_time_to_ask_again_is_the_next_turn_or_the_next_lapse() {
    let mut index = index();
    let mut late = Entry::new("q", "a", "x");
    late.delay = Duration::from_secs(3);
    keep(&mut index, 0, late);
    let (ids, next) = take(&mut index, 0, Lanes::OneOfEach, 5);
    assert_eq!((ids.len(), next), (0, Some(Duration::from_secs(3))));
    let (ids, next) = take(&mut index, 3 * SECOND, Lanes::OneOfEach, 5);
    assert_eq!((ids.len(), next), (1, Some(Duration::from_secs(10))));
    let (ids, _) = take(&mut index, 13 * SECOND, Lanes::OneOfEach, 5);
    assert_eq!(ids, [1]);
    assert!(index.get(1).is_some_and(|item| item.attempts == 2));
}

#[test]
fn a_time_that_is_too_far_away_is_never() {
    let mut index = index();
    let mut entry = Entry::new("q", "a", "x");
    (entry.life, entry.delay) = (Some(Duration::MAX), Duration::MAX);
    entry.lapse = Lapse::SetAside;
    keep(&mut index, 5, entry);
    let (ids, _) = take(&mut index, NEVER - 1, Lanes::OneOfEach, 5);
    assert!(ids.is_empty());
    assert_eq!(index.counts(NEVER - 1, "q").waiting, 1);
}
