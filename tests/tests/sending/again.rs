//! What goes wrong on the way: refusals, lost answers, gateways that are away, restarts.

use std::time::Instant;

use generated_sdk::eyun::Client;
use generated_sdk::store::{Lanes, Take};
use mock_gateway::{Answer, Fault};
use tokio::time::sleep;

use super::*;

#[tokio::test]
async fn an_account_sends_in_order_with_a_distance_and_what_was_answered_is_kept() {
    let (gateway, wx) = stage().await;
    let broadcast = builder(&wx)
        .distance(ms(20), ms(40))
        .start(memory())
        .expect("starts");
    let begun = Instant::now();
    add(&broadcast, "alice", &["a", "b", "c", "d"]).await;
    let progress = finished(&broadcast).await;
    assert!(
        begun.elapsed() >= ms(60),
        "three distances of 20 ms at least"
    );
    assert_eq!(sent(&gateway), ["a", "b", "c", "d"]);
    assert_eq!(keys(&progress.sent), ["a", "b", "c", "d"]);
    assert!(
        progress.sent[0].told.contains("newMsgId"),
        "{}",
        progress.sent[0].told
    );
    assert!(!format!("{progress:?}").contains("newMsgId"));
    let again = broadcast
        .add("alice", "a", &SendText::new("wxid_friend", "a"))
        .await;
    assert!(!again.expect("works"), "a key is sent once");
    assert_eq!(keys(&finished(&broadcast).await.sent), ["a", "b", "c", "d"]);
    assert_eq!(sent(&gateway).len(), 4);
}

#[tokio::test]
async fn a_lost_answer_is_not_sent_again_and_holds_up_nobody() {
    let (gateway, wx) = stage().await;
    gateway.fault_once_on("/sendText", Fault::DropAfterSend);
    let broadcast = builder(&wx).start(memory()).expect("starts");
    add(&broadcast, "alice", &["lost", "next"]).await;
    let progress = finished(&broadcast).await;
    assert_eq!(
        (keys(&progress.unknown), keys(&progress.sent)),
        (vec!["lost"], vec!["next"])
    );
    assert!(
        progress.unknown[0].told.contains("may have been executed"),
        "{}",
        progress.unknown[0].told
    );
    assert_eq!(sent(&gateway), ["lost", "next"]);
    // Whoever has looked may send it once more.
    assert!(broadcast.again("alice", "lost").await.expect("works"));
    assert!(!broadcast.again("alice", "next").await.expect("works"));
    let progress = finished(&broadcast).await;
    assert_eq!((progress.unknown.len(), progress.sent.len()), (0, 2));
    assert_eq!(sent(&gateway), ["lost", "next", "lost"]);
}

#[tokio::test]
async fn a_refusal_is_recorded_and_so_many_stop_the_broadcast() {
    let (gateway, wx) = stage().await;
    let refuse = || Answer::refused("1002", "敏感词");
    gateway.reply_once_to("/sendText", move |_| refuse());
    let broadcast = builder(&wx)
        .stop_after_refusals(2)
        .start(memory())
        .expect("starts");
    add(&broadcast, "alice", &["bad", "good"]).await;
    let progress = finished(&broadcast).await;
    assert_eq!(
        (keys(&progress.refused), keys(&progress.sent)),
        (vec!["bad"], vec!["good"])
    );
    assert!(
        progress.refused[0].told.contains("敏感词"),
        "{}",
        progress.refused[0].told
    );
    gateway.reply_once_to("/sendText", move |_| refuse());
    add(&broadcast, "alice", &["worse", "waits"]).await;
    let progress = finished(&broadcast).await;
    assert_eq!(keys(&progress.waiting), ["waits"]);
    assert!(broadcast.held().expect("a reason").contains("refused 2"));
    broadcast.resume();
    let progress = finished(&broadcast).await;
    assert_eq!((progress.waiting.len(), progress.refused.len()), (0, 2));
}

#[tokio::test]
async fn what_did_not_leave_is_sent_later() {
    let store = memory();
    let port = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let nobody = format!("http://{}", port.local_addr().expect("bound"));
    drop(port);
    let client = Client::builder(nobody)
        .authorization("x")
        .no_retry()
        .build();
    let away = client.expect("a client").instance("w");
    let broadcast = builder(&away).start(store.clone()).expect("starts");
    add(&broadcast, "alice", &["a"]).await;
    sleep(ms(100)).await;
    let progress = broadcast.progress().await.expect("works");
    assert_eq!(keys(&progress.waiting), ["a"]);
    broadcast.stop().await;
    // The gateway is back at another address; the request is the same.
    let (gateway, wx) = stage().await;
    let broadcast = builder(&wx)
        .sends::<SendText>()
        .start(store)
        .expect("starts");
    assert_eq!(keys(&finished(&broadcast).await.sent), ["a"]);
    assert_eq!(sent(&gateway), ["a"]);
}

#[tokio::test]
async fn a_restart_goes_on_and_says_what_it_does_not_know() {
    let store = memory();
    let (gateway, wx) = stage().await;
    let broadcast = builder(&wx)
        .limit(2, PATIENCE)
        .start(store.clone())
        .expect("starts");
    add(&broadcast, "alice", &["a", "b", "c", "d"]).await;
    while sent(&gateway).len() < 2 {
        sleep(ms(2)).await;
    }
    sleep(ms(20)).await;
    broadcast.stop().await;
    assert_eq!(sent(&gateway), ["a", "b"], "no more than the limit");
    // This program has not said that it sends texts: nothing is lost, and it says so.
    let silent = builder(&wx).start(store.clone()).expect("starts");
    while silent.held().is_none() {
        sleep(ms(2)).await;
    }
    assert!(silent.held().is_some_and(|why| why.contains(".sends::<")));
    silent.stop().await;
    let broadcast = builder(&wx)
        .sends::<SendText>()
        .start(store)
        .expect("starts");
    let progress = finished(&broadcast).await;
    assert_eq!(progress.sent.len(), 4);
    assert_eq!(sent(&gateway), ["a", "b", "c", "d"]);
}

#[tokio::test]
async fn what_a_dead_process_was_sending_is_set_aside() {
    let store = memory();
    let (gateway, wx) = stage().await;
    let nobody = Broadcast::<Instance>::builder("spring")
        .start(store.clone())
        .expect("starts");
    add(&nobody, "alice", &["under way", "next"]).await;
    // A process that has taken the first, and is silent from then on.
    let take = Take::new(
        "broadcast/spring/alice",
        Lanes::OneOfEach,
        1,
        "dead",
        ms(50),
    );
    assert_eq!(store.take(take).await.expect("works").entries.len(), 1);
    let broadcast = builder(&wx)
        .sends::<SendText>()
        .start(store)
        .expect("starts");
    let progress = finished(&broadcast).await;
    assert_eq!(
        (keys(&progress.unknown), keys(&progress.sent)),
        (vec!["under way"], vec!["next"])
    );
    assert_eq!(sent(&gateway), ["next"]);
}

#[tokio::test]
async fn cancelled_it_sends_no_more_now_or_later_until_it_is_forgotten() {
    let store = memory();
    let (gateway, wx) = stage().await;
    let broadcast = builder(&wx)
        .limit(1, PATIENCE)
        .start(store.clone())
        .expect("starts");
    add(&broadcast, "alice", &["a", "b", "c"]).await;
    while broadcast.progress().await.expect("works").sent.is_empty() {
        sleep(ms(2)).await;
    }
    let progress = broadcast.cancel().await.expect("works");
    assert_eq!(
        (keys(&progress.sent), keys(&progress.cancelled)),
        (vec!["a"], vec!["b", "c"])
    );
    let more = broadcast
        .add("alice", "d", &SendText::new("wxid_friend", "d"))
        .await;
    assert!(
        more.expect_err("cancelled")
            .to_string()
            .contains("cancelled")
    );
    let again = builder(&wx)
        .sends::<SendText>()
        .start(store.clone())
        .expect("starts");
    sleep(ms(30)).await;
    assert_eq!(sent(&gateway), ["a"]);
    again.forget().await.expect("works");
    let anew = builder(&wx).start(store).expect("starts");
    add(&anew, "alice", &["a"]).await;
    assert_eq!(keys(&finished(&anew).await.sent), ["a"]);
}

#[tokio::test]
async fn what_cannot_be_is_refused_at_once() {
    let (_gateway, wx) = stage().await;
    let broadcast = builder(&wx).start(memory()).expect("starts");
    let text = SendText::new("w", "x");
    for (account, key) in [("", "k"), ("a/b", "k"), ("alice", ""), ("alice", "a\nb")] {
        assert!(
            broadcast.add(account, key, &text).await.is_err(),
            "{account:?} {key:?}"
        );
    }
    assert!(
        Broadcast::<Instance>::builder("a/b")
            .start(memory())
            .is_err()
    );
}
