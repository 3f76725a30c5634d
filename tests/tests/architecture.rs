//! What ARCHITECTURE.md and its Chinese twin name is there: every file, every function of the walks.

use std::fs;
use std::path::Path;

use tests::{root, text};

const TWINS: [&str; 2] = ["ARCHITECTURE.md", "ARCHITECTURE.zh-CN.md"];

/// Code spans that are paths, `catalog/src/load.rs::load` with what is named in the file.
fn places(document: &str) -> Vec<&str> {
    let spans = document.split('`').skip(1).step_by(2);
    let is_path = |span: &&str| span.contains('/') && !span.contains([' ', '|']);
    spans.filter(is_path).collect()
}

/// Whether a file declares something of that name.
fn declares(file: &str, name: &str) -> bool {
    let ends = |rest: &str| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
    ["fn ", "const ", "struct ", "enum "].iter().any(|kind| {
        let declaration = format!("{kind}{name}");
        let mut rests = file.split(&declaration).skip(1);
        rests.any(ends)
    })
}

fn missing(root: &Path, place: &str) -> Option<String> {
    let (path, name) = match place.split_once("::") {
        Some((path, name)) => (path, Some(name)),
        None => (place, None),
    };
    let full = root.join(path);
    let there = match path.ends_with('/') {
        true => full.is_dir(),
        false => full.is_file(),
    };
    if !there {
        return Some(format!("{path} is not there"));
    }
    let name = name?;
    let file = fs::read_to_string(&full).unwrap_or_default();
    (!declares(&file, name)).then(|| format!("{path} has no `{name}`"))
}

#[test]
fn everything_that_the_map_names_is_there() {
    let root = root();
    for twin in TWINS {
        let document = text(&root.join(twin));
        let missing: Vec<String> = places(&document)
            .iter()
            .filter_map(|place| missing(&root, place))
            .collect();
        assert!(missing.is_empty(), "{twin}: {missing:#?}");
    }
}

#[test]
fn the_twins_name_the_same_places_in_the_same_order() {
    let [english, chinese] = TWINS.map(|twin| text(&root().join(twin)));
    assert_eq!(places(&english), places(&chinese));
    assert!(places(&english).len() > 60);
}

#[test]
fn a_place_that_is_gone_is_noticed() {
    let root = root();
    assert!(missing(&root, "catalog/src/load.rs::load").is_none());
    assert!(missing(&root, "catalog/src/loads.rs").is_some());
    assert!(missing(&root, "catalog/src/load.rs/").is_some());
    assert!(missing(&root, "catalog/src/load.rs::loa").is_some());
}
