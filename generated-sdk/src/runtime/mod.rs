//! What every provider's SDK stands on. Nothing here knows a vendor; what differs comes as data.

mod builder;
mod call;
mod client;
mod codec;
mod envelope;
mod error;
mod event;
#[cfg(feature = "reqwest")]
mod http;
mod json;
#[cfg(feature = "mock")]
pub mod mock;
mod operation;
mod reply;
#[cfg(feature = "server")]
pub mod server;
mod session;
#[cfg(test)]
mod tests;
mod text;
mod transport;
mod wire;

pub use builder::Builder;
pub use call::{Call, Sending};
pub use client::Core;
pub use codec::{
    Choice, Decode, Encode, Entry, Envelope, Extra, FromJsonText, FromObject, Input, Issue, Joined,
    JsonText, List, MemberSlots, Members, Number, Private, Scalar, ScalarKind, Secret, Slot, Split,
    Text, ToObject, View, Visit, XmlText, debug_object,
};
pub use error::{BoxError, Error, ErrorKind};
pub use event::{EventApi, Hidden, Inbound, Opened, Prefix, Tagged, split_prefix};
pub use json::{Json, Malformed};
pub use operation::{Api, BodyFormat, Bound, Data, Method, Operation, Reaches, Request};
pub use reply::Reply;
pub use session::Session;
pub use transport::{BoxFuture, HttpRequest, HttpResponse, Transport, TransportError};
pub use wire::{read_reply, request_body};

#[cfg(feature = "serialize")]
pub use codec::{serialize_object, serialize_value};

#[allow(
    unused_imports,
    reason = "a crate without providers declares none of them"
)]
pub(crate) use codec::macros::{choice, id, serialize};
