//! The vendors' own examples, as they print them: they lie beside the project, not in it; where they are missing
//! these tests show as ignored.

use std::collections::BTreeSet;
use std::sync::Arc;

use catalog::load::{Loaded, Origin, Sources};
use catalog::model::{Event, SampleRole};
use catalog::source::SourceFile;
use serde_json::Value;
use tests::{committed, originals, read, shown, text};

use super::events::Examples;
use super::replies;

/// The vendor's documents, with the fields that our own documents have: those are the types.
fn original(id: &str, documents: &[(&str, &str)]) -> Loaded {
    let document =
        |(name, path): &(&str, &str)| SourceFile::new(name, &text(&originals().join(path)));
    let sources = Sources {
        specs: documents.iter().map(document).collect(),
        catalog: None,
        ..committed(id)
    };
    let (mut loaded, _) = read(&sources, Origin::Specs);
    let (ours, _) = read(&committed(id), Origin::Specs);
    for module in &mut loaded.provider.modules {
        let api = module.api.clone();
        for event in &mut module.events {
            let fields = known(&ours, api.as_deref(), event);
            Arc::make_mut(event).fields = fields;
        }
    }
    loaded
}

fn known(ours: &Loaded, api: Option<&str>, event: &Event) -> Vec<catalog::model::Field> {
    let modules = ours.provider.modules.iter();
    let mut events = modules
        .filter(|module| module.api.as_deref() == api)
        .flat_map(|module| &module.events);
    let same = events.find(|other| other.wire.iter().any(|code| event.wire.contains(code)));
    let same = same.unwrap_or_else(|| panic!("{} is not among ours", event.id));
    same.fields.clone()
}

fn wequick() -> Loaded {
    original(
        "wequick",
        &[
            ("specs/v1/README.md", "wequick/v1/README.md"),
            ("specs/v2/README.md", "wequick/v2/README.md"),
        ],
    )
}

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn every_example_of_wequick_is_typed_key_for_key() {
    let loaded = wequick();
    // The document ends in the middle of the example of 98.
    let first = Examples::V1.original();
    assert_eq!(first.check_all(&loaded, Some("v1"), &["98"]), 14);
    let second = Examples::V2.original();
    assert_eq!(second.check_all(&loaded, Some("v2"), &[]), 46);
}

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn every_answer_that_padchat_prints_decodes_key_for_key() {
    let loaded = original("padchat", &[("specs/README.md", "padchat/README.md")]);
    assert_eq!(replies::check(&loaded), 3);
}

/// Every key of an example of a request, the payload's taken out of it.
fn keys(value: &Value, wrap: &str) -> BTreeSet<String> {
    let members = value.as_object().into_iter().flatten();
    members
        .flat_map(|(key, value)| match value {
            Value::Object(inner) if key == wrap => inner.keys().cloned().collect(),
            _ => vec![key.clone()],
        })
        .collect()
}

/// The keys of the examples of each operation, by API and wire name.
fn requests(loaded: &Loaded, wrap: &str) -> Vec<(Option<String>, String, BTreeSet<String>)> {
    let mut found = Vec::new();
    for module in &loaded.provider.modules {
        for operation in &module.operations {
            let samples = operation.samples.iter();
            let requests = samples.filter(|sample| sample.role == SampleRole::Request);
            found.extend(requests.map(|sample| {
                (
                    module.api.clone(),
                    operation.wire.clone(),
                    keys(&shown(sample), wrap),
                )
            }));
        }
    }
    found
}

/// Every key of the vendor's examples is one of ours; ours are proven on the wire.
fn same_keys(loaded: &Loaded, id: &str, wrap: &str) -> usize {
    let (ours, _) = read(&committed(id), Origin::Specs);
    let ours = requests(&ours, wrap);
    let theirs = requests(loaded, wrap);
    for (api, wire, keys) in &theirs {
        let known: BTreeSet<String> = ours
            .iter()
            .filter(|(of, other, _)| of == api && other == wire)
            .flat_map(|(_, _, keys)| keys.clone())
            .collect();
        let missing: Vec<&String> = keys.difference(&known).collect();
        assert!(missing.is_empty(), "{wire}: {missing:?}");
    }
    theirs.len()
}

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn every_command_of_the_vendor_has_our_keys() {
    assert_eq!(same_keys(&wequick(), "wequick", "option"), 70);
}

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn every_call_of_the_vendor_has_our_keys() {
    let documents = [("specs/README.md", "padchat/README.md")];
    let loaded = original("padchat", &documents);
    assert_eq!(same_keys(&loaded, "padchat", "data"), 3);
}
