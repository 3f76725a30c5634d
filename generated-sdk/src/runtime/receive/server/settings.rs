//! How a receiver works, and what is wrong with settings by which none could.

use super::connections::Bounds;
use super::observer::Observer;
use crate::runtime::codec::Secret;
use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;
use tokio::runtime::Handle;

/// How a receiver takes messages in.
pub(super) struct Settings {
    pub(super) path: String,
    pub(super) secret_path: Option<Secret>,
    pub(super) secret_header: Option<(String, Secret)>,
    pub(super) unprotected: bool,
    pub(super) body_limit: usize,
    pub(super) bodies_bytes: usize,
    pub(super) bounds: Bounds,
    pub(super) patience: Duration,
    pub(super) observer: Option<Arc<dyn Observer>>,
}

/// A receiver that cannot be: what is wrong with its settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Misuse(pub(in crate::runtime) &'static str);

impl fmt::Display for Misuse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Misuse {}

/// A part of a path that needs no encoding.
fn plain(part: &str) -> bool {
    let unreserved =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~');
    !part.is_empty() && part.bytes().all(unreserved)
}

/// Whether a path can be a route.
pub(in crate::runtime) fn check_path(path: &str) -> Result<(), Misuse> {
    let parts = path.strip_prefix('/');
    if parts.is_some_and(|parts| parts.split('/').all(plain)) {
        return Ok(());
    }
    Err(Misuse(
        "the path begins with `/`, and its parts are of letters, digits, `-`, `_`, `.` and `~`",
    ))
}

pub(super) fn check(settings: &Settings) -> Result<(), Misuse> {
    check_path(&settings.path)?;
    if let Some(secret) = &settings.secret_path
        && !plain(secret.expose())
    {
        return Err(Misuse(
            "the secret path is of letters, digits, `-`, `_`, `.` and `~`",
        ));
    }
    if let Some((name, secret)) = &settings.secret_header {
        if axum::http::HeaderName::try_from(name.as_str()).is_err() {
            return Err(Misuse("the secret header's name is no header name"));
        }
        if secret.expose().is_empty() {
            return Err(Misuse("the secret header is empty"));
        }
    }
    let open = settings.secret_path.is_none() && settings.secret_header.is_none();
    if open && !settings.unprotected {
        return Err(Misuse(
            "anybody could post messages: set a secret path or header, or say `unprotected`",
        ));
    }
    if Handle::try_current().is_err() {
        return Err(Misuse("a receiver is started inside of a Tokio runtime"));
    }
    Ok(())
}
