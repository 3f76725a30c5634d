//! Owns what speaks against a name in `names.lock`: a person may have edited it, or git.

use std::collections::HashMap;

use catalog::diagnostic::Code;

use super::line::Wrong;
use super::place::{Home, Key, Kind, Place, Side};
use super::{Entry, Lock};
use crate::case::is_keyword;
use crate::names;

/// rustdoc writes a file per type, and file systems stop at 255.
const LONGEST: usize = 210;

/// What speaks against the names of an entry: spelling, keywords, names of generated code.
pub(super) fn names(key: &Key, names: &[String]) -> Result<(), Wrong> {
    if key.kind == Kind::Arguments {
        // They are wire names: anything may be one.
        return Ok(());
    }
    names.iter().try_for_each(|name| one(key, name))
}

fn one(key: &Key, name: &str) -> Result<(), Wrong> {
    let wrong = |message: &str, help: &str| {
        let message = format!("`{name}` {message}");
        Err(Wrong::new(Code::BadName, message, help))
    };
    let is_type = is_camel(key);
    if !name.is_ascii() {
        return wrong("has letters beyond ASCII", "spell it with ASCII letters");
    }
    if name.len() > LONGEST {
        return wrong("is too long for a name", "use fewer than 200 letters");
    }
    let first = if is_type {
        char::is_ascii_uppercase
    } else {
        char::is_ascii_lowercase
    };
    let letters = |c: char| match is_type {
        true => c.is_ascii_alphanumeric(),
        false => c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_',
    };
    let plain = name.strip_suffix('_').unwrap_or(name);
    if !name.starts_with(|c| first(&c)) || !plain.chars().all(letters) {
        return match is_type {
            true => wrong(
                "is no name in UpperCamelCase",
                "use letters and digits, beginning with a capital",
            ),
            false => wrong(
                "is no name in snake_case",
                "use lower-case letters, digits and `_`, beginning with a letter",
            ),
        };
    }
    if is_keyword(name) || name == "Self" {
        return wrong("is a keyword of Rust", "append `_` to it");
    }
    if is_reserved(key, name) {
        return wrong(
            "is what generated code calls something else",
            "append `_` to it",
        );
    }
    Ok(())
}

/// Types and variants have capitals; of former names those of values.
fn is_camel(key: &Key) -> bool {
    match key.kind {
        Kind::Type | Kind::Variant => true,
        Kind::Former => !key.place.path.is_empty(),
        Kind::Mod | Kind::Fn | Kind::Field | Kind::Arguments => false,
    }
}

fn is_reserved(key: &Key, name: &str) -> bool {
    match (key.kind, key.place.side) {
        (Kind::Mod, Side::Module) | (Kind::Fn, Side::Session) => names::is_own_module(name),
        (Kind::Fn, _) => names::is_own_method(name),
        (Kind::Field, Side::Session) => false,
        (Kind::Field, _) => names::is_own_setter(name),
        (Kind::Type, _) => names::is_taken(name),
        (Kind::Variant, _) => name == "Other",
        _ => false,
    }
}

/// Where no two things may have the same name: a Rust module, a struct, an enum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Scope<'l> {
    api: &'l str,
    module: &'l str,
    /// Whose fields or variants they are.
    of: Option<(Side, &'l str, &'l [String])>,
    kind: Kind,
}

impl<'l> Scope<'l> {
    fn of(home: &'l Home, key: &'l Key) -> Option<Self> {
        let Key { place, kind } = key;
        let events = Some((Side::Event, "", [].as_slice()));
        let (module, of) = match kind {
            Kind::Former | Kind::Arguments => return None,
            Kind::Mod => ("", None),
            Kind::Type if place.side.is_told() => ("", events),
            // Where it lies follows from who shares it.
            Kind::Type if place.side == Side::Shape => {
                ("", Some((place.side, place.owner.as_str(), [].as_slice())))
            }
            Kind::Type if place.side == Side::Structure => {
                ("", Some((place.side, "", [].as_slice())))
            }
            Kind::Fn | Kind::Type => (home.module.as_str(), None),
            Kind::Field | Kind::Variant => match place.path.split_last() {
                Some((_, path)) => {
                    let owner = place.owner.as_str();
                    (home.module.as_str(), Some((place.side, owner, path)))
                }
                None => ("", events),
            },
        };
        let api = home.api.as_str();
        let kind = *kind;
        Some(Self {
            api,
            module,
            of,
            kind,
        })
    }
}

/// The names that are taken, and by what.
pub(super) struct Taken<'l>(HashMap<(Scope<'l>, &'l str), (&'l Home, &'l Key)>);

impl<'l> Taken<'l> {
    pub(super) fn of(lock: &'l Lock) -> Self {
        let mut taken = Self(HashMap::new());
        for (home, key, entry) in lock.entries() {
            taken.take(home, key, entry);
        }
        taken
    }

    fn take(&mut self, home: &'l Home, key: &'l Key, entry: &'l Entry) -> Option<&'l Place> {
        let scope = Scope::of(home, key)?;
        let first = self.0.insert((scope, entry.name()), (home, key))?;
        Some(&first.1.place)
    }

    /// Whether something has the name that this entry had.
    pub(super) fn has(&self, home: &Home, key: &Key, entry: &Entry) -> bool {
        let scope = Scope::of(home, key);
        scope.is_some_and(|scope| self.0.contains_key(&(scope, entry.name())))
    }
}

/// Two things of one name, where no two may be alike.
pub(super) fn alike(lock: &Lock) -> Vec<(&Home, &Key, &Entry, &Place)> {
    let mut taken = Taken(HashMap::new());
    let mut alike = Vec::new();
    for (home, key, entry) in lock.entries() {
        if let Some(first) = taken.take(home, key, entry) {
            alike.push((home, key, entry, first));
        }
    }
    alike
}
