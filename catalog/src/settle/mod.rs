//! Owns what `provider.toml` settles about a model that was built from documents alone.
//!
//! In: the model, and the configuration with its place. Out: the model as it counts, and findings: corrections
//! first (`[[correction]]`), then declarations (`[event.poll]`, `[[job]]`, `[[page]]`, `[login]`, `[[answer]]`, `[[either]]`, `session.also`, …),
//! then what must hold of the whole, and at last what may stay as it is (`[[accept]]`). Each is carried out, and one that speaks of what is not there is an error where
//! it stands: `` no operation is called `sendTxt` (did you mean `sendText`?) ``.

mod accept;
mod answer;
mod check;
mod conversation;
mod correct;
mod differs;
mod either;
mod job;
mod login;
mod lookup;
mod media;
mod misplaced;
mod online;
mod page;
mod poll;
mod session;
mod stale_layout;
mod stale_names;
mod structure;
mod template;
mod unseen;
mod with;

use std::collections::BTreeSet;

pub(crate) use stale_layout::stale_layout;
pub(crate) use unseen::unseen;

use crate::config::{Config, array_entry, proposal, table};
use crate::diagnostic::{Code, Diagnostic};
use crate::load::Origin;
use crate::model::Provider;
use crate::source::SourceFile;

/// Carries everything out, in this order: what is declared speaks of the corrected model.
pub(crate) fn settle(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
    origin: Origin,
    diagnostics: &mut Vec<Diagnostic>,
) {
    diagnostics.extend(differs::apply(provider, config, file));
    let (findings, idle) = correct::apply(provider, config, file);
    diagnostics.extend(findings);
    let mut settling = BTreeSet::new();
    diagnostics.retain(|finding| {
        let by = proposal::settled_by(finding, config, provider);
        settling.extend(&by);
        by.is_empty()
    });
    diagnostics.extend(correct::refuse_idle(&idle, &settling, config, file));
    diagnostics.extend(structure::apply(provider));
    diagnostics.extend(poll::apply(provider, config, file));
    diagnostics.extend(stale_names::find(provider, config, file));
    diagnostics.extend(with::apply(provider, config, file));
    diagnostics.extend(job::apply(provider, config, file));
    diagnostics.extend(page::apply(provider, config, file));
    diagnostics.extend(session::apply(provider, config, file));
    diagnostics.extend(login::apply(provider, config, file));
    diagnostics.extend(online::apply(provider, config, file));
    diagnostics.extend(media::apply(provider, config, file));
    diagnostics.extend(conversation::apply(provider, config, file));
    diagnostics.extend(either::apply(provider, config, file));
    diagnostics.extend(answer::apply(provider, config, file));
    diagnostics.extend(check::check(provider, config));
    accept::apply(config, file, origin, diagnostics);
    link_announcements(provider);
}

/// Operations know the events that they announce.
fn link_announcements(provider: &mut Provider) {
    for module in &mut provider.modules {
        let events = module.events.clone();
        for operation in module.operations_mut() {
            operation.announces = events
                .iter()
                .filter(|event| {
                    event
                        .announced_by
                        .as_ref()
                        .is_some_and(|(id, _)| *id == operation.id)
                })
                .map(|event| event.id.clone())
                .collect();
        }
    }
}

/// What is wrong with a declaration.
type Finding = Box<Diagnostic>;

/// It speaks of what is not there.
fn stale(message: String, help: &str) -> Finding {
    Box::new(Diagnostic::error(Code::StaleDeclaration, message).help(help))
}

/// Carries out every entry of `[[key]]`.
fn carry_out<D>(
    entries: &[D],
    key: &str,
    file: &SourceFile,
    mut each: impl FnMut(&D) -> Result<(), Finding>,
) -> Vec<Diagnostic> {
    let entries = entries.iter().enumerate();
    let found = entries.filter_map(|(n, entry)| {
        let finding = each(entry).err()?;
        Some(finding.at(file.location(array_entry(file.text(), key, n))))
    });
    found.collect()
}

/// Carries out `[key]`, if it is there.
fn carry_out_table<D>(
    entry: Option<&D>,
    key: &str,
    file: &SourceFile,
    each: impl FnOnce(&D) -> Result<(), Finding>,
) -> Option<Diagnostic> {
    let finding = each(entry?).err()?;
    Some(finding.at(file.location(table(file.text(), key))))
}
