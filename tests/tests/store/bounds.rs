//! How much is kept, and for how long.

use super::*;

pub(super) async fn repetitions_are_known(at: &mut At<'_>) {
    let new = vec![at.known(1, "a"), at.known(1, "b"), at.known(2, "c")];
    let kept = at.commit(batch(|b| b.new = new)).await.kept;
    let [Kept::New(first), Kept::Duplicate, Kept::New(second)] = kept[..] else {
        panic!("{kept:?}");
    };
    assert!(second > first);
    let one = at.one().await;
    // A verdict comes before what is new in its batch: the identity is known all the same.
    let step = batch(|b| {
        b.verdicts = vec![(lease(&one), Verdict::Done)];
        b.new = vec![at.known(1, "d")];
    });
    assert_eq!(at.commit(step).await.kept, [Kept::Duplicate]);
}

pub(super) async fn a_lane_has_a_bound(at: &mut At<'_>) {
    let bounded = |at: &At<'_>, lane| {
        let mut entry = at.entry(lane, "x");
        entry.lane_bound = Some(2);
        entry
    };
    let new = vec![
        bounded(at, "a"),
        bounded(at, "a"),
        bounded(at, "a"),
        bounded(at, "b"),
    ];
    let kept = at.commit(batch(|b| b.new = new)).await.kept;
    assert!(matches!(
        kept[..],
        [Kept::New(_), Kept::New(_), Kept::Full, Kept::New(_)]
    ));
    let one = at.one().await;
    assert_eq!(at.keep(bounded(at, "a")).await, Kept::Full);
    // What was set aside takes no room.
    at.tell(lease(&one), aside()).await;
    assert!(matches!(at.keep(bounded(at, "a")).await, Kept::New(_)));
    assert_eq!(at.keep(bounded(at, "a")).await, Kept::Full);
    let mut none = at.entry("c", "x");
    none.lane_bound = Some(0);
    assert_eq!(at.keep(none).await, Kept::Full);
}

fn short(at: &At<'_>, lane: &str, identity: u128) -> Entry {
    let mut entry = at.entry(lane, "x");
    entry.identity = Some(identity);
    entry.life = Some(MOMENT);
    entry
}

pub(super) async fn what_is_too_old_is_forgotten_and_counted(at: &mut At<'_>) {
    at.keep(short(at, "a", 1)).await;
    at.keep(short(at, "b", 2)).await;
    at.keep_all(&[("a", "lasts")]).await;
    let leased = at.take(at.of_these(&["b"], 1)).await.entries;
    at.wait().await;
    assert_eq!(at.counts().await, (1, 0, 0));
    assert_eq!(at.all_counts().await.forgotten, 1 + leased.len() as u64);
    assert_eq!(at.tell(at.by(1), Verdict::Done).await, Applied::Before);
    if let Some(leased) = leased.first() {
        assert_eq!(at.tell(lease(leased), Verdict::Done).await, Applied::Before);
    }
    assert_eq!(at.bodies(at.of_each(9)).await, ["lasts"]);
}

pub(super) async fn what_was_set_aside_does_not_grow_old(at: &mut At<'_>) {
    let mut entry = at.known(1, "x");
    entry.life = Some(MOMENT * 50);
    at.keep(entry).await;
    let one = at.one().await;
    at.tell(lease(&one), aside()).await;
    at.place.wait(MOMENT * 51).await;
    assert_eq!(at.counts().await, (0, 0, 1));
    // Repeated, it is too old at once.
    at.tell(Target::SetAside(one.lease.id), again(Duration::ZERO))
        .await;
    assert!(at.bodies(at.of_each(9)).await.is_empty());
    assert_eq!(at.all_counts().await.forgotten, 1);
}
