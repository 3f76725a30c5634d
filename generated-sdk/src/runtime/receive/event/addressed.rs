//! Events that only their address tells apart: which address, and what of the message is the payload.

use super::{EventApi, scalar};
use crate::runtime::codec::json::{Kind, Malformed, Reader, around, member};
use crate::runtime::codec::{Scalar, ScalarKind};
use std::borrow::Cow;

/// The key under which a message says to which address it came, once a receiver has read it.
pub(crate) const ADDRESS: &str = "address";
/// The key under which what came there stands.
pub(crate) const MESSAGE: &str = "message";

/// How deep a payload may be wrapped in its own key.
const WRAPPED: usize = 4;

/// What an API says about addresses. Empty lists are normal.
#[derive(Debug)]
pub struct Addressed {
    /// Settings under which addresses are registered.
    pub slots: &'static [&'static str],
    /// Operations that announce an address of their own, by id.
    pub operations: &'static [&'static str],
    /// Fields that hold JSON text where a message is a form.
    pub structured: &'static [&'static str],
    /// Codes whose payload has a member that is called like the key of payloads.
    pub holding: &'static [&'static str],
    /// Addresses of several events, and the key of the payload that tells these apart: `address/value` is their code.
    pub shared: &'static [(&'static str, &'static str)],
}

impl Addressed {
    /// Whether there is such an address.
    #[cfg(feature = "server")]
    pub(crate) fn has(&self, address: &str) -> bool {
        self.slots.contains(&address) || self.operations.contains(&address)
    }
}

/// A message by its parts.
pub(super) struct Parts<'a> {
    pub(super) whole: &'a str,
    pub(super) payload: &'a str,
    pub(super) code: Option<Scalar>,
}

/// Finds out what a message is that says to which address it came.
pub(super) fn open<'a>(
    api: &EventApi,
    addressed: &Addressed,
    text: &'a str,
) -> Result<Parts<'a>, Malformed> {
    let (mut address, mut whole) = (None, "");
    around(text, &mut |name, value, range| match name {
        ADDRESS => address = scalar(value),
        MESSAGE => whole = text.get(range).unwrap_or_default(),
        _ => {}
    })?;
    let inside = unwrapped(whole, api.payload, false);
    let code = address.map(|address| code(api, addressed, &address, inside));
    let is_in = |codes: &[&str]| {
        let code = code.as_ref().map(Scalar::as_str);
        code.is_some_and(|code| codes.contains(&code))
    };
    let payload = if is_in(addressed.holding) {
        unwrapped(whole, api.payload, true)
    } else if inside.len() < whole.len() || is_in(api.flat) {
        inside
    } else {
        // Something else stands beside the payload.
        member(whole, api.payload).unwrap_or(whole)
    };
    Ok(Parts {
        whole,
        payload,
        code,
    })
}

/// What stands below the key of the payload, where nothing stands beside it: an object, or a list as well.
fn unwrapped<'a>(mut value: &'a str, key: &str, objects: bool) -> &'a str {
    for _ in 0..WRAPPED {
        let mut reader = Reader::new(value);
        if reader.kind() != Kind::Object || !reader.enter() || reader.name() != key {
            break;
        }
        let is_nested = match reader.kind() {
            Kind::Object => true,
            Kind::Array => !objects,
            _ => false,
        };
        let inner = reader.raw();
        if !is_nested || reader.more() {
            break;
        }
        value = inner;
    }
    value
}

/// The address; where several events share it, with the value that tells them apart.
fn code(api: &EventApi, addressed: &Addressed, address: &Scalar, inside: &str) -> Scalar {
    let mut shared = addressed.shared.iter();
    let by = shared.find(|(shared, _)| *shared == address.as_str());
    let payload = member(inside, api.payload).unwrap_or(inside);
    let value = by.and_then(|(_, by)| {
        let value = member(inside, by).or_else(|| member(first(payload), by));
        value.and_then(scalar)
    });
    match value {
        Some(value) => {
            let code = format!("{}/{}", address.as_str(), value.as_str());
            Scalar::new(&code, ScalarKind::Text)
        }
        None => address.clone(),
    }
}

/// The first element of an array; anything else is itself.
fn first(value: &str) -> &str {
    let mut reader = Reader::new(value);
    if reader.kind() == Kind::Array && reader.enter() {
        reader.raw()
    } else {
        value
    }
}

/// An object as a list of one, a list of one as its element; nothing else.
pub(super) fn otherwise(value: &str) -> Option<Cow<'_, str>> {
    let mut reader = Reader::new(value);
    match reader.kind() {
        Kind::Object => Some(Cow::Owned(format!("[{value}]"))),
        Kind::Array if reader.enter() => {
            let only = reader.raw();
            (!reader.more()).then_some(Cow::Borrowed(only))
        }
        _ => None,
    }
}
