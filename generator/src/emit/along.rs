//! Owns what goes along with every request: headers and members of bodies, and the methods of the builder that set them.

use catalog::config::{HeaderDeclaration, RequestLayout, WithDeclaration};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::operation::capitalised;
use super::tokens::{doc_line, ident, optional};
use crate::docs;
use crate::sdk::Sdk;

/// What an API knows of it.
pub(super) fn facts(request: &RequestLayout) -> TokenStream {
    let (headers, with) = (
        request.header.iter().map(header),
        request.with.iter().map(with),
    );
    let headers = (!request.header.is_empty()).then(|| quote!(headers: &[#(#headers),*],));
    let with = (!request.with.is_empty()).then(|| quote!(with: &[#(#with),*],));
    quote!(#headers #with)
}

fn header(header: &HeaderDeclaration) -> TokenStream {
    let HeaderDeclaration {
        name,
        value,
        methods,
    } = header;
    let methods = methods.iter().map(|method| ident(&capitalised(method)));
    quote! {
        rt::FixedHeader {
            name: #name,
            value: #value,
            methods: &[#(rt::Method::#methods),*],
        }
    }
}

fn with(with: &WithDeclaration) -> TokenStream {
    let path = &with.param;
    let value = optional(with.json().as_ref());
    let most = with.most_bytes.map(Literal::u32_unsuffixed);
    let most = optional(most);
    quote!(rt::With { path: #path, value: #value, most_bytes: #most })
}

/// The methods of the builder.
pub(super) fn setters(sdk: &Sdk) -> Option<TokenStream> {
    let with = sdk.api.request.with.iter().enumerate();
    let setters = with.filter_map(|(n, with)| {
        let (at, setter) = (Literal::usize_unsuffixed(n), ident(with.setter.as_ref()?));
        let most = with.most_bytes;
        let most = most.map_or_else(String::new, |most| format!("，最多 {most} 字节"));
        let path = docs::code(&with.param);
        let docs = doc_line(&format!("每次调用都带上的 `{path}`{most}；不设置就不带。"));
        Some(quote! {
            #docs
            pub fn #setter(self, #setter: impl Into<String>) -> Self {
                self.with(&API.with[#at], #setter)
            }
        })
    });
    let setters: Vec<TokenStream> = setters.collect();
    let name = ident(&sdk.handle);
    (!setters.is_empty()).then(|| quote!(impl rt::Builder<#name> { #(#setters)* }))
}
