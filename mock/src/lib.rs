//! Gateways that stand in for the vendors': on loopback, played from the documents.
//!
//! A provider folder is read with the crate `catalog` when the gateway starts; those of dami, eyun, ilink, padchat and wequick
//! are built in. Every operation answers in its documented shape. Required parameters, their types, the lengths of lists
//! and the authorization are checked as the vendor does. What no document can say (a login, ids that can be revoked,
//! lists that page) is a [`World`], written by hand for a provider in `worlds/<id>`.
//!
//! ```
//! use mock_gateway::{Answer, Fault, eyun};
//!
//! # async fn example() -> std::io::Result<()> {
//! let gateway = eyun::Gateway::start().await?; // any client can talk to `gateway.url()`
//! gateway.reply_once_to("/sendText", |_| Answer::refused("1002", "敏感词"));
//! gateway.fault_once_on("/getContact", Fault::DropAfterSend);
//! assert!(gateway.calls_of("/sendText").is_empty());
//! # Ok(())
//! # }
//! ```
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
//! | `GET /__mock/state` | what the world remembers |
//! | `POST /__mock/faults` | `{"operation": "/path", "fault": "drop-after-send", "times": 1}` |
//! | `DELETE /__mock/faults` | no more faults |
//! | `POST /__mock/replies` | `{"operation": "/path", "body": {…}, "status": 200, "times": 1}`, or `"data"` instead of `"body"` |
//! | `DELETE /__mock/replies` | answers as before |
//! | `POST /__mock/deliver` | delivers the body to the registered callback address, or to that of `?address=`, `?as=json`, `form` or `multipart`; answers with what came back |
//! | `GET /__mock/deliveries` | what was delivered, and what the receiver answered; one that answers 200 with an error text has not taken it |
//! | `POST /__mock/push` | pushes the body on every connection that has made its first call |
//! | `POST /__mock/disconnect` | closes every connection without a word |
//! | `POST /__mock/say` | `{"by": "wxid_example02", "text": "你好"}`, with a `"group"` or without: somebody writes |
//! | `POST /__mock/clock` | `{"advance_s": 86400}`: lets so much time pass, at once |
//! | `POST /__mock/reset` | everything as it was at the start |
//!
//! `operation` is an id, a path, or `*`; `times` left out means from now on. A fault for one request alone is its
//! header `X-Mock-Fault`, see [`Fault`].
//!
//! What a vendor's world has besides stands at the end of what `GET /__mock/` shows.
//!
//! A gateway whose calls travel on one WebSocket connection has that at a path of its own, on the same port.
//!
//! Everything is bounded: connections, bodies, what is remembered, how long anything may take.

mod callbacks;
mod gateway;
mod http_client;
mod json;
mod panics;
pub mod people;
pub mod program;
mod provider;
mod requests;
mod worlds;

use serde_json::Value;
use std::sync::{Mutex, MutexGuard, PoisonError};

pub use callbacks::{Delivery, Encoding, Undelivered};
pub use gateway::{
    Answer, Answering, Builder, BuiltIn, Documented, Engine, Fault, Gateway, Received, Served,
    UnknownFault, World,
};
pub use people::{Chat, Group, Person, Said};
pub use provider::{Operation, Unplayable, Vendor};
pub use worlds::{dami, eyun, ilink, padchat, wequick};

#[doc(hidden)]
pub use serde::Serialize;

/// What something is as JSON; what cannot be serialised is null.
fn value(data: impl Serialize) -> Value {
    serde_json::to_value(data).unwrap_or_default()
}

/// A panic elsewhere has not made what is behind a lock worse.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
