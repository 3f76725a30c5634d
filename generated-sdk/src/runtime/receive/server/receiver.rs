//! A receiver that runs: its router, its numbers, its end.

use super::bodies::Bodies;
use super::connections;
use super::counters::{Counters, Tally};
use super::queue::{End, Queue};
use super::recent::Recent;
use super::request;
use super::settings::{Handler, Settings};
use super::store_writer::{self, Job, StoreWriter};
use super::waiting::Waiting;
use super::worker::{self, Shared};
use crate::runtime::lock::lock;
use crate::runtime::receive::event::Inbound;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::post;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, timeout_at};

/// Receives what a gateway posts and hands it over. Clones are the same receiver.
///
/// Made by [`Receiver::builder`]. When the last clone and the last router are gone, it stops.
pub struct Receiver<C: Inbound> {
    handle: Arc<Handle<C>>,
}

/// Ends the work with the last one who holds it.
struct Handle<C: Inbound> {
    shared: Arc<Shared<C>>,
    workers: Mutex<Vec<JoinHandle<()>>>,
}

impl<C: Inbound> Drop for Handle<C> {
    fn drop(&mut self) {
        self.shared.ending.send_replace(true);
        self.shared.queue.end(End::Stop);
    }
}

impl<C: Inbound> Clone for Receiver<C> {
    fn clone(&self) -> Self {
        Self {
            handle: Arc::clone(&self.handle),
        }
    }
}

impl<C: Inbound> fmt::Debug for Receiver<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("counters", &self.counters())
            .finish_non_exhaustive()
    }
}

impl<C: Inbound> Receiver<C> {
    pub(super) fn start(settings: Settings, handler: Handler<C>) -> Self {
        let store = settings.store.clone();
        let (jobs, to_keep) = match &store {
            Some(_) => {
                let (jobs, to_keep) = mpsc::unbounded_channel();
                (Some(jobs), Some(to_keep))
            }
            None => (None, None),
        };
        let concurrency = settings.concurrency;
        let bytes = settings.capacity_bytes;
        let queue = Arc::new(Queue::new(settings.capacity, bytes, store.is_some()));
        let tally = Arc::new(Tally::default());
        if let (Some(store), Some(to_keep)) = (store, to_keep) {
            let writer = StoreWriter {
                store,
                queue: Arc::clone(&queue),
                tally: Arc::clone(&tally),
            };
            tokio::spawn(store_writer::run(writer, to_keep));
        }
        let shared = Arc::new(Shared {
            handler,
            tally,
            queue,
            recent: Mutex::new(Recent::new(settings.remember)),
            waiting: Waiting::default(),
            jobs,
            bodies: Bodies::new(
                settings.bodies_bytes,
                settings.body_limit,
                settings.patience,
            ),
            ending: watch::Sender::new(false),
            settings,
        });
        let workers = (0..concurrency).map(|_| tokio::spawn(worker::run(Arc::clone(&shared))));
        let workers = Mutex::new(workers.collect());
        Self {
            handle: Arc::new(Handle { shared, workers }),
        }
    }

    /// The routes, to be merged into a server of yours: one that takes `POST`s at [`Self::path`], or below it where
    /// addresses tell events apart.
    pub fn router(&self) -> Router {
        let answer = |segments: u8| {
            let receiver = self.clone();
            post(move |request: Request<Body>| async move {
                request::answer(Arc::clone(&receiver.handle.shared), segments, request).await
            })
        };
        let path = self.route(&self.handle.shared.settings.path);
        if C::LAYOUT.addressed.is_none() {
            return Router::new().route(&path, answer(0));
        }
        let address = format!("{path}/{{address}}");
        Router::new()
            .route(&format!("{address}/{{token}}"), answer(2))
            .route(&address, answer(1))
    }

    pub(super) fn waiting_at(&self) -> &Waiting<C> {
        &self.handle.shared.waiting
    }

    /// A path as the router knows it: whatever its secret is.
    pub(in crate::runtime) fn route(&self, path: &str) -> String {
        match self.handle.shared.settings.secret_path {
            Some(_) => format!("{path}/{{secret}}"),
            None => path.to_owned(),
        }
    }

    /// The path that the gateway is to post to, its secret included; where addresses tell events apart, the path below
    /// which it posts.
    pub fn path(&self) -> String {
        self.secret(&self.handle.shared.settings.path)
    }

    /// A path with its secret.
    pub(in crate::runtime) fn secret(&self, path: &str) -> String {
        match &self.handle.shared.settings.secret_path {
            Some(secret) => format!("{path}/{}", secret.expose()),
            None => path.to_owned(),
        }
    }

    /// Why a request that carries no message is refused, if it is.
    pub(in crate::runtime) fn refused(
        &self,
        path: &str,
        headers: &HeaderMap,
    ) -> Option<StatusCode> {
        request::refused(&self.handle.shared, path, headers)
    }

    /// Serves the routes at an address until [`Self::shutdown`], within the bounds of
    /// [`connections`](super::ReceiverBuilder::connections) and [`head_timeout`](super::ReceiverBuilder::head_timeout).
    pub async fn serve(&self, address: impl ToSocketAddrs) -> io::Result<()> {
        self.serve_on(TcpListener::bind(address).await?).await
    }

    /// Serves the routes on a listener until [`Self::shutdown`].
    pub async fn serve_on(&self, listener: TcpListener) -> io::Result<()> {
        self.serve_routes(listener, self.router()).await
    }

    /// Serves routes, these and others, on a listener until [`Self::shutdown`].
    pub(in crate::runtime) async fn serve_routes(
        &self,
        listener: TcpListener,
        routes: Router,
    ) -> io::Result<()> {
        let shared = &self.handle.shared;
        let (bounds, tally) = (shared.settings.bounds, Arc::clone(&shared.tally));
        connections::serve(listener, routes, bounds, tally, shared.ending.subscribe()).await;
        Ok(())
    }

    /// What has been received so far.
    pub fn counters(&self) -> Counters {
        self.handle.shared.tally.read()
    }

    /// How many messages wait in memory for a handler.
    pub fn waiting(&self) -> usize {
        self.handle.shared.queue.len()
    }

    /// Comes to an end: takes nothing any more, lets the handlers finish, and says how many messages are left in memory.
    ///
    /// Without a store, everything that waits is handed over first; what is left at the end of `patience` is lost. With
    /// a store, only what has been begun is finished; the rest is in the store, and what still comes is kept there.
    pub async fn shutdown(&self, patience: Duration) -> usize {
        let shared = &self.handle.shared;
        let deadline = Instant::now() + patience;
        shared.ending.send_replace(true);
        let stored = shared.jobs.is_some();
        shared
            .queue
            .end(if stored { End::Stop } else { End::Drain });
        let workers = std::mem::take(&mut *lock(&self.handle.workers));
        for worker in workers {
            // One that is late goes on by itself; the message it has is counted as handled when it is.
            let _ = timeout_at(deadline, worker).await;
        }
        if let Some(jobs) = &shared.jobs {
            let (done, flushed) = oneshot::channel();
            if jobs.send(Job::Flush(done)).is_ok() {
                let _ = timeout_at(deadline, flushed).await;
            }
        }
        shared.queue.end(End::Stop);
        shared.queue.len()
    }
}
