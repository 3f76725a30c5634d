//! A number, a text or a boolean exactly as it stood on the wire.

use super::json::{Kind, Reader, number, push_display};
use std::fmt;
use std::hash::{Hash, Hasher};

/// What a [`Scalar`] was written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScalarKind {
    /// Between quotes.
    Text,
    /// As digits.
    Number,
    /// As `true` or `false`.
    Bool,
}

/// A number, text or boolean, with every digit it came with.
///
/// Two scalars are equal if they read the same: the number `7` and the text `"7"` are one id.
///
/// ```
/// use generated_sdk::Scalar;
/// assert_eq!(Scalar::from(7_i64), Scalar::from("7"));
/// assert_eq!(Scalar::from(u64::MAX).as_str(), "18446744073709551615");
/// ```
#[derive(Clone)]
pub struct Scalar {
    raw: Box<str>,
    kind: ScalarKind,
}

impl Scalar {
    pub(crate) fn new(raw: &str, kind: ScalarKind) -> Self {
        Self {
            raw: raw.into(),
            kind,
        }
    }

    /// The scalar that a checked value is; `None` if it is null, a list or an object.
    pub(crate) fn read(value: &str) -> Option<Self> {
        let mut reader = Reader::new(value);
        match reader.kind() {
            Kind::Text => Some(Self::new(&reader.text(), ScalarKind::Text)),
            Kind::Number => Some(Self::new(&number(value), ScalarKind::Number)),
            Kind::Bool => Some(Self::new(value, ScalarKind::Bool)),
            Kind::Null | Kind::Array | Kind::Object => None,
        }
    }

    /// The same without blanks around it: codes and names that people have typed.
    pub(crate) fn trimmed(self) -> Self {
        let trimmed = self.raw.trim();
        match trimmed.len() == self.raw.len() {
            true => self,
            false => Self::new(trimmed, self.kind),
        }
    }

    /// Nothing if it is true or false, which names nothing.
    pub(crate) fn naming(self) -> Option<Self> {
        (self.kind != ScalarKind::Bool).then_some(self)
    }

    /// The text, or the digits of the number.
    pub fn as_str(&self) -> &str {
        &self.raw
    }

    /// The text itself.
    pub(crate) fn into_text(self) -> String {
        self.raw.into()
    }

    /// How it is written on the wire where a field does not say.
    pub fn kind(&self) -> ScalarKind {
        self.kind
    }

    /// The value as a number, if it is one in this range.
    pub fn as_i64(&self) -> Option<i64> {
        self.raw.parse().ok()
    }

    /// The value as a number, if it is one in this range.
    pub fn as_u64(&self) -> Option<u64> {
        self.raw.parse().ok()
    }

    /// True for the empty text.
    pub fn is_empty(&self) -> bool {
        self.raw.is_empty()
    }
}

/// True if `text` can stand on the wire as a number and be the same afterwards: `007` and `12e5` cannot.
pub(crate) fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    plain(whole) && plain(fraction) && (whole == "0" || !whole.starts_with('0'))
}

impl PartialEq for Scalar {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}

impl Eq for Scalar {}

impl Hash for Scalar {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}

impl PartialEq<str> for Scalar {
    fn eq(&self, other: &str) -> bool {
        &*self.raw == other
    }
}

impl fmt::Display for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.raw)
    }
}

impl fmt::Debug for Scalar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            ScalarKind::Text => fmt::Debug::fmt(&self.raw, f),
            ScalarKind::Number | ScalarKind::Bool => f.write_str(&self.raw),
        }
    }
}

impl From<&str> for Scalar {
    fn from(text: &str) -> Self {
        Self::new(text, ScalarKind::Text)
    }
}

impl From<String> for Scalar {
    fn from(text: String) -> Self {
        Self {
            raw: text.into(),
            kind: ScalarKind::Text,
        }
    }
}

impl From<&String> for Scalar {
    fn from(text: &String) -> Self {
        Self::new(text, ScalarKind::Text)
    }
}

impl From<&Scalar> for Scalar {
    fn from(scalar: &Scalar) -> Self {
        scalar.clone()
    }
}

macro_rules! from_number {
    ($($type:ty)*) => {$(
        impl From<$type> for Scalar {
            fn from(number: $type) -> Self {
                let mut raw = String::new();
                push_display(&mut raw, &number);
                Self { raw: raw.into(), kind: ScalarKind::Number }
            }
        }
    )*};
}

from_number!(i32 u32 i64 u64);

#[cfg(test)]
mod tests {
    use super::{Scalar, is_number};

    #[test]
    fn number_and_text_are_one_id() {
        assert_eq!(Scalar::from(7_i64), Scalar::from("7"));
        assert_eq!(Scalar::from(u64::MAX).as_u64(), Some(u64::MAX));
        assert_eq!(Scalar::from(u64::MAX).as_i64(), None);
        assert_eq!(
            format!("{:?} {:?}", Scalar::from(7_i64), Scalar::from("7")),
            "7 \"7\""
        );
    }

    #[test]
    fn only_json_numbers_count_as_numbers() {
        for number in ["0", "-12", "1.5", "18446744073709551616"] {
            assert!(is_number(number), "{number}");
        }
        for text in [
            "", "-", "id_1", "0x1", "1 ", " 1", "+1", "true", "null", "[]", "007", "-01", "12e5",
            "1.", ".5", "1.2.3",
        ] {
            assert!(!is_number(text), "{text}");
        }
    }
}
