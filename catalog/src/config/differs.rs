//! Owns where our specifications say something else than the vendor's document: what it says, what ours say, and why.

use schemars::JsonSchema;
use serde::Deserialize;

/// A fact that our specifications have otherwise than the vendor's document, or alone, or not at all.
///
/// `operation` or `event` says where (an id or a wire), `param` or `field` which row (its path); `*` stands for any
/// text there, and in `was` and `is`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Differs {
    /// Ids or wires of operations.
    #[serde(default)]
    pub operation: Option<String>,
    /// Ids or wires of events.
    #[serde(default)]
    pub event: Option<String>,
    /// Where several APIs use one name: which.
    #[serde(default)]
    pub api: Option<String>,
    /// A parameter: its path.
    #[serde(default)]
    pub param: Option<String>,
    /// A field of a reply or an event: its path.
    #[serde(default)]
    pub field: Option<String>,
    /// What of it differs.
    pub what: Aspect,
    /// In the vendor's document; empty: nothing.
    pub was: String,
    /// In our specifications; empty: nothing.
    pub is: String,
    /// Why ours say so.
    pub why: String,
    /// What callers are told of it, in the language of the documents.
    #[serde(default)]
    pub note: Option<String>,
}

macro_rules! aspects {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)+) => {
        /// What of a place is spoken of.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
        pub enum Aspect { $($(#[$doc])* #[serde(rename = $text)] $name,)+ }

        impl Aspect {
            /// As `provider.toml` has it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }
        }
    };
}

aspects! {
    /// The whole operation or event: its title.
    Section = "section";
    /// Its path or code.
    Name = "name";
    /// What is answered: `object`, `nothing`.
    Reply = "reply";
    /// Whether credentials go with it: `with` or `without`.
    Auth = "auth";
    /// Whether it is struck through: `struck` or nothing.
    Deprecated = "deprecated";
    /// The whole row: its type.
    Row = "row";
    /// Where the row belongs: its path.
    Nesting = "nesting";
    /// What the row holds, `string[]`, and how: `string that is a list`, `object as JSON text`.
    Type = "type";
    /// Whether a parameter must be given: `required` or `optional`.
    Required = "required";
    /// The enumerated values in their order, `0 未知；1 男`.
    Values = "values";
    /// The description, where it says something else.
    Meaning = "meaning";
    /// The sign between the elements of a list.
    Separator = "separator";
}
