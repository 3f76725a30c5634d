//! Owns every decision about a Rust name: correction, then lock, then wire name, then title.

pub(crate) mod derived;
mod fields;
pub mod lock;
mod meaning;
mod values;

use std::collections::HashMap;

use catalog::diagnostic::{Code, Diagnostic};
use catalog::model;
use catalog::source::Location;

use crate::case::Words;
use lock::{Entry, Home, Key, Kind, Lock};

pub(crate) use lock::{Place, Side};
pub(crate) use values::ValueName;

/// Types that no vendor's can be called: those that generated code or its examples use by these names, and those that
/// a provider has besides its own. The runtime's are written `rt::…` and take none.
const TAKEN_TYPES: &[&str] = &[
    "Anywhere",
    "Bot",
    "Bots",
    "Box",
    "Client",
    "Err",
    "Fn",
    "FnOnce",
    "From",
    "Hub",
    "HubBuilder",
    "Into",
    "IntoIterator",
    "New",
    "None",
    "Ok",
    "Option",
    "Result",
    "Self",
    "Send",
    "Some",
    "String",
    "Sync",
    "Vec",
];

/// Modules, features and dependencies that the crate has besides its providers, folders and files
/// that it could have, and modules that every provider has.
const RESERVED_PROVIDERS: &[&str] = &[
    "aes",
    "all_providers",
    "axum",
    "bin",
    "blocking",
    "bot",
    "broadcast",
    "bytes",
    "client",
    "conversation",
    "default",
    "form_urlencoded",
    "futures_core",
    "futures_sink",
    "getrandom",
    "http",
    "http_body",
    "hyper",
    "hyper_util",
    "ids",
    "lib",
    "md5",
    "media",
    "metrics",
    "percent_encoding",
    "poll",
    "program",
    "receive",
    "redb",
    "redis",
    "reqwest",
    "runtime",
    "rustls_platform_verifier",
    "rustls_tls",
    "serde",
    "serde_json",
    "serialize",
    "server",
    "shared",
    "socket",
    "store",
    "store_redb",
    "store_redis",
    "stream",
    "supervisor",
    "tokio",
    "tokio_rustls",
    "tokio_websockets",
    "tracing",
    "websocket",
];

/// Whether no provider can be called so.
pub fn is_reserved(ident: &str) -> bool {
    RESERVED_PROVIDERS.contains(&ident)
}

/// rustdoc writes a file per type, and file systems stop at 255.
const LONGEST_TYPE: usize = 200;

/// Methods that every request has besides its setters, and operators, which a setter would look like.
const TAKEN_SETTERS: &[&str] = &[
    "new", "extra", "clone", "default", "fmt", "from", "into", "members", "send", "add", "bitand",
    "bitor", "bitxor", "div", "mul", "rem", "shl", "shr", "sub",
];

/// Methods that the type with a chapter's methods has besides them, or would seem to have: a method of
/// a trait that takes `self` is found before ours, which takes `&self`.
const TAKEN_METHODS: &[&str] = &["cmp", "into", "new", "try_into"];

/// Modules and methods that a provider has besides its chapters, the runtime, and types that a module would hide.
const TAKEN_MODULES: &[&str] = &[
    "addresses",
    "bool",
    "bot",
    "builder",
    "call",
    "call_raw",
    "callback",
    "chunks",
    "client",
    "clone",
    "connect",
    "conversation",
    "core",
    "f64",
    "fmt",
    "from",
    "hub",
    "i64",
    "ids",
    "into",
    "job",
    "log_in_again",
    "log_in_by_code",
    "login",
    "media_host",
    "new",
    "pages",
    "poll",
    "rebind",
    "receive",
    "register",
    "requests",
    "rt",
    "send",
    "shared",
    "socket",
    "str",
    "try_into",
    "u32",
    "u64",
    "usize",
];

/// Decides names, and remembers them.
#[derive(Debug)]
pub(crate) struct Namer {
    /// What was public before.
    was: Lock,
    /// What is decided now.
    now: Lock,
    /// The provider's module.
    provider: String,
    /// The API that names are for.
    api: String,
    /// The chapters of operations and events, by API.
    chapters: HashMap<(String, bool, String), String>,
    /// What fields of a wire name are called: new ones follow.
    usual: HashMap<String, String>,
    /// What corrections have renamed; types below follow.
    renamed: Vec<Place>,
    diagnostics: Vec<Diagnostic>,
}

/// What an operation is called.
#[derive(Clone, Debug)]
pub(crate) struct Called {
    pub(crate) method: String,
    pub(crate) request: String,
    /// What types below it are called after.
    pub(crate) words: Words,
    /// It was not public before.
    pub(crate) is_new: bool,
}

impl Namer {
    /// Remembers what was public; what has moved to another chapter takes its names along.
    pub(crate) fn new(mut was: Lock, provider: &model::Provider) -> Self {
        let chapters = chapters(provider);
        was.move_to(|api, place| {
            let is_event = place.side.is_told();
            let is_own = is_event || place.side.is_called();
            let owner = (api.to_owned(), is_event, place.owner.clone());
            let module = chapters.get(&owner).filter(|_| is_own)?;
            Some(Home::of(Some(api), module))
        });
        Self {
            usual: fields::usual(&was, provider),
            was,
            now: Lock::default(),
            provider: String::new(),
            api: String::new(),
            chapters,
            renamed: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// Goes on with an API.
    pub(crate) fn enter(&mut self, api: Option<&str>) {
        self.api = api.unwrap_or_default().to_owned();
        self.renamed.clear();
    }

    pub(crate) fn finish(mut self) -> (Lock, Vec<Diagnostic>) {
        self.now.keep(&self.was);
        (self.now, self.diagnostics)
    }

    /// Where a name is remembered.
    fn home(&self, place: &Place) -> Home {
        let owner = (self.api.clone(), place.side.is_told(), place.owner.clone());
        let module = self.chapters.get(&owner);
        let module = module.filter(|_| place.side.is_told() || place.side.is_called());
        Home::of(Some(&self.api), module.map_or("", String::as_str))
    }

    fn known(&self, home: &Home, key: &Key) -> Option<Entry> {
        let known = self.was.get(home, key).cloned();
        known.or_else(|| self.was.formerly().entry(home, key))
    }

    /// The name of something: as asked for, else as it was before, else as derived.
    fn named(
        &mut self,
        place: Place,
        kind: Kind,
        asked: Option<String>,
        title: &str,
        derived: impl FnOnce() -> String,
    ) -> String {
        let home = self.home(&place);
        self.named_at(home, place, kind, asked, title, derived)
    }

    fn named_at(
        &mut self,
        home: Home,
        place: Place,
        kind: Kind,
        asked: Option<String>,
        title: &str,
        derived: impl FnOnce() -> String,
    ) -> String {
        let key = place.key(kind);
        let mut known = self.known(&home, &key);
        if kind == Kind::Type {
            // It is called after what has another name now.
            let place = &key.place;
            known = known.filter(|_| !self.renamed.iter().any(|renamed| place.is_within(renamed)));
        }
        // Whoever names a value has looked at what it means now.
        let is_asked = asked.is_some() && kind == Kind::Variant;
        let name = match (asked, &known) {
            (Some(asked), _) => asked,
            (None, Some(known)) => known.name().to_owned(),
            (None, None) => derived(),
        };
        let is_other = |known: &Entry| known.name() != name;
        let old = known.as_ref().filter(|known| is_other(known));
        let former = old.map(|known| known.name().to_owned());
        self.carry(&home, &key, former.as_deref());
        if old.is_some() {
            self.renamed.push(key.place.clone());
        }
        let known = known.filter(|known| !is_other(known) && !known.title.is_empty() && !is_asked);
        let entry = Entry {
            names: vec![name.clone()],
            title: known.map_or_else(|| lock::title(title), |known| known.title),
        };
        self.now.put(home, key, entry);
        name
    }

    /// Keeps the names that a method or a variant once had.
    fn carry(&mut self, home: &Home, key: &Key, more: Option<&str>) {
        let has_alias = match key.kind {
            Kind::Fn => key.place.side == Side::Call,
            Kind::Variant => !key.place.path.is_empty(),
            _ => false,
        };
        if !has_alias {
            return;
        }
        let key = key.place.clone().key(Kind::Former);
        let mut former = self.known(home, &key).unwrap_or_default();
        let is_new = |name: &&str| !former.names.iter().any(|known| known == name);
        let more = more.filter(is_new).map(str::to_owned);
        former.names.extend(more);
        if !former.names.is_empty() {
            self.now.put(home.clone(), key, former);
        }
    }

    /// The names that something once had.
    fn former_names(&self, place: Place) -> Vec<String> {
        let home = self.home(&place);
        let former = self.now.get(&home, &place.key(Kind::Former));
        former.map(|entry| entry.names.clone()).unwrap_or_default()
    }

    /// The provider's module; some names are the crate's own.
    pub(crate) fn provider(&mut self, id: &str) -> String {
        let name = Words::of_wire(id).snake();
        if is_reserved(&name) {
            let message = format!("`{id}` is no name for a provider: generated code has that name");
            self.report(Diagnostic::error(Code::BadName, message).help("rename its folder"));
        }
        self.provider.clone_from(&name);
        name
    }

    /// The Rust module of one of several APIs.
    pub(crate) fn api(&mut self, id: &str, title: &str) -> String {
        let derived = || Words::of_wire(id).snake();
        self.named(Place::new(Side::Api, ""), Kind::Mod, None, title, derived)
    }

    /// The Rust module of a chapter; `session` is a method that stands beside those of the chapters.
    pub(crate) fn module(&mut self, module: &model::Module, session: Option<&str>) -> String {
        let (home, place) = (self.chapter(module), Place::new(Side::Module, ""));
        let own = [Some(self.provider.clone()), session.map(str::to_owned)];
        let derived = || {
            let name = Words::of_wire(&module.slug).snake();
            if is_own_module(&name) || own.contains(&Some(name.clone())) {
                format!("{name}_module")
            } else {
                name
            }
        };
        let name = self.named_at(home, place, Kind::Mod, None, &module.title, derived);
        if own.contains(&Some(name.clone())) {
            let first = "the provider or its session";
            self.clash(&name, first, &module.slug, None, None);
        }
        name
    }

    /// The type with a chapter's methods.
    pub(crate) fn module_type(&mut self, module: &model::Module, derived: &str) -> String {
        let (home, place) = (self.chapter(module), Place::new(Side::Module, ""));
        let derived = || derived.to_owned();
        self.named_at(home, place, Kind::Type, None, "", derived)
    }

    /// Whether a chapter was public before.
    pub(crate) fn knows_module(&self, module: &model::Module) -> bool {
        let key = Place::new(Side::Module, "").key(Kind::Mod);
        self.known(&self.chapter(module), &key).is_some()
    }

    fn chapter(&self, module: &model::Module) -> Home {
        Home::of(Some(&self.api), &module.slug)
    }

    /// A type's name that `provider.toml` gives: as it is written there.
    pub(crate) fn declared(&mut self, name: &str) {
        let letters = |c: char| c.is_ascii_alphanumeric();
        let is_type = name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(letters)
            && !is_taken(name);
        if !is_type {
            let message = format!("`{name}` in provider.toml is no name for a type");
            let help = "use letters and digits, beginning with a capital, and no name that generated code uses";
            self.report(Diagnostic::error(Code::BadName, message).help(help));
        }
    }

    /// Remembers a type that `provider.toml` names.
    pub(crate) fn declared_type(&mut self, place: Place, name: &str, title: &str) {
        self.named(place, Kind::Type, Some(name.to_owned()), title, String::new);
    }

    /// A type: a request, a reply, an enum, what stands inside another.
    pub(crate) fn type_at(&mut self, place: Place, words: &Words) -> String {
        let name = type_name(words);
        let declared = matches!(place.side, Side::Shape | Side::Result | Side::Element);
        let asked = (declared && place.path.is_empty()).then(|| name.clone());
        self.named(place, Kind::Type, asked, "", || name)
    }

    /// A structure: the name by which types name it, unless a correction asks for another.
    pub(crate) fn structure(&mut self, structure: &model::Structure) -> String {
        let asked = structure.name.as_ref().map(|asked| {
            self.plain(asked, structure.source.at.clone());
            type_name(&Words::of_ident(asked))
        });
        let place = Place::new(Side::Structure, &structure.wire);
        let derived = || type_name(&Words::of_wire(&structure.wire));
        self.named(place, Kind::Type, asked, &structure.title, derived)
    }

    /// The session: its method, its type, the parameter that it carries.
    pub(crate) fn session(&mut self, scope: &str, wire: &str, title: &str) -> [String; 3] {
        let (words, place) = (session_name(scope), Place::new(Side::Session, scope));
        let method = self.named(place.clone(), Kind::Fn, None, title, || words.snake());
        let ty = self.named(place.clone(), Kind::Type, None, "", || type_name(&words));
        let param = || Words::of_wire(wire).snake();
        let param = self.named(place.below(wire), Kind::Field, None, "", param);
        [method, ty, param]
    }

    /// An operation: its method, its request.
    pub(crate) fn operation(&mut self, operation: &model::Operation) -> Called {
        let place = Place::new(Side::Call, &operation.id);
        let key = place.clone().key(Kind::Fn);
        let is_new = self.known(&self.home(&place), &key).is_none();
        let asked = operation.name.as_ref().map(|asked| {
            self.plain(asked, operation.source.at.clone());
            method_name(&Words::of_ident(asked))
        });
        let derived = || method_name(&by_wire_or_title(&operation.wire, &operation.title));
        let method = self.named(place.clone(), Kind::Fn, asked, &operation.title, derived);
        let words = spelled(&method);
        let request = self.type_at(place, &words);
        Called {
            method,
            request,
            words,
            is_new,
        }
    }

    /// Methods and requests of an operation that it once had, and has no more.
    pub(crate) fn former(&self, operation: &model::Operation, now: &str) -> Vec<(String, String)> {
        let names = self.former_names(Place::new(Side::Call, &operation.id));
        let names = names.into_iter().filter(|name| name != now);
        names
            .map(|name| {
                let request = type_name(&spelled(&name));
                (name, request)
            })
            .collect()
    }

    /// An event: its variant, and what its types are called after; `given` is what `provider.toml`
    /// calls it, unless a correction does.
    pub(crate) fn event(
        &mut self,
        event: &model::Event,
        given: Option<&String>,
        strip: Option<&str>,
    ) -> (String, Words) {
        let place = Place::new(Side::Event, &event.id);
        let asked = event.name.as_ref().or(given).map(|asked| {
            self.plain(asked, event.source.at.clone());
            Words::of_ident(asked).pascal()
        });
        let wire = event.wire.first().map(String::as_str).unwrap_or_default();
        let short = strip.and_then(|start| wire.strip_prefix(start));
        let wire = short.filter(|rest| !rest.is_empty()).unwrap_or(wire);
        let derived = || by_wire_or_title(wire, &event.title).pascal();
        let name = self.named(place, Kind::Variant, asked, &event.title, derived);
        let words = Words::of_type(&name);
        (name, words)
    }

    /// Reports two things that want one name.
    pub(crate) fn clash(
        &mut self,
        name: &str,
        first: &str,
        second: &str,
        at: Option<Location>,
        fix: Option<String>,
    ) {
        let message = format!("`{first}` and `{second}` would both be called `{name}`");
        let clash = Diagnostic::error(Code::NameClash, message)
            .at_if(at)
            .help("name one of them");
        self.diagnostics.push(Diagnostic { fix, ..clash });
    }

    /// Reports what cannot be generated.
    pub(crate) fn report(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }

    /// A name that a correction asks for must be one.
    fn plain(&mut self, name: &str, at: Option<Location>) {
        let letters = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
        if name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(letters) {
            return;
        }
        let bad = Diagnostic::error(Code::BadName, format!("`{name}` is no name in snake case"));
        self.diagnostics.push(
            bad.at_if(at)
                .help("use lower-case ASCII letters, digits and `_`, beginning with a letter"),
        );
    }
}

/// Where every operation and every event (true) stands.
fn chapters(provider: &model::Provider) -> HashMap<(String, bool, String), String> {
    let mut chapters = HashMap::new();
    for module in &provider.modules {
        let api = module.api.as_deref().unwrap_or_default();
        let operations = module
            .operations
            .iter()
            .map(|operation| (false, &operation.id));
        let events = module.events.iter().map(|event| (true, &event.id));
        for (is_event, id) in operations.chain(events) {
            let owner = (api.to_owned(), is_event, id.clone());
            chapters.insert(owner, module.slug.clone());
        }
    }
    chapters
}

/// The words of a name that may have been kept off another.
pub(crate) fn spelled(name: &str) -> Words {
    Words::of_ident(name.trim_end_matches('_'))
}

/// Identity of something in one of several APIs.
pub(crate) fn keyed(api: Option<&str>, id: &str) -> String {
    api.map_or_else(|| id.to_owned(), |api| format!("{api}/{id}"))
}

/// The last part of the wire name; a code that is only a number says nothing, the title does.
fn by_wire_or_title(wire: &str, title: &str) -> Words {
    // What several operations may have is what stands before.
    if wire.contains('?') {
        return Words::of_title(title);
    }
    let last = wire
        .rsplit('/')
        .find(|part| !part.is_empty() && !part.starts_with('{'))
        .unwrap_or_default();
    let spells = last.chars().any(|c| c.is_ascii_alphabetic());
    if spells {
        Words::of_wire(last)
    } else {
        Words::of_title(title)
    }
}

fn is_taken(ty: &str) -> bool {
    TAKEN_TYPES.contains(&ty)
}

/// Whether a provider has something of this name beside its chapters.
pub(crate) fn is_own_module(name: &str) -> bool {
    TAKEN_MODULES.contains(&name)
}

fn is_own_method(name: &str) -> bool {
    TAKEN_METHODS.contains(&name)
}

fn is_own_setter(name: &str) -> bool {
    TAKEN_SETTERS.contains(&name)
}

/// A type's name, kept off the names that generated code uses.
pub(crate) fn type_name(words: &Words) -> String {
    let mut name = words.pascal();
    name.truncate(LONGEST_TYPE);
    if is_taken(&name) {
        format!("{name}_")
    } else {
        name
    }
}

/// A method's name, kept off those that generated code uses.
fn method_name(words: &Words) -> String {
    let name = words.snake();
    if is_own_method(&name) {
        format!("{name}_")
    } else {
        name
    }
}

/// What a session is called, kept off the methods that a client has.
fn session_name(scope: &str) -> Words {
    let words = Words::of_wire(scope);
    if is_own_module(&words.snake()) {
        words.then(&Words::of_wire("session"))
    } else {
        words
    }
}

/// A setter's name, kept off the methods that requests have.
pub(crate) fn member_name(words: &Words) -> String {
    let name = words.snake();
    if is_own_setter(&name) {
        format!("{name}_")
    } else {
        name
    }
}
