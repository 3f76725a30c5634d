//! Owns the way from rows to the model: operations, events and their fields, before corrections.

mod envelope;
mod event_codes;
mod field_type;
mod fields;
mod nest;
mod samples;
mod vocabulary;

use std::sync::Arc;

use crate::config::{Config, selects};
use crate::diagnostic::{Code, Diagnostic};
use crate::entry::{Entry, EntryKind, SampleKind};
use crate::model::{
    Event, Module, Operation, OperationKind, Provider, Reply, Rule, Scope, Source, Type,
};
use crate::parallel;
use crate::prose;
use crate::slug;

use fields::Side;

/// Gives every row of every entry its path. Rows that have one keep it.
pub(crate) fn place_rows(entries: &mut [Entry], config: &Config) -> Vec<Diagnostic> {
    let place = |entry: &mut Entry| {
        let mut diagnostics = Vec::new();
        let layouts = config.layouts(entry.api.clone().as_deref());
        envelope::place(entry, layouts, &mut diagnostics);
        diagnostics
    };
    parallel::map(entries.iter_mut().collect(), place).concat()
}

/// Builds the model of one provider from placed rows. Each entry goes once it was read.
pub(crate) fn provider(
    id: &str,
    config: &Config,
    entries: Vec<Entry>,
) -> (Provider, Vec<Diagnostic>) {
    let vocabularies = vocabulary::vocabularies(&entries);
    let reader = Reader {
        config,
        terms: vocabulary::terms(&entries),
    };
    let read = parallel::map(entries, |entry| {
        let (item, findings) = reader.read(&entry);
        (Chapter::of(entry), item, findings)
    });
    let mut building = Building::default();
    for (chapter, item, findings) in read {
        building.diagnostics.extend(findings);
        building.take(chapter, item);
    }
    let mut provider = Provider {
        id: id.to_owned(),
        title: config.title.clone(),
        modules: building
            .modules
            .into_iter()
            .filter(|module| !module.is_empty())
            .collect(),
        vocabularies,
    };
    vocabulary::apply(&mut provider);
    let mut diagnostics = building.diagnostics;
    diagnostics.extend(event_codes::learn(&mut provider, config));
    (provider, diagnostics)
}

/// Where an entry belongs.
struct Chapter {
    api: Option<String>,
    slug: String,
}

impl Chapter {
    fn of(entry: Entry) -> Self {
        Self {
            api: entry.api,
            slug: entry.module,
        }
    }
}

/// What an entry is in the model.
enum Item {
    /// A chapter's title.
    Title(String),
    /// Nothing by itself.
    Nothing,
    Operation(Arc<Operation>),
    Event(Arc<Event>),
}

/// What has been built.
#[derive(Default)]
struct Building {
    modules: Vec<Module>,
    diagnostics: Vec<Diagnostic>,
}

impl Building {
    fn take(&mut self, chapter: Chapter, item: Item) {
        match item {
            Item::Nothing => {}
            Item::Title(title) => self.module(chapter).title = title,
            Item::Operation(operation) => self.module(chapter).operations.push(operation),
            Item::Event(event) => {
                let module = self.module(chapter);
                match module
                    .events
                    .iter_mut()
                    .find(|known| known.id == event.id && same_event(known, &event))
                {
                    Some(known) => {
                        Arc::make_mut(known).repeats.push(event.source.clone());
                        self.diagnostics.push(repeated(&event));
                    }
                    None => module.events.push(event),
                }
            }
        }
    }

    fn module(&mut self, Chapter { api, slug }: Chapter) -> &mut Module {
        let at = self
            .modules
            .iter()
            .position(|module| module.slug == slug && module.api == api);
        let at = at.unwrap_or_else(|| {
            self.modules.push(Module {
                title: slug.clone(),
                api,
                slug,
                operations: Vec::new(),
                events: Vec::new(),
            });
            self.modules.len() - 1
        });
        &mut self.modules[at]
    }
}

/// Reads one entry without looking at another.
struct Reader<'a> {
    config: &'a Config,
    /// What the documents say of a name in general.
    terms: vocabulary::Terms,
}

impl Reader<'_> {
    fn read(&self, entry: &Entry) -> (Item, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let kind = match entry.kind {
            EntryKind::Category => return (Item::Title(entry.title.clone()), diagnostics),
            EntryKind::Reference | EntryKind::Values => return (Item::Nothing, diagnostics),
            EntryKind::Event => {
                let event = self.event(entry, &mut diagnostics);
                return (Item::Event(Arc::new(event)), diagnostics);
            }
            EntryKind::Endpoint => OperationKind::Endpoint,
            EntryKind::Command => OperationKind::Command,
            EntryKind::Call => OperationKind::Call,
        };
        let operation = self.operation(entry, kind, &mut diagnostics);
        (Item::Operation(Arc::new(operation)), diagnostics)
    }

    fn operation(
        &self,
        entry: &Entry,
        kind: OperationKind,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Operation {
        let config = self.config;
        let layouts = config.layouts(entry.api.as_deref());
        let wire = entry
            .path
            .clone()
            .or_else(|| entry.wire.first().cloned())
            .unwrap_or_default();
        let mut params = Vec::new();
        if prints_returns_again(entry) {
            diagnostics.push(
                Diagnostic::new(
                    Code::RepeatedTable,
                    format!(
                        "`{}` prints its {} reply rows again as parameters; it takes none",
                        entry.title,
                        entry.params.len()
                    ),
                )
                .at_if(entry.params.first().and_then(|row| row.at.clone()))
                .help("remove the table, or give it a 必选 column if the operation does take them"),
            );
        } else {
            let shape = envelope::shape(entry, SampleKind::Request, layouts);
            let side = Side::request(entry, config, layouts, &shape, &self.terms);
            let read = fields::read(&entry.params, &side, diagnostics);
            // Keys of the envelope stay, so that a clash is seen.
            params = read
                .split(layouts.request.payload.as_deref(), &[], false)
                .fields;
        }
        let shape = envelope::shape(entry, SampleKind::Reply, layouts);
        let side = Side::told(
            entry,
            config,
            layouts.reply.payload.as_deref(),
            &shape,
            &self.terms,
        );
        let read = fields::read(&entry.returns, &side, diagnostics);
        let codes = layouts
            .reply
            .code
            .as_deref()
            .map(|code| read.values_of(code))
            .unwrap_or_default();
        let reply = read.split(
            layouts.reply.payload.as_deref(),
            &envelope::reply_keys(layouts),
            false,
        );
        let named = |patterns: &[String]| {
            patterns
                .iter()
                .any(|p| selects(p, &entry.operation_id) || selects(p, &wire))
        };
        let scope = self.bind_session(entry, &wire, &mut params);
        let mut exceptions = layouts.reply.exception.iter();
        let exception = exceptions.find(|exception| named(&exception.operations));
        let mut rules: Vec<Rule> = one_of(&params);
        rules.extend(
            entry
                .notes
                .iter()
                .filter_map(|note| prose::count_rule(note)),
        );
        let pace_ms = entry
            .notes
            .iter()
            .chain(entry.params.iter().map(|row| &row.description))
            .find_map(|text| prose::pace_ms(text));
        let auth = config.auth.as_ref().is_some_and(|auth| {
            entry.headers.iter().any(|header| {
                nest::name_cell(header.name.trim_matches('*'))
                    .name
                    .eq_ignore_ascii_case(&auth.header)
            })
        });
        Operation {
            id: entry.operation_id.clone(),
            kind,
            title: entry.title.clone(),
            method: entry.method.clone(),
            scope,
            auth,
            safe: named(&config.safe),
            params,
            returns: reply.fields,
            reply: reply.payload,
            codes,
            exception: exception.cloned(),
            rules,
            pace_ms,
            patience_s: None,
            job: None,
            page: None,
            login: None,
            answer: None,
            either: Vec::new(),
            announces: Vec::new(),
            name: None,
            deprecated: entry.deprecated,
            incomplete: None,
            samples: samples::of(entry),
            notes: entry.notes.clone(),
            source: source(entry),
            wire,
        }
    }

    fn event(&self, entry: &Entry, diagnostics: &mut Vec<Diagnostic>) -> Event {
        let config = self.config;
        let layouts = config.layouts(entry.api.as_deref());
        let shape = envelope::shape(entry, SampleKind::Event, layouts);
        let side = Side::told(
            entry,
            config,
            layouts.event.payload.as_deref(),
            &shape,
            &self.terms,
        );
        let read = fields::read(&entry.params, &side, diagnostics);
        let payload = layouts.event.payload.as_deref();
        let nested = payload.is_some_and(|key| read.has(key));
        let message = read.split(payload, &envelope::event_keys(layouts, nested), !nested);
        // A table alone does not say where its rows stand: they are where the events of this API are.
        let shown = entry.samples.iter().any(|s| s.kind == SampleKind::Event);
        let flat = !nested && payload.is_some() && (shown || layouts.event.tag.is_none());
        Event {
            id: entry.operation_id.clone(),
            wire: entry.wire.clone(),
            title: entry.title.clone(),
            fields: message.fields,
            payload: message.payload,
            flat,
            announced_by: entry
                .announced_by
                .as_ref()
                .map(|by| (by.operation_id.clone(), by.param.clone())),
            slot: entry.slot.clone(),
            name: None,
            samples: samples::of(entry),
            notes: entry.notes.clone(),
            source: source(entry),
            repeats: Vec::new(),
        }
    }

    fn bind_session(&self, entry: &Entry, wire: &str, params: &mut [crate::model::Field]) -> Scope {
        let Some(session) = &self.config.session else {
            return Scope::Client;
        };
        let excepted = session
            .except
            .iter()
            .any(|p| selects(p, &entry.operation_id) || selects(p, wire));
        match params.iter_mut().find(|field| field.wire == session.param) {
            Some(field) if !excepted => {
                field.session = true;
                if field.required {
                    Scope::Session(session.scope.clone())
                } else {
                    Scope::Either(session.scope.clone())
                }
            }
            _ => Scope::Client,
        }
    }
}

/// The vendor printed the reply table twice. Only equal rows, none of them marked, are a reprint.
fn prints_returns_again(entry: &Entry) -> bool {
    let key = |row: &crate::entry::Row| (row.name.clone(), row.ty.clone(), row.description.clone());
    !entry.params.is_empty()
        && entry.params.iter().all(|row| row.required.is_none())
        && entry
            .params
            .iter()
            .map(key)
            .eq(entry.returns.iter().map(key))
}

fn one_of(params: &[crate::model::Field]) -> Vec<Rule> {
    let mut rules: Vec<Rule> = Vec::new();
    for field in params.iter().filter(|field| !field.one_of.is_empty()) {
        let rule = Rule::OneOf(field.one_of.clone());
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
}

fn same_event(a: &Event, b: &Event) -> bool {
    a.title == b.title && a.wire == b.wire && {
        let names = |event: &Event| {
            event
                .fields
                .iter()
                .map(|f| f.wire.clone())
                .collect::<Vec<_>>()
        };
        names(a) == names(b)
    }
}

fn repeated(event: &Event) -> Diagnostic {
    Diagnostic::new(
        Code::RepeatedSection,
        format!(
            "`{}` is documented twice with the same content; read once",
            event.title
        ),
    )
    .at_if(event.source.at.clone())
    .help("remove one of the sections")
}

fn source(entry: &Entry) -> Source {
    Source {
        file: entry.doc.clone(),
        line: entry.at.as_ref().map(|at| at.line),
        at: entry.at.clone(),
    }
}

/// The payload of a message, and the fields around it.
pub(crate) struct Split {
    pub(crate) payload: Reply,
    pub(crate) fields: Vec<crate::model::Field>,
}

/// What a payload of this type is.
pub(crate) fn payload_of(ty: Type) -> Reply {
    use crate::model::Item;
    match ty {
        Type::Object => Reply::Object,
        Type::List(Item::Object) => Reply::Objects,
        Type::List(item) => Reply::Values(item.ty()),
        scalar => Reply::Value(scalar),
    }
}

/// Slugs are checked once, where entries come from outside.
pub(crate) fn check_slugs(entries: &[Entry]) -> Vec<Diagnostic> {
    let mut refused: Vec<&str> = Vec::new();
    let mut diagnostics = Vec::new();
    for entry in entries {
        let explains = matches!(
            entry.kind,
            EntryKind::Category | EntryKind::Reference | EntryKind::Values
        );
        if explains
            || slug::is_plain_slug(&entry.module)
            || refused.contains(&entry.module.as_str())
        {
            continue;
        }
        refused.push(&entry.module);
        diagnostics.push(
            Diagnostic::error(
                Code::BadSlug,
                format!(
                    "`{}` (`{}`) is in module `{}`, which is no plain name",
                    entry.operation_id, entry.title, entry.module
                ),
            )
            .at_if(entry.at.clone())
            .help("a module slug is made of letters, digits, `-` and `_`"),
        );
    }
    diagnostics
}
