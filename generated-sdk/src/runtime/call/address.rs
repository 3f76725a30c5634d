//! What of a request stands outside of its body: in the path, in the query, in headers.
//!
//! In: `GET /user/{id}` and a request with `id` and `lang`. Out: `/user/7?lang=zh`, below the base URL.

use super::operation::{Method, Operation};
use super::wire::{Around, Whole};
#[cfg(feature = "store")]
use crate::runtime::codec::NOTHING;
use crate::runtime::codec::{Place, Scalar, ToObject, plain_text, push_escaped, push_query, sent};
use std::borrow::Cow;

/// What of a request stands outside of its body.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Address {
    /// The path, its parameters filled in, and the query.
    pub(super) target: Cow<'static, str>,
    pub(super) headers: Vec<(String, String)>,
    /// Why it leads nowhere, in words that hold names only.
    pub(super) wrong: Option<String>,
}

/// What stands in the query. A `GET` has no body, so its parameters stand there.
fn in_query(operation: &Operation) -> &'static [Place] {
    match operation.method {
        Method::Get => &[Place::Payload, Place::Envelope, Place::InQuery],
        _ => &[Place::InQuery],
    }
}

impl Address {
    /// Of a request, with these values of the session.
    pub(crate) fn of(
        operation: &'static Operation,
        session: &[Scalar],
        request: &dyn ToObject,
    ) -> Self {
        let around = Around { operation, session };
        let whole = Whole { operation, request };
        let both: [&dyn ToObject; 2] = [&around, &whole];
        let (mut query, mut headers) = (String::new(), Vec::new());
        let mut path = Cow::Borrowed(operation.path);
        let mut wrong = None;
        for object in both {
            push_query(&mut query, object, in_query(operation));
            sent(object, &[Place::InHeader], &mut |name, view| {
                headers.push((name.to_owned(), plain_text(view)));
            });
            sent(object, &[Place::InPath], &mut |name, view| {
                let text = plain_text(view);
                // What leads to another path however it is written.
                if matches!(&*text, "" | "." | "..") {
                    wrong = Some(format!(
                        "`{name}` stands in the path, and cannot be `{text}`"
                    ));
                }
                let mut escaped = String::new();
                push_escaped(&mut escaped, &text);
                path = path.replace(&format!("{{{name}}}"), &escaped).into();
            });
        }
        if !query.is_empty() {
            let mark = if path.contains('?') { '&' } else { '?' };
            path = format!("{path}{mark}{query}").into();
        }
        Self {
            target: path,
            headers,
            wrong,
        }
    }

    /// Of a call that only its path names.
    pub(super) fn at(path: String) -> Self {
        Self {
            target: path.into(),
            ..Self::default()
        }
    }
}

/// Whether a request has anything outside of its body.
#[cfg(feature = "store")]
pub(crate) fn is_addressed(operation: &'static Operation, request: &dyn ToObject) -> bool {
    Address::of(operation, &[], request) != Address::of(operation, &[], &NOTHING)
}
