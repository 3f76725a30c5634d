//! Owns the SDK as it will be: every name decided, every type chosen, nothing left for the emitter.

mod addressed;
mod annotate;
mod chapters;
mod choice;
mod either;
mod event;
mod example;
mod flow;
mod former;
mod ids;
mod media;
mod message_api;
mod nested;
mod object;
mod operation;
mod program;
mod shared;
mod socket;
mod structure;
mod twins;
mod wording;

use std::sync::Arc;

use catalog::config::{ProgramVisits, ReplyLayout, RequestLayout, Transport};
use catalog::model::{self, Login, Rule, Scope};

use crate::names::derived;
use annotate::Annotator;
use operation::{verb, written_at};

pub use addressed::{Addressed, Announcing, Gather, Register};
pub use annotate::annotate;
pub use choice::{Choice, Variant};
pub use event::{Callbacks, Event};
pub use flow::{Chunked, Job, declared_number};
pub use media::{Held, Holder, Holds, Media};
pub use message_api::Messages;
pub use nested::Nested;
pub use object::{Member, Object, Prefix};
pub use socket::{FirstCall, Socket};
pub use structure::Structure;
pub use wording::{Wording, Wordings};

/// One API of a provider: all of it, where it has one only.
#[derive(Clone, Debug, PartialEq)]
pub struct Sdk {
    /// The folder of its documents.
    pub id: String,
    /// `eyun`.
    pub ident: String,
    /// `E云`.
    pub title: String,
    /// Markdown: what the documents say of all of it.
    pub docs: Vec<String>,
    /// Which of the provider's APIs it is, where there are several.
    pub part: Option<Part>,
    /// `Client`: the type with the calls.
    pub handle: String,
    /// What all operations have in common.
    pub api: ApiData,
    /// The parameter that is bound once.
    pub session: Option<SessionType>,
    /// All requests stand in one place as well.
    pub all_requests: bool,
    /// Ids with a type of their own.
    pub ids: Vec<IdType>,
    /// Types that several modules use.
    pub shared: Types,
    /// Which of them the documents describe in tables of their own.
    pub structures: Vec<Structure>,
    /// One per chapter.
    pub modules: Vec<Module>,
    /// What the gateway tells.
    pub callbacks: Option<Callbacks>,
    /// How calls travel, where they are messages.
    pub messages: Option<Messages>,
    /// How a connection begins on which calls travel.
    pub socket: Option<Socket>,
    /// What tells whether an account is online.
    pub online: Option<model::Online>,
    /// What gives the right to answer a person.
    pub conversation: Option<model::Conversation>,
    /// How media travel.
    pub media: Option<Media>,
    /// The vendor's program, where one fetches the commands.
    pub program: Option<ProgramVisits>,
}

impl Sdk {
    /// `acme::v2`: where its code is below the crate's root.
    pub fn path(&self) -> String {
        match &self.part {
            Some(part) => format!("{}::{}", self.ident, part.ident),
            None => self.ident.clone(),
        }
    }

    /// `acme/v2`: what errors and logs call it.
    pub fn name(&self) -> String {
        self.path().replace("::", "/")
    }

    /// Every operation, module by module.
    pub fn operations(&self) -> impl Iterator<Item = &Operation> {
        self.modules.iter().flat_map(|module| &module.operations)
    }

    /// The operation of an id, and its module.
    pub fn by_id(&self, id: &str) -> Option<(&Module, &Operation)> {
        let mut modules = self.modules.iter();
        modules.find_map(|module| {
            let mut operations = module.operations.iter();
            let found = operations.find(|operation| operation.model.id == id)?;
            Some((module, found))
        })
    }

    /// The operation that is asked for events, and how.
    pub fn polled(&self) -> Option<(&Operation, &model::Poll)> {
        let mut operations = self.operations();
        operations.find_map(|operation| Some((operation, operation.model.poll.as_ref()?)))
    }

    /// Operations that log in, each with its module.
    pub fn logins(&self) -> impl Iterator<Item = (&Module, &Operation, &Login)> {
        self.modules.iter().flat_map(|module| {
            let operations = module.operations.iter();
            operations.filter_map(move |operation| {
                let login = operation.model.login.as_ref()?;
                Some((module, operation, login))
            })
        })
    }

    /// Whether one logs in by a call or by a code.
    pub fn logs_in(&self) -> bool {
        let connection = |login: &Login| matches!(login, Login::Connection { .. });
        self.logins().any(|(_, _, login)| !connection(login))
    }

    /// Whether an operation can be called with and without a session.
    pub fn has_anywhere(&self) -> bool {
        let mut operations = self.operations();
        self.session.is_some()
            && operations.any(|operation| operation.on_client() && operation.on_session())
    }

    /// The member that names an operation in each of its requests: `("command", "sendText")`.
    pub fn named_by<'s>(&'s self, operation: &'s Operation) -> Option<(&'s str, &'s str)> {
        let key = self.api.request.command.as_ref()?;
        Some((key, &operation.model.wire))
    }

    /// Operations that an event answers, each with the event's codes.
    pub fn answered(&self) -> impl Iterator<Item = (&model::Operation, &model::Answer, &[String])> {
        let models = self.operations().map(|operation| &*operation.model);
        models.filter_map(|model| {
            let answer = model.answer.as_ref()?;
            let mut events = self.callbacks.iter().flat_map(|all| &all.events);
            let event = events.find(|event| event.model.id == answer.event)?;
            Some((model, answer, event.model.wire.as_slice()))
        })
    }
}

/// One of several APIs of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// `v2`.
    pub id: String,
    /// The Rust module.
    pub ident: String,
    /// `Acme v2`.
    pub title: String,
}

/// What all operations of a provider have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiData {
    /// How calls travel.
    pub transport: Transport,
    /// The header that carries the authorization, e.g. `Authorization`; empty: none does.
    pub header: String,
    /// What stands before it there, e.g. `Bearer `.
    pub prefix: String,
    /// The hosts to which answers may lead calls; none: anywhere.
    pub hosts: Vec<String>,
    /// How its requests are laid out.
    pub request: RequestLayout,
    /// How its replies are laid out.
    pub reply: ReplyLayout,
}

/// The type that holds the session's parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct SessionType {
    /// `instance`.
    pub ident: String,
    /// `Instance`.
    pub ty: String,
    /// `wId`.
    pub wire: String,
    /// `w_id`.
    pub param: String,
    /// The parameter's type.
    pub param_type: Type,
    /// What the parameter is called in the documents.
    pub title: String,
}

/// An id with a type of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdType {
    /// `WcId`.
    pub ident: String,
    /// What it identifies.
    pub title: String,
}

/// A chapter.
#[derive(Clone, Debug, PartialEq)]
pub struct Module {
    /// `biao_qian`.
    pub ident: String,
    /// `BiaoQian`: the type with the methods.
    pub ty: String,
    /// `tags`: what `provider.toml` calls it in English.
    pub english: Option<String>,
    /// `biao-qian`.
    pub slug: String,
    /// `标签`.
    pub title: String,
    /// Markdown: what the chapter says outside of its sections.
    pub docs: Vec<String>,
    /// Its provider has sessions.
    pub has_session: bool,
    /// In the order of the documents.
    pub operations: Vec<Operation>,
    /// Types that only this module uses.
    pub types: Types,
}

impl Module {
    /// What examples call it: in English, where it has such a name.
    pub fn shown(&self) -> &str {
        self.english.as_ref().unwrap_or(&self.ident)
    }

    /// The file that documents it, e.g. `specs/biao-qian.md`.
    pub fn source(&self) -> &str {
        let first = self.operations.first();
        first.map_or("", |operation| &operation.model.source.file)
    }

    /// The type with the methods of a client, or of a session: where there are sessions, they differ,
    /// whatever operations come later.
    pub fn accessor(&self, on_client: bool) -> String {
        if self.has_session && on_client {
            derived::on_client(&self.ty)
        } else {
            self.ty.clone()
        }
    }
}

/// Declared types.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Types {
    /// Objects, of replies or of requests.
    pub objects: Vec<Object>,
    /// Open enums.
    pub choices: Vec<Choice>,
    /// Enums of documented wordings.
    pub wordings: Vec<Wordings>,
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// What the documents say of it.
    pub model: Arc<model::Operation>,
    /// `add_contact_label`.
    pub method: String,
    /// `AddContactLabel`.
    pub request: String,
    /// Former public names, as method and request.
    pub former: Vec<(String, String)>,
    /// Former names of its types, and the names that they have now.
    pub former_types: Vec<(String, String)>,
    /// The member under which parameters stand.
    pub wrap: Option<String>,
    /// The reply's fields stand beside the code.
    pub beside: bool,
    /// What the vendor would refuse.
    pub limits: Vec<Limit>,
    /// The list that may be sent in chunks.
    pub chunked: Option<Chunked>,
    /// `get_circle_pages`: the method that follows the model's pages.
    pub pages: Option<String>,
    /// How the model's job is waited for.
    pub job: Option<Job>,
    /// Parameters, the session's left out.
    pub params: Vec<Param>,
    /// How a request is made.
    pub constructor: Constructor,
    /// What the data of a reply is.
    pub reply: Type,
    /// Markdown for the method and the request.
    pub docs: Vec<String>,
    /// How its request is made, in one line.
    pub(crate) made: String,
    /// A call with every required parameter.
    pub example: Vec<String>,
}

impl Operation {
    /// The HTTP method, `POST` where none is documented.
    pub fn verb(&self) -> String {
        verb(&self.model)
    }

    /// Reachable from the client.
    pub fn on_client(&self) -> bool {
        !matches!(self.model.scope, Scope::Session(_))
    }

    /// Reachable from a session.
    pub fn on_session(&self) -> bool {
        !matches!(self.model.scope, Scope::Client)
    }

    /// Reachable from the client, or from a session.
    pub fn is_on(&self, client: bool) -> bool {
        match client {
            true => self.on_client(),
            false => self.on_session(),
        }
    }

    /// Parameters that always have one value: each by its wire name, with the value as JSON and where it is written.
    pub fn constants(&self) -> impl Iterator<Item = (&str, String, model::Place)> {
        let params = self.model.params.iter().filter(|field| !field.session);
        params.filter_map(|field| {
            let place = written_at(&self.model, field.place, self.wrap.is_some());
            Some((field.wire.as_str(), field.always()?, place))
        })
    }

    /// What the session's parameter is called here on the wire, and where it stands.
    pub fn bound(&self) -> Option<(&str, model::Place)> {
        let mut params = self.model.params.iter();
        let bound = params.find(|field| field.session)?;
        Some((&bound.wire, written_at(&self.model, bound.place, false)))
    }

    /// The struct that holds what is required, where arguments are named.
    pub fn holder(&self) -> String {
        derived::holder(&self.request)
    }

    /// How a request is made: `new(a, b)`, `new(XRequired { a, b, c, d })`.
    pub fn construction(&self) -> String {
        let names = |indices: &[usize]| -> String {
            let params = indices.iter().filter_map(|at| self.params.get(*at));
            let names = params.map(|param| param.field.ident.as_str());
            names.collect::<Vec<_>>().join(", ")
        };
        match &self.constructor {
            Constructor::Positional(indices) => format!("new({})", names(indices)),
            Constructor::Named(indices) => {
                format!("new({} {{ {} }})", self.holder(), names(indices))
            }
        }
    }
}

/// What the vendor would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// A list has at least and at most so many elements.
    Items(String, u32, u32),
    /// What spans parameters.
    Rule(Rule),
}

/// How a request is made; indices of `params` in the order of the arguments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Constructor {
    /// `new(a, b)`.
    Positional(Vec<usize>),
    /// `new(XRequired { … })`.
    Named(Vec<usize>),
}

/// A parameter.
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// The field.
    pub field: Member,
    /// Must be given.
    pub required: bool,
    /// Where it is written.
    pub place: model::Place,
    /// The parameters of which it is one; empty: it is one itself.
    pub either: Vec<Alternative>,
}

/// One of several parameters that exclude each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Alternative {
    /// `UserId`.
    pub ident: String,
    /// The parameter.
    pub field: Member,
    /// Where it is written.
    pub place: model::Place,
}

/// A Rust type.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Type {
    /// `()`.
    Unit,
    /// `String`.
    Text,
    /// `Secret`.
    Secret,
    /// `i64`.
    I64,
    /// `u64`.
    U64,
    /// `f64`.
    F64,
    /// `bool`.
    Bool,
    /// `Json`.
    Json,
    /// A declared id.
    Id(String),
    /// A declared open enum.
    Choice(String),
    /// A declared struct.
    Object(String),
    /// A struct that is declared with the events.
    Event(String),
    /// An enum of parameters that exclude each other.
    Either(String),
    /// `XmlText<…>`: what the documents name of an XML text.
    Xml(Box<Type>),
    /// `Vec<…>`.
    List(Box<Type>),
    /// `Box<…>`: what would hold itself.
    Boxed(Box<Type>),
    /// `Option<…>`: the data of a reply that is one bare value; of a parameter: what may be null.
    Maybe(Box<Type>),
}

impl Type {
    /// As users read it: `Vec<WcId>`.
    pub fn rust(&self) -> String {
        let (home, name, of) = self.spelling();
        let path = if home == Home::Callback {
            "callback::"
        } else {
            ""
        };
        match of {
            Some(of) => format!("{path}{name}<{}>", of.rust()),
            None => format!("{path}{name}"),
        }
    }

    /// Who declares it, its name, and what stands between angle brackets behind it.
    pub(crate) fn spelling(&self) -> (Home, &str, Option<&Self>) {
        match self {
            Self::Unit => (Home::Language, "()", None),
            Self::Text => (Home::Language, "String", None),
            Self::I64 => (Home::Language, "i64", None),
            Self::U64 => (Home::Language, "u64", None),
            Self::F64 => (Home::Language, "f64", None),
            Self::Bool => (Home::Language, "bool", None),
            Self::List(of) => (Home::Language, "Vec", Some(of)),
            Self::Maybe(of) => (Home::Language, "Option", Some(of)),
            Self::Boxed(of) => (Home::Language, "Box", Some(of)),
            Self::Json => (Home::Runtime, "Json", None),
            Self::Secret => (Home::Runtime, "Secret", None),
            Self::Xml(of) => (Home::Runtime, "XmlText", Some(of)),
            Self::Id(name) => (Home::Provider, name, None),
            Self::Choice(name) | Self::Object(name) | Self::Either(name) => {
                (Home::Module, name, None)
            }
            Self::Event(name) => (Home::Callback, name, None),
        }
    }
}

/// Who declares a type.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Home {
    /// Rust: `String`.
    Language,
    /// The runtime: `Json`.
    Runtime,
    /// The provider: `WcId`.
    Provider,
    /// The module that uses it.
    Module,
    /// The module of the events.
    Callback,
}

/// How a field's value is written on the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Coding {
    /// As its type is.
    Plain,
    /// A number, whatever the value was given as.
    Number,
    /// A text, whatever the value was given as.
    Text,
    /// One text with this between the elements.
    Joined(String),
    /// JSON inside a text.
    JsonText,
}
