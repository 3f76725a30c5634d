//! Owns enums of documented wordings.

use quote::quote;

use super::Chunk;
use super::tokens::{doc, doc_line, ident};
use crate::sdk::{Wording, Wordings};

/// The enum, and its wordings a line each.
pub(super) fn wordings(wordings: &Wordings) -> [Chunk; 2] {
    let name = ident(&wordings.ident);
    let docs = doc(&wordings.docs);
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
    let pair = |variant: &Wording| {
        let value = proc_macro2::Literal::string(&variant.value);
        let filled = variant.filled.join(", ");
        let filled = match filled.is_empty() {
            true => "{}".to_owned(),
            false => format!("{{ {filled} }}"),
        };
        format!("    {} {filled} = {value},\n", variant.ident)
    };
    let pairs: String = wordings.variants.iter().map(pair).collect();
    let values = format!("wordings!({} {{\n{pairs}}});\n", wordings.ident);
    [Chunk::Items(declared), Chunk::Text(values)]
}
