//! Owns small pieces of Rust: identifiers, types, documentation.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote;

use crate::docs;
use crate::sdk::Type;

/// An identifier; naming has made sure that it is one.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// The name of the `static` that describes an operation; one is taken.
pub(super) fn constant(method: &str) -> Ident {
    match method.to_uppercase().as_str() {
        "API" => ident("API_"),
        name => ident(name),
    }
}

/// Documentation, a line an attribute.
pub(super) fn doc(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    quote!(#(#[doc = #lines])*)
}

/// One line of documentation.
pub(super) fn doc_line(line: &str) -> TokenStream {
    let line = format!(" {line}");
    quote!(#[doc = #line])
}

/// A title under which rustdoc's search finds the item.
pub(super) fn alias(title: &str, of: &str) -> TokenStream {
    match docs::alias(title).filter(|alias| alias != of) {
        Some(alias) => quote!(#[doc(alias = #alias)]),
        None => TokenStream::new(),
    }
}

/// Rust that was written as text; what is none fails where the file is put together.
pub(super) fn code(text: &str) -> TokenStream {
    text.parse().unwrap_or_else(|_| quote!(#text))
}

/// A type as it is written.
pub(super) fn ty(ty: &Type) -> TokenStream {
    match ty {
        Type::Unit => quote!(()),
        Type::List(of) => {
            let of = self::ty(of);
            quote!(Vec<#of>)
        }
        Type::Xml(of) => {
            let of = self::ty(of);
            quote!(XmlText<#of>)
        }
        Type::Maybe(of) => {
            let of = self::ty(of);
            quote!(Option<#of>)
        }
        Type::Event(name) => {
            let name = ident(name);
            quote!(callback::#name)
        }
        named => {
            let name = ident(&named.rust());
            quote!(#name)
        }
    }
}

/// The type of an argument, and how the argument becomes the field.
pub(super) fn argument(field: &Type, name: &str) -> (String, String) {
    match field {
        Type::Text | Type::Secret | Type::Id(_) | Type::Json => (
            format!("impl Into<{}>", field.rust()),
            format!("{name}.into()"),
        ),
        Type::List(of) if matches!(**of, Type::Text | Type::Id(_)) => (
            format!("impl IntoIterator<Item = impl Into<{}>>", of.rust()),
            format!("{name}.into_iter().map(Into::into).collect()"),
        ),
        Type::List(of) => (
            format!("impl IntoIterator<Item = {}>", of.rust()),
            format!("{name}.into_iter().collect()"),
        ),
        _ => (field.rust(), name.to_owned()),
    }
}
