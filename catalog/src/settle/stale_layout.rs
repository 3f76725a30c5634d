//! Owns keys of messages that `provider.toml` declares and that no example of a message has: a misspelt `code` would make
//! every reply a failure.
//!
//! In: the rows and examples as they were read, and the layouts. Out: a warning for each key that stands in none of the
//! examples and rows of its kind, `` no example of a reply has `cod` (did you mean `code`?) ``. Where the documents show
//! no such message, nobody can tell; refusals are seldom shown, so the key of their message is not asked for.

use std::collections::BTreeSet;

use crate::config::{Config, quoted_below};
use crate::diagnostic::{Code, Diagnostic};
use crate::entry::{Entry, EntryKind, Row, SampleKind};
use crate::json::Value;
use crate::source::SourceFile;
use crate::spelling;

/// Deeper than any key of an envelope.
const DEPTH: usize = 6;

/// A kind of message, with the keys that are declared of it: `payload`, `data`.
type Declared<'c> = (SampleKind, &'static str, Vec<(&'static str, &'c str)>);

/// Every such key.
pub(crate) fn stale_layout(
    entries: &[Entry],
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let apis = config.api.iter().map(|api| Some(api.id.as_str()));
    for api in apis.chain(config.api.is_empty().then_some(None)) {
        for (kind, section, keys) in declared(config, api) {
            let messages = Messages { entries, api, kind };
            if keys.is_empty() || !messages.are_shown() {
                continue;
            }
            for (key, word) in keys.into_iter().filter(|(_, word)| !messages.have(word)) {
                let near = spelling::did_you_mean(word, messages.keys().iter().copied());
                let what = match kind {
                    SampleKind::Request => "a request",
                    SampleKind::Reply => "a reply",
                    SampleKind::Event => "an event",
                };
                let message =
                    format!("`{section}.{key}` is `{word}`, and no example of {what} has it{near}");
                let finding = Diagnostic::new(Code::UnseenKey, message)
                    .help("name a key as the documents show it, or accept that they do not");
                let headings = [format!("[api.{section}]"), format!("[{section}]")];
                let place = quoted_below(file.text(), &headings.each_ref().map(|h| &**h), word);
                found.push(finding.at(file.location(place)));
            }
        }
    }
    found.dedup_by(|a, b| a.at == b.at && a.message == b.message);
    found
}

fn declared<'c>(config: &'c Config, api: Option<&str>) -> [Declared<'c>; 3] {
    let layouts = config.layouts(api);
    let (request, reply, event) = (layouts.request, layouts.reply, layouts.event);
    let one = |key, word: &'c Option<String>| word.iter().map(move |word| (key, word.as_str()));
    let many = |key, words: &'c [String]| words.iter().map(move |word| (key, word.as_str()));
    let of_request = one("payload", &request.payload)
        .chain(one("command", &request.command))
        .chain(one("id", &request.id))
        .chain(many("managed", &request.managed));
    let of_reply = many("code", &reply.code)
        .chain(one("payload", &reply.payload))
        .chain(many("managed", &reply.managed));
    let of_event = one("tag", &event.tag)
        .chain(one("payload", &event.payload))
        .chain(many("managed", &event.managed))
        .chain(many("deeper", &event.deeper))
        .chain(many("dedupe", &event.dedupe))
        .chain(many("coarse", &event.coarse))
        .chain(many("private", &event.private));
    [
        (SampleKind::Request, "request", of_request.collect()),
        (SampleKind::Reply, "reply", of_reply.collect()),
        (SampleKind::Event, "event", of_event.collect()),
    ]
}

/// The messages of a kind, as the documents show them.
struct Messages<'e> {
    entries: &'e [Entry],
    api: Option<&'e str>,
    kind: SampleKind,
}

impl<'e> Messages<'e> {
    fn entries(&self) -> impl Iterator<Item = &'e Entry> + use<'_, 'e> {
        let entries = self.entries.iter();
        entries.filter(|entry| entry.api.as_deref() == self.api)
    }

    fn rows(&self) -> impl Iterator<Item = &'e Row> + use<'_, 'e> {
        self.entries().flat_map(|entry| {
            // An event may be a structure.
            let is_event = matches!(entry.kind, EntryKind::Event | EntryKind::Structure);
            let rows = match self.kind {
                SampleKind::Request if !is_event => &entry.params[..],
                SampleKind::Reply if !is_event => &entry.returns[..],
                SampleKind::Event if is_event => &entry.params[..],
                _ => &[],
            };
            rows.iter()
        })
    }

    fn examples(&self) -> impl Iterator<Item = &'e Value> + use<'_, 'e> {
        let samples = self.entries().flat_map(|entry| &entry.samples);
        let of_kind = samples.filter(|sample| sample.kind == self.kind);
        of_kind.map(|sample| &sample.value)
    }

    /// Tables seldom list an envelope: only examples show that a key is missing.
    fn are_shown(&self) -> bool {
        self.examples().any(|value| value.as_object().is_some())
    }

    /// The first message has most keys: the others are seldom looked at.
    fn have(&self, key: &str) -> bool {
        self.examples().any(|value| has(value, key, DEPTH))
            || self.rows().any(|row| names(row).any(|name| name == key))
    }

    /// Every key; asked for only where one is missing.
    fn keys(&self) -> BTreeSet<&'e str> {
        let mut keys: BTreeSet<&str> = self.rows().flat_map(names).collect();
        self.examples()
            .for_each(|value| collect(value, DEPTH, &mut keys));
        keys
    }
}

/// The steps of a row's name.
fn names(row: &Row) -> impl Iterator<Item = &str> {
    row.name.split(['.', '[', ']']).map(str::trim)
}

fn has(value: &Value, key: &str, depth: usize) -> bool {
    match value {
        _ if depth == 0 => false,
        Value::Object(map) => {
            map.get(key).is_some() || map.iter().any(|(_, value)| has(value, key, depth - 1))
        }
        Value::Array(items) => items.iter().any(|item| has(item, key, depth - 1)),
        _ => false,
    }
}

fn collect<'v>(value: &'v Value, depth: usize, keys: &mut BTreeSet<&'v str>) {
    match value {
        _ if depth == 0 => {}
        Value::Object(map) => {
            for (key, value) in map.iter() {
                keys.insert(key);
                collect(value, depth - 1, keys);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| collect(item, depth - 1, keys)),
        _ => {}
    }
}
