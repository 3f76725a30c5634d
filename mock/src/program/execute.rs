//! What a program does with a command.

use super::written::{Messages, text};
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
    /// Its parameters.
    pub params: Map<String, Value>,
    /// The process that fetched it.
    pub process: String,
    /// Why it was not executed, if it was not.
    pub refused: Option<String>,
}

impl Executed {
    /// A parameter as text.
    pub fn text(&self, name: &str) -> String {
        text(self.params.get(name))
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

impl Messages {
    /// Executes a command on behalf of an account.
    pub(super) fn execute(
        &self,
        command: &Value,
        account: &str,
        process: &str,
        judge: impl FnOnce(&Executed) -> Verdict,
    ) -> Consequences {
        let params = self.params(command);
        let mut executed = Executed {
            id: self.id(command),
            name: self.name(command),
            params: params.clone(),
            process: process.to_owned(),
            refused: None,
        };
        executed.refused = self.refusal(&executed.name, &params);
        let verdict = match &executed.refused {
            Some(reason) => Verdict::Refused(reason.clone()),
            None => judge(&executed),
        };
        let mut posts = Vec::new();
        match verdict {
            Verdict::Silence => {}
            Verdict::Refused(reason) => {
                posts.extend(self.result(&executed, &reason, account));
                executed.refused = Some(reason);
            }
            Verdict::Done => {
                posts.extend(self.result(&executed, "", account));
                posts.extend(self.answer(&executed.name, &params, account));
            }
        }
        Consequences { executed, posts }
    }

    /// What a program would not do.
    fn refusal(&self, name: &str, params: &Map<String, Value>) -> Option<String> {
        let Some(known) = self.vendor().at(name).next() else {
            return Some(format!("unknown command {name}"));
        };
        let mut required = known.facts.params.iter().filter(|param| param.required);
        let missing = required.find(|param| !params.contains_key(&param.wire))?;
        Some(format!("{} is missing", missing.wire))
    }
}
