//! Why an answer did not go out, or only a part of it.

use std::fmt;

/// What an [`Error`](crate::Error) says of an answer that did not go out, or only in part.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsaid {
    /// Why.
    pub why: Why,
    /// The client ids of the pieces that went.
    pub sent: Vec<String>,
    /// How many pieces there are.
    pub of: usize,
}

/// Why an answer did not go out.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The person has not written, or long ago.
    NobodyWrote,
    /// It is too long ago that the person wrote.
    TooOld,
    /// It needs more sends than there are.
    UsedUp {
        /// How many there are.
        left: usize,
        /// How many it needs.
        needed: usize,
    },
    /// The vendor lets nothing through until the person writes again.
    Closed,
    /// An earlier attempt at the message was cut off in this answer: it may have gone out.
    Unknown,
    /// An earlier attempt at the message has sent a part of this answer, and it reads otherwise now.
    Changed,
    /// A call failed, as the error says.
    Failed,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NobodyWrote => f.write_str("the person has not written, or too long ago"),
            Self::TooOld => f.write_str("it is too long ago that the person wrote"),
            Self::UsedUp { left, needed } => write!(
                f,
                "{needed} sends are needed and {left} are left until the person writes again"
            ),
            Self::Closed => {
                f.write_str("the vendor lets nothing through until the person writes again")
            }
            Self::Unknown => f.write_str(
                "an earlier attempt at this message was cut off while it sent this answer",
            ),
            Self::Changed => f.write_str(
                "an earlier attempt at this message has sent a part of this answer, which reads otherwise now",
            ),
            Self::Failed => f.write_str("a call failed"),
        }
    }
}
