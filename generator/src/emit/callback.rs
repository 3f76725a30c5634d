//! Owns what the gateway tells: the envelope, the open enum of its events, and how both are read.

use std::collections::BTreeMap;

use catalog::config::{EventLayout, EventResult, TagIn};
use proc_macro2::TokenStream;
use quote::quote;

use super::module::types;
use super::object::entry;
use super::tokens::{alias, code, doc, doc_line, ident, ty};
use super::{Chunk, addressed, nested};
use crate::docs;
use crate::sdk::{Callbacks, Event, Sdk};

/// The items of an API's file, without the imports.
pub(super) fn callbacks(sdk: &Sdk, callbacks: &Callbacks) -> Vec<Chunk> {
    let title = super::title(sdk);
    let docs = format!("{title}推送的事件。");
    let result = callbacks.result.as_ref();
    let mut items = vec![
        Chunk::Items(envelope(&title, callbacks)),
        Chunk::Items(events("Event", &docs, &callbacks.events, result)),
        Chunk::Items(layout(sdk, callbacks)),
    ];
    items.extend(callbacks.nested.iter().flat_map(|nested| {
        let docs = format!("{}。", docs::escaped(&nested.title));
        [
            Chunk::Items(events(&nested.ident, &docs, &nested.events, None)),
            Chunk::Items(nested::element(sdk, nested)),
        ]
    }));
    items.extend(result.map(|result| Chunk::Items(nested::result(result))));
    items.extend(types(&callbacks.types));
    items
}

fn envelope(title: &str, callbacks: &Callbacks) -> TokenStream {
    let docs = doc_line(&format!("{title}推送的一条消息。"));
    let fields = callbacks.shared.iter().map(|member| {
        let (docs, field) = (doc(&member.docs), ident(&member.ident));
        let ty = code(&member.held());
        quote!(#docs pub #field: #ty,)
    });
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
    let wire = callbacks.key();
    let tag_docs = addressed::tag(callbacks);
    let parse = addressed::parse(callbacks);
    let written = callbacks.shared.iter();
    let written = written.map(|member| code(&entry(member, false)));
    let is_result = callbacks.result.as_ref().map(|result| {
        let result = ident(&result.name);
        quote! {
            fn is_result(&self) -> bool {
                matches!(self.event, Event::#result(_))
            }
        }
    });
    let payload = match callbacks.payload() {
        "" => "data",
        payload => payload,
    };
    quote! {
        #docs
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub struct Callback {
            #(#fields)*
            #tag_docs
            pub #tag: Option<Scalar>,
            /// 发生了什么。
            pub event: Event,
            /// 整条消息的原文。
            pub raw: Json,
            issues: Vec<Issue>,
        }

        impl Callback {
            #parse

            /// 没能解码的字段；其余字段不受影响。
            pub fn issues(&self) -> &[Issue] {
                &self.issues
            }
        }

        impl Inbound for Callback {
            const LAYOUT: &'static EventApi = &EVENTS;

            fn read(mut opened: Opened<'_>) -> Self {
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

        #[cfg(feature = "serialize")]
        impl ToObject for Callback {
            fn members(&self, visit: Visit<'_>) {
                visit(&[#(#written,)* (#wire, &self.#tag), (#payload, &self.event)]);
            }
        }

        #[cfg(feature = "serialize")]
        serialize!(Callback);
    }
}

/// An open enum of events; what tells the result of an operation is known by its looks.
fn events(name: &str, docs: &str, events: &[Event], result: Option<&EventResult>) -> TokenStream {
    let (name, docs) = (ident(name), doc_line(docs));
    let variants = events.iter().map(|event| {
        let (docs, name, payload) = (doc(&event.docs), ident(&event.ident), ty(&event.payload));
        let alias = alias(&event.model.title, &event.ident);
        quote!(#docs #alias #name(#payload),)
    });
    let arms = events.iter().map(|event| {
        let (codes, name) = (&event.model.wire, ident(&event.ident));
        quote!(#(#codes)|* => opened.typed(Self::#name),)
    });
    // A payload type an arm, not an event.
    let mut by_type: BTreeMap<String, Vec<TokenStream>> = BTreeMap::new();
    let carried = events
        .iter()
        .map(|event| (&event.ident, event.payload.rust()));
    let carried = carried.chain(result.map(|result| (&result.name, result.name.clone())));
    for (name, payload) in carried {
        let name = ident(name);
        let variants = by_type.entry(payload).or_default();
        variants.push(quote!(Self::#name(payload)));
    }
    let views = by_type
        .values()
        .map(|variants| quote!(#(#variants)|* => payload.view(),));
    let (told, tells) = result.map(nested::variant).unzip();
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
                data: Json,
            },
            /// 代码认识、内容却不是文档所说的样子，原样保留。
            Unreadable {
                /// 事件的代码。
                code: String,
                /// 内容的原文。
                data: Json,
                /// 原因。
                reason: Issue,
            },
        }

        impl Tagged for #name {
            fn typed(code: &str, opened: &mut Opened<'_>) -> Option<Result<Self, Issue>> {
                let event = match code {
                    #(#arms)*
                    #tells
                    _ => return None,
                };
                Some(event)
            }
        }

        #[cfg(feature = "serialize")]
        impl Encode for #name {
            fn view(&self) -> View<'_> {
                match self {
                    #(#views)*
                    Self::Unknown { data, .. } | Self::Unreadable { data, .. } => data.view(),
                }
            }
        }

        #[cfg(feature = "serialize")]
        impl ::serde::Serialize for #name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                crate::runtime::serialize_value(self, serializer)
            }
        }
    }
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
    quote! {
        static EVENTS: EventApi = EventApi {
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
            addressed: #addressed,
        };
    }
}
