//! Owns what is known of media: pictures, videos and files that travel encrypted by a host of their own.

use super::{Path, Template};

/// Where media are, how they get there and how they are had back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Media {
    /// The address below which they are, e.g. `https://media.example/c2c`.
    pub root: String,
    /// The structure that one is in a message, e.g. `CdnMedia`.
    pub structure: String,
    /// How many bytes one may have, e.g. 104857600.
    pub most_bytes: u64,
    /// The header in which the host says why it refuses, e.g. `x-error-message`.
    pub reason: Option<String>,
    /// How they get there.
    pub up: Option<Upload>,
    /// How they are had back.
    pub down: Option<Download>,
}

/// How a medium gets to its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Id of the operation that says where to.
    pub operation: String,
    /// Its parameters.
    pub params: Template,
    /// The whole address in its reply, e.g. `["upload_full_url"]`.
    pub url: Option<Path>,
    /// What stands for the address in its reply, e.g. `["upload_param"]`.
    pub param: Option<Path>,
    /// Where that is below the root, e.g. `upload?param={param}`.
    pub at: String,
    /// The header that says how the host calls it, e.g. `x-encrypted-param`.
    pub taken: String,
    /// The medium in a message.
    pub medium: Template,
}

/// How a medium is had back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// The structure's field with the whole address, e.g. `full_url`.
    pub url: Option<String>,
    /// Its field that stands for the address, e.g. `encrypt_query_param`.
    pub param: Option<String>,
    /// Where that is below the root, e.g. `download?param={param}`.
    pub at: String,
    /// Its field with the key, e.g. `aes_key`.
    pub key: String,
    /// Where other structures hold it, e.g. `["media"]`.
    pub fields: Vec<String>,
    /// A field beside those with a key that wins, e.g. `aeskey`.
    pub beside: Option<String>,
    /// Structures whose medium is plain without a key, e.g. `["ImageItem"]`.
    pub plain: Vec<String>,
}
