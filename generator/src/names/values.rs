//! Owns what documented values are called.

use std::collections::BTreeSet;

use catalog::model;

use super::{Kind, Namer, Place};
use crate::case::Words;

/// What a value is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ValueName {
    /// Now.
    pub(crate) name: String,
    /// What it once was called, and nothing else is.
    pub(crate) former: Vec<String>,
}

impl Namer {
    /// The variants of the enumeration at a place.
    pub(crate) fn variants(&mut self, of: &Place, choices: &[model::Choice]) -> Vec<ValueName> {
        let derived: Vec<String> = choices.iter().map(variant).collect();
        let apart = |(name, choice): (&String, &model::Choice)| {
            let shared =
                derived.iter().filter(|other| *other == name).count() > 1 || name == "Other";
            if shared {
                format!("{name}{}", value_word(&choice.value))
            } else {
                name.clone()
            }
        };
        let names: Vec<String> = derived.iter().zip(choices).map(apart).collect();
        let named = choices.iter().zip(names);
        let names = named.map(|(choice, name)| self.value(of, choice, name));
        let names: Vec<String> = names.collect();
        let mut taken: BTreeSet<String> = names.iter().cloned().collect();
        let former = |choice: &model::Choice| {
            let former = self.former_names(of.below(&choice.value)).into_iter();
            former.filter(|name| taken.insert(name.clone())).collect()
        };
        let former: Vec<Vec<String>> = choices.iter().map(former).collect();
        let both = names.into_iter().zip(former);
        both.map(|(name, former)| ValueName { name, former })
            .collect()
    }

    fn value(&mut self, of: &Place, choice: &model::Choice, derived: String) -> String {
        let place = of.below(&choice.value);
        let asked = choice.name.as_ref();
        let asked = asked.map(|asked| Words::of_wire(asked).pascal());
        self.named(place, Kind::Variant, asked, &choice.title, || derived)
    }

    /// The variants of the documented wordings at a place, by their titles.
    pub(crate) fn wordings(&mut self, of: &Place, forms: &[model::Choice]) -> Vec<String> {
        let decide = |(at, form): (usize, &model::Choice)| {
            let derived = || {
                let words = Words::of_title(&form.title);
                match words.is_empty() {
                    true => format!("Wording{}", at + 1),
                    false => words.pascal(),
                }
            };
            let place = of.below(&form.value);
            self.named(place, Kind::Variant, None, &form.title, derived)
        };
        forms.iter().enumerate().map(decide).collect()
    }

    /// The variant of one of several parameters that exclude each other.
    pub(crate) fn alternative(&mut self, place: Place, field: &str) -> String {
        let derived = || Words::of_ident(field).pascal();
        self.named(place, Kind::Variant, None, "", derived)
    }
}

fn variant(choice: &model::Choice) -> String {
    if choice.value.chars().any(|c| c.is_ascii_alphabetic()) {
        return Words::of_wire(&choice.value).pascal();
    }
    let words = Words::of_title(&choice.title);
    if words.is_empty() {
        format!("Value{}", value_word(&choice.value))
    } else {
        words.pascal()
    }
}

/// A value as part of a name: `-1` → `Minus1`.
fn value_word(value: &str) -> String {
    let word = Words::of_wire(value).pascal();
    let word = word
        .strip_prefix('N')
        .filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        .unwrap_or(&word);
    if value.starts_with('-') {
        format!("Minus{word}")
    } else {
        word.to_owned()
    }
}
