//! Owns the language-neutral model: what every vendor's documents say, in one form, with no Rust names.
//!
//! Made by `build`, corrected by `settle`, read by everything behind: a fact that is added here is known to the
//! generator, which points at this model and copies none of it. Each comment gives an example of a vendor's.

mod conversation;
mod field;
mod flow;
mod media;
mod poll;
mod structure;
mod ty;

use std::sync::Arc;

use crate::config::ReplyException;
use crate::json::Value;
use crate::source::Location;

pub use crate::entry::Note;
pub use conversation::{Conversation, Part, Send, Template, Typing};
pub use field::{Choice, Encoding, Field, Limits, Place};
pub use flow::{
    Again, Answer, CodeLogin, Condition, Cursor, Either, Enter, Grants, Job, Login, Next, Online,
    Page, Path, Reason,
};
pub use media::{Download, Media, Upload};
pub use poll::Poll;
pub use structure::{Described, Reached, Structure};
pub use ty::{Item, Type};

/// One vendor, complete.
#[derive(Clone, Debug, PartialEq)]
pub struct Provider {
    /// The folder name, e.g. `eyun`.
    pub id: String,
    /// What people call it, e.g. `E云`.
    pub title: String,
    /// In the order of the documents.
    pub modules: Vec<Module>,
    /// Objects that types refer to by name, in the order of the documents.
    pub structures: Vec<Arc<Structure>>,
    /// Value tables that belong to a name rather than to one operation, e.g. those of `MsgType`.
    pub vocabularies: Vec<Vocabulary>,
    /// What documents say that define nothing themselves, each with its API where there are several.
    pub notes: Vec<(Option<String>, Note)>,
    /// What tells whether an account is online.
    pub online: Option<Online>,
    /// How media travel.
    pub media: Option<Media>,
    /// What gives the right to answer a person, of each API where there are several.
    pub conversations: Vec<Conversation>,
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
    /// The API it belongs to where a provider has several, e.g. `v1`.
    pub api: Option<String>,
    /// What it is called in paths, e.g. `biao-qian`.
    pub slug: String,
    /// What the documents call it, e.g. `标签`.
    pub title: String,
    /// What the chapter says outside of its sections.
    pub notes: Vec<Note>,
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
    /// A path that is requested, e.g. `POST /sendText`.
    Endpoint,
    /// A task that the vendor's program fetches, e.g. `sendTextMessage`.
    Command,
    /// A message on an open connection, e.g. `auth`.
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
    /// Unique within the provider and API, e.g. `biao_qian_addContactLabel`.
    pub id: String,
    /// How it is sent.
    pub kind: OperationKind,
    /// The vendor's title, e.g. `创建标签`.
    pub title: String,
    /// Path, command name or code, e.g. `/addContactLabel`.
    pub wire: String,
    /// HTTP method, for endpoints, e.g. `POST`.
    pub method: Option<String>,
    /// Where it can be called from.
    pub scope: Scope,
    /// Whether the vendor wants the caller's credentials with it, e.g. the header `Authorization`.
    pub auth: bool,
    /// Whether `provider.toml` declares it safe to repeat.
    pub safe: bool,
    /// What is sent, e.g. `wId` and `labelName`.
    pub params: Vec<Field>,
    /// What comes back, the envelope taken off, e.g. `labelId` rather than `data.labelId`.
    pub returns: Vec<Field>,
    /// What the payload of the reply is.
    pub reply: Reply,
    /// The structure that the payload is, or each of its elements; its members are the `returns` then.
    pub structure: Option<String>,
    /// Documented result codes, with their titles, e.g. `1000` `成功`.
    pub codes: Vec<Choice>,
    /// What result codes mean here, where that is not what they mean elsewhere.
    pub exception: Option<ReplyException>,
    /// Constraints that span fields, e.g. one of `userId` and `stranger`.
    pub rules: Vec<Rule>,
    /// Milliseconds to keep between two calls, least and most, e.g. `(300, 800)`.
    pub pace_ms: Option<(u32, u32)>,
    /// Seconds that an answer may take, e.g. 60 for a long poll.
    pub patience_s: Option<u32>,
    /// What became of it is asked of another operation, e.g. `/getMsgVideoRes` of `/asynGetMsgVideo`.
    pub job: Option<Job>,
    /// Its reply is one page of several, e.g. by `maxId`.
    pub page: Option<Page>,
    /// It is asked for events, e.g. by `cursor`.
    pub poll: Option<Poll>,
    /// It logs in, e.g. by `account` and `password`.
    pub login: Option<Login>,
    /// The event that answers it, e.g. `82` with the QR code.
    pub answer: Option<Answer>,
    /// Parameters of which exactly one is given, e.g. `userId` or `stranger`.
    pub either: Vec<Either>,
    /// Ids of the events that this operation makes the gateway send, e.g. `peng_you_quan_getList_callback`.
    pub announces: Vec<String>,
    /// A public name that a correction asks for, e.g. `add_label`.
    pub name: Option<String>,
    /// Struck through in the documents.
    pub deprecated: bool,
    /// What is known to be missing from the documents, e.g. `公开资料没有完整的参数`.
    pub incomplete: Option<String>,
    /// As documented, mended.
    pub samples: Vec<Sample>,
    /// What a reader wants to know besides, e.g. `每次最多 20 个`.
    pub notes: Vec<Note>,
    /// Where it is documented.
    pub source: Source,
}

impl Operation {
    /// An operation that is only known by its method and path.
    pub fn new(method: &str, path: &str) -> Self {
        Self {
            id: path.to_owned(),
            kind: OperationKind::Endpoint,
            title: String::new(),
            wire: path.to_owned(),
            method: Some(method.to_owned()),
            scope: Scope::Client,
            auth: false,
            safe: false,
            params: Vec::new(),
            returns: Vec::new(),
            reply: Reply::Nothing,
            structure: None,
            codes: Vec::new(),
            exception: None,
            rules: Vec::new(),
            pace_ms: None,
            patience_s: None,
            job: None,
            page: None,
            poll: None,
            login: None,
            answer: None,
            either: Vec::new(),
            announces: Vec::new(),
            name: None,
            deprecated: false,
            incomplete: None,
            samples: Vec::new(),
            notes: Vec::new(),
            source: Source::default(),
        }
    }

    /// What result codes mean here; nothing: the same as elsewhere.
    pub fn meanings(&self) -> impl Iterator<Item = (&'static str, &[String])> {
        let own = self.exception.iter().flat_map(ReplyException::meanings);
        own.filter(|(_, codes)| !codes.is_empty())
    }

    /// What goes with every call of it, by name, as text: what tells it apart from others at its path.
    pub fn constants(&self) -> impl Iterator<Item = (&str, &str)> {
        let (_, query) = parted(&self.wire);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let params = self.params.iter().filter(|field| field.always().is_some());
        let params =
            params.map(|field| (&*field.wire, field.constant.as_deref().unwrap_or_default()));
        let is_http = self.kind == OperationKind::Endpoint;
        pairs.filter(move |_| is_http).chain(params)
    }

    /// The codes that mean success here; these, where they mean the same as elsewhere.
    pub fn success<'c>(&'c self, elsewhere: &'c [String]) -> &'c [String] {
        let own = self.exception.as_ref();
        let own = own.map(|exception| exception.success.as_slice());
        own.filter(|codes| !codes.is_empty()).unwrap_or(elsewhere)
    }
}

/// A path, and what of its query is always the same: `/api/`, `type=3` of `/api/?type=3`.
pub fn parted(path: &str) -> (&str, &str) {
    path.split_once('?').unwrap_or((path, ""))
}

/// The parameters that a path has room for: `id` of `/user/{id}`.
pub fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    parted(path)
        .0
        .split('/')
        .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

/// Where an operation can be called from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Scope {
    /// From the client alone.
    Client,
    /// Only with the session's parameter, e.g. that of an instance.
    Session(String),
    /// From both: the session's parameter is optional here, e.g. that of an instance.
    Either(String),
}

/// The payload of a reply.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Nothing, or nothing that is documented.
    Nothing,
    /// One object; the fields are the operation's `returns`, e.g. `{"labelId": 1}`.
    Object,
    /// A list of objects; the fields are the operation's `returns`, e.g. `[{"labelId": 1}]`.
    Objects,
    /// One bare value, e.g. `"wxid_a"`.
    Value(Type),
    /// A list of bare values, e.g. `["wxid_a"]`.
    Values(Type),
}

impl Reply {
    /// What a payload of this type is.
    pub(crate) fn of(ty: Type) -> Self {
        match ty {
            Type::Object => Self::Object,
            Type::List(Item::Object) => Self::Objects,
            Type::List(item) => Self::Values(item.ty()),
            scalar => Self::Value(scalar),
        }
    }
}

/// Something that the gateway tells the user.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Unique within the provider and API, e.g. `callback_60001`.
    pub id: String,
    /// What tells it apart on the wire, every code that means it, e.g. `60001`. Empty where only the address does.
    pub wire: Vec<String>,
    /// The vendor's title, e.g. `私聊文本消息`.
    pub title: String,
    /// The payload's fields, and envelope fields that are this event's own, e.g. `fromUser`.
    pub fields: Vec<Field>,
    /// What the payload is.
    pub payload: Reply,
    /// The structure that the payload is, e.g. `Comment`; its members are the fields then.
    pub structure: Option<String>,
    /// Whether the payload stands at the root instead of in its usual place.
    pub flat: bool,
    /// The operation and the parameter that announce it, e.g. `peng_you_quan_getList` and `callbackSend`.
    pub announced_by: Option<(String, String)>,
    /// The setting under which its address is registered, e.g. `messagelog`.
    pub slot: Option<String>,
    /// A public name that a correction asks for, e.g. `private_text`.
    pub name: Option<String>,
    /// As documented, mended.
    pub samples: Vec<Sample>,
    /// What a reader wants to know besides.
    pub notes: Vec<Note>,
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
            structure: None,
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

/// A constraint that spans fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rule {
    /// Exactly these alternatives, one of which must be given, e.g. `userId` and `stranger`.
    OneOf(Vec<String>),
    /// `field` holds `mark` as often as `list` has elements.
    CountEquals {
        /// The text, e.g. `text`.
        field: String,
        /// What is counted in it, e.g. `{$@}`.
        mark: String,
        /// The list, e.g. `atlist`.
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
    /// When the documents show several: which, e.g. `code 200`.
    pub label: String,
    /// The example, e.g. `{"code": "1000"}`.
    pub value: Value,
}

/// Values that belong to a name.
#[derive(Clone, Debug, PartialEq)]
pub struct Vocabulary {
    /// The API it belongs to.
    pub api: Option<String>,
    /// The name of the fields that hold such values, e.g. `MsgType`.
    pub name: String,
    /// The values, e.g. `1` `文本`.
    pub values: Vec<Choice>,
    /// Where they are listed.
    pub source: Source,
}

/// Where something is documented. The file is a fact; the line only helps people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// Relative to the provider's folder, e.g. `specs/biao-qian.md`.
    pub file: String,
    /// From 1; absent where the catalog is the only source.
    pub line: Option<u32>,
    /// For diagnostics.
    pub at: Option<Location>,
}
