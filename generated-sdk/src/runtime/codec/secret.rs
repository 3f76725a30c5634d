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

/// The secrets in a request, however deep.
pub(crate) fn secrets(request: &dyn ToObject) -> Vec<Secret> {
    let mut found = Vec::new();
    of_object(request, &mut found);
    found
}

fn of_object(object: &dyn ToObject, found: &mut Vec<Secret>) {
    object.members(&mut |members| {
        for (_, value) in members {
            of_value(*value, found);
        }
    });
}

fn of_value(value: &dyn Encode, found: &mut Vec<Secret>) {
    match value.view() {
        // What is merely private hides a plain value; a secret hides itself once more.
        View::Private(inner) => match inner.view() {
            View::Private(secret) => of_secret(secret, found),
            View::Text(_) => {}
            _ => of_value(inner, found),
        },
        View::Object(object) => of_object(object, found),
        View::Members(entries) => of_object(&entries, found),
        View::List(list) => list.each(&mut |element| match element.view() {
            View::Private(secret) => of_secret(secret, found),
            _ => of_value(element, found),
        }),
        View::Joined(inner, _)
        | View::JsonText(inner)
        | View::Number(inner)
        | View::At(_, inner) => of_value(inner, found),
        _ => {}
    }
}

fn of_secret(secret: &dyn Encode, found: &mut Vec<Secret>) {
    if let View::Text(text) = secret.view() {
        found.push(Secret::from(text));
    }
}

/// Takes secrets out of a message, in which a vendor may repeat them. What is too short to keep anything secret stays:
/// it stands in half of all words.
pub(crate) fn hide<'s>(
    message: &mut Option<String>,
    secrets: impl IntoIterator<Item = &'s Secret>,
) {
    for secret in secrets {
        let secret = secret.expose();
        if let Some(message) = message
            && secret.chars().count() >= LEAST
            && message.contains(secret)
        {
            *message = message.replace(secret, "***");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::codec::{Joined, Members, Private, Visit};

    struct Ask(Secret, String, Vec<Secret>);

    impl ToObject for Ask {
        fn members(&self, visit: Visit<'_>) {
            visit(&[
                ("password", &Private(&self.0)),
                ("text", &Private(&self.1)),
                (
                    "proxy",
                    &Members(&[("password", &Private(&self.0)), ("text", &self.1)]),
                ),
                ("keys", &Private(&self.2)),
                ("joined", &Joined(&self.2, ",")),
            ]);
        }
    }

    #[test]
    fn secrets_are_found_however_deep_and_nothing_else_is() {
        let ask = Ask(
            "pa55".into(),
            "a text".into(),
            vec!["k3y1".into(), "k3y2".into()],
        );
        let found: Vec<_> = secrets(&ask)
            .iter()
            .map(|s| s.expose().to_owned())
            .collect();
        assert_eq!(found, ["pa55", "pa55", "k3y1", "k3y2", "k3y1", "k3y2"]);
    }

    #[test]
    fn a_message_is_not_garbled_by_what_is_no_secret() {
        let mut message = Some("the token t0ken is no good".to_owned());
        hide(
            &mut message,
            &["".into(), "e".into(), "is".into(), "t0ken".into()],
        );
        assert_eq!(message.as_deref(), Some("the token *** is no good"));
    }
}
