//! Owns `[media]`: pictures, videos and files that travel encrypted by a host of their own.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::json::Value;

/// Where media are, how they get there and how they are had back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MediaDeclaration {
    /// How they are encrypted.
    pub scheme: Scheme,
    /// The address below which they are, where no answer and no message gives a whole one.
    pub root: String,
    /// The structure that a medium is in a message.
    pub structure: String,
    /// How many bytes a medium may have, unless a user says otherwise.
    pub most_bytes: u64,
    /// The header in which the host says why it refuses.
    #[serde(default)]
    pub reason: Option<String>,
    /// How they get there; `media = …` of `[[event.conversation.send]]` sends them.
    #[serde(default)]
    pub up: Option<UploadDeclaration>,
    /// How they are had back.
    #[serde(default)]
    pub down: Option<DownloadDeclaration>,
}

/// How media are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Scheme {
    /// AES with keys of 128 bits, block by block (ECB), filled up as PKCS#7 has it.
    #[serde(rename = "aes-128-ecb")]
    Aes128Ecb,
}

/// How a medium gets to its host.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UploadDeclaration {
    /// Id or wire of the operation that says where to.
    pub operation: String,
    /// Its parameters, with the places `"{id}"` (drawn for it, 32 hex letters), `"{kind}"`, `"{person}"`, `"{size}"`,
    /// `"{encrypted_size}"`, `"{md5}"` (hex letters), and the key as `"{key_hex}"`, `"{key_base64}"` (of its bytes) or
    /// `"{key_hex_base64}"` (of its hex letters).
    #[schemars(with = "serde_json::Value")]
    pub params: Value,
    /// The field of its reply that has the whole address: it wins.
    #[serde(default)]
    pub url: Option<String>,
    /// The field of its reply that stands for the address.
    #[serde(default)]
    pub param: Option<String>,
    /// Where that is below the root, with the places `{param}` and `{id}`: `upload?param={param}`.
    #[serde(default)]
    pub at: Option<String>,
    /// The header in which the host says how it calls what it has taken.
    pub taken: String,
    /// The medium in a message, with the places `"{taken}"`, `"{size}"`, `"{encrypted_size}"`, `"{md5}"` and those of
    /// the key.
    #[schemars(with = "serde_json::Value")]
    pub medium: Value,
}

/// How a medium is had back that a message speaks of.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DownloadDeclaration {
    /// The structure's field that has the whole address: it wins.
    #[serde(default)]
    pub url: Option<String>,
    /// Its field that stands for the address.
    #[serde(default)]
    pub param: Option<String>,
    /// Where that is below the root, with the place `{param}`: `download?param={param}`.
    #[serde(default)]
    pub at: Option<String>,
    /// Its field with the key, in any spelling.
    pub key: String,
    /// In which fields other structures hold the medium that they are about; what they hold in others, such as a small
    /// picture of it, is fetched by itself.
    pub fields: Vec<String>,
    /// A field beside those, with a key that wins.
    #[serde(default)]
    pub beside: Option<String>,
    /// Structures whose medium is not encrypted where there is no key.
    #[serde(default)]
    pub plain: Vec<String>,
}
