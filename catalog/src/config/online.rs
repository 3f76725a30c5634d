//! Owns `[online]`: what tells whether an account is online, and why it is not, for `Supervisor`.

use schemars::JsonSchema;
use serde::Deserialize;

use super::declaration::When;

/// What tells whether an account is online. An operation, events, or both.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OnlineDeclaration {
    /// Id or wire of the operation that is asked; it wants nothing but the session.
    pub operation: Option<String>,
    /// What its reply shows of an account that is online; without it, that the vendor does not refuse it.
    pub when: Option<When>,
    /// Ids or codes of events that tell that something has changed: the operation is asked at once, and where there is
    /// none, the account is offline.
    pub events: Vec<String>,
    /// The field of such an event that holds what the session carries.
    pub session: Option<String>,
    /// The field of such an event that says why, in the payload or beside it.
    pub why: Option<String>,
    /// The field of the last reply of `[login.code]` that says who is logged in: what `reason` and `again` want.
    pub account: Option<String>,
    /// What is asked why an account is offline.
    pub reason: Option<ReasonDeclaration>,
    /// What logs an account in again that was logged in before, without a person.
    pub again: Option<AgainDeclaration>,
}

/// What says why an account is offline.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonDeclaration {
    /// Id or wire.
    pub operation: String,
    /// The parameter that takes the account.
    pub param: String,
    /// The field of its reply that says it.
    pub field: String,
}

/// What logs an account in again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AgainDeclaration {
    /// Id or wire.
    pub operation: String,
    /// The parameter that takes the account.
    pub param: String,
    /// The field of its reply that holds what the session carries from then on.
    pub session: String,
}
