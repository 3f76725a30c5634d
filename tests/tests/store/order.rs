//! In which order entries are taken.

use super::*;

pub(super) async fn a_lane_keeps_its_order(at: &mut At<'_>) {
    at.keep_all(&[("a", "1"), ("a", "2"), ("a", "3")]).await;
    for expected in ["1", "2", "3"] {
        let one = at.one().await;
        assert_eq!((&*one.body, &*one.lane), (expected, "a"));
        assert!(!one.redelivered());
        assert!(at.bodies(at.of_each(9)).await.is_empty());
        assert_eq!(at.tell(lease(&one), Verdict::Done).await, yes(""));
    }
    assert_eq!(at.counts().await, (0, 0, 0));
}

pub(super) async fn lanes_go_beside_each_other(at: &mut At<'_>) {
    at.keep_all(&[("a", "a1"), ("a", "a2"), ("b", "b1"), ("c", "c1")])
        .await;
    assert_eq!(at.bodies(at.of_each(2)).await, ["a1", "b1"]);
    assert_eq!(at.bodies(at.of_each(9)).await, ["c1"]);
    assert_eq!(at.counts().await, (1, 3, 0));
}

pub(super) async fn the_lane_that_was_served_last_comes_last(at: &mut At<'_>) {
    at.keep_all(&[("a", "a1"), ("a", "a2"), ("b", "b1"), ("b", "b2")])
        .await;
    let mut served = Vec::new();
    for _ in 0..4 {
        let one = at.one().await;
        at.tell(lease(&one), Verdict::Done).await;
        served.push(one.body);
    }
    assert_eq!(served, ["a1", "b1", "a2", "b2"]);
}

pub(super) async fn a_long_lane_does_not_hide_others(at: &mut At<'_>) {
    for _ in 0..10 {
        let new = vec![at.entry("busy", "x"); 1000];
        at.commit(batch(|b| b.new = new)).await;
    }
    at.keep_all(&[("quiet", "y")]).await;
    let taken = at.take(at.of_each(9)).await.entries;
    assert_eq!(taken.len(), 2);
    assert_eq!((&*taken[1].lane, &*taken[1].body), ("quiet", "y"));
    assert_eq!(at.counts().await, (9_999, 2, 0));
}

pub(super) async fn an_entry_that_waits_holds_up_its_own_lane(at: &mut At<'_>) {
    let mut late = at.entry("a", "late");
    late.delay = HOUR;
    at.keep(late).await;
    at.keep_all(&[("a", "behind it"), ("b", "other")]).await;
    assert_eq!(at.bodies(at.of_each(9)).await, ["other"]);
    // Where lanes are named, what is due is taken, whatever waits before it.
    let due = at.bodies(at.of_these(&["a"], 9)).await;
    assert_eq!(due, ["behind it"]);
    let mut soon = at.entry("c", "soon");
    soon.delay = MOMENT;
    at.keep(soon).await;
    at.wait().await;
    assert_eq!(at.bodies(at.of_each(9)).await, ["soon"]);
}

pub(super) async fn what_waits_again_keeps_its_place(at: &mut At<'_>) {
    at.keep_all(&[("a", "1"), ("a", "2"), ("b", "3")]).await;
    let one = at.one().await;
    assert_eq!(at.tell(lease(&one), again(HOUR)).await, yes(""));
    assert_eq!(at.bodies(at.of_each(9)).await, ["3"]);
    let second = at.keep(at.known(7, "x")).await;
    assert!(matches!(second, Kept::New(_)));
    let one = at.one().await;
    assert_eq!(at.tell(lease(&one), again(Duration::ZERO)).await, yes(""));
    let again = at.one().await;
    assert_eq!((again.lease.id, again.lease.attempt), (one.lease.id, 2));
    assert!(again.redelivered());
    assert_eq!((&*again.reason, again.identity), ("busy", Some(7)));
    assert!(again.since == one.since);
}

pub(super) async fn named_lanes_give_as_many_as_are_wanted(at: &mut At<'_>) {
    at.keep_all(&[("a", "1"), ("b", "2"), ("a", "3"), ("c", "4"), ("b", "5")])
        .await;
    assert!(at.bodies(at.of_these(&[], 9)).await.is_empty());
    assert!(at.bodies(at.of_these(&["a"], 0)).await.is_empty());
    assert_eq!(
        at.bodies(at.of_these(&["b", "a", "a"], 3)).await,
        ["1", "2", "3"]
    );
    assert_eq!(at.bodies(at.of_these(&["a", "b", "d"], 3)).await, ["5"]);
    assert_eq!(at.bodies(at.of_each(9)).await, ["4"]);
}

pub(super) async fn queues_are_apart(at: &mut At<'_>) {
    at.keep(at.known(1, "here")).await;
    let other = format!("{}/other", at.queue);
    let mut there = Entry::new(&*other, "lane", "there");
    there.identity = Some(1);
    assert!(matches!(at.keep(there).await, Kept::New(_)));
    assert_eq!(at.bodies(at.of_each(9)).await, ["here"]);
    let counts = at.store().counts(other).await.expect("counts");
    assert_eq!((counts.waiting, counts.leased), (1, 0));
}

pub(super) async fn names_may_be_anything(at: &mut At<'_>) {
    let odd = ["", " ", "a\nb", "a:b", "{x}", "群@chatroom", "\"'\\%s\u{0}"];
    let entries: Vec<(&str, &str)> = odd.iter().map(|name| (*name, *name)).collect();
    at.keep_all(&entries).await;
    let taken = at.take(at.of_each(99)).await.entries;
    let found: Vec<(&str, &str)> = taken.iter().map(|t| (&*t.lane, &*t.body)).collect();
    assert_eq!(found, entries);
}
