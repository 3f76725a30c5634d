//! Owns events that are asked for, as `[event.poll]` declares it: how, and which they are.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::lookup::{Place, api, operation, optional, param, path, undeclared};
use super::{Finding, carry_out_table, stale};
use crate::config::{Config, EventLayout, PollDeclaration, ReplyLayout, TagIn, Transport};
use crate::diagnostic::Diagnostic;
use crate::json::Value;
use crate::model::{
    Described, Event, Field, Item, Operation, Poll, Provider, Reply, Sample, SampleRole, Structure,
    Type,
};
use crate::source::SourceFile;
use crate::spelling;

const WHOSE: &str = "[event.poll]";

/// Says it of the operation, and adds the events that no section describes.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (api, layout) in config.event_layouts() {
        let key = match api {
            Some(_) => "api.event.poll",
            None => "event.poll",
        };
        let declared = layout.poll.as_deref();
        found.extend(carry_out_table(declared, key, file, |declared| {
            if !matches!(config.transport, Transport::HttpJson | Transport::HttpForm) {
                let message = format!("{WHOSE} is declared, and nothing is asked for over HTTP");
                return Err(stale(message, "remove it"));
            }
            let (place, poll) = poll(provider, api, declared)?;
            describe(provider, layout, declared, place, &poll)?;
            let events = events(provider, config, layout, place, &poll)?;
            let operation = undeclared(provider, place, WHOSE, |known| known.poll.is_some())?;
            operation.poll = Some(poll);
            if let Some(module) = provider.modules.get_mut(place.0) {
                module.events.extend(events.into_iter().map(Arc::new));
            }
            Ok(())
        }));
    }
    found
}

fn poll(
    provider: &Provider,
    within: Option<&str>,
    declared: &PollDeclaration,
) -> Result<(Place, Poll), Finding> {
    let (place, asked) = operation(provider, within, &declared.operation, WHOSE)?;
    let api = api(provider, place);
    let cursor = param(*asked, &declared.cursor)?;
    alone(*asked, &[cursor])?;
    let next = declared.next.as_ref().unwrap_or(&declared.cursor);
    let (items, list) = path(asked, &declared.items)?;
    if !list.is_some_and(|list| list.ty == Type::List(Item::Object)) {
        let message = format!(
            "`{}` of `{}` is no list of objects",
            declared.items, asked.wire
        );
        return Err(stale(message, "name the list of events: `items = \"…\"`"));
    }
    let number = |at: &String| match path(asked, at)? {
        (path, Some(field)) if matches!(field.ty, Type::Integer | Type::Unsigned) => Ok(path),
        _ => {
            let message = format!("`{at}` of `{}` is no whole number", asked.wire);
            Err(stale(message, "name the field with the milliseconds"))
        }
    };
    if declared.again_after_s.is_empty() || declared.again_after_s.contains(&0) {
        let message = format!("{WHOSE} asks again at once after a failure");
        return Err(stale(message, "`again_after_s` has seconds, 1 at least"));
    }
    let called = |names: &[String]| -> Result<Vec<String>, Finding> {
        let ids = names.iter().map(|name| {
            let (_, called) = operation(provider, api, name, WHOSE)?;
            alone(*called, &[])?;
            Ok(called.id.clone())
        });
        ids.collect()
    };
    let poll = Poll {
        param: cursor.wire.clone(),
        ty: cursor.ty,
        next: path(asked, next)?.0,
        items,
        timeout: optional(declared.timeout.as_ref(), number)?,
        again_after_s: declared.again_after_s.clone(),
        before: called(&declared.before)?,
        after: called(&declared.after)?,
    };
    Ok((place, poll))
}

/// It wants nothing but the session, and these.
fn alone(operation: &Operation, besides: &[&Field]) -> Result<(), Finding> {
    let is_given = |field: &Field| {
        let is_known = besides.iter().any(|known| known.wire == field.wire);
        field.session || field.constant.is_some() || is_known
    };
    let mut required = operation.params.iter().filter(|field| field.is_wanted());
    match required.find(|field| !is_given(field)) {
        None => Ok(()),
        Some(left) => {
            let message = format!("`{}` wants `{}` as well", operation.wire, left.wire);
            Err(stale(
                message,
                "what [event.poll] names is asked with nothing else",
            ))
        }
    }
}

/// Elements that are events whole are one type, in the reply and as events: a structure, also where no table of their own
/// describes them.
fn describe(
    provider: &mut Provider,
    layout: &EventLayout,
    declared: &PollDeclaration,
    place: Place,
    poll: &Poll,
) -> Result<(), Finding> {
    let api = api(provider, place).map(str::to_owned);
    let name = declared.item.as_deref().unwrap_or("Message");
    let is_taken = provider.described(api.as_deref()).structure(name).is_some();
    let module = provider.modules.get_mut(place.0);
    let operation = module.and_then(|module| module.operations.get_mut(place.1));
    let Some(operation) = operation.map(Arc::make_mut) else {
        return Ok(());
    };
    let source = operation.source.clone();
    let Some(list) = at(&mut operation.returns, &poll.items) else {
        return Ok(());
    };
    match (&list.structure, &layout.payload, &declared.item) {
        (None, None, _) if is_taken => {
            let message = format!("`{name}`, what {WHOSE} calls an element, is a structure");
            return Err(stale(
                message,
                "name the elements otherwise: `item = \"…\"`",
            ));
        }
        (None, None, _) => {}
        (_, _, None) => return Ok(()),
        (_, _, Some(_)) => {
            let message = format!("`item` of {WHOSE} has no effect: its elements have a name");
            return Err(stale(message, "remove it"));
        }
    }
    list.structure = Some(name.to_owned());
    let structure = Structure {
        api,
        wire: name.to_owned(),
        title: list.title.clone(),
        fields: std::mem::take(&mut list.fields),
        name: None,
        samples: Vec::new(),
        notes: Vec::new(),
        source,
    };
    provider.structures.push(Arc::new(structure));
    Ok(())
}

fn at<'f>(fields: &'f mut [Field], path: &[String]) -> Option<&'f mut Field> {
    let (first, rest) = path.split_first()?;
    let field = fields.iter_mut().find(|field| field.wire == *first)?;
    match rest {
        [] => Some(field),
        rest => at(&mut field.fields, rest),
    }
}

/// The events of an operation, besides those of its API that sections describe.
fn events(
    provider: &Provider,
    config: &Config,
    layout: &EventLayout,
    place: Place,
    poll: &Poll,
) -> Result<Vec<Event>, Finding> {
    let api = api(provider, place);
    let modules = provider.modules.iter();
    let modules = modules.filter(|module| module.api.as_deref() == api);
    let known = modules.flat_map(|module| &module.events);
    let known = known.flat_map(|event| event.wire.iter().map(String::as_str));
    let module = provider.modules.get(place.0);
    let operation = module.and_then(|module| module.operations.get(place.1));
    let asked = operation.map(|operation| Asked {
        described: provider.described(api),
        operation,
        layout,
        reply: config.layouts(api).reply,
        poll,
    });
    asked.map_or(Ok(Vec::new()), |asked| asked.events(&known.collect()))
}

/// An operation whose answers hold events.
struct Asked<'p> {
    described: Described<'p>,
    operation: &'p Operation,
    layout: &'p EventLayout,
    reply: &'p ReplyLayout,
    poll: &'p Poll,
}

impl Asked<'_> {
    /// The events that the elements are, besides those that sections describe.
    fn events(&self, known: &BTreeSet<&str>) -> Result<Vec<Event>, Finding> {
        let EventLayout { tag, payload, .. } = self.layout;
        let Some(tag) = tag else {
            let message = format!("{WHOSE} is declared, and nothing tells events apart");
            let help = "name the field that does: `[event] tag = \"…\"`";
            return Err(stale(message, help));
        };
        let (name, item, structure) = self.item();
        let member = |within: &'static str, fields: &[Field], key: &str| {
            let found = fields.iter().find(|field| field.wire == key).cloned();
            found.ok_or_else(|| {
                let near = spelling::did_you_mean(key, fields.iter().map(|f| f.wire.as_str()));
                let message = format!("an element of `{name}` has no `{key}`{near}");
                stale(message, within)
            })
        };
        let (fields, ty, structure) = match payload {
            None => (item.to_vec(), Type::Object, structure.map(str::to_owned)),
            Some(key) => {
                let payload = member("name where payloads stand: `[event] payload`", item, key)?;
                let fields = self.described.members(&payload).to_vec();
                (fields, payload.ty, payload.structure)
            }
        };
        let around = match self.layout.tag_in {
            TagIn::Payload => &fields,
            TagIn::Envelope => item,
        };
        let tag = member(
            "name the field that tells events apart: `[event] tag`",
            around,
            tag,
        )?;
        if known.is_empty() && tag.values.is_empty() {
            let message = format!("nothing says which events `{name}` holds");
            let help = format!(
                "list the values of `{}` where it is documented, or by a [[correction]]",
                tag.wire
            );
            return Err(stale(message, &help));
        }
        let new = tag.values.iter();
        let new = new.filter(|choice| !known.contains(choice.value.as_str()));
        let events = new.map(|choice| {
            let mut event = Event::new(&choice.value, &choice.title);
            event.id = format!("{}_{}", tag.wire, choice.value);
            if !self.layout.names.contains_key(&choice.value) {
                event.name.clone_from(&choice.name);
            }
            event.fields.clone_from(&fields);
            event.payload = Reply::of(ty);
            event.structure.clone_from(&structure);
            event.source = self.operation.source.clone();
            event.samples = self.samples(&tag.wire, &choice.value);
            event
        });
        Ok(events.collect())
    }

    /// The list, what its elements have, and the structure that each is.
    fn item(&self) -> (&str, &[Field], Option<&str>) {
        let mut fields = self.operation.returns.as_slice();
        let mut structure = None;
        for step in &self.poll.items {
            let field = fields.iter().find(|field| field.wire == *step);
            structure = field.and_then(|field| field.structure.as_deref());
            fields = field.map_or(&[], |field| self.described.members(field));
        }
        let name = self.poll.items.last();
        (name.map_or("", String::as_str), fields, structure)
    }

    /// The elements of examples that are this event.
    fn samples(&self, tag: &str, value: &str) -> Vec<Sample> {
        let replies = self.operation.samples.iter();
        let replies = replies.filter(|sample| sample.role == SampleRole::Reply);
        let found = replies.flat_map(|sample| {
            let payload = self.reply.payload.as_ref();
            let payload = payload.and_then(|key| sample.value.get(key));
            let payload = payload.unwrap_or(&sample.value);
            let list = self.poll.items.iter();
            let list = list.clone().try_fold(payload, |at, step| at.get(step));
            let elements = match list {
                Some(Value::Array(elements)) => elements.as_slice(),
                _ => &[],
            };
            let is_meant = move |element: &&Value| match self.tag_of(element, tag) {
                Some(Value::String(told)) => told == value,
                Some(told) => told.to_string() == value,
                None => false,
            };
            elements.iter().filter(is_meant).map(|element| Sample {
                role: SampleRole::Event,
                label: sample.label.clone(),
                value: element.clone(),
            })
        });
        found.collect()
    }

    fn tag_of<'v>(&self, element: &'v Value, tag: &str) -> Option<&'v Value> {
        match (self.layout.tag_in, &self.layout.payload) {
            (TagIn::Payload, Some(key)) => element.get(key)?.get(tag),
            _ => element.get(tag),
        }
    }
}
