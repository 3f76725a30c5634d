//! Owns how the documents are written.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;

/// How the documents are written. Everything here adds to the usual habits.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Dialect {
    /// The heading level whose titles are the modules; absent: marked headings, else the index, else the file.
    pub module_level: Option<u8>,
    /// The heading level that carries an item's title, where a line below names the item.
    pub title_level: Option<u8>,
    /// What starts an operation, an event or a structure.
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
    /// The structure that the payload is.
    Structure,
}

/// What starts an operation, an event or a structure.
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
    /// An object that types refer to by name: its name is what `{wire}` catches.
    Structure,
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
    /// Where it stands in a request: query, path, header or body.
    pub place: Vec<String>,
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
