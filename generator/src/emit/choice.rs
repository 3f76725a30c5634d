//! Owns open enums.

use quote::quote;

use super::Chunk;
use super::tokens::{doc, doc_line, ident};
use crate::sdk::{Choice, Variant};

/// The enum, and its values on the wire a line each.
pub(super) fn choice(choice: &Choice) -> [Chunk; 2] {
    let name = ident(&choice.ident);
    let docs = doc(&choice.docs);
    let variants = choice.variants.iter().map(|variant| {
        let docs = doc_line(&variant.title);
        let name = ident(&variant.ident);
        quote!(#docs #name,)
    });
    let declared = quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// 文档没有列出的值，原样保留。
            Other(Scalar),
        }
    };
    let pair = |variant: &Variant| {
        let value = proc_macro2::Literal::string(&variant.value);
        format!("    {} = {value},\n", variant.ident)
    };
    let pairs: String = choice.variants.iter().map(pair).collect();
    // A macro's body is ours to format: prettyplease does not know what it means.
    let values = format!("choice!({} {{\n{pairs}}});\n", choice.ident);
    [Chunk::Items(declared), Chunk::Text(values)]
}
