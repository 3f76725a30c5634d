//! Owns what is known of an operation that is asked for events.

use super::{Path, Type};

/// How an operation is asked for events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Poll {
    /// The parameter that says up to where everything is known, e.g. `cursor`.
    pub param: String,
    /// What the parameter holds.
    pub ty: Type,
    /// The field with its next value, e.g. `["cursor"]`.
    pub next: Path,
    /// The list of events, e.g. `["messages"]`.
    pub items: Path,
    /// The field with the next question's time-out in milliseconds, e.g. `["wait_ms"]`.
    pub timeout: Option<Path>,
    /// Seconds to wait after one failure, two in a row, and so on, e.g. `[2, 2, 30]`.
    pub again_after_s: Vec<u32>,
    /// Ids of operations that are called before, whatever the vendor says of them.
    pub before: Vec<String>,
    /// Ids of operations that are called after.
    pub after: Vec<String>,
}
