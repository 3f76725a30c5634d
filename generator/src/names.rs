//! Owns every decision about a Rust name: correction, then lock, then wire name, then title.

mod values;

use catalog::diagnostic::{Code, Diagnostic};
use catalog::model;
use catalog::source::Location;

use crate::case::Words;
use crate::krate;
use crate::lock::Lock;

pub(crate) use values::ValueName;

/// What of the runtime generated modules use by name: imported where it is named, and no name for
/// anything else.
pub(crate) const RUNTIME: &[&str] = &[
    "Addressed",
    "Bound",
    "Call",
    "Chunked",
    "Chunks",
    "Condition",
    "Cursor",
    "Data",
    "Decode",
    "Encode",
    "Envelope",
    "EventApi",
    "Extra",
    "FromJsonText",
    "FromObject",
    "Hidden",
    "Inbound",
    "Input",
    "Issue",
    "Job",
    "JobPlan",
    "Joined",
    "Json",
    "JsonText",
    "Limit",
    "Malformed",
    "Method",
    "Next",
    "Number",
    "Opened",
    "Operation",
    "PagePlan",
    "Paged",
    "Pages",
    "Prefix",
    "Private",
    "Request",
    "ResultLayout",
    "Scalar",
    "Secret",
    "Split",
    "Started",
    "Tagged",
    "Text",
    "ToObject",
    "View",
    "Visit",
    "XmlText",
    "choice",
    "debug_fields",
    "debug_object",
    "split_prefix",
    "wordings",
];

/// Types besides those of the [`RUNTIME`] that generated modules use by these names.
const TAKEN_TYPES: &[&str] = &[
    "Anywhere",
    "Answered",
    "Api",
    "Bot",
    "Bots",
    "Box",
    "Builder",
    "Choice",
    "Client",
    "Clone",
    "Copy",
    "Core",
    "Debug",
    "Default",
    "Duration",
    "Entry",
    "Err",
    "From",
    "Handle",
    "Hub",
    "HubBuilder",
    "Into",
    "IntoIterator",
    "MessageApi",
    "New",
    "None",
    "Ok",
    "Option",
    "Reaches",
    "Result",
    "Self",
    "Session",
    "Slot",
    "Some",
    "String",
    "Untyped",
    "Vec",
];

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

/// Modules and methods that a provider has besides its chapters.
const TAKEN_MODULES: &[&str] = &[
    "addresses",
    "bot",
    "builder",
    "call",
    "call_raw",
    "callback",
    "chunks",
    "client",
    "clone",
    "connect",
    "core",
    "fmt",
    "from",
    "hub",
    "ids",
    "into",
    "job",
    "login",
    "mock",
    "new",
    "pages",
    "rebind",
    "register",
    "send",
    "shared",
    "socket",
    "try_into",
];

/// Decides names, and remembers them.
#[derive(Debug)]
pub(crate) struct Namer {
    lock: Lock,
    /// The provider's module.
    provider: String,
    diagnostics: Vec<Diagnostic>,
}

impl Namer {
    pub(crate) fn new(lock: Lock) -> Self {
        Self {
            lock,
            provider: String::new(),
            diagnostics: Vec::new(),
        }
    }

    pub(crate) fn finish(self) -> (Lock, Vec<Diagnostic>) {
        (self.lock, self.diagnostics)
    }

    /// The provider's module; some names are the crate's own.
    pub(crate) fn provider(&mut self, id: &str) -> String {
        let name = Words::of_wire(id).snake();
        if krate::is_reserved(&name) {
            let message = format!("`{id}` is no name for a provider: generated code has that name");
            self.report(Diagnostic::error(Code::BadName, message).help("rename its folder"));
        }
        self.provider.clone_from(&name);
        name
    }

    /// The Rust module of a chapter; `session` is a method that stands beside those of the chapters.
    pub(crate) fn module(&mut self, module: &model::Module, session: Option<&str>) -> Words {
        let own = [Some(self.provider.as_str()), session];
        let free = |name: String| {
            if TAKEN_MODULES.contains(&name.as_str()) || own.contains(&Some(&name)) {
                format!("{name}_module")
            } else {
                name
            }
        };
        let derived = || Words::of_wire(&module.slug).snake();
        let key = keyed(module.api.as_deref(), &module.slug);
        let name = self.lock.module.entry(key).or_insert_with(derived);
        *name = free(std::mem::take(name));
        Words::of_ident(name)
    }

    /// Whether a chapter was public before.
    pub(crate) fn knows_module(&self, module: &model::Module) -> bool {
        let key = keyed(module.api.as_deref(), &module.slug);
        self.lock.module.contains_key(&key)
    }

    /// Whether an operation was public before.
    pub(crate) fn knows_operation(&self, api: Option<&str>, operation: &model::Operation) -> bool {
        self.lock.operation.contains_key(&keyed(api, &operation.id))
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

    /// The method of an operation; its request type has the same words.
    pub(crate) fn operation(&mut self, api: Option<&str>, operation: &model::Operation) -> Words {
        let key = keyed(api, &operation.id);
        let known = self.lock.operation.get(&key).cloned();
        let name = match (&operation.name, &known) {
            (Some(asked), _) => {
                self.plain(asked, operation.source.at.clone());
                Words::of_ident(asked).snake()
            }
            (None, Some(known)) => known.clone(),
            (None, None) => by_wire_or_title(&operation.wire, &operation.title).snake(),
        };
        if let Some(known) = known.filter(|known| *known != name) {
            self.remember(key.clone(), known);
        }
        self.lock.operation.insert(key, name.clone());
        Words::of_ident(&name)
    }

    /// Keeps a name that something once had.
    fn remember(&mut self, key: String, name: String) {
        let former = self.lock.former.entry(key).or_default();
        if !former.contains(&name) {
            former.push(name);
        }
    }

    /// An event; `given` is what `provider.toml` calls it, unless a correction does.
    pub(crate) fn event(
        &mut self,
        api: Option<&str>,
        event: &model::Event,
        given: Option<&String>,
        strip: Option<&str>,
    ) -> Words {
        let key = keyed(api, &event.id);
        let asked = event.name.as_ref().or(given);
        if let Some(asked) = asked {
            self.plain(asked, event.source.at.clone());
        }
        let wire = event.wire.first().map(String::as_str).unwrap_or_default();
        let short = strip.and_then(|start| wire.strip_prefix(start));
        let wire = short.filter(|rest| !rest.is_empty()).unwrap_or(wire);
        let name = match (asked, self.lock.event.get(&key)) {
            (Some(asked), _) => Words::of_ident(asked).snake(),
            (None, Some(known)) => known.clone(),
            (None, None) => by_wire_or_title(wire, &event.title).snake(),
        };
        self.lock.event.insert(key, name.clone());
        Words::of_ident(&name)
    }

    /// A key that no table documents.
    pub(crate) fn key(&mut self, wire: &str) -> Words {
        self.field(&model::Field::new(wire, model::Type::Any))
    }

    /// Names that an operation once had, and has no more.
    pub(crate) fn former(&self, api: Option<&str>, operation: &model::Operation) -> Vec<Words> {
        let key = keyed(api, &operation.id);
        let current = self.lock.operation.get(&key);
        let former = self.lock.former.get(&key).into_iter().flatten();
        former
            .filter(|name| Some(*name) != current)
            .map(|name| Words::of_ident(name))
            .collect()
    }

    /// The order of a constructor's arguments: as it once was, new ones behind.
    pub(crate) fn arguments(
        &mut self,
        api: Option<&str>,
        operation: &model::Operation,
        required: &[String],
    ) -> Vec<String> {
        if required.is_empty() {
            return Vec::new();
        }
        let known = self
            .lock
            .arguments
            .entry(keyed(api, &operation.id))
            .or_default();
        for name in required {
            if !known.contains(name) {
                known.push(name.clone());
            }
        }
        known
            .iter()
            .filter(|name| required.contains(name))
            .cloned()
            .collect()
    }

    /// A field.
    pub(crate) fn field(&mut self, field: &model::Field) -> Words {
        if let Some(asked) = &field.name {
            self.plain(asked, field.source.clone());
            return Words::of_ident(asked);
        }
        let derived = || Words::of_wire(&field.wire).snake();
        Words::of_ident(
            self.lock
                .field
                .entry(field.wire.clone())
                .or_insert_with(derived),
        )
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

/// Identity of something in one of several APIs.
pub(crate) fn keyed(api: Option<&str>, id: &str) -> String {
    api.map_or_else(|| id.to_owned(), |api| format!("{api}/{id}"))
}

/// The last part of the wire name; a code that is only a number says nothing, the title does.
fn by_wire_or_title(wire: &str, title: &str) -> Words {
    let last = wire
        .rsplit('/')
        .find(|part| !part.is_empty())
        .unwrap_or_default();
    let spells = last.chars().any(|c| c.is_ascii_alphabetic());
    if spells {
        Words::of_wire(last)
    } else {
        Words::of_title(title)
    }
}

fn is_taken(ty: &str) -> bool {
    RUNTIME.contains(&ty) || TAKEN_TYPES.contains(&ty)
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
pub(crate) fn method_name(words: &Words) -> String {
    let name = words.snake();
    if TAKEN_METHODS.contains(&name.as_str()) {
        format!("{name}_")
    } else {
        name
    }
}

/// The Rust module of one of several APIs.
pub(crate) fn module_name(api: &str) -> String {
    Words::of_wire(api).snake()
}

/// What a session is called, kept off the methods that a client has.
pub(crate) fn session_name(scope: &str) -> Words {
    let words = Words::of_wire(scope);
    if TAKEN_MODULES.contains(&words.snake().as_str()) {
        words.then(&Words::of_wire("session"))
    } else {
        words
    }
}

/// A setter's name, kept off the methods that requests have.
pub(crate) fn member_name(words: &Words) -> String {
    let name = words.snake();
    if TAKEN_SETTERS.contains(&name.as_str()) {
        format!("{name}_")
    } else {
        name
    }
}
