//! Owns fields: what is named on the wire, where it stands, how it is written, what it may be.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Type;
use crate::source::Location;

/// A named value on the wire.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The name on the wire, never case-converted, e.g. `wcId`.
    pub wire: String,
    /// Other spellings that are seen on the wire, e.g. `wcid`.
    pub aliases: Vec<String>,
    /// What the documents say of it, e.g. `微信号`.
    pub title: String,
    /// What it holds.
    pub ty: Type,
    /// Whether it must be given.
    pub required: bool,
    /// It is given, and may be null, e.g. on the first page.
    pub nullable: bool,
    /// Alternatives, one of which must be given, e.g. `userId` and `stranger`.
    pub one_of: Vec<String>,
    /// Members, of an object or of the objects in a list.
    pub fields: Vec<Field>,
    /// The structure that it is, or each of its elements, e.g. `Comment`: that has the members.
    pub structure: Option<String>,
    /// The separator of a text that is a list, e.g. `,` in `wxid_a,wxid_b`.
    pub list: Option<String>,
    /// Enumerated values, e.g. `1` `男` and `2` `女`.
    pub values: Vec<Choice>,
    /// Documented forms of a text, with `{placeholders}`, e.g. `"{name}"邀请你加入了群聊`.
    pub forms: Vec<Choice>,
    /// The one value it always has, e.g. `1`.
    pub constant: Option<String>,
    /// What the gateway assumes where it is absent, e.g. `0`.
    pub default: Option<String>,
    /// Documented bounds, e.g. of `最多20个`.
    pub limits: Limits,
    /// Where it stands.
    pub place: Place,
    /// How a structured value is written.
    pub encoding: Encoding,
    /// Never to be shown, e.g. a password.
    pub secret: bool,
    /// What people write: not to be shown in logs, e.g. `content`.
    pub private: bool,
    /// Struck through in the documents.
    pub deprecated: bool,
    /// Carried by the session, e.g. `wId`.
    pub session: bool,
    /// A correction says that replies always have it.
    pub certain: bool,
    /// A public name that a correction asks for, e.g. `sex`.
    pub name: Option<String>,
    /// Remarks beside the title, e.g. where our specification differs from the vendor's document.
    pub notes: Vec<String>,
    /// The row, or the sample's key.
    pub source: Option<Location>,
}

impl Field {
    /// Whether a caller must give it: what always has one value is sent by itself.
    pub fn is_wanted(&self) -> bool {
        self.required && self.always().is_none()
    }

    /// The one value that it always has, as JSON.
    pub fn always(&self) -> Option<String> {
        let constant = self.constant.as_ref()?;
        let is_plain = matches!(
            self.ty,
            Type::Integer | Type::Unsigned | Type::Number | Type::Boolean | Type::Any
        );
        let is_json = |text: &&String| {
            matches!(text.as_str(), "true" | "false")
                || text.parse::<f64>().is_ok_and(f64::is_finite)
        };
        let quoted = || serde_json::Value::from(constant.as_str()).to_string();
        match self.ty {
            Type::Object | Type::List(_) => None,
            _ if is_plain => Some(
                Some(constant)
                    .filter(is_json)
                    .map_or_else(quoted, String::clone),
            ),
            _ => Some(quoted()),
        }
    }

    /// Its type as rows spell it: `Comment[]`, `string`.
    pub fn type_name(&self) -> String {
        match (&self.structure, self.ty) {
            (Some(name), Type::List(_)) => format!("{name}[]"),
            (Some(name), _) => name.clone(),
            (None, ty) => ty.as_str().to_owned(),
        }
    }

    /// A field that is only known by name and type.
    pub fn new(wire: impl Into<String>, ty: Type) -> Self {
        Self {
            wire: wire.into(),
            aliases: Vec::new(),
            title: String::new(),
            ty,
            required: false,
            nullable: false,
            one_of: Vec::new(),
            fields: Vec::new(),
            structure: None,
            list: None,
            values: Vec::new(),
            forms: Vec::new(),
            constant: None,
            default: None,
            limits: Limits::default(),
            place: Place::Payload,
            encoding: Encoding::Plain,
            secret: false,
            private: false,
            deprecated: false,
            session: false,
            certain: false,
            name: None,
            notes: Vec::new(),
            source: None,
        }
    }
}

/// Where a field stands in its message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// Inside the payload, e.g. in `option`.
    Payload,
    /// Beside the payload, e.g. beside `option`.
    Envelope,
    /// In the query of the address, e.g. `?qrcode=…`.
    Query,
    /// In the path of the address, e.g. `/user/{id}`.
    Path,
    /// In a header of the request, e.g. `X-Device: …`.
    Header,
}

impl Place {
    /// As `inspect` and the column of documents call what is not the body.
    pub fn outside(self) -> Option<&'static str> {
        match self {
            Self::Payload | Self::Envelope => None,
            Self::Query => Some("query"),
            Self::Path => Some("path"),
            Self::Header => Some("header"),
        }
    }
}

/// How a structured value is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Encoding {
    /// As itself.
    Plain,
    /// As a text that holds JSON, e.g. `"[{\"id\": 1}]"`.
    JsonText,
    /// As a text that holds XML, e.g. `"<msg/>"`.
    XmlText,
}

/// One enumerated value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// As it is on the wire, number or text, e.g. `1`.
    pub value: String,
    /// What the documents call it, e.g. `男`.
    pub title: String,
    /// A public name that a correction asks for, e.g. `male`.
    pub name: Option<String>,
}

impl Choice {
    /// A value and what it means.
    pub(crate) fn new(value: &str, title: &str) -> Self {
        Self {
            value: value.to_owned(),
            title: title.to_owned(),
            name: None,
        }
    }
}

/// Documented bounds of a value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Fewest elements, e.g. 2 for `至少 2 个`.
    pub min_items: Option<u32>,
    /// Most elements, e.g. 20 for `最多 20 个`.
    pub max_items: Option<u32>,
    /// Largest file in bytes, e.g. 20 << 20 for `最大支持20M`.
    pub max_bytes: Option<u64>,
    /// Longest recording in seconds, e.g. 30 for `30秒内`.
    pub max_seconds: Option<u32>,
}
