//! What documents say, by place: `/sendText`, param `content` has the type `string`, is `required`, and so on.
//!
//! In: sources. Out: the facts of their model before anything is corrected: what the documents alone say.

use std::collections::BTreeMap;

use catalog::config::Aspect;
use catalog::facts;
use catalog::load::{Origin, Sources, rows};
use catalog::model::Field;

/// The facts of one place.
pub type Facts = BTreeMap<Aspect, String>;

/// An operation or an event, with the facts of everything in it.
#[derive(Clone, Debug, Default)]
pub struct Section {
    /// The API, where a provider has several.
    pub api: Option<String>,
    /// Whether it is an event.
    pub is_event: bool,
    /// Unique within the API.
    pub id: String,
    /// Its path or codes: what tells it apart on the wire.
    pub wire: Vec<String>,
    /// Of itself.
    pub own: Facts,
    /// Of its parameters, by path.
    pub params: BTreeMap<String, Facts>,
    /// Of what it answers or tells, by path.
    pub fields: BTreeMap<String, Facts>,
}

/// What the documents say.
pub fn read(sources: &Sources, origin: Origin) -> Vec<Section> {
    let mut rows = rows(sources, origin).unwrap_or_else(|finding| panic!("{finding:?}"));
    rows.config.correction.clear();
    rows.config.differs.clear();
    let modules = rows.model(sources).0.provider.modules;
    let sections = modules.iter().flat_map(|module| {
        let operations = module.operations.iter().map(|operation| Section {
            id: operation.id.clone(),
            wire: vec![operation.wire.clone()],
            own: facts::operation(operation).into_iter().collect(),
            params: places(&operation.params, true),
            fields: places(&operation.returns, false),
            ..Section::default()
        });
        let events = module.events.iter().map(|event| Section {
            is_event: true,
            id: event.id.clone(),
            wire: event.wire.clone(),
            own: facts::event(event).into_iter().collect(),
            fields: places(&event.fields, false),
            ..Section::default()
        });
        operations.chain(events).map(|section| Section {
            api: module.api.clone(),
            ..section
        })
    });
    sections.collect()
}

fn places(fields: &[Field], is_asked: bool) -> BTreeMap<String, Facts> {
    let mut found = Vec::new();
    facts::paths(fields, "", &mut found);
    let facts = |(path, field): (String, &Field)| {
        let facts = facts::field(field, &path, is_asked).into_iter().collect();
        (path, facts)
    };
    found.into_iter().map(facts).collect()
}

/// The last name on a path.
pub fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}
