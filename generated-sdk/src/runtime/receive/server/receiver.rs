//! A receiver that runs: its router, its numbers, its end.

use super::bodies::Bodies;
use super::connections;
use super::request;
use super::settings::Settings;
use super::waiting::Waiting;
use crate::runtime::call::BoxError;
use crate::runtime::receive::delivery::{Counters, Engine, Handler, Options, SetAside};
use crate::runtime::receive::event::Inbound;
use crate::runtime::store::Counts;
use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use axum::routing::post;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, ToSocketAddrs};
use tokio::sync::watch;

/// Receives what a gateway posts and hands it over. Clones are the same receiver.
///
/// Made by [`Receiver::builder`]. When the last clone and the last router are gone, it stops.
pub struct Receiver<C: Inbound> {
    shared: Arc<Shared<C>>,
}

/// What requests share. The work ends with the last one who holds it.
pub(super) struct Shared<C: Inbound> {
    pub(super) settings: Settings,
    pub(super) engine: Engine<C>,
    /// Who waits for what comes to an address of a single use.
    pub(super) waiting: Waiting<C>,
    /// Room for the bodies of requests.
    pub(super) bodies: Bodies,
    /// Whether the end has come.
    pub(super) ending: watch::Sender<bool>,
}

impl<C: Inbound> Drop for Shared<C> {
    fn drop(&mut self) {
        self.ending.send_replace(true);
    }
}

impl<C: Inbound> Clone for Receiver<C> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
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
    pub(super) fn start(settings: Settings, options: Options<C>, handler: Handler<C>) -> Self {
        let shared = Arc::new(Shared {
            engine: Engine::start(options.store(), options, handler),
            waiting: Waiting::default(),
            bodies: Bodies::new(
                settings.bodies_bytes,
                settings.body_limit,
                settings.patience,
            ),
            ending: watch::Sender::new(false),
            settings,
        });
        Self { shared }
    }

    /// The routes, to be merged into a server of yours: one that takes `POST`s at [`Self::path`], or below it where
    /// addresses tell events apart.
    pub fn router(&self) -> Router {
        let answer = |segments: u8| {
            let receiver = self.clone();
            post(move |request: Request<Body>| async move {
                request::answer(Arc::clone(&receiver.shared), segments, request).await
            })
        };
        let path = self.route(&self.shared.settings.path);
        if C::LAYOUT.addressed.is_none() {
            return Router::new().route(&path, answer(0));
        }
        let address = format!("{path}/{{address}}");
        Router::new()
            .route(&format!("{address}/{{token}}"), answer(2))
            .route(&address, answer(1))
    }

    pub(super) fn waiting_at(&self) -> &Waiting<C> {
        &self.shared.waiting
    }

    /// A path as the router knows it: whatever its secret is.
    pub(in crate::runtime) fn route(&self, path: &str) -> String {
        match self.shared.settings.secret_path {
            Some(_) => format!("{path}/{{secret}}"),
            None => path.to_owned(),
        }
    }

    /// The path that the gateway is to post to, its secret included; where addresses tell events apart, the path below
    /// which it posts.
    pub fn path(&self) -> String {
        self.secret(&self.shared.settings.path)
    }

    /// A path with its secret.
    pub(in crate::runtime) fn secret(&self, path: &str) -> String {
        match &self.shared.settings.secret_path {
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
        request::refused(&self.shared, path, headers)
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
        let shared = &self.shared;
        let (bounds, tally) = (shared.settings.bounds, Arc::clone(shared.engine.tally()));
        connections::serve(listener, routes, bounds, tally, shared.ending.subscribe()).await;
        Ok(())
    }

    /// What has been received so far.
    pub fn counters(&self) -> Counters {
        self.shared.engine.tally().read()
    }

    /// How many messages wait, are being handled, and were set aside; with a store that servers share, on all of them.
    ///
    /// # Errors
    ///
    /// If the store fails.
    pub async fn backlog(&self) -> Result<Counts, BoxError> {
        self.shared.engine.backlog().await
    }

    /// What was set aside: to be listed, read, repeated, discarded.
    pub fn set_aside(&self) -> SetAside<C> {
        self.shared.engine.set_aside()
    }

    /// Comes to an end: takes nothing any more, lets the handlers finish, closes the store, and says how many messages
    /// are left unfinished. When it returns, the store's file can be opened again.
    ///
    /// Without a store, everything that waits is handed over first; what is left at the end of `patience` is lost. With
    /// one, only what has been begun is finished, and the rest stays. What becomes of a message whose handler takes
    /// longer is not heard any more: the next one who opens the store hands it over again, marked.
    pub async fn shutdown(&self, patience: Duration) -> usize {
        self.shared.ending.send_replace(true);
        self.shared.engine.shutdown(patience).await
    }
}
