//! Owns what git leaves where two branches changed the same lines: both sides count, for what was
//! public on either stays public.

use std::collections::btree_map::{BTreeMap, Entry as Slot};

use super::place::{Key, Kind};
use super::{Digest, Entry};

/// Which side of a conflict a line stands on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Branch {
    Ours,
    /// What both came from, where git shows it: both have it already.
    Base,
    Theirs,
}

/// A line that git wrote.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Begins,
    Base,
    Theirs,
    Ends,
}

impl Mark {
    pub(super) fn of(line: &str) -> Option<Self> {
        let is = |mark: &str| {
            line.strip_prefix(mark)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        let marks = [
            ("<<<<<<<", Self::Begins),
            ("|||||||", Self::Base),
            ("=======", Self::Theirs),
            (">>>>>>>", Self::Ends),
        ];
        let found = marks.into_iter().find(|(mark, _)| is(mark));
        found.map(|(_, mark)| mark)
    }
}

/// Whether git left its marks in a text.
pub fn is_unresolved(text: &str) -> bool {
    first_mark(text).is_some()
}

/// Where git's first mark begins, if the others follow it.
pub fn first_mark(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut begins = None;
    for line in text.split_inclusive('\n') {
        match Mark::of(line.trim_end()) {
            Some(Mark::Begins) if begins.is_none() => begins = Some(at),
            Some(Mark::Ends) if begins.is_some() => return begins,
            _ => {}
        }
        at += line.len();
    }
    None
}

/// What became of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Added {
    Kept,
    /// Our branch has called it this, and Rust has no second names for such a thing.
    Ours(String),
    /// It stands there twice, and that is no branch's doing.
    Twice,
}

/// Adds an entry to those of its chapter.
pub(super) fn add(
    entries: &mut BTreeMap<Key, Entry>,
    key: Key,
    entry: Entry,
    branch: Option<Branch>,
) -> Added {
    let former = key.place.clone().key(Kind::Former);
    let (kind, is_theirs) = (key.kind, branch == Some(Branch::Theirs));
    let known = match entries.entry(key) {
        Slot::Vacant(slot) => {
            slot.insert(entry);
            return Added::Kept;
        }
        Slot::Occupied(slot) => slot.into_mut(),
    };
    match kind {
        Kind::Former => {}
        _ if !is_theirs => return Added::Twice,
        Kind::Arguments => {}
        _ if known.names == entry.names => return Added::Kept,
        Kind::Fn | Kind::Variant => {
            let names = entry.names;
            let title = String::new();
            return add(entries, former, Entry { names, title }, branch);
        }
        Kind::Mod | Kind::Type | Kind::Field => return Added::Ours(known.name().to_owned()),
    }
    for name in entry.names {
        if !known.names.contains(&name) {
            known.names.push(name);
        }
    }
    Added::Kept
}

/// The digest of a chapter that both sides have written.
pub(super) fn digest(
    known: Option<Digest>,
    read: String,
    branch: Option<Branch>,
) -> Option<Digest> {
    match known {
        None => Some(Digest::Known(read)),
        Some(Digest::Known(known)) if known == read => Some(Digest::Known(known)),
        Some(_) => (branch == Some(Branch::Theirs)).then_some(Digest::Merged),
    }
}
