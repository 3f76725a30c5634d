//! Owns calls that are messages: what their bodies always have, and what answers them.

use catalog::config::Transport;
use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{self, Place, Provider, SampleRole};

use super::Annotator;
use super::{Event, Type};

/// How calls travel that are messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Messages {
    /// The key of the name of what is asked.
    pub command: String,
    /// The key of the id that pairs an answer with what was asked.
    pub id: String,
    /// Operations that an event answers.
    pub answers: Vec<Answered>,
}

/// How a connection begins on which calls travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// The call that must come first.
    pub first: Option<FirstCall>,
    /// How many seconds the gateway waits for it.
    pub within_s: u32,
}

/// The call that must come first on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstCall {
    /// The Rust module of its request.
    pub module: String,
    /// The type of its request.
    pub request: String,
    /// The vendor's title.
    pub title: String,
    /// Its only parameter, a secret.
    pub param: String,
}

/// An operation that an event answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The operation's wire name.
    pub command: String,
    /// Every code of the event.
    pub events: Vec<String>,
    /// Parameters, each with the field of the payload that is the same.
    pub same: Vec<(String, String)>,
}

/// How a result looks among the events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultData {
    /// `CommandResult`: the variant, and what it carries.
    pub ident: String,
    /// What it is.
    pub title: String,
    /// The key of the id.
    pub id: String,
    /// The key of what came of it.
    pub outcome: String,
    /// The key of what went wrong.
    pub reason: String,
}

/// What the elements of an event are, which are told apart by a code of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Nested {
    /// `Message`.
    pub ident: String,
    /// What an element is.
    pub title: String,
    /// The key of the code.
    pub tag: String,
    /// What they all carry.
    pub payload: Type,
    /// One per code.
    pub events: Vec<Event>,
}

impl Annotator<'_> {
    /// How calls travel, where they are messages; without the keys of name and id there is no telling them apart.
    pub(super) fn messages(&mut self, provider: &Provider) -> Option<Messages> {
        match self.config.transport {
            Transport::HttpJson | Transport::HttpForm => return None,
            Transport::Poll | Transport::Websocket => {}
        }
        let request = self.config.layouts(self.api.as_deref()).request;
        let (Some(command), Some(id)) = (&request.command, &request.id) else {
            let message = "nothing says under which keys a message has its name and its id";
            let help = "add `command = \"…\"` and `id = \"…\"` to [request]";
            self.namer
                .report(Diagnostic::error(Code::BadConfig, message).help(help));
            return None;
        };
        let operations = self
            .chapters(provider)
            .flat_map(|module| &module.operations);
        let answered = |operation: &model::Operation| {
            let answer = operation.answer.as_ref()?;
            let mut events = self.chapters(provider).flat_map(|module| &module.events);
            let event = events.find(|event| event.id == answer.event)?;
            Some(Answered {
                command: operation.wire.clone(),
                events: event.wire.clone(),
                same: answer.same.clone(),
            })
        };
        Some(Messages {
            command: command.clone(),
            id: id.clone(),
            answers: operations.filter_map(answered).collect(),
        })
    }

    /// Members that every request of an operation has.
    pub(super) fn fixed(&self, operation: &model::Operation) -> Vec<(String, String)> {
        let request = self.config.layouts(self.api.as_deref()).request;
        let command = request.command.iter();
        command
            .map(|key| (key.clone(), operation.wire.clone()))
            .collect()
    }

    /// The member under which parameters stand; a message that has none by its examples goes without.
    pub(super) fn wrap(&self, operation: &model::Operation) -> Option<String> {
        let request = self.config.layouts(self.api.as_deref()).request;
        let key = request.payload.as_ref()?;
        let inside = |field: &model::Field| field.place == Place::Payload && !field.session;
        let samples = operation.samples.iter();
        let mut requests = samples
            .filter(|sample| sample.role == SampleRole::Request)
            .peekable();
        let wraps = request.command.is_none()
            || operation.params.iter().any(inside)
            || requests.peek().is_none()
            || requests.any(|sample| sample.value.get(key).is_some());
        wraps.then(|| key.clone())
    }

    /// What answers an operation whose answer is an event.
    pub(super) fn answered(&self, operation: &model::Operation) -> Option<Type> {
        let event = self.config.layouts(self.api.as_deref()).event;
        let answer = operation.answer.as_ref();
        if let Some(payload) = answer.and_then(|answer| self.payloads.get(&answer.event)) {
            return Some(payload.clone());
        }
        let result = event.result.as_ref();
        let program = self.config.transport == Transport::Poll;
        program.then(|| result.map_or(Type::Unit, |result| Type::Event(result.name.clone())))
    }
}
