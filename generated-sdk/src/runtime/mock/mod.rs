//! A gateway that stands in for the vendor's: on loopback, driven by what the catalog says.
//!
//! Every operation answers in its documented shape. Required parameters, their types, the lengths of lists and the
//! authorization are checked as the vendor does. What no table can say (a login, ids that can be revoked, lists that
//! page) is a [`Script`], written by hand for a provider.
//!
//! Any HTTP client can talk to it. What a test wants of it beyond that is asked for in Rust with [`Gateway`], or in any
//! language below `/__mock/`:
//!
//! | request | what it does |
//! |---|---|
//! | `GET /__mock/` | shows this table |
//! | `GET /__mock/operations` | every operation with its parameters |
//! | `GET /__mock/calls?operation=/path` | what was called, the oldest first; the query is optional |
//! | `DELETE /__mock/calls` | forgets the calls |
//! | `GET /__mock/state` | what the script remembers |
//! | `POST /__mock/faults` | `{"operation": "/path", "fault": "drop-after-send", "times": 1}` |
//! | `DELETE /__mock/faults` | no more faults |
//! | `POST /__mock/replies` | `{"operation": "/path", "body": {…}, "status": 200, "times": 1}`, or `"data"` instead of `"body"` |
//! | `DELETE /__mock/replies` | answers as before |
//! | `POST /__mock/deliver` | delivers the body to the registered callback address, or to that of `?address=`, `?as=form` or `multipart`; answers with what came back |
//! | `GET /__mock/deliveries` | what was delivered |
//! | `POST /__mock/push` | pushes the body on every connection that has made its first call |
//! | `POST /__mock/disconnect` | closes every connection without a word |
//! | `POST /__mock/reset` | everything as it was at the start |
//!
//! `operation` is an id, a path, or `*`; `times` left out means from now on. A fault for one request alone is its
//! header `X-Mock-Fault`, see [`Fault`].
//!
//! A gateway whose calls travel on one WebSocket connection has that at a path of its own, on the same port.
//!
//! Everything is bounded: connections, bodies, what is remembered, how long anything may take.

mod admin;
mod answer;
mod callback;
mod check;
mod encoding;
mod engine;
mod fault;
mod gateway;
mod plans;
pub mod program;
mod received;
mod request;
mod script;
mod server;
#[cfg(feature = "websocket")]
mod socket;
mod table;

pub use answer::Answer;
pub use callback::{Delivery, Undelivered};
pub use encoding::Encoding;
pub use engine::{Engine, Served};
pub use fault::{Fault, UnknownFault};
pub use gateway::{Builder, Gateway, Scripted, Vendor};
pub use received::Received;
pub use script::{Documented, Script};
pub use table::{Entry, Kind, Parameter, Post, Socket, Table, Texts};
