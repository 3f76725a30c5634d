//! Owns how calls hang together: limits, chunks, pages, jobs.

use std::collections::{BTreeMap, BTreeSet};

use catalog::model::{self, Rule};

use super::Annotator;
use super::Type;
use crate::names::derived;
use crate::sdk::{Limit, Module, Operation, Param};

/// A request whose list may be sent in chunks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunked {
    /// `get_contact_in_chunks`.
    pub method: String,
    /// The list's wire name, e.g. `wcIds`.
    pub list: String,
    /// How many elements a call takes.
    pub most: u32,
    /// What the replies are lists of.
    pub item: Type,
}

/// How the result of an operation is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// `send_video_and_wait`.
    pub method: String,
    /// The module of the operation that is asked, e.g. `peng_you_quan`.
    pub module: String,
    /// The request of the operation that is asked, e.g. `GetAsynSnsSendVideoRes`.
    pub request: String,
    /// What it replies.
    pub reply: Type,
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
        .map(|rule| Limit::Rule(rule.clone()));
    // What the session carries is given.
    let given = |name: &String| {
        operation
            .params
            .iter()
            .any(|f| f.session && f.wire == *name)
    };
    let open = |limit: &Limit| !matches!(limit, Limit::Rule(Rule::OneOf(names)) if names.iter().any(given));
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
        method: derived::in_chunks(method),
        list: list.clone(),
        most,
        item: (**item).clone(),
    })
}

/// Whether a parameter is declared as a number, as a text, or as neither.
pub fn declared_number(ty: model::Type) -> Option<bool> {
    match ty {
        model::Type::Integer | model::Type::Unsigned | model::Type::Number => Some(true),
        model::Type::Text => Some(false),
        _ => None,
    }
}

impl Annotator<'_> {
    /// Links the jobs, now that every operation has its names; names that are taken are an error.
    pub(super) fn link(&mut self, modules: &mut [Module]) {
        let all = modules.iter().flat_map(|module| &module.operations);
        let jobs = all.filter_map(|operation| operation.model.job.as_ref());
        let asked: BTreeSet<String> = jobs.map(|job| job.poll.clone()).collect();
        let places: BTreeMap<String, (String, String, Type)> = modules
            .iter()
            .flat_map(|module| module.operations.iter().map(move |o| (module, o)))
            .filter(|(_, o)| asked.contains(&o.model.id))
            .map(|(module, o)| {
                let place = (module.ident.clone(), o.request.clone(), o.reply.clone());
                (o.model.id.clone(), place)
            })
            .collect();
        for operation in modules.iter_mut().flat_map(|module| &mut module.operations) {
            let job = operation.model.job.as_ref();
            operation.job = job.and_then(|job| linked(&operation.method, job, &places));
        }
        for module in modules {
            let mut methods: BTreeMap<&str, &str> = BTreeMap::new();
            for operation in &module.operations {
                methods.insert(&operation.method, &operation.model.id);
            }
            for operation in &module.operations {
                for name in derived(operation) {
                    if let Some(first) = methods.get(name) {
                        let fix = super::annotate::rename(self.api.as_deref(), first, "…");
                        self.namer
                            .clash(name, first, &operation.model.id, None, Some(fix));
                    }
                }
            }
        }
    }
}

/// Methods beside the operation's own.
fn derived(operation: &Operation) -> impl Iterator<Item = &str> {
    let chunked = operation.chunked.iter().map(|chunked| &*chunked.method);
    let pages = operation.pages.iter().map(String::as_str);
    let job = operation.job.iter().map(|job| &*job.method);
    chunked.chain(pages).chain(job)
}

fn linked(
    method: &str,
    job: &model::Job,
    places: &BTreeMap<String, (String, String, Type)>,
) -> Option<Job> {
    let (module, request, reply) = places.get(&job.poll)?.clone();
    Some(Job {
        method: derived::and_wait(method),
        module,
        request,
        reply,
    })
}
