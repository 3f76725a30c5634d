//! Pictures, videos and files: a [`Medium`] goes up encrypted and stands in a message, a [`Download`] fetches one that a
//! message holds.
//!
//! ```text
//! up:   bytes, file, stream ──> read once: size, MD5, encrypted ──> an address is asked for ──> the media host
//! down: what a message says of it ──> the media host ──> decrypted as it comes ──> bytes, or a stream
//! ```
//!
//! The media host is told nothing of the client: no token, none of its headers. An address that an answer or a message
//! gives is gone to only if the client may go there.

#[cfg(feature = "poll")]
mod answer;
mod cipher;
mod down;
mod host;
mod medium;
#[cfg(feature = "poll")]
mod message;
mod plan;
mod spool;
#[cfg(test)]
mod tests;
mod up;

pub use down::{Download, Downloading, HoldsMedia, Parts};
pub use medium::{Medium, Progress};
pub use plan::{DownPlan, Host, UpPlan};
pub use up::{Uploaded, upload};
