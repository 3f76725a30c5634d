//! The envelope around every answer, opened before anything is known of its data.

use super::operation::{Data, Operation};
use crate::runtime::codec::json::{Malformed, members};
use crate::runtime::codec::{Input, Scalar};
use std::ops::Range;

/// An answer's outer members.
#[derive(Debug, Default)]
pub(crate) struct Opened {
    /// Of several codes the one that fails; of those, or where none does, the one that is declared first.
    pub(crate) code: Option<Scalar>,
    /// Which of the declared keys the code has.
    key: usize,
    /// Whether the answer is a success.
    pub(crate) succeeded: bool,
    pub(crate) message: Option<String>,
    /// Where the data stands in the text.
    pub(crate) data: Range<usize>,
    /// Where an object stands under the key of data, if the envelope itself is the data.
    pub(crate) inner: Range<usize>,
}

/// Opens the envelope in `text`, which is checked on the way. An answer that has neither code nor data is the data.
pub(crate) fn open(operation: &Operation, text: &str) -> Result<Opened, Malformed> {
    let mut opened = Opened::default();
    let payload = operation.data == Data::Payload && !operation.api.data.is_empty();
    let whole = members(text, &mut |name, value, range| {
        member(operation, &mut opened, payload, name, value, range);
    })?;
    let coded = opened.code.is_some();
    if !coded {
        opened.succeeded = operation.api.code.is_empty() || is_success(operation, "");
    }
    if !payload || (!coded && opened.data.is_empty()) {
        opened.data = whole;
    }
    Ok(opened)
}

fn member(
    operation: &Operation,
    opened: &mut Opened,
    payload: bool,
    name: &str,
    value: &str,
    range: Range<usize>,
) {
    let api = operation.api;
    if let Some(key) = api.code.iter().position(|key| *key == name) {
        let code = Scalar::read(value).map(Scalar::trimmed);
        let Some(code) = code.filter(|code| !code.as_str().is_empty()) else {
            return;
        };
        let succeeded = is_success(operation, code.as_str());
        if opened.code.is_none() || (succeeded, key) <= (opened.succeeded, opened.key) {
            (opened.code, opened.succeeded, opened.key) = (Some(code), succeeded, key);
        }
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

/// Whether a code is among those that say success: `""` stands for none, `"!0"` for any but 0.
fn is_success(operation: &Operation, code: &str) -> bool {
    let success = operation.success.unwrap_or(operation.api.success);
    let mut but = success.iter().filter_map(|known| known.strip_prefix('!'));
    let listed = success.contains(&code);
    listed || (!code.is_empty() && but.clone().next().is_some() && but.all(|other| other != code))
}

/// Whether a code says "busy, again later" for this operation.
pub(crate) fn is_busy(operation: &Operation, code: Option<&Scalar>) -> bool {
    let busy = operation.busy.unwrap_or(operation.api.busy);
    code.is_some_and(|code| busy.contains(&code.as_str()))
}

/// Whether a code says that the session has expired.
pub(crate) fn is_expired(operation: &Operation, code: Option<&Scalar>) -> bool {
    let expired = operation.expired.unwrap_or(operation.api.expired);
    code.is_some_and(|code| expired.contains(&code.as_str()))
}

/// The data of an opened answer, ready to be read.
pub(crate) fn data<'a>(text: &'a str, range: &Range<usize>) -> Input<'a> {
    Input::new(text.get(range.clone()).unwrap_or_default())
}
