//! Owns structs: replies, and the objects inside of requests.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{argument, deprecated, doc, ident, ty};
use crate::sdk::{Coding, Member, Object, Type};

pub(super) fn object(object: &Object) -> TokenStream {
    if object.sent {
        sent(object)
    } else {
        received(object)
    }
}

/// The type of a reply's field: absent is normal, unless the catalog is certain.
fn held(member: &Member) -> TokenStream {
    let plain = ty(&member.ty);
    match member.ty {
        Type::List(_) => plain,
        _ if member.certain => plain,
        _ => quote!(Option<#plain>),
    }
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
    let written = object.members.iter().map(|member| entry(member, false));
    quote! {
        #docs
        #[derive(Clone, Debug, Default)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
        }

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

/// Where a member's value goes to: a list out of one text, or JSON out of a text, first.
fn slot(member: &Member) -> TokenStream {
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
    let wire = &member.wire;
    let plain = quote!(&self.#field);
    let coded = match &member.coding {
        Coding::Plain if member.ty == Type::Secret => quote!(&Private(#plain)),
        Coding::Plain => plain,
        Coding::Number => quote!(&Number(#plain)),
        Coding::Text => quote!(&Text(#plain)),
        Coding::Joined(separator) => quote!(&Joined(#plain, #separator)),
        Coding::JsonText => quote!(&JsonText(#plain)),
    };
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
    quote! {
        #docs
        #[derive(Clone, Debug, Default)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
        }

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
