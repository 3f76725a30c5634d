//! Owns what documented values are called.

use std::collections::BTreeSet;

use catalog::model;

use super::meaning::is_opposite;
use super::{Kind, Namer, Place, lock};
use crate::case::Words;

/// What a value is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ValueName {
    /// Now.
    pub(crate) name: String,
    /// What it once was called, and nothing else is.
    pub(crate) former: Vec<String>,
}

/// A value that means the opposite now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Turned {
    /// Which of the values.
    pub(crate) at: usize,
    /// What it meant.
    pub(crate) was: String,
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

    /// What values meant when they got their names, where they mean the opposite now: two have exchanged their titles,
    /// or one has turned around. What a correction names has been looked at.
    pub(crate) fn turned(&self, of: &Place, choices: &[model::Choice]) -> Vec<Turned> {
        let was = |choice: &model::Choice| -> Option<String> {
            let place = of.below(&choice.value);
            let home = self.home(&place);
            let known = self.known(&home, &place.key(Kind::Variant))?;
            Some(known.title).filter(|title| !title.is_empty())
        };
        let was: Vec<Option<String>> = choices.iter().map(was).collect();
        let is: Vec<String> = choices.iter().map(|one| lock::title(&one.title)).collect();
        let changed: Vec<usize> = (0..choices.len())
            .filter(|at| {
                was.get(*at)
                    .is_some_and(|was| was.as_ref().is_some_and(|was| is.get(*at) != Some(was)))
            })
            .collect();
        let mut turned = Vec::new();
        for at in &changed {
            let (Some(Some(old)), Some(new), Some(choice)) =
                (was.get(*at), is.get(*at), choices.get(*at))
            else {
                continue;
            };
            let is_another = |other: &&usize| {
                *other != at
                    && was
                        .get(**other)
                        .is_some_and(|was| was.as_ref() == Some(new))
            };
            let exchanged = changed.iter().any(|other| is_another(&other));
            if choice.name.is_none() && (exchanged || is_opposite(old, new)) {
                turned.push(Turned {
                    at: *at,
                    was: old.clone(),
                });
            }
        }
        turned
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
