//! The obstacle course of names: what became of each. `compiled.rs` sees that it compiles.

use insta::{assert_snapshot, with_settings};
use tests::obstacles::obstacles;
use tests::{root, surface};

#[test]
fn every_name_has_a_harmless_one() {
    let sdk = obstacles().made().sdks.remove(0);
    for module in ["operations", "fields", "values", "mod"] {
        let surface = surface(&sdk);
        let found = surface.iter().find(|(name, _)| name == module);
        let (_, listing) = found.unwrap_or_else(|| panic!("{module}"));
        with_settings!({
            snapshot_path => root().join("tests/snapshots/obstacles"),
            prepend_module_to_snapshot => false,
            omit_expression => true,
        }, {
            assert_snapshot!(module, listing);
        });
    }
}
