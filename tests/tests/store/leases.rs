//! Whose an entry is, and for how long.

use generated_sdk::store::Lapse;

use super::*;

pub(super) async fn a_lease_that_lapsed_is_no_lease(at: &mut At<'_>) {
    at.keep_all(&[("a", "1"), ("a", "2")]).await;
    let late = Target::Lease(at.lapsed().await);
    let one = at.one().await;
    assert_eq!((one.lease.attempt, &*one.body), (2, "1"));
    assert!(!one.reason.is_empty());
    for verdict in [
        Verdict::Done,
        Verdict::Given,
        Verdict::GiveBack,
        again(HOUR),
        aside(),
    ] {
        assert_eq!(at.tell(late.clone(), verdict).await, Applied::Lost);
    }
    assert_eq!(at.counts().await, (1, 1, 0));
    assert_eq!(at.tell(lease(&one), Verdict::Done).await, yes(""));
    assert_eq!(at.tell(lease(&one), Verdict::Done).await, Applied::Before);
}

pub(super) async fn a_server_that_renews_keeps_what_it_has(at: &mut At<'_>) {
    at.keep_all(&[("a", "1"), ("b", "2")]).await;
    let mut take = at.of_each(1);
    (take.lease, take.server) = (MOMENT * 100, "renewing".to_owned());
    assert_eq!(at.bodies(take).await, ["1"]);
    let mut take = at.of_each(1);
    (take.lease, take.server) = (MOMENT, "silent".to_owned());
    assert_eq!(at.bodies(take).await, ["2"]);
    at.store()
        .renew("renewing".to_owned(), HOUR)
        .await
        .expect("renewed");
    at.place.wait(WAIT * 2).await;
    assert_eq!(at.bodies(at.of_each(9)).await, ["2"]);
}

pub(super) async fn servers_that_renew_are_known(at: &mut At<'_>) {
    let renew = async |name: &str, lease| {
        let renewed = at
            .store()
            .renew(format!("{}/{name}", at.queue), lease)
            .await;
        let of_ours = renewed.expect("renewed").into_iter();
        let of_ours = of_ours.filter_map(|name| Some(name.strip_prefix(&at.queue)?.to_owned()));
        of_ours.collect::<Vec<_>>()
    };
    assert_eq!(renew("b", HOUR).await, ["/b"]);
    assert_eq!(renew("a", MOMENT).await, ["/a", "/b"]);
    at.wait().await;
    assert_eq!(renew("c", HOUR).await, ["/b", "/c"]);
}

pub(super) async fn at_most_once_is_set_aside_when_its_lease_lapses(at: &mut At<'_>) {
    let mut once = at.entry("a", "once");
    once.lapse = Lapse::SetAside;
    at.keep(once).await;
    at.keep_all(&[("a", "next")]).await;
    let late = Target::Lease(at.lapsed().await);
    assert_eq!(at.bodies(at.of_each(9)).await, ["next"]);
    assert_eq!(at.tell(late, Verdict::Done).await, Applied::Lost);
    let listed = at.aside().await;
    assert_eq!(
        (listed.len(), &*listed[0].body, listed[0].lease.attempt),
        (1, "once", 1)
    );
    assert!(!listed[0].reason.is_empty());
}

fn held_by(at: &At<'_>, holders: &[&str], lease: Duration) -> Take {
    let mut take = at.of_these(&["lane"], 1);
    take.holders = holders.iter().map(|holder| (*holder).to_owned()).collect();
    take.lease = lease;
    take
}

pub(super) async fn what_was_given_is_renewed_by_its_holder_alone(at: &mut At<'_>) {
    at.keep_all(&[("lane", "1"), ("lane", "2"), ("lane", "3")])
        .await;
    for holder in ["new", "silent"] {
        let taken = at.take(held_by(at, &[holder], MOMENT)).await.entries;
        assert_eq!(at.tell(lease(&taken[0]), Verdict::Given).await, yes(""));
    }
    let nothing = at.of_these(&["none"], 9);
    let mut visit = held_by(at, &["newer", "new"], HOUR);
    visit.lanes = nothing.lanes;
    assert!(at.bodies(visit).await.is_empty());
    // Whoever handed it out does not renew it.
    at.store()
        .renew("server".to_owned(), HOUR)
        .await
        .expect("renewed");
    at.wait().await;
    assert_eq!(at.bodies(at.of_these(&["lane"], 9)).await, ["2", "3"]);
}

pub(super) async fn what_ends_at_the_next_take_ends_there(at: &mut At<'_>) {
    for (identity, lasts) in [(1, false), (2, false), (3, true)] {
        let mut entry = at.known(identity, "x");
        entry.until_next_take = !lasts;
        at.keep(entry).await;
    }
    let mut take = held_by(at, &["program"], HOUR);
    take.most = 3;
    let taken = at.take(take).await.entries;
    // The second could not be given: nobody knows whether it arrived.
    for stored in [&taken[0], &taken[2]] {
        at.tell(lease(stored), Verdict::Given).await;
    }
    assert!(at.bodies(held_by(at, &["another"], HOUR)).await.is_empty());
    assert_eq!(at.counts().await, (0, 3, 0));
    assert!(
        at.bodies(held_by(at, &["renamed", "program"], HOUR))
            .await
            .is_empty()
    );
    assert_eq!(at.counts().await, (0, 2, 0));
    assert_eq!(at.tell(at.by(1), Verdict::Done).await, Applied::Before);
    assert_eq!(
        at.tell(lease(&taken[1]), again(Duration::ZERO)).await,
        yes("")
    );
    let taken = at.take(at.of_these(&["lane"], 1)).await.entries;
    let again = &taken[0];
    assert_eq!((again.identity, again.redelivered()), (Some(2), true));
}

pub(super) async fn a_batch_whose_lease_is_lost_does_nothing(at: &mut At<'_>) {
    at.keep_all(&[("a", "1"), ("b", "2")]).await;
    let late = at.lapsed().await;
    let held = at
        .take(at.of_these(&["b"], 1))
        .await
        .entries
        .remove(0)
        .lease;
    let name = format!("{}/cursor", at.queue);
    let mut step = batch(|b| {
        b.held = vec![held, late];
        b.new = vec![at.entry("c", "3")];
        b.verdicts = vec![(Target::Lease(held), Verdict::Done)];
        b.values = vec![Value::new(&*name, "text")];
    });
    let committed = at.commit(step.clone()).await;
    assert!(!committed.held && committed.kept.is_empty() && committed.applied.is_empty());
    assert_eq!(at.counts().await, (1, 1, 0));
    let values = async || at.store().values(name.clone()).await.expect("values");
    assert!(values().await.is_empty());
    step.held.pop();
    let committed = at.commit(step).await;
    assert!(committed.held && matches!(committed.kept[..], [Kept::New(_)]));
    assert_eq!(committed.applied, [yes("")]);
    assert_eq!(at.counts().await, (2, 0, 0));
    assert_eq!(values().await.len(), 1);
}

pub(super) async fn the_time_to_ask_again_is_told(at: &mut At<'_>) {
    assert_eq!(at.take(at.of_each(9)).await.next, None);
    let mut late = at.entry("a", "late");
    late.delay = HOUR;
    at.keep(late).await;
    for take in [at.of_each(9), at.of_these(&["a"], 9)] {
        let next = at.take(take).await.next.expect("an entry waits");
        assert!(next > HOUR / 2 && next <= HOUR, "{next:?}");
    }
    at.keep_all(&[("b", "1"), ("c", "2")]).await;
    let mut take = at.of_each(1);
    take.lease = HOUR * 2;
    assert_eq!(at.take(take).await.next.unwrap_or(HOUR).as_secs(), 0);
    let mut take = at.of_each(9);
    take.lease = HOUR / 4;
    let next = at.take(take).await.next.expect("a lease ends");
    assert!(next > HOUR / 8 && next <= HOUR / 4, "{next:?}");
}
