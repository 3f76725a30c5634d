//! Owns corrections: what `provider.toml` says against the documents, typed, each with its reason.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{Encoding, Item, Place, Type};

/// One thing that the documents get wrong.
///
/// `operation` or `event` says where (an id or a wire, `*` stands for any text), or `shape` or `structure`, `field` which field
/// (a path such as `data.sns[].id`, relative to the payload, or a bare name).
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Correction {
    /// Ids or wires of operations.
    pub operation: Option<String>,
    /// Ids or wires of events.
    pub event: Option<String>,
    /// Several of them.
    pub events: Vec<String>,
    /// A shared shape of events: its name. The field is in every event that carries it.
    pub shape: Option<String>,
    /// An object that types refer to by name.
    pub structure: Option<String>,
    /// Where several APIs use one name: which.
    pub api: Option<String>,
    /// A parameter: its path.
    pub param: Option<String>,
    /// A reply field: its path. Or a field of an event or a structure.
    pub field: Option<String>,
    /// Why the documents are wrong.
    pub why: String,
    /// The public name, in snake case.
    pub rename: Option<String>,
    /// Leave it out.
    pub drop: bool,
    /// Add it: the documents lack it. An event is added to the chapter that `nest` names.
    pub add: bool,
    /// The wire name, where the documents misspell it; the documented one stays an alias.
    pub wire: Option<String>,
    /// Further spellings seen on the wire.
    pub aliases: Vec<String>,
    /// What it means.
    pub title: Option<String>,
    /// What it holds.
    #[serde(rename = "type")]
    pub ty: Option<TypeSaid>,
    /// Whether it must be given.
    pub required: Option<bool>,
    /// Whether it must be given and may be null, as `null` on the wire.
    pub nullable: Option<bool>,
    /// The path under which it belongs; of an event that is added, the slug of its chapter.
    pub nest: Option<String>,
    /// Beside the payload or inside it.
    pub place: Option<Place>,
    /// How a structured value is written.
    pub encoding: Option<Encoding>,
    /// The separator of a text that is a list; empty: it is no list.
    pub list: Option<String>,
    /// The enumerated values; empty: it is no enumeration.
    pub values: Option<Vec<ChoiceEntry>>,
    /// The one value it always has.
    pub constant: Option<String>,
    /// What is assumed where it is absent.
    pub default: Option<String>,
    /// Never to be shown.
    pub secret: Option<bool>,
    /// What people write: not to be shown in logs.
    pub private: Option<bool>,
    /// Not to be used any more.
    pub deprecated: Option<bool>,
    /// Replies always have it.
    pub certain: Option<bool>,
    /// Fewest elements of a list.
    pub min_items: Option<u32>,
    /// Most elements of a list.
    pub max_items: Option<u32>,
    /// Milliseconds to keep between two calls.
    pub pace_ms: Option<[u32; 2]>,
    /// Seconds that an answer may take: a long poll.
    pub patience_s: Option<u32>,
    /// Whether the credentials go with it.
    pub auth: Option<bool>,
    /// Alternatives, one of which must be given.
    pub one_of: Vec<String>,
    /// The payload of a reply or event.
    pub payload: Option<TypeName>,
    /// A note on what is known to be missing.
    pub incomplete: Option<String>,
}

/// What a field holds, as rows spell it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum TypeSaid {
    /// `string`, `object[]`.
    Plain(TypeName),
    /// A structure: `Comment`, `Comment[]`.
    Structure(String),
}

impl TypeSaid {
    /// As the model has it: the type, and the structure that it is.
    pub(crate) fn meant(&self) -> (Type, Option<&str>) {
        match self {
            Self::Plain(name) => (name.ty(), None),
            Self::Structure(said) => match said.strip_suffix("[]") {
                Some(name) => (Type::Object.listed(), Some(name)),
                None => (Type::Object, Some(said)),
            },
        }
    }
}

/// A type as rows spell it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum TypeName {
    /// Text.
    #[serde(rename = "string")]
    Text,
    /// A signed number.
    #[serde(rename = "long", alias = "int")]
    Integer,
    /// An unsigned number.
    #[serde(rename = "ulong")]
    Unsigned,
    /// A number with a fraction.
    #[serde(rename = "number")]
    Number,
    /// Yes or no.
    #[serde(rename = "boolean")]
    Boolean,
    /// Members under names.
    #[serde(rename = "object")]
    Object,
    /// Whatever the gateway sends.
    #[serde(rename = "any")]
    Any,
    /// Texts.
    #[serde(rename = "string[]")]
    Texts,
    /// Numbers.
    #[serde(rename = "long[]", alias = "int[]")]
    Integers,
    /// Unsigned numbers.
    #[serde(rename = "ulong[]")]
    UnsignedNumbers,
    /// Numbers with a fraction.
    #[serde(rename = "number[]")]
    Numbers,
    /// Yes or no, many times.
    #[serde(rename = "boolean[]")]
    Booleans,
    /// Objects.
    #[serde(rename = "object[]")]
    Objects,
    /// Anything, many times.
    #[serde(rename = "any[]")]
    Anys,
}

impl TypeName {
    /// As the model has it.
    pub fn ty(self) -> Type {
        match self {
            Self::Text => Type::Text,
            Self::Integer => Type::Integer,
            Self::Unsigned => Type::Unsigned,
            Self::Number => Type::Number,
            Self::Boolean => Type::Boolean,
            Self::Object => Type::Object,
            Self::Any => Type::Any,
            Self::Texts => Type::List(Item::Text),
            Self::Integers => Type::List(Item::Integer),
            Self::UnsignedNumbers => Type::List(Item::Unsigned),
            Self::Numbers => Type::List(Item::Number),
            Self::Booleans => Type::List(Item::Boolean),
            Self::Objects => Type::List(Item::Object),
            Self::Anys => Type::List(Item::Any),
        }
    }
}

/// One enumerated value.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChoiceEntry {
    /// As it is on the wire.
    pub value: String,
    /// What it means.
    pub title: String,
    /// The public name.
    #[serde(default)]
    pub name: Option<String>,
}
