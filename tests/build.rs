//! Prepares three things for the tests.
//!
//! Whether the vendors' original documents lie beside the project: they are not part of it, and
//! where they are missing the tests that read them show as ignored.
//!
//! An application that calls every operation of the SDK: written from the catalog, so that an
//! operation that is added is called as well.
//!
//! The documented requests of providers whose calls are messages, made typed: they show whether what is
//! written is what the documents print.

#[path = "build/calls.rs"]
mod calls;
#[path = "build/samples.rs"]
mod samples;

use calls::Values;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// The providers whose every operation is called.
const PROVIDERS: &[&str] = &["dami", "eyun"];
/// The providers whose documented requests are made as an application would make them.
const DOCUMENTED: &[&str] = &["padchat", "wequick"];

fn main() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let originals = here.join("../../shared/specs");
    println!("cargo::rustc-check-cfg=cfg(originals)");
    println!("cargo::rerun-if-changed={}", originals.display());
    if originals.is_dir() {
        println!("cargo::rustc-cfg=originals");
    }
    let providers = here.join("../catalog/providers");
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    for id in PROVIDERS {
        let folder = providers.join(id);
        println!("cargo::rerun-if-changed={}", folder.display());
        for (name, values) in [("calls", Values::Telling), ("known", Values::Known)] {
            let calls = calls::of(id, &folder, values);
            fs::write(out.join(format!("{name}_{id}.rs")), calls).expect("OUT_DIR is writable");
        }
    }
    for id in DOCUMENTED {
        let folder = providers.join(id);
        println!("cargo::rerun-if-changed={}", folder.display());
        let samples = samples::of(id, &folder);
        fs::write(out.join(format!("samples_{id}.rs")), samples).expect("OUT_DIR is writable");
    }
}
