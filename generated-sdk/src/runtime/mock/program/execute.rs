//! What a program does with a command.

use super::message::text;
use super::table::Table;
use crate::runtime::Json;
use serde_json::{Map, Value};
use std::fmt;

/// A command as it was fetched.
#[derive(Clone)]
#[non_exhaustive]
pub struct Executed {
    /// Its id; empty if it has none.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its parameters, as JSON.
    pub params: Json,
    /// The process that fetched it.
    pub process: String,
    /// Why it was not executed, if it was not.
    pub refused: Option<String>,
}

impl Executed {
    /// A parameter as text.
    pub fn text(&self, name: &str) -> String {
        text(super::message::parsed(&self.params).get(name))
    }
}

/// Shows no parameters: they are private.
impl fmt::Debug for Executed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Executed")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("refused", &self.refused)
            .finish_non_exhaustive()
    }
}

/// What comes of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It is executed, and its documented event, if it has one, is posted.
    Done,
    /// It is not executed, for this reason.
    Refused(String),
    /// Nothing is heard of it again.
    Silence,
}

/// What is to be posted of a command.
pub(super) struct Consequences {
    pub(super) executed: Executed,
    pub(super) posts: Vec<Value>,
}

/// A script's say.
pub(super) type Judge = dyn Fn(&Executed) -> Verdict + Send + Sync;

impl Table {
    /// Executes a command on behalf of an account.
    pub(super) fn execute(
        &self,
        command: &Value,
        account: &str,
        process: &str,
        judge: Option<&Judge>,
    ) -> Consequences {
        let params = self.params(command);
        let mut executed = Executed {
            id: text(command.get(self.messages.id)),
            name: text(command.get(self.messages.command)),
            params: Json::from(Value::Object(params.clone())),
            process: process.to_owned(),
            refused: None,
        };
        executed.refused = self.refusal(&executed.name, &params);
        let verdict = match &executed.refused {
            Some(reason) => Verdict::Refused(reason.clone()),
            None => judge.map_or(Verdict::Done, |judge| judge(&executed)),
        };
        let mut posts = Vec::new();
        match verdict {
            Verdict::Silence => {}
            Verdict::Refused(reason) => {
                posts.extend(self.result(&executed.id, &reason, account));
                executed.refused = Some(reason);
            }
            Verdict::Done => {
                posts.extend(self.result(&executed.id, "", account));
                posts.extend(self.answer(&executed.name, &params, account));
            }
        }
        Consequences { executed, posts }
    }

    /// What a program would not do.
    fn refusal(&self, name: &str, params: &Map<String, Value>) -> Option<String> {
        let Some(known) = self.commands.iter().find(|command| command.name == name) else {
            return Some(format!("unknown command {name}"));
        };
        let missing = known
            .required
            .iter()
            .find(|name| !params.contains_key(**name));
        missing.map(|name| format!("{name} is missing"))
    }

    /// The event that answers a command, about what the command asks for.
    fn answer(&self, name: &str, params: &Map<String, Value>, account: &str) -> Option<Value> {
        let mut answers = self.messages.answers.iter();
        let answered = answers.find(|answered| answered.command == name)?;
        let event = self.event(answered.events.first()?, account)?;
        let same = answered.same.iter();
        let same: Vec<(&str, Value)> = same
            .filter_map(|(param, field)| Some((*field, params.get(*param)?.clone())))
            .collect();
        Some(self.with(event, &same))
    }
}
