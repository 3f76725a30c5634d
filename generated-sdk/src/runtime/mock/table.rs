//! What the catalog says of a gateway, as data.

use crate::runtime::{Api, Method};
use serde_json::{Map, Value};
use std::time::Duration;

/// A provider's gateway.
#[derive(Debug)]
pub struct Table {
    /// What all operations have in common.
    pub api: &'static Api,
    /// The code of a refusal.
    pub failure: &'static str,
    /// Codes are written as numbers.
    pub numeric: bool,
    /// What is said.
    pub texts: Texts,
    /// Where calls travel on one connection: how.
    pub socket: Option<Socket>,
    /// Every operation, in the order of the documents.
    pub operations: &'static [Entry],
    /// What the documents show at each address, where addresses tell callbacks apart.
    pub posts: &'static [Post],
}

/// A documented callback.
#[derive(Debug)]
pub struct Post {
    /// A setting, an operation's id, or `address/value`.
    pub address: &'static str,
    /// As JSON.
    pub body: &'static str,
}

/// Calls on one connection.
#[derive(Debug)]
pub struct Socket {
    /// The path of the handshake.
    pub path: &'static str,
    /// The member that says what is called.
    pub command: &'static str,
    /// The member that an answer repeats.
    pub id: &'static str,
    /// The member that holds the parameters.
    pub payload: &'static str,
    /// What must be called first; empty if nothing must.
    pub first: &'static str,
    /// How soon.
    pub within: Duration,
}

/// What a gateway says; `{param}`, `{most}` and `{path}` are filled in.
#[derive(Debug)]
pub struct Texts {
    /// With a success.
    pub done: &'static str,
    /// A required parameter is absent.
    pub missing: &'static str,
    /// A parameter has the wrong type.
    pub wrong_type: &'static str,
    /// A list is too long.
    pub too_many: &'static str,
    /// The authorization is absent or wrong.
    pub unauthorized: &'static str,
    /// The body cannot be read.
    pub malformed: &'static str,
    /// There is no such operation.
    pub unknown: &'static str,
}

/// An operation.
#[derive(Debug)]
pub struct Entry {
    /// Its id, the same as in errors and logs.
    pub id: &'static str,
    /// The vendor's title.
    pub title: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// Below the base URL.
    pub path: &'static str,
    /// Whether the authorization is required.
    pub authorized: bool,
    /// The parameter that the session carries.
    pub session: Option<&'static str>,
    /// The code of a success.
    pub success: &'static str,
    /// What is taken.
    pub params: &'static [Parameter],
    /// The documented answer, as JSON.
    pub reply: &'static str,
}

/// A parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its wire name.
    pub name: &'static str,
    /// What it holds.
    pub kind: Kind,
    /// Whether it must be there.
    pub required: bool,
    /// Whether null will do: the documents show it.
    pub nullable: bool,
    /// The separator of a text that is a list.
    pub list: Option<&'static str>,
    /// Most elements.
    pub most: Option<u32>,
    /// Whether it stands beside the payload, not in it.
    pub beside: bool,
    /// Members.
    pub fields: &'static [Parameter],
}

/// What a parameter holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// A text; numbers are taken as well.
    Text,
    /// A whole number; digits in a text are taken as well.
    Integer,
    /// A whole number from 0.
    Unsigned,
    /// A number.
    Number,
    /// True or false.
    Boolean,
    /// An object.
    Object,
    /// An array.
    List,
    /// Anything, null too.
    Any,
}

impl Kind {
    /// As the administration shows it.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Integer => "long",
            Self::Unsigned => "ulong",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Object => "object",
            Self::List => "list",
            Self::Any => "any",
        }
    }
}

impl Parameter {
    /// One that may be left out.
    pub const fn new(name: &'static str, kind: Kind) -> Self {
        Self {
            name,
            kind,
            required: false,
            nullable: false,
            list: None,
            most: None,
            beside: false,
            fields: &[],
        }
    }

    /// It must be there.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }

    /// Null will do.
    #[must_use]
    pub const fn nullable(mut self) -> Self {
        self.nullable = true;
        self
    }

    /// A text that is a list.
    #[must_use]
    pub const fn list(mut self, separator: &'static str) -> Self {
        self.list = Some(separator);
        self
    }

    /// No more elements than this.
    #[must_use]
    pub const fn most(mut self, most: u32) -> Self {
        self.most = Some(most);
        self
    }

    /// It stands beside the payload.
    #[must_use]
    pub const fn beside(mut self) -> Self {
        self.beside = true;
        self
    }

    /// Its members.
    #[must_use]
    pub const fn fields(mut self, fields: &'static [Parameter]) -> Self {
        self.fields = fields;
        self
    }
}

impl Table {
    /// The operations at a path.
    pub(super) fn at(&self, path: &str) -> impl Iterator<Item = &'static Entry> {
        self.operations
            .iter()
            .filter(move |entry| entry.path == path)
    }

    /// The operation that an id, or a path of its own, names.
    pub(super) fn named(&self, name: &str) -> Option<&'static Entry> {
        let by_id = self.operations.iter().find(|entry| entry.id == name);
        by_id.or_else(|| self.at(name).next())
    }

    /// A refusal with this text.
    pub(super) fn refusal(&self, message: &str) -> Value {
        let mut envelope = Map::new();
        if let Some(key) = self.api.message.first() {
            envelope.insert((*key).to_owned(), message.into());
        }
        if let Some(key) = self.api.code.first() {
            envelope.insert((*key).to_owned(), self.code(self.failure));
        }
        if let Some(key) = self.api.data.first() {
            envelope.insert((*key).to_owned(), Value::Null);
        }
        Value::Object(envelope)
    }

    /// A code as the wire has it: a boolean where it reads like one, otherwise a number or a text.
    pub(super) fn code(&self, text: &str) -> Value {
        let number = text.parse::<i64>().ok().filter(|_| self.numeric);
        match (text, number) {
            ("true", _) => Value::Bool(true),
            ("false", _) => Value::Bool(false),
            (_, Some(number)) => number.into(),
            (text, None) => text.into(),
        }
    }

    /// The code in an answer, as text.
    pub(super) fn code_of(&self, answer: &Value) -> Option<String> {
        let code = self.api.code.iter().find_map(|key| answer.get(key))?;
        Some(match code {
            Value::String(code) => code.clone(),
            other => other.to_string(),
        })
    }
}

impl Entry {
    /// The documented answer.
    pub(super) fn documented(&self) -> Value {
        serde_json::from_str(self.reply).unwrap_or(Value::Null)
    }
}
