//! Owns `lib.rs`: what the crate is about, a module for each provider, and the runtime's names that users need.

use catalog::diagnostic::Diagnostic;
use proc_macro2::TokenStream;
use quote::quote;

use super::File;
use super::file::{Item, file};
use super::manifest::Member;
use super::tokens::ident;
use crate::docs;

/// `src/lib.rs`.
pub(super) fn lib(members: &[Member]) -> Result<File, Diagnostic> {
    let providers = members.iter().map(|member| {
        let (feature, module) = (&member.ident, ident(&member.ident));
        quote! {
            #[cfg(feature = #feature)]
            #[rustfmt::skip]
            pub mod #module;
        }
    });
    let items = quote! {
        #(#providers)*

        pub mod runtime;

        #[cfg(feature = "blocking")]
        pub use runtime::blocking;
        #[cfg(feature = "poll")]
        pub use runtime::bot;
        #[cfg(feature = "store")]
        pub use runtime::broadcast;
        #[cfg(feature = "media")]
        pub use runtime::media;
        #[cfg(feature = "metrics")]
        pub use runtime::metrics;
        #[cfg(feature = "poll")]
        pub use runtime::poll;
        #[cfg(feature = "server")]
        pub use runtime::program;
        #[cfg(feature = "server")]
        pub use runtime::server;
        #[cfg(feature = "websocket")]
        pub use runtime::socket;
        #[cfg(feature = "store")]
        pub use runtime::store;
        #[cfg(feature = "store")]
        pub use runtime::supervisor;
        #[cfg(feature = "media")]
        pub use runtime::{HttpStream, Pieces};
        pub use runtime::{Attempt, Headers, Hook, Outcome};
        pub use runtime::{BoxError, Error, ErrorKind, Issue};
        pub use runtime::{BoxFuture, HttpRequest, HttpResponse, Transport, TransportError};
        pub use runtime::{Builder, Call, Chunks, Job, Method, Pages, Reply, Retry, Timer};
        pub use runtime::{Json, Scalar, Secret, XmlText};
        pub use runtime::{LoggedIn, LoginByCode, LoginStep, PendingLogin};
    };
    file("src/lib.rs", None, head(members), vec![Item::Rust(items)])
}

fn head(members: &[Member]) -> TokenStream {
    let providers = members.iter().map(|member| {
        let title = docs::escaped(&member.title);
        format!(" | {title} | `{}` |", member.ident)
    });
    quote! {
        //! 微信网关的 Rust SDK：由厂商文档生成的请求、返回类型与调用方法。
        //!
        //! | 厂商 | 模块与特性 |
        //! |---|---|
        #(#![doc = #providers])*
        //!
        //! 请求在 `await` 时发出；返回的 [`Reply`] 里有类型化的数据、厂商的代码与消息、没能解码的字段
        //! （[`Reply::issues`]）和原文。厂商称为成功的调用绝不会是 `Err`。
        #![cfg_attr(docsrs, feature(doc_cfg))]
        #![forbid(unsafe_code)]
        #![deny(missing_docs)]
    }
}
