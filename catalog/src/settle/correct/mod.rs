//! Owns the application of corrections: each must find what it corrects, or it is an error.

mod allowed_keys;
mod field_path;

use std::sync::Arc;

use crate::config::{ChoiceEntry, Correction};
use crate::config::{Config, array_entry, selects};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Choice, Event, Field, Module, Note, Operation, Provider, Reply, Rule, Type};
use crate::path::segments;
use crate::source::SourceFile;
use crate::spelling;

use self::allowed_keys::checked;
use self::field_path::{ambiguous, at_mut, collect_paths, locate, put, take};

/// Applies every correction of a provider's configuration.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (n, correction) in config.correction.iter().enumerate() {
        let absent_api = correction.api.as_ref().is_some_and(|api| {
            !provider
                .modules
                .iter()
                .any(|module| module.api.as_ref() == Some(api))
        });
        if absent_api {
            continue;
        }
        let outcome = checked(correction).and_then(|()| {
            let events = events(correction, config)?;
            Applying::new(correction, events).run(provider)
        });
        if let Err(finding) = outcome {
            let at = file.location(array_entry(file.text(), "correction", n));
            diagnostics.extend(finding.into_iter().map(|finding| Diagnostic {
                at: finding.at.or_else(|| Some(at.clone())),
                ..finding
            }));
        }
    }
    diagnostics
}

type Outcome = Result<(), Vec<Diagnostic>>;

fn refuse(code: Code, message: impl Into<String>, help: impl Into<String>) -> Outcome {
    Err(vec![Diagnostic::error(code, message).help(help)])
}

/// The ids or codes of the events that a correction is about; none where it is about operations.
fn events<'c>(
    correction: &'c Correction,
    config: &'c Config,
) -> Result<Vec<&'c str>, Vec<Diagnostic>> {
    let Some(name) = &correction.shape else {
        let named = correction.event.iter().chain(&correction.events);
        return Ok(named.map(String::as_str).collect());
    };
    let shapes = config.shape.iter().filter(|shape| !shape.events.is_empty());
    match shapes.clone().find(|shape| shape.name == *name) {
        Some(shape) => Ok(shape.events.iter().map(String::as_str).collect()),
        None => {
            let near = spelling::did_you_mean(name, shapes.map(|shape| shape.name.as_str()));
            let message = format!("no shape of events is called `{name}`{near}");
            let finding = Diagnostic::error(Code::StaleCorrection, message);
            Err(vec![finding.help("name a [[shape]] that has `events`")])
        }
    }
}

struct Applying<'c> {
    correction: &'c Correction,
    /// Ids or codes of the events that are meant.
    events: Vec<&'c str>,
    /// Items that the selector found.
    items: Vec<String>,
    /// Names that the found items have, for the suggestion.
    names: Vec<String>,
    applied: usize,
    findings: Vec<Diagnostic>,
}

impl<'c> Applying<'c> {
    fn new(correction: &'c Correction, events: Vec<&'c str>) -> Self {
        Self {
            correction,
            events,
            items: Vec::new(),
            names: Vec::new(),
            applied: 0,
            findings: Vec::new(),
        }
    }

    fn run(mut self, provider: &mut Provider) -> Outcome {
        let api = self.correction.api.clone();
        let is_meant = |module: &Module| api.is_none() || module.api == api;
        for module in provider
            .modules
            .iter_mut()
            .filter(|module| is_meant(module))
        {
            if let Some(wanted) = &self.correction.operation {
                module.operations.retain_mut(|operation| {
                    !(selects(wanted, &operation.id) || selects(wanted, &operation.wire))
                        || self.operation(Arc::make_mut(operation))
                });
            }
            if !self.events.is_empty() {
                module
                    .events
                    .retain_mut(|event| !self.means(event) || self.event(Arc::make_mut(event)));
            }
        }
        if self.items.is_empty() && self.correction.add && self.correction.field.is_none() {
            return self.add_events(
                provider
                    .modules
                    .iter_mut()
                    .filter(|module| is_meant(module)),
            );
        }
        if !self.findings.is_empty() {
            return Err(self.findings);
        }
        if self.applied > 0 {
            return Ok(());
        }
        self.applies_to_nothing(provider.modules.iter().filter(|module| is_meant(module)))
    }

    /// Adds events that no document has.
    fn add_events<'p>(mut self, modules: impl Iterator<Item = &'p mut Module>) -> Outcome {
        let chapter = self.correction.nest.clone().unwrap_or_default();
        let mut slugs = Vec::new();
        for module in modules {
            if module.slug != chapter {
                slugs.push(module.slug.clone());
                continue;
            }
            for code in std::mem::take(&mut self.events) {
                let mut event = Event::new(code, code);
                event.id = format!("{}_{code}", chapter.replace('-', "_"));
                self.event(&mut event);
                module.events.push(Arc::new(event));
            }
            return Ok(());
        }
        let near = spelling::did_you_mean(&chapter, slugs.iter().map(String::as_str));
        refuse(
            Code::StaleCorrection,
            format!("no chapter has the slug `{chapter}`{near}"),
            "name the slug of the chapter that the event belongs to",
        )
    }

    /// Whether an event is one of those that are meant.
    fn means(&self, event: &Event) -> bool {
        self.events.iter().any(|wanted| {
            selects(wanted, &event.id) || event.wire.iter().any(|wire| selects(wanted, wire))
        })
    }

    /// Says what there is instead of what the correction names.
    fn applies_to_nothing<'p>(&self, modules: impl Iterator<Item = &'p Module>) -> Outcome {
        let (kind, wanted) = match (&self.correction.operation, self.events.first()) {
            (Some(wanted), _) => ("operation", wanted.as_str()),
            (None, Some(wanted)) => ("event", *wanted),
            (None, None) => return Ok(()),
        };
        if self.items.is_empty() {
            let near = spelling::did_you_mean(wanted, modules.flat_map(|m| self.known(m)));
            return refuse(
                Code::StaleCorrection,
                format!("no {kind} is called `{wanted}`{near}"),
                "name its id or wire name, or remove the correction",
            );
        }
        let (what, field) = match (&self.correction.param, &self.correction.field) {
            (Some(param), _) => ("parameter", param.as_str()),
            (None, field) => ("field", field.as_deref().unwrap_or_default()),
        };
        let near = spelling::did_you_mean(field, self.names.iter().map(String::as_str));
        let items = self.items.join("`, `");
        refuse(
            Code::StaleCorrection,
            format!("`{items}` has no {what} `{field}`{near}"),
            format!("name the {what}'s path, or remove the correction"),
        )
    }

    /// What the correction may have meant.
    fn known<'p>(&self, module: &'p Module) -> Vec<&'p str> {
        let mut known = Vec::new();
        if self.correction.operation.is_some() {
            let operations = module.operations.iter();
            known.extend(operations.flat_map(|o| [o.id.as_str(), &o.wire]));
        }
        if !self.events.is_empty() {
            for event in &module.events {
                known.extend(event.wire.iter().map(String::as_str));
                known.push(&event.id);
            }
        }
        known
    }

    /// Corrects one operation; false: leave it out.
    fn operation(&mut self, operation: &mut Operation) -> bool {
        self.items.push(operation.id.clone());
        let correction = self.correction;
        if let Some(path) = &correction.param {
            self.fields(&mut operation.params, path);
            return true;
        }
        if let Some(path) = &correction.field {
            self.fields(&mut operation.returns, path);
            return true;
        }
        self.applied += 1;
        if let Some(name) = &correction.rename {
            operation.name = Some(name.clone());
        }
        if let Some(title) = &correction.title {
            operation.title.clone_from(title);
        }
        if let Some([least, most]) = correction.pace_ms {
            operation.pace_ms = Some((least, most));
        }
        operation.patience_s = correction.patience_s.or(operation.patience_s);
        if let Some(auth) = correction.auth {
            operation.auth = auth;
        }
        if let Some(deprecated) = correction.deprecated {
            operation.deprecated = deprecated;
        }
        if let Some(payload) = correction.payload {
            operation.reply = Reply::of(payload.ty());
        }
        if let Some(note) = &correction.incomplete {
            operation.notes.push(Note::Text(note.clone()));
            self.incomplete(operation, note);
        }
        if !correction.one_of.is_empty() {
            self.one_of(operation);
        }
        !correction.drop
    }

    /// What is known to be missing is shown by `lint`, and never guessed.
    fn incomplete(&mut self, operation: &mut Operation, note: &str) {
        operation.incomplete = Some(note.to_owned());
    }

    fn one_of(&mut self, operation: &mut Operation) {
        for name in &self.correction.one_of {
            match operation
                .params
                .iter_mut()
                .find(|field| &field.wire == name)
            {
                Some(field) => {
                    field.required = false;
                    field.one_of.clone_from(&self.correction.one_of);
                }
                None => self.findings.push(
                    Diagnostic::error(
                        Code::StaleCorrection,
                        format!(
                            "`{}` has no parameter `{name}`{}",
                            operation.id,
                            spelling::did_you_mean(
                                name,
                                operation.params.iter().map(|field| field.wire.as_str())
                            )
                        ),
                    )
                    .help("name parameters as they are on the wire"),
                ),
            }
        }
        operation
            .rules
            .push(Rule::OneOf(self.correction.one_of.clone()));
    }

    /// Corrects one event; false: leave it out.
    fn event(&mut self, event: &mut Event) -> bool {
        self.items.push(event.id.clone());
        let correction = self.correction;
        if let Some(path) = &correction.field {
            self.fields(&mut event.fields, path);
            return true;
        }
        self.applied += 1;
        if let Some(name) = &correction.rename {
            event.name = Some(name.clone());
        }
        if let Some(title) = &correction.title {
            event.title.clone_from(title);
        }
        if let Some(payload) = correction.payload {
            event.payload = Reply::of(payload.ty());
        }
        !correction.drop
    }

    fn fields(&mut self, fields: &mut Vec<Field>, path: &str) {
        if self.correction.add {
            self.add(fields, path);
            return;
        }
        let found = match locate(fields, path).as_slice() {
            [] => {
                collect_paths(fields, "", &mut self.names);
                return;
            }
            [only] => only.clone(),
            several => {
                self.findings
                    .push(ambiguous(path, several, self.items.last()));
                return;
            }
        };
        self.applied += 1;
        let moved = self.correction.nest.is_some();
        if self.correction.drop || moved {
            let Some(mut field) = take(fields, &found) else {
                return;
            };
            if let Some(home) = &self.correction.nest {
                self.change(&mut field);
                put(fields, home, field);
            }
            return;
        }
        if let Some(field) = at_mut(fields, &found) {
            self.change(field);
        }
    }

    fn add(&mut self, fields: &mut Vec<Field>, path: &str) {
        let correction = self.correction;
        self.applied += 1;
        let found: Vec<String> = segments(path).map(str::to_owned).collect();
        if let Some(field) = at_mut(fields, &found) {
            // The documents have learned of it; what the correction says of it still holds.
            self.change(field);
            return;
        }
        let mut field = Field::new(
            crate::path::last(path),
            correction.ty.map_or(Type::Text, |ty| ty.ty()),
        );
        self.change(&mut field);
        put(
            fields,
            path.rsplit_once('.').map_or("", |(home, _)| home),
            field,
        );
    }

    fn change(&self, field: &mut Field) {
        let correction = self.correction;
        if let Some(name) = &correction.rename {
            field.name = Some(name.clone());
        }
        if let Some(wire) = &correction.wire
            && *wire != field.wire
        {
            field
                .aliases
                .push(std::mem::replace(&mut field.wire, wire.clone()));
        }
        for alias in &correction.aliases {
            if !field.aliases.contains(alias) {
                field.aliases.push(alias.clone());
            }
        }
        if let Some(title) = &correction.title {
            field.title.clone_from(title);
        }
        if let Some(ty) = correction.ty {
            field.ty = ty.ty();
            if !field.ty.has_members() {
                field.fields.clear();
            }
        }
        if let Some(required) = correction.required {
            field.required = required;
        }
        if let Some(nullable) = correction.nullable {
            field.nullable = nullable;
            field.required |= nullable;
        }
        if let Some(place) = correction.place {
            field.place = place;
        }
        if let Some(encoding) = correction.encoding {
            field.encoding = encoding;
        }
        if let Some(list) = &correction.list {
            field.list = Some(list.clone()).filter(|separator| !separator.is_empty());
        }
        if let Some(values) = &correction.values {
            field.values = values.iter().map(choice).collect();
        }
        if let Some(constant) = &correction.constant {
            field.constant = Some(constant.clone());
        }
        if let Some(default) = &correction.default {
            field.default = Some(default.clone());
        }
        field.secret = correction.secret.unwrap_or(field.secret);
        field.private = correction.private.unwrap_or(field.private);
        field.deprecated = correction.deprecated.unwrap_or(field.deprecated);
        field.certain = correction.certain.unwrap_or(field.certain);
        field.limits.min_items = correction.min_items.or(field.limits.min_items);
        field.limits.max_items = correction.max_items.or(field.limits.max_items);
    }
}

fn choice(entry: &ChoiceEntry) -> Choice {
    Choice {
        value: entry.value.clone(),
        title: entry.title.clone(),
        name: entry.name.clone(),
    }
}
