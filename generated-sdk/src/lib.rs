//! Typed clients for WeChat gateways, generated from the vendors' own documents.
//!
//! Each provider is a module and a cargo feature. Everything around its calls is the same for all: a [`Builder`] makes
//! the client, a [`Call`] is awaited, a [`Reply`] holds typed data beside what came as it came, and an [`Error`] says
//! in which layer a call failed and whether it may have been executed all the same.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod ext;
pub mod runtime;

#[cfg(feature = "eyun")]
#[rustfmt::skip]
pub mod eyun;

pub use runtime::{
    BoxError, BoxFuture, Builder, Call, Error, ErrorKind, HttpRequest, HttpResponse, Issue, Json,
    Method, Reply, Scalar, Secret, Transport, TransportError, XmlText,
};
