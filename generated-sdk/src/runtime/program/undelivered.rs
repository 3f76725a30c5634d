//! Why a command has no answer.

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// Why a command has no answer: the source of the call's error.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undelivered {
    /// As many commands of this bot as may be are unsettled: it was not taken in.
    Full {
        /// How many.
        most: usize,
    },
    /// The program did not fetch it in time: it was withdrawn.
    NotFetched {
        /// How long it waited.
        waited: Duration,
    },
    /// The program has it, but did not say in time what became of it.
    NoResult {
        /// How long that took.
        waited: Duration,
    },
    /// It is no JSON object, or brings an id of its own.
    NoCommand,
    /// Neither an account nor a process is named: no program would ever fetch it.
    Nobody,
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Full { most } => write!(
                f,
                "{most} commands of this bot are unsettled already: the program does not fetch them, or does not report what became of them"
            ),
            Self::NotFetched { waited } => write!(
                f,
                "the program did not fetch the command within {waited:?}, so it was withdrawn; is it running and polling?"
            ),
            Self::NoResult { waited } => write!(
                f,
                "the program has fetched the command, but has reported no result within {waited:?}"
            ),
            Self::NoCommand => {
                f.write_str("a command is a JSON object, and its id is given by the server")
            }
            Self::Nobody => f.write_str(
                "this bot has neither an account nor a process, so that no program would fetch the command; \
                 on one where nobody is logged in, name its process: `bot_at(\"\", process)`",
            ),
        }
    }
}

impl Error for Undelivered {}
