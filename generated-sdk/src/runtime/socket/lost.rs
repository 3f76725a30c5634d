//! Why a connection ended.

use std::error::Error;
use std::fmt;
use tokio_websockets as websocket;

/// Why a connection ended, or did not come about. The source of the errors of the calls that were under way.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lost {
    /// The gateway closed it, with a code and a reason where it gave them.
    Closed {
        /// The code of the close frame.
        code: Option<u16>,
        /// What the gateway said of it, if anything.
        reason: String,
    },
    /// Nothing came any more, not even the answer to a ping.
    Silent,
    /// A message came that is longer than this many bytes.
    TooLong(usize),
    /// What came breaks the protocol.
    Broken(String),
    /// The network failed.
    Network(String),
    /// No connection came about.
    Unreachable(String),
    /// The gateway answered the handshake with this HTTP status.
    Status(u16),
    /// The gateway refused the first call, which carries the authorization.
    Refused(String),
    /// This side ended it.
    ShutDown,
}

impl fmt::Display for Lost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Closed { code, reason } => {
                f.write_str("the gateway closed the connection")?;
                if let Some(code) = code {
                    write!(f, " ({code})")?;
                }
                if reason.is_empty() {
                    Ok(())
                } else {
                    write!(f, ": {reason}")
                }
            }
            Self::Silent => f.write_str("the connection is dead: not even a ping is answered"),
            Self::TooLong(limit) => write!(f, "a message is longer than {limit} bytes"),
            Self::Broken(what) => write!(f, "what came is no WebSocket: {what}"),
            Self::Network(what) => write!(f, "the connection broke: {what}"),
            Self::Unreachable(what) => write!(f, "no connection: {what}"),
            Self::Status(status) => {
                write!(f, "the handshake was answered with HTTP status {status}")
            }
            Self::Refused(what) => write!(f, "the gateway refused the connection: {what}"),
            Self::ShutDown => f.write_str("the connection was shut down"),
        }
    }
}

impl Error for Lost {}

impl Lost {
    /// The end that a close frame announces. Its reason is a stranger's text: one line, and no longer than it must be.
    pub(super) fn closed(frame: Option<(u16, &str)>) -> Self {
        const NO_CODE: u16 = 1005;
        let (code, reason) = frame.unwrap_or((NO_CODE, ""));
        let visible = reason.chars().filter(|char| !char.is_control());
        Self::Closed {
            code: Some(code).filter(|code| *code != NO_CODE),
            reason: visible.collect(),
        }
    }

    /// What a failure of an open connection means.
    pub(super) fn of(error: &websocket::Error) -> Self {
        match error {
            websocket::Error::PayloadTooLong { max_len, .. } => Self::TooLong(*max_len),
            websocket::Error::Protocol(error) => Self::Broken(error.to_string()),
            error => Self::Network(error.to_string()),
        }
    }

    /// What a failure before there is a connection means.
    pub(super) fn before(error: &websocket::Error) -> Self {
        use websocket::upgrade::Error::DidNotSwitchProtocols;
        match error {
            websocket::Error::Upgrade(DidNotSwitchProtocols(status)) => Self::Status(*status),
            error => Self::Unreachable(error.to_string()),
        }
    }

    /// What it is, without what anybody said of it.
    #[cfg(feature = "tracing")]
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Closed { .. } => "closed",
            Self::Silent => "silent",
            Self::TooLong(_) => "too long",
            Self::Broken(_) => "broken",
            Self::Network(_) => "network",
            Self::Unreachable(_) => "unreachable",
            Self::Status(_) => "status",
            Self::Refused(_) => "refused",
            Self::ShutDown => "shut down",
        }
    }

    /// Whether the peer may want to be told why the connection ends.
    pub(super) fn is_ours(&self) -> bool {
        matches!(
            self,
            Self::TooLong(_) | Self::Broken(_) | Self::Refused(_) | Self::ShutDown
        )
    }
}
