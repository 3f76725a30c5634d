//! Owns the colours of what people read in a terminal.

/// Colours, or none.
#[derive(Clone, Copy, Debug)]
pub struct Paint(bool);

impl Paint {
    /// Plain text.
    pub const OFF: Self = Self(false);
    /// Coloured text.
    pub const ON: Self = Self(true);

    /// Coloured text, if it helps.
    pub fn when(it_helps: bool) -> Self {
        Self(it_helps)
    }

    /// Of an error.
    pub fn error(self, text: &str) -> String {
        self.with("1;31", text)
    }

    /// Of a warning.
    pub fn warning(self, text: &str) -> String {
        self.with("1;33", text)
    }

    /// Of line numbers and arrows.
    pub fn frame(self, text: &str) -> String {
        self.with("1;34", text)
    }

    /// Of what a line is about.
    pub fn strong(self, text: &str) -> String {
        self.with("1", text)
    }

    /// Of what a reader may skip.
    pub fn faint(self, text: &str) -> String {
        self.with("2", text)
    }

    fn with(self, colour: &str, text: &str) -> String {
        if self.0 && !text.is_empty() {
            format!("\u{1b}[{colour}m{text}\u{1b}[0m")
        } else {
            text.to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_can_be_off() {
        assert_eq!(Paint::OFF.error("x"), "x");
        assert_eq!(Paint::ON.error("x"), "\u{1b}[1;31mx\u{1b}[0m");
    }
}
