//! Who waits for what comes to an address of a single use.

use super::recent::Recent;
use crate::runtime::lock::lock;
use std::collections::HashMap;
use std::sync::Mutex;
use tokio::sync::mpsc;

/// How many addresses that have served are remembered: what comes there again is a repetition.
const REMEMBERED: usize = 65_536;

/// What became of a message at an address of a single use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Handover {
    /// Somebody waited for it.
    Taken,
    /// It came before.
    Repeated,
    /// Who waits there is behind.
    Full,
}

/// Addresses of a single use at which somebody waits.
#[derive(Debug)]
pub(super) struct Waiting<C> {
    state: Mutex<State<C>>,
}

#[derive(Debug)]
struct State<C> {
    open: HashMap<u128, Waiter<C>>,
    served: Recent,
}

#[derive(Debug)]
struct Waiter<C> {
    to: mpsc::Sender<C>,
    /// The first message is the only one.
    once: bool,
}

impl<C> Default for Waiting<C> {
    fn default() -> Self {
        Self {
            state: Mutex::new(State {
                open: HashMap::new(),
                served: Recent::new(REMEMBERED),
            }),
        }
    }
}

impl<C> Waiting<C> {
    /// Somebody waits from now on: for one message, or for several of which so many may pile up.
    pub(super) fn open(&self, token: u128, several: Option<usize>) -> mpsc::Receiver<C> {
        let (to, from) = mpsc::channel(several.unwrap_or(1).max(1));
        let once = several.is_none();
        lock(&self.state).open.insert(token, Waiter { to, once });
        from
    }

    /// Nobody waits there any more; who got what they waited for has no use for more.
    pub(super) fn close(&self, token: u128, served: bool) {
        let mut state = lock(&self.state);
        state.open.remove(&token);
        if served {
            state.served.insert(token);
        }
    }

    /// Hands a message to whoever waits for it; gives it back where nobody does, or not any more.
    pub(super) fn hand(&self, token: &str, callback: C) -> Result<Handover, C> {
        let Ok(token) = u128::from_str_radix(token, 16) else {
            return Err(callback);
        };
        let state = lock(&self.state);
        let Some(waiter) = state.open.get(&token) else {
            return if state.served.contains(token) {
                Ok(Handover::Repeated)
            } else {
                Err(callback)
            };
        };
        match waiter.to.try_send(callback) {
            Ok(()) => Ok(Handover::Taken),
            Err(mpsc::error::TrySendError::Full(_)) if waiter.once => Ok(Handover::Repeated),
            Err(mpsc::error::TrySendError::Full(_)) => Ok(Handover::Full),
            Err(mpsc::error::TrySendError::Closed(callback)) => Err(callback),
        }
    }
}
