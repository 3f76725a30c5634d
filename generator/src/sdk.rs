//! Owns the SDK as it will be: every name decided, every type chosen, nothing left for the emitter.

use catalog::config::ProgramVisits;

/// One API of a provider: all of it, where it has one only.
#[derive(Clone, Debug, PartialEq)]
pub struct Sdk {
    /// The folder of its documents.
    pub id: String,
    /// `eyun`.
    pub ident: String,
    /// `E云`.
    pub title: String,
    /// Which of the provider's APIs it is, where there are several.
    pub part: Option<Part>,
    /// `Client`: the type with the calls.
    pub handle: String,
    /// What all operations have in common.
    pub api: ApiData,
    /// The parameter that is bound once.
    pub session: Option<SessionType>,
    /// Ids with a type of their own.
    pub ids: Vec<IdType>,
    /// Types that several modules use.
    pub shared: Types,
    /// One per chapter.
    pub modules: Vec<Module>,
    /// What the gateway tells.
    pub callbacks: Option<Callbacks>,
    /// How calls travel, where they are messages.
    pub messages: Option<Messages>,
    /// How a connection begins on which calls travel.
    pub socket: Option<Socket>,
    /// The vendor's program, where one fetches the commands.
    pub program: Option<Program>,
    /// What a gateway knows that stands in for the vendor's.
    pub mock: Option<Mock>,
}

impl Sdk {
    /// `wequick::v2`: where its code is below the crate's root.
    pub fn path(&self) -> String {
        match &self.part {
            Some(part) => format!("{}::{}", self.ident, part.ident),
            None => self.ident.clone(),
        }
    }

    /// `wequick/v2`: what errors and logs call it.
    pub fn name(&self) -> String {
        self.path().replace("::", "/")
    }

    /// Whether an operation can be called with and without a session.
    pub fn has_anywhere(&self) -> bool {
        let mut operations = self.modules.iter().flat_map(|module| &module.operations);
        self.session.is_some()
            && operations.any(|operation| operation.on_client && operation.on_session)
    }
}

/// One of several APIs of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// `v2`.
    pub id: String,
    /// The Rust module.
    pub ident: String,
    /// `WeQuick v2`.
    pub title: String,
}

/// How calls travel that are messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Messages {
    /// The key of the name of what is asked.
    pub command: String,
    /// The key of the id that pairs an answer with what was asked.
    pub id: String,
    /// Operations that an event answers.
    pub answers: Vec<Answered>,
}

/// How a connection begins on which calls travel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Socket {
    /// The call that must come first.
    pub first: Option<FirstCall>,
    /// How many seconds the gateway waits for it.
    pub within_s: u32,
}

/// The call that must come first on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FirstCall {
    /// The Rust module of its request.
    pub module: String,
    /// The type of its request.
    pub request: String,
    /// The vendor's title.
    pub title: String,
    /// Its only parameter, a secret.
    pub param: String,
}

/// An operation that an event answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The operation's wire name.
    pub command: String,
    /// Every code of the event.
    pub events: Vec<String>,
    /// Parameters, each with the field of the payload that is the same.
    pub same: Vec<(String, String)>,
}

/// The vendor's program that posts events and fetches commands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Where it comes, and how it says who it is.
    pub visits: ProgramVisits,
    /// The member that the parameters of a command are wrapped in.
    pub wrap: Option<String>,
    /// What one can post that stands in for it: every documented event.
    pub events: Vec<EventSample>,
    /// What one can execute.
    pub commands: Vec<ProgramCommand>,
}

/// An event as the documents print it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EventSample {
    /// Every code of it.
    pub wire: Vec<String>,
    /// What it is.
    pub title: String,
    /// The whole message, as JSON.
    pub sample: String,
}

/// A command as a program knows it that stands in for the vendor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProgramCommand {
    /// The wire name.
    pub wire: String,
    /// What it is.
    pub title: String,
    /// Parameters that must be there.
    pub required: Vec<String>,
}

/// How a result looks among the events.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResultData {
    /// `CommandResult`: the variant, and what it carries.
    pub ident: String,
    /// What it is.
    pub title: String,
    /// The key of the id.
    pub id: String,
    /// The key of what came of it.
    pub outcome: String,
    /// The key of what went wrong.
    pub reason: String,
}

/// What the elements of an event are, which are told apart by a code of their own.
#[derive(Clone, Debug, PartialEq)]
pub struct Nested {
    /// `Message`.
    pub ident: String,
    /// What an element is.
    pub title: String,
    /// The key of the code.
    pub tag: String,
    /// What they all carry.
    pub payload: Type,
    /// One per code.
    pub events: Vec<Event>,
}

/// What all operations of a provider have in common.
#[derive(Clone, Debug, PartialEq)]
pub struct ApiData {
    /// A program fetches what is asked, and tells what became of it.
    pub program: bool,
    /// The header that carries the authorization.
    pub header: String,
    /// Requests are forms, not JSON.
    pub form: bool,
    /// The key under which parameters stand.
    pub wrap: Option<String>,
    /// Keys of the code.
    pub code: Vec<String>,
    /// Keys of the message.
    pub message: Vec<String>,
    /// Keys of the data.
    pub data: Vec<String>,
    /// Codes that mean success.
    pub success: Vec<String>,
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
    /// `标签`.
    pub title: String,
    /// Its provider has sessions.
    pub has_session: bool,
    /// The file that documents it.
    pub source: String,
    /// In the order of the documents.
    pub operations: Vec<Operation>,
    /// Types that only this module uses.
    pub types: Types,
}

impl Module {
    /// The type with the methods of a client, or of a session: where there are sessions, they differ,
    /// whatever operations come later.
    pub fn accessor(&self, on_client: bool) -> String {
        if self.has_session && on_client {
            format!("{}Client", self.ty.trim_end_matches('_'))
        } else {
            self.ty.clone()
        }
    }
}

/// What the gateway tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Callbacks {
    /// The file that documents it.
    pub source: String,
    /// How it is laid out.
    pub layout: EventData,
    /// What stands beside every payload, the code left out.
    pub shared: Vec<Member>,
    /// `message_type`: the field that holds the code.
    pub tag: String,
    /// In the order of the documents.
    pub events: Vec<Event>,
    /// What tells what became of an operation.
    pub result: Option<ResultData>,
    /// What the elements of one of the events are.
    pub nested: Option<Nested>,
    /// Types that only events use.
    pub types: Types,
    /// Only their address tells them apart.
    pub addressed: Option<Addressed>,
}

/// Events that only their address tells apart.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Addressed {
    /// Settings under which addresses are registered.
    pub slots: Vec<String>,
    /// Operations that announce an address, by id.
    pub operations: Vec<String>,
    /// Fields that hold JSON text where a message is a form.
    pub structured: Vec<String>,
    /// Codes whose payload has a member that is called like the key of payloads.
    pub holding: Vec<String>,
    /// Addresses of several events, and the keys that tell these apart.
    pub shared: Vec<(String, String)>,
    /// What the documents show at each address, as JSON.
    pub samples: Vec<(String, String)>,
    /// How all addresses are registered.
    pub register: Option<Register>,
    /// Calls that wait for what they announce.
    pub announcing: Vec<Announcing>,
}

/// The operation that registers addresses.
#[derive(Clone, Debug, PartialEq)]
pub struct Register {
    /// The type that has the method: the client, or a session.
    pub on: String,
    /// The chapter.
    pub module: String,
    /// The method.
    pub method: String,
    /// The request.
    pub request: String,
    /// Its arguments, and the struct that holds them where they are named.
    pub required: (Vec<Member>, Option<String>),
    /// Its setters.
    pub optional: Vec<Member>,
    /// What the data of its reply is.
    pub reply: Type,
}

/// A call that waits for what it announces.
#[derive(Clone, Debug, PartialEq)]
pub struct Announcing {
    /// The chapter.
    pub module: String,
    /// The types that have the method.
    pub on: Vec<String>,
    /// `scan_new`.
    pub call: String,
    /// `scan_new_and_wait`.
    pub method: String,
    /// The request.
    pub request: String,
    /// The parameter that takes the address, and whether it must be given.
    pub param: (String, bool),
    /// The event.
    pub variant: String,
    /// What it carries.
    pub payload: Type,
    /// It comes in pages.
    pub gather: Option<Gather>,
}

/// How a result that comes in pages is put together; fields of the payload.
#[derive(Clone, Debug, PartialEq)]
pub struct Gather {
    /// The page's number.
    pub page: String,
    /// How many there are.
    pub total: String,
    /// The list.
    pub items: String,
    /// What it holds.
    pub item: Type,
    /// How many elements a page has that is not the last.
    pub size: u32,
    /// Seconds that all pages may take.
    pub within_s: u32,
}

/// How events are laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventData {
    /// The key of the code.
    pub tag: String,
    /// The code stands inside the payload.
    pub tag_inside: bool,
    /// The key of the payload; empty: the root.
    pub payload: String,
    /// Keys below which the payload may stand.
    pub deeper: Vec<String>,
    /// Codes whose payload is the root.
    pub flat: Vec<String>,
    /// Codes with fields of their own beside the payload.
    pub beside: Vec<String>,
    /// Codes of probes.
    pub probe: Vec<String>,
    /// Keys that say whom an event is for.
    pub receiver: Vec<String>,
    /// Keys that tell a repetition.
    pub dedupe: Vec<String>,
    /// Those that say too little alone.
    pub coarse: Vec<String>,
}

/// Something that the gateway tells.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// `callback_60001`.
    pub id: String,
    /// `PrivateText`.
    pub ident: String,
    /// Every code.
    pub wire: Vec<String>,
    /// The vendor's title.
    pub title: String,
    /// Markdown.
    pub docs: Vec<String>,
    /// What it carries.
    pub payload: Type,
}

/// Declared types.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Types {
    /// Objects, of replies or of requests.
    pub objects: Vec<Object>,
    /// Open enums.
    pub choices: Vec<Choice>,
}

/// One operation.
#[derive(Clone, Debug, PartialEq)]
pub struct Operation {
    /// `biao_qian_addContactLabel`.
    pub id: String,
    /// `add_contact_label`.
    pub method: String,
    /// `AddContactLabel`.
    pub request: String,
    /// Former public names, as method and request.
    pub former: Vec<(String, String)>,
    /// Former names of its types, and the names that they have now.
    pub former_types: Vec<(String, String)>,
    /// The vendor's title.
    pub title: String,
    /// `/addContactLabel`.
    pub wire: String,
    /// `POST`.
    pub verb: String,
    /// Reachable from the client.
    pub on_client: bool,
    /// Reachable from a session.
    pub on_session: bool,
    /// The authorization goes with it.
    pub authorized: bool,
    /// Members of the request that are always the same.
    pub fixed: Vec<(String, String)>,
    /// The member under which parameters stand.
    pub wrap: Option<String>,
    /// Its own success codes.
    pub success: Option<Vec<String>>,
    /// The reply's fields stand beside the code.
    pub beside: bool,
    /// Seconds that an answer may take.
    pub patience: Option<u32>,
    /// It may be executed twice without harm.
    pub safe: bool,
    /// Milliseconds between two calls, least and most.
    pub pace_ms: Option<(u32, u32)>,
    /// What the vendor would refuse.
    pub limits: Vec<Limit>,
    /// The list that may be sent in chunks.
    pub chunked: Option<Chunked>,
    /// Its reply is one page of several.
    pub page: Option<Page>,
    /// Its result is asked for.
    pub job: Option<Job>,
    /// Parameters, the session's left out.
    pub params: Vec<Param>,
    /// How a request is made.
    pub constructor: Constructor,
    /// What the data of a reply is.
    pub reply: Type,
    /// Markdown for the method and the request.
    pub docs: Vec<String>,
    /// Struck through.
    pub deprecated: bool,
    /// A call with every required parameter.
    pub example: Vec<String>,
}

impl Operation {
    /// The struct that holds what is required, where arguments are named.
    pub fn holder(&self) -> String {
        holder(&self.request)
    }
}

/// The struct that holds what is required of a request.
pub(crate) fn holder(request: &str) -> String {
    format!("{}Required", request.trim_end_matches('_'))
}

/// What the vendor would refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Limit {
    /// A list has at least and at most so many elements.
    Items(String, u32, u32),
    /// One of these is given.
    OneOf(Vec<String>),
    /// A text holds a mark as often as a list has elements: text, mark, list.
    Count(String, String, String),
}

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
    /// Stands beside the payload.
    pub envelope: bool,
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
}

/// A struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Object {
    /// Its name.
    pub ident: String,
    /// Markdown.
    pub docs: Vec<String>,
    /// Its fields.
    pub members: Vec<Member>,
    /// Fields that are taken out of others.
    pub prefixes: Vec<Prefix>,
    /// It is sent rather than received.
    pub sent: bool,
    /// It keeps what it was read from.
    pub raw: bool,
}

/// A field of a struct.
#[derive(Clone, Debug, PartialEq)]
pub struct Member {
    /// `label_name`.
    pub ident: String,
    /// `labelName`.
    pub wire: String,
    /// Further spellings.
    pub aliases: Vec<String>,
    /// What it holds.
    pub ty: Type,
    /// How it is written.
    pub coding: Coding,
    /// Always there.
    pub certain: bool,
    /// What people wrote to each other: `Debug` does not show it.
    pub private: bool,
    /// Not to be used any more.
    pub deprecated: bool,
    /// Markdown.
    pub docs: Vec<String>,
}

/// An id at the start of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prefix {
    /// The field that the id goes to.
    pub into: String,
    /// The field with the text.
    pub text: String,
    /// The field with the sender.
    pub sender: String,
    /// How the sender is had as text: it is an id, not a text.
    pub sender_is_id: bool,
    /// What stands between.
    pub mark: String,
    /// What is an id by its looks.
    pub like: Vec<String>,
    /// Senders that name nobody.
    pub except: Vec<String>,
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
    /// `Vec<…>`.
    List(Box<Type>),
    /// `Option<…>`: the data of a reply that is one bare value.
    Maybe(Box<Type>),
}

impl Type {
    /// As it is written in Rust.
    pub fn rust(&self) -> String {
        match self {
            Self::Unit => "()".to_owned(),
            Self::Text => "String".to_owned(),
            Self::Secret => "Secret".to_owned(),
            Self::I64 => "i64".to_owned(),
            Self::U64 => "u64".to_owned(),
            Self::F64 => "f64".to_owned(),
            Self::Bool => "bool".to_owned(),
            Self::Json => "Json".to_owned(),
            Self::Id(name) | Self::Choice(name) | Self::Object(name) | Self::Either(name) => {
                name.clone()
            }
            Self::Event(name) => format!("callback::{name}"),
            Self::List(of) => format!("Vec<{}>", of.rust()),
            Self::Maybe(of) => format!("Option<{}>", of.rust()),
        }
    }
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

/// An open enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name.
    pub ident: String,
    /// Markdown.
    pub docs: Vec<String>,
    /// Its values.
    pub variants: Vec<Variant>,
}

/// One documented value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// `Male`.
    pub ident: String,
    /// `1`.
    pub value: String,
    /// Markdown.
    pub title: String,
}

/// What a gateway knows that stands in for the vendor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mock {
    /// Its behaviour is written by hand.
    pub script: bool,
    /// The code of a refusal.
    pub failure: String,
    /// Fields of the runtime's `Texts`, and the texts.
    pub texts: Vec<(String, String)>,
    /// Calls travel on one connection.
    pub socket: Option<MockSocket>,
    /// Every operation, in the order of the documents.
    pub operations: Vec<MockOperation>,
}

/// A connection as such a gateway knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockSocket {
    /// The path of its address.
    pub path: String,
    /// The key of the name of what is called.
    pub command: String,
    /// The key of the id that an answer repeats.
    pub id: String,
    /// The key of the parameters.
    pub payload: String,
    /// The wire name of what must be called first.
    pub first: String,
    /// How many seconds it has.
    pub within_s: u32,
}

/// An operation as such a gateway knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockOperation {
    /// `biao_qian_addContactLabel`.
    pub id: String,
    /// `创建标签`.
    pub title: String,
    /// `POST`.
    pub verb: String,
    /// `/addContactLabel`.
    pub path: String,
    /// The authorization is required.
    pub authorized: bool,
    /// The parameter that the session carries.
    pub session: Option<String>,
    /// The code of a success.
    pub success: String,
    /// What is taken.
    pub params: Vec<MockParam>,
    /// The documented answer, as JSON.
    pub reply: String,
}

/// A parameter as such a gateway checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockParam {
    /// `labelName`.
    pub wire: String,
    /// A variant of the runtime's `Kind`.
    pub kind: &'static str,
    /// Must be there.
    pub required: bool,
    /// Null will do.
    pub nullable: bool,
    /// The separator of a text that is a list.
    pub list: Option<String>,
    /// Most elements.
    pub most: Option<u32>,
    /// Stands beside the payload.
    pub beside: bool,
    /// Members.
    pub fields: Vec<MockParam>,
}
