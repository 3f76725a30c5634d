//! What codegen says of doubtful readings, what denies them, what accepts them.

use serde_json::Value;

use super::{CONFIG, SPEC, World, of};
use crate::Outcome;
use crate::args::{Command, parse};

/// Two rows whose type nobody knows, one of them twice.
fn world() -> World {
    let world = World::of(&["x"]);
    let rows = "| a | 是 | zahl | 一 |\n| b | 是 | zahl | 二 |\n| c | 是 | wort | 三 |\n";
    world.spec("x", &format!("{SPEC}{rows}"));
    world
}

/// Runs codegen as it is called.
fn run(world: &World, words: &str) -> super::Run {
    let words = ["codegen"].into_iter().chain(words.split_whitespace());
    match parse(words.map(Into::into)) {
        Ok(Command::Codegen(options)) => world.run(&options),
        other => panic!("{other:?}"),
    }
}

const ACCEPT: &str =
    "[[accept]]\ncode = \"unknown-type\"\nabout = [\"zahl\", \"wort\"]\nwhy = \"seen\"\n";

#[test]
fn lints_are_said_once_a_cause_and_counted_at_the_end() {
    let run = run(&world(), "");
    assert_eq!(run.outcome, Outcome::Done);
    assert_eq!(
        run.err.matches("warning[unknown-type]").count(),
        2,
        "{}",
        run.err
    );
    let also = run.err.lines().find(|line| line.contains("= also at: "));
    assert!(
        also.is_some_and(|line| line.ends_with("x/specs/a.md:11")),
        "{}",
        run.err
    );
    assert!(run.out.ends_with("\n2 lints, 2 new\n"), "{}", run.out);
}

#[test]
fn what_is_denied_keeps_files_from_being_written() {
    for deny in ["--deny warnings", "--deny unknown-type"] {
        let world = world();
        let run = run(&world, deny);
        assert_eq!(run.outcome, Outcome::Failed);
        let end = format!("error: 2 lints are denied by `{deny}`");
        assert!(
            run.err.contains(&end) && run.err.ends_with("nothing was written\n"),
            "{}",
            run.err
        );
        assert!(!world.0.files().contains(&of("x", "api_catalog.json")));
    }
    assert_eq!(run(&world(), "--deny unread-row").outcome, Outcome::Done);
}

#[test]
fn what_is_accepted_is_counted_and_not_said_also_when_nothing_has_changed() {
    let world = world();
    world
        .0
        .file(&of("x", "provider.toml"), format!("{CONFIG}\n{ACCEPT}"));
    for _ in 0..2 {
        let run = run(&world, "--deny warnings");
        assert_eq!((run.outcome, run.err.as_str()), (Outcome::Done, ""));
        assert!(run.out.ends_with("\n2 lints, 0 new\n"), "{}", run.out);
    }
}

#[test]
fn programs_and_github_are_told_the_same() {
    let json = run(&world(), "--format json");
    let json: Value = serde_json::from_str(&json.out).unwrap();
    assert_eq!(
        (&json["written"], &json["lints"], &json["new"]),
        (&true.into(), &2.into(), &2.into())
    );
    assert_eq!(json["diagnostics"][0]["code"], "unknown-type");
    assert_eq!(json["diagnostics"][0]["also"][0]["line"], 11);
    assert_eq!(json["providers"][0]["id"], "x");

    let github = run(&world(), "--format github --deny warnings");
    assert_eq!(github.outcome, Outcome::Failed);
    assert!(github.err.starts_with("::warning file="), "{}", github.err);
    assert!(
        github.err.contains("x/specs/a.md,line=10,col="),
        "{}",
        github.err
    );

    let world = world();
    run(&world, "");
    world.spec("x", SPEC);
    let stale = run(&world, "--check --format json");
    let stale: Value = serde_json::from_str(&stale.out).unwrap();
    assert_eq!(stale["written"], false);
    assert_eq!(stale["diagnostics"][0]["code"], "stale-file");
}

const MORE: &str = "# 群\n\n### POST /rooms\n\n### POST /leave\n";

/// Two specs, the second with two operations, and their names.
fn two_specs() -> World {
    let world = World::of(&["x"]);
    world.0.file(&of("x", "specs/b.md"), MORE);
    assert_eq!(world.codegen().outcome, Outcome::Done);
    world
}

#[test]
fn operations_that_were_public_and_that_nobody_finds_are_named() {
    let empty: [fn(&World); 3] = [
        |world| std::fs::remove_file(world.0.at(&of("x", "specs/b.md"))).unwrap(),
        |world| drop(world.0.file(&of("x", "specs/b.md"), "\n")),
        |world| {
            drop(
                world
                    .0
                    .file(&of("x", "specs/b.md"), MORE.replace("### POST", "### PSOT")),
            )
        },
    ];
    for (n, empty) in empty.iter().enumerate() {
        let world = two_specs();
        empty(&world);
        let run = world.codegen();
        assert_eq!(run.outcome, Outcome::Failed, "{n}");
        let message = "error[lost]: names.lock knows 2 operations of `b` that the documents no longer have: \
                       `b_leave`, `b_rooms`";
        assert!(run.err.contains(message), "{n}: {}", run.err);
        assert!(run.err.contains("x/names.lock:"), "{n}: {}", run.err);
        assert!(run.err.contains("[[gone]]"), "{n}: {}", run.err);
    }

    let world = two_specs();
    for spec in ["specs/a.md", "specs/b.md"] {
        world.0.file(&of("x", spec), "\n");
    }
    let run = world.codegen();
    assert!(run.err.contains("error[nothing-read]"), "{}", run.err);
    assert!(
        run.err
            .contains("of `a` that the documents no longer have: `a_add`"),
        "{}",
        run.err
    );
}

#[test]
fn what_the_vendor_no_longer_has_is_declared_gone() {
    let world = two_specs();
    std::fs::remove_file(world.0.at(&of("x", "specs/b.md"))).unwrap();
    let gone = |ids: &str| format!("{CONFIG}\n[[gone]]\noperations = [{ids}]\nwhy = \"removed\"\n");
    world.0.file(&of("x", "provider.toml"), gone("\"b_*\""));
    let run = world.codegen();
    assert_eq!((run.outcome, run.err.as_str()), (Outcome::Done, ""));
    let lock = world.0.read(&of("x", "names.lock"));
    assert!(lock.contains("fn rooms = call b_rooms"), "{lock}");

    world
        .0
        .file(&of("x", "provider.toml"), gone("\"b_*\", \"b_rom\""));
    let run = world.codegen();
    assert_eq!(run.outcome, Outcome::Failed);
    let message = "[[gone]] names `b_rom`, which the documents have, or names.lock has never known \
                   (did you mean `b_rooms`?)";
    assert!(run.err.contains(message), "{}", run.err);
}
