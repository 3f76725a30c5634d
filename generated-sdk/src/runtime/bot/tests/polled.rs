//! From the poller to the answer: messages are asked for, handled, answered, and handed over again.

use super::{Bot, Does, TEXT, World};
use crate::runtime::ErrorKind;
use crate::runtime::bot::Why;
use crate::runtime::poll::{Message, Poller, PollerBuilder};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio::time::sleep;

const ANN: &str =
    r#"{"ret":0,"msgs":[{"type":1,"id":1,"from":"ann","to":"bot","token":"t0ken1"}],"buf":"b"}"#;

fn polling(world: &World) -> PollerBuilder<Bot> {
    let builder = PollerBuilder::new(world.bot.clone()).on_error(|_, _| ());
    builder.shared_store(world.store.clone())
}

async fn ended(mut poller: Poller<Bot>) {
    assert_eq!(poller.shutdown(Duration::from_secs(20)).await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_fails_after_an_answer_does_not_say_it_again() {
    let world = World::new();
    world.vendor.tells(ANN);
    let (to, mut said) = mpsc::unbounded_channel();
    let poller = polling(&world).start(move |message: Message<Bot>| {
        let to = to.clone();
        async move {
            // Clones, and conversations of the same message, count together.
            let (one, two) = (message.conversation()?, message.clone().conversation()?);
            let first = one.send_split(&TEXT, "one", None).await?;
            if message.attempt < 3 {
                return Err("not yet".into());
            }
            let second = two.send_split(&TEXT, "two", None).await?;
            let _ = to.send((first.repeated, second.repeated, message.redelivered));
            Ok::<_, crate::runtime::BoxError>(())
        }
    });
    let poller = poller.unwrap();
    assert_eq!(said.recv().await, Some((true, false, true)));
    ended(poller).await;
    assert_eq!(world.vendor.texts(), ["one", "two"]);
}

#[tokio::test(start_paused = true)]
async fn the_vendors_refusal_sets_a_message_aside_and_nothing_is_repeated() {
    let world = World::new();
    world.vendor.does([Does::Answers(r#"{"ret":-2}"#)]);
    world.vendor.tells(ANN);
    let failures = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&failures);
    let poller = polling(&world).on_error(move |_, failure| {
        seen.lock().unwrap().push(failure.to_string());
    });
    let poller = poller.start(|message: Message<Bot>| async move {
        let talk = message.conversation()?;
        talk.send_split(&TEXT, "one", None).await.map(drop)
    });
    let poller = poller.unwrap();
    sleep(Duration::from_secs(600)).await;
    assert_eq!(poller.set_aside().count().await.unwrap(), 1);
    assert_eq!(world.vendor.texts(), ["one"]);
    // By hand it is handed over again, and not sent: the person has not written since.
    let aside = poller.set_aside().list(0, 1).await.unwrap();
    poller.set_aside().repeat(aside[0].id).await.unwrap();
    sleep(Duration::from_secs(600)).await;
    assert_eq!(poller.set_aside().count().await.unwrap(), 1);
    assert_eq!(world.vendor.texts(), ["one"]);
    let failures = failures.lock().unwrap().join("\n");
    assert!(failures.contains("code -2"), "{failures}");
    assert!(
        failures.contains("until the person writes again"),
        "{failures}"
    );
    ended(poller).await;
}

#[tokio::test(start_paused = true)]
async fn only_what_gives_a_right_has_a_conversation_and_a_user_may_bound_it() {
    let world = World::new();
    world.vendor.tells(
        r#"{"ret":0,"msgs":[{"type":2,"id":1,"from":"ann","to":"bot","token":"t"}],"buf":"b"}"#,
    );
    world.vendor.tells(&ANN.replace("\"id\":1", "\"id\":2"));
    let (to, mut said) = mpsc::unbounded_channel();
    let builder = polling(&world)
        .answers(1)
        .answer_within(Duration::from_secs(60));
    let poller = builder.start(move |message: Message<Bot>| {
        let to = to.clone();
        async move {
            let talk = match message.conversation() {
                Ok(talk) => talk,
                Err(error) => {
                    let _ = to.send((error.kind(), None));
                    return;
                }
            };
            talk.send_split(&TEXT, "one", None).await.unwrap();
            let refused = talk.send_split(&TEXT, "two", None).await.unwrap_err();
            let _ = to.send((refused.kind(), refused.unsaid().map(|unsaid| unsaid.why)));
        }
    });
    let poller = poller.unwrap();
    assert_eq!(said.recv().await, Some((ErrorKind::NoRight, None)));
    let used_up = Why::UsedUp { left: 0, needed: 1 };
    assert_eq!(said.recv().await, Some((ErrorKind::NoRight, Some(used_up))));
    ended(poller).await;
}

#[tokio::test(start_paused = true)]
async fn who_answers_when_the_message_is_done_is_told_so() {
    let world = World::new();
    world.vendor.tells(ANN);
    let (to, late) = oneshot::channel();
    let to = Mutex::new(Some(to));
    let poller = polling(&world).start(move |message: Message<Bot>| {
        let to = to.lock().unwrap().take();
        async move {
            tokio::spawn(async move {
                sleep(Duration::from_secs(5)).await;
                let talk = message.conversation().unwrap();
                let refused = talk.send_split(&TEXT, "late", None).await.unwrap_err();
                let _ = to.unwrap().send(refused.kind());
            });
        }
    });
    let poller = poller.unwrap();
    assert_eq!(late.await.unwrap(), ErrorKind::Misuse);
    assert_eq!(world.vendor.texts(), [""; 0]);
    ended(poller).await;
}
