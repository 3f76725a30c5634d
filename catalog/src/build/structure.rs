//! Owns structures on their way to the model: the names that types can name, what examples show of each wherever it
//! is used, and its members.
//!
//! In: entries, such as `结构：Comment` with its rows, and a reply with a row `comments | Comment[]` and its example.
//! Out: the structure, each member typed by its row and by every example that has one.

use std::collections::BTreeMap;

use super::fields::{self, Side};
use super::nest::name_cell;
use super::{Reader, envelope, samples, source};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic};
use crate::document;
use crate::entry::{Entry, EntryKind, Row, SampleKind};
use crate::json::Value;
use crate::model::{Reply, Structure, Type};
use crate::path::{DEEPEST, segments};
use crate::prose::{TypeCell, TypeWord, type_cell};
use crate::sample::Shape;

/// The API and the name.
type Key = (Option<String>, String);

/// What is known of structures before one is read.
#[derive(Debug, Default)]
pub(crate) struct Structures {
    /// Names, and the APIs that have them.
    names: BTreeMap<String, Vec<Option<String>>>,
    /// What examples show.
    shapes: BTreeMap<Key, Shape>,
}

impl Structures {
    /// Those that these entries describe.
    pub(super) fn of(entries: &[Entry]) -> Self {
        let mut names: BTreeMap<String, Vec<Option<String>>> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| is_structure(entry)) {
            let apis = names.entry(name(entry).to_owned()).or_default();
            apis.push(entry.api.clone());
        }
        Self {
            names,
            shapes: BTreeMap::new(),
        }
    }

    /// Remembers what the examples of these entries show; rows that are placed have their paths.
    pub(super) fn look(&mut self, entries: &[Entry], config: &Config) {
        if self.names.is_empty() {
            return;
        }
        let described = entries.iter().filter(|entry| is_structure(entry));
        let described = described.map(|entry| (key(entry), self.named_rows(entry, &entry.params)));
        let mut seen = Seen {
            described: described.collect(),
            values: BTreeMap::new(),
        };
        for entry in entries {
            self.look_at(entry, config, &mut seen);
        }
        let shapes = seen.values.into_iter();
        self.shapes = shapes
            .map(|(key, values)| (key, Shape::of(values)))
            .collect();
    }

    fn look_at<'e>(&self, entry: &'e Entry, config: &Config, seen: &mut Seen<'e>) {
        let layouts = config.layouts(entry.api.as_deref());
        let asked = self.named_rows(entry, &entry.params);
        let answered = self.named_rows(entry, &entry.returns);
        let whole = entry
            .structure
            .as_deref()
            .map(|cell| self.read(entry, cell));
        let whole = whole.and_then(|cell| cell.word);
        // What lies deeper is reported where rows are placed.
        let samples = entry.samples.iter();
        for sample in samples.filter(|sample| sample.value.depth() <= DEEPEST) {
            let (rows, payload, value) = match sample.kind {
                SampleKind::Request => (&asked, None, &sample.value),
                SampleKind::Reply => {
                    let payload = layouts.reply.payload.as_deref();
                    (&answered, payload, &sample.value)
                }
                SampleKind::Event => {
                    let payload = layouts.event.payload.as_deref();
                    let value = envelope::unwrapped(&sample.value, layouts);
                    (&asked, payload, value)
                }
            };
            if is_structure(entry) {
                seen.structure(&key(entry), value);
                continue;
            }
            seen.rows(&entry.api, rows, value);
            let inside = match payload {
                Some(key) => value.get(key),
                None => (sample.kind == SampleKind::Event).then_some(value),
            };
            if let (Some(word), Some(value)) = (&whole, inside) {
                seen.word(&entry.api, word, value);
            }
        }
    }

    /// Paths of rows whose types name structures.
    fn named_rows(&self, entry: &Entry, rows: &[Row]) -> Vec<(String, TypeWord)> {
        let named = rows.iter().filter_map(|row| {
            let word = self.read(entry, &document::plain(&row.ty)).word;
            let path = row.path.clone();
            let path = path.unwrap_or_else(|| name_cell(&row.name).name);
            Some((path, word.filter(TypeWord::is_whole)?))
        });
        named.collect()
    }

    /// What a cell says of a type.
    pub(super) fn read(&self, entry: &Entry, cell: &str) -> TypeCell {
        let api = &entry.api;
        let has = |word: &str| {
            let apis = self.names.get(word);
            apis.is_some_and(|apis| apis.contains(api))
        };
        type_cell(cell, &has)
    }

    /// Every name that types of an API can have.
    pub(super) fn names<'s>(&'s self, api: &Option<String>) -> impl Iterator<Item = &'s str> {
        let names = self.names.iter();
        let known = names.filter(|(_, apis)| apis.contains(api));
        known.map(|(name, _)| name.as_str())
    }

    /// What the examples show of a structure.
    pub(super) fn shape(&self, entry: &Entry) -> Shape {
        self.shapes.get(&key(entry)).cloned().unwrap_or_default()
    }
}

fn is_structure(entry: &Entry) -> bool {
    entry.kind == EntryKind::Structure
}

/// The name by which types name it.
fn name(entry: &Entry) -> &str {
    entry.wire.first().unwrap_or(&entry.title)
}

fn key(entry: &Entry) -> Key {
    (entry.api.clone(), name(entry).to_owned())
}

/// What examples show of structures.
struct Seen<'e> {
    /// Their members that are structures.
    described: BTreeMap<Key, Vec<(String, TypeWord)>>,
    values: BTreeMap<Key, Vec<&'e Value>>,
}

impl<'e> Seen<'e> {
    fn rows(&mut self, api: &Option<String>, rows: &[(String, TypeWord)], value: &'e Value) {
        for (path, word) in rows {
            let mut found = vec![value];
            for name in segments(path) {
                let members = found.into_iter().flat_map(elements);
                found = members.filter_map(|value| value.get(name)).collect();
            }
            for value in found {
                self.word(api, word, value);
            }
        }
    }

    fn word(&mut self, api: &Option<String>, word: &TypeWord, value: &'e Value) {
        match word {
            TypeWord::List(of) => {
                for element in elements(value) {
                    self.word(api, of, element);
                }
            }
            TypeWord::Structure(name) if value.as_object().is_some() => {
                self.structure(&(api.clone(), name.clone()), value);
            }
            TypeWord::Members(members) => {
                for member in members {
                    if let (Some(word), Some(value)) = (&member.ty, value.get(&member.name)) {
                        self.word(api, word, value);
                    }
                }
            }
            _ => {}
        }
    }

    fn structure(&mut self, key: &Key, value: &'e Value) {
        self.values.entry(key.clone()).or_default().push(value);
        let rows = self.described.get(key).cloned().unwrap_or_default();
        self.rows(&key.0, &rows, value);
    }
}

/// The elements of a list, of a list of lists, …, or the value itself.
fn elements(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(elements) => elements.iter().flat_map(self::elements).collect(),
        value => vec![value],
    }
}

impl Reader<'_> {
    pub(super) fn structure(&self, entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Structure {
        let shape = self.known.structures.shape(entry);
        let side = Side::of_structure(entry, self.config, &shape, &self.known);
        let read = fields::read(&entry.params, &side, diagnostics);
        Structure {
            api: entry.api.clone(),
            wire: name(entry).to_owned(),
            title: entry.title.clone(),
            fields: read.split(None, &[], true).fields,
            name: None,
            samples: samples(entry),
            notes: entry.notes.clone(),
            source: source(entry),
        }
    }

    /// The structure that a payload is, where the section says so.
    pub(super) fn payload(
        &self,
        entry: &Entry,
        rows: &[Row],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<(String, Reply)> {
        let cell = entry.structure.as_deref()?;
        let structures = &self.known.structures;
        let (name, reply) = match structures.read(entry, cell).word {
            Some(TypeWord::Structure(name)) => (name, Reply::Object),
            Some(TypeWord::List(of)) => match *of {
                TypeWord::Structure(name) => (name, Reply::of(Type::Object.listed())),
                _ => return self.no_structure(entry, cell, diagnostics),
            },
            _ => return self.no_structure(entry, cell, diagnostics),
        };
        if let Some(row) = rows.first() {
            let message = format!(
                "`{}` is the structure `{name}`, and lists fields of its own: those of the structure count",
                entry.title
            );
            let finding = Diagnostic::new(Code::FieldMismatch, message).at_if(row.at.clone());
            diagnostics
                .push(finding.help("remove the table, or the line that names the structure"));
        }
        Some((name, reply))
    }

    fn no_structure<T>(
        &self,
        entry: &Entry,
        cell: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<T> {
        let known = self.known.structures.names(&entry.api);
        let near = crate::spelling::did_you_mean(cell, known);
        let message = format!(
            "`{}` is said to be the structure `{cell}`, which no section describes{near}",
            entry.title
        );
        let finding = Diagnostic::new(Code::UnknownType, message).at_if(entry.at.clone());
        diagnostics.push(finding.help("name a structure, as in `结构：Comment`"));
        None
    }
}

/// Two sections that describe one structure.
pub(super) fn repeated(first: &Structure, second: &Structure) -> Diagnostic {
    let message = format!(
        "two sections describe the structure `{}`: `{}` and `{}`",
        first.wire, first.title, second.title
    );
    Diagnostic::error(Code::DuplicateId, message)
        .at_if(second.source.at.clone())
        .help("remove one of them, or give it a name of its own")
}
