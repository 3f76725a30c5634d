//! Owns parameters that exclude each other: the enum that holds one of them, and how it is written.

use proc_macro2::TokenStream;
use quote::quote;

use super::object::entry_of;
use super::tokens::{code, doc, ident, ty};
use crate::sdk::Param;

/// The enum; what people write to each other has no `Debug` of its own.
pub(super) fn declared(param: &Param) -> TokenStream {
    let (name, docs) = (ty(&param.field.ty), doc(&param.field.docs));
    let variants = param.either.iter().map(|one| {
        let (docs, name, held) = (doc(&one.field.docs), ident(&one.ident), ty(&one.field.ty));
        quote!(#docs #name(#held),)
    });
    let private = param.either.iter().any(|one| one.field.private);
    let debug = (!private).then(|| quote!(, Debug));
    quote! {
        #docs
        #[derive(Clone #debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }
    }
}

/// Shows the one that was chosen.
pub(super) fn entries(param: &Param) -> TokenStream {
    let (field, name) = (ident(&param.field.ident), ty(&param.field.ty));
    let arms = param.either.iter().map(|one| {
        let variant = ident(&one.ident);
        let entry = code(&entry_of(&one.field, param.envelope, "value".to_owned()));
        quote!(#name::#variant(value) => visit(&[#entry]),)
    });
    quote! {
        match &self.#field {
            #(#arms)*
        }
    }
}
