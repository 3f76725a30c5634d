//! Owns who wins where there are specs and a catalog (DESIGN.md, "Sources, and who wins").
//!
//! Specs changed: the catalog follows. Catalog edited by hand: a person decides, with `--accept`.
//! The digest in `names.lock` tells which of the two happened.

use catalog::load::Sources;

use crate::args::Accept;
use crate::digest::{self, Digest};
use crate::lock::Lock;
use generator::surface::catalogs;

/// Who wins, and what to remember of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// The specs: the catalog is written anew.
    Specs(Lock),
    /// The catalog, as it is.
    Catalog(Lock),
    /// Nobody: a person has to say.
    Undecided(Conflict),
}

/// The catalog and the specs say different things.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Conflict {
    /// How it came to be.
    pub(crate) cause: Cause,
    /// How they differ, one difference per line.
    pub(crate) differences: Vec<String>,
}

/// How a conflict came to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// The catalog is not what codegen last wrote.
    CatalogEdited,
    /// The catalog was accepted as the source, and then the specs changed.
    SpecsChanged,
}

/// Whether the catalog was accepted as the source and nothing has happened to the specs since; then
/// they need not even be read.
pub(crate) fn catalog_stands(
    sources: &Sources,
    lock: &Lock,
    accept: Option<Accept>,
) -> Option<Lock> {
    let catalog = sources.catalog.as_ref()?;
    let accepted = lock.accepted.as_ref()?;
    let specs = specs_digest(sources);
    if accept == Some(Accept::Specs) || accepted.specs != specs {
        return None;
    }
    Some(lock.following_catalog(digest::of(catalog.text()), specs))
}

/// Decides between the specs, whose catalog would be `fresh`, and the catalog on the disk.
pub(crate) fn settle(
    sources: &Sources,
    fresh: &str,
    lock: &Lock,
    accept: Option<Accept>,
) -> Verdict {
    let specs_win = || Verdict::Specs(lock.following_specs(digest::of(fresh)));
    let Some(catalog) = &sources.catalog else {
        return specs_win();
    };
    if accept == Some(Accept::Specs) || catalogs::is_same(fresh, catalog.text()) {
        return specs_win();
    }
    if accept == Some(Accept::Catalog) {
        return accept_catalog(sources, lock).map_or_else(specs_win, Verdict::Catalog);
    }
    let cause = if lock.accepted.is_some() {
        Cause::SpecsChanged
    } else if lock.catalog.as_deref() == Some(&*digest::of(catalog.text())) {
        return specs_win();
    } else {
        Cause::CatalogEdited
    };
    Verdict::Undecided(Conflict {
        cause,
        differences: catalogs::between(fresh, catalog.text()),
    })
}

/// The lock that makes the catalog the source.
pub(crate) fn accept_catalog(sources: &Sources, lock: &Lock) -> Option<Lock> {
    let catalog = sources.catalog.as_ref()?;
    Some(lock.following_catalog(digest::of(catalog.text()), specs_digest(sources)))
}

fn specs_digest(sources: &Sources) -> String {
    let digest = sources.specs.iter().fold(Digest::new(), |digest, file| {
        digest.text(file.path()).border().text(file.text()).border()
    });
    digest.hex()
}

#[cfg(test)]
mod tests {
    use catalog::source::SourceFile;

    use super::*;

    const FRESH: &str = "{\"catalog\":[]}\n";
    const EDITED: &str = "{\"catalog\":[{\"operationId\":\"x\"}]}\n";

    fn sources(catalog: Option<&str>, spec: &str) -> Sources {
        Sources {
            id: "x".to_owned(),
            config: SourceFile::new("provider.toml", ""),
            specs: vec![SourceFile::new("specs/x.md", spec)],
            catalog: catalog.map(|text| SourceFile::new("api_catalog.json", text)),
        }
    }

    fn wrote(text: &str) -> Lock {
        Lock::default().following_specs(digest::of(text))
    }

    fn cause(verdict: &Verdict) -> Option<Cause> {
        match verdict {
            Verdict::Undecided(conflict) => Some(conflict.cause),
            _ => None,
        }
    }

    #[test]
    fn the_catalog_follows_the_specs() {
        let fresh = Verdict::Specs(wrote(FRESH));
        assert_eq!(
            settle(&sources(None, ""), FRESH, &Lock::default(), None),
            fresh
        );
        assert_eq!(
            settle(&sources(Some(FRESH), ""), FRESH, &Lock::default(), None),
            fresh
        );
        let old = sources(Some("{\"old\":1}\r\n"), "");
        assert_eq!(settle(&old, FRESH, &wrote("{\"old\":1}\n"), None), fresh);
        let relaid = sources(Some("{ \"catalog\": [] }"), "");
        assert_eq!(settle(&relaid, FRESH, &wrote(FRESH), None), fresh);
    }

    #[test]
    fn a_hand_edit_waits_for_a_person() {
        let edited = sources(Some(EDITED), "");
        for lock in [wrote(FRESH), Lock::default()] {
            assert_eq!(
                cause(&settle(&edited, FRESH, &lock, None)),
                Some(Cause::CatalogEdited)
            );
            assert_eq!(
                settle(&edited, FRESH, &lock, Some(Accept::Specs)),
                Verdict::Specs(wrote(FRESH))
            );
        }
        let Verdict::Catalog(lock) = settle(&edited, FRESH, &wrote(FRESH), Some(Accept::Catalog))
        else {
            panic!("not accepted");
        };
        assert_eq!(lock.catalog, Some(digest::of(EDITED)));
        assert!(lock.accepted.is_some());
    }

    #[test]
    fn an_accepted_catalog_stands_until_the_specs_change() {
        let edited = sources(Some(EDITED), "# a");
        let lock = accept_catalog(&edited, &wrote(FRESH)).unwrap();
        assert_eq!(catalog_stands(&edited, &lock, None), Some(lock.clone()));
        assert_eq!(catalog_stands(&edited, &lock, Some(Accept::Specs)), None);
        assert_eq!(catalog_stands(&edited, &wrote(FRESH), None), None);

        let edited_more = sources(Some("{}"), "# a");
        let stands = catalog_stands(&edited_more, &lock, None).unwrap();
        assert_eq!(stands.catalog, Some(digest::of("{}")));

        let changed = sources(Some(EDITED), "# b");
        assert_eq!(catalog_stands(&changed, &lock, None), None);
        assert_eq!(
            cause(&settle(&changed, FRESH, &lock, None)),
            Some(Cause::SpecsChanged)
        );
        assert_eq!(
            settle(&changed, FRESH, &lock, Some(Accept::Specs)),
            Verdict::Specs(wrote(FRESH))
        );
    }
}
