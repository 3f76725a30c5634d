//! The public surface of every provider that can be generated, a snapshot a module: what a reviewer
//! reads after a change of the documents.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use catalog::load::Origin;
use generator::lock::Lock;
use generator::sdk::Sdk;
use insta::{assert_snapshot, with_settings};
use tests::{PROVIDERS, committed, read, root, surface, text};

fn folder(sdk: &Sdk) -> PathBuf {
    let provider = root().join("tests/snapshots").join(&sdk.id);
    match &sdk.part {
        Some(part) => provider.join(&part.id),
        None => provider,
    }
}

fn sdks(id: &str) -> Vec<Sdk> {
    let (loaded, _) = read(&committed(id), Origin::Specs);
    let path = root().join("catalog/providers").join(id).join("names.lock");
    let lock = Lock::read(&text(&path)).expect("a readable names.lock");
    let (sdks, _, findings) = generator::annotate(&loaded.provider, &loaded.config, &lock);
    assert_eq!(findings, [], "{id}");
    sdks
}

#[test]
fn every_module_has_its_surface() {
    for sdk in PROVIDERS.into_iter().flat_map(sdks) {
        for (module, listing) in surface(&sdk) {
            with_settings!({
                snapshot_path => folder(&sdk),
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                assert_snapshot!(module, listing);
            });
        }
    }
}

#[test]
fn no_snapshot_outlives_its_module() {
    for sdk in PROVIDERS.into_iter().flat_map(sdks) {
        let modules = surface(&sdk).into_iter();
        let expected: BTreeSet<String> = modules
            .map(|(module, _)| format!("{module}.snap"))
            .collect();
        let found: BTreeSet<String> = fs::read_dir(folder(&sdk))
            .map(|entries| {
                let names = entries.flatten().map(|entry| entry.file_name());
                names
                    .map(|name| name.to_string_lossy().into_owned())
                    .collect()
            })
            .unwrap_or_default();
        assert_eq!(found, expected, "{}", sdk.name());
    }
}
