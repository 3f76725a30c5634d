//! Events at least once, answers at most once: what is sent, what is not sent again, and what is said of it.

#[cfg(feature = "store-redb")]
use super::Vendor;
use super::{Does, TEXT, World};
use crate::runtime::bot::{Sent, Why};
use crate::runtime::call::{Meaning, meaning_of};
use crate::runtime::store::Verdict;
use crate::runtime::{Conversation, Error, ErrorKind, Json};
use std::sync::atomic::Ordering;
use std::time::Duration;
use tokio::time::timeout;

const REFUSED: Does = Does::Answers(r#"{"ret":7,"errmsg":"the text t0ken1 bcde is bad"}"#);

fn why(error: &Error) -> Why {
    error.unsaid().unwrap().why
}

#[tokio::test]
async fn a_message_that_is_handed_over_again_says_nothing_twice() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    let talk = world.talk(&message);
    let first = talk.send_split(&TEXT, "one", None).await.unwrap();
    assert!(!first.repeated);
    let message = world.again(message).await;
    let talk = world.talk(&message);
    let again = talk
        .send_split(&TEXT, "something else", None)
        .await
        .unwrap();
    assert!(again.repeated);
    assert_eq!(again.client_ids, first.client_ids);
    let second = talk.send_split(&TEXT, "two", None).await.unwrap();
    assert!(!second.repeated && second.client_ids != first.client_ids);
    assert_eq!(world.vendor.texts(), ["one", "two"]);
    assert_eq!(world.left(&talk).await, 8);
    // From the client nothing is known of what was said.
    let talk = Conversation::new(&world.bot, world.store.clone(), "bot", "ann");
    assert!(!talk.send_split(&TEXT, "one", None).await.unwrap().repeated);
}

#[tokio::test]
async fn answers_side_by_side_keep_the_numbers_in_which_they_were_begun() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    let talk = world.talk(&message);
    let (one, two) = (
        talk.send_split(&TEXT, "one", None),
        talk.clone().send_split(&TEXT, "two", None),
    );
    // The second first.
    let (two, one) = (two.await.unwrap(), one.await.unwrap());
    let message = world.again(message).await;
    let talk = world.talk(&message);
    let again = [
        talk.send_split(&TEXT, "one", None),
        talk.send_split(&TEXT, "two", None),
    ];
    let ids = |sent: &Sent| sent.client_ids.clone();
    for (again, before) in again.into_iter().zip([&one, &two]) {
        assert_eq!(ids(&again.await.unwrap()), ids(before));
    }
    assert_eq!(world.vendor.texts(), ["two", "one"]);
}

#[tokio::test]
async fn what_was_cut_off_may_have_been_executed_and_is_not_sent_again() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    let talk = world.talk(&message);
    world.vendor.does([Does::Hangs]);
    let cut_off = talk.send_split(&TEXT, "one", None);
    timeout(Duration::from_millis(20), cut_off)
        .await
        .unwrap_err();
    talk.send_split(&TEXT, "two", None).await.unwrap();
    let message = world.again(message).await;
    let talk = world.talk(&message);
    let unknown = talk.send_split(&TEXT, "one", None).await.unwrap_err();
    assert!(unknown.may_have_been_executed());
    assert_eq!(
        (unknown.kind(), why(&unknown)),
        (ErrorKind::NoAnswer, Why::Unknown)
    );
    let meant = meaning_of(&unknown).unwrap();
    assert_eq!(meant, Meaning::PerhapsExecuted, "set aside, not repeated");
    assert!(talk.send_split(&TEXT, "two", None).await.unwrap().repeated);
    assert_eq!(world.vendor.texts(), ["one", "two"]);
    assert_eq!(world.left(&talk).await, 8);
}

#[tokio::test]
async fn a_lost_answer_is_not_sent_again_either() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    world.vendor.does([Does::Loses]);
    let lost = world.talk(&message).send_split(&TEXT, "one", None);
    assert!(lost.await.unwrap_err().may_have_been_executed());
    let message = world.again(message).await;
    let again = world.talk(&message).send_split(&TEXT, "one", None);
    assert_eq!(why(&again.await.unwrap_err()), Why::Unknown);
    assert_eq!(world.vendor.got().len(), 1);
}

#[tokio::test]
async fn what_certainly_did_not_go_out_goes_out_next_time_and_counts_once() {
    let world = World::new();
    world.ann_writes(1).await;
    let mut message = world.handed().await;
    for does in [Does::Refuses, REFUSED] {
        world.vendor.does([does]);
        let talk = world.talk(&message);
        let failed = talk.send_split(&TEXT, "bcde", None).await.unwrap_err();
        assert!(!failed.may_have_been_executed());
        assert_eq!(world.left(&talk).await, 10);
        message = world.again(message).await;
    }
    let talk = world.talk(&message);
    assert!(!talk.send_split(&TEXT, "bcde", None).await.unwrap().repeated);
    assert_eq!(world.left(&talk).await, 9);
}

#[tokio::test]
async fn a_failure_halfway_says_what_went_and_the_next_attempt_goes_on_behind_it() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    let good = Does::Answers(super::GOOD);
    world.vendor.does([good, good, Does::Refuses]);
    let talk = world.talk(&message);
    let halfway = talk.send_split(&TEXT, "aabbccdd", Some(2)).await;
    let halfway = halfway.unwrap_err();
    let unsaid = halfway.unsaid().unwrap();
    assert_eq!(
        (unsaid.sent.len(), unsaid.of, unsaid.why),
        (2, 4, Why::Failed)
    );
    assert!(
        halfway.to_string().contains("2 of 4 pieces went"),
        "{halfway}"
    );
    assert!(!halfway.may_have_been_executed(), "it can go on");
    assert_eq!(world.left(&talk).await, 8);

    let message = world.again(message).await;
    let talk = world.talk(&message);
    let changed = talk.send_split(&TEXT, "aabbccee", Some(2)).await;
    let changed = changed.unwrap_err();
    assert_eq!(
        (why(&changed), changed.unsaid().unwrap().of),
        (Why::Changed, 4)
    );
    assert!(changed.may_have_been_executed(), "a part of it was");

    let message = world.again(message).await;
    let talk = world.talk(&message);
    let sent = talk.send_split(&TEXT, "aabbccdd", Some(2)).await.unwrap();
    assert!(!sent.repeated);
    assert_eq!(sent.client_ids.len(), 4);
    assert_eq!(sent.client_ids[..2], unsaid.sent);
    assert_eq!(world.vendor.texts(), ["aa", "bb", "cc", "dd"]);
    assert_eq!(world.left(&talk).await, 6);
    let ids: std::collections::BTreeSet<_> = sent.client_ids.iter().collect();
    assert_eq!(ids.len(), 4, "each its own");
}

#[tokio::test]
async fn halfway_from_a_client_nothing_goes_on_by_itself() {
    let world = World::new();
    world.ann_writes(1).await;
    let talk = Conversation::new(&world.bot, world.store.clone(), "bot", "ann");
    world
        .vendor
        .does([Does::Answers(super::GOOD), Does::Refuses]);
    let halfway = talk.send_split(&TEXT, "aabb", Some(2)).await.unwrap_err();
    assert!(halfway.may_have_been_executed());
    assert_eq!(halfway.unsaid().unwrap().sent.len(), 1);
    world.vendor.does([Does::Loses]);
    let lost = talk.send_split(&TEXT, "aabb", Some(2)).await.unwrap_err();
    assert_eq!(lost.unsaid().unwrap().sent.len(), 0);
    assert_eq!(world.left(&talk).await, 8, "the lost one counts");
}

#[tokio::test]
async fn what_cannot_be_written_down_does_not_go_out() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    let talk = world.talk(&message);
    world.vendor.broken.store(true, Ordering::Relaxed);
    let failed = talk.send_split(&TEXT, "one", None).await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::NotSent);
    assert!(world.vendor.got().is_empty());
    world.vendor.broken.store(false, Ordering::Relaxed);

    world.vendor.does([Does::Breaks]);
    let halfway = talk.send_split(&TEXT, "aabb", Some(2)).await.unwrap_err();
    assert_eq!(halfway.kind(), ErrorKind::NotSent);
    assert_eq!(halfway.unsaid().unwrap().sent.len(), 1);
    world.vendor.broken.store(false, Ordering::Relaxed);
    let message = world.again(message).await;
    let talk = world.talk(&message);
    talk.send_split(&TEXT, "one", None).await.unwrap();
    let unknown = talk.send_split(&TEXT, "aabb", Some(2)).await.unwrap_err();
    assert_eq!(why(&unknown), Why::Unknown);
    assert_eq!(world.vendor.texts(), ["aa", "one"]);
}

#[tokio::test]
async fn who_has_lost_the_message_answers_it_no_more() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    let late = world.talk(&message);
    let message = world.again(message).await;
    let refused = late.send_split(&TEXT, "late", None).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Misuse);
    assert!(world.vendor.got().is_empty());
    let talk = world.talk(&message);
    talk.send_split(&TEXT, "one", None).await.unwrap();
    world.ends(message, Verdict::Done).await;
    let refused = talk.send_split(&TEXT, "two", None).await.unwrap_err();
    assert!(refused.to_string().contains("is finished"), "{refused}");
    assert_eq!(world.left(&talk).await, 9);
}

#[tokio::test]
async fn an_old_message_that_may_have_been_answered_before_is_not_answered() {
    let world = World::new();
    world.ann_writes(1).await;
    let day = Duration::from_secs(86_400);
    let message = world.handed().await;
    world.ann_writes(2).await;
    let talk = world.talk_since(&message, day);
    talk.send_split(&TEXT, "late", None).await.unwrap();
    let message = world.again(message).await;
    let talk = world.talk_since(&message, day);
    assert!(talk.send_split(&TEXT, "late", None).await.unwrap().repeated);
    let refused = talk.send_split(&TEXT, "more", None).await.unwrap_err();
    assert_eq!(why(&refused), Why::TooOld);
}

#[tokio::test]
async fn what_takes_long_to_make_is_not_made_in_vain() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    let made = || async { Ok(vec![Json::object([("text", Json::from("made"))])]) };
    let never = || async { unreachable!("it was sent before, or must not be sent") };
    world.talk(&message).send_made(1, made()).await.unwrap();
    let message = world.again(message).await;
    let talk = world.talk(&message);
    assert!(talk.send_made(1, never()).await.unwrap().repeated);
    let refused = talk.send_made(11, never()).await.unwrap_err();
    assert!(matches!(why(&refused), Why::UsedUp { .. }));
    let failed = talk.send_made(1, async { Err(Error::misuse("no such file")) });
    assert_eq!(failed.await.unwrap_err().kind(), ErrorKind::Misuse);
    assert_eq!(world.left(&talk).await, 9);
}

#[tokio::test]
async fn there_must_be_something_to_say() {
    let world = World::new();
    world.ann_writes(1).await;
    let talk = world.talk(&world.handed().await);
    let nothing = talk.send_split(&TEXT, " \n", None).await.unwrap_err();
    assert_eq!(nothing.kind(), ErrorKind::Misuse);
}

#[tokio::test]
async fn neither_token_nor_text_shows_in_what_is_said_of_a_failure() {
    let world = World::new();
    world.ann_writes(1).await;
    world.vendor.does([REFUSED]);
    let talk = world.talk(&world.handed().await);
    let refused = talk.send_split(&TEXT, "bcde", None).await.unwrap_err();
    let right = talk.right().await.unwrap().unwrap();
    let shown = format!("{refused} {refused:?} {talk:?} {right:?}");
    assert!(
        refused.to_string().contains("the text *** *** is bad"),
        "{refused}"
    );
    for hidden in ["t0ken", "bcde", "ann"] {
        assert!(!shown.contains(hidden), "{shown}");
    }
}

#[cfg(feature = "store-redb")]
#[tokio::test]
async fn what_was_said_is_known_after_a_restart() {
    use crate::runtime::store::RedbStore;
    use std::sync::Arc;

    let path = std::env::temp_dir().join(format!("talk-{}.redb", std::process::id()));
    let open = || Arc::new(RedbStore::open(&path).unwrap());
    let world = World::on(open(), Vendor::default());
    world.ann_writes(1).await;
    let talk = world.talk(&world.handed().await);
    let one = talk.send_split(&TEXT, "one", None).await.unwrap();
    world.vendor.does([Does::Hangs]);
    let cut_off = talk.send_split(&TEXT, "two", None);
    timeout(Duration::from_millis(20), cut_off)
        .await
        .unwrap_err();
    world.store.close().await;
    let vendor = world.vendor.clone();
    drop((talk, world));

    let world = World::on(open(), vendor);
    let message = world.handed().await;
    assert!(message.stored.redelivered());
    let talk = world.talk(&message);
    let again = talk.send_split(&TEXT, "one", None).await.unwrap();
    assert_eq!((again.repeated, again.client_ids), (true, one.client_ids));
    let unknown = talk.send_split(&TEXT, "two", None).await.unwrap_err();
    assert_eq!(why(&unknown), Why::Unknown);
    talk.send_split(&TEXT, "three", None).await.unwrap();
    assert_eq!(world.vendor.texts(), ["one", "two", "three"]);
    assert_eq!(world.left(&talk).await, 7);
    world.store.close().await;
    let _ = std::fs::remove_file(&path);
}
