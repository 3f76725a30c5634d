//! Owns how calls hang together: limits, chunks, pages, jobs.

use std::collections::{BTreeMap, BTreeSet};

use catalog::model::{self, Rule};

use super::Annotator;
use super::Type;
use crate::sdk::{Limit, Module, Operation, Param};

/// A request whose list may be sent in chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunked {
    /// `get_contact_in_chunks`.
    pub method: String,
    /// The list's wire name.
    pub list: String,
    /// How many elements a call takes.
    pub most: u32,
    /// What the replies are lists of.
    pub item: Type,
}

/// What a reply shows when something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The field's path.
    pub field: Vec<String>,
    /// Its values; none: it is not empty.
    pub values: Vec<String>,
}

/// How a page leads to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// `get_circle_pages`.
    pub method: String,
    /// The parameters that move.
    pub cursors: Vec<Cursor>,
    /// The lists' paths.
    pub items: Vec<Vec<String>>,
    /// There are more pages.
    pub more: Option<Condition>,
}

/// A parameter that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Its wire name.
    pub param: String,
    /// How it moves.
    pub next: Next,
}

/// How a cursor moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// To what the page says.
    From {
        /// The field's path.
        field: Vec<String>,
        /// The parameter is declared as a number, as a text, or as neither.
        number: Option<bool>,
        /// Where the field is empty, the former value stays.
        keep: bool,
    },
    /// By so much.
    Step(i64),
}

/// How the result of an operation is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// `send_video_and_wait`.
    pub method: String,
    /// The module of the operation that is asked.
    pub module: String,
    /// The request of the operation that is asked.
    pub request: String,
    /// What it replies.
    pub reply: Type,
    /// The path of what identifies the job.
    pub key: Vec<String>,
    /// The parameter that takes it.
    pub param: String,
    /// The parameter is declared as a number, as a text, or as neither.
    pub number: Option<bool>,
    /// The job is done.
    pub done: Condition,
    /// The job has failed.
    pub failed: Option<Condition>,
    /// The path of what the vendor says of a failure.
    pub message: Option<Vec<String>>,
    /// Milliseconds between two questions.
    pub every_ms: u32,
    /// Seconds that a job may take.
    pub within_s: u32,
}

/// What the documents demand of a request, as far as the client can see it.
pub(super) fn limits(operation: &model::Operation) -> Vec<Limit> {
    let fields = operation.params.iter().filter(|field| !field.session);
    let items = fields.filter_map(|field| {
        let (least, most) = (field.limits.min_items, field.limits.max_items);
        let is_list = field.list.is_some() || matches!(field.ty, model::Type::List(_));
        (is_list && (least.is_some() || most.is_some())).then(|| {
            let (least, most) = (least.unwrap_or(0), most.unwrap_or(u32::MAX));
            Limit::Items(field.wire.clone(), least, most)
        })
    });
    // Where exactly one is one argument, the compiler sees to it.
    let typed = |rule: &&Rule| match rule {
        Rule::OneOf(names) => operation
            .either
            .iter()
            .any(|one| is_same(&one.params, names)),
        Rule::CountEquals { .. } => false,
    };
    let rules = operation
        .rules
        .iter()
        .filter(|rule| !typed(rule))
        .map(|rule| match rule {
            Rule::OneOf(names) => Limit::OneOf(names.clone()),
            Rule::CountEquals { field, mark, list } => {
                Limit::Count(field.clone(), mark.clone(), list.clone())
            }
        });
    // What the session carries is given.
    let given = |name: &String| {
        operation
            .params
            .iter()
            .any(|f| f.session && f.wire == *name)
    };
    let open = |limit: &Limit| !matches!(limit, Limit::OneOf(names) if names.iter().any(given));
    items.chain(rules.filter(open)).collect()
}

fn is_same(a: &[String], b: &[String]) -> bool {
    a.len() == b.len() && a.iter().all(|name| b.contains(name))
}

/// The one list that is limited, where the reply is a list as well.
pub(super) fn chunked(
    method: &str,
    limits: &[Limit],
    params: &[Param],
    reply: &Type,
) -> Option<Chunked> {
    let Type::List(item) = reply else { return None };
    let mut limited = limits.iter().filter_map(|limit| match limit {
        Limit::Items(name, _, most) if *most < u32::MAX => Some((name, *most)),
        _ => None,
    });
    let (Some((list, most)), None) = (limited.next(), limited.next()) else {
        return None;
    };
    let is_list = |p: &&Param| p.field.wire == *list && matches!(p.field.ty, Type::List(_));
    params.iter().find(is_list)?;
    Some(Chunked {
        method: format!("{method}_in_chunks"),
        list: list.clone(),
        most,
        item: (**item).clone(),
    })
}

pub(super) fn page(method: &str, page: &model::Page) -> Page {
    let cursor = |cursor: &model::Cursor| Cursor {
        param: cursor.param.clone(),
        next: match &cursor.next {
            model::Next::From { field, keep } => Next::From {
                field: field.clone(),
                number: number(cursor.ty),
                keep: *keep,
            },
            model::Next::Step(by) => Next::Step(*by),
        },
    };
    Page {
        method: format!("{method}_pages"),
        cursors: page.cursors.iter().map(cursor).collect(),
        items: page.items.clone(),
        more: page.more.as_ref().map(condition),
    }
}

fn condition(condition: &model::Condition) -> Condition {
    Condition {
        field: condition.field.clone(),
        values: condition.values.clone(),
    }
}

/// Whether a parameter is written as a number or as a text.
fn number(ty: model::Type) -> Option<bool> {
    match ty {
        model::Type::Integer | model::Type::Unsigned | model::Type::Number => Some(true),
        model::Type::Text => Some(false),
        _ => None,
    }
}

impl Annotator<'_> {
    /// Links the jobs, now that every operation has its names; names that are taken are an error.
    pub(super) fn link(&mut self, modules: &mut [Module], provider: &model::Provider) {
        let declared = self.chapters(provider).flat_map(|m| &m.operations);
        let jobs: BTreeMap<&str, &model::Job> = declared
            .filter_map(|operation| Some((operation.id.as_str(), operation.job.as_ref()?)))
            .collect();
        let asked: BTreeSet<&str> = jobs.values().map(|job| job.poll.as_str()).collect();
        let places: BTreeMap<String, (String, String, Type)> = modules
            .iter()
            .flat_map(|module| module.operations.iter().map(move |o| (module, o)))
            .filter(|(_, o)| asked.contains(o.id.as_str()))
            .map(|(module, o)| {
                let place = (module.ident.clone(), o.request.clone(), o.reply.clone());
                (o.id.clone(), place)
            })
            .collect();
        for operation in modules.iter_mut().flat_map(|module| &mut module.operations) {
            let job = jobs.get(operation.id.as_str());
            operation.job = job.and_then(|job| linked(&operation.method, job, &places));
        }
        for module in modules {
            let mut methods: BTreeMap<&str, &str> = BTreeMap::new();
            for operation in &module.operations {
                methods.insert(&operation.method, &operation.id);
            }
            for operation in &module.operations {
                for name in derived(operation) {
                    if let Some(first) = methods.get(name) {
                        let fix = super::annotate::rename(self.api.as_deref(), first, "…");
                        self.namer
                            .clash(name, first, &operation.id, None, Some(fix));
                    }
                }
            }
        }
    }
}

/// Methods beside the operation's own.
fn derived(operation: &Operation) -> impl Iterator<Item = &str> {
    let chunked = operation.chunked.iter().map(|chunked| &*chunked.method);
    let page = operation.page.iter().map(|page| &*page.method);
    let job = operation.job.iter().map(|job| &*job.method);
    chunked.chain(page).chain(job)
}

fn linked(
    method: &str,
    job: &model::Job,
    places: &BTreeMap<String, (String, String, Type)>,
) -> Option<Job> {
    let (module, request, reply) = places.get(&job.poll)?.clone();
    Some(Job {
        method: format!("{method}_and_wait"),
        module,
        request,
        reply,
        key: job.key.clone(),
        param: job.param.clone(),
        number: number(job.ty),
        done: condition(&job.done),
        failed: job.failed.as_ref().map(condition),
        message: job.message.clone(),
        every_ms: job.every_ms,
        within_s: job.within_s,
    })
}
