//! Owns the language-neutral model: what every vendor's documents say, in one form, with no Rust names.

mod ty;

use std::sync::Arc;

use crate::config::ReplyException;
use crate::json::Value;
use crate::source::Location;

pub use ty::{Item, Type};

/// One vendor, complete.
#[derive(Clone, Debug, PartialEq)]
pub struct Provider {
    /// The folder name, `eyun`.
    pub id: String,
    /// What people call it.
    pub title: String,
    /// In the order of the documents.
    pub modules: Vec<Module>,
    /// Value tables that belong to a name rather than to one operation (`MsgType`).
    pub vocabularies: Vec<Vocabulary>,
}

impl Provider {
    /// Every operation, module by module.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        let modules = self.modules.iter();
        modules.flat_map(|module| module.operations.iter().map(|one| &**one))
    }

    /// Every operation, to be changed.
    pub(crate) fn operations_mut(&mut self) -> impl Iterator<Item = &mut Operation> {
        self.modules.iter_mut().flat_map(Module::operations_mut)
    }

    /// Every event, module by module.
    pub fn events(&self) -> impl Iterator<Item = &Event> {
        let modules = self.modules.iter();
        modules.flat_map(|module| module.events.iter().map(|one| &**one))
    }
}

/// A chapter of the vendor's documents.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// The API it belongs to where a provider has several (`v1`, `v2`).
    pub api: Option<String>,
    /// `biao-qian`.
    pub slug: String,
    /// `标签`.
    pub title: String,
    /// In the order of the documents.
    pub operations: Vec<Arc<Operation>>,
    /// In the order of the documents.
    pub events: Vec<Arc<Event>>,
}

impl Module {
    /// A chapter of the documents that defines nothing.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.events.is_empty()
    }

    /// Its operations, to be changed: nobody else has them yet.
    pub(crate) fn operations_mut(&mut self) -> impl Iterator<Item = &mut Operation> {
        self.operations.iter_mut().map(Arc::make_mut)
    }

    /// Its events, to be changed: nobody else has them yet.
    pub(crate) fn events_mut(&mut self) -> impl Iterator<Item = &mut Event> {
        self.events.iter_mut().map(Arc::make_mut)
    }
}

/// How an operation reaches the gateway.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OperationKind {
    /// A path that is requested.
    Endpoint,
    /// A task that the vendor's program fetches.
    Command,
    /// A message on an open connection.
    Call,
}

impl OperationKind {
    /// As the catalog and `inspect` spell it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Endpoint => "endpoint",
            Self::Command => "command",
            Self::Call => "call",
        }
    }
}

/// Something that a user asks the gateway to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// Unique within the provider and API.
    pub id: String,
    /// How it is sent.
    pub kind: OperationKind,
    /// The vendor's title.
    pub title: String,
    /// Path, command name or code.
    pub wire: String,
    /// HTTP method, for endpoints.
    pub method: Option<String>,
    /// Where it can be called from.
    pub scope: Scope,
    /// Whether the vendor wants the caller's credentials with it.
    pub auth: bool,
    /// Whether `provider.toml` declares it safe to repeat.
    pub safe: bool,
    /// What is sent.
    pub params: Vec<Field>,
    /// What comes back, the envelope taken off.
    pub returns: Vec<Field>,
    /// What the payload of the reply is.
    pub reply: Reply,
    /// Documented result codes, with their titles.
    pub codes: Vec<Choice>,
    /// What result codes mean here, where that is not what they mean elsewhere.
    pub exception: Option<ReplyException>,
    /// Constraints that span fields.
    pub rules: Vec<Rule>,
    /// Milliseconds to keep between two calls, least and most.
    pub pace_ms: Option<(u32, u32)>,
    /// Seconds that an answer may take.
    pub patience_s: Option<u32>,
    /// What became of it is asked of another operation.
    pub job: Option<Job>,
    /// Its reply is one page of several.
    pub page: Option<Page>,
    /// It logs in.
    pub login: Option<Login>,
    /// The event that answers it.
    pub answer: Option<Answer>,
    /// Parameters of which exactly one is given.
    pub either: Vec<Either>,
    /// Ids of the events that this operation makes the gateway send.
    pub announces: Vec<String>,
    /// A public name that a correction asks for.
    pub name: Option<String>,
    /// Struck through in the documents.
    pub deprecated: bool,
    /// What is known to be missing from the documents.
    pub incomplete: Option<String>,
    /// As documented, mended.
    pub samples: Vec<Sample>,
    /// Remarks worth a reader's time.
    pub notes: Vec<String>,
    /// Where it is documented.
    pub source: Source,
}

impl Operation {
    /// What result codes mean here; nothing: the same as elsewhere.
    pub fn meanings(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        let own = self.exception.iter().flat_map(ReplyException::meanings);
        own.filter(|(_, codes)| !codes.is_empty())
    }

    /// The codes that mean success here; these, where they mean the same as elsewhere.
    pub fn success<'c>(&'c self, elsewhere: &'c [String]) -> &'c [String] {
        let own = self.exception.as_ref();
        let own = own.map(|exception| exception.success.as_slice());
        own.filter(|codes| !codes.is_empty()).unwrap_or(elsewhere)
    }
}

/// The event that answers an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Its id.
    pub event: String,
    /// Parameters, each with the field of the event's payload that is the same.
    pub same: Vec<(String, String)>,
}

/// Parameters of which exactly one is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Either {
    /// What the argument is called.
    pub name: String,
    /// Their wire names.
    pub params: Vec<String>,
}

/// A path of a payload, a name a step; `[]` goes to the last element of a list.
pub type Path = Vec<String>;

/// What a reply shows when something holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// The field; none: the vendor's code.
    pub field: Option<Path>,
    /// Its values; none: it is not empty.
    pub values: Vec<String>,
}

/// How an operation that starts something leads to its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    /// Id of the operation that tells.
    pub poll: String,
    /// The field of the starting reply that identifies the job.
    pub key: Path,
    /// The parameter that takes it.
    pub param: String,
    /// What the parameter holds.
    pub ty: Type,
    /// Parameters that are the same each time, with their values as JSON, e.g. `("autoCheck", "false")`.
    pub with: Vec<(String, String)>,
    /// The job is done.
    pub done: Condition,
    /// The job has failed.
    pub failed: Option<Condition>,
    /// The field that says why.
    pub message: Option<Path>,
    /// Milliseconds between two questions.
    pub every_ms: u32,
    /// Seconds that a job may take.
    pub within_s: u32,
}

/// How an operation logs in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Login {
    /// By its answer.
    Call {
        /// Its required parameters, in the order in which a user gives them, e.g. `["account", "password"]`.
        arguments: Vec<String>,
        /// What the answer yields.
        grants: Grants,
    },
    /// By what is shown to a person, and asked for until it is done.
    Code(Box<CodeLogin>),
    /// Again on each new connection.
    Connection {
        /// Ids of operations that are called before, whatever the vendor says of them.
        before: Vec<String>,
    },
}

/// A login that is shown to a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeLogin {
    /// How it is asked for.
    pub job: Job,
    /// The key is what the session binds.
    pub binds: bool,
    /// The field of the starting reply that is shown, e.g. `["qrCodeUrl"]`.
    pub shown: Path,
    /// A person verifies: when, and the field with the address.
    pub verify: Option<(Condition, Path)>,
    /// A person types what this parameter takes.
    pub enter: Option<Enter>,
    /// What the last answer yields.
    pub grants: Grants,
}

/// What a person types.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enter {
    /// The reply says that it is wanted; none: no reply does.
    pub when: Option<Condition>,
    /// The parameter, e.g. `verifyCode`.
    pub param: String,
}

/// What the answer of a login yields.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// The field that authorises, e.g. `["Authorization"]`.
    pub authorization: Option<Path>,
    /// The field with the address at which all other calls go on.
    pub base_url: Option<Path>,
}

/// How a page leads to the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// The parameters that move.
    pub cursors: Vec<Cursor>,
    /// The lists.
    pub items: Vec<Path>,
    /// There are more pages.
    pub more: Option<Condition>,
}

/// A parameter that moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Its wire name.
    pub param: String,
    /// What it holds.
    pub ty: Type,
    /// How it moves.
    pub next: Next,
}

/// How a cursor moves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// To what the page says.
    From {
        /// The field.
        field: Path,
        /// Where it is empty, the former value stays.
        keep: bool,
    },
    /// By so much.
    Step(i64),
}

/// Where an operation can be called from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// From the client alone.
    Client,
    /// Only with the session's parameter.
    Session(String),
    /// From both: the session's parameter is optional here.
    Either(String),
}

/// The payload of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Nothing, or nothing that is documented.
    Nothing,
    /// One object; the fields are the operation's `returns`.
    Object,
    /// A list of objects; the fields are the operation's `returns`.
    Objects,
    /// One bare value.
    Value(Type),
    /// A list of bare values.
    Values(Type),
}

/// Something that the gateway tells the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Unique within the provider and API.
    pub id: String,
    /// What tells it apart on the wire: every code that means it. Empty where only the address does.
    pub wire: Vec<String>,
    /// The vendor's title.
    pub title: String,
    /// The payload's fields, and envelope fields that are this event's own.
    pub fields: Vec<Field>,
    /// What the payload is.
    pub payload: Reply,
    /// Whether the payload stands at the root instead of in its usual place.
    pub flat: bool,
    /// The operation and the parameter that announce it.
    pub announced_by: Option<(String, String)>,
    /// The setting under which its address is registered.
    pub slot: Option<String>,
    /// A public name that a correction asks for.
    pub name: Option<String>,
    /// As documented, mended.
    pub samples: Vec<Sample>,
    /// Remarks worth a reader's time.
    pub notes: Vec<String>,
    /// Where it is documented.
    pub source: Source,
    /// Further places that document the same.
    pub repeats: Vec<Source>,
}

impl Event {
    /// An event that is only known by its code and title.
    pub fn new(code: &str, title: &str) -> Self {
        Self {
            id: code.to_owned(),
            wire: vec![code.to_owned()],
            title: title.to_owned(),
            fields: Vec::new(),
            payload: Reply::Object,
            flat: false,
            announced_by: None,
            slot: None,
            name: None,
            samples: Vec::new(),
            notes: Vec::new(),
            source: Source::default(),
            repeats: Vec::new(),
        }
    }
}

/// A named value on the wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name on the wire, never case-converted.
    pub wire: String,
    /// Other spellings that are seen on the wire.
    pub aliases: Vec<String>,
    /// What the documents say of it.
    pub title: String,
    /// What it holds.
    pub ty: Type,
    /// Whether it must be given.
    pub required: bool,
    /// Alternatives, one of which must be given.
    pub one_of: Vec<String>,
    /// Members, of an object or of the objects in a list.
    pub fields: Vec<Field>,
    /// The separator of a text that is a list.
    pub list: Option<String>,
    /// Enumerated values.
    pub values: Vec<Choice>,
    /// Documented forms of a text, with `{placeholders}`.
    pub forms: Vec<Choice>,
    /// The one value it always has.
    pub constant: Option<String>,
    /// What the gateway assumes where it is absent.
    pub default: Option<String>,
    /// Documented bounds.
    pub limits: Limits,
    /// Where it stands.
    pub place: Place,
    /// How a structured value is written.
    pub encoding: Encoding,
    /// Never to be shown.
    pub secret: bool,
    /// What people write: not to be shown in logs.
    pub private: bool,
    /// Struck through in the documents.
    pub deprecated: bool,
    /// Carried by the session.
    pub session: bool,
    /// A correction says that replies always have it.
    pub certain: bool,
    /// A public name that a correction asks for.
    pub name: Option<String>,
    /// The row, or the sample's key.
    pub source: Option<Location>,
}

impl Field {
    /// A field that is only known by name and type.
    pub fn new(wire: impl Into<String>, ty: Type) -> Self {
        Self {
            wire: wire.into(),
            aliases: Vec::new(),
            title: String::new(),
            ty,
            required: false,
            one_of: Vec::new(),
            fields: Vec::new(),
            list: None,
            values: Vec::new(),
            forms: Vec::new(),
            constant: None,
            default: None,
            limits: Limits::default(),
            place: Place::Payload,
            encoding: Encoding::Plain,
            secret: false,
            private: false,
            deprecated: false,
            session: false,
            certain: false,
            name: None,
            source: None,
        }
    }
}

/// Where a field stands in its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Inside the payload.
    Payload,
    /// Beside the payload.
    Envelope,
}

/// How a structured value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// As itself.
    Plain,
    /// As a text that holds JSON.
    JsonText,
    /// As a text that holds XML.
    XmlText,
}

/// One enumerated value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As it is on the wire, number or text.
    pub value: String,
    /// What the documents call it.
    pub title: String,
    /// A public name that a correction asks for.
    pub name: Option<String>,
}

impl Choice {
    /// A value and what it means.
    pub(crate) fn new(value: &str, title: &str) -> Self {
        Self {
            value: value.to_owned(),
            title: title.to_owned(),
            name: None,
        }
    }
}

/// Documented bounds of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Fewest elements.
    pub min_items: Option<u32>,
    /// Most elements.
    pub max_items: Option<u32>,
    /// Largest file, in bytes.
    pub max_bytes: Option<u64>,
    /// Longest recording, in seconds.
    pub max_seconds: Option<u32>,
}

/// A constraint that spans fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Exactly these alternatives, one of which must be given.
    OneOf(Vec<String>),
    /// `field` holds `mark` as often as `list` has elements.
    CountEquals {
        /// The text.
        field: String,
        /// What is counted in it.
        mark: String,
        /// The list.
        list: String,
    },
}

/// What a sample shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SampleRole {
    /// What is sent.
    Request,
    /// What comes back.
    Reply,
    /// What the gateway tells.
    Event,
}

/// A documented example.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// What it shows.
    pub role: SampleRole,
    /// When the documents show several: which.
    pub label: String,
    /// The example.
    pub value: Value,
}

/// Values that belong to a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Vocabulary {
    /// The API it belongs to.
    pub api: Option<String>,
    /// The name of the fields that hold such values.
    pub name: String,
    /// The values.
    pub values: Vec<Choice>,
    /// Where they are listed.
    pub source: Source,
}

/// Where something is documented. The file is a fact; the line only helps people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Relative to the provider's folder.
    pub file: String,
    /// From 1; absent where the catalog is the only source.
    pub line: Option<u32>,
    /// For diagnostics.
    pub at: Option<Location>,
}
