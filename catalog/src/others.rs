//! Owns reading other documents than those for which `provider.toml` was written: the vendor's own beside ours.
//!
//! In: the same sources. Out: the model, and in place of an error for each declaration of a row that only our own
//! documents have, one note that names them: `12 of the declarations in provider.toml speak of what …`.

use std::collections::BTreeSet;

use crate::config::{EventLayout, GatherDeclaration, NestedEvents};
use crate::diagnostic::{Code, Diagnostic, Severity};
use crate::load::{Loaded, Origin, Sources, rows, sorted};
use crate::model::{Event, Field, Provider, Reply, Type};

/// Reads them by the same `provider.toml`.
pub fn load(sources: &Sources) -> (Option<Loaded>, Vec<Diagnostic>) {
    let mut rows = match rows(sources, Origin::Specs) {
        Ok(rows) => rows,
        Err(diagnostic) => return (None, vec![diagnostic]),
    };
    // Those are the differences from the documents that are read.
    rows.config.differs.clear();
    let (mut loaded, mut diagnostics) = rows.model(sources);
    let own = loaded.config.api.iter_mut();
    let own = own.filter_map(|api| Some((Some(api.id.as_str()), api.event.as_mut()?)));
    for (api, layout) in own.chain([(None, &mut loaded.config.event)]) {
        diagnostics.extend(prune(layout, api, &loaded.provider));
    }
    (Some(loaded), sorted(one_note(diagnostics, sources)))
}

/// What is stale as one note.
fn one_note(diagnostics: Vec<Diagnostic>, sources: &Sources) -> Vec<Diagnostic> {
    // What can be read is refused for what it speaks of.
    let is_declared = |finding: &Diagnostic| {
        let at = finding.at.as_ref();
        finding.severity() == Severity::Error
            && at.is_some_and(|at| *at.file == *sources.config.path())
    };
    let is_stale = |finding: &Diagnostic| {
        let is_named = matches!(finding.code, Code::StaleDeclaration | Code::StaleId);
        is_named || is_declared(finding)
    };
    let (stale, mut others): (Vec<_>, Vec<_>) = diagnostics.into_iter().partition(is_stale);
    let Some(first) = stale.first() else {
        return others;
    };
    let named = stale.iter().map(|finding| match &finding.at {
        Some(at) => format!("{}:{}: {}", at.file, at.line, finding.message),
        None => finding.message.clone(),
    });
    let named: Vec<String> = named.collect();
    let message = format!(
        "{} of the declarations in provider.toml speak of what these documents do not have: they are left out",
        named.len()
    );
    let note = Diagnostic::new(Code::NotInThese, message)
        .at_if(first.at.clone())
        .help(named.join("\n"));
    others.push(note);
    others
}

/// Leaves out what an event layout declares of events that are not there.
fn prune(layout: &mut EventLayout, api: Option<&str>, provider: &Provider) -> Vec<Diagnostic> {
    let modules = provider.modules.iter();
    let modules = modules.filter(|module| api.is_none() || module.api.as_deref() == api);
    let events: Vec<&Event> = modules
        .flat_map(|m| m.events.iter().map(|event| &**event))
        .collect();
    let mut left_out = Vec::new();
    if let Some(nested) = layout.nested.take_if(|nested| !is_list(nested, &events)) {
        left_out.push(format!("`{}` is no list of `{}`", nested.event, nested.tag));
    }
    let is_documented = |name: &str, keys: &[&String]| {
        let event = named(&events, name);
        event.is_some_and(|event| keys.iter().all(|key| has(event, key)))
    };
    let result = layout.result.take_if(|result| {
        !is_documented(
            &result.event,
            &[&result.id, &result.outcome, &result.reason],
        )
    });
    left_out.extend(result.map(|result| format!("`{}` does not show a result", result.event)));
    layout.shared.retain(|shared| {
        let at = |id: &String| {
            let mut events = events.iter();
            events.any(|event| event.id == *id && event.slot.as_ref() == Some(&shared.slot))
        };
        let is_there = shared.events.values().all(at);
        if !is_there {
            left_out.push(format!("`{}` has not these events", shared.slot));
        }
        is_there
    });
    layout.gather.retain(|gather| {
        let is_there = comes_in_pages(gather, &events, provider);
        if !is_there {
            left_out.push(format!("`{}` announces no pages", gather.operation));
        }
        is_there
    });
    let (shared, mut unknown) = (&layout.shared, Vec::new());
    layout.names.retain(|code, _| {
        let (slot, value) = code.split_once('/').unwrap_or((code, ""));
        let is_told = value.is_empty() || shared.iter().any(|one| one.slot == slot);
        let is_there = is_told && events.iter().any(|event| is_at(event, slot, code));
        if !is_there {
            unknown.push(format!("`{code}`"));
        }
        is_there
    });
    if !unknown.is_empty() {
        left_out.push(format!("no event has the code {}", unknown.join(", ")));
    }
    left_out.extend(prune_order(layout, &events));
    let stale = |message| Diagnostic::error(Code::StaleDeclaration, message);
    left_out.into_iter().map(stale).collect()
}

/// Leaves out what tells a conversation by fields that no event has; what is behind a part that is empty then goes too.
fn prune_order(layout: &mut EventLayout, events: &[&Event]) -> Option<String> {
    fn wires<'f>(fields: &'f [Field], known: &mut BTreeSet<&'f str>) {
        for field in fields {
            known.insert(&field.wire);
            wires(&field.fields, known);
        }
    }
    let mut known = BTreeSet::new();
    // Where nothing has a code, an event without an address is none.
    let is_heard = |event: &&&Event| {
        layout.tag.is_some() || event.slot.is_some() || event.announced_by.is_some()
    };
    for event in events.iter().filter(is_heard) {
        wires(&event.fields, &mut known);
    }
    let is_known =
        |key: &&str| known.contains(key) || layout.managed.iter().any(|managed| managed == key);
    let (mut order, mut unknown) = (Vec::new(), Vec::new());
    for keys in layout.order_keys() {
        let (there, gone): (Vec<&str>, Vec<&str>) = keys.into_iter().partition(is_known);
        unknown.extend(gone.iter().map(|key| format!("`{key}`")));
        order.push(there.join("|"));
    }
    let left = order.iter().take_while(|part| !part.is_empty()).count();
    order.truncate(left);
    layout.order = order;
    let said = format!(
        "`event.order` has {}, which no event has",
        unknown.join(", ")
    );
    (!unknown.is_empty()).then_some(said)
}

/// Whether this is its code, or its address where that is its code.
fn is_at(event: &Event, slot: &str, code: &str) -> bool {
    let by = event.announced_by.as_ref();
    let is_announced = by.is_some_and(|(operation, _)| operation == code);
    is_announced || event.slot.as_deref() == Some(slot) || event.wire.iter().any(|one| one == code)
}

fn named<'e>(events: &[&'e Event], name: &str) -> Option<&'e Event> {
    let mut events = events.iter();
    let found = events.find(|event| event.id == name || event.wire.iter().any(|code| code == name));
    found.copied()
}

fn has(event: &Event, key: &str) -> bool {
    event.fields.iter().any(|field| field.wire == key)
}

fn is_list(nested: &NestedEvents, events: &[&Event]) -> bool {
    let event = named(events, &nested.event);
    event.is_some_and(|event| event.payload == Reply::Objects && has(event, &nested.tag))
}

fn comes_in_pages(gather: &GatherDeclaration, events: &[&Event], provider: &Provider) -> bool {
    let mut operations = provider.operations();
    let name = &gather.operation;
    let operation = operations.find(|one| one.id == *name || one.wire == *name);
    let is_its = |event: &&&Event| {
        let by = event.announced_by.as_ref();
        by.is_some_and(|(id, _)| operation.is_some_and(|operation| operation.id == *id))
    };
    let event = events.iter().find(is_its);
    event.is_some_and(|event| {
        let mut fields = event.fields.iter();
        let is_listed = fields.any(|f| f.wire == gather.items && matches!(f.ty, Type::List(_)));
        is_listed && has(event, &gather.page) && has(event, &gather.total)
    })
}
