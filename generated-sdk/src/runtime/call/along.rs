//! What goes along with every request of an API and is no parameter of any: headers, members of bodies.

use super::operation::{Api, BodyFormat, Method, Operation};
use super::random;
use crate::runtime::codec::base64;
use crate::runtime::codec::json::{find, push_text};
use std::borrow::Cow;

/// A header that goes with every call.
#[derive(Debug)]
pub struct FixedHeader {
    /// Its name.
    pub name: &'static str,
    /// Its value, in which braces may stand for what is computed.
    pub value: &'static str,
    /// The methods of the calls that have it; none: all.
    pub methods: &'static [Method],
}

/// A member that goes with the body of every authorised call.
#[derive(Debug)]
pub struct With {
    /// Its path from the root of the body.
    pub path: &'static str,
    /// What it is, as JSON, in which braces may stand for what is computed; `None`: what the client was given.
    pub value: Option<&'static str>,
    /// How long what a client is given may be.
    pub most_bytes: Option<usize>,
}

/// What a client was given for a member.
pub(crate) type Given = (&'static With, String);

/// The headers that go with a call.
pub(super) fn headers(operation: &Operation) -> impl Iterator<Item = (String, String)> {
    let headers = operation.api.headers.iter();
    let method = operation.method;
    let headers = headers.filter(move |h| h.methods.is_empty() || h.methods.contains(&method));
    headers.map(|header| (header.name.to_owned(), computed(header.value).into_owned()))
}

/// A body with the members that go along; those that it has already stay as they are.
pub(super) fn with_members(operation: &Operation, given: &[Given], mut body: String) -> String {
    let Api { with, format, .. } = operation.api;
    let has_body = operation.method != Method::Get && body.ends_with('}');
    if with.is_empty() || !operation.authorized || *format != BodyFormat::Json || !has_body {
        return body;
    }
    let value = |with: &'static With| match with.value {
        Some(json) => Some((with.path, computed(json))),
        None => {
            let (_, text) = given
                .iter()
                .rev()
                .find(|(known, _)| known.path == with.path)?;
            let mut json = String::new();
            push_text(&mut json, text);
            Some((with.path, Cow::Owned(json)))
        }
    };
    let is_new = |with: &&With| {
        let root = with.path.split('.').next().unwrap_or_default();
        find(&body, &[root]).is_none()
    };
    let members: Vec<_> = with.iter().filter(is_new).filter_map(value).collect();
    body.pop();
    push_members(&mut body, &members);
    body.push('}');
    body
}

/// Appends members by their paths; those below one name are an object.
fn push_members(out: &mut String, members: &[(&str, Cow<'_, str>)]) {
    let mut rest = members;
    while let Some((path, value)) = rest.first() {
        let name = path.split('.').next().unwrap_or_default();
        if !out.ends_with('{') {
            out.push(',');
        }
        push_text(out, name);
        out.push(':');
        let below = |(path, _): &&(&str, Cow<'_, str>)| {
            let rest = path.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with('.'))
        };
        let count = rest.iter().take_while(below).count();
        let (own, others) = rest.split_at(count.max(1));
        if count == 0 {
            out.push_str(value);
        } else {
            let inner = own.iter();
            let inner = inner.map(|(path, value)| (&path[name.len() + 1..], value.clone()));
            out.push('{');
            push_members(out, &inner.collect::<Vec<_>>());
            out.push('}');
        }
        rest = others;
    }
}

/// A text with what is computed in place of braces.
fn computed(text: &'static str) -> Cow<'static, str> {
    if !text.contains('{') {
        return text.into();
    }
    let random = || base64::encode((random::number() >> 32).to_string().as_bytes());
    text.replace("{version_number}", &version_number().to_string())
        .replace("{version}", env!("CARGO_PKG_VERSION"))
        .replace("{random_u32_base64}", &random())
        .into()
}

/// The version of this crate as one number.
fn version_number() -> u32 {
    let parts = [
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
        env!("CARGO_PKG_VERSION_PATCH"),
    ];
    let parts = parts.into_iter();
    parts.fold(0, |number, part| number << 8 | part.parse().unwrap_or(0))
}
