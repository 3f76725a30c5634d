//! Owns how requests and replies are laid out.

use schemars::JsonSchema;
use serde::Deserialize;

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

/// How a reply is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
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
    /// Result codes that mean "busy, again later": what is safe is repeated.
    pub busy: Vec<String>,
    /// Operations whose codes mean something else.
    pub exception: Vec<ReplyException>,
}

/// What result codes mean, each in the word of `provider.toml`: `("success", ["1000"])`.
pub type Meanings<'c> = [(&'static str, &'c [String]); 2];

impl ReplyLayout {
    /// What result codes mean where no exception says otherwise.
    pub fn meanings(&self) -> Meanings<'_> {
        [("success", &self.success), ("busy", &self.busy)]
    }

    /// A code that is declared as busy and would be taken for a success.
    pub(super) fn ambiguous(&self) -> Option<&String> {
        let own = self
            .exception
            .iter()
            .map(|own| match own.success.as_slice() {
                [] => (&own.busy, &self.success),
                _ => (&own.busy, &own.success),
            });
        let mut all = own.chain([(&self.busy, &self.success)]);
        all.find_map(|(busy, success)| busy.iter().find(|code| success.contains(code)))
    }
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
    /// Why.
    pub why: String,
}

impl ReplyException {
    /// What result codes mean here; nothing: the same as elsewhere.
    pub fn meanings(&self) -> Meanings<'_> {
        [("success", &self.success), ("busy", &self.busy)]
    }
}
