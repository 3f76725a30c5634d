//! One connection from its handshake to its end: writes what is due, hands on what comes, and finds out when it is dead.

use super::dial::{Activity, Socket};
use super::inbox::Item;
use super::line::{FAREWELL, Shared};
use super::lost::Lost;
use crate::runtime::call::BoxFuture;
use crate::runtime::codec::Scalar;
use crate::runtime::codec::json::members;
use crate::runtime::race::race;
use futures_core::Stream;
use futures_sink::Sink;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};
use tokio_websockets::{CloseCode, Message};

/// An open connection.
pub(super) struct Driver<'a> {
    socket: Socket,
    shared: &'a Shared,
    watch: Option<Watch>,
    activity: Arc<Activity>,
    /// Something has been given to the socket that is not on its way yet.
    unflushed: bool,
    /// What the gateway's close frame said.
    closed: Option<Lost>,
}

/// How silence is dealt with: when to ping, and how much later to give up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ping {
    pub(super) every: Duration,
    pub(super) patience: Duration,
}

impl<'a> Driver<'a> {
    pub(super) fn new(
        (socket, activity): (Socket, Arc<Activity>),
        shared: &'a Shared,
        ping: Option<Ping>,
    ) -> Self {
        Self {
            socket,
            shared,
            watch: ping.map(|ping| Watch::new(ping, shared)),
            activity,
            unflushed: false,
            closed: None,
        }
    }

    /// Works until the connection ends.
    pub(super) async fn run(&mut self) -> Lost {
        poll_fn(|context| self.poll(context)).await
    }

    /// Lets go of the connection. Where this side ends it, the gateway is told, and has a moment to agree.
    pub(super) async fn end(mut self, lost: &Lost) {
        if !lost.is_ours() {
            return;
        }
        let farewell = Message::close(Some(CloseCode::NORMAL_CLOSURE), "");
        // A connection that is closing already takes no second farewell.
        let _ = Pin::new(&mut self.socket).start_send(farewell);
        let closed = poll_fn(|context| Pin::new(&mut self.socket).poll_close(context));
        // Whether it agreed makes no difference.
        race(closed, self.shared.timer.sleep(FAREWELL)).await;
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Lost> {
        if let Err(lost) = self.write(context) {
            return Poll::Ready(lost);
        }
        if let Poll::Ready(lost) = self.read(context) {
            return Poll::Ready(lost);
        }
        self.watch(context)
    }

    fn write(&mut self, context: &mut Context<'_>) -> Result<(), Lost> {
        let mut socket = Pin::new(&mut self.socket);
        loop {
            match socket.as_mut().poll_ready(context) {
                Poll::Ready(ready) => ready.map_err(|error| Lost::of(&error))?,
                Poll::Pending => return Ok(()),
            }
            let Poll::Ready(text) = self.shared.pending.poll_next(context) else {
                break;
            };
            self.shared.tally.sent.one();
            self.unflushed = true;
            let sent = socket.as_mut().start_send(Message::text(text));
            // A gateway that is closing says why in what it still sends.
            if sent.is_err() {
                break;
            }
        }
        if self.unflushed
            && let Poll::Ready(flushed) = socket.poll_flush(context)
        {
            flushed.map_err(|error| Lost::of(&error))?;
            self.unflushed = false;
        }
        Ok(())
    }

    fn read(&mut self, context: &mut Context<'_>) -> Poll<Lost> {
        loop {
            match Pin::new(&mut self.socket).poll_next(context) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Some(Ok(message))) => self.arrived(message),
                Poll::Ready(Some(Err(error))) => {
                    return Poll::Ready(self.closed.take().unwrap_or_else(|| Lost::of(&error)));
                }
                Poll::Ready(None) => {
                    return Poll::Ready(self.closed.take().unwrap_or_else(|| Lost::closed(None)));
                }
            }
        }
    }

    fn arrived(&mut self, message: Message) {
        if let Some((code, reason)) = message.as_close() {
            self.closed = Some(Lost::closed(Some((code.into(), reason))));
        } else if message.is_text() || message.is_binary() {
            // Some gateways send text as binary.
            self.heard(&message.into_payload());
        }
    }

    fn heard(&self, bytes: &[u8]) {
        let shared = self.shared;
        let text = std::str::from_utf8(bytes).unwrap_or_default();
        let text = text.trim_start_matches('\u{feff}');
        match Kind::of(shared.id, text) {
            Kind::Answer(id) => {
                if !shared.pending.answer(id.as_str(), text.to_owned()) {
                    shared.tally.late.one();
                }
            }
            Kind::Push => {
                shared.tally.pushed.one();
                shared.tell(Item::Push(text.to_owned()));
            }
            Kind::Garbage => {
                shared.tally.garbage.one();
                shared.tell(Item::Garbage(bytes.len()));
            }
        }
    }

    /// Pings a silent line, and gives a dead one up.
    fn watch(&mut self, context: &mut Context<'_>) -> Poll<Lost> {
        let Some(watch) = &mut self.watch else {
            return Poll::Pending;
        };
        loop {
            match watch.poll(context, self.shared, &self.activity, self.unflushed) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Due::Dead) => return Poll::Ready(Lost::Silent),
                Poll::Ready(Due::Ping) => {
                    self.shared.tally.pings.one();
                    let mut socket = Pin::new(&mut self.socket);
                    // A line that takes no ping will not answer one either.
                    let _ = socket.as_mut().start_send(Message::ping(Vec::new()));
                    if let Poll::Ready(Err(error)) = socket.poll_flush(context) {
                        return Poll::Ready(Lost::of(&error));
                    }
                }
            }
        }
    }
}

/// What a message is.
enum Kind {
    /// The answer to the call with this id.
    Answer(Scalar),
    /// Something without an id.
    Push,
    /// No JSON object.
    Garbage,
}

impl Kind {
    fn of(name: &str, text: &str) -> Self {
        let mut id = None;
        let whole = members(text, &mut |member, value, _| {
            if member == name {
                id = Scalar::read(value).and_then(Scalar::naming);
            }
        });
        let is_object = whole.is_ok_and(|range| text[range].starts_with('{'));
        match id.filter(|id| !id.is_empty()) {
            Some(id) if is_object => Self::Answer(id),
            None if is_object => Self::Push,
            _ => Self::Garbage,
        }
    }
}

/// What a silent line calls for.
enum Due {
    Ping,
    Dead,
}

/// Looks at a line from time to time.
struct Watch {
    ping: Ping,
    /// Life was last seen then, or a little before.
    heard: Instant,
    pinged: bool,
    read: u64,
    written: u64,
    tick: BoxFuture<'static, ()>,
}

impl Watch {
    fn new(ping: Ping, shared: &Shared) -> Self {
        Self {
            ping,
            heard: shared.timer.now(),
            pinged: false,
            read: 0,
            written: 0,
            tick: shared.timer.sleep(ping.every),
        }
    }

    fn poll(
        &mut self,
        context: &mut Context<'_>,
        shared: &Shared,
        activity: &Activity,
        unflushed: bool,
    ) -> Poll<Due> {
        while self.tick.as_mut().poll(context).is_ready() {
            let (read, written) = (activity.read(), activity.written());
            // A long call that is still leaving counts as life; what the system has taken already does not.
            let alive = read != self.read || (unflushed && written != self.written);
            (self.read, self.written) = (read, written);
            let now = shared.timer.now();
            if alive {
                self.heard = now;
                self.pinged = false;
            }
            let silent = now.saturating_duration_since(self.heard);
            let Ping { every, patience } = self.ping;
            if self.pinged && silent >= every + patience {
                return Poll::Ready(Due::Dead);
            }
            let ping = silent >= every && !self.pinged;
            self.pinged |= ping;
            let next = if self.pinged {
                (every + patience).saturating_sub(silent)
            } else {
                every.saturating_sub(silent)
            };
            self.tick = shared.timer.sleep(next.max(Duration::from_millis(1)));
            if ping {
                return Poll::Ready(Due::Ping);
            }
        }
        Poll::Pending
    }
}
