//! Owns the elements of an event that is a list of events, and what tells the result of an operation.

use catalog::config::EventResult;
use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{doc_line, ident, ty};
use crate::docs;
use crate::sdk::{Nested, Sdk, Type};

/// The variant of a result, and the arm that reads it.
pub(super) fn variant(result: &EventResult) -> (TokenStream, TokenStream) {
    let name = ident(&result.name);
    let docs = doc_line(&format!(
        "{}，不论事件的代码是什么。",
        docs::escaped(&result.title)
    ));
    (
        quote!(#docs #name(#name),),
        quote!(_ if opened.tells(&RESULT) => opened.typed(Self::#name),),
    )
}

/// How a result is recognised.
pub(super) fn result(result: &EventResult) -> TokenStream {
    let EventResult {
        id,
        outcome,
        reason,
        ..
    } = result;
    quote! {
        pub(super) static RESULT: ResultLayout = ResultLayout {
            id: #id,
            outcome: #outcome,
            reason: #reason,
        };
    }
}

/// How an element is read, and what every element has.
pub(super) fn element(sdk: &Sdk, nested: &Nested) -> TokenStream {
    let name = ident(&nested.ident);
    let payload = ty(&nested.payload);
    let about = format!("{} {}", sdk.name(), nested.ident);
    let tag = &nested.tag;
    let data: Vec<TokenStream> = nested
        .events
        .iter()
        .map(|event| {
            let variant = ident(&event.ident);
            quote!(Self::#variant(data))
        })
        .collect();
    let has_raw = matches!(nested.payload, Type::Object(_));
    let accessors = (has_raw && !data.is_empty()).then(|| {
        quote! {
            impl #name {
                /// 内容；文档没有列出的消息没有。
                pub fn data(&self) -> Option<&#payload> {
                    match self {
                        #(#data)|* => Some(data),
                        Self::Unknown { .. } | Self::Unreadable { .. } => None,
                    }
                }

                /// 收到时的原样。
                pub fn raw(&self) -> &Json {
                    match self {
                        #(#data)|* => &data.raw,
                        Self::Unknown { data, .. } | Self::Unreadable { data, .. } => data,
                    }
                }
            }

            impl From<&#name> for Json {
                fn from(element: &#name) -> Self {
                    element.raw().clone()
                }
            }
        }
    });
    quote! {
        static ELEMENTS: EventApi = EventApi {
            name: #about,
            tag: #tag,
            tag_inside: false,
            payload: "",
            deeper: &[],
            empty: &[],
            flat: &[],
            beside: &[],
            probe: &[],
            receiver: &[],
            dedupe: &[],
            coarse: &[],
            addressed: None,
        };

        impl Decode for #name {
            fn decode(input: &mut Input<'_>) -> Option<Self> {
                input.element(
                    &ELEMENTS,
                    |code, data| Self::Unknown { code, data },
                    |code, data, reason| Self::Unreadable { code, data, reason },
                )
            }
        }

        #accessors
    }
}
