//! What the handle of an API knows whose calls travel as messages instead of requests for a path: a program
//! fetches them, or one connection carries them.

use super::client::Core;
use super::operation::{Api, BodyFormat};
use super::transport::HttpResponse;
use crate::runtime::codec::Scalar;
use crate::runtime::codec::json::{Json, members, push_text};
use crate::runtime::receive::event::Inbound;

/// How the messages of an API are laid out, beside its events.
#[derive(Debug)]
pub struct MessageApi {
    /// The provider, and the API where it has several.
    pub name: &'static str,
    /// The key of the name of what is asked.
    pub command: &'static str,
    /// The key of the id that pairs an answer with what was asked.
    pub id: &'static str,
    /// How a result looks that comes as an event; `None`: the documents show none.
    pub result: Option<&'static ResultLayout>,
    /// What is answered by an event.
    pub answers: &'static [Answered],
}

/// How the result of a command looks among the events: by its keys, whatever the event's code is.
#[derive(Debug)]
pub struct ResultLayout {
    /// The key of the command's id.
    pub id: &'static str,
    /// The key of what came of it.
    pub outcome: &'static str,
    /// The key of what went wrong; where it is empty, nothing did.
    pub reason: &'static str,
}

/// A command that an event answers.
#[derive(Debug)]
pub struct Answered {
    /// The command's name.
    pub command: &'static str,
    /// Every code of the event.
    pub events: &'static [&'static str],
    /// What the two have in common: parameters, each with a field of the event's payload. An event without the field
    /// may be the answer all the same.
    pub same: &'static [(&'static str, &'static str)],
}

/// Where an API's program comes, and how it says who it is.
#[derive(Debug)]
pub struct Addresses {
    /// Where it posts events, unless told otherwise.
    pub events: &'static str,
    /// Where it asks for commands, unless told otherwise.
    pub commands: &'static str,
    /// The key of the account in the query.
    pub account: &'static str,
    /// The key of the process in the query.
    pub process: &'static str,
    /// Keys of the account in an event.
    pub event_account: &'static [&'static str],
    /// Keys of the process in an event.
    pub event_process: &'static [&'static str],
}

/// What became of a command, as an event says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandResult {
    /// The command's id.
    pub id: String,
    /// What went wrong; `None`: nothing did.
    pub reason: Option<String>,
}

/// A type with the calls of an API whose calls are messages.
pub trait Handle: From<Core> + Clone + Send + Sync + 'static {
    /// What comes unasked.
    type Inbound: Inbound;
    /// What all operations have in common.
    const API: &'static Api;
    /// How the messages are laid out.
    const MESSAGES: &'static MessageApi;
}

impl Api {
    /// An API whose commands a program fetches. It has no envelope of its own around what became of one, so
    /// [`program_answer`] writes this one.
    pub const fn program(name: &'static str) -> Self {
        Self {
            name,
            authorization: "",
            format: BodyFormat::Json,
            code: &["code"],
            message: &["message"],
            data: &["data"],
            success: &["0"],
        }
    }
}

/// The answer to a command of an API that [`Api::program`] describes: what went wrong, and JSON that tells more.
pub fn program_answer(reason: Option<&str>, data: &Json) -> HttpResponse {
    let code = if reason.is_some() { "1" } else { "0" };
    let mut body = format!("{{\"code\":\"{code}\",\"message\":");
    push_text(&mut body, reason.unwrap_or_default());
    body.push_str(",\"data\":");
    body.push_str(data.as_str());
    body.push('}');
    HttpResponse::new(200, body)
}

impl MessageApi {
    /// The message that asks for something by name, its parameters under `wrap` or at the root.
    pub fn body(&self, wrap: Option<&str>, name: &str, params: &Json) -> Json {
        let mut body = String::from("{");
        push_text(&mut body, self.command);
        body.push(':');
        push_text(&mut body, name);
        match wrap {
            Some(key) => {
                body.push(',');
                push_text(&mut body, key);
                body.push(':');
                body.push_str(params.as_str());
            }
            None => {
                // Checked when the value was made: what is no object has no members.
                let _ = members(params.as_str(), &mut |key, value, _| {
                    body.push(',');
                    push_text(&mut body, key);
                    body.push(':');
                    body.push_str(value);
                });
            }
        }
        body.push('}');
        Json::checked(&body)
    }
}

impl ResultLayout {
    /// What became of a command, if a payload says so: `field` looks into it.
    pub(crate) fn read(
        &self,
        field: impl Fn(&str) -> Option<Option<Scalar>>,
    ) -> Option<CommandResult> {
        let id = field(self.id)??;
        let (outcome, reason) = (field(self.outcome), field(self.reason));
        (outcome.is_some() || reason.is_some()).then(|| CommandResult {
            id: id.as_str().to_owned(),
            reason: reason
                .flatten()
                .map(Scalar::into_text)
                .filter(|reason| !matches!(reason.as_str(), "" | "null")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const API: MessageApi = MessageApi {
        name: "x",
        command: "code",
        id: "cmdId",
        result: None,
        answers: &[],
    };

    #[test]
    fn a_message_has_its_name_and_its_parameters() {
        let params = Json::object([("a", Json::from(1)), ("b", Json::from("\"x"))]);
        let wrapped = API.body(Some("data"), "ask", &params);
        let flat = API.body(None, "ask", &params);
        assert_eq!(
            wrapped.as_str(),
            r#"{"code":"ask","data":{"a":1,"b":"\"x"}}"#
        );
        assert_eq!(flat.as_str(), r#"{"code":"ask","a":1,"b":"\"x"}"#);
        assert_eq!(
            API.body(None, "a\"sk", &Json::from(true)).as_str(),
            r#"{"code":"a\"sk"}"#
        );
    }

    #[test]
    fn an_answer_of_a_program_says_whether_it_went_well() {
        let answer = program_answer(Some("no \"friend\""), &Json::null());
        let text = String::from_utf8(answer.body).unwrap();
        assert_eq!(
            text,
            r#"{"code":"1","message":"no \"friend\"","data":null}"#
        );
    }
}
