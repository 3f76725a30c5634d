//! From providers to a crate: which files it has, which go, and whose are never touched.

use std::fs;

use super::{CONFIG, SPEC, World, of, only};
use crate::Outcome;
use crate::args::{Codegen, Selection};

const LIB: &str = "generated-sdk/src/lib.rs";

fn another(world: &World) -> Codegen {
    world.0.file("elsewhere/z/provider.toml", CONFIG);
    world.0.file("elsewhere/z/specs/a.md", SPEC);
    Codegen {
        selection: Selection {
            providers: Vec::new(),
            catalog: Some(world.0.at("elsewhere")),
            ..Selection::default()
        },
        ..Codegen::default()
    }
}

/// What chapter `a` had is in `b`, under other ids; nobody minds.
fn moved_to_another_chapter(world: &World) {
    fs::remove_file(world.0.at(&of("x", "specs/a.md"))).unwrap();
    world.0.file(&of("x", "specs/b.md"), SPEC);
    let gone = "[[gone]]\noperations = [\"a_*\"]\nwhy = \"moved\"\n";
    world
        .0
        .file(&of("x", "provider.toml"), format!("{CONFIG}\n{gone}"));
}

#[test]
fn a_chapter_that_is_gone_takes_its_file_along() {
    let world = World::of(&["x"]);
    world.codegen();
    moved_to_another_chapter(&world);
    let run = world.check();
    assert!(
        run.err.contains("x/a.rs (no longer belongs)\n"),
        "{}",
        run.err
    );
    let run = world.codegen();
    let row = run.out.lines().nth(1).unwrap().split_whitespace();
    // Written: catalog, lock, client, mod, b. Removed: a.
    assert_eq!(row.clone().nth(5), Some("6"), "{}", run.out);
    assert_eq!(
        world.below("generated-sdk/src/x"),
        ["b.rs", "client.rs", "mod.rs"]
    );
    assert_eq!(world.check().outcome, Outcome::Done);
}

#[cfg(unix)]
#[test]
fn nothing_is_removed_where_something_cannot_be_written() {
    let world = World::of(&["x"]);
    world.codegen();
    let before = world.below("generated-sdk");
    moved_to_another_chapter(&world);
    // The schemas come behind the provider, and their folder cannot be made.
    fs::remove_dir_all(world.0.at("catalog/schema")).unwrap();
    std::os::unix::fs::symlink("nowhere", world.0.at("catalog/schema")).unwrap();
    let run = world.codegen();
    assert_eq!(run.outcome, Outcome::Failed);
    assert!(run.err.contains("nothing was written"), "{}", run.err);
    assert_eq!(world.below("generated-sdk"), before);

    fs::remove_file(world.0.at("catalog/schema")).unwrap();
    assert_eq!(world.codegen().outcome, Outcome::Done);
    assert_eq!(
        world.below("generated-sdk/src/x"),
        ["b.rs", "client.rs", "mod.rs"]
    );
}

#[test]
fn what_is_written_by_hand_does_not_lie_among_generated_files() {
    let world = World::of(&["x"]);
    world.codegen();
    world.0.file("generated-sdk/src/x/mine.rs", "//! Mine.\n");
    let before = world.state();
    let run = world.codegen();
    assert_eq!(run.outcome, Outcome::Failed);
    assert!(
        run.err.contains("x/mine.rs was written by hand"),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("declare it in provider.toml"),
        "{}",
        run.err
    );
    assert_eq!(world.state(), before);

    fs::remove_file(world.0.at("generated-sdk/src/x/mine.rs")).unwrap();
    assert_eq!(world.codegen().outcome, Outcome::Done);
}

#[test]
fn a_provider_that_is_gone_takes_its_folder_along() {
    let world = World::of(&["x", "y"]);
    world.codegen();
    world
        .0
        .file("generated-sdk/src/hand/mod.rs", "//! By hand.\n");
    fs::remove_dir_all(world.0.at(&of("y", ""))).unwrap();

    assert_eq!(world.only("x").outcome, Outcome::Done);
    assert!(
        world.0.at("generated-sdk/src/y/mod.rs").is_file(),
        "only x was asked for"
    );
    assert_eq!(world.codegen().outcome, Outcome::Done);
    assert!(!world.0.at("generated-sdk/src/y").exists());
    assert!(!world.0.read(LIB).contains("pub mod y;"));
    assert!(world.0.at("generated-sdk/src/hand/mod.rs").is_file());
    assert!(world.0.at("generated-sdk/src/runtime/mod.rs").is_file());
}

#[test]
fn a_filtered_run_keeps_the_other_modules() {
    let world = World::of(&["x", "y"]);
    world.0.file(
        &of("y", "provider.toml"),
        CONFIG
            .replace("title", "default = true\ntitle")
            .replace("\"X\"", "\"Y|云\""),
    );
    world.codegen();
    let crate_files = |world: &World| {
        ["Cargo.toml", "README.md", "src/lib.rs"]
            .map(|path| world.0.read(&format!("generated-sdk/{path}")))
    };
    let whole = crate_files(&world);
    assert!(whole[2].contains("pub mod x;") && whole[2].contains("pub mod y;"));
    assert!(whole[0].contains("default = [\"y\", "), "{}", whole[0]);
    assert_eq!(world.only("x").outcome, Outcome::Done);
    assert_eq!(crate_files(&world), whole);

    // Nobody asked for y: that it is broken changes nothing.
    world.0.file(&of("y", "provider.toml"), "titel = \"Y\"\n");
    assert_eq!(world.only("x").outcome, Outcome::Done);
    assert_eq!(crate_files(&world), whole);

    // Without its code it cannot be named.
    fs::remove_dir_all(world.0.at("generated-sdk/src/y")).unwrap();
    assert_eq!(world.only("x").outcome, Outcome::Done);
    assert!(!crate_files(&world)[2].contains("pub mod y;"));
}

#[test]
fn another_catalog_needs_a_folder_of_its_own() {
    let world = World::of(&["x"]);
    world.codegen();
    let options = another(&world);
    let before = world.state();
    let run = world.run(&options);
    assert_eq!((run.outcome, run.out.as_str()), (Outcome::Misused, ""));
    assert!(
        run.err
            .contains("another catalog needs --out DIR, so that nobody's SDK is swept by accident"),
        "{}",
        run.err
    );
    for out in ["generated-sdk", "generated-sdk/x"] {
        assert_eq!(
            world.out(out, options.clone()).outcome,
            Outcome::Misused,
            "{out}"
        );
    }
    assert_eq!(world.state(), before);
}

#[test]
fn a_crate_of_its_own_has_a_name_of_its_own() {
    let world = World::of(&["x"]);
    let example = "//! `use generated_sdk::Error;`\n";
    world.0.file("generated-sdk/src/runtime/mod.rs", example);
    let options = another(&world);
    let layout = "name = \"acme-wechat\"\nversion = \"2.0.0\"\nauthors = [\"A\"]\n";
    world.0.file("elsewhere/sdk.toml", layout);
    let run = world.out("out", options.clone());
    assert_eq!((run.outcome, run.err.as_str()), (Outcome::Done, ""));
    let manifest: toml::Table = world.0.read("out/Cargo.toml").parse().unwrap();
    assert_eq!(manifest["package"]["name"].as_str(), Some("acme-wechat"));
    assert_eq!(manifest["package"]["version"].as_str(), Some("2.0.0"));
    assert!(
        world
            .0
            .read("out/src/runtime/mod.rs")
            .contains("use acme_wechat::Error")
    );
    let request = world.0.read("out/src/z/a.rs");
    assert!(request.contains("acme_wechat::z::"), "{request}");
    assert!(!request.contains("generated_sdk"), "{request}");

    world
        .0
        .file("elsewhere/sdk.toml", layout.replace("2.0.0", "2.0.1"));
    let run = world.out("out", options.clone());
    assert_eq!(
        run.outcome,
        Outcome::Done,
        "a changed name is not forgotten"
    );
    assert!(world.0.read("out/Cargo.toml").contains("2.0.1"));

    world.0.file("elsewhere/sdk.toml", "nam = \"x\"\n");
    let run = world.out("out", options);
    assert_eq!(run.outcome, Outcome::Failed);
    assert!(
        run.err.contains("sdk.toml:1") && run.err.contains("did you mean `name`"),
        "{}",
        run.err
    );
}

#[test]
fn the_workspaces_own_crate_keeps_its_name() {
    let world = World::of(&["x"]);
    world.0.file("catalog/sdk.toml", "name = \"acme\"\n");
    let run = world.codegen();
    assert_eq!(run.outcome, Outcome::Failed);
    assert!(
        run.err.contains("generate elsewhere with `--out`"),
        "{}",
        run.err
    );
    world.0.file("catalog/sdk.toml", "version = \"0.2.0\"\n");
    assert_eq!(world.codegen().outcome, Outcome::Done);
    assert!(
        world
            .0
            .read("generated-sdk/Cargo.toml")
            .contains("\"0.2.0\"")
    );
}

#[test]
fn a_crate_of_its_own_is_complete() {
    let world = World::of(&["x"]);
    world
        .0
        .file("generated-sdk/src/runtime/codec/mod.rs", "//! C.\n");
    let options = another(&world);
    let run = world.out("out", options.clone());
    assert_eq!((run.outcome, run.err.as_str()), (Outcome::Done, ""));
    assert_eq!(
        world.below("out"),
        [
            "Cargo.toml",
            "LICENSE-MIT",
            "README.md",
            "src/lib.rs",
            "src/runtime/codec/mod.rs",
            "src/runtime/mod.rs",
            "src/z/a.rs",
            "src/z/client.rs",
            "src/z/mod.rs"
        ]
    );
    let manifest = world.0.read("out/Cargo.toml");
    assert!(manifest.ends_with("\n\n[workspace]\n"), "{manifest}");
    assert!(manifest.contains("default = [\"z\", "), "{manifest}");
    assert!(manifest.parse::<toml::Table>().is_ok(), "{manifest}");
    assert!(world.0.read("out/src/runtime/codec/mod.rs").starts_with(
        "// @generated by cargo xtask codegen from generated-sdk/src/runtime/codec/mod.rs; do not edit\n//! C.\n"
    ));
    // The workspace's own crate and schemas are none of its business.
    assert!(!world.0.at(LIB).exists() && !world.0.at("catalog/schema").exists());

    let before = world.state();
    assert_eq!(world.out("out", options.clone()).outcome, Outcome::Done);
    assert_eq!(world.state(), before);

    fs::remove_dir_all(world.0.at("generated-sdk/src/runtime/codec")).unwrap();
    world.0.file("out/src/runtime/mine.rs", "//! Mine.\n");
    let run = world.out("out", options);
    assert_eq!(run.outcome, Outcome::Done);
    assert!(!world.0.at("out/src/runtime/codec").exists());
    assert!(world.0.at("out/src/runtime/mine.rs").is_file());
}

#[test]
fn the_default_catalog_goes_elsewhere_in_part() {
    let world = World::of(&["x", "y"]);
    assert_eq!(world.out("out", only("y")).outcome, Outcome::Done);
    let lib = world.0.read("out/src/lib.rs");
    assert!(
        lib.contains("pub mod y;") && !lib.contains("pub mod x;"),
        "{lib}"
    );
    assert!(
        world
            .0
            .read("out/Cargo.toml")
            .contains("default = [\"y\", ")
    );
    assert!(!world.0.at(LIB).exists());
}

#[test]
fn a_folder_of_somebody_else_is_never_touched() {
    let world = World::of(&["x"]);
    let refused = |out: &str, reason: &str| {
        let before = world.state();
        let run = world.out(out, Codegen::default());
        assert_eq!(run.outcome, Outcome::Failed, "{out}");
        assert!(
            run.err.contains(reason) && run.err.contains("--out"),
            "{}",
            run.err
        );
        assert_eq!(world.state(), before);
    };
    world.0.file("theirs/src/main.rs", "fn main() {}\n");
    refused("theirs", "holds something that codegen did not write");
    refused(".", "holds something that codegen did not write");
    refused("LICENSE-MIT", "is no folder");

    world.0.file("fresh/.git/HEAD", "ref\n");
    assert_eq!(
        world.out("fresh", Codegen::default()).outcome,
        Outcome::Done
    );
    world.0.file("fresh/README.md", "# Mine\n");
    refused("fresh", "README.md was not written by codegen");
}

#[test]
fn a_provider_is_not_called_like_the_runtime() {
    let world = World::of(&["runtime"]);
    let before = world.state();
    let run = world.codegen();
    assert_eq!(run.outcome, Outcome::Failed);
    assert!(
        run.err.contains("`runtime` is no name for a provider"),
        "{}",
        run.err
    );
    assert_eq!(world.state(), before);
}
