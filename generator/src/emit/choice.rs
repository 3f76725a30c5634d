//! Owns enums: open ones of documented values, and those of documented wordings.

use proc_macro2::TokenStream;
use quote::quote;

use super::Item;
use super::macro_table::{literal, table};
use super::tokens::{doc, doc_line, ident, renamed};
use crate::sdk::{Choice, Variant, Wording, Wordings};

/// An open enum, and its values on the wire.
pub(super) fn choice(choice: &Choice) -> Vec<Item> {
    let (name, docs) = (ident(&choice.ident), doc(&choice.docs));
    let variants = choice.variants.iter().map(|variant| {
        let (docs, name) = (doc_line(&variant.title), ident(&variant.ident));
        quote!(#docs #name,)
    });
    let declared = quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// 文档没有列出的值，原样保留。
            Other(rt::Scalar),
        }
    };
    let value = |variant: &Variant| format!("{} = {}", variant.ident, literal(&variant.value));
    let values: Vec<String> = choice.variants.iter().map(value).collect();
    vec![
        Item::Rust(declared),
        table("choice", &choice.ident, &values, ""),
        Item::Rust(former(choice)),
    ]
}

/// Variants under the names that they once had: constants serve in patterns as well.
fn former(choice: &Choice) -> TokenStream {
    let constants = choice.variants.iter().flat_map(|variant| {
        let now = ident(&variant.ident);
        let renamed = renamed(&variant.ident);
        variant.former.iter().map(move |former| {
            let former = ident(former);
            quote! {
                #renamed
                #[allow(non_upper_case_globals)]
                pub const #former: Self = Self::#now;
            }
        })
    });
    let constants: TokenStream = constants.collect();
    if constants.is_empty() {
        return constants;
    }
    let name = ident(&choice.ident);
    quote!(impl #name { #constants })
}

/// An enum of wordings, and each of them.
pub(super) fn wordings(wordings: &Wordings) -> Vec<Item> {
    let (name, docs) = (ident(&wordings.ident), doc(&wordings.docs));
    let variants = wordings.variants.iter().map(|variant| {
        let docs = doc_line(&variant.title);
        let (name, filled) = (ident(&variant.ident), variant.filled.iter());
        let filled = filled.map(|filled| {
            let (docs, filled) = (doc_line(&format!("`{{{filled}}}`")), ident(filled));
            quote!(#docs #filled: String,)
        });
        match variant.filled.is_empty() {
            true => quote!(#docs #name,),
            false => quote!(#docs #name { #(#filled)* },),
        }
    });
    let declared = quote! {
        #docs
        #[derive(Clone, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }
    };
    let value = |variant: &Wording| {
        let value = literal(&variant.value);
        match variant.filled.is_empty() {
            true => format!("{} {{}} = {value}", variant.ident),
            false => format!(
                "{} {{ {} }} = {value}",
                variant.ident,
                variant.filled.join(", ")
            ),
        }
    };
    let values: Vec<String> = wordings.variants.iter().map(value).collect();
    vec![
        Item::Rust(declared),
        table("wordings", &wordings.ident, &values, ""),
    ]
}
