//! How the person with the phone goes about a code.

use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// How a code is scanned; as text, as `/__mock/scan` and the command line take it.
///
/// ```
/// use mock_gateway::ilink::Scan;
/// assert_eq!("digits=4711".parse(), Ok(Scan::Digits("4711".into())));
/// assert_eq!(Scan::ByHand.to_string(), "by-hand");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scan {
    /// `confirmed`: scanned and confirmed, half the time each. Where the client already holds a token that is good,
    /// nothing new is given: [`Scan::Bound`].
    Confirmed,
    /// `redirected`: goes on at another host, and is confirmed there.
    Redirected,
    /// `digits=1234`: the phone shows these digits, and wants them typed before it goes on; three wrong ones block it.
    Digits(String),
    /// `expired`: nobody scans it in time.
    Expired,
    /// `blocked`: too many wrong digits were typed.
    Blocked,
    /// `bound`: this client is connected already.
    Bound,
    /// `nameless`: confirmed, but the answer does not say which account it is.
    Nameless,
    /// `by-hand`: nothing happens until somebody does something on the code's page, or with
    /// [`Gateway::scan`](super::Gateway::scan).
    ByHand,
}

/// Those without digits, and what they are called.
pub(super) const NAMED: [(&str, Scan); 7] = [
    ("confirmed", Scan::Confirmed),
    ("redirected", Scan::Redirected),
    ("expired", Scan::Expired),
    ("blocked", Scan::Blocked),
    ("bound", Scan::Bound),
    ("nameless", Scan::Nameless),
    ("by-hand", Scan::ByHand),
];

impl FromStr for Scan {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, scan)) = NAMED.iter().find(|(name, _)| *name == text) {
            return Ok(scan.clone());
        }
        let digits = text.strip_prefix("digits=").filter(|digits| {
            (1..=12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())
        });
        let digits = digits.map(|digits| Self::Digits(digits.to_owned()));
        let names = NAMED.map(|(name, _)| name).join(", ");
        digits.ok_or_else(|| {
            format!("`{text}` is no way to scan a code; there are {names} and digits=1234")
        })
    }
}

impl fmt::Display for Scan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self, NAMED.iter().find(|(_, scan)| scan == self)) {
            (Self::Digits(digits), _) => write!(f, "digits={digits}"),
            (_, Some((name, _))) => f.write_str(name),
            (_, None) => Ok(()),
        }
    }
}

impl Serialize for Scan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}
