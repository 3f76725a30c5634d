//! Owns the digests by which codegen knows again what it wrote: one for each chapter of a catalog, so
//! that two branches that change different chapters change different lines, and one for all specs.
//!
//! They tell a hand edit from codegen's own text; they defend against nobody.

use std::collections::BTreeMap;

use catalog::entry::{Catalog, Entry};
use catalog::source::SourceFile;
use xxhash_rust::xxh3::Xxh3;

/// API and slug of each chapter, and the digest of its rows.
pub type Digests = BTreeMap<(String, String), String>;

/// The digests of a catalog, whatever its layout.
pub fn of_catalog(catalog: &Catalog) -> Digests {
    let mut chapters: BTreeMap<(String, String), Xxh3> = BTreeMap::new();
    for entry in &catalog.catalog {
        let api = entry.api.clone().unwrap_or_default();
        let digest = chapters.entry((api, entry.module.clone())).or_default();
        digest.update(&written(entry));
        digest.update(b"\n");
    }
    let hex = |(chapter, digest): ((String, String), Xxh3)| (chapter, hex(&digest));
    chapters.into_iter().map(hex).collect()
}

/// The digests of a catalog as it lies on the disk; none of what is no catalog.
pub fn of_text(text: &str) -> Option<Digests> {
    let catalog: Catalog = serde_json::from_str(text).ok()?;
    Some(of_catalog(&catalog))
}

/// The digest of the specs.
pub fn of_specs(specs: &[SourceFile]) -> String {
    of_texts(specs.iter().flat_map(|file| [file.path(), file.text()]))
}

/// The digest of some texts; CRLF counts as LF, so that a checkout on Windows is no edit.
pub fn of_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let mut digest = Xxh3::new();
    for text in texts {
        for line in text.split_inclusive('\n') {
            match line.strip_suffix("\r\n") {
                Some(line) => {
                    digest.update(line.as_bytes());
                    digest.update(b"\n");
                }
                None => digest.update(line.as_bytes()),
            }
        }
        // So that `ab` and `c` differ from `a` and `bc`.
        digest.update(b"\0");
    }
    hex(&digest)
}

/// Entries hold texts and JSON values only; serialising them cannot fail.
fn written(entry: &Entry) -> Vec<u8> {
    serde_json::to_vec(entry).unwrap_or_default()
}

fn hex(digest: &Xxh3) -> String {
    format!("{:016x}", digest.digest())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str =
        r#"{ "doc": "a.md", "title": "A", "module": "a", "kind": "endpoint", "operationId": "a" }"#;

    fn catalog(entries: &[&str]) -> Digests {
        of_text(&format!("{{\"catalog\":[{}]}}", entries.join(","))).unwrap_or_default()
    }

    #[test]
    fn a_change_of_one_chapter_changes_one_digest() {
        let other = ONE.replace("\"module\": \"a\"", "\"module\": \"b\"");
        let before = catalog(&[ONE, &other]);
        let after = catalog(&[ONE, &other.replace("\"A\"", "\"B\"")]);
        let key = |module: &str| (String::new(), module.to_owned());
        assert_eq!(
            before.keys().cloned().collect::<Vec<_>>(),
            [key("a"), key("b")]
        );
        assert_eq!(before[&key("a")], after[&key("a")]);
        assert_ne!(before[&key("b")], after[&key("b")]);
        assert_eq!(before[&key("a")].len(), 16);
    }

    #[test]
    fn layout_is_no_edit() {
        assert_eq!(catalog(&[&ONE.replace(' ', "\n")]), catalog(&[ONE]));
        assert_eq!(of_text("<<<<<<< ours"), None);
    }

    #[test]
    fn line_breaks_of_specs_are_no_edit_and_borders_count() {
        let one = |path: &str, text: &str| of_specs(&[SourceFile::new(path, text)]);
        assert_eq!(one("a", "x\r\ny\r\n"), one("a", "x\ny\n"));
        assert_ne!(one("a", "x\ry"), one("a", "xy"));
        assert_ne!(one("ab", "c"), one("a", "bc"));
        // It has to be the same tomorrow, on any machine.
        assert_eq!(of_specs(&[]), "2d06800538d394c2");
    }
}
