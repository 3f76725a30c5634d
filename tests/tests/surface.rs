//! The public surface of every provider, a snapshot a module, and how much there is of it: what a reviewer reads after
//! a change of the documents.
//!
//! `INSTA_UPDATE=always cargo test -p tests --test surface` writes all of them anew, and removes those of modules and
//! providers that are gone.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use catalog::load::Origin;
use generator::sdk::Sdk;
use insta::{assert_snapshot, with_settings};
use tests::cases::locked;
use tests::{committed, providers, read, root, surface, text};

/// Snapshots that are not those of a committed provider.
const OTHERS: [&str; 1] = ["obstacles"];

fn snapshots() -> PathBuf {
    root().join("tests/snapshots")
}

fn folder(sdk: &Sdk) -> PathBuf {
    let provider = snapshots().join(&sdk.id);
    match &sdk.part {
        Some(part) => provider.join(&part.id),
        None => provider,
    }
}

fn sdks(id: &str) -> Vec<Sdk> {
    let (loaded, _) = read(&committed(id), Origin::Specs);
    let path = root().join("catalog/providers").join(id).join("names.lock");
    let lock = locked(&text(&path));
    let (sdks, _, findings) = generator::annotate(&loaded.provider, &loaded.config, &lock);
    assert_eq!(findings, [], "{id}");
    sdks
}

fn all() -> Vec<Sdk> {
    providers().iter().flat_map(|id| sdks(id)).collect()
}

fn check(folder: &Path, name: &str, text: &str) {
    with_settings!({
        snapshot_path => folder,
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, {
        assert_snapshot!(name, text);
    });
}

#[test]
fn every_module_has_its_surface() {
    for sdk in all() {
        for (module, listing) in surface(&sdk) {
            check(&folder(&sdk), &module, &listing);
        }
    }
}

/// The only place where it is written how many there are.
#[test]
fn so_many_operations_and_events() {
    let mut counts = String::new();
    for sdk in all() {
        let operations = sdk.modules.iter().map(|module| module.operations.len());
        let events = sdk.callbacks.iter();
        let events = events.map(|callbacks| callbacks.events.len());
        let (operations, events) = (operations.sum::<usize>(), events.sum::<usize>());
        let _ = writeln!(
            counts,
            "{}: {operations} operations, {events} events",
            sdk.name()
        );
    }
    check(&snapshots(), "counts", &counts);
}

/// The snapshots below a folder.
fn found(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let entries = fs::read_dir(folder).expect("the snapshots");
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            found.append(&mut self::found(&path));
        } else {
            found.insert(path);
        }
    }
    found
}

#[test]
fn no_snapshot_outlives_its_module() {
    let mut expected: BTreeSet<PathBuf> = BTreeSet::new();
    for sdk in all() {
        let modules = surface(&sdk).into_iter();
        expected.extend(modules.map(|(module, _)| folder(&sdk).join(format!("{module}.snap"))));
    }
    let is_updated = env::var("INSTA_UPDATE").is_ok_and(|how| how == "always" || how == "force");
    let entries = fs::read_dir(snapshots()).expect("the snapshots");
    let folders = entries.flatten().filter(|entry| entry.path().is_dir());
    for entry in folders.filter(|entry| !OTHERS.iter().any(|other| entry.file_name() == *other)) {
        for stale in found(&entry.path()).difference(&expected) {
            assert!(is_updated, "{} is nobody's", stale.display());
            fs::remove_file(stale).expect("a stale snapshot");
        }
        // Of what is gone nothing is left, where the folder is empty then.
        if is_updated
            && !providers()
                .iter()
                .any(|id| entry.file_name() == id.as_str())
        {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}
