//! The envelope around every answer, opened before anything is known of its data.

use super::operation::{Api, Data, Operation};
use crate::runtime::codec::json::{Malformed, members};
use crate::runtime::codec::{Input, Scalar};
use std::ops::Range;

/// An answer's outer members.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    pub(crate) code: Option<Scalar>,
    pub(crate) message: Option<String>,
    /// Where the data stands in the text.
    pub(crate) data: Range<usize>,
    /// Where an object stands under the key of data, if the envelope itself is the data.
    pub(crate) inner: Range<usize>,
}

/// Opens the envelope in `text`, which is checked on the way. An answer that is no object has no code.
pub(crate) fn open(operation: &Operation, text: &str) -> Result<Opened, Malformed> {
    let mut opened = Opened::default();
    let payload = operation.data == Data::Payload && !operation.api.code.is_empty();
    let range = members(text, &mut |name, value, range| {
        member(operation.api, &mut opened, payload, name, value, range)
    })?;
    if !payload {
        opened.data = range;
    }
    Ok(opened)
}

fn member(
    api: &Api,
    opened: &mut Opened,
    payload: bool,
    name: &str,
    value: &str,
    range: Range<usize>,
) {
    if api.code.contains(&name) {
        opened.code = Scalar::read(value)
            .map(Scalar::trimmed)
            .or(opened.code.take());
    } else if api.message.contains(&name) {
        if opened.message.is_none() {
            opened.message = Scalar::read(value)
                .map(Scalar::trimmed)
                .filter(|text| !text.is_empty())
                .map(Scalar::into_text);
        }
    } else if api.data.contains(&name) {
        if payload {
            opened.data = range;
        } else if value.starts_with('{') {
            opened.inner = range;
        }
    }
}

/// Whether a code says success for this operation; without an envelope every answer does.
pub(crate) fn succeeded(operation: &Operation, code: Option<&Scalar>) -> bool {
    let success = operation.success.unwrap_or(operation.api.success);
    match code {
        Some(code) => success.contains(&code.as_str()),
        None => operation.api.code.is_empty(),
    }
}

/// Whether a code says "busy, again later" for this operation.
pub(crate) fn is_busy(operation: &Operation, code: Option<&Scalar>) -> bool {
    let busy = operation.busy.unwrap_or(operation.api.busy);
    code.is_some_and(|code| busy.contains(&code.as_str()))
}

/// The data of an opened answer, ready to be read.
pub(crate) fn data<'a>(text: &'a str, range: &Range<usize>) -> Input<'a> {
    Input::new(text.get(range.clone()).unwrap_or_default())
}
