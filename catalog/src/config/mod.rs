//! Owns `provider.toml`: how a vendor's gateway speaks and how its documents are written.
//!
//! In: the file. Out: everything that may be declared or corrected, typed (`[session] param = "wId"`), or the first
//! thing wrong with it and where; and the other way round, what findings propose to paste (`proposal`).

mod along;
mod check;
mod conversation;
mod correction;
mod declaration;
mod dialect;
mod differs;
mod event_layout;
mod layout;
mod login;
mod media;
mod mock_gateway;
mod online;
pub(crate) mod pattern;
mod poll;
pub(crate) mod proposal;
mod sdk;
mod transport;

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::diagnostic::{Code, Diagnostic};
use crate::source::{SourceFile, Span};
use crate::spelling;

pub use along::{COMPUTED, HeaderDeclaration, WithDeclaration};
pub use conversation::{
    ConversationDeclaration, SendDeclaration, TicketDeclaration, TypingDeclaration,
};
pub use correction::{ChoiceEntry, Correction, TypeName, TypeSaid};
pub use declaration::{
    Acceptance, AnswerDeclaration, Constant, CursorDeclaration, EitherDeclaration, Gone,
    JobDeclaration, PageDeclaration, When,
};
pub use dialect::{Columns, Dialect, Fact, ItemKind, ItemPattern, Labels};
pub use differs::{Aspect, Differs};
pub use event_layout::{
    EventLayout, EventPrefix, EventResult, GatherDeclaration, NestedEvents, SharedAddress, TagIn,
};
pub use layout::{
    Beside, Meanings, ReplyException, ReplyLayout, RequestLayout, in_words, succeeds,
};
pub use login::{
    CallLogin, CodeLogin, ConnectionLogin, EnterDeclaration, LoginDeclaration, RedirectDeclaration,
    RenewDeclaration, VerifyDeclaration,
};
pub use media::{DownloadDeclaration, MediaDeclaration, Scheme, UploadDeclaration};
pub use mock_gateway::{Leniency, MockGateway};
pub use online::{AgainDeclaration, OnlineDeclaration, ReasonDeclaration};
pub use poll::PollDeclaration;
pub(crate) use proposal::Subject;
pub use sdk::CrateLayout;
pub use transport::{ProgramVisits, SocketLayout};

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
    /// What a gateway says that stands in for the vendor's in tests, over words of its own.
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
    /// How one logs in.
    #[serde(default)]
    pub login: LoginDeclaration,
    /// What tells whether an account is online.
    #[serde(default)]
    pub online: Option<OnlineDeclaration>,
    /// Pictures, videos and files that travel encrypted by a host of their own.
    #[serde(default)]
    pub media: Option<MediaDeclaration>,
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
    /// English names of chapters, beside their own: `xiao-xi-fa-song = "messages"` gives `client.messages()`.
    #[serde(default)]
    pub modules: BTreeMap<String, String>,
    /// `false`: the SDK has no list of all requests, since chapters repeat their names.
    #[serde(default = "yes")]
    pub all_requests: bool,
    /// Ids for sections that would otherwise share one.
    #[serde(default)]
    pub identity: Vec<Identity>,
    /// What the documents get wrong.
    #[serde(default)]
    pub correction: Vec<Correction>,
    /// Where our specifications say something else than the vendor's document.
    #[serde(default)]
    pub differs: Vec<Differs>,
    /// What the vendor no longer has; its names stay in `names.lock`.
    #[serde(default)]
    pub gone: Vec<Gone>,
    /// Warnings that may stay.
    #[serde(default)]
    pub accept: Vec<Acceptance>,
}

fn yes() -> bool {
    true
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

/// The credentials that requests carry.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Auth {
    /// The HTTP header. An operation needs it when its documents list it.
    pub header: String,
    /// What stands before the credentials in it, e.g. `Bearer `.
    #[serde(default)]
    pub prefix: String,
}

/// One kind of id.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IdNames {
    /// What it identifies.
    pub title: String,
    /// The wire names of fields that hold one, wherever they are.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The wire names of fields that hold one in some modules alone: the modules' slugs, each with the names.
    #[serde(default)]
    pub within: BTreeMap<String, Vec<String>>,
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
    /// Operations that call the same thing otherwise.
    #[serde(default)]
    pub also: Vec<SessionAlso>,
}

/// A parameter that is the session's under another name.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SessionAlso {
    /// Its id or wire.
    pub operation: String,
    /// The parameter, as it is on the wire there.
    pub param: String,
    /// What in the documents says so.
    pub why: String,
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
        let config: Self = parsed(file)?;
        config.check(file)?;
        Ok(config)
    }

    /// What is declared of events: of each API that has its own, then of all.
    pub(crate) fn event_layouts(&self) -> impl Iterator<Item = (Option<&str>, &EventLayout)> {
        let own = self.api.iter();
        let own = own.filter_map(|api| Some((Some(api.id.as_str()), api.event.as_ref()?)));
        own.chain([(None, &self.event)])
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

/// A TOML file as what it declares, or the first thing wrong with it and where.
fn parsed<T: DeserializeOwned>(file: &SourceFile) -> Result<T, Diagnostic> {
    toml::from_str(file.text()).map_err(|error| {
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
        } else if message.starts_with("unknown variant") {
            diagnostic = diagnostic.help("write one of the words that are expected");
        }
        diagnostic
    })
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

/// Where `[key]` stands, or the table that it is in.
pub(crate) fn table(toml: &str, key: &str) -> Span {
    let header = format!("[{key}]");
    match (toml.find(&header), key.rsplit_once('.')) {
        (Some(at), _) => Span::new(at, at + header.len()),
        (None, Some((around, _))) => table(toml, around),
        (None, None) => Span::default(),
    }
}

/// Where a word stands in quotes below one of these headings; else the first heading that is there.
pub(crate) fn quoted_below(toml: &str, headings: &[&str], word: &str) -> Span {
    let quoted = format!("\"{word}\"");
    let starts = headings
        .iter()
        .flat_map(|heading| toml.match_indices(heading));
    let places = starts.map(|(at, heading)| Span::new(at, at + heading.len()));
    let found = places.clone().find_map(|heading| {
        let below = toml.get(heading.end..)?;
        let own = below.split("\n[").next()?;
        let at = heading.end + own.find(&quoted)?;
        Some(Span::new(at, at + quoted.len()))
    });
    found.or_else(|| places.clone().next()).unwrap_or_default()
}

/// Which of the expected names an unknown one most likely meant.
fn suggestion(message: &str) -> String {
    let mut quoted = message.split('`').skip(1).step_by(2);
    let Some(unknown) = quoted.next() else {
        return String::new();
    };
    spelling::did_you_mean(unknown, quoted)
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
