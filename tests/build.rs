//! Prepares five things for the tests.
//!
//! Where the vendors' original documents are: they are not part of the project. `ORIGINAL_SPECS` names their folder,
//! from the project's own; else they lie beside it, in `../shared/specs`. Where they are missing the tests that read
//! them show as ignored, and say what they need.
//!
//! An application that calls every operation of every provider: written from the catalog, so that an operation or a
//! provider that is added is called as well.
//!
//! The documented requests of providers whose calls are messages, made typed: they show whether what is
//! written is what the documents print.
//!
//! A visit of the type of every request and of every callback.
//!
//! Whether there is a browser: the test that searches the pages of rustdoc as a person would shows as ignored without.

#[path = "build/calls.rs"]
mod calls;
#[path = "build/samples.rs"]
mod samples;
#[path = "build/types.rs"]
mod types;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use calls::Made;

fn main() {
    let project = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    originals(&project);
    browser();
    let providers = project.join("catalog/providers");
    println!("cargo::rerun-if-changed={}", providers.display());
    let made: Vec<Made> = folders(&providers)
        .map(|id| Made::of(&id, &providers.join(&id)))
        .collect();
    let out = PathBuf::from(env::var("OUT_DIR").expect("cargo sets OUT_DIR"));
    let write =
        |name: &str, text: String| fs::write(out.join(name), text).expect("OUT_DIR is writable");
    write("calls.rs", calls::all(&made));
    write("samples.rs", samples::all(&made));
    write("types.rs", types::all(&made));
    for one in made.iter().filter(|one| !one.speaks_messages()) {
        write(&format!("known_{}.rs", one.id), calls::known(one));
    }
}

/// Tells the tests where the vendors' documents are, and whether they are there.
fn originals(project: &Path) {
    println!("cargo::rerun-if-env-changed=ORIGINAL_SPECS");
    println!("cargo::rustc-check-cfg=cfg(originals)");
    let named = env::var_os("ORIGINAL_SPECS").filter(|folder| !folder.is_empty());
    let is_named = named.is_some();
    let folder = project.join(named.unwrap_or_else(|| "../shared/specs".into()));
    println!("cargo::rerun-if-changed={}", folder.display());
    println!("cargo::rustc-env=ORIGINALS={}", folder.display());
    if folder.is_dir() {
        println!("cargo::rustc-cfg=originals");
    } else if is_named {
        println!(
            "cargo::error=ORIGINAL_SPECS names {}, which is no folder",
            folder.display()
        );
    }
}

/// Tells the tests which browser there is: `BROWSER` names another.
fn browser() {
    println!("cargo::rerun-if-env-changed=BROWSER");
    println!("cargo::rustc-check-cfg=cfg(browser)");
    let named = env::var("BROWSER").ok().filter(|name| !name.is_empty());
    let usual = ["chromium", "chromium-browser", "google-chrome"].map(str::to_owned);
    let starts = |name: &String| Command::new(name).arg("--version").output().is_ok();
    if let Some(found) = named.into_iter().chain(usual).find(starts) {
        println!("cargo::rustc-env=BROWSER_FOUND={found}");
        println!("cargo::rustc-cfg=browser");
    }
}

/// The providers, by name.
fn folders(providers: &Path) -> impl Iterator<Item = String> {
    let entries = fs::read_dir(providers).expect("the catalog").flatten();
    let known = entries.filter(|entry| entry.path().join("provider.toml").is_file());
    let ids: BTreeSet<String> = known
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    ids.into_iter()
}
