//! Owns how requests and replies are laid out.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer};

use super::along::{HeaderDeclaration, WithDeclaration};

/// How a request is laid out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
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
    /// Names of what is asked that are numbers stay numbers, e.g. `{"cmd": 12}`.
    pub numeric: bool,
    /// The address at which calls begin unless the user gives another.
    pub root: Option<String>,
    /// Headers that go with every call.
    pub header: Vec<HeaderDeclaration>,
    /// Members that go with the body of every authorised call, and are no parameters of any.
    pub with: Vec<WithDeclaration>,
}

impl Default for RequestLayout {
    fn default() -> Self {
        Self {
            payload: None,
            command: None,
            id: None,
            managed: Vec::new(),
            required: true,
            numeric: false,
            root: None,
            header: Vec::new(),
            with: Vec::new(),
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

/// How a reply is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReplyLayout {
    /// The key of the result code, or a list of such keys: a reply fails if any that is there is no success. None: the
    /// HTTP status alone decides.
    #[serde(deserialize_with = "keys")]
    #[schemars(with = "Keys")]
    pub code: Vec<String>,
    /// The keys under which the message is seen.
    pub message: Vec<String>,
    /// The key under which the payload stands; absent: at the root.
    pub payload: Option<String>,
    /// Further keys that the transport reads itself.
    pub managed: Vec<String>,
    /// Where a documented field belongs that neither a sample nor a container places.
    pub beside: Beside,
    /// Result codes that mean success: `""` stands for no code at all, `"!0"` for any but 0.
    pub success: Vec<String>,
    /// Result codes that mean "busy, again later": what is safe is repeated.
    pub busy: Vec<String>,
    /// Result codes that mean that the session has expired: nothing more is sent with that authorization before a new
    /// login.
    pub expired: Vec<String>,
    /// Operations whose codes mean something else.
    pub exception: Vec<ReplyException>,
}

/// What result codes mean, each in the word of `provider.toml`: `("success", ["1000"])`.
pub type Meanings<'c> = [(&'static str, &'c [String]); 3];

impl ReplyLayout {
    /// What result codes mean where no exception says otherwise.
    pub fn meanings(&self) -> Meanings<'_> {
        [
            ("success", &self.success),
            ("busy", &self.busy),
            ("expired", &self.expired),
        ]
    }

    /// A code whose meaning cannot be told, what is wrong with it, and the mend.
    pub(super) fn undecided(&self) -> Option<Undecided<'_>> {
        if self.code.is_empty() {
            let mut idle = self.meanings().into_iter();
            return idle.find_map(|(meaning, codes)| {
                let code = codes.first()?;
                let message = format!("`{meaning}` has no effect: no `code` is declared");
                Some((code, message, "declare it, or leave the status to decide"))
            });
        }
        if let (Some(key), []) = (self.code.first(), &self.success[..]) {
            let message = format!("every reply would be a failure: no `{key}` is a success");
            return Some((key, message, "list the codes that are, in `success`"));
        }
        let own = self.exception.iter().map(|own| match own.meanings() {
            [(_, []), busy, expired] => [("success", &self.success[..]), busy, expired],
            own => own,
        });
        let mut all = own.chain([self.meanings()]);
        all.find_map(undecided)
    }
}

/// A code, what is wrong with it, and the mend.
pub(super) type Undecided<'c> = (&'c String, String, &'static str);

fn undecided([(_, success), busy, expired]: Meanings<'_>) -> Option<Undecided<'_>> {
    let is_but = |code: &String| code.starts_with('!');
    for (meaning, codes) in [busy, expired] {
        if let Some(code) = codes.iter().find(|code| is_but(code) || code.is_empty()) {
            let message = format!("`{meaning}` is a list of codes, and `{code}` is none");
            return Some((code, message, "list the codes themselves"));
        }
    }
    if let Some(code) = success.iter().find(|code| *code == "!") {
        return Some((code, "`!` names no code".to_owned(), "write `!0`"));
    }
    let mut listed = success
        .iter()
        .filter(|code| !is_but(code) && !code.is_empty());
    if let (Some(but), Some(code)) = (success.iter().find(|code| is_but(code)), listed.next()) {
        let message = format!("`{code}` has no effect beside `{but}`");
        return Some((code, message, "remove one of them"));
    }
    let twice =
        |known: &'static str, (meaning, codes): (&'static str, _), is: &dyn Fn(&str) -> bool| {
            let codes: &[String] = codes;
            let code = codes.iter().find(|code| is(code))?;
            let message = format!("the code `{code}` means `{known}` and `{meaning}`");
            Some((code, message, "list it in one of them"))
        };
    let succeeds = |code: &str| succeeds(success, code);
    let is_busy = |code: &str| busy.1.iter().any(|busy| busy == code);
    twice("success", busy, &succeeds)
        .or_else(|| twice("success", expired, &succeeds))
        .or_else(|| twice("busy", expired, &is_busy))
}

/// Whether a code is among those that mean success; an empty one is none at all.
pub fn succeeds(success: &[String], code: &str) -> bool {
    let mut but = success.iter().filter_map(|known| known.strip_prefix('!'));
    let listed = success.iter().any(|known| known == code);
    listed || (!code.is_empty() && but.clone().next().is_some() && but.all(|other| other != code))
}

/// Result codes in words: `0 or absent`.
pub fn in_words(codes: &[String], or: &str) -> String {
    let words = codes.iter().map(|code| match code.strip_prefix('!') {
        Some(other) => format!("not {other}"),
        None if code.is_empty() => "absent".to_owned(),
        None => code.clone(),
    });
    words.collect::<Vec<_>>().join(or)
}

/// One key, or a list of keys.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a key, or a list of keys")]
enum Keys {
    One(String),
    Several(Vec<String>),
}

fn keys<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    Ok(match Keys::deserialize(deserializer)? {
        Keys::One(key) => vec![key],
        Keys::Several(keys) => keys,
    })
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

/// What result codes mean for some operations only.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReplyException {
    /// Ids or wires.
    pub operations: Vec<String>,
    /// Result codes that mean success; none: the same as elsewhere.
    #[serde(default)]
    pub success: Vec<String>,
    /// Result codes that mean "busy, again later"; none: the same as elsewhere.
    #[serde(default)]
    pub busy: Vec<String>,
    /// Result codes that mean that the session has expired; none: the same as elsewhere.
    #[serde(default)]
    pub expired: Vec<String>,
    /// Why.
    pub why: String,
}

impl ReplyException {
    /// What result codes mean here; nothing: the same as elsewhere.
    pub fn meanings(&self) -> Meanings<'_> {
        [
            ("success", &self.success),
            ("busy", &self.busy),
            ("expired", &self.expired),
        ]
    }
}
