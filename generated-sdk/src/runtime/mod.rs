//! What every provider's SDK stands on. Nothing here knows a vendor; what differs comes as data.
//!
//! Rooms stand on each other in this order: `codec` (how types travel), `receive::event` (what a gateway tells), `call`
//! (one call), `store` (what outlives a crash), then, beside each other, `long` (calls that hang together), `receive::server` (a receiver for callbacks),
//! `receive::poll` (events that are asked for), `program` (a server for programs that fetch their commands), `socket` (one
//! connection for everything), `media` (pictures, videos and files), `broadcast` (many sends) and `bot` (answers to
//! people); `supervisor` keeps accounts online. Generated
//! code and users reach everything by its name in this module.

#[cfg(feature = "poll")]
pub mod bot;
#[cfg(feature = "store")]
pub mod broadcast;
mod call;
mod codec;
#[cfg(feature = "receive")]
mod count;
mod lock;
mod long;
#[cfg(feature = "media")]
pub mod media;
#[cfg(feature = "metrics")]
pub mod metrics;
#[cfg(feature = "server")]
pub mod program;
#[cfg(any(feature = "media", feature = "poll", feature = "websocket"))]
mod race;
mod receive;
#[cfg(feature = "websocket")]
pub mod socket;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "store")]
pub mod supervisor;
#[cfg(test)]
mod tests;

#[cfg(feature = "blocking")]
pub use call::blocking;
pub use call::{
    Addresses, Answered, Api, Attempt, BodyFormat, Bound, BoxError, BoxFuture, Builder, Call,
    Caller, Constant, Core, Data, Error, ErrorKind, FixedHeader, Handle, Headers, Hook,
    HttpRequest, HttpResponse, Limit, MessageApi, Method, Operation, Outcome, Reaches, Reply,
    Request, Retry, Sending, Session, Timer, Transport, TransportError, With, broken_limit,
    program_answer, read_reply, request_body,
};
#[cfg(feature = "media")]
pub use call::{HttpStream, Pieces};
#[cfg(any(feature = "media", feature = "store"))]
pub use call::{Part, Template};
pub use codec::json::{Json, Malformed};
pub use codec::{
    Choice, Decode, Encode, Entry, Envelope, Extra, Filled, FromJsonText, FromObject, Hidden,
    InHeader, InPath, InQuery, Input, Issue, Joined, JsonText, List, MemberSlots, Members, Number,
    OrNull, Place, Private, Scalar, ScalarKind, Secret, Slot, Split, Text, ToObject, View, Visit,
    XmlText, debug_fields, debug_object, worded,
};
pub use long::{
    Chunked, Chunks, CodeLogin, Condition, Cursor, EnterPlan, EntersCode, Grants, Job, JobPlan,
    LoggedIn, LoginByCode, LoginPlan, LoginStep, Next, PagePlan, Paged, Pages, Path, PendingLogin,
    Started, Typed,
};
#[cfg(feature = "poll")]
pub use receive::poll;
#[cfg(feature = "server")]
pub use receive::server;
pub use receive::{
    Addressed, CommandResult, EventApi, Inbound, Opened, Prefix, ResultLayout, Tagged, Untyped,
    split_prefix,
};

#[cfg(feature = "poll")]
pub use bot::{Answering, Conversation, Sent, TalkPlan, Talks, TypingPlan};
#[cfg(feature = "store")]
pub use supervisor::{AsksWhy, LogsInAgain, OnlinePlan, Supervised};

#[cfg(feature = "poll")]
pub use poll::{PollPlan, Polled};

#[cfg(feature = "websocket")]
pub use socket::{Connect, OnSocket, SocketApi};

#[cfg(feature = "serialize")]
pub use codec::{serialize_object, serialize_value};

#[allow(
    unused_imports,
    reason = "a crate without providers declares none of them"
)]
pub(crate) use codec::macros::{
    choice, coded, events, exchanged, id, read, received, request, required, sent, serialized,
    shown, slot, wordings, written,
};
