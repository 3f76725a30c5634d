//! Owns the way from the model to the SDK: which types there are, what they hold, where they can be
//! called from.

mod example;
mod object;
mod operation;
mod shared;

use std::collections::BTreeMap;

use catalog::config::{Config, Transport};
use catalog::diagnostic::Diagnostic;
use catalog::model::{self, Provider};
use catalog::source::Location;

use crate::case::Words;
use crate::lock::Lock;
use crate::names::{Namer, type_name};
use crate::sdk::{ApiData, Choice, IdType, Module, Object, Sdk, SessionType, Type, Types};

/// Decides everything about one provider's SDK.
pub fn lower(provider: &Provider, config: &Config, lock: &Lock) -> (Sdk, Lock, Vec<Diagnostic>) {
    let mut lowering = Lowering {
        config,
        namer: Namer::new(lock.clone()),
        ids: id_types(config),
        places: BTreeMap::new(),
        scope: Scope::default(),
    };
    let shared = lowering.declare_shapes(provider);
    let modules = provider
        .modules
        .iter()
        .filter(|module| !module.operations.is_empty())
        .map(|module| lowering.module(module))
        .collect();
    let layouts = config.layouts(None);
    let id = |(ident, id): (&String, &catalog::config::IdNames)| IdType {
        ident: ident.clone(),
        title: id.title.clone(),
    };
    let sdk = Sdk {
        ident: Words::of_wire(&provider.id).snake(),
        title: provider.title.clone(),
        api: ApiData {
            header: config
                .auth
                .as_ref()
                .map(|auth| auth.header.clone())
                .unwrap_or_default(),
            form: config.transport == Transport::HttpForm,
            wrap: layouts.request.payload.clone(),
            code: layouts.reply.code.iter().cloned().collect(),
            message: layouts.reply.message.clone(),
            data: layouts.reply.payload.iter().cloned().collect(),
            success: layouts.reply.success.clone(),
        },
        session: lowering.session(provider),
        ids: config.ids.iter().map(id).collect(),
        shared,
        modules,
    };
    let (lock, diagnostics) = lowering.namer.finish();
    (sdk, lock, diagnostics)
}

/// Which wire names hold which id.
fn id_types(config: &Config) -> BTreeMap<String, String> {
    let pairs = |(ident, id): (&String, &catalog::config::IdNames)| {
        let ident = ident.clone();
        id.fields
            .clone()
            .into_iter()
            .map(move |field| (field, ident.clone()))
    };
    config.ids.iter().flat_map(pairs).collect()
}

struct Lowering<'c> {
    config: &'c Config,
    namer: Namer,
    /// Wire names to id types.
    ids: BTreeMap<String, String>,
    /// Wire identities to shared shapes.
    places: BTreeMap<String, String>,
    scope: Scope,
}

/// What has been declared in the Rust module being made.
#[derive(Debug, Default)]
struct Scope {
    objects: Vec<Object>,
    choices: Vec<Choice>,
    /// Type names and what has them.
    taken: BTreeMap<String, String>,
}

impl Scope {
    fn types(self) -> Types {
        Types {
            objects: self.objects,
            choices: self.choices,
        }
    }
}

impl Lowering<'_> {
    fn module(&mut self, module: &model::Module) -> Module {
        self.scope = Scope::default();
        let words = self.namer.module(module);
        let ty = type_name(&words);
        for name in [ty.clone(), format!("{ty}Client")] {
            self.scope.taken.insert(name, module.title.clone());
        }
        let everywhere = self.config.ids.keys().chain(self.places.values());
        self.scope
            .taken
            .extend(everywhere.map(|name| (name.clone(), format!("shared type {name}"))));
        let mut methods: BTreeMap<String, String> = BTreeMap::new();
        let mut operations = Vec::new();
        for operation in &module.operations {
            let lowered = self.operation(module.api.as_deref(), &words.snake(), operation);
            if let Some(first) = methods.insert(lowered.method.clone(), operation.id.clone()) {
                let at = operation.source.at.clone();
                let fix = rename(&operation.id, &suggestion(module, operation));
                self.namer
                    .clash(&lowered.method, &first, &operation.id, at, fix);
            }
            operations.push(lowered);
        }
        let source = module
            .operations
            .first()
            .map(|operation| operation.source.file.clone());
        Module {
            ident: words.snake(),
            ty,
            title: module.title.clone(),
            source: source.unwrap_or_default(),
            operations,
            types: std::mem::take(&mut self.scope).types(),
        }
    }

    fn session(&self, provider: &Provider) -> Option<SessionType> {
        let session = self.config.session.as_ref()?;
        let mut params = provider
            .operations()
            .flat_map(|operation| &operation.params);
        let field = params.find(|field| field.session)?;
        let words = Words::of_wire(&session.scope);
        let id = self.ids.get(&session.param);
        Some(SessionType {
            ident: words.snake(),
            ty: type_name(&words),
            wire: session.param.clone(),
            param: Words::of_wire(&session.param).snake(),
            param_type: id.map_or(Type::Text, |ident| Type::Id(ident.clone())),
            title: first_clause(&field.title).to_owned(),
        })
    }

    /// Takes a type name for something; two that want one are an error.
    fn claim(&mut self, name: &str, owner: &str, at: Option<Location>) {
        let first = self.scope.taken.insert(name.to_owned(), owner.to_owned());
        if let Some(first) = first.filter(|first| first != owner) {
            let operation = owner.split(' ').next().unwrap_or_default();
            self.namer
                .clash(name, &first, owner, at, rename(operation, "…"));
        }
    }
}

/// A label without what explains it.
fn first_clause(title: &str) -> &str {
    title
        .split(['；', ';', '，', ',', '（', '(', '：', '\n'])
        .next()
        .unwrap_or_default()
        .trim()
}

/// A correction that names an operation.
fn rename(operation: &str, name: &str) -> String {
    format!("[[correction]]\noperation = \"{operation}\"\nrename = \"{name}\"\nwhy = \"…\"")
}

/// What an operation could be called besides its wire name: the rest of its id.
fn suggestion(module: &model::Module, operation: &model::Operation) -> String {
    let prefix = format!("{}_", module.slug.replace('-', "_"));
    let rest = operation.id.strip_prefix(&prefix).unwrap_or(&operation.id);
    Words::of_wire(rest).snake()
}
