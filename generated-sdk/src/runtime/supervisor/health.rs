//! How an account is, for people to look at: no token, no code.

use crate::runtime::codec::json::Json;
use std::time::{SystemTime, UNIX_EPOCH};

/// What an account is doing.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing is known yet.
    Starting,
    /// It is online.
    Online,
    /// It is offline.
    Offline,
    /// It is being logged in with what was saved.
    LoggingIn,
    /// A person has to scan a code, or to confirm.
    AwaitingPerson,
    /// The last login has failed; there will be another one.
    Failed,
}

impl State {
    /// The state as the endpoint writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            State::Starting => "starting",
            State::Online => "online",
            State::Offline => "offline",
            State::LoggingIn => "logging in",
            State::AwaitingPerson => "awaiting a person",
            State::Failed => "failed",
        }
    }
}

/// How an account is.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Health {
    /// The name under which it is supervised.
    pub account: String,
    /// What it is doing.
    pub state: State,
    /// Since when.
    pub since: SystemTime,
    /// Why it is offline, or a login has failed; of one that is online, why nothing could be learned of late.
    pub why: String,
    /// How many logins have succeeded.
    pub logins: u64,
}

impl Health {
    pub(super) fn new(account: String) -> Self {
        Self {
            account,
            state: State::Starting,
            since: SystemTime::now(),
            why: String::new(),
            logins: 0,
        }
    }

    /// As the endpoint writes it; times are seconds since 1970.
    pub fn to_json(&self) -> Json {
        let since = self.since.duration_since(UNIX_EPOCH);
        Json::object([
            ("account", Json::from(self.account.as_str())),
            ("state", Json::from(self.state.as_str())),
            (
                "since",
                Json::from(since.map_or(0, |since| since.as_secs())),
            ),
            ("why", Json::from(self.why.as_str())),
            ("logins", Json::from(self.logins)),
        ])
    }
}
