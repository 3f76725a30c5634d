//! Types that are made of one JSON value, by a few lenient conversions, and the slots that hold them.

use super::input::{Input, Slot};
use super::json::Json;
use super::{Scalar, Secret};

/// A type that can be made of one JSON value.
pub trait Decode: Sized {
    /// Reads exactly one value; `None` if it is empty or does not fit, the latter with an issue.
    fn decode(input: &mut Input<'_>) -> Option<Self>;
}

/// A type that is an object on the wire.
pub trait FromObject {
    /// Reads one value and says whether it was an object: `input.object(&mut [("name", &mut self.name)])`.
    fn read(&mut self, input: &mut Input<'_>) -> bool;
}

impl<T: FromObject + Default> Decode for T {
    fn decode(input: &mut Input<'_>) -> Option<Self> {
        let mut value = T::default();
        value.read(input).then_some(value)
    }
}

impl<T: FromObject> Slot for T {
    fn fill(&mut self, input: &mut Input<'_>) {
        self.read(input);
    }
}

/// What would hold itself.
impl<T: FromObject> FromObject for Box<T> {
    fn read(&mut self, input: &mut Input<'_>) -> bool {
        (**self).read(input)
    }
}

impl<T: Decode> Slot for Option<T> {
    fn fill(&mut self, input: &mut Input<'_>) {
        *self = T::decode(input);
    }
}

impl<T: Decode> Slot for Vec<T> {
    fn fill(&mut self, input: &mut Input<'_>) {
        self.clear();
        input.list(&mut |input| self.extend(T::decode(input)));
    }
}

/// Data that no document describes.
impl Slot for () {
    fn fill(&mut self, input: &mut Input<'_>) {
        input.skip();
    }
}

impl Decode for String {
    fn decode(input: &mut Input<'_>) -> Option<Self> {
        input.scalar("a text").map(|(_, text)| text.into_owned())
    }
}

impl Decode for Secret {
    fn decode(input: &mut Input<'_>) -> Option<Self> {
        input.scalar("a text").map(|(_, text)| Secret::from(&*text))
    }
}

impl Decode for Scalar {
    fn decode(input: &mut Input<'_>) -> Option<Self> {
        input
            .scalar("a text or a number")
            .map(|(kind, text)| Scalar::new(&text, kind))
    }
}

impl Decode for Json {
    fn decode(input: &mut Input<'_>) -> Option<Self> {
        input.any()
    }
}

impl Decode for i64 {
    fn decode(input: &mut Input<'_>) -> Option<Self> {
        input.parsed("a whole number", |text| whole(text).parse().ok())
    }
}

impl Decode for u64 {
    fn decode(input: &mut Input<'_>) -> Option<Self> {
        input.parsed("a whole number from 0", |text| whole(text).parse().ok())
    }
}

impl Decode for f64 {
    fn decode(input: &mut Input<'_>) -> Option<Self> {
        input.parsed("a number", |text| {
            text.parse().ok().filter(|number: &f64| number.is_finite())
        })
    }
}

impl Decode for bool {
    fn decode(input: &mut Input<'_>) -> Option<Self> {
        input.parsed("true or false", |text| match text {
            "true" | "TRUE" | "True" | "1" => Some(true),
            "false" | "FALSE" | "False" | "0" => Some(false),
            _ => None,
        })
    }
}

/// `12.0` is a whole number that went through a double on its way.
fn whole(text: &str) -> &str {
    match text.split_once('.') {
        Some((whole, rest)) if !rest.is_empty() && rest.bytes().all(|digit| digit == b'0') => whole,
        _ => text,
    }
}

macro_rules! certain {
    ($($type:ty)*) => {$(
        /// A field that a correction calls certain: the default stands where it is missing all the same.
        impl Slot for $type {
            fn fill(&mut self, input: &mut Input<'_>) {
                if let Some(value) = <$type>::decode(input) {
                    *self = value;
                }
            }
        }
    )*};
}

certain!(String Secret Json i64 u64 f64 bool);
