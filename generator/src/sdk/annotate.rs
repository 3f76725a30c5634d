//! Owns the way from the model to the SDK: which types there are, what they hold, where they can be
//! called from.

use std::collections::{BTreeMap, BTreeSet};

use catalog::config::{Config, Transport};
use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{self, Provider};
use catalog::source::Location;

use super::ids::Ids;
use crate::case::Words;
use crate::docs;
use crate::lock::Lock;
use crate::names::{self, Called, Namer, Side, derived, type_name};
use crate::sdk::{
    ApiData, Callbacks, Choice, IdType, Media, Module, Object, Part, Sdk, SessionType, Structure,
    Type, Types, Wordings,
};

/// Decides everything about one provider's SDK: one for each of its APIs.
pub fn annotate(
    provider: &Provider,
    config: &Config,
    lock: &Lock,
) -> (Vec<Sdk>, Lock, Vec<Diagnostic>) {
    let mut namer = Namer::new(lock.clone(), provider);
    let ident = namer.provider(&provider.id);
    let mut sdks = Vec::new();
    for api in apis(provider) {
        let (sdk, then) = Annotator::of(config, namer, api).sdk(provider, &ident);
        sdks.push(sdk);
        namer = then;
    }
    check_parts(&sdks, &mut namer);
    let (lock, diagnostics) = namer.finish();
    (sdks, lock, diagnostics)
}

/// The APIs of a provider in the order of its documents; one that has no name is all there is.
fn apis(provider: &Provider) -> Vec<Option<&str>> {
    let mut apis: Vec<Option<&str>> = Vec::new();
    for module in &provider.modules {
        let api = module.api.as_deref();
        if !apis.contains(&api) {
            apis.push(api);
        }
    }
    if apis.is_empty() {
        apis.push(None);
    }
    apis
}

/// The chapters of an API.
pub(super) fn chapters<'p, 'a>(
    provider: &'p Provider,
    api: Option<&'a str>,
) -> impl Iterator<Item = &'p model::Module> + use<'p, 'a> {
    let modules = provider.modules.iter();
    modules.filter(move |module| module.api.as_deref() == api)
}

/// Two APIs that want one Rust module are an error.
fn check_parts(sdks: &[Sdk], namer: &mut Namer) {
    let mut taken: BTreeMap<&str, &str> = BTreeMap::new();
    for part in sdks.iter().filter_map(|sdk| sdk.part.as_ref()) {
        if let Some(first) = taken.insert(&part.ident, &part.id) {
            let message = format!(
                "the APIs `{first}` and `{}` would both be called `{}`",
                part.id, part.ident
            );
            let clash = Diagnostic::error(Code::NameClash, message);
            namer.report(clash.help("give one of them another `id` in [[api]]"));
        }
    }
}

pub(super) struct Annotator<'c> {
    pub(super) config: &'c Config,
    /// The API that is annotated, where there are several.
    pub(super) api: Option<String>,
    pub(super) namer: Namer,
    /// Which fields hold which id.
    pub(super) ids: Ids<'c>,
    /// Wire identities to shared shapes.
    pub(super) places: BTreeMap<String, String>,
    pub(super) session: Option<SessionType>,
    /// Those of the API.
    pub(super) structures: Vec<Structure>,
    /// Types that every Rust module may use, and what they are.
    pub(super) common: BTreeMap<String, String>,
    /// Rust modules, and the chapters that have them.
    pub(super) modules: BTreeMap<String, String>,
    /// Events, and what they carry.
    pub(super) payloads: BTreeMap<String, Type>,
    /// Operations whose method another one has: there is no more to say about their types.
    pub(super) clashing: BTreeSet<String>,
    /// The correction that renames the operation that is being annotated.
    pub(super) rename: Option<String>,
    pub(super) scope: Scope,
}

/// What has a type's name.
#[derive(Clone, Debug)]
pub(super) struct Holder {
    pub(super) owner: String,
    /// The correction that gives it another.
    pub(super) fix: Option<String>,
}

/// What has been declared in the Rust module being made.
#[derive(Debug, Default)]
pub(super) struct Scope {
    /// The slug of the chapter; none for events.
    pub(super) chapter: Option<String>,
    pub(super) objects: Vec<Object>,
    pub(super) choices: Vec<Choice>,
    pub(super) wordings: Vec<Wordings>,
    /// Type names and what has them.
    pub(super) taken: BTreeMap<String, Holder>,
}

impl Scope {
    pub(super) fn types(self) -> Types {
        Types {
            objects: self.objects,
            choices: self.choices,
            wordings: self.wordings,
        }
    }
}

impl<'c> Annotator<'c> {
    fn of(config: &'c Config, mut namer: Namer, api: Option<&str>) -> Self {
        namer.enter(api);
        Self {
            config,
            api: api.map(str::to_owned),
            namer,
            ids: Ids::of(config),
            places: BTreeMap::new(),
            session: None,
            structures: Vec::new(),
            common: BTreeMap::new(),
            modules: BTreeMap::new(),
            payloads: BTreeMap::new(),
            clashing: BTreeSet::new(),
            rename: None,
            scope: Scope::default(),
        }
    }

    /// Everything about one API.
    fn sdk(mut self, provider: &Provider, ident: &str) -> (Sdk, Namer) {
        let chapters: Vec<&model::Module> = self.chapters(provider).collect();
        self.namer.keep_meanings(&chapters);
        self.session = self.session(provider);
        self.name_structures(provider);
        self.declare_common();
        let shared = self.declare_shapes(provider);
        let mut callbacks = self.callbacks(provider);
        let chapters = chapters.into_iter().filter(|m| !m.operations.is_empty());
        let mut modules: Vec<Module> = chapters.map(|module| self.module(module)).collect();
        self.claim_english(&modules);
        self.claim_requests(&modules);
        self.link(&mut modules);
        if let Some(callbacks) = &mut callbacks {
            self.link_addresses(callbacks, &modules, provider);
        }
        let messages = self.messages();
        let socket = self.socket(&modules);
        // Where there are several APIs, it speaks of the one that has what it names.
        let online = provider.online.clone().filter(|online| {
            let mut operations = modules.iter().flat_map(|module| &module.operations);
            let asked = operations.any(|known| Some(&known.model.id) == online.operation.as_ref());
            let mut events = callbacks.iter().flat_map(|all| &all.events);
            asked || events.any(|known| online.events.contains(&known.model.id))
        });
        let mut conversations = provider.conversations.iter();
        let conversation = conversations.find(|talk| {
            let mut operations = modules.iter().flat_map(|module| &module.operations);
            operations.any(|known| known.model.id == talk.operation)
        });
        // Media are of the API without a name.
        let media = provider.media.clone().filter(|_| self.api.is_none());
        let media = media.map(|of| Media::of(of, &self.structures, &shared, callbacks.as_ref()));
        let sdk = Sdk {
            id: provider.id.clone(),
            ident: ident.to_owned(),
            title: provider.title.clone(),
            docs: self.notes(provider, callbacks.is_some()),
            part: self.part(),
            handle: self.handle().to_owned(),
            api: self.api_data(),
            session: self.session.clone(),
            all_requests: self.config.all_requests,
            ids: self.used_ids(&modules, callbacks.as_ref(), &shared),
            shared,
            structures: self.structures.clone(),
            modules,
            callbacks,
            messages,
            socket,
            online,
            conversation: conversation.cloned(),
            media,
            program: self.program(),
        };
        (sdk, self.namer)
    }

    /// What the documents say of the whole API, and chapters that no file is about.
    fn notes(&self, provider: &Provider, has_callbacks: bool) -> Vec<String> {
        let holds = |api: &Option<String>| api.is_none() || *api == self.api;
        let all = provider.notes.iter();
        let all = all.filter(|(api, _)| holds(api)).map(|(_, note)| note);
        let chapters = self.chapters(provider);
        let homeless = chapters.filter(|module| module.operations.is_empty() && !has_callbacks);
        docs::notes(all.chain(homeless.flat_map(|module| &module.notes)))
    }

    /// The chapters of the API that is annotated.
    pub(super) fn chapters<'p>(
        &self,
        provider: &'p Provider,
    ) -> impl Iterator<Item = &'p model::Module> + use<'_, 'p, 'c> {
        chapters(provider, self.api.as_deref())
    }

    fn part(&mut self) -> Option<Part> {
        let id = self.api.clone()?;
        let declared = self.config.api.iter().find(|api| api.id == id);
        let title = declared.map(|api| api.title.clone()).unwrap_or_default();
        let title = if title.is_empty() { id.clone() } else { title };
        Some(Part {
            ident: self.namer.api(&id, &title),
            title,
            id,
        })
    }

    /// What the type with the calls is called: a program that fetches them is somebody's bot.
    pub(super) fn handle(&self) -> &'static str {
        match self.config.transport {
            Transport::Poll => "Bot",
            Transport::HttpJson | Transport::HttpForm | Transport::Websocket => "Client",
        }
    }

    fn api_data(&self) -> ApiData {
        let layouts = self.config.layouts(self.api.as_deref());
        let auth = self.config.auth.as_ref();
        ApiData {
            transport: self.config.transport,
            header: auth.map(|auth| auth.header.clone()).unwrap_or_default(),
            hosts: self.config.login.hosts.clone(),
            prefix: auth.map(|auth| auth.prefix.clone()).unwrap_or_default(),
            request: layouts.request.clone(),
            reply: layouts.reply.clone(),
        }
    }

    /// The ids with a type of their own; of several APIs, each has those that it uses.
    fn used_ids(
        &mut self,
        modules: &[Module],
        callbacks: Option<&Callbacks>,
        shared: &Types,
    ) -> Vec<IdType> {
        let mut used = BTreeSet::new();
        for module in modules {
            let params = module.operations.iter().flat_map(|o| &o.params);
            for param in params {
                ids_of(&param.field.ty, &mut used);
                let either = param.either.iter();
                either.for_each(|one| ids_of(&one.field.ty, &mut used));
            }
        }
        let bound = self.session.iter();
        bound.for_each(|session| ids_of(&session.param_type, &mut used));
        let beside = callbacks.iter().flat_map(|callbacks| &callbacks.shared);
        beside.for_each(|member| ids_of(&member.ty, &mut used));
        let types = modules.iter().map(|module| &module.types);
        let types = types.chain(callbacks.map(|callbacks| &callbacks.types));
        for object in types.chain([shared]).flat_map(|types| &types.objects) {
            let members = object.members.iter();
            members.for_each(|member| ids_of(&member.ty, &mut used));
        }
        let wanted = |ident: &String| self.api.is_none() || used.contains(ident.as_str());
        let ids = self.config.ids.iter();
        let ids: Vec<IdType> = ids
            .filter(|(ident, _)| wanted(ident))
            .map(|(ident, id)| IdType {
                ident: ident.clone(),
                title: id.title.clone(),
            })
            .collect();
        for id in &ids {
            let place = names::Place::new(Side::Id, &id.ident);
            self.namer.declared_type(place, &id.ident, &id.title);
        }
        ids
    }
}

fn ids_of<'t>(ty: &'t Type, used: &mut BTreeSet<&'t str>) {
    match ty {
        Type::Id(name) => {
            used.insert(name);
        }
        Type::List(of) | Type::Maybe(of) | Type::Boxed(of) | Type::Xml(of) => ids_of(of, used),
        _ => {}
    }
}

impl Annotator<'_> {
    /// The names that `provider.toml` gives to types.
    fn declare_common(&mut self) {
        let ids = self.config.ids.keys();
        let ids = ids.map(|name| (name.clone(), format!("the id {name}")));
        let shapes = self.config.shape.iter();
        let shapes = shapes.map(|shape| (shape.name.clone(), format!("the shape {}", shape.name)));
        let declared: Vec<_> = ids.chain(shapes).collect();
        for (name, what) in declared {
            self.namer.declared(&name);
            self.share(&name, &what, None);
        }
        self.share_structures();
        if let Some(session) = &self.session {
            let (name, what) = (session.ty.clone(), format!("the {}", session.ident));
            self.share(&name, &what, None);
        }
    }

    pub(super) fn share(
        &mut self,
        name: &str,
        what: &str,
        fix: Option<(Option<Location>, String)>,
    ) {
        if let Some(first) = self.common.insert(name.to_owned(), what.to_owned()) {
            let (at, fix) = fix.unzip();
            self.namer.clash(name, &first, what, at.flatten(), fix);
        }
    }

    fn module(&mut self, module: &model::Module) -> Module {
        let was_public = self.namer.knows_module(module);
        let session = self.session.as_ref().map(|session| session.ident.clone());
        let ident = self.namer.module(module, session.as_deref());
        self.claim_module(&ident, module);
        let named = self.operation_names(module);
        // An operation that comes later has to make way: the chapter's type is public by then.
        let is_taken = |name: &str| {
            let mut named = named.iter();
            named.any(|called| called.request == name && !(was_public && called.is_new))
        };
        let words = Words::of_ident(&ident);
        let mut ty = type_name(&words);
        if is_taken(&ty) || self.common.contains_key(&ty) {
            ty = type_name(&words.then(&Words::of_wire("module")));
        }
        let ty = self.namer.module_type(module, &ty);
        let own = [ty.clone(), derived::on_client(&ty)];
        let owner = format!("the chapter {}", module.title);
        self.scope = Scope {
            chapter: Some(module.slug.clone()),
            ..Scope::default()
        };
        self.take_everywhere();
        self.take(own, &owner);
        let english = self.config.modules.get(&module.slug).cloned();
        let shown = english.as_ref().unwrap_or(&ident);
        let mut operations = Vec::new();
        for (operation, called) in module.operations.iter().zip(&named) {
            self.rename = Some(rename(
                self.api.as_deref(),
                &operation.id,
                &suggestion(module, operation, &called.words),
            ));
            operations.push(self.operation(shown, operation, called));
        }
        self.keep_former(module, &named, &mut operations);
        Module {
            ident,
            ty,
            english,
            slug: module.slug.clone(),
            title: module.title.clone(),
            docs: docs::notes(&module.notes),
            has_session: self.session.is_some(),
            operations,
            types: std::mem::take(&mut self.scope).types(),
        }
    }

    /// Two chapters that want one file are an error.
    fn claim_module(&mut self, ident: &str, module: &model::Module) {
        let chapter = match &module.api {
            Some(api) => format!("{api}/{}", module.slug),
            None => module.slug.clone(),
        };
        if let Some(first) = self.modules.insert(ident.to_owned(), chapter.clone()) {
            let message =
                format!("the modules `{first}` and `{chapter}` would both be called `{ident}`");
            let first = module.operations.first();
            let clash = Diagnostic::error(Code::NameClash, message)
                .at_if(first.and_then(|operation| operation.source.at.clone()))
                .help("give one of the chapters another slug, with [[module]] in provider.toml");
            self.namer.report(clash);
        }
    }

    /// The names of a chapter's operations; two that want one method are an error.
    fn operation_names(&mut self, module: &model::Module) -> Vec<Called> {
        let mut methods: BTreeMap<String, &str> = BTreeMap::new();
        let mut named = Vec::new();
        for operation in &module.operations {
            let called = self.namer.operation(operation);
            let method = called.method.clone();
            if let Some(first) = methods.get(&method) {
                let fix = rename(
                    self.api.as_deref(),
                    &operation.id,
                    &suggestion(module, operation, &called.words),
                );
                let at = operation.source.at.clone();
                self.namer
                    .clash(&method, first, &operation.id, at, Some(fix));
                self.clashing.insert(operation.id.clone());
            } else {
                methods.insert(method, &operation.id);
            }
            named.push(called);
        }
        named
    }

    /// The names that every Rust module may use are taken in each.
    pub(super) fn take_everywhere(&mut self) {
        let common = self.common.iter();
        let common = common.map(|(name, what)| {
            let (owner, fix) = (what.clone(), None);
            (name.clone(), Holder { owner, fix })
        });
        self.scope.taken.extend(common);
    }

    /// Takes type names for something that no correction renames.
    pub(super) fn take(&mut self, names: impl IntoIterator<Item = String>, owner: &str) {
        let holder = Holder {
            owner: owner.to_owned(),
            fix: None,
        };
        let taken = names.into_iter().map(|name| (name, holder.clone()));
        self.scope.taken.extend(taken);
    }

    fn session(&mut self, provider: &Provider) -> Option<SessionType> {
        let session = self.config.session.as_ref()?;
        let chapters = chapters(provider, self.api.as_deref());
        let operations = chapters.flat_map(|module| &module.operations);
        let mut params = operations.flat_map(|operation| &operation.params);
        let title = params.find(|field| field.session && field.wire == session.param);
        let title = first_clause(&title?.title).to_owned();
        let id = self.ids.get(&session.param, None);
        let [ident, ty, param] = self.namer.session(&session.scope, &session.param, &title);
        Some(SessionType {
            ident,
            ty,
            wire: session.param.clone(),
            param,
            param_type: id.unwrap_or(Type::Text),
            title,
        })
    }

    /// Takes a type name for something; two that want one are an error.
    pub(super) fn claim(
        &mut self,
        name: &str,
        owner: &str,
        at: Option<Location>,
        fix: Option<String>,
    ) {
        let Some(first) = self.scope.taken.get(name) else {
            let owner = owner.to_owned();
            let holder = Holder { owner, fix };
            self.scope.taken.insert(name.to_owned(), holder);
            return;
        };
        let operation = |owner: &str| owner.split(' ').next().unwrap_or_default().to_owned();
        if first.owner == owner || self.clashing.contains(&operation(owner)) {
            return;
        }
        // Within one operation only a field can make way.
        let is_same = operation(&first.owner) == operation(owner);
        let fix = if is_same && fix == self.rename {
            first.fix.clone()
        } else {
            fix
        };
        let first = first.owner.clone();
        self.namer.clash(name, &first, owner, at, fix);
    }
}

/// A label without what explains it.
pub(super) fn first_clause(title: &str) -> &str {
    title
        .split(['；', ';', '，', ',', '（', '(', '：', '\n'])
        .next()
        .unwrap_or_default()
        .trim()
}

/// A correction that names an operation.
pub(super) fn rename(api: Option<&str>, operation: &str, name: &str) -> String {
    let operation = super::object::operation_named(api, operation);
    format!("[[correction]]\n{operation}\nrename = \"{name}\"\nwhy = \"…\"")
}

/// What an operation could be called besides its name: the rest of its id, or else a number.
pub(super) fn suggestion(
    module: &model::Module,
    operation: &model::Operation,
    name: &Words,
) -> String {
    let prefix = format!("{}_", module.slug.replace('-', "_"));
    let rest = operation.id.strip_prefix(&prefix).unwrap_or(&operation.id);
    let rest = Words::of_wire(rest);
    if rest.snake() == name.snake() || rest.is_empty() {
        rest.numbered(2)
    } else {
        rest.snake()
    }
}
