//! Owns the rows: what was read from a vendor's documents, in the form of `api_catalog.json`.
//!
//! The Chinese keys are the upstream form and hold cells as they are printed; the English ones are
//! ours, all optional.

use crate::json::{Map, Value};
use crate::source::Location;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Catalog {
    /// Everything that was read, in the order of the documents.
    pub catalog: Vec<Entry>,
    /// Keys that we do not write; upstream puts a time stamp here.
    #[serde(flatten, skip_serializing_if = "Map::is_empty")]
    #[schemars(skip)]
    pub other: Map,
}

/// What an entry is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EntryKind {
    /// A path that is requested.
    #[default]
    Endpoint,
    /// A task that the vendor's program fetches.
    Command,
    /// A message on an open connection.
    Call,
    /// Something the gateway tells.
    Event,
    /// A chapter.
    Category,
    /// A table that explains rather than defines.
    Reference,
    /// Values that belong to a name.
    Values,
    /// An object that types refer to by name.
    Structure,
}

/// One section of a document.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Entry {
    /// The file that documents it.
    pub doc: String,
    /// Its title.
    pub title: String,
    /// The slug of its module.
    pub module: String,
    /// What it is.
    pub kind: EntryKind,
    /// Its id, unique within the API.
    pub operation_id: String,
    /// HTTP method.
    #[serde(default)]
    pub method: Option<String>,
    /// Path.
    #[serde(default)]
    pub path: Option<String>,
    /// The URL as documented.
    #[serde(default)]
    pub request_url: Option<String>,
    /// Documented headers.
    #[serde(default)]
    pub headers: Vec<Header>,
    /// Parameters; of an event or a structure: its fields.
    #[serde(default)]
    pub params: Vec<Row>,
    /// Reply fields.
    #[serde(default)]
    pub returns: Vec<Row>,
    /// The API, where a provider has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api: Option<String>,
    /// Command name, call code or event codes; of a structure: its name.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub wire: Vec<String>,
    /// The operation and its parameter that announce this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub announced_by: Option<Announcer>,
    /// The setting under which an event's address is registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// Struck through.
    #[serde(default, skip_serializing_if = "is_false")]
    pub deprecated: bool,
    /// The structure that the payload is, or that of each element: `Comment[]`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub structure: Option<String>,
    /// Tables of values.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ValueTable>,
    /// Examples, mended.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub samples: Vec<SampleEntry>,
    /// What else it says, in its order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<Note>,
    /// Keys that we do not know; kept, and reported.
    #[serde(flatten, skip_serializing_if = "Map::is_empty")]
    #[schemars(skip)]
    pub other: Map,
    /// Where it starts.
    #[serde(skip)]
    pub at: Option<Location>,
    /// Further places that say the same.
    #[serde(skip)]
    pub repeats: Vec<Location>,
}

/// What a document says that defines nothing, and that readers of the SDK want to know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Note {
    /// A sentence, e.g. `每次最多 20 个`.
    Text(String),
    /// The heading of what follows.
    Title {
        /// As a reader sees it.
        title: String,
    },
    /// A block of code that is no example, e.g. the XML that a parameter takes.
    Code {
        /// Its lines.
        code: String,
    },
    /// A table that explains.
    Table {
        /// The titles of its columns.
        columns: Vec<String>,
        /// Its rows, a text a cell.
        rows: Vec<Vec<String>>,
    },
}

impl Note {
    /// The sentence, if it is one.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// A documented header.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Header {
    /// As printed.
    pub name: String,
    /// As printed.
    pub value: String,
}

/// What makes the gateway send an event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Announcer {
    /// The operation.
    pub operation_id: String,
    /// The parameter that takes the address.
    pub param: String,
}

/// One row of a table.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Row {
    /// The name, as printed.
    #[serde(rename = "参数名", default)]
    pub name: String,
    /// Whether it is required, as printed.
    #[serde(
        rename = "必选",
        alias = "必填",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub required: Option<String>,
    /// The type, as printed.
    #[serde(rename = "类型", default)]
    pub ty: String,
    /// Where it stands in a request, as printed.
    #[serde(rename = "位置", default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// The meaning, as printed.
    #[serde(rename = "说明", default)]
    pub description: String,
    /// Where the field stands, from the root of the message: `data.sns[].id`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Further columns, and keys that we do not know.
    #[serde(flatten, skip_serializing_if = "Map::is_empty")]
    #[schemars(skip)]
    pub other: Map,
    /// The container that the table's title or caption names.
    #[serde(skip)]
    pub container: Option<String>,
    /// Where the row stands.
    #[serde(skip)]
    pub at: Option<Location>,
}

/// Values of one field, from a table of their own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ValueTable {
    /// The field.
    pub field: String,
    /// The rows are forms of a text rather than all its values.
    #[serde(default, skip_serializing_if = "is_false")]
    pub forms: bool,
    /// The values.
    pub values: Vec<ValueRow>,
}

/// One value.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ValueRow {
    /// As it is on the wire.
    pub value: String,
    /// What it means.
    pub title: String,
}

/// What an example shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SampleKind {
    /// What is sent.
    Request,
    /// What comes back.
    #[default]
    Reply,
    /// What the gateway tells.
    Event,
}

/// An example, mended.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SampleEntry {
    /// What it shows.
    pub kind: SampleKind,
    /// When there are several: which.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The example.
    #[schemars(with = "serde_json::Value")]
    pub value: Value,
    /// What comments beside the keys say, by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<Remark>,
    /// Cut off in the document.
    #[serde(default, skip_serializing_if = "is_false")]
    pub incomplete: bool,
}

/// A comment beside a key of an example.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Remark {
    /// The key's path.
    pub path: String,
    /// The comment.
    pub text: String,
}

fn is_false(value: &bool) -> bool {
    !*value
}
