//! Owns structs: replies and events, and the objects inside of requests.

use catalog::model::Place;
use proc_macro2::TokenStream;
use quote::quote;

use super::Item;
use super::macro_table::{entry, filled, table};
use super::request::setter;
use super::tokens::{doc, doc_line, ident, ty};
use crate::sdk::{Member, Object, Prefix, Type};

/// The struct, what can be done with it, and the table of how it travels.
pub(super) fn object(object: &Object) -> Vec<Item> {
    let declared = declared(object);
    // Nothing in what is sent is required, everything can be set.
    let sent = object.members.iter().filter(|_| object.sent);
    let mut methods: TokenStream = sent.map(|member| setter(member, object.received)).collect();
    methods.extend(received(object));
    let name = ident(&object.ident);
    let methods = (!methods.is_empty()).then(|| quote!(impl #name { #methods }));
    let entries = object.members.iter();
    let entries: Vec<String> = entries
        .map(|member| {
            let entry = entry(&member.ident, member, Place::Payload);
            let both = object.sent && object.received && matches!(member.ty, Type::List(_));
            // What is received as a list is one; where nothing is in it, nothing is sent.
            if both { filled(&entry) } else { entry }
        })
        .collect();
    let name = match (object.sent, object.received) {
        (true, true) => "exchanged",
        (true, false) => "sent",
        (false, _) => "received",
    };
    let written = table(name, &object.ident, &entries, &besides(object));
    vec![Item::Rust(quote!(#declared #methods)), written]
}

fn declared(object: &Object) -> TokenStream {
    let (name, docs) = (ident(&object.ident), doc(&object.docs));
    let must_use = object.sent.then(|| quote!(#[must_use]));
    let fields = object
        .members
        .iter()
        .map(|member| field(member, !object.received));
    let senders = object.prefixes.iter().map(|prefix| {
        let docs = doc_line(&format!(
            "拆自 `{}` 开头的发送者；没有时为 `None`。",
            prefix.text
        ));
        let into = ident(&prefix.into);
        quote!(#docs pub #into: Option<String>,)
    });
    let raw = object.raw.then(|| {
        quote! {
            /// 收到时的原样。
            pub raw: rt::Json,
        }
    });
    quote! {
        #docs
        #[derive(Clone, Default)]
        #must_use
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            #(#senders)*
            #raw
        }
    }
}

/// A field: nothing that is only sent in an object is required; of what is received, absent is normal, unless the catalog
/// is certain.
pub(super) fn field(member: &Member, sent: bool) -> TokenStream {
    let (docs, field, plain) = (doc(&member.docs), ident(&member.ident), ty(&member.ty));
    let always = !sent && (member.certain || matches!(member.ty, Type::List(_)));
    match always {
        true => quote!(#docs pub #field: #plain,),
        false => quote!(#docs pub #field: Option<#plain>,),
    }
}

/// What an object has besides the members on the wire.
fn besides(object: &Object) -> String {
    let prefixes = object.prefixes.iter();
    let mut besides: String = prefixes
        .map(|prefix| format!(" with {0} by split_{0}", prefix.into))
        .collect();
    if object.raw {
        besides.push_str(" keeping raw");
    }
    besides
}

/// Methods that say which of the documented wordings a text is, and those that take an id off the start of a text.
fn received(object: &Object) -> TokenStream {
    let worded = object.members.iter().filter_map(|member| {
        let (field, wordings) = (ident(&member.ident), ident(member.wordings.as_ref()?));
        let method = ident(&format!("{}_wording", member.ident));
        let docs = doc_line(&format!(
            "`{}` 是文档所列的哪一种；都不是时为 `None`。",
            member.ident
        ));
        let of = match member.certain {
            true => quote!(#wordings::of(&self.#field)),
            false => quote!(self.#field.as_deref().and_then(#wordings::of)),
        };
        Some(quote! {
            #docs
            pub fn #method(&self) -> Option<#wordings> {
                #of
            }
        })
    });
    let split = object.prefixes.iter().map(split);
    quote!(#(#worded)* #(#split)*)
}

fn split(prefix: &Prefix) -> TokenStream {
    let method = ident(&format!("split_{}", prefix.into));
    let (into, text, sender) = (
        ident(&prefix.into),
        ident(&prefix.text),
        ident(&prefix.sender),
    );
    let (mark, like, except) = (&prefix.mark, &prefix.like, &prefix.except);
    let sender = if prefix.sender_is_id {
        quote!(self.#sender.as_ref().map(|id| id.as_str()))
    } else {
        quote!(self.#sender.as_deref())
    };
    quote! {
        fn #method(&mut self) {
            const PREFIX: rt::Prefix = rt::Prefix {
                mark: #mark,
                like: &[#(#like),*],
                except: &[#(#except),*],
            };
            if let Some(id) = rt::split_prefix(&PREFIX, &mut self.#text, #sender) {
                self.#into = Some(id);
            }
        }
    }
}
