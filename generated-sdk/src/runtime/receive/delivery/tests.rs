//! What becomes of messages, on a store in memory: by the order in which things happen, not by the clock.

use super::{Delivery, Engine, Handled, Next, Options, Order, Outcome, handled_by};
use crate::runtime::call::{BoxError, BoxFuture};
use crate::runtime::receive::event::{EventApi, Inbound, Opened, Untyped};
use crate::runtime::store::{Batch, Committed, Counts, MemoryStore, Store, Stored, Take, Taken};
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::timeout;

static API: EventApi = EventApi {
    name: "test",
    order: &[&["of"]],
    dedupe: &["id"],
    probe: &[],
    ..*Untyped::LAYOUT
};

/// A message of a conversation.
#[derive(Clone, Debug, PartialEq)]
struct Message {
    of: String,
    id: u64,
}

impl Inbound for Message {
    const LAYOUT: &'static EventApi = &API;

    fn read(opened: Opened<'_>) -> Self {
        let text = |key| opened.field(key).map(|value| value.as_str().to_owned());
        Self {
            of: text("of").unwrap_or_default(),
            id: text("id").and_then(|id| id.parse().ok()).unwrap_or(0),
        }
    }

    fn is_typed(&self) -> bool {
        true
    }
}

fn started<F, A>(options: Options<Message>, handler: F) -> Arc<Engine<Message>>
where
    F: Fn(Delivery<Message>) -> A + Send + Sync + 'static,
    A: Future + Send + 'static,
    A::Output: Outcome,
{
    Arc::new(Engine::start(options.store(), options, handled_by(handler)))
}

async fn keep(engine: &Engine<Message>, of: &str, id: u64) -> bool {
    let text = format!(r#"{{"of":"{of}","id":{id}}}"#);
    let opened = Opened::new(&API, &text).unwrap();
    let (conversation, identity) = (opened.conversation(""), opened.identity());
    let told = engine.told(&Message::read(opened), conversation, identity);
    soon(engine.keep(&told.with(("", ""), text))).await.unwrap()
}

async fn soon<T>(future: impl Future<Output = T>) -> T {
    timeout(Duration::from_secs(20), future)
        .await
        .expect("in time")
}

fn options() -> Options<Message> {
    Options::default()
}

type Attempted = mpsc::UnboundedReceiver<(u64, u32)>;

/// Tells which message was handed over, and which attempt it was.
fn told<A>(
    options: Options<Message>,
    answer: impl Fn(&Delivery<Message>) -> A + Send + Sync + 'static,
) -> (Arc<Engine<Message>>, Attempted)
where
    A: Outcome + Send + 'static,
{
    let (to, from) = mpsc::unbounded_channel();
    let engine = started(options, move |delivery| {
        let _ = to.send((delivery.callback.id, delivery.attempt));
        let answer = answer(&delivery);
        async move { answer }
    });
    (engine, from)
}

#[tokio::test]
async fn one_that_waits_to_be_repeated_holds_up_its_own_conversation_alone() {
    let (engine, mut from) = told(options(), |delivery| match delivery.callback.id {
        1 => Handled::again(Duration::from_secs(3600)),
        _ => Handled::Done,
    });
    keep(&engine, "poisoned", 1).await;
    keep(&engine, "poisoned", 2).await;
    for id in 3..100 {
        keep(&engine, &format!("of {id}"), id).await;
        keep(&engine, "ordered", id + 1000).await;
    }
    let mut seen = Vec::new();
    for _ in 0..195 {
        seen.push(soon(from.recv()).await.unwrap().0);
    }
    let ordered: Vec<u64> = seen.iter().copied().filter(|id| *id > 1000).collect();
    assert_eq!(ordered, (1003..1100).collect::<Vec<u64>>());
    assert!(!seen.contains(&2) && seen.contains(&1));
    let backlog = engine.backlog().await.unwrap();
    assert_eq!((backlog.waiting, backlog.set_aside), (2, 0));
}

#[tokio::test]
async fn as_many_conversations_at_once_as_there_may_be_and_one_message_of_each() {
    let gate = Arc::new(Semaphore::new(0));
    let (to, mut begun) = mpsc::unbounded_channel();
    let open = Arc::clone(&gate);
    let handler = move |delivery: Delivery<Message>| {
        let (to, gate) = (to.clone(), Arc::clone(&gate));
        async move {
            let _ = to.send(delivery.callback.id);
            gate.acquire().await.unwrap().forget();
        }
    };
    let two = Options {
        concurrency: 2,
        ..options()
    };
    let engine = started(two, handler);
    for (of, id) in [("a", 1), ("a", 2), ("b", 3), ("c", 4)] {
        keep(&engine, of, id).await;
    }
    assert_eq!(soon(begun.recv()).await, Some(1));
    assert_eq!(soon(begun.recv()).await, Some(3));
    assert!(begun.try_recv().is_err());
    open.add_permits(10);
    let mut rest = [soon(begun.recv()).await, soon(begun.recv()).await];
    rest.sort_unstable();
    assert_eq!(rest, [Some(2), Some(4)]);
}

#[tokio::test]
async fn a_users_order_is_what_holds() {
    for (order, expected) in [
        (Order::All, vec![1]),
        (Order::None, vec![1, 2, 3]),
        (
            Order::By(Box::new(|message: &Message| (message.id % 2).to_string())),
            vec![1, 2],
        ),
    ] {
        let (to, mut begun) = mpsc::unbounded_channel();
        let handler = move |delivery: Delivery<Message>| {
            let to = to.clone();
            async move {
                let _ = to.send(delivery.callback.id);
                std::future::pending::<()>().await;
            }
        };
        let engine = started(Options { order, ..options() }, handler);
        for id in 1..=3 {
            keep(&engine, "a", id).await;
        }
        let mut first = Vec::new();
        for _ in &expected {
            first.push(soon(begun.recv()).await.unwrap());
        }
        first.sort_unstable();
        assert_eq!(first, expected);
        let backlog = engine.backlog().await.unwrap();
        assert_eq!(backlog.leased, expected.len() as u64);
    }
}

#[tokio::test]
async fn a_failure_is_said_repeated_and_set_aside_from_where_it_is_repeated_or_discarded() {
    let said = Arc::new(Mutex::new(Vec::new()));
    let list = Arc::clone(&said);
    let options = Options {
        attempts: 3,
        longest_wait: Duration::from_millis(1),
        on_error: Some(Box::new(move |delivery: &Delivery<Message>, failure| {
            let line = format!("{} {}: {failure}", delivery.callback.id, delivery.attempt);
            list.lock().unwrap().push(line);
            panic!("a defect of whoever is told");
        })),
        ..options()
    };
    let (engine, mut from) = told(options, |delivery| {
        match (delivery.callback.id, delivery.attempt) {
            (1, 1) => panic!("a defect of the handler"),
            (1, 2..4) => Err("not now"),
            (2, _) => Err("never"),
            _ => Ok(()),
        }
    });
    for id in 1..=3 {
        keep(&engine, "a", id).await;
    }
    let mut seen = Vec::new();
    for _ in 0..7 {
        seen.push(soon(from.recv()).await.unwrap());
    }
    let expected = [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2), (2, 3), (3, 1)];
    assert_eq!(seen, expected, "in the order of the conversation");
    let aside = engine.set_aside();
    while aside.count().await.unwrap() < 2 {
        tokio::task::yield_now().await;
    }
    let listed = aside.list(0, 10).await.unwrap();
    assert_eq!(listed[0].reason, "attempt 3: not now");
    assert_eq!(listed[0].callback::<Message>().unwrap().id, 1);
    assert_eq!(
        aside.list(listed[0].id, 10).await.unwrap()[0].id,
        listed[1].id
    );
    // By hand: once more, whatever the attempts were.
    assert!(aside.repeat(listed[0].id).await.unwrap());
    assert_eq!(soon(from.recv()).await, Some((1, 4)));
    assert!(aside.repeat(listed[1].id).await.unwrap());
    assert_eq!(soon(from.recv()).await, Some((2, 4)));
    while aside.count().await.unwrap() < 1 {
        tokio::task::yield_now().await;
    }
    assert!(aside.discard(listed[1].id).await.unwrap());
    assert!(!aside.discard(listed[1].id).await.unwrap());
    assert!(!keep(&engine, "a", 2).await, "what was discarded is known");
    let said = said.lock().unwrap().clone();
    assert_eq!(said.len(), 7, "{said:?}");
    assert_eq!(
        said[0],
        "1 1: the handler panicked; it is handed over again after 1ms"
    );
    assert_eq!(said[2], "1 3: not now; it is set aside");
    let counters = engine.tally().read();
    assert_eq!(
        (counters.failed, counters.again, counters.set_aside),
        (7, 4, 3)
    );
    assert_eq!((counters.handled, counters.duplicate), (2, 1));
}

#[tokio::test]
async fn what_waits_for_room_is_kept_as_soon_as_there_is_some() {
    let gate = Arc::new(Semaphore::new(0));
    let open = Arc::clone(&gate);
    let handler = move |_: Delivery<Message>| {
        let gate = Arc::clone(&gate);
        async move { gate.acquire().await.unwrap().forget() }
    };
    let two = Options {
        capacity: 2,
        ..options()
    };
    let engine = started(two, handler);
    keep(&engine, "a", 1).await;
    keep(&engine, "a", 2).await;
    let late = tokio::spawn({
        let engine = Arc::clone(&engine);
        async move { keep(&engine, "a", 3).await }
    });
    tokio::task::yield_now().await;
    assert_eq!(
        engine.backlog().await.unwrap().leased + engine.backlog().await.unwrap().waiting,
        2
    );
    open.add_permits(1);
    assert!(late.await.unwrap());
}

#[tokio::test]
async fn the_end_hands_over_what_waits_in_memory_and_leaves_what_a_store_has() {
    for stored in [false, true] {
        let gate = Arc::new(Semaphore::new(0));
        let (open, (to, mut begun)) = (Arc::clone(&gate), mpsc::unbounded_channel());
        let handler = move |delivery: Delivery<Message>| {
            let (to, gate) = (to.clone(), Arc::clone(&gate));
            async move {
                let _ = to.send(delivery.callback.id);
                gate.acquire().await.unwrap().forget();
            }
        };
        let mut options = options();
        if stored {
            options.store = Some(Arc::new(MemoryStore::new()));
        }
        let engine = started(options, handler);
        for id in 1..=5 {
            keep(&engine, "a", id).await;
        }
        assert_eq!(soon(begun.recv()).await, Some(1));
        let ending = engine.shutdown(Duration::from_secs(20));
        let (left, ()) = tokio::join!(ending, async {
            tokio::task::yield_now().await;
            open.add_permits(10);
        });
        assert_eq!(left, if stored { 4 } else { 0 });
        let refused = engine.told(
            &Message {
                of: String::new(),
                id: 9,
            },
            None,
            None,
        );
        assert!(
            engine
                .keep(&refused.with(("", ""), "{}".to_owned()))
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn a_handler_that_is_late_at_the_end_changes_nothing_any_more() {
    let (gate, store) = (Arc::new(Semaphore::new(0)), MemoryStore::new());
    let (open, (to, mut begun)) = (Arc::clone(&gate), mpsc::unbounded_channel());
    let handler = move |_: Delivery<Message>| {
        let (to, gate) = (to.clone(), Arc::clone(&gate));
        async move {
            let _ = to.send(());
            gate.acquire().await.unwrap().forget();
        }
    };
    let lent = Options {
        store: Some(Arc::new(store)),
        ..options()
    };
    let engine = started(lent, handler);
    keep(&engine, "a", 1).await;
    soon(begun.recv()).await.unwrap();
    assert_eq!(engine.shutdown(Duration::ZERO).await, 1);
    open.add_permits(1);
    while open.available_permits() > 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(engine.tally().read().handled, 0);
}

/// A store of several servers that hears of no renewal: each of them looks as if it were cut off.
struct Deaf(MemoryStore);

impl Store for Deaf {
    fn commit(&self, batch: Batch) -> BoxFuture<'_, Result<Committed, BoxError>> {
        self.0.commit(batch)
    }

    fn take(&self, take: Take) -> BoxFuture<'_, Result<Taken, BoxError>> {
        self.0.take(take)
    }

    fn renew(&self, _: String, _: Duration) -> BoxFuture<'_, Result<Vec<String>, BoxError>> {
        Box::pin(async { Ok(Vec::new()) })
    }

    fn set_aside(
        &self,
        queue: String,
        after: u64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<Stored>, BoxError>> {
        self.0.set_aside(queue, after, most)
    }

    fn counts(&self, queue: String) -> BoxFuture<'_, Result<Counts, BoxError>> {
        self.0.counts(queue)
    }

    fn values(&self, prefix: String) -> BoxFuture<'_, Result<Vec<(String, String)>, BoxError>> {
        self.0.values(prefix)
    }

    fn is_shared(&self) -> bool {
        true
    }
}

#[tokio::test]
async fn a_handler_that_outlives_its_lease_cannot_say_what_came_of_it() {
    let store: Arc<dyn Store> = Arc::new(Deaf(MemoryStore::new()));
    let said = Arc::new(Mutex::new(Vec::new()));
    let options = |list: Arc<Mutex<Vec<Next>>>| Options {
        store: Some(Arc::clone(&store)),
        lent: true,
        // It cannot take the message again itself.
        concurrency: 1,
        lease: Duration::from_millis(50),
        on_error: Some(Box::new(move |_: &Delivery<Message>, failure| {
            list.lock().unwrap().push(failure.next);
        })),
        ..options()
    };
    let gate = Arc::new(Semaphore::new(0));
    let (open, (to, mut begun)) = (Arc::clone(&gate), mpsc::unbounded_channel());
    let slow = started(options(Arc::clone(&said)), move |_: Delivery<Message>| {
        let (to, gate) = (to.clone(), Arc::clone(&gate));
        async move {
            let _ = to.send(());
            gate.acquire().await.unwrap().forget();
        }
    });
    keep(&slow, "a", 1).await;
    soon(begun.recv()).await.unwrap();
    let (other, mut from) = told(options(Arc::default()), |_| ());
    assert_eq!(
        soon(from.recv()).await,
        Some((1, 2)),
        "the other has it, marked"
    );
    while other.tally().read().handled == 0 {
        tokio::task::yield_now().await;
    }
    open.add_permits(1);
    while slow.tally().read().late == 0 {
        tokio::task::yield_now().await;
    }
    assert_eq!(slow.tally().read().handled, 0);
    assert_eq!(*said.lock().unwrap(), [Next::Another]);
}
