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

fn folder(id: &str) -> PathBuf {
    root().join("tests/snapshots").join(id)
}

fn sdk(id: &str) -> Option<Sdk> {
    let (loaded, _) = read(&committed(id), Origin::Specs);
    if !generator::supports(loaded.config.transport) {
        return None;
    }
    let path = root().join("catalog/providers").join(id).join("names.lock");
    let lock = Lock::read(&text(&path)).expect("a readable names.lock");
    let (sdk, _, findings) = generator::lower(&loaded.provider, &loaded.config, &lock);
    assert_eq!(findings, [], "{id}");
    Some(sdk)
}

#[test]
fn every_module_has_its_surface() {
    let mut supported = Vec::new();
    for id in PROVIDERS {
        let Some(sdk) = sdk(id) else { continue };
        supported.push(id);
        for (module, listing) in surface(&sdk) {
            with_settings!({
                snapshot_path => folder(id),
                prepend_module_to_snapshot => false,
                omit_expression => true,
            }, {
                assert_snapshot!(module, listing);
            });
        }
    }
    assert_eq!(supported, ["dami", "eyun"]);
}

#[test]
fn no_snapshot_outlives_its_module() {
    for id in PROVIDERS {
        let expected: BTreeSet<String> = sdk(id)
            .iter()
            .flat_map(surface)
            .map(|(module, _)| format!("{module}.snap"))
            .collect();
        let found: BTreeSet<String> = fs::read_dir(folder(id))
            .map(|entries| {
                let names = entries.flatten().map(|entry| entry.file_name());
                names
                    .map(|name| name.to_string_lossy().into_owned())
                    .collect()
            })
            .unwrap_or_default();
        assert_eq!(found, expected, "{id}");
    }
}
