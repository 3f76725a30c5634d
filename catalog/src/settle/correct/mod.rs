//! Owns the application of corrections: each must find what it corrects, or it is an error.

mod effect;
mod field_path;
mod keys;

use std::sync::Arc;

use crate::config::{Config, Correction, array_entry, selects};
use crate::diagnostic::{Code, Diagnostic};
use crate::model::{Event, Field, Module, Note, Operation, Provider, Reply, Rule, Structure, Type};
use crate::path::{join, last, segments};
use crate::source::SourceFile;
use crate::spelling;

use self::effect::Effect;
pub(super) use self::effect::{Idle, refuse as refuse_idle};
use self::field_path::{ambiguous, at_mut, collect_paths, locate, put, structure_on, take};
use self::keys::{checked, said};
use super::lookup::{is_called, is_event};

/// Applies every correction of a provider's configuration; also says what of them has changed nothing.
pub(super) fn apply(
    provider: &mut Provider,
    config: &Config,
    file: &SourceFile,
) -> (Vec<Diagnostic>, Vec<Idle>) {
    let (mut diagnostics, mut idle) = (Vec::new(), Vec::new());
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
            names_a_type(correction, provider)?;
            Applying::new(correction, events).run(provider)
        });
        match outcome {
            Ok(effect) => idle.extend(effect.idle(n, correction)),
            Err(finding) => {
                let at = file.location(array_entry(file.text(), "correction", n));
                diagnostics.extend(finding.into_iter().map(|finding| Diagnostic {
                    at: finding.at.or_else(|| Some(at.clone())),
                    ..finding
                }));
            }
        }
    }
    (diagnostics, idle)
}

type Outcome<T = ()> = Result<T, Vec<Diagnostic>>;

fn refuse<T>(code: Code, message: impl Into<String>, help: impl Into<String>) -> Outcome<T> {
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

/// A type that is no usual one is a structure.
fn names_a_type(correction: &Correction, provider: &Provider) -> Outcome {
    let named = correction.ty.as_ref().and_then(|said| said.meant().1);
    let of_api = |one: &&Arc<Structure>| correction.api.is_none() || one.api == correction.api;
    let known = provider.structures.iter().filter(of_api);
    let known = known.map(|structure| structure.wire.as_str());
    match named.filter(|name| !known.clone().any(|one| one == *name)) {
        Some(name) => {
            let usual = Type::ALL.map(Type::as_str);
            let near = spelling::did_you_mean(name, usual.into_iter().chain(known));
            refuse(
                Code::BadCorrection,
                format!("`{name}` is neither a type nor a structure{near}"),
                format!(
                    "write one of {}, one of them with [], or the name of a structure",
                    usual.join(", ")
                ),
            )
        }
        None => Ok(()),
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
    effect: Effect,
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
            effect: Effect::default(),
            findings: Vec::new(),
        }
    }

    fn run(mut self, provider: &mut Provider) -> Outcome<Effect> {
        let api = self.correction.api.clone();
        let is_meant = |module: &Module| api.is_none() || module.api == api;
        for module in provider
            .modules
            .iter_mut()
            .filter(|module| is_meant(module))
        {
            if let Some(wanted) = &self.correction.operation {
                module.operations.retain_mut(|operation| {
                    !is_called(operation, wanted) || self.operation(Arc::make_mut(operation))
                });
            }
            if !self.events.is_empty() {
                module
                    .events
                    .retain_mut(|event| !self.means(event) || self.event(Arc::make_mut(event)));
            }
        }
        if let Some(wanted) = &self.correction.structure {
            let of_api = |one: &&mut Structure| api.is_none() || one.api == api;
            let structures = provider.structures.iter_mut().map(Arc::make_mut);
            let structures = structures.filter(of_api);
            for structure in structures.filter(|one| selects(wanted, &one.wire)) {
                self.structure(structure);
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
        let is_idle = |wanted: &&&str| !provider.events().any(|event| is_event(event, wanted));
        let idle = self.events.iter().find(is_idle).copied();
        if let Some(wanted) = idle.filter(|_| self.applied > 0 && !self.correction.drop) {
            let known = provider.events().flat_map(|event| &event.wire);
            let near = spelling::did_you_mean(wanted, known.map(String::as_str));
            return refuse(
                Code::StaleCorrection,
                format!("no event is called `{wanted}`{near}"),
                "name its id or code, or take it out of `events`",
            );
        }
        if self.applied > 0 {
            return Ok(self.effect);
        }
        self.applies_to_nothing(provider)
    }

    /// Adds events that no document has.
    fn add_events<'p>(mut self, modules: impl Iterator<Item = &'p mut Module>) -> Outcome<Effect> {
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
            self.effect.whole(self.correction);
            return Ok(self.effect);
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
        self.events.iter().any(|wanted| is_event(event, wanted))
    }

    /// Says what there is instead of what the correction names.
    fn applies_to_nothing(self, provider: &Provider) -> Outcome<Effect> {
        let correction = self.correction;
        let (operation, structure) = (&correction.operation, &correction.structure);
        let (kind, wanted) = match (operation, structure, self.events.first()) {
            (Some(wanted), ..) => ("operation", wanted.as_str()),
            (_, Some(wanted), _) => ("structure", wanted.as_str()),
            (.., Some(wanted)) => ("event", *wanted),
            _ => return Ok(self.effect),
        };
        if self.items.is_empty() {
            let api = &correction.api;
            let modules = provider.modules.iter();
            let modules = modules.filter(|module| api.is_none() || module.api == *api);
            let structures = provider.structures.iter().filter(|_| structure.is_some());
            let known = modules.flat_map(|module| self.known(module));
            let known = known.chain(structures.map(|one| one.wire.as_str()));
            let near = spelling::did_you_mean(wanted, known);
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
        let effect = &mut self.effect;
        let said = correction.title.as_ref();
        effect.of("title", put_if(&mut operation.title, said.cloned()));
        let said = correction.pace_ms.map(|[least, most]| Some((least, most)));
        effect.of("pace_ms", put_if(&mut operation.pace_ms, said));
        let said = correction.patience_s.map(Some);
        effect.of("patience_s", put_if(&mut operation.patience_s, said));
        effect.of("auth", put_if(&mut operation.auth, correction.auth));
        let said = correction.deprecated;
        effect.of("deprecated", put_if(&mut operation.deprecated, said));
        let said = correction.payload.map(|payload| Reply::of(payload.ty()));
        effect.of("payload", put_if(&mut operation.reply, said));
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
        let rule = Rule::OneOf(self.correction.one_of.clone());
        self.effect.of("one_of", !operation.rules.contains(&rule));
        operation.rules.push(rule);
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
        let said = correction.title.as_ref();
        let changes = put_if(&mut event.title, said.cloned());
        self.effect.of("title", changes);
        let said = correction.payload.map(|payload| Reply::of(payload.ty()));
        let changes = put_if(&mut event.payload, said);
        self.effect.of("payload", changes);
        !correction.drop
    }

    /// Corrects one structure.
    fn structure(&mut self, structure: &mut Structure) {
        self.items.push(structure.wire.clone());
        let correction = self.correction;
        if let Some(path) = &correction.field {
            self.fields(&mut structure.fields, path);
            return;
        }
        self.applied += 1;
        if let Some(name) = &correction.rename {
            structure.name = Some(name.clone());
        }
        let said = correction.title.as_ref();
        let changes = put_if(&mut structure.title, said.cloned());
        self.effect.of("title", changes);
    }

    fn fields(&mut self, fields: &mut Vec<Field>, path: &str) {
        let home = self.correction.nest.as_ref();
        let home = home.map(|home| join(home, last(path)));
        let ways = [Some(path.to_owned()), home];
        let mut ways = ways.iter().flatten();
        if let Some((field, name)) = ways.find_map(|way| structure_on(fields, way)) {
            self.findings.push(inside_of(field, name, self.correction));
            return;
        }
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
                let parent = found.iter().rev().skip(1).rev().map(String::as_str);
                self.effect.of("nest", !parent.eq(segments(home)));
                self.changed(&mut field);
                put(fields, home, field);
            }
            return;
        }
        if let Some(field) = at_mut(fields, &found) {
            self.changed(field);
        }
    }

    /// Changes a field, and remembers which keys have changed something.
    fn changed(&mut self, field: &mut Field) {
        for key in said(self.correction) {
            let before = field.clone();
            (key.change)(self.correction, field);
            self.effect.of(key.name, *field != before);
        }
    }

    fn add(&mut self, fields: &mut Vec<Field>, path: &str) {
        let correction = self.correction;
        self.applied += 1;
        let found: Vec<String> = segments(path).map(str::to_owned).collect();
        if let Some(field) = at_mut(fields, &found) {
            // The documents have learned of it; what the correction says of it still holds.
            self.changed(field);
            return;
        }
        self.effect.whole(correction);
        let ty = correction.ty.as_ref();
        let ty = ty.map_or(Type::Text, |said| said.meant().0);
        let mut field = Field::new(last(path), ty);
        self.changed(&mut field);
        put(
            fields,
            path.rsplit_once('.').map_or("", |(home, _)| home),
            field,
        );
    }
}

/// What stands inside of a structure is no field of this message.
fn inside_of(field: &Field, name: &str, correction: &Correction) -> Diagnostic {
    let path = correction.param.as_ref().or(correction.field.as_ref());
    let message = format!(
        "`{}` speaks of what is inside of `{}`, which is a `{}`",
        path.map_or("", String::as_str),
        field.wire,
        field.type_name()
    );
    let help =
        format!("correct the structure: `structure = \"{name}\"`, and the path inside of it");
    Diagnostic::error(Code::BadCorrection, message).help(help)
}

/// Puts what is said in the place of what was; tells whether that changes anything.
fn put_if<T: PartialEq>(place: &mut T, said: Option<T>) -> bool {
    let Some(said) = said.filter(|said| said != place) else {
        return false;
    };
    *place = said;
    true
}
