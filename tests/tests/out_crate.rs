//! A crate that `codegen --out` made, whose types are no others': its own test names the mock gateway's operations by
//! them.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use tests::{root, text};

/// What cargo says where it fails.
fn cargo(words: &[&OsStr], at: &Path, with: &[(&str, &Path)]) -> Result<(), String> {
    let output = Command::new(env!("CARGO"))
        .args(words)
        .current_dir(at)
        .envs(with.iter().copied())
        .env_remove("RUSTFLAGS")
        .output()
        .expect("cargo");
    let said = [output.stdout, output.stderr].concat();
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&said).into_owned()),
    }
}

#[test]
fn a_crate_of_ones_own_names_operations_by_its_own_types() {
    let temporary = std::env::temp_dir().join(format!("out-crate-{}", std::process::id()));
    let (acme, out) = (temporary.join("catalog/acme"), temporary.join("out"));
    fs::create_dir_all(acme.join("specs")).expect("a folder");
    for file in ["provider.toml", "specs/acme.md"] {
        let original = root().join("mock/tests/providers/acme").join(file);
        fs::copy(original, acme.join(file)).expect("copied");
    }
    let words = ["run", "--quiet", "--offline", "--package", "xtask", "--"];
    let words = words.into_iter().chain(["codegen", "--catalog"]);
    let words: Vec<&OsStr> = words.map(OsStr::new).collect();
    let catalog = temporary.join("catalog");
    let folders = [catalog.as_os_str(), OsStr::new("--out"), out.as_os_str()];
    cargo(&[&words[..], &folders].concat(), &root(), &[]).expect("generated");

    let mock = fs::canonicalize(root().join("mock")).expect("the mock gateways");
    let manifest = text(&out.join("Cargo.toml"));
    let dependency = format!("\n[dev-dependencies.mock-gateway]\npath = {mock:?}\n");
    fs::write(out.join("Cargo.toml"), manifest + &dependency).expect("written");
    fs::copy(root().join("Cargo.lock"), out.join("Cargo.lock")).expect("copied");
    fs::create_dir_all(out.join("tests")).expect("a folder");
    let typed = root().join("tests/out_crate/typed.rs");
    fs::copy(typed, out.join("tests/typed.rs")).expect("copied");
    let features = ["--no-default-features", "--features", "acme,reqwest"];
    let words = ["test", "--offline", "--test", "typed"].into_iter();
    let words: Vec<&OsStr> = words.chain(features).map(OsStr::new).collect();
    // What is compiled of others stays for the next run.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("out-crate-target");
    let with = [
        ("ACME", acme.as_path()),
        ("CARGO_TARGET_DIR", target.as_path()),
    ];
    let tested = cargo(&words, &out, &with);
    fs::remove_dir_all(&temporary).expect("removed");
    tested.unwrap_or_else(|said| panic!("{said}"));
}
