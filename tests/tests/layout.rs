//! Generated code stands as prettyplease lays it out, also what the generator has laid out itself.

use std::fmt::Write;

use generator::Generated;
use generator::emit::File;
use generator::lock::Lock;
use syn::Item;
use tests::cases::{Case, USUAL, golden_cases};
use tests::hostile::hostile;
use tests::obstacles::obstacles;
use tests::{committed, providers};

/// One item, as prettyplease has it.
fn laid_out(item: Item) -> String {
    prettyplease::unparse(&syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: vec![item],
    })
}

fn check(file: &File) {
    let parsed =
        syn::parse_file(&file.text).unwrap_or_else(|error| panic!("{}: {error}", file.path));
    let mut rest = file.text.as_str();
    for item in parsed.items {
        // What is in a macro has no layout of its own.
        if matches!(item, Item::Macro(_)) {
            continue;
        }
        let wanted = laid_out(item);
        let Some(at) = rest.find(&wanted) else {
            let first = wanted
                .lines()
                .find(|line| line.contains(" fn ") || line.contains('{'));
            panic!("{}: {first:?} stands otherwise than\n{wanted}", file.path);
        };
        rest = rest.get(at + wanted.len()..).unwrap_or_default();
    }
}

fn check_all(generated: &Generated) -> usize {
    generated.files.iter().for_each(check);
    generated.files.len()
}

#[test]
fn every_provider() {
    for id in &providers() {
        let (sources, lock) = (committed(id), Lock::default());
        assert!(check_all(&Case { sources, lock }.made()) > 1, "{id}");
    }
}

#[test]
fn every_golden_case() {
    let made = golden_cases()
        .into_iter()
        .filter_map(|name| Case::golden(&name).make().generated);
    let files: usize = made.map(|generated| check_all(&generated)).sum();
    assert!(files > 150, "{files}");
}

#[test]
fn names_that_are_none_and_texts_that_are_code() {
    assert!(check_all(&obstacles().made()) > 0);
    assert!(check_all(&hostile().made()) > 0);
}

/// Operations, parameters and reply fields with names of every width, so that every line is once just short enough and
/// once just too long.
#[test]
fn names_of_every_width() {
    let mut spec = String::from("# 宽度\n\n");
    for width in 1..=80 {
        let name = |start: char| format!("{start}{}", "x".repeat(width - 1));
        let _ = write!(
            spec,
            "### 操作{width}\n\n请求URL：`/o{}`\n\n**请求参数**\n\n|参数名|必选|类型|说明|\n|---|---|---|---|\n",
            name('p')
        );
        let types = ["string", "int", "string[]", "boolean"];
        for at in 0..width % 5 {
            let ty = types[(at + width) % 4];
            let required = if (width + at) % 3 > 0 { "是" } else { "否" };
            let letter = char::from(b'a' + u8::try_from(at).unwrap_or_default());
            let _ = writeln!(spec, "|{}|{required}|{ty}|第{at}个|", name(letter));
        }
        spec.push_str("\n**返回参数**\n\n|参数名|类型|说明|\n|---|---|---|\n");
        for at in 0..(width + 2) % 5 {
            let ty = types[(at + width) % 4];
            let letter = char::from(b'k' + u8::try_from(at).unwrap_or_default());
            let _ = writeln!(spec, "|{}|{ty}|第{at}个|", name(letter));
        }
        spec.push('\n');
    }
    let made = Case::of_specs("widths", USUAL, &[("specs/a.md", &spec)]).made();
    assert_eq!(made.sdks[0].modules[0].operations.len(), 80);
    assert!(check_all(&made) > 0);
}
