//! Owns calls that are messages: what their bodies always have, and what answers them.

use catalog::config::Transport;
use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{self, Place, SampleRole};

use super::Annotator;
use super::Type;

/// How calls travel that are messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Messages {
    /// The key of the name of what is asked, e.g. `api`.
    pub command: String,
    /// The key of the id that pairs an answer with what was asked, e.g. `sendId`.
    pub id: String,
}

impl Annotator<'_> {
    /// How calls travel, where they are messages; without the keys of name and id there is no telling them apart.
    pub(super) fn messages(&mut self) -> Option<Messages> {
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
        Some(Messages {
            command: command.clone(),
            id: id.clone(),
        })
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
