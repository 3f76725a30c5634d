//! What waits, what comes again, how it ends, and what a restart finds.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use generated_sdk::eyun::callback::Callback;
use generated_sdk::server::Delivery;
use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::listening::*;

#[tokio::test]
async fn a_full_queue_says_so_in_time_and_forgets_what_it_did_not_take() {
    let gate = Arc::new(Semaphore::new(0));
    let small = builder().capacity(2).patience(Duration::from_millis(300));
    let (receiver, handled) = gated(small, &gate);
    let server = Listening::on(receiver).await;
    assert_eq!(server.post(numbered(1).as_bytes()).await, 200);
    assert_eq!(server.post(numbered(2).as_bytes()).await, 200);
    let start = Instant::now();
    assert_eq!(server.post(numbered(3).as_bytes()).await, 503);
    let waited = start.elapsed();
    assert!(
        waited >= Duration::from_millis(290) && waited < Duration::from_secs(4),
        "{waited:?}"
    );
    assert_eq!(server.receiver.counters().full, 1);
    // Room in time: no refusal. And what was refused is no repetition.
    let third = numbered(3);
    let (late, ()) = tokio::join!(server.post(third.as_bytes()), async {
        sleep(Duration::from_millis(50)).await;
        gate.add_permits(100);
    });
    assert_eq!(late, 200);
    until("all are handled", || {
        handled.lock().expect("no panic").len() == 3
    })
    .await;
    assert_eq!(
        *handled.lock().expect("no panic"),
        [(1, false), (2, false), (3, false)]
    );
}

#[tokio::test]
async fn with_a_store_a_full_queue_is_no_reason_to_refuse() {
    let folder = Folder::new("full");
    let gate = Arc::new(Semaphore::new(0));
    let small = builder().capacity(2).store(folder.store());
    let (receiver, handled) = gated(small, &gate);
    let server = Listening::on(receiver).await;
    for id in 1..=200 {
        assert_eq!(server.post(numbered(id).as_bytes()).await, 200);
    }
    let backlog = server.receiver.backlog().await.expect("a store");
    assert_eq!(backlog.waiting + backlog.leased, 200);
    gate.add_permits(1000);
    until("all are handled", || {
        handled.lock().expect("no panic").len() == 200
    })
    .await;
    let expected: Vec<(u64, bool)> = (1..=200).map(|id| (id, false)).collect();
    assert_eq!(
        *handled.lock().expect("no panic"),
        expected,
        "in their order, none twice"
    );
    assert_eq!(server.receiver.shutdown(Duration::from_secs(5)).await, 0);
}

#[tokio::test]
async fn a_handler_that_fails_or_panics_gets_it_again_marked() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&seen);
    let receiver = builder()
        .attempts(3)
        .start(move |delivery: Delivery<Callback>| {
            let id = number(&delivery.callback);
            list.lock()
                .expect("no panic")
                .push((id, delivery.attempt, delivery.redelivered));
            async move {
                match (id, delivery.attempt) {
                    (1, 1) => panic!("a defect of the handler"),
                    (1, 2) => Err("not now"),
                    (2, _) => Err("never"),
                    _ => Ok(()),
                }
            }
        });
    let server = Listening::on(receiver.expect("starts")).await;
    for id in 1..=3 {
        assert_eq!(server.post(numbered(id).as_bytes()).await, 200);
    }
    until("the last is handled", || {
        server.receiver.counters().handled == 2
    })
    .await;
    let expected = [
        (1, 1, false),
        (1, 2, true),
        (1, 3, true),
        (2, 1, false),
        (2, 2, true),
        (2, 3, true),
        (3, 1, false),
    ];
    assert_eq!(*seen.lock().expect("no panic"), expected);
    let counters = server.receiver.counters();
    assert_eq!((counters.failed, counters.set_aside), (5, 1));
}

#[tokio::test]
async fn messages_come_as_a_stream_as_well() {
    let (receiver, mut deliveries) = builder().stream().expect("starts");
    let server = Listening::on(receiver).await;
    for id in 1..=2 {
        assert_eq!(server.post(numbered(id).as_bytes()).await, 200);
    }
    let first = soon(deliveries.next()).await.expect("a delivery");
    assert_eq!(
        (number(&first.delivery.callback), first.delivery.redelivered),
        (1, false)
    );
    drop(first);
    let again = soon(deliveries.next()).await.expect("a delivery");
    assert_eq!(
        (number(&again.delivery.callback), again.delivery.redelivered),
        (1, true)
    );
    again.done();
    let second = soon(deliveries.next()).await.expect("a delivery");
    assert_eq!(number(&second.delivery.callback), 2);
    second.done();
    assert_eq!(server.receiver.shutdown(Duration::from_secs(5)).await, 0);
    assert!(soon(deliveries.next()).await.is_none(), "the end");
}

#[tokio::test]
async fn shutting_down_hands_over_what_waits() {
    let gate = Arc::new(Semaphore::new(0));
    let (receiver, handled) = gated(builder(), &gate);
    let server = Listening::on(receiver).await;
    for id in 1..=20 {
        assert_eq!(server.post(numbered(id).as_bytes()).await, 200);
    }
    let (left, ()) = tokio::join!(server.receiver.shutdown(Duration::from_secs(10)), async {
        sleep(Duration::from_millis(50)).await;
        gate.add_permits(100);
    });
    assert_eq!(left, 0);
    assert_eq!(handled.lock().expect("no panic").len(), 20);
    let refused = async {
        until_refused(server.address).await;
    };
    soon(refused).await;
}

#[tokio::test]
async fn a_restart_finishes_what_was_left_and_knows_repetitions() {
    let folder = Folder::new("restart");
    let gate = Arc::new(Semaphore::new(0));
    let (receiver, handled) = gated(builder().store(folder.store()), &gate);
    let server = Listening::on(receiver).await;
    for id in 1..=10 {
        assert_eq!(server.post(numbered(id).as_bytes()).await, 200);
    }
    gate.add_permits(4);
    until("some are handled", || {
        server.receiver.counters().handled == 4
    })
    .await;
    // The fifth is in its handler: it is finished, the rest stays.
    let (left, ()) = tokio::join!(server.receiver.shutdown(Duration::from_secs(10)), async {
        sleep(Duration::from_millis(50)).await;
        gate.add_permits(1);
    });
    assert_eq!(left, 5);
    assert_eq!(handled.lock().expect("no panic").len(), 5);
    until_refused(server.address).await;
    let gate = Arc::new(Semaphore::new(100));
    let store = folder.store();
    let (receiver, handled) = gated(builder().store(store), &gate);
    let server = Listening::on(receiver).await;
    assert_eq!(server.post(numbered(2).as_bytes()).await, 200);
    assert_eq!(server.post(numbered(11).as_bytes()).await, 200);
    until("the rest is handled", || {
        handled.lock().expect("no panic").len() == 6
    })
    .await;
    // None of them was in a handler before.
    let expected: Vec<(u64, bool)> = (6..=11).map(|id| (id, false)).collect();
    assert_eq!(*handled.lock().expect("no panic"), expected);
    assert_eq!(server.receiver.counters().duplicate, 1);
    assert_eq!(server.receiver.shutdown(Duration::from_secs(10)).await, 0);
}
