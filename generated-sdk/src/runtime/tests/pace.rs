//! The pace by a clock that jumps: many calls, no waiting.

use super::{API, session};
use crate::runtime::{
    Bound, BoxFuture, Builder, Core, Entry, HttpRequest, HttpResponse, Operation, Retry, Session,
    Timer, Transport, TransportError,
};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// A request of one member.
fn x() -> &'static [Entry<'static>] {
    &[("x", &true)]
}

static SLOW: Operation = Operation {
    session: &[Bound {
        name: "wId",
        value: 0,
        place: crate::runtime::Place::Payload,
    }],
    pace_ms: Some((300, 800)),
    safe: true,
    ..Operation::new(&API, "acme_slow", "acme_slow", "/slow")
};

/// A clock that is always where it is wanted.
#[derive(Clone)]
struct Jumping(Arc<Mutex<Instant>>);

impl Timer for Jumping {
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        Box::pin(async move {
            tokio::task::yield_now().await;
            *clock.0.lock().unwrap() += duration;
        })
    }

    fn now(&self) -> Instant {
        *self.0.lock().unwrap()
    }
}

/// Notes the time of each request; every tenth is lost.
#[derive(Clone)]
struct Noting {
    clock: Jumping,
    times: Arc<Mutex<Vec<Instant>>>,
}

impl Transport for Noting {
    fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async move {
            let count = {
                let mut times = self.times.lock().unwrap();
                times.push(self.clock.now());
                times.len()
            };
            tokio::task::yield_now().await;
            if count % 10 == 0 {
                return Err(TransportError::no_answer("lost"));
            }
            Ok(HttpResponse::new(200, "{\"code\":1000}"))
        })
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_thousand_calls_of_one_session_are_apart_and_none_is_left_behind() {
    let clock = Jumping(Arc::new(Mutex::new(Instant::now())));
    let noting = Noting {
        clock: clock.clone(),
        times: Arc::default(),
    };
    let core = Builder::<Core>::new("http://h")
        .transport(noting.clone())
        .timer(clock)
        .retry(
            Retry::default()
                .attempts(100)
                .within(Duration::from_secs(100_000)),
        )
        .build()
        .unwrap();
    let session = Session::new(core, session());
    let mut calls = Vec::new();
    for n in 0..1000 {
        let prepared = session.prepare(&SLOW, &x());
        let call = tokio::spawn(prepared.send());
        if n % 4 == 3 {
            // Some give up while they wait.
            tokio::task::yield_now().await;
            call.abort();
        } else {
            calls.push(call);
        }
    }
    for call in calls {
        call.await.unwrap().unwrap();
    }
    let times = noting.times.lock().unwrap();
    assert!(times.len() >= 750, "{}", times.len());
    for pair in times.windows(2) {
        let gap = pair[1] - pair[0];
        assert!(gap >= Duration::from_millis(300), "{gap:?}");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn the_time_for_repeating_begins_with_the_first_turn() {
    let clock = Jumping(Arc::new(Mutex::new(Instant::now())));
    let builder = Builder::<Core>::new("http://h")
        .transport(Noting {
            clock: clock.clone(),
            times: Arc::default(),
        })
        .timer(clock.clone());
    let begun = clock.now();
    let session = Session::new(builder.build().unwrap(), session());
    let prepared = (0..100).map(|_| session.prepare(&SLOW, &x()));
    let calls: Vec<_> = prepared.map(|call| tokio::spawn(call.send())).collect();
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert!(clock.now() - begun > Duration::from_secs(30));
}

/// A clock that stands still: who waits by it waits for ever.
struct Standing(Instant);

impl Timer for Standing {
    fn sleep(&self, _: Duration) -> BoxFuture<'static, ()> {
        Box::pin(std::future::pending())
    }

    fn now(&self) -> Instant {
        self.0
    }
}

#[tokio::test(flavor = "current_thread")]
async fn who_waits_keeps_neither_other_operations_nor_other_sessions_waiting() {
    let clock = Jumping(Arc::new(Mutex::new(Instant::now())));
    let core = Builder::<Core>::new("http://h")
        .transport(Noting {
            clock,
            times: Arc::default(),
        })
        .timer(Standing(Instant::now()))
        .build()
        .unwrap();
    let here = Session::new(core.clone(), session());
    let there = Session::new(core, vec!["another".into()]);
    let call = |session: &Session, operation| tokio::spawn(session.prepare(operation, &x()).send());
    call(&here, &SLOW).await.unwrap().unwrap();
    let waiting: Vec<_> = (0..3).map(|_| call(&here, &SLOW)).collect();
    tokio::task::yield_now().await;
    call(&there, &SLOW).await.unwrap().unwrap();
    call(&here, &super::SEND).await.unwrap().unwrap();
    let clone = there.clone();
    clone.rebind(0, "after another login".into());
    call(&clone, &SLOW).await.unwrap().unwrap();
    assert!(waiting.iter().all(|call| !call.is_finished()));
    for call in waiting {
        call.abort();
    }
}
