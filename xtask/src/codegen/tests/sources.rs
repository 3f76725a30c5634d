//! From sources to the catalog and the lock: who wins, and what stops everything.

use std::fs;

use super::{CONFIG, SPEC, World, of};
use crate::Outcome;
use crate::args::{Accept, Codegen, Selection};

const CATALOG: &str = "catalog/providers/x/api_catalog.json";

#[test]
fn what_is_fresh_is_not_touched() {
    let world = World::of(&["x"]);
    let first = world.codegen();
    assert_eq!((first.outcome, first.err.as_str()), (Outcome::Done, ""));
    assert!(
        first.out.starts_with("provider  operations"),
        "{}",
        first.out
    );
    assert!(
        first
            .out
            .ends_with("names that are new: 1 (add)\n0 lints, 0 new\n"),
        "{}",
        first.out
    );
    assert_eq!(
        world.below("catalog/providers/x"),
        [
            "api_catalog.json",
            "names.lock",
            "provider.toml",
            "specs/a.md"
        ]
    );
    assert_eq!(
        world.below("generated-sdk"),
        [
            "Cargo.toml",
            "README.md",
            "src/lib.rs",
            "src/runtime/mod.rs",
            "src/x/a.rs",
            "src/x/client.rs",
            "src/x/mod.rs"
        ]
    );

    let before = world.state();
    let second = world.codegen();
    assert_eq!(second.outcome, Outcome::Done);
    assert!(!second.out.contains("names that are new"), "{}", second.out);
    assert_eq!(world.check().outcome, Outcome::Done);
    assert_eq!(world.state(), before);
}

#[test]
fn the_table_counts_everything() {
    let world = World::of(&["w", "x"]);
    let polled = CONFIG.replace("http-json", "poll");
    let keys = "[request]\ncommand = \"api\"\nid = \"sendId\"\n";
    world
        .0
        .file(&of("w", "provider.toml"), format!("{polled}{keys}"));
    let out = world.codegen().out;
    let rows: Vec<Vec<&str>> = out
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let (mut w, mut x) = (rows[1].clone(), rows[2].clone());
    assert_eq!((w.pop(), x.pop()), (Some("ms"), Some("ms")));
    assert_eq!(&w[..6], ["w", "1", "0", "1", "5", "5"]);
    assert_eq!(&x[..6], ["x", "1", "0", "1", "5", "5"]);
    assert_eq!(rows[3], ["schemas", "3", "3"]);
    assert_eq!(rows[4], ["crate", "3", "3"]);
    assert_eq!(&rows[5][..6], ["total", "2", "0", "2", "16", "16"]);
}

#[test]
fn a_check_names_what_is_stale_and_writes_nothing() {
    let world = World::of(&["x"]);
    let before = world.state();
    let run = world.check();
    assert_eq!((run.outcome, run.out.as_str()), (Outcome::Failed, ""));
    assert!(
        run.err.contains("11 files are stale") && run.err.contains("x/names.lock"),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("run `cargo xtask codegen` and commit"),
        "{}",
        run.err
    );
    assert_eq!(world.state(), before);
}

#[test]
fn one_provider_with_an_error_stops_all() {
    let world = World::of(&["x", "y"]);
    world.0.file(&of("y", "provider.toml"), "titel = \"Y\"\n");
    let before = world.state();
    let run = world.codegen();
    assert_eq!(run.outcome, Outcome::Failed);
    assert!(
        run.err.contains("did you mean `title`?") && run.err.ends_with("nothing was written\n"),
        "{}",
        run.err
    );
    assert_eq!(world.state(), before);
}

#[test]
fn names_that_clash_stop_all() {
    let world = World::of(&["x"]);
    world.spec("x", &format!("{SPEC}| label_name | 是 | string | 名称 |\n"));
    let run = world.codegen();
    assert_eq!(run.outcome, Outcome::Failed);
    assert!(run.err.contains("error[name-clash]"), "{}", run.err);
    assert!(run.err.contains("rename = "), "{}", run.err);
    assert!(!world.0.files().contains(&CATALOG.to_owned()));
}

#[test]
fn a_hand_edit_is_refused_until_somebody_decides() {
    let world = World::of(&["x"]);
    world.codegen();
    let written = world.0.read(CATALOG);
    let edited = written.replace("\"标签名称\"", "\"名称\"");
    world.0.file(CATALOG, &edited);

    let run = world.codegen();
    assert_eq!(run.outcome, Outcome::Failed);
    assert!(
        run.err
            .contains("row `labelName`, 说明: `标签名称` in the specs, `名称` in the catalog"),
        "{}",
        run.err
    );
    let line = 1 + edited
        .lines()
        .position(|line| line.contains("\"名称\""))
        .unwrap();
    assert!(
        run.err.contains(&format!("api_catalog.json:{line}:")),
        "{}",
        run.err
    );
    assert!(
        run.err.contains("--provider x --accept specs") && run.err.contains("--accept catalog"),
        "{}",
        run.err
    );

    assert_eq!(world.accept(Accept::Catalog).outcome, Outcome::Done);
    assert_eq!(world.check().outcome, Outcome::Done);
    assert_eq!(world.0.read(CATALOG), edited);

    world.spec("x", &SPEC.replace("string", "int"));
    let run = world.codegen();
    assert_eq!(run.outcome, Outcome::Failed);
    assert!(
        run.err.contains("the specs have changed since"),
        "{}",
        run.err
    );

    world.spec("x", SPEC);
    assert_eq!(world.accept(Accept::Specs).outcome, Outcome::Done);
    assert_eq!(world.0.read(CATALOG), written);
}

#[test]
fn specs_that_change_take_the_catalog_along() {
    let world = World::of(&["x"]);
    world.codegen();
    world.spec("x", &SPEC.replace("标签名称", "名称"));
    assert_eq!(world.codegen().outcome, Outcome::Done);
    assert!(world.0.read(CATALOG).contains("\"名称\""));
}

#[test]
fn a_catalog_alone_is_left_alone_and_gives_the_same_sdk() {
    let world = World::of(&["x"]);
    world.codegen();
    let sdk = |world: &World| {
        let below = world.below("generated-sdk/src/x");
        let read = |path: &String| world.0.read(&format!("generated-sdk/src/x/{path}"));
        below.iter().map(read).collect::<Vec<_>>()
    };
    let (catalog, before) = (world.0.read(CATALOG), sdk(&world));
    fs::remove_dir_all(world.0.at(&of("x", "specs"))).unwrap();
    fs::remove_file(world.0.at(&of("x", "names.lock"))).unwrap();
    assert_eq!(world.codegen().outcome, Outcome::Done);
    assert_eq!((world.0.read(CATALOG), sdk(&world)), (catalog, before));
    let lock = world.0.read(&of("x", "names.lock"));
    assert!(lock.contains("\n[module a]\nmod a = module"), "{lock}");
    assert_eq!(world.check().outcome, Outcome::Done);
}

/// The catalog would go on as if nothing had happened, and never change again.
#[test]
fn specs_that_are_all_gone_are_missed_until_somebody_decides() {
    let world = World::of(&["x"]);
    world.codegen();
    let catalog = world.0.read(CATALOG);
    fs::remove_dir_all(world.0.at(&of("x", "specs"))).unwrap();
    let before = world.state();
    let run = world.codegen();
    assert_eq!(run.outcome, Outcome::Failed);
    for said in [
        "providers/x/api_catalog.json was written from specifications, and none is there any more",
        "bring them back; or, if the catalog is the source from now on: cargo xtask codegen --provider x --accept catalog",
    ] {
        assert!(run.err.contains(said), "{}", run.err);
    }
    assert_eq!(world.accept(Accept::Specs).outcome, Outcome::Failed);
    assert_eq!(world.state(), before);

    assert_eq!(world.accept(Accept::Catalog).outcome, Outcome::Done);
    assert_eq!(world.check().outcome, Outcome::Done);
    assert_eq!(world.0.read(CATALOG), catalog);
    world.spec("x", SPEC);
    let run = world.codegen();
    assert_eq!(
        run.outcome,
        Outcome::Done,
        "they say what the catalog says: {}",
        run.err
    );
}

#[test]
fn broken_specs_do_not_keep_anybody_from_the_catalog() {
    let world = World::of(&["x"]);
    world.codegen();
    world.spec("x", "nothing\n");
    assert_eq!(world.codegen().outcome, Outcome::Failed);
    assert_eq!(world.accept(Accept::Catalog).outcome, Outcome::Done);
    assert_eq!(world.codegen().outcome, Outcome::Done);
}

#[test]
fn a_name_that_was_public_stays_known() {
    let world = World::of(&["x"]);
    world.codegen();
    let config = world.0.read(&of("x", "provider.toml"));
    let renamed = "\n[[correction]]\noperation = \"/add\"\nrename = \"add_label\"\nwhy = \"x\"\n";
    world.0.file(&of("x", "provider.toml"), config + renamed);
    let run = world.codegen();
    assert!(
        run.out
            .ends_with("names that are new: 1 (add_label)\n0 lints, 0 new\n"),
        "{}{}",
        run.out,
        run.err
    );
    let lock = world.0.read(&of("x", "names.lock"));
    for name in ["fn add_label = call ", "former add = call "] {
        assert!(lock.contains(name), "{lock}");
    }
    assert_eq!(world.check().outcome, Outcome::Done);
}

#[test]
fn a_broken_lock_is_named_with_its_line() {
    let world = World::of(&["x"]);
    world.codegen();
    let lock = world.0.read(&of("x", "names.lock"));
    let broken = lock.replace("fn add = ", "fn 添加 = ");
    world.0.file(&of("x", "names.lock"), &broken);
    let run = world.codegen();
    let at = broken.lines().position(|line| line.starts_with("fn 添加"));
    let line = at.unwrap() + 1;
    assert_eq!(run.outcome, Outcome::Failed);
    assert!(
        run.err.contains(&format!("x/names.lock:{line}:")),
        "{}",
        run.err
    );
    assert!(run.err.contains("help: spell it with"), "{}", run.err);
    assert_eq!(world.0.read(&of("x", "names.lock")), broken);
}

#[test]
fn a_hand_edit_is_found_chapter_by_chapter() {
    let world = World::of(&["x"]);
    world.0.file(
        &of("x", "specs/b.md"),
        SPEC.replace("标签", "群").replace("/add", "/join"),
    );
    world.codegen();
    let (lock, catalog) = (world.0.read(&of("x", "names.lock")), world.0.read(CATALOG));
    let digests = |lock: &str| -> Vec<String> {
        let lines = lock.lines().filter(|line| line.starts_with("digest "));
        lines.map(str::to_owned).collect()
    };
    let old = digests(&lock);
    assert_eq!(old.len(), 2, "{lock}");

    world.spec("x", &SPEC.replace("标签名称", "名称"));
    assert_eq!(world.codegen().outcome, Outcome::Done);
    let new = digests(&world.0.read(&of("x", "names.lock")));
    assert_ne!(old[0], new[0]);
    assert_eq!(old[1], new[1]);

    // As on a fresh clone: nothing but the files is known.
    world.0.file(CATALOG, catalog.replace("群名称", "群的名称"));
    assert_eq!(world.codegen().outcome, Outcome::Failed);
}

/// What git writes where two branches changed the same lines.
fn conflict(ours: &str, theirs: &str) -> String {
    let (ours, theirs): (Vec<&str>, Vec<&str>) = (ours.lines().collect(), theirs.lines().collect());
    let start = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
    let (same, ours, theirs) = (&ours[..start], &ours[start..], &theirs[start..]);
    let parts = [
        same,
        &["<<<<<<< ours"],
        ours,
        &["======="],
        theirs,
        &[">>>>>>> theirs"],
    ];
    parts.concat().join("\n") + "\n"
}

#[test]
fn what_a_merge_left_is_mended_from_the_specs() {
    let world = World::of(&["x"]);
    world.codegen();
    let files = [
        of("x", "names.lock"),
        CATALOG.to_owned(),
        "generated-sdk/src/x/a.rs".to_owned(),
    ];
    let row = |name: &str| format!("{SPEC}\n### POST /{name}\n");
    let base = files.clone().map(|path| world.0.read(&path));
    let state = |spec: &str| {
        for (path, base) in files.iter().zip(&base) {
            world.0.file(path, base);
        }
        world.spec("x", spec);
        assert_eq!(world.codegen().outcome, Outcome::Done);
        files.clone().map(|path| world.0.read(&path))
    };
    let (ours, theirs) = (state(&row("list")), state(&row("remove")));
    let both = row("list") + "\n### POST /remove\n";
    let clean = state(&both);
    for (path, (ours, theirs)) in files.iter().zip(ours.iter().zip(&theirs)) {
        world.0.file(path, conflict(ours, theirs));
    }
    world.spec("x", &conflict(&row("list"), &row("remove")));
    let run = world.codegen();
    assert_eq!(run.outcome, Outcome::Failed);
    assert!(run.err.contains("x/specs/a.md:11\n"), "{}", run.err);
    assert!(run.err.contains("end the merge here"), "{}", run.err);

    world.spec("x", &both);
    let run = world.codegen();
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    assert!(run.err.contains("warning[merged]"), "{}", run.err);
    assert_eq!(files.clone().map(|path| world.0.read(&path)), clean);
    assert_eq!(world.check().outcome, Outcome::Done);
}

#[test]
fn other_documents_are_read_by_the_same_configuration_and_change_nothing_here() {
    let world = World::of(&["x"]);
    let declared = "[[page]]\noperation = \"/list\"\ncursor = [{ param = \"at\", step = 1 }]\nmore = { code = [\"1\"] }\n";
    world
        .0
        .file(&of("x", "provider.toml"), format!("{CONFIG}{declared}"));
    world.0.file("docs/x/their.md", SPEC);
    let other = |specs: &str| Codegen {
        selection: Selection {
            specs: Some(world.0.at(specs)),
            ..Selection::default()
        },
        ..Codegen::default()
    };
    let run = world.run(&other("docs"));
    assert_eq!(run.outcome, Outcome::Misused);
    assert!(run.err.contains("`--specs` needs --out DIR"), "{}", run.err);

    let run = world.out("made", other("docs"));
    assert_eq!(run.outcome, Outcome::Done, "{}", run.err);
    let note = "warning[not-in-these-documents]: 1 of the declarations";
    assert!(
        run.err.contains(note) && run.err.contains("`/list`"),
        "{}",
        run.err
    );
    assert!(world.below("made").contains(&"src/x/their.rs".to_owned()));
    let here = world.below("catalog/providers/x");
    assert_eq!(here, ["provider.toml", "specs/a.md"]);

    for (specs, providers) in [("made", vec![]), ("docs", vec!["y".to_owned()])] {
        let mut options = other(specs);
        options.selection.providers = providers;
        assert_eq!(
            world.out("more", options).outcome,
            Outcome::Failed,
            "{specs}"
        );
    }
    let mut one = other("docs/x");
    one.selection.providers = vec!["x".to_owned()];
    assert_eq!(world.out("one", one).outcome, Outcome::Done);
}
