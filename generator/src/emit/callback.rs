//! Owns what the gateway tells: the envelope, the open enum of its events, and how both are read.

use catalog::config::{EventLayout, TagIn};
use catalog::model::Place;
use proc_macro2::TokenStream;
use quote::quote;

use super::macro_table::{entry, literal, table};
use super::module::types;
use super::object::field;
use super::tokens::{aliases, doc, doc_line, ident, ty};
use super::{Item, addressed, nested};
use crate::docs;
use crate::sdk::{Callbacks, Event, Sdk, Type};

/// The items of an API's file.
pub(super) fn callbacks(sdk: &Sdk, callbacks: &Callbacks) -> Vec<Item> {
    let title = super::title(sdk);
    let docs = format!("{title}推送的事件。");
    let result = callbacks.result.as_ref();
    let telling = result.map(|result| format!(" telling {} by RESULT", result.name));
    let told = result.map(nested::variant);
    let mut items = vec![
        Item::Rust(envelope(&title, callbacks)),
        written(callbacks),
        Item::Rust(events("Event", &docs, &callbacks.events, told.as_ref())),
        codes("Event", &callbacks.events, &telling.unwrap_or_default()),
        Item::Rust(layout(sdk, callbacks)),
    ];
    if let Some(nested) = &callbacks.nested {
        let docs = format!("{}。", docs::escaped(&nested.title));
        let each = match &nested.payload {
            Type::Object(payload) if !nested.events.is_empty() => format!(" each a {payload}"),
            _ => String::new(),
        };
        items.extend([
            Item::Rust(events(&nested.ident, &docs, &nested.events, None)),
            codes(&nested.ident, &nested.events, &each),
            Item::Rust(nested::element(sdk, nested)),
        ]);
    }
    items.extend(result.map(|result| Item::Rust(nested::result(result))));
    items.extend(types(&callbacks.types));
    items
}

#[expect(
    clippy::too_many_lines,
    reason = "a struct and all that belongs to it, mostly quoted Rust"
)]
fn envelope(title: &str, callbacks: &Callbacks) -> TokenStream {
    let docs = doc_line(&format!("{title}推送的一条消息。"));
    let fields = callbacks.shared.iter().map(|member| field(member, false));
    let none = callbacks.shared.iter().map(|member| {
        let field = ident(&member.ident);
        quote!(#field: None,)
    });
    let slots = callbacks.shared.iter().map(|member| {
        let (wire, field) = (&member.wire, ident(&member.ident));
        quote!((#wire, &mut callback.#field),)
    });
    let envelope =
        (!callbacks.shared.is_empty()).then(|| quote!(opened.envelope(&mut [#(#slots)*]);));
    let tag = ident(&callbacks.tag);
    let tag_docs = addressed::tag(callbacks);
    let parse = addressed::parse(callbacks);
    let is_result = callbacks.result.as_ref().map(|result| {
        let result = ident(&result.name);
        quote! {
            fn is_result(&self) -> bool {
                matches!(self.event, Event::#result(_))
            }
        }
    });
    quote! {
        #docs
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct Callback {
            #(#fields)*
            #tag_docs
            pub #tag: Option<rt::Scalar>,
            /// 发生了什么。
            pub event: Event,
            /// 整条消息的原文。
            pub raw: rt::Json,
            issues: Vec<rt::Issue>,
        }

        impl Callback {
            #parse

            /// 没能解码的字段；其余字段不受影响。
            pub fn issues(&self) -> &[rt::Issue] {
                &self.issues
            }
        }

        impl rt::Inbound for Callback {
            const LAYOUT: &'static rt::EventApi = &EVENTS;

            fn read(mut opened: rt::Opened<'_>) -> Self {
                let event = opened.event(
                    |code, data| Event::Unknown { code, data },
                    |code, data, reason| Event::Unreadable { code, data, reason },
                );
                let mut callback = Self {
                    #(#none)*
                    #tag: opened.code().cloned(),
                    event,
                    raw: opened.whole(),
                    issues: Vec::new(),
                };
                #envelope
                callback.issues = opened.into_issues();
                callback
            }

            fn is_typed(&self) -> bool {
                !matches!(self.event, Event::Unknown { .. } | Event::Unreadable { .. })
            }

            #is_result
        }
    }
}

/// How a message is written, under the feature `serialize`.
fn written(callbacks: &Callbacks) -> Item {
    let payload = match callbacks.payload() {
        "" => "data",
        payload => payload,
    };
    let shared = callbacks.shared.iter();
    let mut entries: Vec<String> = shared
        .map(|member| entry(&member.ident, member, Place::Payload))
        .collect();
    let tag = literal(callbacks.key());
    entries.push(format!("{} = {tag}", callbacks.tag));
    entries.push(format!("event = {}", literal(payload)));
    table("written", "Callback", &entries, "")
}

/// An open enum of events.
fn events(name: &str, docs: &str, events: &[Event], told: Option<&TokenStream>) -> TokenStream {
    let (name, docs) = (ident(name), doc_line(docs));
    let variants = events.iter().map(|event| {
        let (docs, name, payload) = (doc(&event.docs), ident(&event.ident), ty(&event.payload));
        let codes = event.model.wire.iter().map(String::as_str);
        let search = aliases(&event.model.title, &event.ident, codes);
        quote!(#docs #search #name(#payload),)
    });
    quote! {
        #docs
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #told
            /// 文档没有列出的事件，原样保留。
            Unknown {
                /// 事件的代码；没有代码时为空。
                code: String,
                /// 内容的原文。
                data: rt::Json,
            },
            /// 代码认识、内容却不是文档所说的样子，原样保留。
            Unreadable {
                /// 事件的代码。
                code: String,
                /// 内容的原文。
                data: rt::Json,
                /// 原因。
                reason: rt::Issue,
            },
        }
    }
}

/// The codes of events; what tells the result of an operation is known by its looks.
fn codes(name: &str, events: &[Event], tail: &str) -> Item {
    let entry = |event: &Event| {
        let codes: Vec<String> = event.model.wire.iter().map(|code| literal(code)).collect();
        format!("{} = {}", event.ident, codes.join(" | "))
    };
    let entries: Vec<String> = events.iter().map(entry).collect();
    table("events", name, &entries, tail)
}

fn layout(sdk: &Sdk, callbacks: &Callbacks) -> TokenStream {
    let (tag, payload) = (callbacks.key(), callbacks.payload());
    let tag_inside = callbacks.layout.tag_in == TagIn::Payload;
    let EventLayout {
        deeper,
        empty,
        probe,
        dedupe,
        coarse,
        ..
    } = &callbacks.layout;
    let (flat, beside, receiver) = (&callbacks.flat, &callbacks.beside, &callbacks.receiver);
    let addressed = addressed::layout(callbacks.addressed.as_ref());
    let name = sdk.name();
    let order = callbacks.layout.order_keys();
    let order = order.map(|keys| quote!(&[#(#keys),*]));
    let each = callbacks.nested.iter().flat_map(|nested| &nested.codes);
    quote! {
        static EVENTS: rt::EventApi = rt::EventApi {
            name: #name,
            tag: #tag,
            tag_inside: #tag_inside,
            payload: #payload,
            deeper: &[#(#deeper),*],
            empty: &[#(#empty),*],
            flat: &[#(#flat),*],
            beside: &[#(#beside),*],
            probe: &[#(#probe),*],
            receiver: &[#(#receiver),*],
            dedupe: &[#(#dedupe),*],
            coarse: &[#(#coarse),*],
            order: &[#(#order),*],
            each: &[#(#each),*],
            addressed: #addressed,
        };
    }
}
