//! What no document should contain, on its way through the generator: the result means the same, or
//! is refused with place and mend. `compiled.rs` sees that it compiles and what rustdoc makes of it.

use std::collections::BTreeSet;
use std::time::Instant;

use catalog::diagnostic::Severity;
use catalog::source::SourceFile;
use generator::lock::Lock;
use serde_json::Value;
use tests::cases::{Case, USUAL, locked, operation, row};
use tests::hostile::{PROVIDER_IDS, TEXTS, hostile, provider};

/// Characters that are not what they look like.
fn is_treacherous(c: char) -> bool {
    c != '\n' && c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn no_file_holds_a_character_that_is_not_seen() {
    for file in hostile().made().files {
        let found: Vec<&str> = file
            .text
            .lines()
            .filter(|line| line.contains(is_treacherous))
            .collect();
        assert_eq!(found, Vec::<&str>::new(), "{}", file.path);
        assert!(!file.path.contains(['/', '\\']), "{}", file.path);
    }
}

#[test]
fn nothing_in_a_document_becomes_code() {
    for file in hostile().made().files {
        let mut fence: Option<String> = None;
        for line in file.text.lines() {
            let code = line.trim_start();
            let is_doc = code.starts_with("//");
            let said = code.trim_start_matches(['/', '!', ' ']);
            match &fence {
                Some(mark) if said == mark => fence = None,
                None if said.starts_with("```") => {
                    let mark = said.trim_end_matches(|c| c != '`');
                    let kind = &said[mark.len()..];
                    assert!(["text", "no_run"].contains(&kind), "{}: {line}", file.path);
                    fence = Some(mark.to_owned());
                }
                _ => {}
            }
            assert!(is_doc || !code.starts_with("#!["), "{}: {line}", file.path);
            assert!(
                is_doc || !code.starts_with("fn x()"),
                "{}: {line}",
                file.path
            );
            // In documentation a tag is escaped, or inside of backticks, or of a block of code, which is text.
            let tag = code.find("<script").filter(|_| is_doc && fence.is_none());
            let is_harmless = tag.is_none_or(|at| {
                let before = &code[..at];
                before.ends_with('\\') || before.matches('`').count() % 2 == 1
            });
            assert!(is_harmless, "{}: {line}", file.path);
        }
    }
}

#[test]
fn every_name_on_the_wire_is_what_it_was() {
    let sdk = hostile().made().sdks.remove(0);
    let module = sdk.modules.iter().find(|module| module.title == "hostile");
    let module = module.expect("the chapter");
    let fields = module
        .types
        .objects
        .iter()
        .flat_map(|object| &object.members);
    let known: BTreeSet<&str> = fields.map(|member| member.wire.as_str()).collect();
    assert_eq!(module.operations.len(), TEXTS.len());
    for (n, (text, operation)) in TEXTS.iter().zip(&module.operations).enumerate() {
        assert_eq!(operation.model.wire, format!("/op{n}/send{text}Op{n}"));
        // Paths are written with dots and brackets.
        if text.contains(['.', '[']) || text.trim().is_empty() {
            continue;
        }
        assert!(known.contains(&*format!("key{n}{text}")), "{text:?}");
        assert!(known.contains(*text), "{text:?}");
    }
}

#[test]
fn nothing_in_a_document_leaves_its_line_of_the_lock() {
    let lock = hostile().made().lock;
    let text = lock.write();
    assert_eq!(locked(&text), lock);
    assert!(!text.chars().any(is_treacherous));
}

#[test]
fn a_provider_may_be_called_anything_that_the_crate_is_not() {
    for id in PROVIDER_IDS {
        let ident = provider(id).made().sdks.remove(0).ident;
        assert!(ident.is_ascii() && !ident.contains('-'), "{id}: {ident}");
    }
    for id in [
        "runtime",
        "default",
        "reqwest",
        "serde",
        "serialize",
        "rustls-tls",
        "client",
    ] {
        assert_eq!(
            provider(id).make().refusal(),
            format!(
                "error bad-name: `{id}` is no name for a provider: generated code has that name\n  help: rename its folder\n"
            )
        );
    }
}

#[test]
fn a_slug_that_is_no_name_is_refused_with_its_place() {
    for slug in [
        "..",
        "../x",
        "a/b",
        "/etc",
        "a\\b",
        "",
        ".",
        "a b",
        "a\0b",
        "\u{202e}a",
        "C:",
    ] {
        let case = Case::of_catalog("bad", USUAL, &[operation(slug, "发送", "/send", &[], &[])]);
        let refusal = case.make().refusal();
        assert!(
            refusal.starts_with("error bad-slug api_catalog.json:1: "),
            "{slug:?}: {refusal}"
        );
        assert!(refusal.contains("  help: "), "{slug:?}: {refusal}");
    }
}

#[test]
fn chapters_that_want_one_file_are_refused() {
    let one = |module: &str, path: &str| operation(module, "发送", path, &[], &[]);
    let entries = [one("a-b", "/a"), one("a_b", "/b")];
    let refusal = Case::of_catalog("bad", USUAL, &entries).make().refusal();
    assert_eq!(
        refusal,
        "error name-clash api_catalog.json:1: the modules `a-b` and `a_b` would both be called `a_b`\n  help: give one of the chapters another slug, with [[module]] in provider.toml\n"
    );
}

/// Types that `provider.toml` names badly.
#[test]
fn a_type_that_is_no_name_is_refused() {
    let shape =
        |name: &str| format!("[[shape]]\nname = {name:?}\ntitle = \"x\"\nat = [\"/send\"]\n");
    let id = |name: &str| format!("[ids.{name:?}]\ntitle = \"x\"\nfields = [\"x\"]\n");
    let entries = [operation(
        "bad",
        "发送",
        "/send",
        &[row("x", true, "string", "")],
        &[row("y", false, "string", "")],
    )];
    let case = Case::of_catalog("bad", USUAL, &entries);
    assert_eq!(case.make().refusal(), "");
    for name in [
        "a b", "lower", "2D", "String", "Client", "Self", "Vec<u8>", "名字", "", "A;B",
    ] {
        for config in [shape(name), id(name)] {
            let refusal = case.with_config(&config).make().refusal();
            let expected = format!("`{name}` in provider.toml is no name for a type");
            assert!(refusal.contains(&expected), "{config}\n{refusal}");
        }
    }
    for config in [
        [shape("Same"), shape("Same")].concat(),
        [shape("Same"), id("Same")].concat(),
    ] {
        let refusal = case.with_config(&config).make().refusal();
        assert!(refusal.contains("would both be called `Same`"), "{refusal}");
    }
}

/// A session may be called like a method of the client; it is given another.
#[test]
fn a_session_may_be_called_anything() {
    let entries = [operation(
        "bad",
        "发送",
        "/send",
        &[row("wId", true, "string", "")],
        &[],
    )];
    for (scope, ident, ty) in [
        ("call", "call_session", "CallSession"),
        ("client", "client_session", "ClientSession"),
        ("fn", "fn_", "Fn_"),
        ("text", "text", "Text"),
        ("option", "option", "Option_"),
        ("", "unnamed", "Unnamed"),
        ("a b;\"c", "a_b_c", "ABC"),
        ("bad", "bad", "Bad"),
    ] {
        let config = format!("{USUAL}\n[session]\nparam = \"wId\"\nscope = {scope:?}\n");
        let sdk = Case::of_catalog("bad", &config, &entries)
            .made()
            .sdks
            .remove(0);
        let session = sdk.session.expect("a session");
        assert_eq!((&*session.ident, &*session.ty), (ident, ty), "{scope:?}");
        assert!(sdk.modules.iter().all(|module| module.ident != ident));
    }
}

#[test]
fn a_correction_cannot_smuggle_a_name_in() {
    let entries = [operation("bad", "发送", "/send", &[], &[])];
    let case = Case::of_catalog("bad", USUAL, &entries);
    for name in [
        "",
        "a b",
        "A",
        "1",
        "a-b",
        "a;",
        "发送",
        "a\u{202e}",
        "r#fn",
        "_",
    ] {
        let correction =
            format!("[[correction]]\noperation = \"/send\"\nwhy = \"x\"\nrename = \"{name}\"\n");
        let refusal = case.with_config(&correction).make().refusal();
        assert!(
            refusal.contains("is no name in snake case"),
            "{name:?}: {refusal}"
        );
    }
}

#[test]
fn a_lock_that_was_not_written_by_us_is_refused() {
    for (text, line) in [
        // As it was written in older times.
        ("[operation]\nx = \"fn x() {}\"", 2),
        ("[field]\nx = \"发送\"", 2),
        ("[value]\nx = \"Other\"", 2),
        ("[former]\nx = [\"a b\"]", 2),
        ("[module]\nx = \"../x\"", 2),
        ("[operation]\nx = 1", 2),
        // As it is written now.
        ("[module x]\nfn \"fn x() {}\" = call x", 2),
        ("[module x]\nfield 发送 = call x a", 2),
        ("[module x]\nfield a-b = call x a", 2),
        ("[module x]\nvariant Other = call x a 1", 2),
        ("[module x]\nvariant on = call x a 1", 2),
        ("[module x]\nfn SendText = call x", 2),
        ("[module x]\nfn move = call x", 2),
        ("[module x]\nmod client = module", 2),
        ("[module x]\ntype Option = call x", 2),
        ("[module x]\ntype ../x = call x", 2),
        ("[module x]\nformer aB = call x", 2),
        ("[module x]\nfn a = call x\nfn a = call x", 3),
        ("[module x]\nfn a = call x\nfn a = call y", 3),
        (
            "[module x]\nfield a = call x a\nfield b = call x b\nfield a = call x c",
            4,
        ),
        (
            "[module x]\nmod a = module\n[module y]\n\nmod a = module",
            5,
        ),
        ("[moduel x]\n", 1),
        ("fn a = call x", 1),
        ("[module x]\nfn a", 2),
        ("<<<<<<< ours", 1),
        ("[module x]\n=======\n", 2),
    ] {
        let (_, findings) = Lock::read(&SourceFile::new("names.lock", text));
        let finding = findings.iter().find(|f| f.severity() == Severity::Error);
        let finding = finding.unwrap_or_else(|| panic!("{text} is taken"));
        assert_eq!(finding.at.as_ref().map(|at| at.line), Some(line), "{text}");
        assert!(finding.help.is_some(), "{text}");
    }
}

fn many(count: usize) -> Case {
    let one = |n: usize| -> Value {
        operation(
            "chapter",
            "发送",
            &format!("/sendMessage{n}"),
            &[
                row("wcId", true, "string", "接收人"),
                row("content", true, "string", "内容"),
            ],
            &[row("msgId", false, "long", "编号")],
        )
    };
    Case::of_catalog("many", USUAL, &(0..count).map(one).collect::<Vec<_>>())
}

/// Ten times the operations take about ten times as long; not a hundred times. A machine that is busy
/// with something else may be asked again.
#[test]
fn ten_thousand_operations_in_one_module_are_no_trouble() {
    let time = |case: &Case| {
        let start = Instant::now();
        let files = case.made().files;
        assert!(files.iter().any(|file| file.path == "chapter.rs"));
        start.elapsed().as_secs_f64()
    };
    let (few, most) = (many(1_000), many(10_000));
    let ratios = (0..3).map(|_| time(&most) / time(&few));
    assert!(ratios.into_iter().any(|ratio| ratio < 15.0));
}
