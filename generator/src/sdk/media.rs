//! Owns what holds media: structures that are one, that hold theirs, or that hold such structures.

use catalog::model;

use super::object::{Member, Object};
use super::{Callbacks, Structure, Type, Types};

/// How media travel, and what holds some.
#[derive(Clone, Debug, PartialEq)]
pub struct Media {
    /// What is declared of them.
    pub model: model::Media,
    /// What is a medium, or holds some.
    pub holders: Vec<Holder>,
    /// Variants of the events that hold some, e.g. `UserMessage`.
    pub events: Vec<String>,
}

/// A structure or an event's payload that is a medium, or holds some.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// `ImageItem`.
    pub ident: String,
    /// It is declared among the events.
    pub told: bool,
    /// How it does.
    pub holds: Holds,
}

/// How a structure has to do with media.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Holds {
    /// It is one.
    Medium {
        /// The field with the whole address.
        url: Option<Held>,
        /// The field that stands for it.
        param: Option<Held>,
        /// The field with the key.
        key: Option<Held>,
    },
    /// It holds its own, in these fields, e.g. `media`.
    Own {
        /// Where.
        fields: Vec<Held>,
        /// The field beside them with a key that wins.
        beside: Option<Held>,
        /// Without a key the medium is not encrypted.
        plain: bool,
    },
    /// It holds structures that hold some, in these fields, e.g. `item_list`.
    Others(Vec<Held>),
}

/// A field of a structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// `aes_key`.
    pub ident: String,
    /// It is always there.
    pub certain: bool,
}

impl Held {
    fn of(member: &Member) -> Self {
        Self {
            ident: member.ident.clone(),
            certain: member.certain,
        }
    }
}

impl Media {
    /// With what holds media, of all that is received.
    pub(super) fn of(
        model: model::Media,
        structures: &[Structure],
        shared: &Types,
        callbacks: Option<&Callbacks>,
    ) -> Self {
        let mut media = Self {
            model,
            holders: Vec::new(),
            events: Vec::new(),
        };
        let Some(down) = media.model.down.clone() else {
            return media;
        };
        let of = |object: &Object| structures.iter().find(|one| one.ident == object.ident);
        let shared = shared.objects.iter().filter(|object| object.received);
        let shared = shared.map(|object| (object, of(object), false));
        let told = callbacks.iter().flat_map(|all| &all.types.objects);
        let told = told.map(|object| (object, None, true));
        let mut left: Vec<(&Object, Option<&Structure>, bool)> = shared.chain(told).collect();
        let wire = media.model.structure.clone();
        media.take(&mut left, |object, structure, _| {
            let is_one = structure.is_some_and(|one| one.model.wire == wire);
            is_one.then(|| medium(&down, object))
        });
        media.take(&mut left, |object, structure, found| {
            own(&down, structure, object, found)
        });
        while media.take(&mut left, |object, _, found| others(object, found)) {}
        let events = callbacks.iter().flat_map(|all| &all.events);
        let events = events.filter(|event| holds_some(&event.payload, &media.holders));
        media.events = events.map(|event| event.ident.clone()).collect();
        media
    }

    /// Finds further holders among those that are left.
    fn take(
        &mut self,
        left: &mut Vec<(&Object, Option<&Structure>, bool)>,
        holds: impl Fn(&Object, Option<&Structure>, &[Holder]) -> Option<Holds>,
    ) -> bool {
        let before = self.holders.len();
        left.retain(|(object, structure, told)| {
            let Some(holds) = holds(object, *structure, &self.holders) else {
                return true;
            };
            let (ident, told) = (object.ident.clone(), *told);
            self.holders.push(Holder { ident, told, holds });
            false
        });
        self.holders.len() > before
    }
}

fn medium(down: &model::Download, object: &Object) -> Holds {
    let field = |wire: Option<&String>| member(object, wire?);
    Holds::Medium {
        url: field(down.url.as_ref()),
        param: field(down.param.as_ref()),
        key: field(Some(&down.key)),
    }
}

fn own(
    down: &model::Download,
    structure: Option<&Structure>,
    object: &Object,
    found: &[Holder],
) -> Option<Holds> {
    let is_medium = |ty: &Type| {
        found
            .iter()
            .any(|one| *ty == Type::Object(one.ident.clone()))
    };
    let members = object.members.iter();
    let members = members.filter(|member| down.fields.contains(&member.wire));
    let fields: Vec<Held> = members
        .filter(|member| is_medium(&member.ty))
        .map(Held::of)
        .collect();
    (!fields.is_empty()).then(|| Holds::Own {
        fields,
        beside: down.beside.as_ref().and_then(|wire| member(object, wire)),
        plain: structure.is_some_and(|one| down.plain.contains(&one.model.wire)),
    })
}

fn others(object: &Object, found: &[Holder]) -> Option<Holds> {
    let members = object
        .members
        .iter()
        .filter(|member| holds_some(&member.ty, found));
    let fields: Vec<Held> = members.map(Held::of).collect();
    (!fields.is_empty()).then_some(Holds::Others(fields))
}

/// What is held in a box is held by what it holds: a message that another quotes is no part of it.
fn holds_some(ty: &Type, found: &[Holder]) -> bool {
    match ty {
        Type::List(of) => holds_some(of, found),
        Type::Object(ident) => found
            .iter()
            .any(|one| one.ident == *ident && !matches!(one.holds, Holds::Medium { .. })),
        _ => false,
    }
}

fn member(object: &Object, wire: &str) -> Option<Held> {
    let mut members = object.members.iter();
    members.find(|member| member.wire == wire).map(Held::of)
}
