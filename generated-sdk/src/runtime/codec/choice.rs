//! Open enums: documented values by name, every other value as it came.

use super::Scalar;

/// A number or text that the documents list the values of.
pub trait Choice: From<Scalar> {
    /// The value on the wire.
    fn as_str(&self) -> &str;
}
