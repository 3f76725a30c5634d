//! Owns the elements of an event that is a list of events, and what tells the result of an operation.

use catalog::config::EventResult;
use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{doc_line, ident};
use crate::docs;
use crate::sdk::{Nested, Sdk};

/// The variant of a result.
pub(super) fn variant(result: &EventResult) -> TokenStream {
    let name = ident(&result.name);
    let docs = doc_line(&format!(
        "{}，不论事件的代码是什么。",
        docs::escaped(&result.title)
    ));
    quote!(#docs #name(#name),)
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
        pub(super) static RESULT: rt::ResultLayout = rt::ResultLayout {
            id: #id,
            outcome: #outcome,
            reason: #reason,
        };
    }
}

/// How an element is read.
pub(super) fn element(sdk: &Sdk, nested: &Nested) -> TokenStream {
    let name = ident(&nested.ident);
    let about = format!("{} {}", sdk.name(), nested.ident);
    let tag = &nested.tag;
    quote! {
        static ELEMENTS: rt::EventApi = rt::EventApi {
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
            order: &[],
            each: &[],
            addressed: None,
        };

        impl rt::Decode for #name {
            fn decode(input: &mut rt::Input<'_>) -> Option<Self> {
                input.element(
                    &ELEMENTS,
                    |code, data| Self::Unknown { code, data },
                    |code, data, reason| Self::Unreadable { code, data, reason },
                )
            }
        }

    }
}
