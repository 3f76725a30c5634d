//! What the handle of an API knows whose calls travel as messages instead of requests for a path: a program
//! fetches them, or one connection carries them.

use super::core::Core;
use super::operation::Api;
use super::transport::HttpResponse;
use crate::runtime::codec::is_number;
use crate::runtime::codec::json::{Json, members, push_text};
use crate::runtime::receive::event::{Inbound, ResultLayout};

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
    /// Where it asks for commands, unless told otherwise; none: they go in the answers to events alone.
    pub commands: Option<&'static str>,
    /// The key of the account in the query.
    pub account: &'static str,
    /// The key of the process in the query.
    pub process: &'static str,
    /// Keys of the account in an event.
    pub event_account: &'static [&'static str],
    /// Keys of the process in an event.
    pub event_process: &'static [&'static str],
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
            code: &["code"],
            message: &["message"],
            data: &["data"],
            success: &["0"],
            ..Self::new(name)
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
    pub fn body(&self, api: &Api, wrap: Option<&str>, name: &str, params: &Json) -> Json {
        let mut body = String::from("{");
        push_text(&mut body, self.command);
        body.push(':');
        match api.numeric && is_number(name) {
            true => body.push_str(name),
            false => push_text(&mut body, name),
        }
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

/// A message with its id as the first member, under this key; none if it is no object.
#[cfg(any(feature = "server", feature = "websocket"))]
pub(crate) fn with_id(key: &str, id: &str, message: &[u8]) -> Option<String> {
    let message = std::str::from_utf8(message).ok()?;
    let members = message.trim().strip_prefix('{')?;
    let mut text = String::with_capacity(message.len() + key.len() + id.len() + 8);
    text.push('{');
    push_text(&mut text, key);
    text.push(':');
    push_text(&mut text, id);
    if members.trim() != "}" {
        text.push(',');
    }
    text.push_str(members);
    Some(text)
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
        let texts = Api::new("x");
        let params = Json::object([("a", Json::from(1)), ("b", Json::from("\"x"))]);
        let wrapped = API.body(&texts, Some("data"), "ask", &params);
        let flat = API.body(&texts, None, "ask", &params);
        assert_eq!(
            wrapped.as_str(),
            r#"{"code":"ask","data":{"a":1,"b":"\"x"}}"#
        );
        assert_eq!(flat.as_str(), r#"{"code":"ask","a":1,"b":"\"x"}"#);
        assert_eq!(
            API.body(&texts, None, "a\"sk", &Json::from(true)).as_str(),
            r#"{"code":"a\"sk"}"#
        );
        let numbers = Api {
            numeric: true,
            ..Api::new("x")
        };
        let written = |name| API.body(&numbers, None, name, &Json::null());
        assert_eq!(written("12").as_str(), r#"{"code":12}"#);
        assert_eq!(written("x").as_str(), r#"{"code":"x"}"#);
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
