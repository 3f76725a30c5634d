//! Owns how calls hang together: chunks, pages, jobs.

use super::Type;

/// A request whose list may be sent in chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunked {
    /// `get_contact_in_chunks`.
    pub method: String,
    /// The list's wire name.
    pub list: String,
    /// How many elements a call takes.
    pub most: u32,
    /// What the replies are lists of.
    pub item: Type,
}

/// What a reply shows when something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The field's path.
    pub field: Vec<String>,
    /// Its values; none: it is not empty.
    pub values: Vec<String>,
}

/// How a page leads to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// `get_circle_pages`.
    pub method: String,
    /// The parameters that move.
    pub cursors: Vec<Cursor>,
    /// The lists' paths.
    pub items: Vec<Vec<String>>,
    /// There are more pages.
    pub more: Option<Condition>,
}

/// A parameter that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Its wire name.
    pub param: String,
    /// How it moves.
    pub next: Next,
}

/// How a cursor moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// To what the page says.
    From {
        /// The field's path.
        field: Vec<String>,
        /// The parameter is declared as a number, as a text, or as neither.
        number: Option<bool>,
        /// Where the field is empty, the former value stays.
        keep: bool,
    },
    /// By so much.
    Step(i64),
}

/// How the result of an operation is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// `send_video_and_wait`.
    pub method: String,
    /// The module of the operation that is asked.
    pub module: String,
    /// The request of the operation that is asked.
    pub request: String,
    /// What it replies.
    pub reply: Type,
    /// The path of what identifies the job.
    pub key: Vec<String>,
    /// The parameter that takes it.
    pub param: String,
    /// The parameter is declared as a number, as a text, or as neither.
    pub number: Option<bool>,
    /// The job is done.
    pub done: Condition,
    /// The job has failed.
    pub failed: Option<Condition>,
    /// The path of what the vendor says of a failure.
    pub message: Option<Vec<String>>,
    /// Milliseconds between two questions.
    pub every_ms: u32,
    /// Seconds that a job may take.
    pub within_s: u32,
}
