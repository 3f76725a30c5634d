//! Events, commands and results as the documents write them.

use super::execute::Executed;
use crate::provider::{Vendor, plain};
use crate::value;
use catalog::config::{EventLayout, ProgramVisits, TagIn};
use catalog::model::{Event, Field};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// How a vendor's program writes messages, and where it comes with them.
pub(super) struct Messages {
    vendor: Arc<Vendor>,
    visits: ProgramVisits,
    /// The key of a command's name.
    command: String,
    /// The key of a command's id.
    id: String,
}

impl Messages {
    /// None where the documents do not say where the program comes, or how commands are written.
    pub(super) fn of(vendor: Arc<Vendor>) -> Option<Self> {
        let request = vendor.layouts().request;
        Some(Self {
            visits: vendor.config.program.clone()?,
            command: request.command.clone()?,
            id: request.id.clone()?,
            vendor,
        })
    }

    pub(super) fn visits(&self) -> &ProgramVisits {
        &self.visits
    }

    pub(super) fn vendor(&self) -> &Vendor {
        &self.vendor
    }

    fn layout(&self) -> &EventLayout {
        self.vendor.layouts().event
    }

    fn tag(&self) -> &str {
        self.layout().tag.as_deref().unwrap_or_default()
    }

    /// The key of an event's payload.
    fn payload(&self) -> &str {
        self.layout().payload.as_deref().unwrap_or_default()
    }

    fn is_tag_inside(&self) -> bool {
        self.layout().tag_in == TagIn::Payload
    }

    /// Every event that the documents print.
    pub(super) fn events(&self) -> impl Iterator<Item = &Arc<Event>> + Clone {
        let events = self.vendor.events.iter();
        events.filter(|event| !event.samples.is_empty())
    }

    /// The documented event with this code, told by this account; with its code even where the sample has another.
    pub(super) fn event(&self, code: &str, account: &str) -> Option<Value> {
        let has_code = |event: &&Arc<Event>| event.wire.iter().any(|known| known == code);
        let event = self.events().find(has_code)?;
        Some(self.told_by(event, code, account))
    }

    pub(super) fn told_by(&self, event: &Event, code: &str, account: &str) -> Value {
        let sample = event.samples.first();
        let mut message = sample
            .map(|sample| value(&sample.value))
            .unwrap_or_default();
        let (keys, tag) = (&self.visits.event_account, self.tag());
        let mut shown = String::new();
        self.visit(&mut message, &mut |holder, is_envelope| {
            for key in keys {
                if let Some(told) = holder.get_mut(key) {
                    if let Some(text) = told.as_str().filter(|text| !text.is_empty()) {
                        shown = text.to_owned();
                    }
                    *told = account.into();
                }
            }
            if (is_envelope != self.is_tag_inside() || event.flat)
                && let Some(known) = holder.get_mut(tag)
            {
                *known = match code.parse::<i64>() {
                    Ok(code) if known.is_number() => code.into(),
                    _ => Value::from(code),
                };
            }
        });
        if !shown.is_empty() && !account.is_empty() {
            rename(&mut message, &shown, account);
        }
        message
    }

    /// Whether an event has a field of this name: in its table, or in an example.
    pub(super) fn has_field(&self, code: &str, name: &str) -> bool {
        let has_code = |event: &&Arc<Event>| event.wire.iter().any(|known| known == code);
        let Some(event) = self.events().find(has_code) else {
            return false;
        };
        let mut fields = event.fields.iter();
        let is_field =
            |field: &Field| field.wire == name || field.aliases.iter().any(|alias| alias == name);
        let mut shown = self.told_by(event, code, "");
        let mut is_shown = false;
        self.visit(&mut shown, &mut |holder, is_envelope| {
            is_shown |= !is_envelope && holder.contains_key(name);
        });
        is_shown || fields.any(is_field)
    }

    /// The names of an event's fields.
    pub(super) fn fields<'e>(&'e self, code: &'e str) -> impl Iterator<Item = &'e str> {
        let has_code = move |event: &&Arc<Event>| event.wire.iter().any(|known| known == code);
        let events = self.events().filter(has_code);
        events.flat_map(|event| event.fields.iter().map(|field| field.wire.as_str()))
    }

    /// Goes through the envelopes of a message, the outermost first, and through its payload.
    fn visit(&self, message: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>, bool)) {
        let Value::Object(members) = message else {
            return;
        };
        visit(members, true);
        let Some(Value::Object(inner)) = members.get_mut(self.payload()) else {
            return;
        };
        if inner.contains_key(self.tag()) && !self.is_tag_inside() {
            // Some samples wrap the envelope once more.
            visit(inner, true);
            if let Some(Value::Object(payload)) = inner.get_mut(self.payload()) {
                visit(payload, false);
            }
        } else {
            visit(inner, false);
        }
    }

    /// Sets fields of an event's payload.
    pub(super) fn with(&self, mut event: Value, fields: &[(&str, Value)]) -> Value {
        let (payload, tag) = (self.payload(), self.tag());
        let wrapped = event[payload].get(tag).is_some();
        let at = if wrapped && !self.is_tag_inside() {
            &mut event[payload][payload]
        } else {
            &mut event[payload]
        };
        if let Value::Object(payload) = at {
            for (key, value) in fields {
                payload.insert((*key).to_owned(), value.clone());
            }
        }
        event
    }

    /// What the program reports of a command; nothing where no result is documented.
    pub(super) fn result(&self, of: &Executed, reason: &str, account: &str) -> Option<Value> {
        let layout = self.layout().result.as_ref()?;
        let code = match &self.vendor.texts.result {
            Some(pattern) => pattern.replace("{Command}", &capital(&of.name)),
            None => layout.event.clone(),
        };
        let outcome = if reason.is_empty() { "1" } else { "0" };
        let mut message = json!({ self.tag(): code });
        for key in &self.visits.event_account {
            message[key] = account.into();
        }
        message[self.payload()] = json!({
            layout.reason.as_str(): reason,
            layout.id.as_str(): of.id,
            layout.outcome.as_str(): outcome,
        });
        Some(message)
    }

    /// The event that answers a command, about what the command asks for.
    pub(super) fn answer(
        &self,
        name: &str,
        params: &Map<String, Value>,
        account: &str,
    ) -> Option<Value> {
        let command = self.vendor.at(name).next()?;
        let answer = command.facts.answer.as_ref()?;
        let mut events = self.vendor.events.iter();
        let event = events.find(|event| event.id == answer.event)?;
        let event = self.event(event.wire.first()?, account)?;
        let same = answer.same.iter();
        let same: Vec<(&str, Value)> = same
            .filter_map(|(param, field)| Some((field.as_str(), params.get(param)?.clone())))
            .collect();
        Some(self.with(event, &same))
    }

    /// Whether nothing is executed after this command until there is a login.
    pub(super) fn logs_out(&self, command: &str) -> bool {
        self.vendor
            .texts
            .log_out
            .iter()
            .any(|known| known == command)
    }

    /// Whether somebody logs in by this command.
    pub(super) fn logs_in(&self, command: &str) -> bool {
        self.vendor
            .texts
            .log_in
            .iter()
            .any(|known| known == command)
    }

    /// A command's name.
    pub(super) fn name(&self, command: &Value) -> String {
        text(command.get(&self.command))
    }

    /// A command's id.
    pub(super) fn id(&self, command: &Value) -> String {
        text(command.get(&self.id))
    }

    /// A command's parameters.
    pub(super) fn params(&self, command: &Value) -> Map<String, Value> {
        let params = match &self.vendor.layouts().request.payload {
            Some(key) => command.get(key),
            None => Some(command),
        };
        let params = params.and_then(Value::as_object);
        params.cloned().unwrap_or_default()
    }
}

/// Writes another account wherever the example has its own.
fn rename(value: &mut Value, old: &str, new: &str) {
    match value {
        Value::String(text) if text.contains(old) => *text = text.replace(old, new),
        Value::Array(elements) => elements.iter_mut().for_each(|one| rename(one, old, new)),
        Value::Object(members) => members.values_mut().for_each(|one| rename(one, old, new)),
        _ => {}
    }
}

/// A name with a capital.
fn capital(name: &str) -> String {
    let mut rest = name.chars();
    let first = rest.next().map(char::to_uppercase);
    first.into_iter().flatten().chain(rest).collect()
}

/// A member as text.
pub(super) fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::Null) | None => String::new(),
        Some(value) => plain(value),
    }
}
