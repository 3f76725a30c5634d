//! What a value looks like from outside: one small enum that writers, forms and `Debug` all understand.

use super::json::Json;
use super::{Scalar, ScalarKind};

/// One field on its way out: its wire name and its value.
pub type Entry<'a> = (&'a str, &'a dyn Encode);

/// Receives all fields of an object at once.
pub type Visit<'v> = &'v mut dyn FnMut(&[Entry<'_>]);

/// A type that is an object on the wire.
pub trait ToObject {
    /// Hands the fields to `visit`, in the order of the documents.
    fn members(&self, visit: Visit<'_>);

    /// Members that the caller added; they win over fields of the same name.
    fn extra(&self) -> &[(String, Json)] {
        &[]
    }
}

/// A request without parameters of its own.
#[cfg(any(feature = "media", feature = "store"))]
pub(crate) const NOTHING: &[Entry<'static>] = &[];

/// A value that can be looked at; object-safe, so that one writer serves all types.
pub trait Encode {
    /// How the value is to be written.
    fn view(&self) -> View<'_>;
}

/// A sequence of values.
pub trait List {
    /// Hands each element to `visit`.
    fn each(&self, visit: &mut dyn FnMut(&dyn Encode));
}

/// How a value is to be written.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum View<'a> {
    /// Not sent.
    Absent,
    /// A text.
    Text(&'a str),
    /// JSON that is written as it stands: a number with all its digits, `true`, any value.
    Raw(&'a str),
    /// A whole number.
    Int(i64),
    /// A whole number beyond the range of `Int`.
    Uint(u64),
    /// A fraction; what is not finite is written as null.
    Float(f64),
    /// True or false.
    Bool(bool),
    /// An object.
    Object(&'a dyn ToObject),
    /// An array.
    List(&'a dyn List),
    /// An object whose fields stand right here.
    Members(&'a [Entry<'a>]),
    /// An array written as one text with this between the elements.
    Joined(&'a dyn Encode, &'a str),
    /// A value written as JSON inside a text.
    JsonText(&'a dyn Encode),
    /// An array whose elements are written as numbers where they read like some.
    Number(&'a dyn Encode),
    /// A value that `Debug` hides.
    Private(&'a dyn Encode),
    /// A value that stands elsewhere than in the payload.
    At(Place, &'a dyn Encode),
}

/// Where a value of a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Place {
    /// In the payload; of a `GET`, that is the query.
    Payload,
    /// Beside the payload.
    Envelope,
    /// In the query of the address.
    InQuery,
    /// In the path of the address.
    InPath,
    /// In a header.
    InHeader,
}

/// Members that a request carries beyond the documented ones.
#[derive(Clone, Debug, Default)]
pub struct Extra(Vec<(String, Json)>);

impl Extra {
    /// Adds a member; one of the same name is replaced.
    pub fn insert(&mut self, key: impl Into<String>, value: impl Into<Json>) {
        self.put(key.into(), value.into());
    }

    fn put(&mut self, key: String, value: Json) {
        match self.0.iter_mut().find(|(name, _)| *name == key) {
            Some((_, old)) => *old = value,
            None => self.0.push((key, value)),
        }
    }

    /// The members in the order in which they were added.
    pub fn as_slice(&self) -> &[(String, Json)] {
        &self.0
    }
}

impl Encode for str {
    fn view(&self) -> View<'_> {
        View::Text(self)
    }
}

impl Encode for String {
    fn view(&self) -> View<'_> {
        View::Text(self)
    }
}

impl Encode for Box<str> {
    fn view(&self) -> View<'_> {
        View::Text(self)
    }
}

impl Encode for i64 {
    fn view(&self) -> View<'_> {
        View::Int(*self)
    }
}

impl Encode for u64 {
    fn view(&self) -> View<'_> {
        View::Uint(*self)
    }
}

impl Encode for f64 {
    fn view(&self) -> View<'_> {
        View::Float(*self)
    }
}

impl Encode for bool {
    fn view(&self) -> View<'_> {
        View::Bool(*self)
    }
}

impl Encode for Json {
    fn view(&self) -> View<'_> {
        View::Raw(self.as_str())
    }
}

impl Encode for Scalar {
    fn view(&self) -> View<'_> {
        match self.kind() {
            ScalarKind::Text => View::Text(self.as_str()),
            ScalarKind::Number | ScalarKind::Bool => View::Raw(self.as_str()),
        }
    }
}

impl Encode for () {
    fn view(&self) -> View<'_> {
        View::Absent
    }
}

impl<T: ToObject> Encode for T {
    fn view(&self) -> View<'_> {
        View::Object(self)
    }
}

impl<T: ToObject> ToObject for Box<T> {
    fn members(&self, visit: Visit<'_>) {
        (**self).members(visit);
    }
}

impl<T: Encode> Encode for Option<T> {
    fn view(&self) -> View<'_> {
        match self {
            Some(value) => value.view(),
            None => View::Absent,
        }
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn view(&self) -> View<'_> {
        View::List(self)
    }
}

impl<T: Encode> List for Vec<T> {
    fn each(&self, visit: &mut dyn FnMut(&dyn Encode)) {
        for element in self {
            visit(element);
        }
    }
}
