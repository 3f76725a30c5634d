//! Owns what differs where calls are messages: how they are laid out, and what the handle tells of it.

use catalog::model;
use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::ident;
use crate::sdk::{Messages, Sdk};

/// How messages are laid out, and what it needs of the runtime.
pub(super) fn layout(sdk: &Sdk, messages: &Messages) -> (TokenStream, Vec<&'static str>) {
    let name = sdk.name();
    let Messages { command, id } = messages;
    let has_result = sdk
        .callbacks
        .as_ref()
        .is_some_and(|callbacks| callbacks.result.is_some());
    let result = if has_result {
        quote!(Some(&callback::RESULT))
    } else {
        quote!(None)
    };
    let listed: Vec<TokenStream> = sdk.answered().map(answered).collect();
    let mut used = vec!["MessageApi"];
    used.extend((!listed.is_empty()).then_some("Answered"));
    let layout = quote! {
        static MESSAGES: MessageApi = MessageApi {
            name: #name,
            command: #command,
            id: #id,
            result: #result,
            answers: &[#(#listed),*],
        };
    };
    (layout, used)
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
        Answered {
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
        None => quote!(Untyped),
    };
    quote! {
        impl Handle for #name {
            type Inbound = #inbound;
            const API: &'static Api = &API;
            const MESSAGES: &'static MessageApi = &MESSAGES;
        }
    }
}

/// The method that takes any command.
pub(super) fn send() -> TokenStream {
    quote! {
        /// 下达任何一条指令，并等到结果。
        pub fn send<R: Request>(&self, command: R) -> Call<R::Reply>
        where
            Self: Reaches<R::Scope>,
        {
            self.0.call(&command)
        }
    }
}

/// A call that no catalog knows.
pub(super) fn call_raw(sdk: &Sdk) -> TokenStream {
    let wrap = match &sdk.api.request.payload {
        Some(wrap) => quote!(Some(#wrap)),
        None => quote!(None),
    };
    quote! {
        /// 调用目录里没有的接口：名字，以及参数的对象。
        pub fn call_raw(&self, name: impl Into<String>, params: impl Into<Json>) -> Call<Option<Json>> {
            let name = name.into();
            let body = MESSAGES.body(#wrap, &name, &params.into());
            self.0.call_raw(&RAW, name, body)
        }
    }
}
