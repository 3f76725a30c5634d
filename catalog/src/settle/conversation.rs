//! Owns what gives the right to answer a person, as `[event.conversation]` declares it.

use std::collections::BTreeSet;

use super::lookup::{api, operation, optional, text_field};
use super::template::{Fields, Filling, Fitted, Form, constant, fit};
use super::{Finding, carry_out_table, media, online, stale};
use crate::config::{
    Config, ConversationDeclaration, EventLayout, SendDeclaration, Transport, TypingDeclaration,
    succeeds,
};
use crate::diagnostic::Diagnostic;
use crate::model::{Conversation, Event, Field, Operation, Provider, Scope, Send, Type, Typing};
use crate::source::SourceFile;
use crate::spelling;

const WHOSE: &str = "[event.conversation]";

/// Says it of the provider, of each of its APIs.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (api, layout) in config.event_layouts() {
        let key = match api {
            Some(_) => "api.event.conversation",
            None => "event.conversation",
        };
        let declared = layout.conversation.as_deref();
        found.extend(carry_out_table(declared, key, file, |declared| {
            let of = Of {
                provider,
                config,
                layout,
                api,
            };
            let conversation = of.conversation(declared)?;
            provider.conversations.push(conversation);
            Ok(())
        }));
    }
    found
}

/// Whose conversation it is.
struct Of<'p> {
    provider: &'p Provider,
    config: &'p Config,
    layout: &'p EventLayout,
    api: Option<&'p str>,
}

impl<'p> Of<'p> {
    fn conversation(&self, declared: &ConversationDeclaration) -> Result<Conversation, Finding> {
        if self.config.transport != Transport::HttpJson {
            let message = format!("{WHOSE} is declared, and calls are no JSON over HTTP");
            return Err(stale(message, "remove it"));
        }
        if declared.within_s == 0 || declared.answers == 0 {
            let message = format!("{WHOSE} gives no right at all");
            return Err(stale(message, "`within_s` and `answers` are 1 at least"));
        }
        let (place, sends) = operation(self.provider, self.api, &declared.operation, WHOSE)?;
        let from = self.polled(api(self.provider, place))?;
        from.reaches(*sends)?;
        let events = self.events(&declared.events)?;
        let [bot, person] = declared.key.as_slice() else {
            let message = format!("`key` of {WHOSE} names {} sides", declared.key.len());
            return Err(stale(message, "name the bot first, then the person"));
        };
        let side = |keys: &str| self.side(&events, keys);
        let (bot, person) = (side(bot)?, side(person)?);
        self.token(&events, &declared.token)?;
        self.closed(declared, *sends)?;
        let described = self.provider.described(from.api);
        let message = message(declared, (described, &sends.params))?;
        let item = message.at("item");
        let item: &[Field] = item.map_or(&[], |field| described.members(field));
        Ok(Conversation {
            bot,
            person,
            events: codes(&events),
            token: declared.token.clone(),
            within_s: declared.within_s,
            answers: declared.answers,
            closed: declared.closed.clone(),
            closed_messages: declared.closed_messages.clone(),
            operation: sends.id.clone(),
            message: message.template,
            sends: self.sent(&declared.send, (described, item))?,
            typing: optional(declared.typing.as_ref(), |typing| {
                self.typing(&from, typing)
            })?,
        })
    }

    /// Messages come by polling.
    fn polled(&self, api: Option<&'p str>) -> Result<From<'p>, Finding> {
        let modules = self.provider.modules.iter();
        let modules = modules.filter(|module| module.api.as_deref() == api);
        let mut operations = modules.flat_map(|module| &module.operations);
        match operations.find(|operation| operation.poll.is_some()) {
            Some(polled) => Ok(From { api, polled }),
            None => {
                let message = format!("{WHOSE} is declared, and no messages are asked for");
                Err(stale(message, "declare how: [event.poll]"))
            }
        }
    }

    fn events(&self, names: &[String]) -> Result<Vec<&'p Event>, Finding> {
        if names.is_empty() {
            let message = format!("no event opens a conversation: `events` of {WHOSE} is empty");
            return Err(stale(message, "name their ids or codes"));
        }
        let found = names
            .iter()
            .map(|name| online::event(self.provider, name, WHOSE));
        found.collect()
    }

    /// The keys of a side, each of which one of the events has.
    fn side(&self, events: &[&Event], keys: &str) -> Result<Vec<String>, Finding> {
        let keys = keys.split('|').map(str::trim);
        let keys = keys.map(|key| match self.has(events, key) {
            true => Ok(key.to_owned()),
            false => Err(self.unknown(events, "key", key)),
        });
        keys.collect()
    }

    fn token(&self, events: &[&Event], name: &str) -> Result<(), Finding> {
        let found = fields(events).find(|field| field.wire == name);
        match found {
            None => Err(self.unknown(events, "token", name)),
            Some(field) if field.ty != Type::Text => {
                let message = format!("`{name}`, the token of {WHOSE}, is no text");
                Err(stale(message, "name the field that an answer carries"))
            }
            Some(field) => hidden(field),
        }
    }

    fn has(&self, events: &[&Event], key: &str) -> bool {
        fields(events).any(|field| field.wire == key)
            || self.layout.managed.iter().any(|k| k == key)
    }

    fn unknown(&self, events: &[&Event], what: &str, name: &str) -> Finding {
        let beside = self.layout.managed.iter().map(String::as_str);
        let known = fields(events).map(|field| field.wire.as_str());
        let near = spelling::did_you_mean(name, known.chain(beside));
        let message =
            format!("`{what}` of {WHOSE} names a field `{name}` that its events have not{near}");
        stale(message, "name its wire name")
    }

    /// The codes that close it mean nothing else.
    fn closed(&self, declared: &ConversationDeclaration, sends: &Operation) -> Result<(), Finding> {
        if declared.closed.is_empty() && declared.closed_messages.is_some() {
            let message = format!("`closed_messages` of {WHOSE} stand beside no code");
            return Err(stale(message, "name the codes: `closed = [\"…\"]`"));
        }
        let reply = &self.config.layouts(self.api).reply;
        let meant = |meaning: &str, usual: &'p [String]| -> Vec<String> {
            let own = sends.meanings().find(|(own, _)| *own == meaning);
            own.map_or(usual, |(_, codes)| codes).to_vec()
        };
        let (busy, expired) = (meant("busy", &reply.busy), meant("expired", &reply.expired));
        let success = sends.success(&reply.success);
        let taken = declared.closed.iter().find_map(|code| {
            let other = if busy.contains(code) {
                "asks to come again"
            } else if expired.contains(code) {
                "ends the session"
            } else if succeeds(success, code) {
                "is a success"
            } else {
                return None;
            };
            let message = format!("`{code}` closes a conversation, and {other} by [reply]");
            Some(message)
        });
        match taken {
            None => Ok(()),
            Some(message) => Err(stale(message, "a code means one thing: remove one of them")),
        }
    }

    /// What may be said, with the fields of an item.
    fn sent(&self, declared: &[SendDeclaration], item: Fields<'_>) -> Result<Vec<Send>, Finding> {
        let mut names = BTreeSet::new();
        let sends = declared.iter().map(|send| {
            let SendDeclaration { name, split, .. } = send;
            if !is_word(name) || !names.insert(name) {
                let message =
                    format!("`{name}` is no name for something to send, or another has it");
                return Err(stale(
                    message,
                    "use small letters, digits and `_`, each once",
                ));
            }
            if *split == Some(0) {
                let message = format!("`{name}` is cut after no character at all");
                return Err(stale(message, "`split` is 1 at least"));
            }
            let of = format!("`item` of what is sent as `{name}`");
            let places = match send.media {
                None => &[("text", Filling::Text, true)][..],
                Some(_) => media::SENT,
            };
            let form = Form { of: &of, places };
            Ok(Send {
                name: name.clone(),
                item: fit(&form, &send.item, item)?.template,
                media: self.kind(send)?,
                split: *split,
            })
        });
        sends.collect()
    }

    /// The kind of a medium that is sent.
    fn kind(&self, send: &SendDeclaration) -> Result<Option<String>, Finding> {
        let (name, Some(kind)) = (&send.name, &send.media) else {
            return Ok(None);
        };
        let refused = |what: &str, help: &str| Err(stale(format!("`{name}` is {what}"), help));
        if send.split.is_some() {
            return refused("a medium, which is never cut", "remove `split`");
        }
        let declared = self.config.media.as_ref();
        let Some(up) = declared.and_then(|media| media.up.as_ref()) else {
            return refused(
                "a medium, and nothing says how it goes up",
                "declare [media.up]",
            );
        };
        let Ok(params) = media::params(self.provider, up) else {
            // What does not fit is said where it stands.
            return Ok(None);
        };
        let Some(field) = params.at("kind") else {
            return refused(
                "of a kind, and `params` of [media.up] has no place for `{kind}`",
                "write it where it belongs",
            );
        };
        constant(&format!("`media` of what is sent as `{name}`"), kind, field).map(Some)
    }

    fn typing(&self, from: &From<'_>, declared: &TypingDeclaration) -> Result<Typing, Finding> {
        let ticket = &declared.ticket;
        if declared.every_s == 0 || ticket.within_s == 0 {
            let message = format!("typing of {WHOSE} takes no time");
            return Err(stale(message, "`every_s` and `within_s` are 1 at least"));
        }
        let named = |name: &str| {
            let (_, operation) = operation(self.provider, from.api, name, WHOSE)?;
            from.reaches(*operation).map(|()| operation)
        };
        let (asks, tells) = (named(&ticket.operation)?, named(&declared.operation)?);
        let ask = Form {
            of: "`ticket.with` of [event.conversation.typing]",
            places: &[
                ("person", Filling::Text, true),
                ("token", Filling::Text, false),
            ],
        };
        let form = |of| Form {
            of,
            places: &[
                ("person", Filling::Text, false),
                ("ticket", Filling::Text, true),
            ],
        };
        let start = form("`start` of [event.conversation.typing]");
        let stop = form("`stop` of [event.conversation.typing]");
        let described = self.provider.described(from.api);
        let asked = (described, asks.params.as_slice());
        let told = (described, tells.params.as_slice());
        let (path, field) = text_field(asks, &ticket.field)?;
        hidden(field)?;
        Ok(Typing {
            asks: asks.id.clone(),
            ask: fit(&ask, &ticket.with, asked)?.template,
            ticket: path,
            within_s: ticket.within_s,
            operation: tells.id.clone(),
            start: fit(&start, &declared.start, told)?.template,
            stop: fit(&stop, &declared.stop, told)?.template,
            every_s: declared.every_s,
        })
    }
}

/// From where people are answered: as their messages are asked for.
struct From<'p> {
    api: Option<&'p str>,
    polled: &'p Operation,
}

impl From<'_> {
    fn reaches(&self, operation: &Operation) -> Result<(), Finding> {
        match (&operation.scope, &self.polled.scope) {
            (Scope::Session(scope), Scope::Client | Scope::Either(_)) => {
                let (wire, polled) = (&operation.wire, &self.polled.wire);
                let message =
                    format!("`{wire}` belongs to the {scope}, and `{polled}` is asked without one");
                Err(stale(message, "name it under `except` in [session]"))
            }
            _ => Ok(()),
        }
    }
}

fn message<'p>(
    declared: &ConversationDeclaration,
    params: Fields<'p>,
) -> Result<Fitted<'p>, Finding> {
    let form = Form {
        of: "`message` of [event.conversation]",
        places: &[
            ("person", Filling::Text, true),
            ("token", Filling::Text, true),
            ("item", Filling::Object, true),
            ("client_id", Filling::Text, false),
        ],
    };
    let fitted = fit(&form, &declared.message, params)?;
    if let Some(token) = fitted.at("token") {
        hidden(token)?;
    }
    Ok(fitted)
}

fn is_word(name: &str) -> bool {
    let plain = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || char == '_';
    name.starts_with(|char: char| char.is_ascii_lowercase()) && name.chars().all(plain)
}

fn fields<'e>(events: &[&'e Event]) -> impl Iterator<Item = &'e Field> {
    events.iter().flat_map(|event| &event.fields)
}

fn codes(events: &[&Event]) -> Vec<String> {
    let mut codes: Vec<String> = Vec::new();
    for code in events.iter().flat_map(|event| &event.wire) {
        if !codes.contains(code) {
            codes.push(code.clone());
        }
    }
    codes
}

/// What gives a right to somebody is never shown.
fn hidden(field: &Field) -> Result<(), Finding> {
    if field.secret {
        return Ok(());
    }
    let message = format!(
        "`{}` of {WHOSE} gives a right, and logs would show it",
        field.wire
    );
    Err(stale(message, "add it to `secrets`"))
}
