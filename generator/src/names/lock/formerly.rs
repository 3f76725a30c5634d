//! Owns lock files of older times: a section a kind of name, under keys of the wire. They are read,
//! and what they hold is written in the present form.

use std::collections::BTreeMap;

use catalog::diagnostic::Code;

use super::Entry;
use super::line::Wrong;
use super::place::{Home, Key, Kind, Place, Side};
use crate::case::Words;

/// A section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Old {
    /// Slug to module.
    Module,
    /// Operation id to method.
    Operation,
    /// Event id to name.
    Event,
    /// Wire name to field, wherever it stands.
    Field,
    /// Operation id, path and value to variant.
    Value,
    /// Operation id to the wire names of arguments.
    Arguments,
    /// What operations and values were once called.
    Former,
}

/// What such a file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Formerly(BTreeMap<(Old, String), Vec<String>>);

impl Old {
    pub(crate) fn of(section: &str) -> Option<Self> {
        Some(match section {
            "module" => Self::Module,
            "operation" => Self::Operation,
            "event" => Self::Event,
            "field" => Self::Field,
            "value" => Self::Value,
            "arguments" => Self::Arguments,
            "former" => Self::Former,
            _ => return None,
        })
    }
}

impl Formerly {
    /// Adds a line of a section; a name that is none in Rust was not written by us.
    pub(super) fn read(&mut self, section: Old, line: &str) -> Result<(), Wrong> {
        let strange = |message: String| {
            let help = "restore the line, or remove it: without it codegen decides the name anew";
            Wrong::new(Code::Unreadable, message, help)
        };
        let table: toml::Table =
            toml::from_str(line).map_err(|error| strange(error.message().to_owned()))?;
        for (key, value) in table {
            let names: Option<Vec<String>> = match value {
                toml::Value::String(name) => Some(vec![name]),
                toml::Value::Array(names) => names
                    .into_iter()
                    .map(|name| name.as_str().map(str::to_owned))
                    .collect(),
                _ => None,
            };
            let names = names.ok_or_else(|| strange(format!("`{key}` has no name")))?;
            let wrong = names.iter().find(|name| !is_name(name));
            if let Some(name) = wrong.filter(|_| section != Old::Arguments) {
                return Err(strange(format!("`{name}` is no name in Rust")));
            }
            let known = self.0.entry((section, key)).or_default();
            known.extend(names);
        }
        Ok(())
    }

    /// The same thing under the key that it had.
    pub(crate) fn entry(&self, home: &Home, key: &Key) -> Option<Entry> {
        if self.0.is_empty() {
            return None;
        }
        let (section, old) = old(home, key)?;
        let names = self.0.get(&(section, old))?;
        let names = match section {
            Old::Arguments | Old::Former => names.clone(),
            Old::Event => vec![Words::of_ident(names.last()?).pascal()],
            _ => vec![names.last()?.clone()],
        };
        Some(Entry {
            names,
            title: String::new(),
        })
    }

    /// What a field was called, wherever it stands.
    pub(crate) fn field(&self, wire: &str) -> Option<&str> {
        let names = self.0.get(&(Old::Field, wire.to_owned()))?;
        names.last().map(String::as_str)
    }
}

fn old(home: &Home, key: &Key) -> Option<(Old, String)> {
    let Key { place, kind } = key;
    let is_value = !place.path.is_empty();
    let keyed = |id: &str| match home.api.as_str() {
        "" => id.to_owned(),
        api => format!("{api}/{id}"),
    };
    Some(match (kind, place.side) {
        (Kind::Mod, Side::Module) => (Old::Module, keyed(&home.module)),
        (Kind::Fn, Side::Call) => (Old::Operation, keyed(&place.owner)),
        (Kind::Arguments, Side::Call) => (Old::Arguments, keyed(&place.owner)),
        (Kind::Former, Side::Call) if !is_value => (Old::Former, keyed(&place.owner)),
        (Kind::Variant, Side::Event) if !is_value => (Old::Event, keyed(&place.owner)),
        (Kind::Variant, _) if is_value => (Old::Value, value(place, &keyed)),
        (Kind::Former, _) if is_value => (Old::Former, value(place, &keyed)),
        _ => return None,
    })
}

/// The key of a value: whose it is, the path, `=` and the value.
fn value(place: &Place, keyed: &dyn Fn(&str) -> String) -> String {
    let owner = match place.side {
        Side::Event => format!("event {}", keyed(&place.owner)),
        Side::Result => "the result".to_owned(),
        Side::Element => "the elements' data".to_owned(),
        Side::Shape => keyed(&format!("the shape {}", place.owner)),
        _ => keyed(&place.owner),
    };
    let mut path = place.path.clone();
    let value = path.pop().unwrap_or_default();
    path.insert(0, owner);
    format!("{}={value}", path.join(" "))
}

fn is_name(name: &str) -> bool {
    let letters = |c: char| c.is_ascii_alphanumeric() || c == '_';
    name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(letters)
        && !matches!(name, "Self" | "Other")
}
