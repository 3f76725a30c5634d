//! Owns what structures are to those that name them: the fields of a payload that is one, and structures that nobody
//! names.

use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Field, Provider, Reached, Structure};

/// Gives payloads their fields; in what nobody names, nobody finds a field.
pub(super) fn apply(provider: &mut Provider) -> Vec<Diagnostic> {
    if provider.structures.is_empty() {
        return Vec::new();
    }
    give_fields(provider);
    let unused = unused(provider).into_iter();
    let found = unused.map(|structure| {
        let message = format!(
            "nothing is a `{}`: no type names the structure",
            structure.wire
        );
        Diagnostic::new(Code::UnusedStructure, message)
            .at_if(structure.source.at.clone())
            .help("write its name in the type cells of what it describes, or remove it")
    });
    found.collect()
}

fn give_fields(provider: &mut Provider) {
    let structures = &provider.structures;
    let fields_of = |api: &Option<String>, name: &Option<String>| -> Vec<Field> {
        let mut known = structures.iter();
        let found = known.find(|one| Some(&one.wire) == name.as_ref() && one.api == *api);
        found.map(|one| one.fields.clone()).unwrap_or_default()
    };
    for module in &mut provider.modules {
        let api = module.api.clone();
        for operation in module.operations_mut() {
            let inside = fields_of(&api, &operation.structure);
            operation.returns.splice(0..0, inside);
        }
        for event in module.events_mut() {
            let inside = fields_of(&api, &event.structure);
            event.fields.splice(0..0, inside);
        }
    }
}

/// Structures to which neither an operation nor an event leads.
fn unused(provider: &Provider) -> Vec<&Structure> {
    let mut unused: Vec<&Structure> = provider.structures.iter().map(|one| &**one).collect();
    for module in &provider.modules {
        let mut reached = Reached::of(provider, module.api.as_deref());
        for operation in &module.operations {
            reached.name(operation.structure.as_deref());
            reached.fields(&operation.params);
            reached.fields(&operation.returns);
        }
        for event in &module.events {
            reached.name(event.structure.as_deref());
            reached.fields(&event.fields);
        }
        unused.retain(|structure| !reached.has(structure));
    }
    unused
}
