//! What becomes of entries.

use super::*;

pub(super) async fn done_is_remembered(at: &mut At<'_>) {
    assert!(matches!(at.keep(at.known(1, "x")).await, Kept::New(_)));
    assert_eq!(at.keep(at.known(1, "x")).await, Kept::Duplicate);
    let one = at.one().await;
    assert_eq!(at.keep(at.known(1, "x")).await, Kept::Duplicate);
    at.tell(lease(&one), Verdict::Done).await;
    assert_eq!(at.keep(at.known(1, "x")).await, Kept::Duplicate);
    assert_eq!(at.counts().await, (0, 0, 0));
}

pub(super) async fn what_is_given_back_was_not_taken(at: &mut At<'_>) {
    at.keep_all(&[("a", "1"), ("a", "2")]).await;
    let one = at.one().await;
    assert_eq!(at.tell(lease(&one), Verdict::GiveBack).await, yes(""));
    assert_eq!(at.tell(lease(&one), Verdict::GiveBack).await, Applied::Lost);
    let again = at.one().await;
    assert_eq!(again.lease, one.lease);
    assert!(!again.redelivered());
}

pub(super) async fn set_aside_is_listed_repeated_and_dropped(at: &mut At<'_>) {
    at.keep_all(&[("a", "1"), ("a", "2"), ("a", "3")]).await;
    let mut ids = Vec::new();
    for _ in 0..3 {
        let one = at.one().await;
        assert_eq!(at.tell(lease(&one), aside()).await, yes(""));
        ids.push(one.lease.id);
    }
    assert_eq!(at.counts().await, (0, 0, 3));
    let listed = at.aside().await;
    let found: Vec<u64> = listed.iter().map(|stored| stored.lease.id).collect();
    assert_eq!(found, ids);
    assert_eq!((&*listed[1].body, &*listed[1].reason), ("2", "refused"));
    assert_eq!((listed[1].lease.attempt, &*listed[1].lane), (1, "a"));
    let page = at.store().set_aside(at.queue.clone(), ids[0], 1).await;
    assert_eq!(page.expect("a page")[0].lease.id, ids[1]);
    assert_eq!(
        at.tell(Target::SetAside(ids[0]), Verdict::Done).await,
        yes("")
    );
    assert_eq!(
        at.tell(Target::SetAside(ids[0]), Verdict::Done).await,
        Applied::Before
    );
    let repeated = Target::SetAside(ids[1]);
    assert_eq!(
        at.tell(repeated.clone(), again(Duration::ZERO)).await,
        yes("")
    );
    assert_eq!(at.tell(repeated, Verdict::Done).await, Applied::Lost);
    let one = at.one().await;
    assert_eq!((one.lease.id, one.lease.attempt), (ids[1], 2));
    assert_eq!(at.counts().await, (0, 1, 1));
}

pub(super) async fn a_withdrawn_entry_is_gone_if_it_waits(at: &mut At<'_>) {
    for identity in [1, 2, 3] {
        let mut entry = at.known(identity, "x");
        entry.origin = "me".to_owned();
        at.keep(entry).await;
    }
    let one = at.one().await;
    assert_eq!((one.identity, &*one.origin), (Some(1), "me"));
    assert_eq!(at.tell(at.by(1), Verdict::Withdraw).await, Applied::Lost);
    assert_eq!(at.tell(at.by(2), Verdict::Withdraw).await, yes("me"));
    assert_eq!(at.tell(at.by(2), Verdict::Withdraw).await, Applied::Before);
    // Nobody waits for it any more.
    assert_eq!(at.tell(at.by(1), Verdict::Done).await, yes(""));
    assert_eq!(at.one().await.identity, Some(3));
}

pub(super) async fn a_result_settles_whoever_has_it(at: &mut At<'_>) {
    for identity in [1, 2, 3] {
        let mut entry = at.known(identity, "x");
        entry.origin = "me".to_owned();
        at.keep(entry).await;
    }
    let one = at.one().await;
    assert_eq!(at.tell(at.by(1), Verdict::Done).await, yes("me"));
    assert_eq!(at.tell(lease(&one), Verdict::Done).await, Applied::Before);
    // One that waits, again perhaps, has been executed all the same.
    assert_eq!(at.tell(at.by(2), Verdict::Done).await, yes("me"));
    assert_eq!(at.tell(at.by(2), Verdict::Done).await, Applied::Before);
    let one = at.one().await;
    at.tell(lease(&one), aside()).await;
    assert_eq!(at.tell(at.by(3), Verdict::Done).await, yes("me"));
    assert_eq!(at.counts().await, (0, 0, 0));
}

pub(super) async fn what_is_unknown_is_said_to_be(at: &mut At<'_>) {
    let far = Lease {
        id: u64::MAX >> 12,
        attempt: 1,
    };
    for target in [Target::Lease(far), Target::SetAside(far.id), at.by(9)] {
        assert_eq!(at.tell(target, Verdict::Done).await, Applied::Unknown);
    }
    at.keep(at.known(9, "x")).await;
    for verdict in [Verdict::Given, Verdict::GiveBack] {
        assert_eq!(at.tell(at.by(9), verdict).await, Applied::Lost);
    }
    let one = at.one().await;
    let wrong = Lease {
        attempt: 2,
        ..one.lease
    };
    assert_eq!(
        at.tell(Target::Lease(wrong), Verdict::Done).await,
        Applied::Lost
    );
    assert_eq!(
        at.tell(Target::SetAside(one.lease.id), Verdict::Done).await,
        Applied::Lost
    );
    let nothing = format!("{}/nothing", at.queue);
    assert_eq!(
        at.store().counts(nothing.clone()).await.expect("counts"),
        Counts::default()
    );
    assert!(
        at.store()
            .set_aside(nothing, 0, 9)
            .await
            .expect("a list")
            .is_empty()
    );
}
