//! Owns `[[answer]]`: which event answers which operation, and what the two share.

use super::lookup::{api, operation, param, undeclared};
use super::{Finding, carry_out, stale};
use crate::config::{AnswerDeclaration, Config};
use crate::diagnostic::Diagnostic;
use crate::model::{Answer, Event, Field, Module, Operation, Provider};
use crate::source::SourceFile;
use crate::spelling;

/// Links events to the operations that they answer.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    carry_out(&config.answer, "answer", file, |declared| {
        let within = declared.api.as_deref();
        let (place, found) = operation(provider, within, &declared.operation, "an answer")?;
        let answer = answer(provider, api(provider, place), *found, declared)?;
        let answered = |known: &Operation| known.answer.is_some();
        let operation = undeclared(provider, place, "[[answer]]", answered)?;
        operation.answer = Some(answer);
        Ok(())
    })
}

fn answer(
    provider: &Provider,
    api: Option<&str>,
    operation: &Operation,
    declared: &AnswerDeclaration,
) -> Result<Answer, Finding> {
    let event = event(&provider.modules, api, &declared.event)?;
    for (name, field) in &declared.same {
        param(operation, name)?;
        let named = |known: &Field| known.wire == *field || known.aliases.contains(field);
        if !event.fields.iter().any(named) {
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
fn event<'m>(modules: &'m [Module], api: Option<&str>, name: &str) -> Result<&'m Event, Finding> {
    let modules = modules.iter().filter(|module| module.api.as_deref() == api);
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
