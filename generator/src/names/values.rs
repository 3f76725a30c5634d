//! Owns what documented values are called.

use std::collections::BTreeSet;

use catalog::model;

use super::Namer;
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
    /// The variants of an enumeration; `owner` is its wire identity.
    pub(crate) fn variants(&mut self, owner: &str, choices: &[model::Choice]) -> Vec<ValueName> {
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
        let names = named.map(|(choice, name)| self.value(owner, choice, name));
        let names: Vec<String> = names.collect();
        let mut taken: BTreeSet<String> = names.iter().cloned().collect();
        let former = |choice: &model::Choice| {
            let former = self.lock.former.get(&key(owner, choice));
            let former = former.into_iter().flatten().cloned();
            former.filter(|name| taken.insert(name.clone())).collect()
        };
        let former: Vec<Vec<String>> = choices.iter().map(former).collect();
        let both = names.into_iter().zip(former);
        both.map(|(name, former)| ValueName { name, former })
            .collect()
    }

    /// The name that a correction gives, else the one that was public before, else the derived one.
    fn value(&mut self, owner: &str, choice: &model::Choice, derived: String) -> String {
        let key = key(owner, choice);
        let Some(asked) = &choice.name else {
            return self.lock.value.entry(key).or_insert(derived).clone();
        };
        let asked = Words::of_wire(asked).pascal();
        let known = self.lock.value.insert(key.clone(), asked.clone());
        if let Some(known) = known.filter(|known| *known != asked) {
            self.remember(key, known);
        }
        asked
    }

    /// The variants of documented wordings, by their titles; `owner` is the text's wire identity.
    pub(crate) fn wordings(&mut self, owner: &str, forms: &[model::Choice]) -> Vec<String> {
        let lock = &mut self.lock.value;
        let decide = |(at, form): (usize, &model::Choice)| {
            let words = Words::of_title(&form.title);
            let derived = || match words.is_empty() {
                true => format!("Wording{}", at + 1),
                false => words.pascal(),
            };
            lock.entry(key(owner, form)).or_insert_with(derived).clone()
        };
        forms.iter().enumerate().map(decide).collect()
    }
}

/// The wire identity of a value.
fn key(owner: &str, choice: &model::Choice) -> String {
    format!("{owner}={}", choice.value)
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
