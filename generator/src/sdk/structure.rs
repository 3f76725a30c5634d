//! Owns structures: types that the documents describe once, and that fields name, perhaps their own.

use std::collections::BTreeSet;
use std::sync::Arc;

use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{self, Field, Provider, Reached};

use super::annotate::{Annotator, chapters};
use super::event::mark_private;
use super::object::Owner;
use crate::case::Words;
use crate::docs;
use crate::names::{self, Side};
use crate::sdk::Type;

/// A structure.
#[derive(Clone, Debug, PartialEq)]
pub struct Structure {
    /// What the documents say of it.
    pub model: Arc<model::Structure>,
    /// `Comment`.
    pub ident: String,
    /// Some operation sends it.
    pub sent: bool,
    /// It comes in a reply or an event.
    pub received: bool,
    /// It comes in an event.
    told: bool,
}

impl Annotator<'_> {
    /// Names the structures of the API.
    pub(super) fn name_structures(&mut self, provider: &Provider) {
        let api = self.api.clone();
        let mut sent = Reached::of(provider, api.as_deref());
        let (mut received, mut told) = (sent.clone(), sent.clone());
        for module in chapters(provider, api.as_deref()) {
            for operation in &module.operations {
                sent.fields(&operation.params);
                received.name(operation.structure.as_deref());
                received.fields(&operation.returns);
            }
            for event in &module.events {
                told.name(event.structure.as_deref());
                told.fields(&event.fields);
            }
        }
        let structures = provider.structures.iter();
        for model in structures.filter(|model| model.api == api) {
            let structure = Structure {
                ident: self.namer.structure(model),
                sent: sent.has(model),
                received: received.has(model) || told.has(model),
                told: told.has(model),
                model: Arc::clone(model),
            };
            self.structures.push(structure);
        }
    }

    /// Takes the names of structures in every Rust module.
    pub(super) fn share_structures(&mut self) {
        let used = self
            .structures
            .iter()
            .filter(|one| one.sent || one.received);
        let named = used.map(|one| {
            let (model, fix) = (&one.model, self.renamed(&one.model.wire));
            let what = format!("structure {}", model.wire);
            (one.ident.clone(), what, (model.source.at.clone(), fix))
        });
        for (name, what, fix) in named.collect::<Vec<_>>() {
            self.share(&name, &what, Some(fix));
        }
    }

    /// The correction that gives a structure another name.
    fn renamed(&self, wire: &str) -> String {
        let named = super::object::named(self.api.as_deref(), &format!("structure {wire}"));
        let name = Words::of_wire(wire).numbered(2);
        format!("[[correction]]\n{named}\nrename = \"{name}\"\nwhy = \"…\"")
    }

    /// Declares the structures, where what all modules share is.
    pub(super) fn declare_structures(&mut self) {
        self.take_everywhere();
        let layout = self.config.layouts(self.api.as_deref()).event;
        // What nothing names is said where the documents are read, and is no type.
        let used = self
            .structures
            .iter()
            .filter(|one| one.sent || one.received);
        for structure in used.cloned().collect::<Vec<_>>() {
            let (model, wire) = (&structure.model, &structure.model.wire);
            let owner = Owner {
                words: names::spelled(&structure.ident),
                id: format!("structure {wire}"),
                at: names::Place::new(Side::Structure, wire),
                api: self.api.clone(),
            };
            self.rename = Some(self.renamed(wire));
            let mut lines = vec![format!("{}。", docs::escaped(&model.title))];
            if !model.notes.is_empty() {
                lines.push(String::new());
                lines.extend(docs::notes(&model.notes));
            }
            let before = self.scope.objects.len();
            self.object_called(structure.ident.clone(), &owner, lines, &model.fields);
            let declared = self.scope.objects.iter_mut().skip(before);
            for object in declared.filter(|_| structure.told) {
                mark_private(layout, &mut object.members);
            }
        }
        self.rename = None;
    }

    /// The type of a field that is a structure; one that would hold itself is held in a box.
    pub(super) fn structure(&self, owner: &Owner, wire: &str, many: bool) -> Option<Type> {
        let named = |wire: &str| self.structures.iter().find(|one| one.model.wire == wire);
        let found = named(wire)?;
        let held = Type::Object(found.ident.clone());
        let is_within = owner.at.side == Side::Structure && !many;
        if !is_within {
            return Some(held);
        }
        let mut reached = BTreeSet::new();
        let mut next = vec![wire];
        while let Some(wire) = next.pop() {
            if reached.insert(wire)
                && let Some(structure) = named(wire)
            {
                held_by(&structure.model.fields, &mut next);
            }
        }
        Some(match reached.contains(owner.at.owner.as_str()) {
            true => Type::Boxed(Box::new(held)),
            false => held,
        })
    }

    /// The type of a payload that is a structure.
    pub(super) fn whole(&self, owner: &Owner, wire: Option<&str>) -> Option<Type> {
        self.structure(owner, wire?, false)
    }

    /// Whether what belongs to this is sent, and whether it is received.
    pub(super) fn ways(&self, owner: &Owner) -> (bool, bool) {
        match owner.at.side {
            Side::Call => (true, false),
            Side::Structure => {
                let mut structures = self.structures.iter();
                let structure = structures.find(|one| one.model.wire == owner.at.owner);
                structure.map_or((false, true), |one| (one.sent, one.received))
            }
            _ => (false, true),
        }
    }

    /// What is sent has no value that could stand for one that is not given.
    pub(super) fn check_certain(&mut self, owner: &Owner, field: &Field) {
        let (sent, received) = self.ways(owner);
        if field.certain && sent && received {
            let message = format!(
                "`{}` cannot be certain: `{}` is sent as well, and absent where nothing is given",
                field.wire, owner.at.owner
            );
            let certain = Diagnostic::error(Code::BadCorrection, message)
                .at_if(field.source.clone())
                .help("remove `certain`");
            self.namer.report(certain);
        }
    }
}

/// The structures that a value of these fields holds in itself, those in lists aside.
fn held_by<'f>(fields: &'f [Field], held: &mut Vec<&'f str>) {
    let single = |field: &&Field| !matches!(field.ty, model::Type::List(_)) && field.list.is_none();
    for field in fields.iter().filter(single) {
        held.extend(field.structure.as_deref());
        held_by(&field.fields, held);
    }
}
