//! What could not be decoded in a reply that is a success all the same.

use std::fmt;

/// A field of a reply that is not what the documents say.
///
/// It names the place and the kinds, never the value: that may be a secret.
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issue {
    /// Where, such as `sns[2].createTime`; empty for the data as a whole.
    pub path: String,
    /// What the field is declared as.
    pub expected: &'static str,
    /// What stood there.
    pub found: &'static str,
}

impl Issue {
    pub(crate) fn new(expected: &'static str, found: &'static str) -> Self {
        Self {
            path: String::new(),
            expected,
            found,
        }
    }

    /// What a text holds in place of bytes that could not be read.
    pub(crate) fn unreadable(text: &str) -> Option<Self> {
        let is_there = text.contains(char::REPLACEMENT_CHARACTER);
        is_there.then(|| Self::new("UTF-8", "U+FFFD in place of bytes that are none"))
    }

    /// Puts a step in front of the path, as decoding returns from it.
    pub(crate) fn within(&mut self, step: &str) {
        if !self.path.is_empty() && !self.path.starts_with('[') {
            self.path.insert(0, '.');
        }
        self.path.insert_str(0, step);
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() {
            "data"
        } else {
            &self.path
        };
        write!(
            f,
            "{path}: expected {}, found {}",
            self.expected, self.found
        )
    }
}
