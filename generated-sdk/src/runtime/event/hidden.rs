//! A text that people wrote to each other, as `Debug` may show it.

use std::fmt;

/// Shows how long a text is, and nothing else of it.
pub struct Hidden<'a>(
    /// The text.
    pub Option<&'a str>,
);

impl fmt::Debug for Hidden<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(text) => write!(f, "Some({} bytes)", text.len()),
            None => f.write_str("None"),
        }
    }
}
