//! What a message gives, how long, and who else has a word in it.

use super::{Does, EVENTS, PLAN, Rules, TEXT, World};
use crate::runtime::bot::{Conversation, Why};
use crate::runtime::receive::event::Opened;
use crate::runtime::store::{Batch, Value, login_names};
use crate::runtime::{Error, ErrorKind};
use std::time::{Duration, SystemTime};

fn why(error: &Error) -> Why {
    assert_eq!(error.kind(), ErrorKind::NoRight, "{error}");
    assert!(!error.may_have_been_executed());
    error.unsaid().unwrap().why
}

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::test]
async fn a_message_gives_ten_answers_with_its_token_and_a_newer_one_counts_anew() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    let talk = world.talk(&message);
    assert_eq!((talk.bot(), talk.person()), ("bot", "ann"));
    for n in 0..10 {
        talk.send_split(&TEXT, &n.to_string(), None).await.unwrap();
    }
    let refused = talk.send_split(&TEXT, "10", None).await.unwrap_err();
    assert_eq!(why(&refused), Why::UsedUp { left: 0, needed: 1 });
    world.ann_writes(2).await;
    talk.send_split(&TEXT, "11", None).await.unwrap();
    assert_eq!(world.left(&talk).await, 9);
    let got = world.vendor.got();
    assert_eq!(got.len(), 11);
    assert!(got[9].1.contains("t0ken1") && got[10].1.contains("t0ken2"));
}

#[tokio::test]
async fn what_needs_more_sends_than_are_left_is_refused_whole() {
    let world = World::new();
    world.ann_writes(1).await;
    let talk = world.talk(&world.handed().await);
    let refused = talk.send_split(&TEXT, &"字".repeat(25_000), Some(2_000));
    let refused = refused.await.unwrap_err();
    let used_up = Why::UsedUp {
        left: 10,
        needed: 13,
    };
    assert_eq!(why(&refused), used_up);
    assert!(refused.to_string().contains("13 sends"), "{refused}");
    assert_eq!(world.left(&talk).await, 10);
    let sent = talk.send_split(&TEXT, &"字".repeat(20_000), Some(2_000));
    let sent = sent.await.unwrap();
    assert_eq!((sent.client_ids.len(), world.left(&talk).await), (10, 0));
    assert_eq!(world.vendor.got().len(), 10);
}

#[tokio::test]
async fn who_never_wrote_or_long_ago_is_told_nothing() {
    let world = World::new();
    let talk = Conversation::new(&world.bot, world.store.clone(), "bot", "ann");
    let refused = talk.send_split(&TEXT, "hi", None).await.unwrap_err();
    assert_eq!(why(&refused), Why::NobodyWrote);
    assert_eq!(talk.right().await.unwrap(), None);
    let text = r#"{"type":1,"id":1,"from":"ann","to":"bot","token":"t0ken"}"#;
    let rules = Rules::default();
    world.comes(text, rules, HOUR * 25).await;
    let refused = talk.send_split(&TEXT, "hi", None).await.unwrap_err();
    assert_eq!(why(&refused), Why::TooOld);
    assert!(world.vendor.got().is_empty());
    world.comes(text, rules, HOUR * 23).await;
    talk.send_split(&TEXT, "hi", None).await.unwrap();
}

#[tokio::test]
async fn a_user_may_change_how_many_and_how_long() {
    let world = World::new();
    let text = r#"{"type":1,"id":1,"from":"ann","to":"bot","token":"t0ken"}"#;
    let rules = Rules {
        answers: Some(1),
        within: Some(HOUR),
    };
    world.comes(text, rules, HOUR / 2).await;
    let talk = Conversation::new(&world.bot, world.store.clone(), "bot", "ann");
    let right = talk.right().await.unwrap().unwrap();
    assert_eq!((right.left, right.closed), (1, false));
    assert_eq!(right.until.duration_since(right.since).unwrap(), HOUR);
    assert_eq!(right.token.expose(), "t0ken");
    talk.send_split(&TEXT, "hi", None).await.unwrap();
    let refused = talk.send_split(&TEXT, "hi", None).await.unwrap_err();
    assert_eq!(why(&refused), Why::UsedUp { left: 0, needed: 1 });
}

#[tokio::test]
async fn a_message_that_comes_twice_gives_nothing_back() {
    let world = World::new();
    world.ann_writes(1).await;
    let talk = world.talk(&world.handed().await);
    talk.send_split(&TEXT, "hi", None).await.unwrap();
    world.ann_writes(1).await;
    assert_eq!(world.left(&talk).await, 9);
}

#[tokio::test]
async fn only_what_is_declared_opens_a_conversation_and_people_are_told_apart() {
    let opens = |text: &str| {
        let opened = Opened::new(&EVENTS, text).unwrap();
        let value = PLAN.opened(&opened, None, Rules::default(), SystemTime::now())?;
        Some(value.name)
    };
    for nothing in [
        r#"{"type":2,"from":"ann","to":"bot","token":"t"}"#,
        r#"{"type":1,"from":"ann","to":"bot"}"#,
        r#"{"type":1,"from":"ann","to":"bot","token":""}"#,
        r#"{"type":1,"from":"","to":"bot","token":"t"}"#,
        r#"{"type":1,"from":"ann","token":"t"}"#,
        r#"{"from":"ann","to":"bot","token":"t"}"#,
    ] {
        assert_eq!(opens(nothing), None, "{nothing}");
    }
    let names = [
        r#"{"type":1,"from":"a/b","to":"c","token":"t"}"#,
        r#"{"type":1,"from":"b","to":"c/a","token":"t"}"#,
        r#"{"type":1,"from":"a%2Fb","to":"c","token":"t"}"#,
        r#"{"type":1,"from":"ann","room":"r","to":"c","token":"t"}"#,
    ]
    .map(|text| opens(text).unwrap());
    for (at, name) in names.iter().enumerate() {
        assert!(!names[..at].contains(name), "{name}");
        assert!(name.ends_with("/right"), "{name}");
    }
    assert!(names[3].contains("/r/"), "{}", names[3]);
}

#[tokio::test]
async fn the_vendors_own_refusal_closes_until_the_person_writes_again() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    let talk = world.talk(&message);
    let bad = r#"{"ret":-2,"errmsg":"no such item"}"#;
    let closed = r#"{"ret":-2,"errmsg":"Rate limited"}"#;
    world
        .vendor
        .does([Does::Answers(bad), Does::Answers(closed)]);
    let refused = talk.send_split(&TEXT, "bad", None).await.unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Vendor);
    assert_eq!(refused.unsaid().unwrap().why, Why::Failed);
    let refused = talk.send_split(&TEXT, "hi", None).await.unwrap_err();
    assert_eq!(
        (refused.kind(), refused.code()),
        (ErrorKind::Vendor, Some("-2"))
    );
    assert_eq!(refused.unsaid().unwrap().why, Why::Closed);
    let right = talk.right().await.unwrap().unwrap();
    assert_eq!(
        (right.left, right.closed),
        (10, true),
        "a refusal is no send"
    );
    // Neither from the message, nor from the client, nor when the message is handed over again.
    let by_client = Conversation::new(&world.bot, world.store.clone(), "bot", "ann");
    let message = world.again(message).await;
    for talk in [&talk, &by_client, &world.talk(&message)] {
        let refused = talk.send_split(&TEXT, "hi", None).await.unwrap_err();
        assert_eq!(why(&refused), Why::Closed);
    }
    assert_eq!(world.vendor.got().len(), 2);
    world.ann_writes(2).await;
    by_client.send_split(&TEXT, "hi", None).await.unwrap();
}

#[tokio::test]
async fn servers_that_send_side_by_side_lose_no_count() {
    let world = World::new();
    world.ann_writes(1).await;
    let mut sends = Vec::new();
    for _ in 0..30 {
        let talk = Conversation::new(&world.bot, world.store.clone(), "bot", "ann");
        sends.push(tokio::spawn(talk.send_split(&TEXT, "hi", None)));
    }
    let mut sent = 0;
    for send in sends {
        match send.await.unwrap() {
            Ok(_) => sent += 1,
            Err(refused) => assert!(matches!(why(&refused), Why::UsedUp { .. })),
        }
    }
    assert!((1..=10).contains(&sent), "{sent}");
    assert_eq!(world.vendor.got().len(), sent);
    let talk = Conversation::new(&world.bot, world.store.clone(), "bot", "ann");
    assert_eq!(world.left(&talk).await, 10 - sent);
}

#[tokio::test]
async fn a_new_login_forgets_rights_and_not_what_was_said() {
    let world = World::new();
    world.ann_writes(1).await;
    let message = world.handed().await;
    let talk = world.talk(&message);
    talk.send_split(&TEXT, "hi", None).await.unwrap();
    let mut batch = Batch::default();
    for (name, _) in world
        .store
        .values(login_names("acme", "bot"))
        .await
        .unwrap()
    {
        batch.values.push(Value::removed(name));
    }
    world.store.commit(batch).await.unwrap();
    assert_eq!(talk.right().await.unwrap(), None);
    let message = world.again(message).await;
    let talk = world.talk(&message);
    assert!(talk.send_split(&TEXT, "hi", None).await.unwrap().repeated);
    let refused = talk.send_split(&TEXT, "hi", None).await.unwrap_err();
    assert_eq!(why(&refused), Why::NobodyWrote);
}

#[tokio::test]
async fn what_the_store_has_and_nobody_wrote_is_said() {
    let world = World::new();
    world.ann_writes(1).await;
    let talk = world.talk(&world.handed().await);
    let mut batch = Batch::default();
    batch
        .values
        .push(Value::new("login/acme/bot/talk/ann/right", "odd"));
    world.store.commit(batch).await.unwrap();
    let failed = talk.send_split(&TEXT, "hi", None).await.unwrap_err();
    assert_eq!(failed.kind(), ErrorKind::NotSent);
    assert!(failed.to_string().contains("no version"), "{failed}");
}
