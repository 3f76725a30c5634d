//! An owned JSON value that no catalog describes: kept as text, so nothing in it is rounded or reordered.

use super::{Kind, Malformed, Reader, check, find, push_display, push_text, strict};
use std::fmt;
use std::str::FromStr;

/// A JSON value of any shape, kept as its text.
///
/// Numbers keep every digit, objects keep their order, and the text is JSON to every parser, whatever it was read from:
/// raw control characters are escaped, half of a surrogate pair is U+FFFD, `007` is `7`. Build one from a Rust value with `From`, or parse it:
///
/// ```
/// use generated_sdk::Json;
/// let json: Json = r#"{"id": 18446744073709551616}"#.parse()?;
/// assert_eq!(json.as_str(), r#"{"id": 18446744073709551616}"#);
/// assert_eq!(Json::from("你\n好").as_str(), r#""你\n好""#);
/// assert_eq!(Json::object([("a", Json::from(1_i64)), ("b", Json::from(true))]).as_str(), r#"{"a":1,"b":true}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// With the feature `serialize`, any `serde` value converts both ways.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Json(Box<str>);

impl Json {
    /// JSON null.
    pub fn null() -> Self {
        Self("null".into())
    }

    /// An object with these members, in this order.
    pub fn object<K: AsRef<str>>(members: impl IntoIterator<Item = (K, Json)>) -> Self {
        let mut text = String::from("{");
        for (name, value) in members {
            if text.len() > 1 {
                text.push(',');
            }
            push_text(&mut text, name.as_ref());
            text.push(':');
            text.push_str(&value.0);
        }
        text.push('}');
        Self(text.into())
    }

    /// An array of these elements.
    pub fn array(elements: impl IntoIterator<Item = Json>) -> Self {
        let mut text = String::from("[");
        for value in elements {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(&value.0);
        }
        text.push(']');
        Self(text.into())
    }

    /// The value as JSON text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// A member of an object; the last one of that name.
    ///
    /// ```
    /// use generated_sdk::Json;
    /// let json: Json = r#"{"url": "http:\/\/example.com", "n": 1}"#.parse()?;
    /// assert_eq!(json.get("url").and_then(|url| url.as_text()).as_deref(), Some("http://example.com"));
    /// assert_eq!((json.get("n").and_then(|n| n.as_text()), json.get("x")), (None, None));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn get(&self, name: &str) -> Option<Self> {
        find(&self.0, &[name]).map(|value| Self(value.into()))
    }

    /// What a text says; nothing if the value is none.
    pub fn as_text(&self) -> Option<String> {
        let mut reader = Reader::new(&self.0);
        (reader.kind() == Kind::Text).then(|| reader.text().into_owned())
    }

    /// Wraps a text that has passed the check; what only gateways call JSON is written as JSON.
    pub(crate) fn checked(text: &str) -> Self {
        Self(strict(text).into())
    }

    /// The value that `serde` makes of `value`.
    #[cfg(feature = "serialize")]
    pub fn from_serialize(value: &impl serde::Serialize) -> Result<Self, serde_json::Error> {
        serde_json::to_string(value).map(|text| Self(text.into()))
    }

    /// The value as a type of your own.
    #[cfg(feature = "serialize")]
    pub fn deserialize<'a, T: serde::Deserialize<'a>>(&'a self) -> Result<T, serde_json::Error> {
        serde_json::from_str(&self.0)
    }
}

impl Default for Json {
    fn default() -> Self {
        Self::null()
    }
}

impl FromStr for Json {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        check(text).map(Self::checked)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Shows only how long it is: what no catalog describes may hold secrets.
impl fmt::Debug for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Json({} bytes)", self.0.len())
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        let mut text = String::with_capacity(value.len() + 2);
        push_text(&mut text, value);
        Self(text.into())
    }
}

impl From<String> for Json {
    fn from(value: String) -> Self {
        Self::from(value.as_str())
    }
}

impl<T: Into<Json>> From<Vec<T>> for Json {
    fn from(values: Vec<T>) -> Self {
        Self::array(values.into_iter().map(Into::into))
    }
}

macro_rules! from_display {
    ($($type:ty)*) => {$(
        impl From<$type> for Json {
            fn from(value: $type) -> Self {
                let mut text = String::new();
                push_display(&mut text, &value);
                Self(text.into())
            }
        }
    )*};
}

from_display!(bool i32 u32 i64 u64);

/// What is not finite becomes null.
impl From<f64> for Json {
    fn from(value: f64) -> Self {
        let mut text = String::from("null");
        if value.is_finite() {
            text.clear();
            push_display(&mut text, &value);
        }
        Self(text.into())
    }
}

impl From<()> for Json {
    fn from((): ()) -> Self {
        Self::null()
    }
}

#[cfg(feature = "serialize")]
impl From<serde_json::Value> for Json {
    fn from(value: serde_json::Value) -> Self {
        Self(value.to_string().into())
    }
}
