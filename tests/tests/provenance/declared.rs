//! Differences and what is declared of them: each has the other.

use catalog::config::{Differs, selects};
use catalog::spelling::nearest;

use super::compare::Difference;

/// What is wrong: a difference without an entry, with the entry to paste; an entry without a difference.
pub fn against(found: &[Difference], declared: &[Differs]) -> Vec<String> {
    let undeclared = found
        .iter()
        .filter(|one| !declared.iter().any(|entry| covers(entry, one)));
    let idle = declared
        .iter()
        .filter(|entry| !found.iter().any(|one| covers(entry, one)));
    let undeclared = undeclared.map(|one| one.to_string());
    undeclared
        .chain(idle.map(|entry| nothing(entry, found)))
        .collect()
}

/// Whether an entry speaks of a difference.
fn covers(entry: &Differs, one: &Difference) -> bool {
    let section = if one.is_event {
        &entry.event
    } else {
        &entry.operation
    };
    let is_named = |pattern: &String| one.called.iter().any(|name| selects(pattern, name));
    let path = match one.side {
        "param" => entry.param.as_deref(),
        "field" => entry.field.as_deref(),
        _ => None,
    };
    let is_there = match path {
        Some(pattern) => selects(&pattern.replace("[]", ""), &one.path),
        None => one.side.is_empty() && entry.param.is_none() && entry.field.is_none(),
    };
    section.as_ref().is_some_and(is_named)
        && (entry.api.is_none() || entry.api == one.api)
        && is_there
        && entry.what == one.what
        && selects(&entry.was, &one.was)
        && selects(&entry.is, &one.is)
}

/// An entry that covers nothing, and what it may have meant.
fn nothing(entry: &Differs, found: &[Difference]) -> String {
    let shown = |one: &Difference| one.to_string();
    let wanted = format!("{entry:?}");
    let all: Vec<String> = found.iter().map(shown).collect();
    let near = nearest(&wanted, all.iter().map(String::as_str));
    let near = near.map_or_else(String::new, |near| {
        format!("\nthe nearest difference is\n{near}")
    });
    format!("no difference is what this entry says:\n{entry:?}{near}")
}
