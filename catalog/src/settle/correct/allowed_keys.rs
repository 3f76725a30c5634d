//! Owns what a correction may say, and of what.

use super::{Outcome, refuse};
use crate::config::Correction;
use crate::diagnostic::Code;

/// What a correction can speak of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
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

/// The keys by which a correction says what is right, and what each can be said of.
///
/// One long table on purpose: taking the correction apart by name makes a new key a compile error here.
#[expect(
    clippy::too_many_lines,
    reason = "a table, and taking the correction apart makes a new key a compile error"
)]
pub(super) fn said(correction: &Correction) -> Vec<(&'static str, &'static [Target])> {
    use Target::{Event, Field, Operation, Structure};
    let Correction {
        operation: _,
        event: _,
        events: _,
        shape: _,
        structure: _,
        api: _,
        param: _,
        field: _,
        why: _,
        rename,
        drop,
        add,
        wire,
        aliases,
        title,
        ty,
        required,
        nullable,
        nest,
        place,
        encoding,
        list,
        values,
        constant,
        default,
        secret,
        private,
        deprecated,
        certain,
        min_items,
        max_items,
        pace_ms,
        patience_s,
        auth,
        one_of,
        payload,
        incomplete,
    } = correction;
    let keys: [(&str, bool, &[Target]); 28] = [
        (
            "rename",
            rename.is_some(),
            &[Operation, Event, Field, Structure],
        ),
        ("drop", *drop, &[Operation, Event, Field]),
        (
            "title",
            title.is_some(),
            &[Operation, Event, Field, Structure],
        ),
        ("deprecated", deprecated.is_some(), &[Operation, Field]),
        ("payload", payload.is_some(), &[Operation, Event]),
        ("pace_ms", pace_ms.is_some(), &[Operation]),
        ("patience_s", patience_s.is_some(), &[Operation]),
        ("auth", auth.is_some(), &[Operation]),
        ("one_of", !one_of.is_empty(), &[Operation]),
        ("incomplete", incomplete.is_some(), &[Operation]),
        ("add", *add, &[Event, Field]),
        ("wire", wire.is_some(), &[Field]),
        ("aliases", !aliases.is_empty(), &[Field]),
        ("type", ty.is_some(), &[Field]),
        ("required", required.is_some(), &[Field]),
        ("nullable", nullable.is_some(), &[Field]),
        ("nest", nest.is_some(), &[Event, Field]),
        ("place", place.is_some(), &[Field]),
        ("encoding", encoding.is_some(), &[Field]),
        ("list", list.is_some(), &[Field]),
        ("values", values.is_some(), &[Field]),
        ("constant", constant.is_some(), &[Field]),
        ("default", default.is_some(), &[Field]),
        ("secret", secret.is_some(), &[Field]),
        ("private", private.is_some(), &[Field]),
        ("certain", certain.is_some(), &[Field]),
        ("min_items", min_items.is_some(), &[Field]),
        ("max_items", max_items.is_some(), &[Field]),
    ];
    keys.into_iter()
        .filter(|(_, set, _)| *set)
        .map(|(key, _, targets)| (key, targets))
        .collect()
}

/// A correction speaks of one place.
fn one_place(correction: &Correction) -> Outcome {
    let places = [
        correction.operation.is_some(),
        correction.event.is_some(),
        !correction.events.is_empty(),
        correction.shape.is_some(),
        correction.structure.is_some(),
    ];
    if places.into_iter().filter(|said| *said).count() != 1 {
        return refuse(
            Code::BadCorrection,
            "a correction names either an `operation`, an `event`, several `events`, a `shape` or a `structure`",
            "add `operation = \"…\"`; `*` stands for any text",
        );
    }
    if correction.shape.is_some() && correction.field.is_none() {
        return refuse(
            Code::BadCorrection,
            "a correction of a `shape` is about one of its fields",
            "add `field = \"…\"`; its name and title stand in [[shape]]",
        );
    }
    Ok(())
}

/// A correction says what it corrects, what is right, and why.
pub(super) fn checked(correction: &Correction) -> Outcome {
    let said = said(correction);
    let target = Target::of(correction);
    one_place(correction)?;
    if correction.why.trim().is_empty() {
        return refuse(
            Code::BadCorrection,
            "a correction without a `why`",
            "say in one sentence why the documents are wrong",
        );
    }
    if said.is_empty() {
        return refuse(
            Code::BadCorrection,
            "a correction that corrects nothing",
            "say what is right, such as `type = \"long\"`",
        );
    }
    if correction.param.is_some() && (correction.field.is_some() || correction.operation.is_none())
    {
        return refuse(
            Code::BadCorrection,
            "`param` is a parameter of an operation, `field` is in a reply or an event; use one",
            "write two corrections",
        );
    }
    if target == Target::Event && correction.add != correction.nest.is_some() {
        return refuse(
            Code::BadCorrection,
            "an event is added to a chapter, and only then has one",
            "say both `add = true` and `nest = \"…\"`, the slug of the chapter",
        );
    }
    if let Some((key, _)) = said.iter().find(|(_, targets)| !targets.contains(&target)) {
        return refuse(
            Code::BadCorrection,
            format!("`{key}` cannot be said of {}", target.as_str()),
            if target == Target::Field {
                "write a correction of its own, without `param` and `field`"
            } else {
                "name the field it is about: `param = \"…\"` or `field = \"…\"`"
            },
        );
    }
    Ok(())
}
