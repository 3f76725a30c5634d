//! Owns what is known of the vendor's program that fetches commands, for a server and for one that stands in for it.

use catalog::config::ProgramVisits;

/// The vendor's program that posts events and fetches commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Where it comes, and how it says who it is.
    pub visits: ProgramVisits,
    /// The member that the parameters of a command are wrapped in.
    pub wrap: Option<String>,
    /// What one can post that stands in for it: every documented event.
    pub events: Vec<EventSample>,
    /// What one can execute.
    pub commands: Vec<ProgramCommand>,
}

/// An event as the documents print it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSample {
    /// Every code of it.
    pub wire: Vec<String>,
    /// What it is.
    pub title: String,
    /// The whole message, as JSON.
    pub sample: String,
}

/// A command as a program knows it that stands in for the vendor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramCommand {
    /// The wire name.
    pub wire: String,
    /// What it is.
    pub title: String,
    /// Parameters that must be there.
    pub required: Vec<String>,
}
