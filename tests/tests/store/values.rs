//! Named values, and what is there after a restart.

use super::*;

async fn found(at: &At<'_>, prefix: &str) -> Vec<(String, String)> {
    let prefix = format!("{}/{prefix}", at.queue);
    let values = at.store().values(prefix).await.expect("values").into_iter();
    let short = |name: String| name[at.queue.len() + 1..].to_owned();
    values.map(|(name, text)| (short(name), text)).collect()
}

fn value(at: &At<'_>, name: &str, text: &str) -> Value {
    Value::new(format!("{}/{name}", at.queue), text)
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let pairs = pairs.iter();
    pairs
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

pub(super) async fn values_are_found_by_their_names(at: &mut At<'_>) {
    for (name, text) in [
        ("s/b", "2"),
        ("s/a", "1"),
        ("t/a", "3"),
        ("s/", "0"),
        ("s/群\u{0}%[", "x\n\""),
    ] {
        at.name(value(at, name, text)).await;
    }
    let all = [
        ("s/", "0"),
        ("s/a", "1"),
        ("s/b", "2"),
        ("s/群\u{0}%[", "x\n\""),
    ];
    assert_eq!(found(at, "s/").await, pairs(&all));
    assert_eq!(found(at, "s/a").await, pairs(&[("s/a", "1")]));
    assert_eq!(found(at, "u").await, pairs(&[]));
    at.name(value(at, "s/a", "new")).await;
    at.name(Value::removed(format!("{}/s/b", at.queue))).await;
    at.name(Value::removed(format!("{}/s/c", at.queue))).await;
    let left = [("s/", "0"), ("s/a", "new"), ("s/群\u{0}%[", "x\n\"")];
    assert_eq!(found(at, "s/").await, pairs(&left));
}

pub(super) async fn values_end(at: &mut At<'_>) {
    for (name, life) in [
        ("a", Some(MOMENT)),
        ("b", Some(HOUR)),
        ("c", None),
        ("d", Some(MOMENT)),
    ] {
        let mut value = value(at, name, "x");
        value.life = life;
        at.name(value).await;
    }
    // A new text has a life of its own.
    at.name(value(at, "d", "y")).await;
    at.wait().await;
    let left = pairs(&[("b", "x"), ("c", "x"), ("d", "y")]);
    assert_eq!(found(at, "").await, left);
    at.name(value(at, "e", "z")).await;
    assert_eq!(found(at, "d").await, pairs(&[("d", "y")]));
}

pub(super) async fn what_an_entry_brings_along_comes_with_it(at: &mut At<'_>) {
    let bringing = |at: &At<'_>, identity, name, bound| {
        let mut entry = at.known(identity, "x");
        entry.values = vec![value(at, name, "new")];
        entry.lane_bound = bound;
        entry
    };
    at.name(value(at, "known", "old")).await;
    at.keep(at.known(1, "x")).await;
    let full = batch(|b| {
        b.new = vec![
            bringing(at, 1, "known", None),
            bringing(at, 2, "a", None),
            bringing(at, 2, "repeated", None),
            bringing(at, 3, "full", Some(0)),
        ];
        b.values = vec![value(at, "cursor", "2")];
    });
    let kept = at.commit(full).await.kept;
    assert!(matches!(
        kept[..],
        [Kept::Duplicate, Kept::New(_), Kept::Duplicate, Kept::Full]
    ));
    assert_eq!(
        found(at, "").await,
        pairs(&[("a", "new"), ("known", "old")])
    );
    let rest = batch(|b| {
        b.new = vec![bringing(at, 3, "full", None)];
        b.values = vec![value(at, "cursor", "2"), value(at, "full", "last")];
    });
    at.commit(rest).await;
    let named = [
        ("a", "new"),
        ("cursor", "2"),
        ("full", "last"),
        ("known", "old"),
    ];
    assert_eq!(found(at, "").await, pairs(&named));
}

pub(super) async fn everything_is_there_after_a_restart(at: &mut At<'_>) {
    at.keep_all(&[("a", "1"), ("a", "2"), ("b", "3"), ("c", "4")])
        .await;
    at.keep(at.known(7, "done")).await;
    let mut given = at.entry("given", "given");
    given.origin = "me".to_owned();
    at.keep(given).await;
    let mut late = at.entry("late", "late");
    late.delay = HOUR;
    at.keep(late).await;
    at.name(value(at, "cursor", "text")).await;
    let mut take = at.of_these(&["a", "lane", "b", "given"], 5);
    (take.holders, take.lease) = (vec!["program".to_owned()], MOMENT * 20);
    let taken = at.take(take).await.entries;
    let [one, _, three, done, held] = &taken[..] else {
        panic!("{taken:?}");
    };
    let step = batch(|b| {
        b.verdicts = vec![
            (lease(one), aside()),
            (lease(three), again(Duration::ZERO)),
            (lease(done), Verdict::Done),
            (lease(held), Verdict::Given),
        ]
    });
    at.commit(step).await;
    at.place.reopen().await;
    assert_eq!(found(at, "").await, pairs(&[("cursor", "text")]));
    assert_eq!(at.keep(at.known(7, "done")).await, Kept::Duplicate);
    let listed = at.aside().await;
    assert_eq!((&*listed[0].body, &*listed[0].reason), ("1", "refused"));
    let Kept::New(newest) = at.keep(at.entry("d", "5")).await else {
        panic!("no room");
    };
    assert!(newest > held.lease.id);
    // The holder comes again; whatever else was leased is no more.
    let mut visit = at.of_these(&["none"], 1);
    visit.holders = vec!["program".to_owned()];
    at.take(visit).await;
    at.place.wait(MOMENT * 21).await;
    let mut left = at.take(at.of_each(9)).await.entries;
    left.sort_by_key(|stored| stored.lease.id);
    let left: Vec<_> = left.iter().map(|s| (&*s.body, s.lease.attempt)).collect();
    assert_eq!(left, [("2", 2), ("3", 2), ("4", 1), ("5", 1)]);
    assert_eq!(at.tell(lease(held), Verdict::Done).await, yes("me"));
}
