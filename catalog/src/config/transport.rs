//! Owns how a connection begins, and how a program that fetches its commands says who it is.

use schemars::JsonSchema;
use serde::Deserialize;

/// Where a vendor's program comes that fetches its commands, and how it says who it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramVisits {
    /// Where it posts events, as the vendor's own examples have it.
    pub events: String,
    /// Where it asks for commands; none: they go in the answers to its events alone.
    #[serde(default)]
    pub commands: Option<String>,
    /// The key of the account in the query.
    pub account: String,
    /// The key of the process in the query.
    pub process: String,
    /// Keys of the account in an event.
    #[serde(default)]
    pub event_account: Vec<String>,
    /// Keys of the process in an event.
    #[serde(default)]
    pub event_process: Vec<String>,
}

/// How a connection begins on which calls travel.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SocketLayout {
    /// The path of its address.
    pub path: String,
    /// Id or wire of the operation that must come first; it takes one secret.
    pub first: Option<String>,
    /// How many seconds the gateway waits for it.
    pub within_s: u32,
}

impl Default for SocketLayout {
    fn default() -> Self {
        Self {
            path: "/".to_owned(),
            first: None,
            within_s: 10,
        }
    }
}
