//! What the gateway remembers.

use super::login::Code;
use super::media::Files;
use super::messages::{Message, Right, Sent, Ticket};
use super::scan::Scan;
use crate::gateway::{Answer, Received};
use serde::Serialize;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;
use tokio::sync::Notify;

/// The account that people write to.
pub(super) const BOT: &str = "example01@im.bot";
/// The API's other host, where redirected logins go on.
pub(super) const OTHER_HOST: usize = 1;
/// Where files go and come from.
pub(super) const MEDIA_HOST: usize = 2;

/// The world behind the gateway, of one account.
#[derive(Default)]
pub struct World {
    pub(super) settings: Settings,
    state: Mutex<State>,
    /// Wakes who waits for messages.
    pub(super) written: Notify,
    /// Wakes who waits for a code.
    pub(super) scanned: Arc<Notify>,
}

#[derive(Clone)]
pub(super) struct Settings {
    pub(super) scan_takes: Duration,
    pub(super) scans: Vec<Scan>,
    pub(super) holds: Duration,
    pub(super) poll_time_out: Option<Duration>,
    pub(super) answers: u32,
    pub(super) other_base: bool,
    pub(super) whole_urls: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            scan_takes: Duration::from_millis(300),
            scans: vec![Scan::Confirmed],
            holds: Duration::from_secs(30),
            poll_time_out: None,
            answers: 10,
            other_base: false,
            whole_urls: true,
        }
    }
}

#[derive(Default, Serialize)]
pub(super) struct State {
    pub(super) session: Option<Session>,
    /// How the codes to come are scanned; the last goes on.
    pub(super) scans: Vec<Scan>,
    pub(super) codes: VecDeque<Code>,
    /// What people have written, and no cursor has said to be taken.
    pub(super) inbox: VecDeque<Message>,
    /// The number of the last message that is taken.
    pub(super) taken: u64,
    /// By token.
    pub(super) rights: BTreeMap<String, Right>,
    /// Who is told that nothing may be sent now, until they write.
    pub(super) closed: BTreeSet<String>,
    pub(super) sent: VecDeque<Sent>,
    #[serde(skip)]
    pub(super) tickets: BTreeMap<String, Ticket>,
    /// To whom the bot is shown typing, and how often it said so.
    pub(super) typing: BTreeMap<String, (bool, u32)>,
    #[serde(skip)]
    pub(super) files: Files,
    counter: u64,
}

/// Who is logged in.
#[derive(Serialize)]
pub(super) struct Session {
    pub(super) token: String,
    /// Which login it is.
    pub(super) number: u64,
    /// Where its calls have to come.
    pub(super) host: usize,
    pub(super) expired: bool,
}

impl Session {
    /// Whether one of these tokens is its own, and good.
    pub(super) fn is_held(&self, tokens: &[String]) -> bool {
        !self.expired && tokens.contains(&self.token)
    }
}

impl World {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        crate::lock(&self.state)
    }

    /// Everything as it was at the start.
    pub(super) fn forget(&self) {
        let scans = self.settings.scans.clone();
        *self.lock() = State {
            scans,
            ..State::default()
        };
        self.written.notify_waiters();
        self.scanned.notify_waiters();
    }

    /// Why a call is not that of who is logged in, if it is not.
    pub(super) fn stranger(&self, call: &Received) -> Option<Answer> {
        let given = call.authorization().unwrap_or_default();
        let state = self.lock();
        let Some(session) = &state.session else {
            return Some(expired(call));
        };
        if session.token != given || session.expired {
            return Some(expired(call));
        }
        (call.host() != session.host)
            .then(|| refused(-2, "not the root that the login has handed out"))
    }
}

impl State {
    /// A number that has not been used.
    pub(super) fn next(&mut self) -> u64 {
        self.counter += 1;
        self.counter
    }
}

/// Says why, where something does not hold.
pub(super) fn must(holds: bool, why: &str) -> Result<(), String> {
    holds.then_some(()).ok_or_else(|| why.to_owned())
}

/// A refusal, which comes with HTTP 200.
pub(super) fn refused(ret: i64, message: &str) -> Answer {
    Answer::json(json!({ "ret": ret, "errmsg": message }))
}

/// The session is over; polls say it in one key, everything else in the other.
fn expired(call: &Received) -> Answer {
    match call.path() {
        super::UPDATES => Answer::json(json!({ "errcode": -14, "errmsg": "session timeout" })),
        _ => refused(-14, "session timeout"),
    }
}
