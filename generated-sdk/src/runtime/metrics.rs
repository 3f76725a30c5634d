//! Numbers for whoever watches, by the facade [`::metrics`]: calls, attempts, events and commands come in, and
//! counters, gauges and histograms go to the recorder that the program has installed; without one, nowhere.
//!
//! | metric | labels | what |
//! |---|---|---|
//! | [`CALLS`] | `provider`, `operation`, `path`, `account`, `outcome` | calls that have ended |
//! | [`ATTEMPT_SECONDS`] | the same | how long attempts took, without waiting for their turn |
//! | [`RETRIES`] | `provider`, `operation`, `path`, `account` | attempts that were followed by another one |
//! | [`EVENTS`] | `provider`, `what` | what became of events: `received`, `handled`, `again`, `set_aside` and the other names of [`Counters`](crate::server::Counters) |
//! | [`EVENTS_KEPT`] | `provider`, `state` | events that are `waiting` for a handler, `leased` to one, or `set_aside`, every 5 s |
//! | [`COMMANDS`] | `provider`, `what` | commands that reached a program: `out`, and `again` of them not for the first time |
//! | [`COMMANDS_OPEN`] | `provider`, `account` | commands to a program that somebody waits for |
//! | [`COMMANDS_EXPIRED`] | `provider`, `account`, `why` | those that were `not_fetched` in time, or had `no_result` |
//! | [`CONNECTION`] | `provider`, `what` | what became of a connection for calls and pushes, by the names of its `Counters` |
//!
//! `operation` is `send_text`, `outcome` is `ok`, `misuse`, `not_sent`, `no_answer`, `status`, `undecodable`, `vendor`,
//! `no_right` or `expired`; `account` is the value that a session fills in or a bot's account, empty where there is none. What a
//! message says is in none of them. `metrics-exporter-prometheus` serves them: `cargo run -p examples --bin eyun_metrics`.

use super::call::{Attempt, ErrorKind, Outcome};
#[cfg(feature = "receive")]
use super::store::Counts;
#[cfg(feature = "receive")]
use ::metrics::gauge;
use ::metrics::{Label, counter, describe_counter, describe_gauge, describe_histogram, histogram};

/// Calls that have ended.
pub const CALLS: &str = "wechat_sdk_calls_total";
/// How long attempts took.
pub const ATTEMPT_SECONDS: &str = "wechat_sdk_attempt_seconds";
/// Attempts that were followed by another one.
pub const RETRIES: &str = "wechat_sdk_retries_total";
/// What became of events.
pub const EVENTS: &str = "wechat_sdk_events_total";
/// Events that wait for a handler, are leased to one, or set aside.
pub const EVENTS_KEPT: &str = "wechat_sdk_events_kept";
/// Commands that have reached a program.
pub const COMMANDS: &str = "wechat_sdk_commands_total";
/// Commands that somebody waits for.
pub const COMMANDS_OPEN: &str = "wechat_sdk_commands_open";
/// Commands that nobody fetched in time, or whose result did not come in time.
pub const COMMANDS_EXPIRED: &str = "wechat_sdk_commands_expired_total";
/// What became of a connection.
pub const CONNECTION: &str = "wechat_sdk_connection_total";

/// Tells the recorder what the metrics are, for those who read them; call it once it is installed.
pub fn describe() {
    describe_counter!(CALLS, "Calls that have ended, by operation and outcome");
    describe_histogram!(
        ATTEMPT_SECONDS,
        ::metrics::Unit::Seconds,
        "How long attempts of calls took, without waiting for their turn"
    );
    describe_counter!(RETRIES, "Attempts that were followed by another one");
    describe_counter!(EVENTS, "What became of events");
    describe_gauge!(
        EVENTS_KEPT,
        "Events that wait for a handler, are leased to one, or set aside"
    );
    describe_counter!(COMMANDS, "Commands that have reached a program");
    describe_gauge!(COMMANDS_OPEN, "Commands that somebody waits for");
    describe_counter!(
        COMMANDS_EXPIRED,
        "Commands that nobody fetched in time, or whose result did not come in time"
    );
    describe_counter!(
        CONNECTION,
        "What became of a connection for calls and pushes"
    );
}

/// A call has ended, well or so.
pub(crate) fn call(of: &Attempt<'_>, failed: Option<ErrorKind>) {
    counter!(CALLS, labels(of, Some(outcome(failed)))).increment(1);
}

/// An attempt has ended.
pub(crate) fn attempt(of: &Attempt<'_>, ended: &Outcome<'_>) {
    let seconds = histogram!(ATTEMPT_SECONDS, labels(of, Some(outcome(ended.kind))));
    seconds.record(ended.duration.as_secs_f64());
    if ended.repeated_after.is_some() {
        counter!(RETRIES, labels(of, None)).increment(1);
    }
}

/// One number of a family of them.
#[cfg(feature = "receive")]
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    pub(crate) family: &'static str,
    pub(crate) provider: &'static str,
    pub(crate) what: &'static str,
}

#[cfg(feature = "receive")]
impl Counted {
    /// One more.
    pub(crate) fn one(self) {
        counter!(self.family, "provider" => self.provider, "what" => self.what).increment(1);
    }
}

/// How many events are kept.
#[cfg(feature = "receive")]
pub(crate) fn kept(provider: &'static str, counts: &Counts) {
    let states = [
        ("waiting", counts.waiting),
        ("leased", counts.leased),
        ("set_aside", counts.set_aside),
    ];
    for (state, count) in states {
        let count = f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        gauge!(EVENTS_KEPT, "provider" => provider, "state" => state).set(count);
    }
}

/// A command that somebody waits for, as long as this lives.
#[cfg(feature = "server")]
pub(crate) struct OpenCommand {
    provider: &'static str,
    account: String,
}

#[cfg(feature = "server")]
impl OpenCommand {
    pub(crate) fn new(provider: &'static str, account: &str) -> Self {
        let open = Self {
            provider,
            account: account.to_owned(),
        };
        open.gauge().increment(1.0);
        open
    }

    fn gauge(&self) -> ::metrics::Gauge {
        gauge!(COMMANDS_OPEN, "provider" => self.provider, "account" => self.account.clone())
    }

    /// The time is over.
    pub(crate) fn expired(&self, why: &'static str) {
        let (provider, account) = (self.provider, self.account.clone());
        counter!(COMMANDS_EXPIRED, "provider" => provider, "account" => account, "why" => why)
            .increment(1);
    }
}

#[cfg(feature = "server")]
impl Drop for OpenCommand {
    fn drop(&mut self) {
        self.gauge().decrement(1.0);
    }
}

fn labels(of: &Attempt<'_>, outcome: Option<&'static str>) -> Vec<Label> {
    let mut labels = vec![
        Label::new("provider", of.provider.to_owned()),
        Label::new("operation", of.operation.to_owned()),
        Label::new("path", of.path.to_owned()),
        Label::new("account", of.account.unwrap_or_default().to_owned()),
    ];
    labels.extend(outcome.map(|outcome| Label::from_static_parts("outcome", outcome)));
    labels
}

fn outcome(failed: Option<ErrorKind>) -> &'static str {
    match failed {
        None => "ok",
        Some(ErrorKind::Misuse) => "misuse",
        Some(ErrorKind::NotSent) => "not_sent",
        Some(ErrorKind::NoAnswer) => "no_answer",
        Some(ErrorKind::Status) => "status",
        Some(ErrorKind::Undecodable) => "undecodable",
        Some(ErrorKind::Vendor) => "vendor",
        Some(ErrorKind::WrongHost) => "wrong_host",
        Some(ErrorKind::NoRight) => "no_right",
        Some(ErrorKind::Expired) => "expired",
    }
}
