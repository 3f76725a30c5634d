//! What makes a conversation, as data that the generator writes.

use super::names::Names;
use super::right::Granted;
use crate::runtime::Path;
use crate::runtime::call::Operation;
use crate::runtime::call::Template;
use crate::runtime::receive::event::{Opened, identity_of};
use crate::runtime::store::Value;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// What makes a conversation.
#[derive(Clone, Copy, Debug)]
pub struct TalkPlan {
    /// Keys of the bot in an event: the first that is there counts.
    pub bot: &'static [&'static str],
    /// Keys of the person.
    pub person: &'static [&'static str],
    /// Codes of the events that open one.
    pub events: &'static [&'static str],
    /// The key of the token.
    pub token: &'static str,
    /// How long a message may be answered.
    pub within: Duration,
    /// How many sends a message gives.
    pub answers: usize,
    /// Codes by which the vendor says that nothing goes through until the person writes again.
    pub closed: &'static [&'static str],
    /// With which messages of the vendor these codes say so; `None`: with any.
    pub closed_messages: Option<&'static [&'static str]>,
    /// What sends.
    pub operation: &'static Operation,
    /// Its parameters, with places for `person`, `client_id`, `token` and `item`.
    pub message: Template,
}

/// How typing is shown.
#[derive(Clone, Copy, Debug)]
pub struct TypingPlan {
    /// What yields a ticket.
    pub asks: &'static Operation,
    /// Its parameters, with places for `person` and `token`.
    pub ask: Template,
    /// The ticket in its reply.
    pub ticket: Path,
    /// How long a ticket is good.
    pub within: Duration,
    /// What shows and hides it.
    pub operation: &'static Operation,
    /// The parameters that show it, with places for `person` and `ticket`.
    pub start: Template,
    /// The parameters that hide it.
    pub stop: Template,
    /// How often it is shown again.
    pub every: Duration,
}

/// What a user wants otherwise than the catalog declares.
#[derive(Clone, Copy, Default)]
pub(in crate::runtime) struct Rules {
    /// How many sends a message gives.
    pub(in crate::runtime) answers: Option<usize>,
    /// How long it may be answered.
    pub(in crate::runtime) within: Option<Duration>,
}

impl TalkPlan {
    /// The right that a message gives that has just come, to be kept in the same step as the message; `None` if it
    /// gives none.
    pub(in crate::runtime) fn opened(
        &self,
        opened: &Opened<'_>,
        identity: Option<u128>,
        rules: Rules,
        now: SystemTime,
    ) -> Option<Value> {
        let (bot, person) = self.key(opened)?;
        let token = first(opened, &[self.token])?;
        let granted = Granted {
            message: identity.unwrap_or_else(|| alone(opened, now)),
            since: now,
            within: rules.within.unwrap_or(self.within),
            answers: rules.answers.unwrap_or(self.answers),
            token: token.into(),
        };
        Some(granted.value(&Names::of(self, &bot, &person)))
    }

    /// The bot and the person, of a message that opens a conversation.
    pub(in crate::runtime) fn key(&self, opened: &Opened<'_>) -> Option<(String, String)> {
        let code = opened.code()?.as_str();
        if !self.events.contains(&code) {
            return None;
        }
        Some((first(opened, self.bot)?, first(opened, self.person)?))
    }

    /// Whether this is the vendor's word that nothing goes through.
    pub(super) fn is_closed_by(&self, code: Option<&str>, message: Option<&str>) -> bool {
        let message = message.unwrap_or_default().trim();
        let said = |messages: &[&str]| messages.iter().any(|m| m.eq_ignore_ascii_case(message));
        code.is_some_and(|code| self.closed.contains(&code))
            && self.closed_messages.is_none_or(said)
    }
}

/// The first of these keys whose value names something.
fn first(opened: &Opened<'_>, keys: &[&str]) -> Option<String> {
    let value = |key: &&str| opened.anywhere(key).map(|value| value.into_text());
    keys.iter()
        .filter_map(value)
        .find(|text| !matches!(text.as_str(), "" | "0" | "null"))
}

/// What tells a message from all others where nothing is declared that does.
fn alone(opened: &Opened<'_>, now: SystemTime) -> u128 {
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    identity_of(now.as_nanos(), opened.whole().as_str())
}
