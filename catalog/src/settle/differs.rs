//! Owns `[[differs]]`: that ours say what is declared, and what callers are told of it.
//!
//! In: the model as the documents have it, before it is corrected. Out: remarks on operations, events and fields, and
//! a finding for an entry that speaks of what is not there, or of what ours say otherwise. Whether the vendor's
//! document says what an entry has as `was` is for a test to see, which has that document.

use std::sync::Arc;

use super::{Finding, carry_out, stale};
use crate::config::{Aspect, Config, Differs, selects};
use crate::diagnostic::Diagnostic;
use crate::facts::{self, Fact};
use crate::model::{Field, Module, Note, Provider};
use crate::source::SourceFile;
use crate::spelling;

/// Remarks what is declared, where it is so.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    carry_out(&config.differs, "differs", file, |entry| {
        check(entry)?;
        let mut remarking = Remarking::new(entry);
        for module in &mut provider.modules {
            if entry.api.is_none() || entry.api == module.api {
                remarking.module(module);
            }
        }
        remarking.outcome(provider)
    })
}

/// What must hold of an entry by itself.
fn check(entry: &Differs) -> Result<(), Finding> {
    let wrong = if entry.operation.is_some() == entry.event.is_some() {
        "a [[differs]] names an `operation` or an `event`"
    } else if entry.param.is_some() && (entry.field.is_some() || entry.event.is_some()) {
        "a [[differs]] names a `param` of an operation, or a `field` of a reply or an event"
    } else if entry.was == entry.is {
        "a [[differs]] has another `is` than `was`"
    } else if entry.note.is_some() && entry.is.is_empty() && is_whole(entry.what) {
        "what is left out has no place for a `note`"
    } else {
        return Ok(());
    };
    Err(stale(wrong.to_owned(), "mend or remove it"))
}

/// Whether the whole place is there or not.
fn is_whole(what: Aspect) -> bool {
    matches!(what, Aspect::Section | Aspect::Row)
}

struct Remarking<'e> {
    entry: &'e Differs,
    /// Sections of the name.
    sections: usize,
    /// Places of the path in them.
    places: usize,
    /// Those that say what is declared.
    said: usize,
    /// What one of the others says.
    other: Option<String>,
    /// Paths that there are, for the suggestion.
    known: Vec<String>,
}

impl<'e> Remarking<'e> {
    fn new(entry: &'e Differs) -> Self {
        Self {
            entry,
            sections: 0,
            places: 0,
            said: 0,
            other: None,
            known: Vec::new(),
        }
    }

    fn module(&mut self, module: &mut Module) {
        let named = |pattern: &Option<String>, id: &str, wires: &[String]| {
            let pattern = pattern.as_deref();
            pattern.is_some_and(|name| {
                selects(name, id) || wires.iter().any(|wire| selects(name, wire))
            })
        };
        let entry = self.entry;
        for operation in &mut module.operations {
            if !named(
                &entry.operation,
                &operation.id,
                std::slice::from_ref(&operation.wire),
            ) {
                continue;
            }
            self.sections += 1;
            let operation = Arc::make_mut(operation);
            match (&entry.param, &entry.field) {
                (Some(path), _) => self.fields(&mut operation.params, path, true),
                (_, Some(path)) => self.fields(&mut operation.returns, path, false),
                _ => {
                    let note = self.place(facts::operation(operation));
                    operation.notes.extend(note.map(Note::Text));
                }
            }
        }
        for event in &mut module.events {
            if !named(&entry.event, &event.id, &event.wire) {
                continue;
            }
            self.sections += 1;
            let event = Arc::make_mut(event);
            match &entry.field {
                Some(path) => self.fields(&mut event.fields, path, false),
                None => {
                    let note = self.place(facts::event(event));
                    event.notes.extend(note.map(Note::Text));
                }
            }
        }
    }

    fn fields(&mut self, fields: &mut [Field], pattern: &str, is_asked: bool) {
        self.below(fields, "", &pattern.replace("[]", ""), is_asked);
    }

    fn below(&mut self, fields: &mut [Field], prefix: &str, pattern: &str, is_asked: bool) {
        for field in fields {
            let path = crate::path::join(prefix, &field.wire);
            if selects(pattern, &path) {
                let note = self.place(facts::field(field, &path, is_asked));
                field.notes.extend(note);
            }
            self.below(&mut field.fields, &path, pattern, is_asked);
            self.known.push(path);
        }
    }

    /// Counts a place, and gives the remark that belongs there.
    fn place(&mut self, facts: Vec<Fact>) -> Option<String> {
        self.places += 1;
        let (_, is) = facts
            .into_iter()
            .find(|(what, _)| *what == self.entry.what)?;
        if !selects(&self.entry.is, &is) {
            self.other = Some(is);
            return None;
        }
        self.said += 1;
        self.entry.note.clone()
    }

    fn outcome(self, provider: &Provider) -> Result<(), Finding> {
        let entry = self.entry;
        let section = entry.operation.as_ref().or(entry.event.as_ref());
        let section = section.map_or("", String::as_str);
        let path = entry.param.as_ref().or(entry.field.as_ref());
        let gone = entry.is.is_empty() && is_whole(entry.what);
        match (self.sections, self.places, self.said) {
            (0, ..) if gone && entry.what == Aspect::Section => Ok(()),
            (0, ..) => {
                let near = spelling::did_you_mean(section, known(provider));
                let message = format!("[[differs]] names `{section}`, which is not there{near}");
                Err(stale(message, "name its id or wire, or remove the entry"))
            }
            (_, 0, _) if gone => Ok(()),
            (_, 0, _) => {
                let path = path.map_or("", String::as_str);
                let near = spelling::did_you_mean(path, self.known.iter().map(String::as_str));
                let message = format!("[[differs]]: `{section}` has no `{path}`{near}");
                Err(stale(
                    message,
                    "name the path of a row, or remove the entry",
                ))
            }
            (_, _, 0) if !gone => {
                let (what, is) = (entry.what.as_str(), &entry.is);
                let other = self.other.unwrap_or_default();
                let message = format!("[[differs]]: the {what} is `{other}`, not `{is}`");
                Err(stale(
                    message,
                    "say what our specification says, or remove the entry",
                ))
            }
            (_, 1.., _) if gone && !path.is_some_and(|path| path.contains('*')) => {
                let place = path.map_or("itself", String::as_str);
                let message =
                    format!("[[differs]]: `{section}` has `{place}`, which is said to be left out");
                Err(stale(message, "remove the entry"))
            }
            _ => Ok(()),
        }
    }
}

fn known(provider: &Provider) -> impl Iterator<Item = &str> {
    let operations = provider.operations().flat_map(|one| [&*one.id, &*one.wire]);
    let events = provider.events();
    let events = events.flat_map(|one| one.wire.iter().map(String::as_str).chain([&*one.id]));
    operations.chain(events)
}
