//! Owns what `provider.toml` declares of answers: which event answers which operation, and what the two share.

use super::{Finding, carry_out, stale};
use crate::config::{AnswerDeclaration, Config};
use crate::diagnostic::Diagnostic;
use crate::model::{Answer, Event, Module, Operation, Provider};
use crate::source::SourceFile;
use crate::spelling;

/// Links events to the operations that they answer.
pub(crate) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    carry_out(&config.answer, "answer", file, |declared| {
        link(provider, declared)
    })
}

fn link(provider: &mut Provider, declared: &AnswerDeclaration) -> Result<(), Finding> {
    let mut known = Vec::new();
    for at in 0..provider.modules.len() {
        let Some(module) = provider.modules.get(at) else {
            continue;
        };
        if declared.api.is_some() && module.api != declared.api {
            continue;
        }
        let is_meant = |o: &Operation| o.id == declared.operation || o.wire == declared.operation;
        known.extend(module.operations.iter().map(|o| o.wire.clone()));
        let Some(operation) = module.operations.iter().find(|o| is_meant(o)) else {
            continue;
        };
        let answer = answer(&provider.modules, module, operation, declared)?;
        if operation.answer.is_some() {
            let message = format!("`{}` has two `[[answer]]`", operation.wire);
            return Err(stale(message, "remove one of them"));
        }
        let module = provider.modules.get_mut(at);
        let operations = module.into_iter().flat_map(Module::operations_mut);
        for operation in operations.filter(|o| is_meant(o)).take(1) {
            operation.answer = Some(answer.clone());
        }
        return Ok(());
    }
    let near = spelling::did_you_mean(&declared.operation, known.iter().map(String::as_str));
    let message = format!("no operation is called `{}`{near}", declared.operation);
    Err(stale(message, "name its id or wire, or remove the answer"))
}

fn answer(
    modules: &[Module],
    module: &Module,
    operation: &Operation,
    declared: &AnswerDeclaration,
) -> Result<Answer, Finding> {
    let event = event(modules, module, &declared.event)?;
    for (param, field) in &declared.same {
        if !operation.params.iter().any(|known| known.wire == *param) {
            let known = operation.params.iter().map(|known| known.wire.as_str());
            let near = spelling::did_you_mean(param, known);
            let message = format!("`{}` has no parameter `{param}`{near}", operation.wire);
            return Err(stale(message, "name one of its parameters"));
        }
        let named =
            |known: &&crate::model::Field| known.wire == *field || known.aliases.contains(field);
        if !event.fields.iter().any(|known| named(&known)) {
            let known = event.fields.iter().map(|known| known.wire.as_str());
            let near = spelling::did_you_mean(field, known);
            let message = format!("the event `{}` has no field `{field}`{near}", event.id);
            return Err(stale(message, "name one of its fields"));
        }
    }
    Ok(Answer {
        event: event.id.clone(),
        same: declared.same.clone().into_iter().collect(),
    })
}

/// An event of the same API.
fn event<'m>(modules: &'m [Module], of: &Module, name: &str) -> Result<&'m Event, Finding> {
    let modules = modules.iter().filter(|module| module.api == of.api);
    let events = modules.flat_map(|module| &module.events);
    let events: Vec<&Event> = events.map(|event| &**event).collect();
    let mut meant = events.iter();
    let is_meant = |event: &&&Event| event.id == name || event.wire.iter().any(|code| code == name);
    if let Some(event) = meant.find(is_meant) {
        return Ok(event);
    }
    let near = spelling::did_you_mean(name, events.iter().map(|event| event.id.as_str()));
    let message = format!("no event is called `{name}`{near}");
    Err(stale(message, "name its id or code, or remove the answer"))
}
