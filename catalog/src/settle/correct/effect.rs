//! Owns which keys of a correction have changed something: one that says what the documents say by now has no effect,
//! and can go.
//!
//! In: a field before and after, or what was found idle of each correction. Out: the keys, `["type", "required"]`, or an
//! error where the correction stands.

use std::collections::BTreeSet;

use super::keys::said;
use crate::config::{Config, Correction, array_entry};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::SourceFile;

/// Keys that a finding may ask for: where a correction has settled one, they have an effect.
const SETTLE: [&str; 4] = ["type", "nest", "add", "drop"];
/// What these say, no document does.
const ALWAYS: [&str; 3] = ["rename", "drop", "incomplete"];

/// The n-th correction, and the keys that have changed nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::settle) struct Idle {
    n: usize,
    keys: Vec<&'static str>,
}

/// Keys of a correction that have had an effect.
#[derive(Debug, Default)]
pub(super) struct Effect(BTreeSet<&'static str>);

impl Effect {
    /// Remembers that a key has changed something, if it has.
    pub(super) fn of(&mut self, key: &'static str, changes: bool) {
        if changes {
            self.0.insert(key);
        }
    }

    /// Remembers that all of it was new.
    pub(super) fn whole(&mut self, correction: &Correction) {
        self.0.extend(said(correction).map(|key| key.name));
    }

    /// What the n-th correction says in vain.
    pub(super) fn idle(&self, n: usize, correction: &Correction) -> Option<Idle> {
        let keys = said(correction).map(|key| key.name);
        let is_idle = |key: &&str| !self.0.contains(key) && !ALWAYS.contains(key);
        let keys: Vec<&str> = keys.filter(is_idle).collect();
        (!keys.is_empty()).then_some(Idle { n, keys })
    }
}

/// An error for each; `settling` are the corrections that have settled a finding.
pub(in crate::settle) fn refuse(
    idle: &[Idle],
    settling: &BTreeSet<usize>,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    let refused = idle.iter().filter_map(|Idle { n, keys }| {
        let settles = |key: &&&str| settling.contains(n) && SETTLE.contains(key);
        let keys: Vec<&str> = keys.iter().filter(|key| !settles(key)).copied().collect();
        let correction = config.correction.get(*n)?;
        let (said, of) = (said(correction).count(), subject(correction));
        let (message, help) = match keys.as_slice() {
            [] => return None,
            all if all.len() == said => (
                format!("the correction of {of} changes nothing: the documents say the same"),
                "remove it",
            ),
            some => (
                format!(
                    "`{}` changes nothing of {of}: the documents say the same",
                    some.join("`, `")
                ),
                "remove the key, and keep the others",
            ),
        };
        let at = file.location(array_entry(file.text(), "correction", *n));
        Some(Diagnostic::error(Code::NoEffect, message).at(at).help(help))
    });
    refused.collect()
}

/// What a correction is about: `` `colour` of `/add` ``.
fn subject(correction: &Correction) -> String {
    let item = correction.operation.as_ref().or(correction.event.as_ref());
    let item = item
        .or(correction.shape.as_ref())
        .or(correction.structure.as_ref())
        .or(correction.events.first());
    let item = item.map_or_else(String::new, |item| format!("`{item}`"));
    match correction.param.as_ref().or(correction.field.as_ref()) {
        Some(field) => format!("`{field}` of {item}"),
        None => item,
    }
}
