//! The queue and what a receiver refuses to be.

use super::observer::Sender;
use super::queue::{End, Item, Queue};
use super::{Delivery, Entry, Kept, Misuse, Receiver, Store, Stored};
use crate::runtime::call::{BoxError, BoxFuture};
use crate::runtime::codec::{Issue, Scalar};
use crate::runtime::receive::event::{EventApi, Inbound, Opened};
use std::sync::{Arc, Mutex};

/// A message that is only its code.
#[derive(Clone, Debug)]
struct Coded(Option<Scalar>);

static LAYOUT: EventApi = EventApi {
    name: "test",
    tag: "code",
    tag_inside: false,
    payload: "data",
    deeper: &[],
    empty: &[],
    flat: &[],
    beside: &[],
    probe: &[],
    receiver: &[],
    dedupe: &[],
    coarse: &[],
    addressed: None,
};

impl Inbound for Coded {
    const LAYOUT: &'static EventApi = &LAYOUT;

    fn read(opened: Opened<'_>) -> Self {
        Self(opened.code().cloned())
    }

    fn is_typed(&self) -> bool {
        self.0.is_some()
    }
}

/// A store that has kept these numbers, and is asked again and again.
struct Given(Mutex<Vec<u64>>);

impl Store for Given {
    fn write(&self, _: Vec<Entry>, _: Vec<u64>) -> BoxFuture<'_, Result<Vec<Kept>, BoxError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn unfinished(&self, after: u64, most: usize) -> BoxFuture<'_, Result<Vec<Stored>, BoxError>> {
        Box::pin(async move {
            let given = self.0.lock().unwrap();
            let behind = given.iter().filter(|id| **id > after).take(most);
            Ok(behind
                .map(|id| Stored::new(*id, String::new(), false))
                .collect())
        })
    }
}

fn sender(conversation: u64) -> Arc<Sender> {
    Arc::new(Sender {
        conversation,
        ..Sender::default()
    })
}

fn read(stored: Stored) -> Option<Item<u64>> {
    Some(Item {
        callback: stored.id,
        id: Some(stored.id),
        probe: false,
        redelivered: stored.redelivered,
        sender: None,
        room: None,
    })
}

async fn taken(queue: &Queue<u64>, store: &Given) -> Vec<(u64, bool)> {
    queue.end(End::Drain);
    let mut taken = Vec::new();
    while let Some(item) = queue.next(Some(store), &read).await.unwrap() {
        taken.push((item.callback, item.redelivered));
    }
    taken
}

#[tokio::test]
async fn what_a_store_has_left_comes_first_and_marked() {
    let queue = Queue::new(8, 1 << 20, true);
    let store = Given(Mutex::new((1..=200).collect()));
    queue.push_stored(200, Item::new(200, false, None), 10);
    let taken = taken(&queue, &store).await;
    let expected: Vec<(u64, bool)> = (1..=200).map(|id| (id, id < 200)).collect();
    assert_eq!(taken, expected);
}

#[tokio::test]
async fn what_does_not_fit_waits_in_the_store_and_keeps_its_place() {
    let queue = Queue::new(2, 1 << 20, true);
    let store = Given(Mutex::new(Vec::new()));
    // The store has nothing from before: found out by the first who takes.
    queue.push_stored(1, Item::new(1, false, None), 10);
    store.0.lock().unwrap().push(1);
    assert!(queue.next(Some(&store), &read).await.unwrap().is_some());
    for id in 2..=6 {
        store.0.lock().unwrap().push(id);
        queue.push_stored(id, Item::new(id, false, None), 10);
    }
    assert_eq!(queue.len(), 2);
    let expected: Vec<(u64, bool)> = (2..=6).map(|id| (id, false)).collect();
    assert_eq!(taken(&queue, &store).await, expected);
}

#[tokio::test]
async fn what_was_read_back_is_not_pushed_as_well() {
    let queue = Queue::new(8, 1 << 20, true);
    let store = Given(Mutex::new(vec![1, 2]));
    assert_eq!(
        queue
            .next(Some(&store), &read)
            .await
            .unwrap()
            .map(|item| item.callback),
        Some(1)
    );
    // The one who wrote 2 comes late.
    queue.push_stored(2, Item::new(2, false, None), 10);
    assert_eq!(taken(&queue, &store).await, [(2, true)]);
}

#[tokio::test]
async fn one_of_a_conversation_at_a_time_and_the_others_meanwhile() {
    let queue = Queue::new(8, 1 << 20, false);
    for (id, conversation) in [(1, Some(1)), (2, Some(1)), (3, Some(2)), (4, None)] {
        queue.push_stored(id, Item::new(id, false, conversation.map(sender)), 10);
    }
    let next = async || {
        queue
            .next(None, &read)
            .await
            .unwrap()
            .map(|item| item.callback)
    };
    assert_eq!(
        (next().await, next().await, next().await),
        (Some(1), Some(3), Some(4))
    );
    assert!(
        poll_once(next()).await.is_none(),
        "the second one of the first conversation waits"
    );
    queue.end(End::Drain);
    assert!(
        poll_once(next()).await.is_none(),
        "what waits is not the end"
    );
    queue.done(Some(2));
    assert!(poll_once(next()).await.is_none());
    queue.done(Some(1));
    assert_eq!((next().await, next().await), (Some(2), None));
}

#[tokio::test]
async fn a_stuck_conversation_hides_nobody_whose_messages_are_in_the_store() {
    let queue = Queue::new(2, 1 << 20, true);
    let store = Given(Mutex::new((1..=200).collect()));
    let stuck = |stored: Stored| {
        let sender = Some(sender(u64::from(stored.id > 150)));
        read(stored).map(|item| Item { sender, ..item })
    };
    let next = async || {
        queue
            .next(Some(&store), &stuck)
            .await
            .unwrap()
            .map(|item| item.callback)
    };
    assert_eq!((next().await, next().await), (Some(1), Some(151)));
    assert!(
        poll_once(next()).await.is_none(),
        "both conversations are busy"
    );
    queue.done(Some(1));
    assert_eq!(next().await, Some(152));
}

/// What is there at once.
async fn poll_once<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = std::pin::pin!(future);
    std::future::poll_fn(|cx| match future.as_mut().poll(cx) {
        std::task::Poll::Ready(done) => std::task::Poll::Ready(Some(done)),
        std::task::Poll::Pending => std::task::Poll::Ready(None),
    })
    .await
}

#[tokio::test]
async fn every_waiting_taker_hears_of_the_end() {
    let queue = std::sync::Arc::new(Queue::<u64>::new(8, 1 << 20, false));
    let takers: Vec<_> = (0..3)
        .map(|_| {
            let queue = std::sync::Arc::clone(&queue);
            tokio::spawn(async move { queue.next(None, &|_| None).await.unwrap().is_none() })
        })
        .collect();
    tokio::task::yield_now().await;
    queue.end(End::Drain);
    for taker in takers {
        assert!(taker.await.unwrap());
    }
}

async fn ignore(_: Delivery<Coded>) {}

fn misuse(builder: super::ReceiverBuilder<Coded>) -> Option<Misuse> {
    builder.start(ignore).err()
}

#[tokio::test]
async fn a_receiver_says_what_is_wrong_with_it() {
    let builder = Receiver::<Coded>::builder;
    assert!(misuse(builder()).is_some_and(|m| m.to_string().contains("unprotected")));
    assert!(misuse(builder().unprotected()).is_none());
    for secret in ["", "a/b", "{x}", "ä"] {
        assert!(misuse(builder().secret_path(secret)).is_some(), "{secret}");
    }
    for path in ["", "/", "callback", "/a//b", "/{a}", "/a/"] {
        assert!(
            misuse(builder().unprotected().path(path)).is_some(),
            "{path}"
        );
    }
    assert!(misuse(builder().secret_header("a b", "x")).is_some());
    assert!(misuse(builder().secret_header("x-secret", "")).is_some());
    let shown = format!("{:?}", builder().secret_path("hush"));
    assert!(!shown.contains("hush"), "{shown}");
}

#[test]
fn a_receiver_needs_a_runtime() {
    let builder = Receiver::<Coded>::builder().unprotected();
    assert!(misuse(builder).is_some_and(|m| m.to_string().contains("runtime")));
}

#[test]
fn the_issue_of_a_payload_names_no_value() {
    let mut opened = Opened::new(&LAYOUT, r#"{"code":"x","data":"secret"}"#).unwrap();
    let mut never = Vec::<i64>::new();
    let issue: Issue = opened.read(&mut never).unwrap_err();
    assert!(!issue.to_string().contains("secret"), "{issue}");
}
