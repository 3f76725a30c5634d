//! How generated types travel: a request's object comes in and JSON or a form goes out; JSON comes in and fills a
//! reply's fields, and what does not fit becomes an [`Issue`]. Each type names its members once per direction, code
//! that is generic over nothing does the rest.
//!
//! By hand, not by `serde`: with code derived for each type, a program that calls everything of a vendor was 3.6 instead
//! of 2.4 MB, and its build took three times as long. `serde` is there for users, by the feature `serialize`.

mod adapt;
pub(crate) mod base64;
mod choice;
mod debug;
mod decode;
mod encode;
mod input;
mod issue;
pub(crate) mod json;
pub(crate) mod macros;
mod part;
mod scalar;
mod secret;
#[cfg(feature = "serialize")]
mod serialize;
pub(crate) mod text;
mod urlencoded;
mod wording;
mod write;
mod xml;

pub use adapt::{
    Envelope, Filled, FromJsonText, InHeader, InPath, InQuery, Joined, JsonText, MemberSlots,
    Members, Number, OrNull, Private, Split, Text,
};
pub use choice::Choice;
pub use debug::{Hidden, debug_fields, debug_object};
pub use decode::{Decode, FromObject};
#[cfg(any(feature = "media", feature = "store"))]
pub(crate) use encode::NOTHING;
pub use encode::{Encode, Entry, Extra, List, Place, ToObject, View, Visit};
pub use input::{Input, Slot};
pub use issue::Issue;
pub(crate) use scalar::is_number;
pub use scalar::{Scalar, ScalarKind};
pub use secret::Secret;
#[cfg(feature = "serialize")]
pub use serialize::{serialize_object, serialize_value};
pub use wording::worded;
pub use xml::XmlText;

pub(crate) use adapt::Placed;
pub(crate) use part::{Cut, Overlay, elements, looked_at, member_text, recast, torn};
pub(crate) use secret::{hide, secrets};
pub(crate) use urlencoded::{push_escaped, push_form, push_form_json, push_query};
pub(crate) use write::{BODY, plain_text, push_members, sent};
