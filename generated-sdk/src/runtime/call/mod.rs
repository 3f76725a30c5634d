//! One call to a gateway: a request of a provider comes in, a typed [`Reply`] or an [`Error`] goes out.
//!
//! [`Builder`] makes the client's [`Core`]; a [`Call`] is written at once ([`wire`]), waits for its turn, is sent by a
//! [`Transport`], and is repeated where that can do no harm. Nothing here is generic but the last step, the reply's type.

mod address;
mod along;
mod authorization;
#[cfg(feature = "blocking")]
pub mod blocking;
mod builder;
#[expect(
    clippy::module_inception,
    reason = "the room is named after what it is about"
)]
mod call;
mod core;
mod envelope;
mod error;
mod hook;
mod http;
mod limit;
#[cfg(feature = "receive")]
mod meaning;
mod message_api;
mod operation;
mod pace;
#[cfg(feature = "media")]
mod pieces;
mod prepared;
pub(crate) mod random;
mod reply;
#[cfg(feature = "reqwest")]
mod reqwest;
mod retry;
mod session;
mod settings;
#[cfg(any(feature = "media", feature = "store"))]
mod template;
mod timer;
#[cfg(feature = "tracing")]
pub(crate) mod trace;
mod transport;
pub(crate) mod wire;

pub use self::core::Core;
pub use along::{FixedHeader, With};
pub use builder::Builder;
pub use call::{Call, Sending};
pub use error::{BoxError, Error, ErrorKind};
pub use hook::{Attempt, Headers, Hook, Outcome};
pub use limit::Limit;
pub use message_api::{Addresses, Answered, Handle, MessageApi, program_answer};
#[cfg(any(feature = "media", feature = "websocket"))]
pub(crate) use operation::Named;
pub use operation::{Api, BodyFormat, Bound, Constant, Data, Method, Operation, Reaches, Request};
#[cfg(feature = "media")]
pub use pieces::{HttpStream, Pieces};
pub use reply::Reply;
pub use retry::Retry;
pub use session::{Caller, Session};
#[cfg(any(feature = "media", feature = "store"))]
pub use template::{Part, Template};
pub use timer::Timer;
pub use transport::{BoxFuture, HttpRequest, HttpResponse, Transport, TransportError};
pub use wire::{broken_limit, read_reply, request_body};

#[cfg(feature = "store")]
pub(crate) use address::is_addressed;
pub(crate) use authorization::Grant;

#[cfg(feature = "server")]
pub(crate) use self::http::base_url;
pub(crate) use self::http::server;
#[cfg(feature = "store")]
pub(crate) use limit::broken;
pub(crate) use limit::inseparable;
#[cfg(feature = "receive")]
pub(crate) use meaning::{Meaning, meaning_of};
#[cfg(any(feature = "server", feature = "websocket"))]
pub(crate) use message_api::with_id;
#[cfg(feature = "media")]
pub(crate) use pieces::{Asked, Polled};
pub(crate) use prepared::Prepared;
pub(crate) use reply::Rest;
pub(crate) use retry::may_be_repeated;
pub(crate) use settings::Settings;
