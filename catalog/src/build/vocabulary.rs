//! Owns what the documents say of a name in general: value tables and terms, used where a field lacks its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::build::nest::name_cell;
use crate::document;
use crate::entry::{Entry, EntryKind, ValueTable};
use crate::model::{Choice, Field, Item, Provider, Type, Vocabulary};

/// Meanings of names, by name.
pub(super) type Terms = BTreeMap<String, String>;

/// What reference tables say of names.
pub(super) fn terms(entries: &[Entry]) -> Terms {
    let mut terms = Terms::new();
    for row in entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Reference)
        .flat_map(|entry| &entry.params)
    {
        let meaning = document::plain(&row.description);
        if !meaning.is_empty() {
            terms.entry(name_cell(&row.name).name).or_insert(meaning);
        }
    }
    terms
}

/// Value tables outside of items.
pub(super) fn vocabularies(entries: &[Entry]) -> Vec<Vocabulary> {
    entries
        .iter()
        .filter(|entry| entry.kind == EntryKind::Values)
        .flat_map(|entry| {
            entry.values.iter().map(|table| Vocabulary {
                api: entry.api.clone(),
                name: table.field.clone(),
                values: values(table),
                source: super::source(entry),
            })
        })
        .collect()
}

/// What a value table lists: values, or forms of a text.
pub(super) fn values(table: &ValueTable) -> Vec<Choice> {
    let rows = table.values.iter();
    let all = rows
        .map(|row| Choice::new(&row.value, &row.title))
        .collect();
    if table.forms {
        all
    } else {
        numbers_or_all(all)
    }
}

/// What a value table says beyond the values of a field is said of the field: `-x`, `失败，未知错误码`.
pub(super) fn tell_apart(field: &mut Field, table: &ValueTable) {
    for row in &table.values {
        if !field.values.iter().any(|choice| choice.value == row.value) {
            field.title = format!("{}；{}：{}", field.title, row.value, row.title);
        }
    }
}

/// Values as they count: where most are numbers, the others are none, such as the `-x` in which a table ends.
pub(super) fn numbers_or_all(mut values: Vec<Choice>) -> Vec<Choice> {
    let numbers = values.iter().filter(|choice| is_number(choice)).count();
    if numbers * 2 > values.len() {
        values.retain(is_number);
    }
    values
}

/// Whether a field that has these values, and no other, holds a number.
pub(super) fn are_numbers(values: &[Choice]) -> bool {
    values.first().is_some_and(is_number) && values.iter().all(is_number)
}

fn is_number(choice: &Choice) -> bool {
    choice.value.parse::<i64>().is_ok()
}

/// Fields called like a vocabulary hold its values.
pub(super) fn apply(provider: &mut Provider) {
    let vocabularies = provider.vocabularies.clone();
    for structure in provider.structures.iter_mut().map(Arc::make_mut) {
        let known = vocabularies.iter();
        let known: Vec<&Vocabulary> = known.filter(|one| one.api == structure.api).collect();
        for field in &mut structure.fields {
            give(field, &known);
        }
    }
    for module in &mut provider.modules {
        let known: Vec<&Vocabulary> = vocabularies
            .iter()
            .filter(|vocabulary| vocabulary.api == module.api)
            .collect();
        let operations = module.operations_mut();
        for field in operations.flat_map(|o| o.params.iter_mut().chain(&mut o.returns)) {
            give(field, &known);
        }
        for field in module.events_mut().flat_map(|event| &mut event.fields) {
            give(field, &known);
        }
    }
}

fn give(field: &mut Field, known: &[&Vocabulary]) {
    let scalar = matches!(
        field.ty,
        Type::Text | Type::Integer | Type::List(Item::Text | Item::Integer)
    );
    if field.values.is_empty()
        && scalar
        && let Some(vocabulary) = known
            .iter()
            .find(|vocabulary| vocabulary.name == field.wire)
    {
        field.values.clone_from(&vocabulary.values);
    }
    for field in &mut field.fields {
        give(field, known);
    }
}
