//! Owns what findings propose for `provider.toml`, and whether a correction there has settled one.

use serde::Deserialize;

use crate::config::Correction;
use crate::config::{Config, selects};
use crate::diagnostic::Diagnostic;
use crate::entry::{Entry, EntryKind};
use crate::model::Provider;
use crate::path::{last, segments};
use crate::spelling::toml_string;

/// The message of an item whose fields are spoken of.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) entry: &'a Entry,
    /// Its parameters are meant, not its reply.
    pub(crate) asks: bool,
    /// The payload's key: corrections count from inside the payload.
    pub(crate) payload: Option<&'a str>,
}

impl Subject<'_> {
    /// The correction of the field at a path of the message, to paste; `says` is what is right.
    pub(crate) fn correction(&self, path: &str, says: &str) -> String {
        let item = match self.entry.kind {
            EntryKind::Event => "event",
            EntryKind::Structure => "structure",
            _ => "operation",
        };
        let named = match self.entry.kind {
            EntryKind::Structure => self.entry.wire.first(),
            _ => None,
        };
        let side = match (self.asks, self.entry.kind) {
            (true, EntryKind::Event) | (false, _) => "field",
            (true, _) => "param",
        };
        proposal(
            (item, named.unwrap_or(&self.entry.operation_id)),
            self.entry.api.as_deref(),
            (side, self.inside(path)),
            says,
        )
    }

    /// A path of the message as corrections write it.
    pub(crate) fn inside<'p>(&self, path: &'p str) -> &'p str {
        let stripped = self.payload.and_then(|payload| {
            let rest = path.strip_prefix(payload)?;
            if rest.is_empty() {
                return Some(rest);
            }
            rest.trim_start_matches("[]").strip_prefix('.')
        });
        stripped.unwrap_or(path)
    }
}

/// A correction to paste: the key and name of its item, the key and path of its field, what is right.
pub(crate) fn proposal(
    item: (&str, &str),
    api: Option<&str>,
    field: (&str, &str),
    says: &str,
) -> String {
    let api = api.map_or_else(String::new, |api| format!("api = {}\n", toml_string(api)));
    format!(
        "[[correction]]\n{} = {}\n{api}{} = {}\n{says}\nwhy = \"…\"",
        item.0,
        toml_string(item.1),
        field.0,
        toml_string(field.1),
    )
}

/// The part of `provider.toml` that a finding proposes.
#[derive(Deserialize)]
struct Proposal {
    #[serde(default)]
    correction: Vec<Correction>,
}

/// The corrections, by their numbers, that decide everything that a finding proposes to correct; none: it is open.
pub(crate) fn settled_by(finding: &Diagnostic, config: &Config, provider: &Provider) -> Vec<usize> {
    if config.correction.is_empty() {
        return Vec::new();
    }
    let proposal = finding
        .fix
        .as_deref()
        .and_then(|fix| toml::from_str::<Proposal>(fix).ok());
    let Some(proposal) = proposal else {
        return Vec::new();
    };
    let known = config.correction.iter();
    let decided = proposal.correction.iter().map(|proposed| {
        let decides = |known: &&Correction| decides(known, proposed, provider);
        known.clone().position(|known| decides(&known))
    });
    decided.collect::<Option<Vec<usize>>>().unwrap_or_default()
}

fn decides(known: &Correction, proposed: &Correction, provider: &Provider) -> bool {
    let same_api = known.api.is_none() || known.api == proposed.api;
    let same_matter = (known.ty.is_some() && proposed.ty.is_some())
        || (known.nest.is_some() && proposed.nest.is_some())
        || (known.add && proposed.add)
        || known.drop;
    let path = |correction: &Correction| {
        correction
            .param
            .clone()
            .or_else(|| correction.field.clone())
    };
    let (Some(at), Some(wanted)) = (path(known), path(proposed)) else {
        return false;
    };
    // Where a field is to be added is for a person to say.
    let is_bare = segments(&at).nth(1).is_none();
    let same_field = last(&at) == last(&wanted)
        && (proposed.add || is_bare || segments(&at).eq(segments(&wanted)));
    same_api
        && same_matter
        && same_field
        && known.param.is_some() == proposed.param.is_some()
        && same_item(known, proposed, provider)
}

fn same_item(known: &Correction, proposed: &Correction, provider: &Provider) -> bool {
    match (
        &known.operation,
        &proposed.operation,
        &known.event,
        &proposed.event,
    ) {
        _ if proposed.structure.is_some() => match (&known.structure, &proposed.structure) {
            (Some(pattern), Some(name)) => selects(pattern, name),
            _ => false,
        },
        (Some(pattern), Some(id), ..) => {
            let mut operations = provider
                .operations()
                .filter(|operation| operation.id == *id);
            selects(pattern, id) || operations.any(|operation| selects(pattern, &operation.wire))
        }
        (.., Some(pattern), Some(id)) => {
            let mut events = provider.events().filter(|event| event.id == *id);
            selects(pattern, id)
                || events.any(|event| event.wire.iter().any(|wire| selects(pattern, wire)))
        }
        _ => false,
    }
}
