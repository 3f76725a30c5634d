//! Owns `socket.rs`: how a connection begins on which calls travel.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::tokens::{doc_line, ident, optional};
use super::{Item, login};
use crate::docs;
use crate::sdk::{FirstCall, Sdk, Socket};

/// The way to a client, and what it needs.
pub(super) fn socket(sdk: &Sdk, socket: &Socket) -> Vec<Item> {
    let handle = ident(&sdk.handle);
    let seconds = Literal::u64_unsuffixed(socket.within_s.into());
    let (first, given) = socket
        .first
        .as_ref()
        .map(|first| self::first(&sdk.handle, first))
        .unzip();
    let first = optional(first);
    let again = login::again(sdk);
    let title = docs::escaped(&sdk.title);
    let about = doc_line(&format!(
        "开始配置一条到{title}的连接：`ws://` 或 `wss://` 的地址。"
    ));
    vec![Item::Rust(quote! {
        use super::*;

        static SOCKET: rt::SocketApi = rt::SocketApi {
            first: #first,
            within: ::std::time::Duration::from_secs(#seconds),
        };

        impl rt::OnSocket for #handle {
            const SOCKET: &'static rt::SocketApi = &SOCKET;
        }

        impl #handle {
            #about
            pub fn connect(url: impl Into<String>) -> rt::Connect<Self> {
                rt::Connect::new(url)
            }
        }

        #given

        #again
    })]
}

/// The operation that comes first, and the builder's method that gives its secret.
fn first(handle: &str, first: &FirstCall) -> (TokenStream, TokenStream) {
    let (handle, module, request) = (ident(handle), ident(&first.module), ident(&first.request));
    let param = ident(&first.param);
    let about = doc_line(&format!(
        "每条连接上最先发送的密钥：{}。",
        docs::escaped(&first.title)
    ));
    let method = quote! {
        impl rt::Connect<#handle> {
            #about
            pub fn #param(self, #param: impl Into<rt::Secret>) -> Self {
                let secret: rt::Secret = #param.into();
                self.first(&#module::#request::new(&secret), secret)
            }
        }
    };
    (
        quote!(<#module::#request as rt::Request>::OPERATION),
        method,
    )
}
