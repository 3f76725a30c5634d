//! Owns `conversation.rs`: what gives the right to answer a person, as `[event.conversation]` declares it. In: the model's
//! templates, `{"to":{person}}`. Out: the runtime's plan of it, `client.conversation(…)` and `conversation.send_text(…)`.

use catalog::model::{Conversation, Send, Typing};
use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};

use super::Item;
use super::flow::path;
use super::tokens::{doc, ident, operation, optional, template};
use crate::docs;
use crate::sdk::Sdk;

/// `conversation.rs`.
pub(super) fn conversation(sdk: &Sdk, talk: &Conversation) -> Vec<Item> {
    let written = written(sdk, talk).map(Item::Rust);
    written.into_iter().collect()
}

/// Nothing where an operation has no name, which is an error elsewhere.
fn written(sdk: &Sdk, talk: &Conversation) -> Option<TokenStream> {
    let ((_, sends), (asked, _)) = (sdk.by_id(&talk.operation)?, sdk.polled()?);
    let session = sdk.session.as_ref().filter(|_| !asked.on_client());
    let who = ident(session.map_or(&sdk.handle, |session| &session.ty));
    let plan = plan(sdk, talk)?;
    let typing = match &talk.typing {
        Some(typing) => Some(typed(sdk, typing)?),
        None => None,
    };
    let said = talk.sends.iter().map(|send| said(send, &sends.model.wire));
    let about = doc(&[
        "与一个给机器人写过信的人的会话：只有在他写信之后才有回答的权利。`store` 是接收消息时所用的那个。".to_owned(),
        String::new(),
        "这样得到的会话不知道先前说过什么，每次调用都发送；在处理消息时，用消息自己的会话。".to_owned(),
    ]);
    Some(quote! {
        use super::*;

        impl rt::Talks for #who {
            const TALK: &'static rt::TalkPlan = &#plan;
        }

        impl #who {
            #about
            pub fn conversation(
                &self,
                store: ::std::sync::Arc<dyn rt::store::Store>,
                bot: impl Into<String>,
                person: impl Into<String>,
            ) -> rt::Conversation<Self> {
                rt::Conversation::new(self, store, bot, person)
            }
        }

        impl rt::Conversation<#who> {
            #(#said)*
            #typing
        }
    })
}

fn plan(sdk: &Sdk, talk: &Conversation) -> Option<TokenStream> {
    let Conversation {
        bot,
        person,
        events,
        token,
        closed,
        ..
    } = talk;
    let within = seconds(talk.within_s);
    let answers = Literal::u32_unsuffixed(talk.answers);
    let messages = talk.closed_messages.as_deref();
    let messages = optional(messages.map(|messages| quote!(&[#(#messages),*])));
    let sends = operation(sdk, &talk.operation)?;
    let message = template(&talk.message);
    Some(quote! {
        rt::TalkPlan {
            bot: &[#(#bot),*],
            person: &[#(#person),*],
            events: &[#(#events),*],
            token: #token,
            within: #within,
            answers: #answers,
            closed: &[#(#closed),*],
            closed_messages: #messages,
            operation: #sends,
            message: #message,
        }
    })
}

/// The method that sends something.
fn said(send: &Send, wire: &str) -> TokenStream {
    let method = format_ident!("send_{}", send.name);
    let item = template(&send.item);
    if let Some(kind) = &send.media {
        return said_by_medium(&method, wire, &item, kind);
    }
    let most = optional(send.split.map(Literal::u32_unsuffixed));
    let mut lines = vec![format!("发送一段文本（`{}`）。", docs::code(wire))];
    if let Some(most) = send.split {
        lines.push(String::new());
        lines.push(format!(
            "超过 {most} 个字时分成几条，先在空行处断开，再在换行与空格处；每条都算一次回答。"
        ));
    }
    lines.extend([
        String::new(),
        "# Errors".to_owned(),
        String::new(),
        "没有回答的权利时什么也不发，[`Error::unsaid`](rt::Error::unsaid) 说明原因，以及已经发出了哪几条。".to_owned(),
    ]);
    let about = doc(&lines);
    quote! {
        #about
        pub fn #method(&self, text: impl Into<String>) -> rt::Answering {
            const ITEM: rt::Template = #item;
            self.send_split(&ITEM, &text.into(), #most)
        }
    }
}

/// The method that sends a medium.
fn said_by_medium(method: &Ident, wire: &str, item: &TokenStream, kind: &str) -> TokenStream {
    let about = doc(&[
        format!(
            "加密上传，再发送（`{}`）：字节、文件或流。只有确实要发出时才上传。",
            docs::code(wire)
        ),
        String::new(),
        "# Errors".to_owned(),
        String::new(),
        "没有回答的权利时什么也不上传、不发送；上传失败的，一定没有发出。".to_owned(),
    ]);
    quote! {
        #about
        #[cfg(feature = "media")]
        pub fn #method(&self, medium: impl Into<rt::media::Medium>) -> rt::Answering {
            static ITEM: rt::Template = #item;
            self.send_medium(&media_host::UP, #kind, &ITEM, medium.into())
        }
    }
}

/// The method that shows typing.
fn typed(sdk: &Sdk, typing: &Typing) -> Option<TokenStream> {
    let (asks, tells) = (
        operation(sdk, &typing.asks)?,
        operation(sdk, &typing.operation)?,
    );
    let (ask, start, stop) = (
        template(&typing.ask),
        template(&typing.start),
        template(&typing.stop),
    );
    let (ticket, within, every) = (
        path(&typing.ticket),
        seconds(typing.within_s),
        seconds(typing.every_s),
    );
    let about = doc(&[format!(
        "在 `future` 进行时显示“正在输入”，每 {} 秒一次，结束或被丢弃时停止；这方面的失败不影响它。",
        typing.every_s
    )]);
    Some(quote! {
        #about
        pub async fn typing<F: ::std::future::Future>(&self, future: F) -> F::Output {
            const TYPING: rt::TypingPlan = rt::TypingPlan {
                asks: #asks,
                ask: #ask,
                ticket: #ticket,
                within: #within,
                operation: #tells,
                start: #start,
                stop: #stop,
                every: #every,
            };
            self.typing_by(&TYPING, future).await
        }
    })
}

fn seconds(seconds: u32) -> TokenStream {
    let seconds = Literal::u64_unsuffixed(seconds.into());
    quote!(::std::time::Duration::from_secs(#seconds))
}
