//! What can go wrong on demand.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

/// Something that goes wrong; as text, as in the header `X-Mock-Fault`, where several stand with commas between them.
///
/// ```
/// use mock_gateway::Fault;
/// use std::time::Duration;
/// assert_eq!("delay=500".parse(), Ok(Fault::Delay(Duration::from_millis(500))));
/// assert_eq!("drop-after-send".parse(), Ok(Fault::DropAfterSend));
/// assert_eq!(Fault::Status(500).to_string(), "500");
/// assert!("drop".parse::<Fault>().is_err());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// `delay=500`: the request is executed, and the answer comes so many milliseconds later, 10 minutes at most.
    Delay(Duration),
    /// `drop-after-send`: the request is executed, and the connection closed without an answer.
    DropAfterSend,
    /// `500`, or another status from 400 to 599: an empty answer with it; the request is not executed.
    Status(u16),
    /// `html`: a page of a proxy instead of JSON, with status 200; the request is executed.
    Html,
    /// `wrong-type`: one field of the data is not what the documents say; the request is executed.
    WrongType,
    /// `duplicate-callback`: the next callback is delivered twice.
    DuplicateCallback,
    /// `silence`, on a socket: the call is executed, and never answered.
    Silence,
    /// `deaf`, on a socket: the connection stays, but nothing is read and nothing written any more.
    Deaf,
    /// `garbage`, on a socket: messages that are no JSON objects come before the answer.
    Garbage,
    /// `big=10485760`, on a socket: a push of so many bytes, 64 MiB at most, comes before the answer.
    Big(usize),
    /// `burst=5000`, on a socket: so many pushes, 60000 at most, come before the answer.
    Burst(usize),
}

/// Longer than any client waits.
const LONGEST: u64 = 600_000;

impl FromStr for Fault {
    type Err = UnknownFault;

    fn from_str(text: &str) -> Result<Self, UnknownFault> {
        let unknown = || UnknownFault(text.chars().take(80).collect());
        match text.trim() {
            "drop-after-send" => Ok(Self::DropAfterSend),
            "html" => Ok(Self::Html),
            "wrong-type" => Ok(Self::WrongType),
            "duplicate-callback" => Ok(Self::DuplicateCallback),
            "silence" => Ok(Self::Silence),
            "deaf" => Ok(Self::Deaf),
            "garbage" => Ok(Self::Garbage),
            other => match other.split_once('=') {
                Some((name, size)) => {
                    let size: u64 = size.trim().parse().map_err(|_| unknown())?;
                    Self::sized(name, size).ok_or_else(unknown)
                }
                None => match other.parse() {
                    Ok(status @ 400..=599) => Ok(Self::Status(status)),
                    _ => Err(unknown()),
                },
            },
        }
    }
}

impl Fault {
    fn sized(name: &str, size: u64) -> Option<Self> {
        let most = |most: usize| usize::try_from(size).unwrap_or(most).min(most);
        match name {
            "delay" => Some(Self::Delay(Duration::from_millis(size.min(LONGEST)))),
            "big" => Some(Self::Big(most(64 << 20))),
            "burst" => Some(Self::Burst(most(60_000))),
            _ => None,
        }
    }

    /// All that a header asks for.
    pub(super) fn list(text: &str) -> Result<Vec<Self>, UnknownFault> {
        let parts = text.split(',').filter(|part| !part.trim().is_empty());
        parts.map(str::parse).collect()
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delay(delay) => write!(f, "delay={}", delay.as_millis()),
            Self::DropAfterSend => f.write_str("drop-after-send"),
            Self::Status(status) => write!(f, "{status}"),
            Self::Html => f.write_str("html"),
            Self::WrongType => f.write_str("wrong-type"),
            Self::DuplicateCallback => f.write_str("duplicate-callback"),
            Self::Silence => f.write_str("silence"),
            Self::Deaf => f.write_str("deaf"),
            Self::Garbage => f.write_str("garbage"),
            Self::Big(bytes) => write!(f, "big={bytes}"),
            Self::Burst(pushes) => write!(f, "burst={pushes}"),
        }
    }
}

/// A text that names no fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFault(String);

impl fmt::Display for UnknownFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "`{}` is no fault; there are delay=MS, drop-after-send, 400 to 599, html, wrong-type, duplicate-callback, \
             and on sockets silence, deaf, garbage, big=BYTES, burst=PUSHES",
            self.0
        )
    }
}

impl std::error::Error for UnknownFault {}
