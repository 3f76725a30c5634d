//! Owns `online.rs`: what tells whether an account is online, as `[online]` declares it. In: the operation that is asked,
//! `/isOnline`, and the events that tell. Out: what the runtime's `Supervisor` has to know of the type with the calls.

use catalog::model::Online;
use proc_macro2::TokenStream;
use quote::quote;

use super::Item;
use super::flow::{condition, path};
use super::tokens::{ident, operation, optional};
use crate::sdk::Sdk;

/// `online.rs`.
pub(super) fn online(sdk: &Sdk, online: &Online) -> Vec<Item> {
    let session = sdk.session.as_ref().map(|session| session.ty.as_str());
    let who = ident(session.unwrap_or(&sdk.handle));
    let asks = online.operation.as_deref();
    let asks = optional(asks.and_then(|id| operation(sdk, id)));
    let when = optional(online.when.as_ref().map(condition));
    let text = |text: &Option<String>| optional(text.as_ref().map(|text| quote!(#text)));
    let (session, why) = (text(&online.session), text(&online.why));
    let account = optional(online.account.as_deref().map(path));
    let reason = optional(online.reason.as_ref().and_then(|reason| {
        let asks = operation(sdk, &reason.operation)?;
        let (param, field) = (&reason.param, path(&reason.field));
        Some(quote!(rt::AsksWhy { operation: #asks, param: #param, field: #field }))
    }));
    let again = optional(online.again.as_ref().and_then(|again| {
        let login = operation(sdk, &again.operation)?;
        let (param, session) = (&again.param, path(&again.session));
        Some(quote!(rt::LogsInAgain { operation: #login, param: #param, session: #session }))
    }));
    let (inbound, told) = told(sdk, online);
    vec![Item::Rust(quote! {
        use super::*;

        impl rt::Supervised for #who {
            type Inbound = #inbound;
            const ONLINE: &'static rt::OnlinePlan = &rt::OnlinePlan {
                asks: #asks,
                when: #when,
                session: #session,
                why: #why,
                account: #account,
                reason: #reason,
                again: #again,
            };

            fn told(told: &Self::Inbound) -> Option<&rt::Json> {
                #told
            }
        }
    })]
}

/// What the gateway tells, and the events among it that tell of a change.
fn told(sdk: &Sdk, online: &Online) -> (TokenStream, TokenStream) {
    let Some(callbacks) = &sdk.callbacks else {
        return (quote!(rt::Untyped), quote!(let _ = told; None));
    };
    let events = callbacks.events.iter();
    let told: Vec<TokenStream> = events
        .filter(|event| online.events.contains(&event.model.id))
        .map(|event| {
            let event = ident(&event.ident);
            quote!(callback::Event::#event { .. })
        })
        .collect();
    let body = match told.is_empty() {
        true => quote!(let _ = told; None),
        false => quote!(matches!(told.event, #(#told)|*).then_some(&told.raw)),
    };
    (quote!(callback::Callback), body)
}
