//! Owns `socket.rs`: how a connection begins on which calls travel.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Chunk;
use super::tokens::{doc_line, ident};
use crate::docs;
use crate::sdk::{FirstCall, Sdk, Socket};

/// The way to a client, and what it needs.
pub(super) fn socket(sdk: &Sdk, socket: &Socket) -> Vec<Chunk> {
    let handle = ident(&sdk.handle);
    let seconds = Literal::u64_unsuffixed(socket.within_s.into());
    let (first, used, given) = match &socket.first {
        Some(first) => {
            let (operation, used, given) = self::first(&sdk.handle, first);
            (quote!(Some(#operation)), used, given)
        }
        None => (quote!(None), TokenStream::new(), TokenStream::new()),
    };
    let (request, secret) = match &socket.first {
        Some(_) => (quote!(, Request), quote!(, Secret)),
        None => Default::default(),
    };
    let title = docs::escaped(&sdk.title);
    let about = doc_line(&format!(
        "开始配置一条到{title}的连接：`ws://` 或 `wss://` 的地址。"
    ));
    vec![Chunk::Items(quote! {
        use super::{#handle #used};
        use crate::runtime::{Connect, OnSocket #request #secret, SocketApi};
        use std::time::Duration;

        static SOCKET: SocketApi = SocketApi {
            first: #first,
            within: Duration::from_secs(#seconds),
        };

        impl OnSocket for #handle {
            const SOCKET: &'static SocketApi = &SOCKET;
        }

        impl #handle {
            #about
            pub fn connect(url: impl Into<String>) -> Connect<Self> {
                Connect::new(url)
            }
        }

        #given
    })]
}

/// The operation that comes first, the module that it is in, and the builder's method that gives its secret.
fn first(handle: &str, first: &FirstCall) -> (TokenStream, TokenStream, TokenStream) {
    let (handle, module, request) = (ident(handle), ident(&first.module), ident(&first.request));
    let param = ident(&first.param);
    let about = doc_line(&format!(
        "每条连接上最先发送的密钥：{}。",
        docs::escaped(&first.title)
    ));
    let method = quote! {
        impl Connect<#handle> {
            #about
            pub fn #param(self, #param: impl Into<Secret>) -> Self {
                let secret: Secret = #param.into();
                self.first(&#module::#request::new(&secret), secret)
            }
        }
    };
    (
        quote!(<#module::#request as Request>::OPERATION),
        quote!(, #module),
        method,
    )
}
