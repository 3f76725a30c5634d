//! Connections within bounds: a listener and routes come in, requests are answered until the end has come.
//!
//! `axum::serve` waits for the head of a request as long as it takes, and takes connections until there are no
//! descriptors; so who drips header lines shuts everybody else out. Here a head has its time, and where there is no room
//! the connection that has waited longest for its first head gives way, then the one that is idle longest; but none that
//! has just been answered well, as its gateway may be sending the next request. Where nobody gives way, the newcomer is
//! answered 503. hyper does the rest, as it does for axum.

use crate::runtime::lock::lock;
use crate::runtime::receive::delivery::Tally;
use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use std::collections::BTreeMap;
use std::future::{Future, poll_fn};
use std::io;
use std::net::{IpAddr, Ipv6Addr};
use std::pin::pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// The longest head of a request.
const HEAD: usize = 32 << 10;
/// How many newcomers are told at once that there is no room; more are closed without a word.
const REFUSALS: usize = 64;
/// How long a newcomer may take to hear it.
const HEARING: Duration = Duration::from_secs(1);
/// How long a connection is left alone after an answer.
const REST: Duration = Duration::from_secs(2);
/// How long to leave a listener alone that cannot accept.
const PAUSE: Duration = Duration::from_millis(10);

const NO_ROOM: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\nretry-after: 1\r\ncontent-length: 0\r\n\r\n";

/// What connections may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Bounds {
    /// How long a head may take, and how long a connection may be idle.
    pub(super) head: Duration,
    /// How many there may be.
    pub(super) total: usize,
    /// How many there may be from one address.
    pub(super) per_address: usize,
}

/// Serves routes on a listener until the end has come, and then whatever is under way.
pub(super) async fn serve(
    listener: TcpListener,
    routes: Router,
    bounds: Bounds,
    tally: Arc<Tally>,
    mut ending: watch::Receiver<bool>,
) {
    let open = Arc::new(Open::new(bounds, tally));
    let refusals = Arc::new(Semaphore::new(REFUSALS));
    let mut tasks = JoinSet::new();
    // No sender any more is an end as well.
    let mut end = pin!(async move {
        let _ = ending.wait_for(|ending| *ending).await;
    });
    loop {
        while tasks.try_join_next().is_some() {}
        let accepted = poll_fn(|context| match end.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(None),
            Poll::Pending => listener.poll_accept(context).map(Some),
        });
        match accepted.await {
            None => break,
            Some(Ok((stream, peer))) => match open.enter(peer.ip()) {
                Some(place) => {
                    tasks.spawn(answer(stream, routes.clone(), place));
                }
                None => {
                    if let Ok(one) = Arc::clone(&refusals).try_acquire_owned() {
                        tasks.spawn(async move {
                            let _ = timeout(HEARING, refuse(stream)).await;
                            drop(one);
                        });
                    }
                }
            },
            Some(Err(error)) if is_of_the_other_side(&error) => {}
            Some(Err(_)) => {
                // No descriptors: somebody gives way, and the next one can be heard.
                open.make_room(None);
                sleep(PAUSE).await;
            }
        }
    }
    drop(listener);
    open.end();
    while tasks.join_next().await.is_some() {}
}

fn is_of_the_other_side(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

/// Answers what comes on a connection, until it is closed or gives way.
async fn answer(stream: TcpStream, routes: Router, place: Place) {
    let place = Arc::new(place);
    let routes = TowerToHyperService::new(routes);
    let at = Arc::clone(&place);
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        at.works();
        let answer = routes.call(request.map(Body::new));
        let at = Arc::clone(&at);
        async move {
            let answer = answer.await;
            at.rests(
                answer
                    .as_ref()
                    .is_ok_and(|answer| answer.status().is_success()),
            );
            answer
        }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(place.open.bounds.head)
        .max_buf_size(HEAD)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    let mut leaving = pin!(place.leave.notified());
    let mut is_leaving = false;
    poll_fn(|context| {
        // What goes wrong on a connection is its sender's affair; an answer that is due goes first.
        if connection.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        if !is_leaving && leaving.as_mut().poll(context).is_ready() {
            is_leaving = true;
            if !place.is_at_work() {
                return Poll::Ready(());
            }
            connection.as_mut().graceful_shutdown();
            context.waker().wake_by_ref();
        }
        Poll::Pending
    })
    .await;
}

/// Says that there is no room, and reads a little: who has not read the answer would lose it with a reset.
async fn refuse(mut stream: TcpStream) -> io::Result<()> {
    stream.write_all(NO_ROOM).await?;
    stream.shutdown().await?;
    let mut unread = [0; 1024];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

/// All connections that are open.
struct Open {
    bounds: Bounds,
    rest: Duration,
    tally: Arc<Tally>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    /// In the order in which they came, or were last answered.
    known: BTreeMap<u64, Known>,
    next: u64,
}

struct Known {
    address: IpAddr,
    /// A request is being answered.
    is_at_work: bool,
    /// When a request has been answered well.
    served: Option<Instant>,
    leave: Arc<Notify>,
}

impl State {
    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    fn of(&self, address: IpAddr) -> usize {
        let known = self.known.values();
        known.filter(|known| known.address == address).count()
    }

    /// Lets the connection give way that is missed least; false if all are at work.
    fn give_way(&mut self, address: Option<IpAddr>, rest: Duration) -> bool {
        let of = |known: &&Known| address.is_none_or(|address| address == known.address);
        let rests = |known: &&Known| known.served.is_some_and(|at| at.elapsed() < rest);
        let idle = self
            .known
            .iter()
            .filter(|(_, known)| !known.is_at_work && of(known) && !rests(known));
        let least = idle.min_by_key(|(number, known)| (known.served.is_some(), **number));
        let Some(number) = least.map(|(number, _)| *number) else {
            return false;
        };
        if let Some(known) = self.known.remove(&number) {
            known.leave.notify_one();
        }
        true
    }
}

impl Open {
    fn new(bounds: Bounds, tally: Arc<Tally>) -> Self {
        Self {
            bounds,
            rest: REST,
            tally,
            state: Mutex::default(),
        }
    }

    /// A place for a connection; none if there is none and nobody gives way.
    fn enter(self: &Arc<Self>, address: IpAddr) -> Option<Place> {
        let address = counted(address);
        let mut state = lock(&self.state);
        let from_there = state.of(address);
        let crowd = if from_there >= self.bounds.per_address {
            Some(Some(address))
        } else if state.known.len() >= self.bounds.total {
            Some(None)
        } else {
            None
        };
        if let Some(of) = crowd {
            self.tally.crowded.one();
            if !state.give_way(of, self.rest) {
                return None;
            }
        }
        let leave = Arc::new(Notify::new());
        let number = state.number();
        let known = Known {
            address,
            is_at_work: false,
            served: None,
            leave: Arc::clone(&leave),
        };
        state.known.insert(number, known);
        Some(Place {
            open: Arc::clone(self),
            number: Mutex::new(number),
            leave,
        })
    }

    fn make_room(&self, address: Option<IpAddr>) {
        self.tally.crowded.one();
        lock(&self.state).give_way(address, self.rest);
    }

    /// Those at work finish what they do, the others give way.
    fn end(&self) {
        for known in lock(&self.state).known.values() {
            known.leave.notify_one();
        }
    }
}

/// What a connection is counted as.
struct Place {
    open: Arc<Open>,
    number: Mutex<u64>,
    leave: Arc<Notify>,
}

impl Place {
    /// A request has come.
    fn works(&self) {
        self.change(&|known| known.is_at_work = true);
    }

    /// A request has been answered, well or not.
    fn rests(&self, is_well: bool) {
        self.change(&|known| {
            known.is_at_work = false;
            if is_well {
                known.served = Some(Instant::now());
            }
        });
    }

    fn change(&self, change: &dyn Fn(&mut Known)) {
        let mut state = lock(&self.open.state);
        let mut number = lock(&self.number);
        if let Some(mut known) = state.known.remove(&number) {
            change(&mut known);
            *number = state.number();
            state.known.insert(*number, known);
        }
    }

    /// Whether a request is being answered; one that has given way is not asked.
    fn is_at_work(&self) -> bool {
        let state = lock(&self.open.state);
        let known = state.known.get(&lock(&self.number));
        known.is_some_and(|known| known.is_at_work)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let number = *lock(&self.number);
        lock(&self.open.state).known.remove(&number);
    }
}

/// The address by which connections are counted: of IPv6 the network, of which anybody has all addresses.
fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(total: usize, per_address: usize) -> Arc<Open> {
        let bounds = Bounds {
            head: Duration::from_secs(1),
            total,
            per_address,
        };
        let open = Open::new(bounds, Arc::new(Tally::of("acme")));
        Arc::new(Open {
            rest: Duration::ZERO,
            ..open
        })
    }

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    fn is_there(place: &Place) -> bool {
        lock(&place.open.state)
            .known
            .contains_key(&lock(&place.number))
    }

    #[test]
    fn who_is_missed_least_gives_way_and_nobody_at_work() {
        let open = open(3, 3);
        let here = address("10.0.0.1");
        let (served, old, young) = (open.enter(here), open.enter(here), open.enter(here));
        let (served, old, young) = (served.unwrap(), old.unwrap(), young.unwrap());
        served.works();
        served.rests(true);
        let fourth = open.enter(here).unwrap();
        assert!(!is_there(&old) && is_there(&served) && is_there(&young));
        young.works();
        fourth.works();
        let fifth = open.enter(here).unwrap();
        assert!(!is_there(&served) && is_there(&young) && is_there(&fourth));
        fifth.works();
        assert!(open.enter(here).is_none());
        assert_eq!(open.tally.crowded.read(), 3);
        drop(fifth);
        assert!(open.enter(here).is_some());
    }

    #[test]
    fn who_has_just_been_answered_well_is_left_alone() {
        let bounds = Bounds {
            head: Duration::from_secs(1),
            total: 2,
            per_address: 2,
        };
        let open = Arc::new(Open::new(bounds, Arc::new(Tally::of("acme"))));
        let here = address("10.0.0.1");
        let (well, badly) = (open.enter(here).unwrap(), open.enter(here).unwrap());
        for (place, is_well) in [(&well, true), (&badly, false)] {
            place.works();
            place.rests(is_well);
        }
        let third = open.enter(here).unwrap();
        assert!(is_there(&well) && !is_there(&badly));
        third.works();
        assert!(open.enter(here).is_none());
    }

    #[test]
    fn one_address_does_not_take_the_room_of_others() {
        let open = open(10, 2);
        let crowd: Vec<_> = (0..5)
            .map(|_| open.enter(address("10.0.0.1")).unwrap())
            .collect();
        let other = open.enter(address("::ffff:10.0.0.2")).unwrap();
        assert_eq!(crowd.iter().filter(|place| is_there(place)).count(), 2);
        assert!(is_there(&other));
        let network = ["2001:db8::1", "2001:db8::2", "2001:db8:0:0:9::3"];
        let places: Vec<_> = network.map(|one| open.enter(address(one)).unwrap()).into();
        assert_eq!(places.iter().filter(|place| is_there(place)).count(), 2);
    }
}
