//! Owns the digest by which a file that codegen wrote is known again: FNV-1a with 128 bits.
//!
//! It tells a hand edit from codegen's own text; it defends against nobody.

const BASIS: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;

/// A digest in the making.
#[derive(Clone, Debug)]
pub(crate) struct Digest(u128);

impl Digest {
    /// The digest of nothing.
    pub(crate) fn new() -> Self {
        Self(BASIS)
    }

    /// Adds a text; CRLF counts as LF, so that a checkout on Windows is no edit.
    pub(crate) fn text(mut self, text: &str) -> Self {
        let bytes = text.as_bytes();
        for (n, byte) in bytes.iter().enumerate() {
            if *byte == b'\r' && bytes.get(n + 1) == Some(&b'\n') {
                continue;
            }
            self.0 = (self.0 ^ u128::from(*byte)).wrapping_mul(PRIME);
        }
        self
    }

    /// Adds a border, so that `ab` + `c` differs from `a` + `bc`.
    pub(crate) fn border(self) -> Self {
        self.text("\0")
    }

    /// As 32 hexadecimal digits.
    pub(crate) fn hex(&self) -> String {
        format!("{:032x}", self.0)
    }
}

/// The digest of one text.
pub(crate) fn of(text: &str) -> String {
    Digest::new().text(text).hex()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_fnv_1a() {
        assert_eq!(of(""), "6c62272e07bb014262b821756295c58d");
        assert_eq!(of("a"), "d228cb696f1a8caf78912b704e4a8964");
        assert_eq!(of("foobar"), "343e1662793c64bf6f0d3597ba446f18");
    }

    #[test]
    fn line_breaks_are_no_edit() {
        assert_eq!(of("{\r\n}\r\n"), of("{\n}\n"));
        assert_ne!(of("{\r}"), of("{}"));
        assert_ne!(of("{\n}"), of("{}"));
    }

    #[test]
    fn borders_count() {
        let two = |a: &str, b: &str| Digest::new().text(a).border().text(b).hex();
        assert_ne!(two("ab", "c"), two("a", "bc"));
    }
}
