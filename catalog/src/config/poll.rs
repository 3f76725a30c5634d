//! Owns `[event.poll]`: a gateway that tells what has happened only to whoever asks, for `Poller`.

use schemars::JsonSchema;
use serde::Deserialize;

/// How the gateway is asked for events. Its elements are the events: each documented value of the field that tells them
/// apart is one, unless a section of its own describes it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PollDeclaration {
    /// Id or wire of the operation that is asked, again and again.
    pub operation: String,
    /// The parameter that says up to where everything is known, and the field of the reply with its next value: where
    /// that is empty, the former value stays.
    pub cursor: String,
    /// That field, where it is called otherwise than the parameter.
    #[serde(default)]
    pub next: Option<String>,
    /// The list of events in the reply.
    pub items: String,
    /// What the type of its elements is called, where no table of their own describes them; `Message` unless said
    /// otherwise.
    #[serde(default)]
    pub item: Option<String>,
    /// The field of the reply that says how many milliseconds the next question may wait for its answer.
    #[serde(default)]
    pub timeout: Option<String>,
    /// Seconds to wait after the first failure in a row, the second, and so on; after more, the last of them.
    #[serde(default = "usual_waits")]
    pub again_after_s: Vec<u32>,
    /// Operations that are called before the first question, whatever comes of them.
    #[serde(default)]
    pub before: Vec<String>,
    /// Operations that are called after the last one.
    #[serde(default)]
    pub after: Vec<String>,
}

fn usual_waits() -> Vec<u32> {
    vec![1, 2, 5, 10, 30]
}
