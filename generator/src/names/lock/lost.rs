//! Owns operations and events that `names.lock` knows and the documents no longer have: whoever uses them would find
//! them gone, and most likely nobody meant it.
//!
//! In: the names of old, the model of now, and what `[[gone]]` says is gone indeed. Out: an error a chapter, which names
//! them, `` names.lock knows 2 operations of `biao-qian` that the documents no longer have: … ``.

use std::collections::{BTreeMap, BTreeSet};

use catalog::config::{Config, selects};
use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::Provider;
use catalog::source::{SourceFile, Span};
use catalog::spelling::{did_you_mean, toml_string};

use super::{Home, Kind, Line, Lock, Side};
use crate::surface::columns::plural;

/// More are counted.
const MOST_NAMED: usize = 8;

/// What is public of the documents: an operation, or an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Thing<'l> {
    api: &'l str,
    is_event: bool,
    id: &'l str,
}

/// What is lost, and what is said to be gone and is not.
pub fn lost(
    lock: &Lock,
    file: Option<&SourceFile>,
    provider: &Provider,
    config: (&Config, &SourceFile),
) -> Vec<Diagnostic> {
    let there = things(provider);
    let known = lock.entries().filter_map(|(home, key, _)| {
        let is_event = match (key.kind, key.place.side) {
            (Kind::Fn, Side::Call) => false,
            (Kind::Variant, Side::Event) => true,
            _ => return None,
        };
        let thing = Thing {
            api: &home.api,
            is_event,
            id: &key.place.owner,
        };
        key.place.path.is_empty().then_some((home, thing))
    });
    let missing: Vec<(&Home, Thing<'_>)> =
        known.filter(|(_, thing)| !there.contains(thing)).collect();
    let (config, config_file) = config;
    let mut chapters: BTreeMap<(&Home, bool), Vec<&str>> = BTreeMap::new();
    for (home, thing) in &missing {
        if !config
            .gone
            .iter()
            .any(|gone| names(gone.of(thing.is_event), thing.id))
        {
            let lost = chapters.entry((home, thing.is_event)).or_default();
            lost.push(thing.id);
        }
    }
    let chapters = chapters.into_iter();
    let mut found: Vec<Diagnostic> = chapters
        .map(|((home, is_event), ids)| chapter(home, is_event, &ids, file))
        .collect();
    for gone in &config.gone {
        for is_event in [false, true] {
            let missing = missing
                .iter()
                .filter(|(_, thing)| thing.is_event == is_event);
            let missing: Vec<&str> = missing.map(|(_, thing)| thing.id).collect();
            let idle = gone.of(is_event).iter();
            let idle = idle.filter(|pattern| !missing.iter().any(|id| selects(pattern, id)));
            found.extend(idle.map(|pattern| still_there(pattern, &missing, config_file)));
        }
    }
    found
}

fn things(provider: &Provider) -> BTreeSet<Thing<'_>> {
    let modules = provider.modules.iter();
    let all = modules.flat_map(|module| {
        let api = module.api.as_deref().unwrap_or_default();
        let operations = module.operations.iter().map(|one| (false, &one.id));
        let events = module.events.iter().map(|one| (true, &one.id));
        let both = operations.chain(events);
        both.map(move |(is_event, id)| Thing { api, is_event, id })
    });
    all.collect()
}

fn names(patterns: &[String], id: &str) -> bool {
    patterns.iter().any(|pattern| selects(pattern, id))
}

fn chapter(home: &Home, is_event: bool, ids: &[&str], file: Option<&SourceFile>) -> Diagnostic {
    let what = if is_event { "event" } else { "operation" };
    let mut named: Vec<String> = ids
        .iter()
        .take(MOST_NAMED)
        .map(|id| format!("`{id}`"))
        .collect();
    if let Some(more) = ids.len().checked_sub(MOST_NAMED).filter(|more| *more > 0) {
        named.push(format!("and {more} more"));
    }
    let message = format!(
        "names.lock knows {} of `{}` that the documents no longer have: {}",
        plural(ids.len(), what),
        home.module,
        named.join(", ")
    );
    let mut section = String::new();
    Line::Section(home.clone()).write(&mut section);
    let place = file.and_then(|file| {
        let at = file.text().find(&section)?;
        Some(file.location(Span::new(at, at + section.trim_end().len())))
    });
    let ids: Vec<String> = ids.iter().map(|id| toml_string(id)).collect();
    Diagnostic::error(Code::Lost, message)
        .at_if(place)
        .help(
            "restore their sections; give one that only moved its id back, with an [[identity]]; what the vendor no \
             longer has is declared gone",
        )
        .fix(format!("[[gone]]\n{what}s = [{}]\nwhy = \"…\"", ids.join(", ")))
}

fn still_there(pattern: &str, missing: &[&str], file: &SourceFile) -> Diagnostic {
    let near = did_you_mean(pattern, missing.iter().copied());
    let message = format!(
        "[[gone]] names `{pattern}`, which the documents have, or names.lock has never known{near}"
    );
    Diagnostic::error(Code::StaleDeclaration, message)
        .at(file.location(file.quoted(pattern).unwrap_or_default()))
        .help("name the id of what is gone, or remove it")
}
