//! One error, in layers: what failed decides what the caller may do next.

use super::operation::Named;
#[cfg(feature = "poll")]
use crate::runtime::bot::Unsaid;
use crate::runtime::codec::{Scalar, Secret, hide};
use std::error::Error as StdError;
use std::fmt::{self, Write};
use std::time::Duration;

/// Any error, boxed.
pub type BoxError = Box<dyn StdError + Send + Sync>;

/// The layer in which a call failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client was built or used wrongly; nothing was sent.
    Misuse,
    /// The request did not reach the server: it was certainly not executed.
    NotSent,
    /// No answer arrived, or only a part of it: the call may have been executed.
    NoAnswer,
    /// The server, or something before it, answered with an HTTP status that says failure.
    Status,
    /// An answer arrived that is not the envelope that the documents describe: the call may have been executed.
    Undecodable,
    /// The vendor answered with a code that says failure.
    Vendor,
    /// The vendor leads to an address where nothing of this client may go, and nothing was sent there.
    WrongHost,
    /// There is no right to say something to this person now. Nothing was sent.
    NoRight,
    /// The session has expired: the vendor answered so, or had answered so before, and nothing was sent. It goes on with
    /// a new login, for all clones of the client.
    Expired,
}

/// A call that did not succeed.
///
/// ```no_run
/// # async fn example(call: generated_sdk::Call<()>) {
/// match call.await {
///     Ok(reply) => println!("{}", reply.code()),
///     Err(error) if error.code() == Some("1001") => println!("refused: {error}"),
///     Err(error) if error.may_have_been_executed() => println!("look before you repeat it: {error}"),
///     Err(error) => println!("safe to repeat: {error}"),
/// }
/// # }
/// ```
///
/// `Debug` and `Display` show the operation, the code and the vendor's message, never the body.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    named: Named,
    status: Option<u16>,
    code: Option<Scalar>,
    message: Option<String>,
    body: Option<String>,
    timeout: bool,
    busy: bool,
    source: Option<BoxError>,
    retry_after: Option<Duration>,
    attempts: u32,
    /// Something before the failure itself may have been executed.
    earlier: bool,
    /// Another attempt would be of no use.
    hopeless: bool,
    request_id: Option<String>,
    /// The operation is declared safe to repeat.
    safe: bool,
    #[cfg(feature = "poll")]
    unsaid: Option<Unsaid>,
    /// Whatever was executed, nobody sees anything of it.
    harmless: bool,
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, named: impl Into<Named>) -> Self {
        Self(Box::new(Inner {
            kind,
            named: named.into(),
            status: None,
            code: None,
            message: None,
            body: None,
            timeout: false,
            busy: false,
            source: None,
            retry_after: None,
            attempts: 0,
            earlier: false,
            hopeless: false,
            request_id: None,
            safe: false,
            #[cfg(feature = "poll")]
            unsaid: None,
            harmless: false,
        }))
    }

    pub(crate) fn misuse(message: impl Into<String>) -> Self {
        Self::new(ErrorKind::Misuse, Named::default()).with_message(Some(message.into()))
    }

    pub(crate) fn with_kind(mut self, kind: ErrorKind) -> Self {
        self.0.kind = kind;
        self
    }

    pub(crate) fn with_message(mut self, message: Option<String>) -> Self {
        self.0.message = message;
        self
    }

    pub(crate) fn with_code(mut self, code: Option<Scalar>) -> Self {
        self.0.code = code;
        self
    }

    pub(crate) fn with_busy(mut self, busy: bool) -> Self {
        self.0.busy = busy;
        self
    }

    pub(crate) fn with_answer(mut self, status: u16, body: String) -> Self {
        self.0.status = Some(status);
        self.0.body = Some(body);
        self
    }

    pub(crate) fn with_source(mut self, source: BoxError, timeout: bool) -> Self {
        self.0.source = Some(source);
        self.0.timeout = timeout;
        self
    }

    /// Says whether another attempt would be of no use.
    pub(crate) fn with_hopeless(mut self, hopeless: bool) -> Self {
        self.0.hopeless = hopeless;
        self
    }

    pub(crate) fn is_hopeless(&self) -> bool {
        self.0.hopeless
    }

    pub(crate) fn with_retry_after(mut self, after: Option<Duration>) -> Self {
        self.0.retry_after = after;
        self
    }

    /// Says how the call went that ended so.
    pub(crate) fn after_attempts(mut self, attempts: u32, request_id: Option<String>) -> Self {
        self.0.attempts = attempts;
        self.0.request_id = request_id;
        self
    }

    /// Says whether the operation is declared safe to repeat.
    pub(crate) fn of_safe(mut self, safe: bool) -> Self {
        self.0.safe = safe;
        self
    }

    /// Says what became of the answer to a person that this was a part of.
    #[cfg(feature = "poll")]
    pub(crate) fn with_unsaid(mut self, unsaid: Unsaid) -> Self {
        self.0.unsaid = Some(unsaid);
        self
    }

    /// Says that nobody sees anything of what may have been executed: a medium that was not sent to anybody.
    #[cfg(feature = "media")]
    pub(crate) fn harmless(mut self) -> Self {
        self.0.harmless = true;
        self
    }

    #[cfg(feature = "receive")]
    pub(crate) fn is_of_safe(&self) -> bool {
        self.0.safe
    }

    /// Says that something before the failure may have been executed.
    pub(crate) fn after_execution(mut self, executed: bool) -> Self {
        self.0.earlier |= executed;
        self
    }

    /// Takes secrets out of the message, in which a vendor may repeat them; what is misuse no vendor has said.
    pub(crate) fn without<'s>(mut self, secrets: impl IntoIterator<Item = &'s Secret>) -> Self {
        if self.0.kind != ErrorKind::Misuse {
            hide(&mut self.0.message, secrets);
        }
        self
    }

    /// The layer in which the call failed.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that was called, by the name of its method, such as `send_text`; the path where no catalog knows it,
    /// empty if the client could not be built.
    pub fn operation(&self) -> &str {
        &self.0.named.operation
    }

    /// The path that was called, or the command.
    pub fn path(&self) -> &str {
        &self.0.named.path
    }

    /// The vendor's code, as text whatever it was written as.
    pub fn code(&self) -> Option<&str> {
        self.0.code.as_ref().map(Scalar::as_str)
    }

    /// The vendor's message.
    pub fn message(&self) -> Option<&str> {
        self.0.message.as_deref()
    }

    /// The HTTP status, if an answer arrived.
    pub fn status(&self) -> Option<u16> {
        self.0.status
    }

    /// The answer's body, if one arrived: JSON whole, an HTML page or the like shortened.
    ///
    /// `Debug` and `Display` never show it: it may hold secrets.
    pub fn body(&self) -> Option<&str> {
        self.0.body.as_deref()
    }

    /// True if the time-out ran out.
    pub fn is_timeout(&self) -> bool {
        self.0.timeout
    }

    /// True if the vendor's code says "busy, again later": it did nothing, and may do it a little later.
    ///
    /// Which codes say so stands in `provider.toml` (`[reply] busy`). What is declared safe was repeated by then, as
    /// often as [`Retry`](crate::Retry) says.
    pub fn is_busy(&self) -> bool {
        self.0.busy
    }

    /// How many attempts were made to send the request; 0 if it was refused before.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Of an answer to a person: why it did not go out, and which pieces of it did.
    #[cfg(feature = "poll")]
    pub fn unsaid(&self) -> Option<&Unsaid> {
        self.0.unsaid.as_ref()
    }

    /// The call's id, if the client gives calls one.
    pub fn request_id(&self) -> Option<&str> {
        self.0.request_id.as_deref()
    }

    /// How long the server asked to be left alone.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// True if the server may have executed the call: do not repeat a send without looking first.
    ///
    /// A vendor's refusal has not been executed. An HTTP failure from 500 on may come from behind the execution, and
    /// a redirect that does not ask for the same request again may be its result. Where a call was repeated, every
    /// attempt counts.
    pub fn may_have_been_executed(&self) -> bool {
        !self.0.harmless && (self.0.earlier || self.failure_may_hide_execution())
    }

    fn failure_may_hide_execution(&self) -> bool {
        match self.0.kind {
            ErrorKind::Misuse
            | ErrorKind::NotSent
            | ErrorKind::Vendor
            | ErrorKind::WrongHost
            | ErrorKind::NoRight
            | ErrorKind::Expired => false,
            ErrorKind::NoAnswer | ErrorKind::Undecodable => true,
            ErrorKind::Status => !matches!(self.0.status, Some(301 | 304..=499)),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        #[cfg(feature = "receive")]
        super::meaning::shown(self);
        let inner = &*self.0;
        if !inner.named.operation.is_empty() {
            write!(f, "{}: ", inner.named)?;
        }
        f.write_str(match inner.kind {
            ErrorKind::Misuse => "misuse",
            ErrorKind::NotSent => "not sent",
            ErrorKind::NoAnswer if inner.harmless && inner.timeout => "timed out",
            ErrorKind::NoAnswer if inner.harmless => "no answer",
            ErrorKind::NoAnswer if inner.timeout => "timed out, but may have been executed",
            ErrorKind::NoAnswer => "no answer, but may have been executed",
            ErrorKind::Status => "HTTP status",
            ErrorKind::Undecodable => "an answer that cannot be decoded",
            ErrorKind::Vendor => "code",
            ErrorKind::WrongHost => "a host where calls must not go",
            ErrorKind::NoRight => "no right to answer",
            ErrorKind::Expired => "the session has expired",
        })?;
        if inner.kind == ErrorKind::Status
            && let Some(status) = inner.status
        {
            write!(f, " {status}")?;
        }
        if let Some(code) = &inner.code {
            write!(f, " {code}")?;
        }
        if let Some(message) = &inner.message {
            f.write_str(": ")?;
            push_line(message, f)?;
        }
        #[cfg(feature = "poll")]
        if let Some(Unsaid { sent, of, .. }) = &inner.unsaid
            && !sent.is_empty()
        {
            write!(f, "; {} of {of} pieces went", sent.len())?;
        }
        if inner.attempts > 1 {
            write!(f, " (attempt {})", inner.attempts)?;
        }
        if inner.earlier && !self.failure_may_hide_execution() {
            f.write_str("; what was sent before may have been executed")?;
        }
        Ok(())
    }
}

/// Writes a stranger's text as one line of a decent length.
fn push_line(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    const ENOUGH: usize = 300;
    for (count, char) in text.trim().chars().enumerate() {
        if count == ENOUGH {
            return f.write_char('…');
        }
        f.write_char(if char.is_control() { ' ' } else { char })?;
    }
    Ok(())
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("operation", &self.0.named)
            .field("status", &self.0.status)
            .field("code", &self.0.code)
            .field("message", &self.0.message)
            .field("attempts", &self.0.attempts)
            .field("request_id", &self.0.request_id)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.0
            .source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
