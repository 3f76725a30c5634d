//! Owns parameters of which exactly one is given: one argument, whose type leaves no other way.

use catalog::model::{self, Either, Place};

use super::Annotator;
use super::object::Owner;
use crate::case::Words;
use crate::docs;
use crate::sdk::{Alternative, Coding, Member, Param, Type};

impl Annotator<'_> {
    /// Puts one parameter in the place of those that exclude each other.
    pub(super) fn choose(
        &mut self,
        owner: &Owner,
        operation: &model::Operation,
        either: &Either,
        params: &mut Vec<Param>,
    ) {
        let words = Words::of_ident(&either.name);
        let place = owner.at.below(&either.name);
        let ty = self.namer.type_at(place.clone(), &owner.words.then(&words));
        let identity = format!("{} {}", owner.id, either.name);
        let (at, fix) = (operation.source.at.clone(), self.rename.clone());
        self.claim(&ty, &identity, at, fix);
        let is_one = |param: &Param| either.params.contains(&param.field.wire);
        let Some(first) = params.iter().position(is_one) else {
            return;
        };
        let (chosen, mut left): (Vec<Param>, Vec<Param>) = params.drain(..).partition(is_one);
        let names = either.params.iter();
        let names: Vec<String> = names
            .map(|name| format!("`{}`", docs::code(name)))
            .collect();
        let ident = self.namer.declared_field(place.clone(), &words);
        if let Some(twin) = left.iter().find(|param| param.field.ident == ident) {
            let (first, at) = (twin.field.wire.clone(), operation.source.at.clone());
            self.namer.clash(&ident, &first, &either.name, at, None);
        }
        let alternative = |param: Param| Alternative {
            ident: (self.namer).alternative(place.below(&param.field.wire), &param.field.ident),
            field: param.field,
            place: param.place,
        };
        let argument = Param {
            field: Member {
                ident,
                wire: either.name.clone(),
                aliases: Vec::new(),
                ty: Type::Either(ty),
                coding: Coding::Plain,
                certain: false,
                wordings: None,
                private: false,
                deprecated: false,
                docs: vec![format!("{} 任选其一。", names.join("、"))],
            },
            required: true,
            place: Place::Payload,
            either: chosen.into_iter().map(alternative).collect(),
        };
        left.insert(first, argument);
        *params = left;
    }
}
