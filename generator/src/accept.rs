//! Owns who wins where there are specs and a catalog (DESIGN.md, "Sources, and who wins").
//!
//! Specs changed: the catalog follows. Catalog edited by hand: a person decides, with `--accept`.
//! The digests in `names.lock` tell which of the two happened.

use catalog::load::{Origin, Sources};

use crate::digest::{self, Digests};
use crate::lock::{Lock, is_unresolved};
use crate::surface::catalogs;

/// What a person has decided: `--accept specs|catalog`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// The specs win: what was edited in the catalog is lost.
    Specs,
    /// The catalog wins: the specs are not read until they change.
    Catalog,
}

/// The source that counts, and what `names.lock` is to remember of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// The digests of the catalog as it will be.
    pub catalog: Digests,
    /// The digest of the specs, where the catalog is the source although there are specs.
    pub accepted: Option<String>,
}

/// Who wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The specs: the catalog is written anew.
    Specs(Followed),
    /// The catalog, as it is.
    Catalog(Followed),
    /// Nobody: a person has to say.
    Undecided(Conflict),
}

/// The catalog and the specs say different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// How it came to be.
    pub cause: Cause,
    /// How they differ, one difference per line.
    pub differences: Vec<String>,
}

/// How a conflict came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// The catalog is not what codegen last wrote.
    CatalogEdited,
    /// The catalog was accepted as the source, and then the specs changed.
    SpecsChanged,
}

/// Whether the catalog was accepted as the source and nothing has happened to the specs since; then
/// they need not even be read.
pub fn catalog_stands(sources: &Sources, lock: &Lock, accept: Option<Accept>) -> Option<Followed> {
    let accepted = lock.accepted()?;
    let followed = accept_catalog(sources)?;
    let is_same = followed.accepted.as_deref() == Some(accepted);
    (accept != Some(Accept::Specs) && is_same).then_some(followed)
}

/// Whether the specs that codegen wrote the catalog from are gone, all of them, and nobody has accepted the catalog.
pub fn specs_are_gone(sources: &Sources, lock: &Lock) -> bool {
    sources.origin() == Origin::Catalog && lock.follows_specs()
}

/// Decides between the specs, whose catalog would be `fresh` with these digests, and the catalog on
/// the disk. What git left of a merge there is nobody's edit.
pub fn decide(
    sources: &Sources,
    (fresh, digests): (&str, Digests),
    lock: &Lock,
    accept: Option<Accept>,
) -> Verdict {
    let specs_win = || {
        Verdict::Specs(Followed {
            catalog: digests,
            accepted: None,
        })
    };
    let Some(catalog) = &sources.catalog else {
        return specs_win();
    };
    if accept == Some(Accept::Specs) || catalogs::is_same(fresh, catalog.text()) {
        return specs_win();
    }
    if accept == Some(Accept::Catalog) {
        return accept_catalog(sources).map_or_else(specs_win, Verdict::Catalog);
    }
    let on_disk = || digest::of_text(catalog.text());
    let cause = if lock.accepted().is_some() {
        Cause::SpecsChanged
    } else if is_unresolved(catalog.text()) || on_disk().is_some_and(|found| lock.wrote(&found)) {
        return specs_win();
    } else {
        Cause::CatalogEdited
    };
    Verdict::Undecided(Conflict {
        cause,
        differences: catalogs::between(fresh, catalog.text()),
    })
}

/// The catalog becomes the source.
pub fn accept_catalog(sources: &Sources) -> Option<Followed> {
    let catalog = sources.catalog.as_ref()?;
    Some(Followed {
        // What is no catalog is refused when it is read.
        catalog: digest::of_text(catalog.text()).unwrap_or_default(),
        accepted: Some(digest::of_specs(&sources.specs)),
    })
}

#[cfg(test)]
mod tests {
    use catalog::source::SourceFile;

    use super::*;

    const FRESH: &str = "{\"catalog\":[]}\n";

    fn entry(module: &str, title: &str) -> String {
        format!(
            "{{\"doc\":\"a\",\"title\":\"{title}\",\"module\":\"{module}\",\"kind\":\"endpoint\",\"operationId\":\"{module}\"}}"
        )
    }

    fn text(entries: &[String]) -> String {
        format!("{{\"catalog\":[{}]}}", entries.join(",\n"))
    }

    fn sources(catalog: Option<&str>, spec: &str) -> Sources {
        Sources {
            id: "x".to_owned(),
            config: SourceFile::new("provider.toml", ""),
            specs: vec![SourceFile::new("specs/x.md", spec)],
            catalog: catalog.map(|text| SourceFile::new("api_catalog.json", text)),
        }
    }

    fn digests(text: &str) -> Digests {
        digest::of_text(text).unwrap_or_default()
    }

    fn wrote(text: &str) -> Lock {
        Lock::default().following(digests(text), None)
    }

    fn followed(text: &str) -> Followed {
        let (catalog, accepted) = (digests(text), None);
        Followed { catalog, accepted }
    }

    fn verdict(on_disk: Option<&str>, fresh: &str, lock: &Lock, accept: Option<Accept>) -> Verdict {
        let sources = sources(on_disk, "");
        decide(&sources, (fresh, digests(fresh)), lock, accept)
    }

    fn cause(verdict: &Verdict) -> Option<Cause> {
        match verdict {
            Verdict::Undecided(conflict) => Some(conflict.cause),
            _ => None,
        }
    }

    #[test]
    fn the_catalog_follows_the_specs() {
        let fresh = Verdict::Specs(followed(FRESH));
        assert_eq!(verdict(None, FRESH, &Lock::default(), None), fresh);
        assert_eq!(verdict(Some(FRESH), FRESH, &Lock::default(), None), fresh);
        let old = text(&[entry("a", "旧")]);
        let on_disk = old.replace('\n', "\r\n");
        assert_eq!(verdict(Some(&on_disk), FRESH, &wrote(&old), None), fresh);
        let relaid = Some("{ \"catalog\": [] }");
        assert_eq!(verdict(relaid, FRESH, &wrote(FRESH), None), fresh);
    }

    #[test]
    fn a_hand_edit_waits_for_a_person() {
        let fresh = text(&[entry("a", "甲"), entry("b", "乙")]);
        let edits = [
            text(&[entry("a", "甲"), entry("b", "丙")]),
            text(&[entry("a", "甲")]),
            text(&[entry("a", "甲"), entry("b", "乙"), entry("c", "丙")]),
            "{".to_owned(),
        ];
        for edited in edits {
            for lock in [wrote(&fresh), Lock::default()] {
                let found = verdict(Some(&edited), &fresh, &lock, None);
                assert_eq!(cause(&found), Some(Cause::CatalogEdited), "{edited}");
                let found = verdict(Some(&edited), &fresh, &lock, Some(Accept::Specs));
                assert_eq!(found, Verdict::Specs(followed(&fresh)));
            }
            let found = verdict(Some(&edited), &fresh, &wrote(&fresh), Some(Accept::Catalog));
            let Verdict::Catalog(accepted) = found else {
                panic!("not accepted");
            };
            assert_eq!(accepted.catalog, digests(&edited));
            assert!(accepted.accepted.is_some());
        }
    }

    #[test]
    fn what_git_left_in_the_catalog_is_nobodys_edit() {
        let fresh = text(&[entry("a", "甲")]);
        let marked = format!("<<<<<<< ours\n{fresh}\n=======\n{FRESH}>>>>>>> theirs\n");
        let found = verdict(Some(&marked), &fresh, &wrote(FRESH), None);
        assert_eq!(found, Verdict::Specs(followed(&fresh)));
        let accepted = wrote(FRESH).following(Digests::new(), Some("1".to_owned()));
        let found = verdict(Some(&marked), &fresh, &accepted, None);
        assert_eq!(cause(&found), Some(Cause::SpecsChanged), "it is the source");
    }

    #[test]
    fn an_accepted_catalog_stands_until_the_specs_change() {
        let edited = text(&[entry("a", "甲")]);
        let on_disk = sources(Some(&edited), "# a");
        let Followed { catalog, accepted } = accept_catalog(&on_disk).unwrap();
        let lock = wrote(FRESH).following(catalog.clone(), accepted.clone());
        let stands = Some(Followed { catalog, accepted });
        assert_eq!(catalog_stands(&on_disk, &lock, None), stands);
        assert_eq!(catalog_stands(&on_disk, &lock, Some(Accept::Specs)), None);
        assert_eq!(catalog_stands(&on_disk, &wrote(FRESH), None), None);

        let more = catalog_stands(&sources(Some(FRESH), "# a"), &lock, None).unwrap();
        assert_eq!(more.catalog, digests(FRESH));

        let changed = sources(Some(&edited), "# b");
        assert_eq!(catalog_stands(&changed, &lock, None), None);
        let fresh = || (FRESH, digests(FRESH));
        let found = decide(&changed, fresh(), &lock, None);
        assert_eq!(cause(&found), Some(Cause::SpecsChanged));
        let found = decide(&changed, fresh(), &lock, Some(Accept::Specs));
        assert_eq!(found, Verdict::Specs(followed(FRESH)));
    }
}
