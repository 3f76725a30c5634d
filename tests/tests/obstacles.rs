//! The obstacle course of names: what became of each. `compiled.rs` sees that it compiles.

use std::collections::BTreeSet;

use generator::Generated;
use generator::lock::Lock;
use insta::{assert_snapshot, with_settings};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use tests::cases::Case;
use tests::obstacles::{NAMES, obstacles};
use tests::{committed, providers, root, surface};

/// What of the language generated code means by its plain name; a type of a vendor that was called so would hide it, in silence.
const MEANT: &[&str] = &[
    "Box",
    "Fn",
    "FnOnce",
    "From",
    "Into",
    "IntoIterator",
    "None",
    "Option",
    "Result",
    "Self",
    "Send",
    "Some",
    "String",
    "Sync",
    "Vec",
];

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

#[test]
fn no_type_hides_what_generated_code_means() {
    let (mut used, mut unheard) = (BTreeSet::new(), Vec::new());
    for id in providers() {
        let (sources, lock) = (committed(&id), Lock::default());
        let (here, declared) = names(&Case { sources, lock }.made());
        used.extend(here.difference(&declared).cloned());
    }
    let (here, declared) = names(&obstacles().made());
    used.extend(here.difference(&declared).cloned());
    for name in MEANT {
        let tried = NAMES
            .iter()
            .any(|obstacle| obstacle.eq_ignore_ascii_case(name));
        if !tried || declared.contains(*name) {
            unheard.push(*name);
        }
    }
    assert_eq!(
        unheard,
        Vec::<&str>::new(),
        "no obstacle, or a type of a vendor's"
    );
    let meant: BTreeSet<String> = MEANT.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(used, meant, "see `TAKEN_TYPES` of the generator");
}

/// The types that generated code names, and those that it declares.
fn names(made: &Generated) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut used, mut declared) = (BTreeSet::new(), BTreeSet::new());
    for file in made
        .files
        .iter()
        .filter(|file| !file.path.ends_with("mock.rs"))
    {
        let code = file.text.parse().expect("tokens");
        walk(code, &mut used, &mut declared);
    }
    (used, declared)
}

fn walk(code: TokenStream, used: &mut BTreeSet<String>, declared: &mut BTreeSet<String>) {
    let trees: Vec<TokenTree> = code.into_iter().collect();
    let back = |at: usize, by: usize| at.checked_sub(by).and_then(|at| trees.get(at));
    let is =
        |tree: Option<&TokenTree>, text: &str| tree.is_some_and(|tree| tree.to_string() == text);
    for (at, tree) in trees.iter().enumerate() {
        match tree {
            TokenTree::Ident(name) => {
                let (name, before) = (name.to_string(), back(at, 1));
                let declares = ["struct", "enum", "type"];
                let in_path = is(before, ":") && is(back(at, 2), ":");
                // A member of a trait: `Item = …`.
                let is_member = is(trees.get(at + 1), "=") && !is(before, ":");
                let is_type = name.starts_with(|c: char| c.is_ascii_uppercase())
                    && name.contains(|c: char| c.is_ascii_lowercase());
                if declares.iter().any(|word| is(before, word)) {
                    declared.insert(name);
                } else if is_type && !in_path && !is_member {
                    used.insert(name);
                }
            }
            TokenTree::Group(table) if is(back(at, 2), "required") => {
                declared.extend(
                    table
                        .stream()
                        .into_iter()
                        .next()
                        .map(|name| name.to_string()),
                );
            }
            // Attributes and tables are no code.
            TokenTree::Group(_) if is(back(at, 1), "#") || is(back(at, 1), "!") => {}
            TokenTree::Group(group) if is(back(at, 2), "enum") => {
                variants(group.stream(), used, declared);
            }
            TokenTree::Group(group) => walk(group.stream(), used, declared),
            _ => {}
        }
    }
}

/// What the variants of an enum hold.
fn variants(code: TokenStream, used: &mut BTreeSet<String>, declared: &mut BTreeSet<String>) {
    for tree in code {
        match tree {
            TokenTree::Group(group) if group.delimiter() != Delimiter::Bracket => {
                walk(group.stream(), used, declared);
            }
            _ => {}
        }
    }
}
