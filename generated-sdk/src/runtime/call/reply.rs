//! A call that the vendor calls a success.

use super::envelope;
use super::error::{Error, ErrorKind};
use super::operation::Operation;
use crate::runtime::codec::json::{find, is_empty, plain};
use crate::runtime::codec::{Issue, Scalar, Slot};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

/// A successful reply: typed data, and everything else that came.
#[derive(Clone)]
#[non_exhaustive]
pub struct Reply<T> {
    /// The data. Fields that were absent, empty or not as documented are `None` or empty.
    pub data: T,
    rest: Arc<Rest>,
}

/// What a reply is besides its data.
pub(crate) struct Rest {
    pub(crate) status: u16,
    pub(crate) code: Option<Scalar>,
    pub(crate) message: Option<String>,
    pub(crate) data: Range<usize>,
    pub(crate) inner: Range<usize>,
    pub(crate) body: String,
    pub(crate) issues: Vec<Issue>,
    pub(crate) attempts: u32,
    pub(crate) request_id: Option<String>,
}

impl Rest {
    /// Reads the data into a slot; what does not fit is noted.
    pub(crate) fn fill(&mut self, slot: &mut dyn Slot) {
        // What is documented beside the code comes one level deeper at times; where it is in both places, beside the
        // code counts.
        let inner = Some(&self.inner).filter(|inner| !inner.is_empty());
        for range in inner.into_iter().chain([&self.data]) {
            let mut input = envelope::data(&self.body, range);
            slot.fill(&mut input);
            self.issues.extend(input.into_issues());
        }
    }

    /// The data as it came.
    pub(crate) fn raw(&self) -> &str {
        self.body.get(self.data.clone()).unwrap_or_default()
    }

    /// A field of the data that is not empty, or of what stands one level deeper: what stands beside the code counts.
    pub(crate) fn find(&self, path: &[&str]) -> Option<&str> {
        let deeper = self.body.get(self.inner.clone()).unwrap_or_default();
        let found = [self.raw(), deeper].into_iter();
        let mut found = found.filter(|data| !data.is_empty());
        found.find_map(|data| find(data, path).filter(|raw| !is_empty(raw)))
    }

    /// The same, if it is one text or number.
    pub(crate) fn text(&self, path: &[&str]) -> Option<String> {
        let scalar = |raw: &&str| !raw.starts_with(['{', '[']);
        self.find(path).filter(scalar).map(plain)
    }

    /// An error that says why this success is of no use.
    pub(crate) fn unusable(&self, operation: &'static Operation, message: String) -> Error {
        Error::new(ErrorKind::Undecodable, operation)
            .with_code(self.code.clone())
            .with_message(Some(message))
            .with_answer(self.status, self.body.clone())
            .after_attempts(self.attempts, self.request_id.clone())
    }
}

impl<T> Reply<T> {
    pub(crate) fn new(data: T, rest: Arc<Rest>) -> Self {
        Self { data, rest }
    }

    /// Everything that is the same whatever the data is.
    pub(crate) fn rest(&self) -> &Rest {
        &self.rest
    }

    /// Reads the data.
    pub(crate) fn of(mut rest: Rest) -> Self
    where
        T: Slot + Default,
    {
        let mut data = T::default();
        rest.fill(&mut data);
        Self::new(data, Arc::new(rest))
    }

    /// The vendor's code, as text whatever it was written as; empty if the API has none.
    pub fn code(&self) -> &str {
        self.rest
            .code
            .as_ref()
            .map(Scalar::as_str)
            .unwrap_or_default()
    }

    /// The vendor's message; empty if there is none.
    pub fn message(&self) -> &str {
        self.rest.message.as_deref().unwrap_or_default()
    }

    /// The HTTP status.
    pub fn status(&self) -> u16 {
        self.rest.status
    }

    /// How many attempts it took.
    pub fn attempts(&self) -> u32 {
        self.rest.attempts
    }

    /// The call's id, if the client gives calls one.
    pub fn request_id(&self) -> Option<&str> {
        self.rest.request_id.as_deref()
    }

    /// What could not be decoded; the rest of the data is there all the same.
    pub fn issues(&self) -> &[Issue] {
        &self.rest.issues
    }

    /// The whole answer as it came, for what no document describes.
    pub fn body(&self) -> &str {
        &self.rest.body
    }

    /// An error that says why this success is of no use, for steps that need what a reply left out.
    pub fn unusable(&self, operation: &'static Operation, message: impl Into<String>) -> Error {
        self.rest.unusable(operation, message.into())
    }

    /// The data as it came, as JSON text; empty if there was none.
    pub fn raw_data(&self) -> &str {
        self.rest.raw()
    }
}

/// Shows everything but the body.
impl<T: fmt::Debug> fmt::Debug for Reply<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        debug(&self.data, &self.rest, f)
    }
}

fn debug(data: &dyn fmt::Debug, rest: &Rest, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    f.debug_struct("Reply")
        .field("data", data)
        .field("code", &rest.code)
        .field("message", &rest.message)
        .field("issues", &rest.issues)
        .finish_non_exhaustive()
}

/// The data alone: what else a reply holds is about the call.
#[cfg(feature = "serialize")]
impl<T: serde::Serialize> serde::Serialize for Reply<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.data.serialize(serializer)
    }
}
