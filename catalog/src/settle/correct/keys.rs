//! Owns what a correction may say, of what, and what each key does to a field.

use super::{Outcome, refuse};
use crate::config::{ChoiceEntry, Correction};
use crate::diagnostic::Code;
use crate::model::{Choice, Field};

/// What a correction can speak of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Target {
    Operation,
    Event,
    Field,
    Structure,
}

impl Target {
    fn of(correction: &Correction) -> Self {
        if correction.param.is_some() || correction.field.is_some() {
            Self::Field
        } else if correction.structure.is_some() {
            Self::Structure
        } else if correction.operation.is_none() {
            Self::Event
        } else {
            Self::Operation
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Operation => "an operation",
            Self::Event => "an event",
            Self::Field => "a field",
            Self::Structure => "a structure",
        }
    }
}

/// A key by which a correction says what is right.
pub(super) struct Key {
    pub(super) name: &'static str,
    targets: &'static [Target],
    is_said: fn(&Correction) -> bool,
    /// What it does to a field.
    pub(super) change: fn(&Correction, &mut Field),
}

/// What stands under a key, if anything does.
trait Said {
    type Value: ?Sized;
    fn said(&self) -> Option<&Self::Value>;
}

impl<T> Said for Option<T> {
    type Value = T;
    fn said(&self) -> Option<&T> {
        self.as_ref()
    }
}

impl<T> Said for Vec<T> {
    type Value = [T];
    fn said(&self) -> Option<&[T]> {
        Some(self.as_slice()).filter(|said| !said.is_empty())
    }
}

impl Said for bool {
    type Value = bool;
    fn said(&self) -> Option<&bool> {
        Some(self).filter(|said| **said)
    }
}

/// `"key" key [targets] (field, said) what it does to a field;`
macro_rules! keys {
    ($($name:literal $key:ident [$($target:ident)*] $(($field:ident, $said:ident) $change:expr)?;)*) => {
        const KEYS: &[Key] = &[$(Key {
            name: $name,
            targets: &[$(Target::$target),*],
            is_said: |correction| correction.$key.said().is_some(),
            change: |_correction, _field| {
                $(if let (Some($said), $field) = (_correction.$key.said(), _field) { $change; })?
            },
        }),*];
    };
}

keys! {
    "rename" rename [Operation Event Field Structure] (field, name) field.name = Some(name.clone());
    "drop" drop [Operation Event Field];
    "title" title [Operation Event Field Structure] (field, title) field.title.clone_from(title);
    "deprecated" deprecated [Operation Field] (field, is) field.deprecated = *is;
    "payload" payload [Operation Event];
    "pace_ms" pace_ms [Operation];
    "patience_s" patience_s [Operation];
    "auth" auth [Operation];
    "one_of" one_of [Operation];
    "incomplete" incomplete [Operation];
    "add" add [Event Field];
    "wire" wire [Field] (field, wire) if *wire != field.wire {
        field.aliases.push(std::mem::replace(&mut field.wire, wire.clone()));
    };
    "aliases" aliases [Field] (field, aliases) for alias in aliases {
        if !field.aliases.contains(alias) {
            field.aliases.push(alias.clone());
        }
    };
    "type" ty [Field] (field, said) {
        let (ty, structure) = said.meant();
        field.ty = ty;
        field.structure = structure.map(str::to_owned);
        if !field.ty.has_members() || structure.is_some() {
            field.fields.clear();
        }
    };
    "required" required [Field] (field, is) field.required = *is;
    "nullable" nullable [Field] (field, is) {
        field.nullable = *is;
        field.required |= is;
    };
    "nest" nest [Event Field];
    "place" place [Field] (field, place) field.place = *place;
    "encoding" encoding [Field] (field, encoding) field.encoding = *encoding;
    "list" list [Field] (field, sign) field.list = Some(sign.clone()).filter(|sign| !sign.is_empty());
    "values" values [Field] (field, values) field.values = values.iter().map(choice).collect();
    "constant" constant [Field] (field, value) field.constant = Some(value.clone());
    "default" default [Field] (field, value) field.default = Some(value.clone());
    "secret" secret [Field] (field, is) field.secret = *is;
    "private" private [Field] (field, is) field.private = *is;
    "certain" certain [Field] (field, is) field.certain = *is;
    "min_items" min_items [Field] (field, least) field.limits.min_items = Some(*least);
    "max_items" max_items [Field] (field, most) field.limits.max_items = Some(*most);
}

fn choice(entry: &ChoiceEntry) -> Choice {
    Choice {
        value: entry.value.clone(),
        title: entry.title.clone(),
        name: entry.name.clone(),
    }
}

/// The keys by which a correction says what is right.
pub(super) fn said(correction: &Correction) -> impl Iterator<Item = &'static Key> {
    KEYS.iter().filter(move |key| (key.is_said)(correction))
}

/// A correction says what it corrects, what is right, and why.
pub(super) fn checked(correction: &Correction) -> Outcome {
    let target = Target::of(correction);
    let places = [
        correction.operation.is_some(),
        correction.event.is_some(),
        !correction.events.is_empty(),
        correction.shape.is_some(),
        correction.structure.is_some(),
    ];
    let wrong = [
        (
            places.into_iter().filter(|said| *said).count() != 1,
            "a correction names either an `operation`, an `event`, several `events`, a `shape` or a `structure`",
            "add `operation = \"…\"`; `*` stands for any text",
        ),
        (
            correction.shape.is_some() && correction.field.is_none(),
            "a correction of a `shape` is about one of its fields",
            "add `field = \"…\"`; its name and title stand in [[shape]]",
        ),
        (
            correction.why.trim().is_empty(),
            "a correction without a `why`",
            "say in one sentence why the documents are wrong",
        ),
        (
            said(correction).next().is_none(),
            "a correction that corrects nothing",
            "say what is right, such as `type = \"long\"`",
        ),
        (
            correction.param.is_some()
                && (correction.field.is_some() || correction.operation.is_none()),
            "`param` is a parameter of an operation, `field` is in a reply or an event; use one",
            "write two corrections",
        ),
        (
            target == Target::Event && correction.add != correction.nest.is_some(),
            "an event is added to a chapter, and only then has one",
            "say both `add = true` and `nest = \"…\"`, the slug of the chapter",
        ),
    ];
    if let Some((_, message, help)) = wrong.into_iter().find(|(is_wrong, ..)| *is_wrong) {
        return refuse(Code::BadCorrection, message, help);
    }
    let Some(key) = said(correction).find(|key| !key.targets.contains(&target)) else {
        return Ok(());
    };
    let message = format!("`{}` cannot be said of {}", key.name, target.as_str());
    let help = match target {
        Target::Field => "write a correction of its own, without `param` and `field`",
        _ => "name the field it is about: `param = \"…\"` or `field = \"…\"`",
    };
    refuse(Code::BadCorrection, message, help)
}

#[cfg(test)]
mod tests {
    use super::{Correction, KEYS};

    /// What is right is said by a key of the table, or it would be read and forgotten.
    #[test]
    fn every_key_of_a_correction_is_carried_out() {
        const SELECT: &[&str] = &[
            "operation",
            "event",
            "events",
            "shape",
            "structure",
            "api",
            "param",
            "field",
            "why",
        ];
        let schema = schemars::schema_for!(Correction);
        let known = schema.get("properties").and_then(|known| known.as_object());
        let known = known.expect("properties").keys().map(String::as_str);
        for key in known.filter(|key| !SELECT.contains(key)) {
            assert!(KEYS.iter().any(|one| one.name == key), "{key}");
        }
    }
}
