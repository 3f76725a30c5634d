//! A text that never shows itself by accident.
//!
//! By hand: `secrecy` would be a crate more for everybody, and still need a type around it that travels, compares and
//! is made of texts. It wipes its memory, but what it guards goes on into headers and bodies that nobody wipes.

use super::encode::{Encode, ToObject, View};
use std::fmt;

/// What is shorter stands in a text by chance, and keeps nothing secret.
const LEAST: usize = 4;

/// A token, password or key: it travels, but `Debug` does not show it and there is no `Display`.
///
/// ```
/// use generated_sdk::Secret;
/// let token = Secret::from("s3cr3t");
/// assert_eq!(format!("{token:?}"), "Secret(***)");
/// assert_eq!(token.expose(), "s3cr3t");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Box<str>);

impl Secret {
    /// The text itself; what happens to it from here on is the caller's care.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl Encode for Secret {
    fn view(&self) -> View<'_> {
        View::Private(&self.0)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(***)")
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<&String> for Secret {
    fn from(text: &String) -> Self {
        Self(text.as_str().into())
    }
}

impl From<&Secret> for Secret {
    fn from(secret: &Secret) -> Self {
        secret.clone()
    }
}

/// The secrets among the members of a request.
pub(crate) fn secrets(request: &dyn ToObject) -> Vec<Secret> {
    let mut found = Vec::new();
    request.members(&mut |members| {
        for (_, value) in members {
            // What is merely private hides a plain value; a secret hides itself once more.
            if let View::Private(value) = value.view()
                && let View::Private(secret) = value.view()
                && let View::Text(text) = secret.view()
                && text.chars().count() >= LEAST
            {
                found.push(Secret::from(text));
            }
        }
    });
    found
}

/// Takes secrets out of a message, in which a vendor may repeat them.
pub(crate) fn hide<'s>(
    message: &mut Option<String>,
    secrets: impl IntoIterator<Item = &'s Secret>,
) {
    for secret in secrets {
        if let Some(message) = message
            && !secret.expose().is_empty()
            && message.contains(secret.expose())
        {
            *message = message.replace(secret.expose(), "***");
        }
    }
}
