//! Tells the tests whether the vendors' original documents lie beside the project.
//!
//! They are not part of it: where they are missing, the tests that read them show as ignored.

use std::path::Path;

fn main() {
    let originals = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/specs");
    println!("cargo::rustc-check-cfg=cfg(originals)");
    println!("cargo::rerun-if-changed={}", originals.display());
    if originals.is_dir() {
        println!("cargo::rustc-cfg=originals");
    }
}
