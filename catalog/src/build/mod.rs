//! Owns the way from rows to the model: operations, events and their fields, before corrections.
//!
//! In: entries, such as the section `添加标签` with its rows `labelName | string | 标签名`, their examples, and the
//! configuration. Out: every row with its path (`place_rows`), then the model (`provider`): an operation
//! `biao_qian_addContactLabel` with a required text `labelName`; and what disagreed on the way.

mod envelope;
mod event;
mod event_codes;
mod field_type;
mod fields;
pub(crate) mod nest;
mod operation;
mod place;
mod structure;
mod vocabulary;

use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic};
use crate::entry::{Entry, EntryKind, Row, SampleKind};
use crate::model::{
    Event, Module, Note, Operation, OperationKind, Provider, Sample, SampleRole, Source, Structure,
};
use crate::parallel;
use crate::read::dialect::is_path;
use crate::slug;
use structure::Structures;

/// Gives every row of every entry its path. Rows that have one keep it.
pub(crate) fn place_rows(entries: &mut [Entry], config: &Config) -> Vec<Diagnostic> {
    let mut structures = Structures::of(entries);
    let place = |structures: &Structures, entries: Vec<&mut Entry>| {
        let place = |entry: &mut Entry| {
            let mut diagnostics = Vec::new();
            let layouts = config.layouts(entry.api.clone().as_deref());
            envelope::place(entry, layouts, structures, &mut diagnostics);
            diagnostics
        };
        parallel::map(entries, place).concat()
    };
    let is_structure = |entry: &&mut Entry| entry.kind == EntryKind::Structure;
    let others = entries.iter_mut().filter(|entry| !is_structure(entry));
    let mut findings = place(&structures, others.collect());
    // What examples show of a structure is found by the rows that name it.
    structures.look(entries, config);
    let described = entries.iter_mut().filter(is_structure);
    findings.extend(place(&structures, described.collect()));
    findings
}

/// Builds the model of one provider from placed rows. Each entry goes once it was read.
pub(crate) fn provider(
    id: &str,
    config: &Config,
    entries: Vec<Entry>,
) -> (Provider, Vec<Diagnostic>) {
    let vocabularies = vocabulary::vocabularies(&entries);
    let mut structures = Structures::of(&entries);
    structures.look(&entries, config);
    let reader = Reader {
        config,
        known: Known {
            terms: vocabulary::terms(&entries),
            structures,
        },
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
    let (empty, modules) = building.modules.into_iter().partition(Module::is_empty);
    let mut provider = Provider {
        id: id.to_owned(),
        title: config.title.clone(),
        modules,
        structures: building.structures,
        vocabularies,
        notes: all_notes(empty),
        online: None,
        media: None,
        conversations: Vec::new(),
    };
    vocabulary::apply(&mut provider);
    let mut diagnostics = building.diagnostics;
    diagnostics.extend(event_codes::learn(&mut provider, config));
    (provider, diagnostics)
}

/// What chapters say that define nothing: it holds of all of the API.
fn all_notes(chapters: Vec<Module>) -> Vec<(Option<String>, Note)> {
    let mut all: Vec<(Option<String>, Note)> = Vec::new();
    for chapter in chapters
        .into_iter()
        .filter(|chapter| !chapter.notes.is_empty())
    {
        // The first needs no title: it is about what the API is called.
        let is_first = !all.iter().any(|(api, _)| *api == chapter.api);
        let title = (!is_first).then_some(Note::Title {
            title: chapter.title,
        });
        let notes = title.into_iter().chain(chapter.notes);
        all.extend(notes.map(|note| (chapter.api.clone(), note)));
    }
    all
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
    /// A chapter: its title, and what it says.
    Chapter(String, Vec<Note>),
    /// Nothing by itself.
    Nothing,
    Operation(Arc<Operation>),
    Event(Arc<Event>),
    Structure(Structure),
}

/// What has been built.
#[derive(Default)]
struct Building {
    modules: Vec<Module>,
    structures: Vec<Arc<Structure>>,
    diagnostics: Vec<Diagnostic>,
}

impl Building {
    fn take(&mut self, chapter: Chapter, item: Item) {
        match item {
            Item::Nothing => {}
            Item::Chapter(title, notes) => {
                let module = self.module(chapter);
                module.title = title;
                module.notes.extend(notes);
            }
            Item::Operation(operation) => self.module(chapter).operations.push(operation),
            Item::Structure(structure) => {
                let is_it = |known: &&Arc<Structure>| {
                    known.wire == structure.wire && known.api == structure.api
                };
                match self.structures.iter().find(is_it) {
                    Some(first) => {
                        let finding = structure::repeated(first, &structure);
                        self.diagnostics.push(finding);
                    }
                    None => self.structures.push(Arc::new(structure)),
                }
            }
            Item::Event(event) => {
                let module = self.module(chapter);
                let mut events = module.events.iter_mut();
                match events.find(|known| event::is_same(known, &event)) {
                    Some(known) => {
                        Arc::make_mut(known).repeats.push(event.source.clone());
                        self.diagnostics.push(event::repeated(&event));
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
                notes: Vec::new(),
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
    known: Known,
}

/// What the documents say in general.
struct Known {
    /// Of a name.
    terms: vocabulary::Terms,
    structures: Structures,
}

impl Reader<'_> {
    fn read(&self, entry: &Entry) -> (Item, Vec<Diagnostic>) {
        let mut diagnostics = Vec::new();
        let kind = match entry.kind {
            EntryKind::Category => {
                let chapter = Item::Chapter(entry.title.clone(), entry.notes.clone());
                return (chapter, diagnostics);
            }
            EntryKind::Reference | EntryKind::Values => return (Item::Nothing, diagnostics),
            EntryKind::Event => {
                let event = self.event(entry, &mut diagnostics);
                return (Item::Event(Arc::new(event)), diagnostics);
            }
            EntryKind::Structure => {
                let structure = self.structure(entry, &mut diagnostics);
                return (Item::Structure(structure), diagnostics);
            }
            EntryKind::Endpoint => OperationKind::Endpoint,
            EntryKind::Command => OperationKind::Command,
            EntryKind::Call => OperationKind::Call,
        };
        let operation = self.operation(entry, kind, &mut diagnostics);
        (Item::Operation(Arc::new(operation)), diagnostics)
    }
}

/// Where an entry stands.
fn source(entry: &Entry) -> Source {
    Source {
        file: entry.doc.clone(),
        line: entry.at.as_ref().map(|at| at.line),
        at: entry.at.clone(),
    }
}

/// The examples as the model has them.
fn samples(entry: &Entry) -> Vec<Sample> {
    let samples = entry.samples.iter().map(|sample| Sample {
        role: match sample.kind {
            SampleKind::Request => SampleRole::Request,
            SampleKind::Reply => SampleRole::Reply,
            SampleKind::Event => SampleRole::Event,
        },
        label: sample.label.clone(),
        value: sample.value.clone(),
    });
    samples.collect()
}

/// Takes out rows whose name could not be on the wire.
pub(crate) fn drop_unnamed(entries: &mut [Entry]) -> Vec<Diagnostic> {
    let mut findings = Vec::new();
    let explains = |entry: &&mut Entry| entry.kind != EntryKind::Reference;
    for entry in entries.iter_mut().filter(explains) {
        let title = &entry.title;
        let mut is_named = |row: &Row| {
            let finding = no_name(row, title);
            let is_named = finding.is_none();
            findings.extend(finding);
            is_named
        };
        entry.params.retain(&mut is_named);
        entry.returns.retain(&mut is_named);
    }
    findings
}

fn no_name(row: &Row, title: &str) -> Option<Diagnostic> {
    let name = nest::name_cell(&row.name).name;
    let finding = if name.is_empty() {
        let message = format!("a row of `{title}` has no name");
        Diagnostic::error(Code::EmptyName, message).help("write the wire name in the first column")
    } else if is_path(&name) {
        return None;
    } else {
        let message = format!("`{name}` of `{title}` is no name that could be on the wire");
        Diagnostic::new(Code::UnreadRow, message).help("write the wire name in the first column")
    };
    Some(finding.at_if(row.at.clone()))
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
