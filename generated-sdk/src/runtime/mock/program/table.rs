//! What the catalog says of a program, as data.

use crate::runtime::{Addresses, EventApi, MessageApi};

/// A vendor's program.
#[derive(Debug)]
pub struct Table {
    /// The provider, and the API where it has several.
    pub name: &'static str,
    /// How commands and results are laid out.
    pub messages: &'static MessageApi,
    /// How events are laid out.
    pub layout: &'static EventApi,
    /// The member that the parameters of a command are wrapped in.
    pub wrap: Option<&'static str>,
    /// Where the program comes, and how it says who it is.
    pub addresses: &'static Addresses,
    /// Every event that the documents print.
    pub events: &'static [Event],
    /// Every command.
    pub commands: &'static [Command],
}

/// An event.
#[derive(Debug)]
pub struct Event {
    /// Its codes.
    pub codes: &'static [&'static str],
    /// The vendor's title.
    pub title: &'static str,
    /// The whole message as documented, as JSON.
    pub sample: &'static str,
}

/// A command.
#[derive(Debug)]
pub struct Command {
    /// Its name.
    pub name: &'static str,
    /// The vendor's title.
    pub title: &'static str,
    /// Parameters that must be there.
    pub required: &'static [&'static str],
}
