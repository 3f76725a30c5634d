//! What looks on while calls are made: for logs, counters, and headers of one's own.

use super::error::ErrorKind;
use std::fmt;
use std::time::Duration;

/// Sees every attempt of every call, but neither secrets nor bodies, unless it asks for the latter.
///
/// ```
/// use generated_sdk::{Attempt, Hook, Outcome};
///
/// struct Log;
///
/// impl Hook for Log {
///     fn after(&self, attempt: &Attempt<'_>, outcome: &Outcome<'_>) {
///         println!("{} #{}: {:?} {:?}", attempt.operation, attempt.number, outcome.duration, outcome.kind);
///     }
/// }
///
/// // `Client::builder(…).hook(Log)`
/// # let _: Box<dyn Hook> = Box::new(Log);
/// ```
pub trait Hook: Send + Sync {
    /// Before an attempt; headers may be added. Those that the call itself sets win.
    fn before(&self, attempt: &Attempt<'_>, headers: &mut Headers<'_>) {
        let _ = (attempt, headers);
    }

    /// After an attempt, unless the call was dropped under way.
    fn after(&self, attempt: &Attempt<'_>, outcome: &Outcome<'_>) {
        let _ = (attempt, outcome);
    }

    /// Whether the hook wants to see bodies, which hold message content and may hold passwords.
    fn wants_bodies(&self) -> bool {
        false
    }
}

/// One attempt of a call.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The provider, and the API where it has several.
    pub provider: &'a str,
    /// The operation by the name of its method, such as `send_text`; the path where no catalog knows it.
    pub operation: &'a str,
    /// The path, or the command.
    pub path: &'a str,
    /// Whose call it is: the value that the session fills in, or the account of a bot.
    pub account: Option<&'a str>,
    /// From 1.
    pub number: u32,
    /// Whether the operation is declared safe to repeat.
    pub safe: bool,
    /// The call's id, if ids are on.
    pub request_id: Option<&'a str>,
    /// The request's body, for hooks that want bodies.
    pub body: Option<&'a str>,
}

/// How an attempt ended.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Outcome<'a> {
    /// How long it took, waiting for its turn not included.
    pub duration: Duration,
    /// The layer in which it failed; none if it succeeded.
    pub kind: Option<ErrorKind>,
    /// The HTTP status, if an answer arrived.
    pub status: Option<u16>,
    /// The vendor's code.
    pub code: Option<&'a str>,
    /// After how long it is repeated, if it is.
    pub repeated_after: Option<Duration>,
    /// The answer's body, for hooks that want bodies.
    pub body: Option<&'a str>,
}

/// Shows everything but the body.
impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("provider", &self.provider)
            .field("operation", &self.operation)
            .field("path", &self.path)
            .field("account", &self.account)
            .field("number", &self.number)
            .field("safe", &self.safe)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

/// Shows everything but the body.
impl fmt::Debug for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("duration", &self.duration)
            .field("kind", &self.kind)
            .field("status", &self.status)
            .field("code", &self.code)
            .field("repeated_after", &self.repeated_after)
            .finish_non_exhaustive()
    }
}

/// Where a hook adds headers.
pub struct Headers<'a>(pub(crate) &'a mut Vec<(String, String)>);

impl Headers<'_> {
    /// Adds a header; one of the same name that is there already is replaced.
    pub fn add(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.push((name.into(), value.into()));
    }
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Headers").finish_non_exhaustive()
    }
}
