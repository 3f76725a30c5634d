//! Owns `poll.rs`: events that are asked for, as `[event.poll]` declares it. In: the operation that is asked, its cursor and
//! its list. Out: the runtime's plan of it, and `client.receive()`.

use catalog::model::Poll;
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Item;
use super::flow::path;
use super::tokens::{doc, ident, operation, optional};
use crate::docs;
use crate::sdk::{Operation, Sdk, declared_number};

/// `poll.rs`.
pub(super) fn poll(sdk: &Sdk, asked: &Operation, poll: &Poll) -> Vec<Item> {
    let written = written(sdk, asked, poll).map(Item::Rust);
    written.into_iter().collect()
}

/// Nothing where an operation has no name, which is an error elsewhere.
fn written(sdk: &Sdk, asked: &Operation, poll: &Poll) -> Option<TokenStream> {
    let session = sdk.session.as_ref().filter(|_| !asked.on_client());
    let who = ident(session.map_or(&sdk.handle, |session| &session.ty));
    let named = operation(sdk, &asked.model.id)?;
    let called = |ids: &[String]| -> Option<Vec<TokenStream>> {
        ids.iter().map(|id| operation(sdk, id)).collect()
    };
    let (before, after) = (called(&poll.before)?, called(&poll.after)?);
    let number = declared_number(poll.ty) == Some(true);
    let (param, next, items) = (&poll.param, path(&poll.next), path(&poll.items));
    let timeout = optional(poll.timeout.as_deref().map(path));
    let waits = poll.again_after_s.iter().map(|seconds| {
        let seconds = Literal::u64_unsuffixed((*seconds).into());
        quote!(::std::time::Duration::from_secs(#seconds))
    });
    let opens = sdk.conversation.as_ref().map(|_| {
        quote! {
            const OPENS: Option<&'static rt::TalkPlan> = Some(<Self as rt::Talks>::TALK);
        }
    });
    let about = doc(&[
        format!(
            "接收消息：反复询问 `{}`（长轮询），每次得到的消息与游标一起保存，再逐条交给处理函数。",
            docs::code(&asked.model.wire)
        ),
        String::new(),
        "同一个账号只有一处在询问。给出 `store` 时，重启之后从上次的游标继续，没处理完的消息会再交一次。".to_owned(),
    ]);
    Some(quote! {
        use super::*;

        impl rt::Polled for #who {
            type Inbound = callback::Callback;
            const POLL: &'static rt::PollPlan = &rt::PollPlan {
                operation: #named,
                param: #param,
                number: #number,
                cursor: #next,
                items: #items,
                timeout: #timeout,
                again_after: &[#(#waits),*],
                before: &[#(#before),*],
                after: &[#(#after),*],
            };
            #opens
        }

        impl #who {
            #about
            #[doc(alias = "长轮询")]
            #[doc(alias = "long polling")]
            pub fn receive(&self) -> rt::poll::PollerBuilder<Self> {
                rt::poll::PollerBuilder::new(self.clone())
            }
        }
    })
}
