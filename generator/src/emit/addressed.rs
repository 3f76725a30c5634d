//! Owns events that only their address tells apart: how they are read, `addresses.rs` with the call that registers
//! addresses and the calls that wait for what they announce.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Item;
use super::tokens::{doc_line, ident, located};
use crate::docs;
use crate::sdk::{Addressed, Announcing, Callbacks, Gather, Register};

/// What the layout says about addresses.
pub(super) fn layout(addressed: Option<&Addressed>) -> TokenStream {
    let Some(addressed) = addressed else {
        return quote!(None);
    };
    let Addressed {
        slots,
        operations,
        structured,
        holding,
        shared,
        ..
    } = addressed;
    let shared = shared.iter().map(|(slot, by)| quote!((#slot, #by)));
    quote! {
        Some(&rt::Addressed {
            slots: &[#(#slots),*],
            operations: &[#(#operations),*],
            structured: &[#(#structured),*],
            holding: &[#(#holding),*],
            shared: &[#(#shared),*],
        })
    }
}

/// What the field of the code says.
pub(super) fn tag(callbacks: &Callbacks) -> TokenStream {
    let wire = docs::code(callbacks.key());
    doc_line(&match callbacks.addressed {
        Some(_) => {
            "推送到的地址：设置项的名字，或接口的标识；几种事件共用一个地址时，后面是区分它们的值。"
                .to_owned()
        }
        None => format!("`{wire}`：事件的代码，与推送里的写法相同。"),
    })
}

/// How a message is read that no receiver has taken.
pub(super) fn parse(callbacks: &Callbacks) -> TokenStream {
    if callbacks.addressed.is_some() {
        return quote! {
            /// 读取推送到一个地址的消息：地址（设置项的名字或接口的标识）、`Content-Type` 与正文；
            /// 正文既不是表单也不是 JSON 时没有。
            #[cfg(feature = "server")]
            pub fn parse(address: &str, content_type: &str, body: &[u8]) -> Option<Self> {
                rt::server::read(address, content_type, body)
            }
        };
    }
    quote! {
        /// 读取一条推送的正文；唯一的错误是正文不是 JSON。
        pub fn parse(body: &str) -> Result<Self, rt::Malformed> {
            <Self as rt::Inbound>::parse(body)
        }
    }
}

/// `addresses.rs`.
pub(super) fn addresses(addressed: &Addressed) -> Vec<Item> {
    let announcing = &addressed.announcing;
    let event = (!announcing.is_empty()).then(|| quote!(, Event));
    let mut items = vec![Item::Rust(quote! {
        use super::callback::{Callback #event};
        use super::rt::{self, server};
    })];
    items.extend(addressed.register.as_ref().map(register).map(Item::Rust));
    items.extend(announcing.iter().map(announcing_call).map(Item::Rust));
    items
}

fn register(register: &Register) -> TokenStream {
    let (on, module, method) = (
        ident(&register.on),
        ident(&register.module),
        ident(&register.method),
    );
    let request = ident(&register.request);
    let of = |wire: &str| quote!(addresses.of(#wire));
    let (required, holder) = &register.required;
    let arguments = match holder {
        Some(holder) => {
            let holder = ident(holder);
            let fields = required.iter().map(|member| {
                let (field, of) = (ident(&member.ident), of(&member.wire));
                quote!(#field: #of)
            });
            quote!(super::#module::#holder { #(#fields),* })
        }
        None => {
            let arguments = required.iter().map(|member| of(&member.wire));
            quote!(#(#arguments),*)
        }
    };
    let setters = register.optional.iter().map(|member| {
        let (setter, of) = (ident(&member.ident), of(&member.wire));
        quote!(.#setter(#of))
    });
    let reply = located(&register.reply, &register.module);
    let docs = doc_line("登记所有推送的地址：此后各类推送都由 `addresses` 的接收器收到。");
    quote! {
        impl super::#on {
            #docs
            pub fn register(&self, addresses: &server::Addresses<Callback>) -> rt::Call<#reply> {
                let request = super::#module::#request::new(#arguments) #(#setters)*;
                self.#module().#method(request)
            }
        }
    }
}

fn announcing_call(one: &Announcing) -> TokenStream {
    let (module, request) = (ident(&one.module), ident(&one.request));
    let request = quote!(super::#module::#request);
    let (variant, event) = (ident(&one.variant), located(&one.payload, "callback"));
    let gathers = one.gather.as_ref().map(|gather| gathered(&request, gather));
    let methods = one.on.iter().map(|on| method(one, on, &request));
    quote! {
        impl server::Announces for #request {
            type Callback = Callback;
            type Event = #event;

            fn event(callback: Callback) -> Option<Self::Event> {
                match callback.event {
                    Event::#variant(event) => Some(event),
                    _ => None,
                }
            }
        }

        #gathers
        #(#methods)*
    }
}

fn gathered(request: &TokenStream, gather: &Gather) -> TokenStream {
    let item = located(&gather.item, "callback");
    let (page, total, items) = (
        ident(&gather.page),
        ident(&gather.total),
        ident(&gather.items),
    );
    let size = Literal::u32_unsuffixed(gather.size);
    let within = Literal::u32_unsuffixed(gather.within_s);
    quote! {
        impl server::Gathers for #request {
            type Item = #item;

            const SIZE: usize = #size;
            const WITHIN: ::std::time::Duration = ::std::time::Duration::from_secs(#within);

            fn page(event: Self::Event) -> server::Page<Self::Item> {
                server::Page::new(&event.#page, &event.#total, event.#items)
            }
        }
    }
}

fn method(one: &Announcing, on: &str, request: &TokenStream) -> TokenStream {
    let (module, on) = (ident(&one.module), ident(on));
    let (call, method) = (ident(&one.call), ident(&one.method));
    let (param, required) = (ident(&one.param.0), one.param.1);
    let (waiting, what) = match one.gather {
        Some(_) => (quote!(server::Gathering), "推送的各页，合为一份"),
        None => (quote!(server::Awaiting), "推送"),
    };
    let given = if required {
        format!("`request` 拿到这次专用的 `{}`", one.param.0)
    } else {
        format!("`{}` 自动填上", one.param.0)
    };
    let docs = doc_line(&format!(
        "同 [`{0}`](Self::{0})，并等到它引起的{what}；{given}。",
        one.call
    ));
    let (taken, made) = if required {
        let made = quote!(self.#call(request(url.to_owned())));
        (quote!(impl FnOnce(String) -> #request), made)
    } else {
        let made = quote!(self.#call(request.#param(url)));
        (request.clone(), made)
    };
    quote! {
        impl super::#module::#on<'_> {
            #docs
            pub fn #method(
                &self,
                addresses: &server::Addresses<Callback>,
                request: #taken,
            ) -> #waiting<#request> {
                #waiting::new(addresses, |url| #made)
            }
        }
    }
}
