//! What every provider's SDK stands on. Nothing here knows a vendor; what differs comes as data.

mod authorization;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
mod call;
mod client;
mod codec;
#[cfg(any(feature = "server", feature = "websocket"))]
mod count;
mod envelope;
mod error;
mod event;
#[cfg(any(feature = "server", feature = "mock"))]
mod form;
mod handle;
mod hook;
#[cfg(feature = "reqwest")]
mod http;
mod job;
mod json;
#[cfg(feature = "mock")]
pub mod mock;
mod operation;
mod pace;
mod plan;
#[cfg(feature = "server")]
pub mod program;
mod random;
mod reply;
mod retry;
mod series;
#[cfg(feature = "server")]
pub mod server;
mod session;
#[cfg(feature = "websocket")]
pub mod socket;
#[cfg(test)]
mod tests;
mod text;
mod timer;
#[cfg(feature = "tracing")]
mod trace;
mod transport;
mod wire;

pub use builder::Builder;
pub use call::{Call, Sending};
pub use client::Core;
pub use codec::{
    Choice, Decode, Encode, Entry, Envelope, Extra, FromJsonText, FromObject, Hidden, Input, Issue,
    Joined, JsonText, List, MemberSlots, Members, Number, Private, Scalar, ScalarKind, Secret,
    Slot, Split, Text, ToObject, View, Visit, XmlText, debug_fields, debug_object, worded,
};
pub use error::{BoxError, Error, ErrorKind};
pub use event::{Addressed, EventApi, Inbound, Opened, Prefix, Tagged, Untyped, split_prefix};
pub use handle::{Addresses, Answered, Handle, MessageApi, ResultLayout, Told, program_answer};
pub use hook::{Attempt, Headers, Hook, Outcome};
pub use job::Job;
pub use json::{Json, Malformed};
pub use operation::{
    Api, BodyFormat, Bound, Chunked, Data, Limit, Method, Operation, Paged, Reaches, Request,
    Started,
};
pub use plan::{Condition, Cursor, JobPlan, Next, PagePlan, Path};
pub use reply::Reply;
pub use retry::Retry;
pub use series::{Chunks, Pages};
pub use session::Session;
pub use timer::Timer;
pub use transport::{BoxFuture, HttpRequest, HttpResponse, Transport, TransportError};
pub use wire::{read_reply, request_body};

#[cfg(feature = "websocket")]
pub use socket::{Connect, OnSocket, SocketApi};

#[cfg(feature = "serialize")]
pub use codec::{serialize_object, serialize_value};

#[allow(
    unused_imports,
    reason = "a crate without providers declares none of them"
)]
pub(crate) use codec::macros::{choice, id, serialize, wordings};
