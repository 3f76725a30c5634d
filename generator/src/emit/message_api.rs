//! Owns what differs where calls are messages: how they are laid out, and what the handle tells of it.

use catalog::model;
use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{ident, optional};
use crate::sdk::{Messages, Sdk};

/// How messages are laid out.
pub(super) fn layout(sdk: &Sdk, messages: &Messages) -> TokenStream {
    let name = sdk.name();
    let Messages { command, id } = messages;
    let has_result = sdk
        .callbacks
        .as_ref()
        .is_some_and(|callbacks| callbacks.result.is_some());
    let result = optional(has_result.then(|| quote!(&callback::RESULT)));
    let listed = sdk.answered().map(answered);
    quote! {
        static MESSAGES: rt::MessageApi = rt::MessageApi {
            name: #name,
            command: #command,
            id: #id,
            result: #result,
            answers: &[#(#listed),*],
        };
    }
}

fn answered(
    (operation, answer, events): (&model::Operation, &model::Answer, &[String]),
) -> TokenStream {
    let command = &operation.wire;
    let same = answer
        .same
        .iter()
        .map(|(param, field)| quote!((#param, #field)));
    quote! {
        rt::Answered {
            command: #command,
            events: &[#(#events),*],
            same: &[#(#same),*],
        }
    }
}

/// What the handle tells of its API.
pub(super) fn handle(sdk: &Sdk) -> TokenStream {
    let name = ident(&sdk.handle);
    let inbound = match &sdk.callbacks {
        Some(_) => quote!(callback::Callback),
        None => quote!(rt::Untyped),
    };
    quote! {
        impl rt::Handle for #name {
            type Inbound = #inbound;
            const API: &'static rt::Api = &API;
            const MESSAGES: &'static rt::MessageApi = &MESSAGES;
        }
    }
}

/// The method that takes any command.
pub(super) fn send() -> TokenStream {
    quote! {
        /// 下达任何一条指令，并等到结果。
        pub fn send<R: rt::Request>(&self, command: R) -> rt::Call<R::Reply>
        where
            Self: rt::Reaches<R::Scope>,
        {
            self.0.call(&command)
        }
    }
}

/// A call that no catalog knows.
pub(super) fn call_raw(sdk: &Sdk) -> TokenStream {
    let wrap = optional(sdk.api.request.payload.as_ref());
    quote! {
        /// 调用目录里没有的接口：名字，以及参数的对象。
        pub fn call_raw(&self, name: impl Into<String>, params: impl Into<rt::Json>) -> rt::Call<Option<rt::Json>> {
            let name = name.into();
            let body = MESSAGES.body(&API, #wrap, &name, &params.into());
            self.0.call_raw(&RAW, name, body)
        }
    }
}
