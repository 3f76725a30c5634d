//! Owns `provider.toml`: how a vendor's gateway speaks and how its documents are written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::correction::Correction;
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceFile, Span};
use crate::text;

/// One vendor's `provider.toml`.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// What people call the vendor.
    pub title: String,
    /// How bytes travel.
    pub transport: Transport,
    /// On in the generated crate unless switched off.
    #[serde(default)]
    pub default: bool,
    /// The credentials that requests carry.
    #[serde(default)]
    pub auth: Option<Auth>,
    /// How a request is laid out.
    #[serde(default)]
    pub request: RequestLayout,
    /// How a reply is laid out.
    #[serde(default)]
    pub reply: ReplyLayout,
    /// How what the gateway tells is laid out.
    #[serde(default)]
    pub event: EventLayout,
    /// Where calls travel on one connection: how it begins.
    #[serde(default)]
    pub socket: SocketLayout,
    /// The parameter that a session carries.
    #[serde(default)]
    pub session: Option<Session>,
    /// Where a vendor's program comes that fetches its commands.
    #[serde(default)]
    pub program: Option<ProgramVisits>,
    /// Several APIs of one vendor; each may lay its messages out differently.
    #[serde(default)]
    pub api: Vec<Api>,
    /// Wire names whose values are never shown.
    #[serde(default)]
    pub secrets: Vec<String>,
    /// What a gateway says that stands in for the vendor's in tests; absent: none is generated.
    #[serde(default)]
    pub mock: Option<MockGateway>,
    /// Wire names whose values are what people write to each other: sent and received, but not shown in logs.
    #[serde(default)]
    pub private: Vec<String>,
    /// Operations that may be repeated without harm: ids or wires, `*` stands for any text.
    #[serde(default)]
    pub safe: Vec<String>,
    /// Ids that recur, each a type of its own: the type's name, and the wire names that hold one.
    #[serde(default)]
    pub ids: BTreeMap<String, IdNames>,
    /// Shapes that several replies share, each a type of its own.
    #[serde(default)]
    pub shape: Vec<SharedShape>,
    /// Operations that start something whose result another operation tells.
    #[serde(default)]
    pub job: Vec<JobDeclaration>,
    /// Operations whose replies are pages.
    #[serde(default)]
    pub page: Vec<PageDeclaration>,
    /// Operations that an event answers.
    #[serde(default)]
    pub answer: Vec<AnswerDeclaration>,
    /// Parameters of which exactly one is given, as one argument.
    #[serde(default)]
    pub either: Vec<EitherDeclaration>,
    /// How the documents are written, over the usual habits.
    #[serde(default)]
    pub dialect: Dialect,
    /// Slugs for chapters whose title gives a poor one.
    #[serde(default)]
    pub module: Vec<ModuleName>,
    /// Ids for sections that would otherwise share one.
    #[serde(default)]
    pub identity: Vec<Identity>,
    /// What the documents get wrong.
    #[serde(default)]
    pub correction: Vec<Correction>,
}

/// How bytes travel between the user and the gateway.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Transport {
    /// HTTP requests with a JSON body.
    #[default]
    HttpJson,
    /// HTTP requests with a form body.
    HttpForm,
    /// JSON messages on one WebSocket.
    Websocket,
    /// The vendor's program posts events and polls for commands.
    Poll,
}

/// Where a vendor's program comes that fetches its commands, and how it says who it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProgramVisits {
    /// Where it posts events, as the vendor's own examples have it.
    pub events: String,
    /// Where it asks for commands.
    pub commands: String,
    /// The key of the account in the query.
    pub account: String,
    /// The key of the process in the query.
    pub process: String,
    /// Keys of the account in an event.
    #[serde(default)]
    pub event_account: Vec<String>,
    /// Keys of the process in an event.
    #[serde(default)]
    pub event_process: Vec<String>,
}

/// The credentials that requests carry.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// The HTTP header. An operation needs it when its documents list it.
    pub header: String,
}

/// How a request is laid out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RequestLayout {
    /// The key under which parameters stand; absent: at the root.
    pub payload: Option<String>,
    /// The key of the name of what is asked, where a message carries it.
    pub command: Option<String>,
    /// The key of the id that pairs an answer with what was asked.
    pub id: Option<String>,
    /// Further keys that the transport fills in itself.
    pub managed: Vec<String>,
    /// Whether a parameter is required where no column and no word says so.
    pub required: bool,
}

impl Default for RequestLayout {
    fn default() -> Self {
        Self {
            payload: None,
            command: None,
            id: None,
            managed: Vec::new(),
            required: true,
        }
    }
}

impl RequestLayout {
    /// Every key that the transport fills in itself.
    pub fn keys(&self) -> Vec<String> {
        let own = self.command.iter().chain(&self.id);
        own.chain(&self.managed).cloned().collect()
    }
}

/// How a connection begins on which calls travel.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SocketLayout {
    /// The path of its address.
    pub path: String,
    /// Id or wire of the operation that must come first; it takes one secret.
    pub first: Option<String>,
    /// How many seconds the gateway waits for it.
    pub within_s: u32,
}

impl Default for SocketLayout {
    fn default() -> Self {
        Self {
            path: "/".to_owned(),
            first: None,
            within_s: 10,
        }
    }
}

/// How a reply is laid out.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReplyLayout {
    /// The key of the result code.
    pub code: Option<String>,
    /// The keys under which the message is seen.
    pub message: Vec<String>,
    /// The key under which the payload stands; absent: at the root.
    pub payload: Option<String>,
    /// Further keys that the transport reads itself.
    pub managed: Vec<String>,
    /// Where a documented field belongs that neither a sample nor a container places.
    pub beside: Beside,
    /// Result codes that mean success.
    pub success: Vec<String>,
    /// Exceptions to `success`.
    pub exception: Vec<SuccessException>,
}

/// Where a reply field belongs that stands beside the code in its table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Beside {
    /// Inside the payload: the vendor's tables do not show the nesting.
    #[default]
    Payload,
    /// Beside the code, as the table shows.
    Envelope,
}

/// One kind of id.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdNames {
    /// What it identifies.
    pub title: String,
    /// The wire names of fields that hold one.
    pub fields: Vec<String>,
}

/// A shape that several messages share, because the vendor means the same thing by it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SharedShape {
    /// The type's name.
    pub name: String,
    /// What it is.
    pub title: String,
    /// Where it occurs: an operation's id or wire, for a part of a reply followed by `:` and its path.
    #[serde(default)]
    pub at: Vec<String>,
    /// The events that carry it: an id or a code, for a part of the payload followed by `:` and its path.
    #[serde(default)]
    pub events: Vec<String>,
}

/// Result codes that mean success for some operations only.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuccessException {
    /// Ids or wires.
    pub operations: Vec<String>,
    /// The codes.
    pub success: Vec<String>,
    /// Why.
    pub why: String,
}

/// What a gateway says that stands in for the vendor's in tests. In texts, `{param}` stands for the
/// parameter, `{most}` for the limit and `{path}` for what was asked.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MockGateway {
    /// Whether its behaviour is written by hand in `src/ext/<id>/mock.rs`; if not, every operation
    /// answers as documented.
    pub script: bool,
    /// The code of a refusal.
    pub failure: String,
    /// What goes with a success.
    pub done: String,
    /// A required parameter is absent.
    pub missing: String,
    /// A parameter has the wrong type.
    pub wrong_type: String,
    /// A list has too many elements.
    pub too_many: String,
    /// The credentials are absent or wrong.
    pub unauthorized: String,
    /// The body cannot be read.
    pub malformed: String,
    /// There is no such operation.
    pub unknown: String,
}

impl Default for MockGateway {
    fn default() -> Self {
        let text = str::to_owned;
        Self {
            script: false,
            failure: text("1"),
            done: text("success"),
            missing: text("parameter {param} is required"),
            wrong_type: text("parameter {param} has the wrong type"),
            too_many: text("parameter {param} takes {most} at most"),
            unauthorized: text("{param} is missing or wrong"),
            malformed: text("the body cannot be read"),
            unknown: text("there is no {path}"),
        }
    }
}

/// An operation that starts something, and the one that tells what became of it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JobDeclaration {
    /// Id or wire of the operation that starts it.
    pub start: String,
    /// Id or wire of the operation that is asked.
    pub poll: String,
    /// The field of the first one's reply that identifies the job.
    pub key: String,
    /// The parameter of the second one that takes the key, where it is called otherwise.
    #[serde(default)]
    pub param: Option<String>,
    /// What the second one's reply shows when the job is done.
    pub done: When,
    /// What it shows when the job has failed.
    #[serde(default)]
    pub failed: Option<When>,
    /// The field of the second one's reply that says why a job failed.
    #[serde(default)]
    pub message: Option<String>,
    /// Milliseconds between two questions.
    #[serde(default = "two_seconds")]
    pub every_ms: u32,
    /// Seconds that a job may take.
    #[serde(default = "ten_minutes")]
    pub within_s: u32,
}

fn two_seconds() -> u32 {
    2000
}

fn ten_minutes() -> u32 {
    600
}

/// What a reply shows: a field with one of these values, or, without values, one that is not empty.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct When {
    /// A path of the payload.
    pub field: String,
    /// As they are on the wire, numbers as text.
    #[serde(default)]
    pub values: Vec<String>,
}

/// An operation whose reply is one page of several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageDeclaration {
    /// Id or wire.
    pub operation: String,
    /// The parameters that differ from page to page.
    pub cursor: Vec<CursorDeclaration>,
    /// The lists of the payload; a page on which all are empty is the last.
    #[serde(default)]
    pub items: Vec<String>,
    /// What the reply shows if there are more pages; without it the items and the cursors tell.
    #[serde(default)]
    pub more: Option<When>,
}

/// A parameter that differs from page to page: either `from` or `step`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CursorDeclaration {
    /// The parameter.
    pub param: String,
    /// The path of the payload where its next value stands; `[]` goes to the last element of a list.
    #[serde(default)]
    pub from: Option<String>,
    /// Where the field is empty, the former value stays, and the field says nothing of the end.
    #[serde(default)]
    pub keep: bool,
    /// By how much the next value is larger.
    #[serde(default)]
    pub step: Option<i64>,
}

/// An operation that an event answers.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerDeclaration {
    /// Id or wire of the operation.
    pub operation: String,
    /// Id or code of the event.
    pub event: String,
    /// Where several APIs use one name: which.
    #[serde(default)]
    pub api: Option<String>,
    /// What must be the same for an event to be the answer: parameters, each with a field of the event's payload.
    #[serde(default)]
    pub same: BTreeMap<String, String>,
    /// What in the documents says so.
    pub why: String,
}

/// Parameters of which exactly one is given: one argument, whose type leaves no other way.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EitherDeclaration {
    /// Ids or wires of operations.
    pub operations: Vec<String>,
    /// The parameters, as they are on the wire.
    pub params: Vec<String>,
    /// What the argument is called, in snake case.
    pub name: String,
    /// What in the documents says so.
    pub why: String,
}

/// How what the gateway tells is laid out.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct EventLayout {
    /// The key that tells events apart; absent: only the address does.
    pub tag: Option<String>,
    /// Where the tag stands.
    pub tag_in: TagIn,
    /// The key of the payload.
    pub payload: Option<String>,
    /// Envelope keys that every event shares.
    pub managed: Vec<String>,
    /// Keys below which the payload is at times found, one level deeper.
    pub deeper: Vec<String>,
    /// Texts that stand for nothing, besides none at all and `null`.
    pub empty: Vec<String>,
    /// Codes of events that only ask whether somebody listens.
    pub probe: Vec<String>,
    /// Keys that tell a repeated event: the first that is present counts.
    pub dedupe: Vec<String>,
    /// Those of `dedupe` that say too little alone: the rest of the payload must be the same as well.
    pub coarse: Vec<String>,
    /// Keys whose texts are what people wrote to each other: `Debug` does not show them.
    pub private: Vec<String>,
    /// Public names by code, in snake case, where titles make poor ones.
    pub names: BTreeMap<String, String>,
    /// What codes begin with that no name needs.
    pub strip: Option<String>,
    /// How the gateway tells what became of an operation.
    pub result: Option<EventResult>,
    /// An event that carries a list of what is told apart by a code of its own.
    pub nested: Option<NestedEvents>,
    /// Texts that may begin with somebody's id.
    pub prefix: Vec<EventPrefix>,
    /// Parameters that take an address to which the operation then makes the gateway post.
    pub announce: Vec<String>,
    /// Addresses at which several events arrive.
    pub shared: Vec<SharedAddress>,
    /// Operations whose result is posted in pages.
    pub gather: Vec<GatherDeclaration>,
}

/// An address at which several events arrive. The event that no value names is what arrives without the key.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SharedAddress {
    /// The setting under which it is registered.
    pub slot: String,
    /// The key of the payload that tells the events apart.
    pub by: String,
    /// Its values, and the ids of the events that they mean.
    pub events: BTreeMap<String, String>,
    /// What in the documents says so.
    pub why: String,
}

/// An operation whose result is posted in pages, each a message of its own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct GatherDeclaration {
    /// Id or wire.
    pub operation: String,
    /// The field of the page's number.
    pub page: String,
    /// The field that says how many elements there are.
    pub total: String,
    /// The list.
    pub items: String,
    /// How many elements a page has that is not the last.
    pub size: u32,
    /// Seconds that all pages may take.
    #[serde(default = "two_minutes")]
    pub within_s: u32,
    /// What in the documents says so.
    pub why: String,
}

fn two_minutes() -> u32 {
    120
}

/// How the gateway tells what became of an operation: by an event that carries the operation's id, whatever its
/// code is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventResult {
    /// The name of its type.
    pub name: String,
    /// What it is.
    pub title: String,
    /// An event, by id or code, whose documented fields it has.
    pub event: String,
    /// The key of the id.
    pub id: String,
    /// The key of what came of it.
    pub outcome: String,
    /// The key of what went wrong; where it is empty, nothing did.
    pub reason: String,
}

/// An event whose payload is a list of what is told apart by a code of its own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NestedEvents {
    /// The event's id or code.
    pub event: String,
    /// The key of the elements' code: a field of the payload whose values are documented.
    pub tag: String,
    /// The name of the type of an element.
    pub name: String,
    /// What an element is.
    pub title: String,
    /// Public names by code, in snake case, where titles make poor ones.
    #[serde(default)]
    pub names: BTreeMap<String, String>,
}

/// A text that may begin with the id of who wrote it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EventPrefix {
    /// The ids or codes of the events, `*` stands for any text.
    pub events: Vec<String>,
    /// The text's key.
    pub field: String,
    /// What stands between the id and the text.
    pub mark: String,
    /// The field that the id goes to, in snake case.
    pub into: String,
    /// The key of a field: what equals its value is a prefix.
    pub of: String,
    /// What is a prefix by its looks; `*` stands for any text.
    #[serde(default)]
    pub like: Vec<String>,
    /// Values of `of` that name nobody who writes; `*` stands for any text.
    #[serde(default)]
    pub except: Vec<String>,
    /// Why.
    pub why: String,
}

/// Where the tag of an event stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TagIn {
    /// Beside the payload.
    #[default]
    Envelope,
    /// Inside the payload.
    Payload,
}

/// A parameter that is bound once.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Session {
    /// Its wire name.
    pub param: String,
    /// What a session is called: `instance` gives `client.instance(…)`.
    pub scope: String,
    /// Operations that establish or choose a session, and take the parameter as an ordinary one.
    #[serde(default)]
    pub except: Vec<String>,
}

/// One of several APIs of a vendor.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Api {
    /// `v1`; also the folder below `specs/`.
    pub id: String,
    /// What people call it.
    #[serde(default)]
    pub title: String,
    /// Its own request layout.
    #[serde(default)]
    pub request: Option<RequestLayout>,
    /// Its own reply layout.
    #[serde(default)]
    pub reply: Option<ReplyLayout>,
    /// Its own event layout.
    #[serde(default)]
    pub event: Option<EventLayout>,
}

/// How the documents are written. Everything here adds to the usual habits.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Dialect {
    /// The heading level whose titles are the modules; absent: marked headings, else the index, else the file.
    pub module_level: Option<u8>,
    /// The heading level that carries an item's title, where a line below names the item.
    pub title_level: Option<u8>,
    /// What starts an operation or an event.
    pub item: Vec<ItemPattern>,
    /// Column whose rows are events: `event`.
    pub event_column: Option<String>,
    /// Further titles of known columns.
    pub columns: Columns,
    /// Further words that tell an item's tables and samples apart.
    pub labels: Labels,
    /// Further keys of `- key: value` lines.
    pub facts: BTreeMap<Fact, Vec<String>>,
}

/// What a `- key: value` line below a heading can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fact {
    /// The operation's id.
    Id,
    /// The title.
    Title,
    /// The documented URL.
    Url,
    /// Every code of an event.
    Codes,
    /// The setting under which an event's address is registered.
    Slot,
    /// The page that documents it.
    Doc,
    /// The HTTP method.
    Method,
}

/// What starts an operation or an event.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemPattern {
    /// What it is.
    pub kind: ItemKind,
    /// Pattern of the item's own heading.
    #[serde(default)]
    pub heading: Option<String>,
    /// Pattern of a line below the heading.
    #[serde(default)]
    pub line: Option<String>,
    /// Pattern of an enclosing heading.
    #[serde(default)]
    pub under: Option<String>,
    /// The level of the item's own heading, where several levels would match.
    #[serde(default)]
    pub level: Option<u8>,
}

/// What an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// A path that is requested.
    Endpoint,
    /// A task that the vendor's program fetches.
    Command,
    /// A message on an open connection.
    Call,
    /// Something the gateway tells.
    Event,
}

/// Further titles of known columns.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Columns {
    /// The field's name.
    pub name: Vec<String>,
    /// Whether it is required.
    pub required: Vec<String>,
    /// Its type.
    #[serde(rename = "type")]
    pub ty: Vec<String>,
    /// What it means.
    pub description: Vec<String>,
}

/// Further words that tell an item's tables and samples apart.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Labels {
    /// Request headers.
    pub headers: Vec<String>,
    /// Parameters.
    pub params: Vec<String>,
    /// Reply fields.
    pub returns: Vec<String>,
    /// What an announced event carries.
    pub event: Vec<String>,
    /// First column titles of tables that explain rather than define.
    pub reference: Vec<String>,
}

/// A slug for a chapter.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ModuleName {
    /// The chapter's title as documented.
    pub title: String,
    /// Its slug.
    pub slug: String,
    /// A better title.
    #[serde(default)]
    pub name: Option<String>,
}

/// An id for a section.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The section's title as documented.
    pub title: String,
    /// The id it gets.
    pub id: String,
    /// Why.
    pub why: String,
}

/// The layouts in force for one API.
#[derive(Clone, Copy, Debug)]
pub struct Layouts<'a> {
    /// Of requests.
    pub request: &'a RequestLayout,
    /// Of replies.
    pub reply: &'a ReplyLayout,
    /// Of events.
    pub event: &'a EventLayout,
}

impl Config {
    /// Reads a `provider.toml`; everything wrong with it is a finding with its place.
    pub fn read(file: &SourceFile) -> Result<Self, Diagnostic> {
        let config: Self = toml::from_str(file.text()).map_err(|error| {
            let span = error
                .span()
                .map_or_else(Span::default, |s| Span::new(s.start, s.end));
            let message = error.message().to_owned();
            let mut diagnostic = Diagnostic::error(
                Code::BadConfig,
                format!("{message}{}", suggestion(&message)),
            )
            .at(file.location(span));
            if message.starts_with("unknown field") {
                diagnostic = diagnostic.help("rename the key, or remove it");
            }
            diagnostic
        })?;
        config.check(file)?;
        Ok(config)
    }

    fn check(&self, file: &SourceFile) -> Result<(), Diagnostic> {
        let refuse = |key: &str, n: usize, message: String| {
            Err(
                Diagnostic::error(Code::BadConfig, message).at(file.location(array_entry(
                    file.text(),
                    key,
                    n,
                ))),
            )
        };
        for (n, api) in self.api.iter().enumerate() {
            if !text::is_plain_slug(&api.id) {
                return refuse(
                    "api",
                    n,
                    format!(
                        "`{}` is no name for an API: use letters, digits and `-`",
                        api.id
                    ),
                );
            }
        }
        for (n, module) in self.module.iter().enumerate() {
            if !text::is_plain_slug(&module.slug) {
                return refuse(
                    "module",
                    n,
                    format!(
                        "`{}` is no module slug: use letters, digits and `-`",
                        module.slug
                    ),
                );
            }
        }
        for (n, page) in self.page.iter().enumerate() {
            if page.cursor.is_empty() {
                return refuse("page", n, "a page needs a `cursor`".to_owned());
            }
            let torn = |cursor: &&CursorDeclaration| cursor.from.is_some() == cursor.step.is_some();
            if let Some(cursor) = page.cursor.iter().find(torn) {
                return refuse(
                    "page",
                    n,
                    format!(
                        "the cursor `{}` needs either `from` or `step`",
                        cursor.param
                    ),
                );
            }
            let moves = page.cursor.iter().any(|cursor| cursor.from.is_some());
            if !moves && page.items.is_empty() && page.more.is_none() {
                let message = "nothing says where the pages end: add `items` or `more`";
                return refuse("page", n, message.to_owned());
            }
        }
        for (n, item) in self.dialect.item.iter().enumerate() {
            if item.heading.is_none() && item.line.is_none() {
                return refuse(
                    "dialect.item",
                    n,
                    "an item needs a `heading` or a `line` pattern".to_owned(),
                );
            }
            for pattern in [&item.heading, &item.line, &item.under]
                .into_iter()
                .flatten()
            {
                if let Err(message) = crate::pattern::Pattern::parse(pattern) {
                    return refuse("dialect.item", n, message);
                }
            }
        }
        Ok(())
    }

    /// The layouts in force for one API.
    pub fn layouts(&self, api: Option<&str>) -> Layouts<'_> {
        let own = api.and_then(|id| self.api.iter().find(|api| api.id == id));
        Layouts {
            request: own
                .and_then(|a| a.request.as_ref())
                .unwrap_or(&self.request),
            reply: own.and_then(|a| a.reply.as_ref()).unwrap_or(&self.reply),
            event: own.and_then(|a| a.event.as_ref()).unwrap_or(&self.event),
        }
    }
}

/// Where the n-th `[[key]]` stands.
pub(crate) fn array_entry(toml: &str, key: &str, n: usize) -> Span {
    let header = format!("[[{key}]]");
    toml.match_indices(&header)
        .filter(|(at, _)| {
            toml[..*at]
                .lines()
                .next_back()
                .is_none_or(|line| toml[..*at].ends_with('\n') || line.trim().is_empty())
        })
        .nth(n)
        .map_or_else(Span::default, |(at, found)| Span::new(at, at + found.len()))
}

/// Which of the expected names an unknown one most likely meant.
fn suggestion(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let Some(unknown) = quoted.next() else {
        return String::new();
    };
    text::did_you_mean(unknown, quoted)
}

/// Whether an id or wire is named by a pattern in which `*` stands for any text.
pub fn selects(pattern: &str, name: &str) -> bool {
    let mut parts = pattern.split('*');
    let first = parts.next().unwrap_or_default();
    let Some(mut rest) = name.strip_prefix(first) else {
        return false;
    };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match rest.find(part) {
            Some(at) => rest = rest.get(at + part.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_any_text() {
        assert!(selects("/get*", "/getContact"));
        assert!(selects("*List*", "/finder/getFollowList"));
        assert!(!selects("/get*", "/finder/getQrCode"));
        assert!(selects("/sendText", "/sendText"));
        assert!(!selects("/sendText", "/sendText2"));
    }

    #[test]
    fn a_misspelled_key_is_named_with_its_place_and_the_right_one() {
        let file = SourceFile::new(
            "provider.toml",
            "title = \"x\"\ntransport = \"http-json\"\n[sesion]\nparam = \"wId\"\n",
        );
        let error = Config::read(&file).unwrap_err();
        assert!(
            error.message.contains("did you mean `session`"),
            "{}",
            error.message
        );
        assert_eq!(error.at.unwrap().line, 3);
    }
}
