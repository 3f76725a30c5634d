//! Owns open enums.

use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::ident;
use super::{Chunk, laid};
use crate::sdk::{Choice, Variant};

/// The enum, and its values on the wire a line each.
pub(super) fn choice(choice: &Choice) -> [Chunk; 3] {
    let docs = laid::documentation(&choice.docs, "");
    let variant = |variant: &Variant| {
        let docs = laid::documentation(std::slice::from_ref(&variant.title), "    ");
        format!("{docs}    {},\n", variant.ident)
    };
    let variants: String = choice.variants.iter().map(variant).collect();
    let declared = laid::item(format!(
        "{docs}#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum {} {{
{variants}    /// 文档没有列出的值，原样保留。
    Other(Scalar),
}}
",
        choice.ident
    ));
    let pair = |variant: &Variant| {
        let value = laid::literal(&variant.value);
        format!("    {} = {value},\n", variant.ident)
    };
    let pairs: String = choice.variants.iter().map(pair).collect();
    // A macro's body is ours to format: prettyplease does not know what it means.
    let values = format!("choice!({} {{\n{pairs}}});\n", choice.ident);
    [declared, Chunk::Text(values), Chunk::Items(former(choice))]
}

/// Variants under the names that they once had: constants serve in patterns as well.
fn former(choice: &Choice) -> TokenStream {
    let constants = choice.variants.iter().flat_map(|variant| {
        let now = ident(&variant.ident);
        let note = format!("改名为 {}", variant.ident);
        variant.former.iter().map(move |former| {
            let former = ident(former);
            quote! {
                /// 从前的名字。
                #[deprecated = #note]
                #[allow(non_upper_case_globals)]
                pub const #former: Self = Self::#now;
            }
        })
    });
    let constants: Vec<TokenStream> = constants.collect();
    if constants.is_empty() {
        return TokenStream::new();
    }
    let name = ident(&choice.ident);
    quote!(impl #name { #(#constants)* })
}
