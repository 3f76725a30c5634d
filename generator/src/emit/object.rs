//! Owns structs: replies, and the objects inside of requests.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{argument, deprecated, doc, doc_line, ident, ty};
use crate::sdk::{Coding, Member, Object, Prefix, Type};

pub(super) fn object(object: &Object) -> TokenStream {
    if object.sent {
        sent(object)
    } else {
        received(object)
    }
}

/// The type of a reply's field: absent is normal, unless the catalog is certain.
pub(super) fn held(member: &Member) -> TokenStream {
    let plain = ty(&member.ty);
    match member.ty {
        Type::List(_) => plain,
        _ if member.certain => plain,
        _ => quote!(Option<#plain>),
    }
}

/// `Debug` as it is derived, or, where something is private, written out: the derive, the implementation.
fn debug(object: &Object) -> (TokenStream, TokenStream) {
    if !object.members.iter().any(|member| member.private) {
        return (quote!(Debug,), TokenStream::new());
    }
    let (name, text) = (ident(&object.ident), &object.ident);
    let fields = object.members.iter().map(|member| {
        let (field, text) = (ident(&member.ident), &member.ident);
        if member.private {
            quote!((#text, &Hidden),)
        } else {
            quote!((#text, &self.#field),)
        }
    });
    let raw = object.raw.then(|| quote!(("raw", &self.raw),));
    let senders = object.prefixes.iter().map(|prefix| {
        let (field, text) = (ident(&prefix.into), &prefix.into);
        quote!((#text, &self.#field),)
    });
    let written = quote! {
        impl fmt::Debug for #name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                debug_fields(#text, &[#(#fields)* #(#senders)* #raw], f)
            }
        }
    };
    (TokenStream::new(), written)
}

fn received(object: &Object) -> TokenStream {
    let name = ident(&object.ident);
    let docs = doc(&object.docs);
    let fields = object.members.iter().map(|member| {
        let (docs, field, ty) = (doc(&member.docs), ident(&member.ident), held(member));
        quote!(#docs pub #field: #ty,)
    });
    let slots = object.members.iter().map(slot);
    let aliases: Vec<TokenStream> = object.members.iter().flat_map(aliases).collect();
    let read = if aliases.is_empty() {
        quote!(input.object(&mut [#(#slots)*]))
    } else {
        quote!(input.object_with(&mut [#(#slots)*], &[#(#aliases)*]))
    };
    let read = if object.raw {
        quote! {
            self.raw = input.whole();
            #read
        }
    } else {
        read
    };
    let read = if object.prefixes.is_empty() {
        read
    } else {
        let splits = object.prefixes.iter().map(split);
        quote! {
            let read = #read;
            #(#splits)*
            read
        }
    };
    let senders = object.prefixes.iter().map(|prefix| {
        let line = format!("拆自 `{}` 开头的发送者；没有时为 `None`。", prefix.text);
        let (docs, field) = (doc_line(&line), ident(&prefix.into));
        quote!(#docs pub #field: Option<String>,)
    });
    let written = object.members.iter().map(|member| entry(member, false));
    let (derived, debug) = debug(object);
    let worded = worded(object);
    let raw = object.raw.then(|| {
        quote! {
            /// 收到时的原样。
            pub raw: Json,
        }
    });
    quote! {
        #docs
        #[derive(Clone, #derived Default)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            #(#senders)*
            #raw
        }

        #debug

        #worded

        impl FromObject for #name {
            #[inline]
            fn read(&mut self, input: &mut Input<'_>) -> bool {
                #read
            }
        }

        #[cfg(feature = "serialize")]
        impl ToObject for #name {
            fn members(&self, visit: Visit<'_>) {
                visit(&[#(#written)*]);
            }
        }

        #[cfg(feature = "serialize")]
        serialize!(#name);
    }
}

/// Methods that say which of the documented wordings a text is.
fn worded(object: &Object) -> Option<TokenStream> {
    let methods = object.members.iter().filter_map(|member| {
        let wordings = ident(member.wordings.as_ref()?);
        let (field, method) = (
            ident(&member.ident),
            ident(&format!("{}_wording", member.ident)),
        );
        let line = format!("`{}` 是文档所列的哪一种；都不是时为 `None`。", member.ident);
        let docs = doc_line(&line);
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
    let methods: Vec<TokenStream> = methods.collect();
    let name = ident(&object.ident);
    (!methods.is_empty()).then(|| quote!(impl #name { #(#methods)* }))
}

/// Takes the id off the start of a text.
fn split(prefix: &Prefix) -> TokenStream {
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
        const PREFIX: Prefix = Prefix { mark: #mark, like: &[#(#like),*], except: &[#(#except),*] };
        if let Some(id) = split_prefix(&PREFIX, &mut self.#text, #sender) {
            self.#into = Some(id);
        }
    }
}

/// Where a member's value goes to: a list out of one text, or JSON out of a text, first.
pub(super) fn slot(member: &Member) -> TokenStream {
    let field = ident(&member.ident);
    let wire = &member.wire;
    match &member.coding {
        Coding::Joined(separator) => quote!((#wire, &mut Split(&mut self.#field, #separator)),),
        Coding::JsonText => quote!((#wire, &mut FromJsonText(&mut self.#field)),),
        Coding::Plain | Coding::Number | Coding::Text => quote!((#wire, &mut self.#field),),
    }
}

/// Other spellings of a member, each with the one that counts.
pub(super) fn aliases(member: &Member) -> impl Iterator<Item = TokenStream> + '_ {
    let wire = &member.wire;
    member
        .aliases
        .iter()
        .map(move |alias| quote!((#alias, #wire),))
}

/// One field on its way out.
pub(super) fn entry(member: &Member, envelope: bool) -> TokenStream {
    let field = ident(&member.ident);
    entry_of(member, envelope, quote!(&self.#field))
}

/// One value on its way out, wherever it stands.
pub(super) fn entry_of(member: &Member, envelope: bool, plain: TokenStream) -> TokenStream {
    let wire = &member.wire;
    let mut coded = match &member.coding {
        Coding::Plain if member.ty == Type::Secret => quote!(&Private(#plain)),
        Coding::Plain => plain,
        Coding::Number => quote!(&Number(#plain)),
        Coding::Text => quote!(&Text(#plain)),
        Coding::Joined(separator) => quote!(&Joined(#plain, #separator)),
        Coding::JsonText => quote!(&JsonText(#plain)),
    };
    if member.private && member.ty != Type::Secret {
        coded = quote!(&Private(#coded));
    }
    if envelope {
        quote!((#wire, &Envelope(#coded)),)
    } else {
        quote!((#wire, #coded),)
    }
}

/// An object inside of a request: nothing in it is required, everything can be set.
fn sent(object: &Object) -> TokenStream {
    let name = ident(&object.ident);
    let docs = doc(&object.docs);
    let fields = object.members.iter().map(|member| {
        let (docs, field, plain) = (doc(&member.docs), ident(&member.ident), ty(&member.ty));
        quote!(#docs pub #field: Option<#plain>,)
    });
    let setters = object.members.iter().map(setter);
    let written = object.members.iter().map(|member| entry(member, false));
    let (derived, debug) = debug(object);
    quote! {
        #docs
        #[derive(Clone, #derived Default)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
        }

        #debug

        impl #name {
            #(#setters)*
        }

        impl ToObject for #name {
            fn members(&self, visit: Visit<'_>) {
                visit(&[#(#written)*]);
            }
        }
    }
}

/// A chained setter of an optional field.
pub(super) fn setter(member: &Member) -> TokenStream {
    let (docs, field) = (doc(&member.docs), ident(&member.ident));
    let (argument, value) = argument(&member.ty, &field);
    let deprecated = deprecated(member.deprecated);
    quote! {
        #docs
        #deprecated
        #[must_use]
        pub fn #field(mut self, #field: #argument) -> Self {
            self.#field = Some(#value);
            self
        }
    }
}
