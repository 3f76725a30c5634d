//! How a receiver is set up.

use super::connections::Bounds;
use super::observer::Observer;
use super::receiver::Receiver;
use super::settings::{Misuse, Settings, check};
use crate::runtime::codec::Secret;
use crate::runtime::receive::delivery::{
    Deliveries, Delivery, Handler, Options, Outcome, handled_by, options,
};
use crate::runtime::receive::event::Inbound;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

/// Sets up a [`Receiver`].
#[must_use]
pub struct ReceiverBuilder<C> {
    settings: Settings,
    options: Options<C>,
}

/// Shows no secret.
impl<C> fmt::Debug for ReceiverBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceiverBuilder")
            .field("path", &self.settings.path)
            .finish_non_exhaustive()
    }
}

impl<C: Inbound> Receiver<C> {
    /// Sets a receiver up.
    pub fn builder() -> ReceiverBuilder<C> {
        ReceiverBuilder::new()
    }
}

impl<C: Inbound> ReceiverBuilder<C> {
    fn new() -> Self {
        Self {
            settings: Settings {
                path: "/callback".to_owned(),
                secret_path: None,
                secret_header: None,
                unprotected: false,
                body_limit: 2 * 1024 * 1024,
                bodies_bytes: 64 * 1024 * 1024,
                bounds: Bounds {
                    head: Duration::from_secs(15),
                    total: 1024,
                    per_address: 512,
                },
                patience: Duration::from_secs(4),
                observer: None,
            },
            options: Options::default(),
        }
    }

    /// Where messages are posted to; `/callback` unless said otherwise.
    pub fn path(mut self, path: impl Into<String>) -> Self {
        self.settings.path = path.into();
        self
    }

    /// A last path segment that only the gateway is told: `/callback/<secret>`. Everything else is 404.
    ///
    /// Letters, digits, `-`, `_`, `.` and `~`.
    pub fn secret_path(mut self, secret: impl Into<Secret>) -> Self {
        self.settings.secret_path = Some(secret.into());
        self
    }

    /// A header that every request must have, for a proxy in front that adds it. Without it: 401.
    pub fn secret_header(mut self, name: impl Into<String>, secret: impl Into<Secret>) -> Self {
        self.settings.secret_header = Some((name.into(), secret.into()));
        self
    }

    /// Takes messages from whoever can reach the port: a gateway that signs nothing can then not be told from anybody
    /// else.
    pub fn unprotected(mut self) -> Self {
        self.settings.unprotected = true;
        self
    }

    /// The largest body, in bytes; 2 MiB unless said otherwise. More is answered 413 without being read.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.settings.body_limit = bytes;
        self
    }

    /// How much memory the bodies that are being received may take together, in bytes; 64 MiB unless said otherwise, and
    /// never less than one long body takes, three times its size. A quarter of it is for short ones, up to 64 KiB, which
    /// long ones therefore never keep out; a body that finds no room within [`patience`](Self::patience) is answered
    /// 503. While others wait for room, a body gives way that comes slower than 256 KiB a second.
    pub fn bodies_bytes(mut self, bytes: usize) -> Self {
        self.settings.bodies_bytes = bytes;
        self
    }

    /// How long [`serve`](Receiver::serve) waits for the head of a request, and for the next one on a connection that is
    /// kept; 15 s unless said otherwise.
    pub fn head_timeout(mut self, timeout: Duration) -> Self {
        self.settings.bounds.head = timeout;
        self
    }

    /// How many connections [`serve`](Receiver::serve) keeps open, and how many of them from one address (of IPv6: one
    /// network); 1,024 and 512 unless said otherwise. Where there is no room, a connection gives way that drips its
    /// first head or has long been idle; are there none, the new one is answered 503. Keep the number below the process's limit of open
    /// files, and allow a proxy in front, which is one address, all of them.
    pub fn connections(mut self, total: usize, per_address: usize) -> Self {
        let bounds = &mut self.settings.bounds;
        (bounds.total, bounds.per_address) = (total.max(1), per_address.max(1));
        self
    }

    /// How long a request may take before it is answered 503 because there is no room; 4 s unless said otherwise.
    /// Keep it below what the gateway waits.
    pub fn patience(mut self, patience: Duration) -> Self {
        self.settings.patience = patience;
        self
    }

    options!(C, options);

    /// Lets somebody look at messages and answer their sender.
    pub(in crate::runtime) fn observer(mut self, observer: Arc<dyn Observer>) -> Self {
        self.settings.observer = Some(observer);
        self
    }

    /// Starts to hand messages over to a function. What the store has left from the last time comes first, marked where
    /// it was handed over before.
    ///
    /// What the function answers is an [`Outcome`].
    pub fn start<F, A>(self, handler: F) -> Result<Receiver<C>, Misuse>
    where
        F: Fn(Delivery<C>) -> A + Send + Sync + 'static,
        A: Future + Send + 'static,
        A::Output: Outcome,
    {
        self.boxed(handled_by(handler))
    }

    /// Starts to hand messages over as a stream.
    pub fn stream(self) -> Result<(Receiver<C>, Deliveries<C>), Misuse> {
        let (deliveries, handler) = Deliveries::new();
        Ok((self.boxed(Box::new(handler))?, deliveries))
    }

    fn boxed(mut self, handler: Handler<C>) -> Result<Receiver<C>, Misuse> {
        let options = &mut self.options;
        options.capacity_bytes = options.capacity_bytes.max(self.settings.body_limit);
        check(&self.settings)?;
        Ok(Receiver::start(self.settings, self.options, handler))
    }
}
