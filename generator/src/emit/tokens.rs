//! Owns small pieces of Rust: identifiers, types, documentation. In: what naming and typing decided, `Type::Json`.
//! Out: tokens, `rt::Json`.

use catalog::model::{Part, Template};
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};

use crate::docs;
use crate::sdk::{Home, Sdk, Type};

/// Names that are derive macros as well: a link has to say that it means the struct.
const DERIVES: &[&str] = &[
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Eq",
    "Hash",
    "Ord",
    "PartialEq",
    "PartialOrd",
];

/// An identifier; naming has made sure that it is one.
pub(super) fn ident(name: &str) -> Ident {
    Ident::new(name, Span::call_site())
}

/// Documentation, a line an attribute. Whatever the lines have come through before, nothing in them ends the comment.
pub(super) fn doc(lines: &[String]) -> TokenStream {
    lines.iter().map(|line| doc_line(line)).collect()
}

/// One line of documentation.
pub(super) fn doc_line(line: &str) -> TokenStream {
    let text = commented(line);
    quote!(#[doc = #text])
}

/// Documentation of what it stands in.
pub(super) fn inner_doc<'l>(lines: impl Iterator<Item = &'l str>) -> TokenStream {
    let lines = lines.map(commented);
    quote!(#(#![doc = #lines])*)
}

fn commented(line: &str) -> String {
    let mut text = String::with_capacity(line.len() + 1);
    if !line.is_empty() {
        text.push(' ');
    }
    text.extend(line.chars().filter(|c| !c.is_control()));
    text
}

/// The words by which rustdoc's search finds the item.
pub(super) fn aliases<'w>(
    title: &'w str,
    of: &str,
    also: impl IntoIterator<Item = &'w str>,
) -> TokenStream {
    match docs::search_words(title, of, also) {
        words if words.is_empty() => TokenStream::new(),
        words => quote!(#[doc(alias(#(#words),*))]),
    }
}

/// A link to a struct of the same file.
pub(super) fn link(name: &str) -> String {
    match DERIVES.contains(&name) {
        true => format!("[`struct@{name}`]"),
        false => format!("[`{name}`]"),
    }
}

/// A mark on what the documents struck through.
pub(super) fn deprecated(struck: bool) -> TokenStream {
    match struck {
        true => quote!(#[deprecated = "文档中已划去"]),
        false => TokenStream::new(),
    }
}

/// A former name of something, and the one that it has now.
pub(super) fn renamed(now: &str) -> TokenStream {
    let note = format!("改名为 {now}");
    quote! {
        /// 从前的名字。
        #[deprecated = #note]
    }
}

/// `Some(…)` or `None`.
pub(super) fn optional(value: Option<impl ToTokens>) -> TokenStream {
    match value {
        Some(value) => quote!(Some(#value)),
        None => quote!(None),
    }
}

/// What the runtime knows of an operation, in a file of its provider.
pub(super) fn operation(sdk: &Sdk, id: &str) -> Option<TokenStream> {
    let (module, operation) = sdk.by_id(id)?;
    let (module, request) = (ident(&module.ident), ident(&operation.request));
    Some(quote!(<#module::#request as rt::Request>::OPERATION))
}

/// JSON with places.
pub(super) fn template(template: &Template) -> TokenStream {
    let parts = template.0.iter().map(|part| match part {
        Part::Json(json) => quote!(rt::Part::Json(#json)),
        Part::Value(name) => quote!(rt::Part::Value(#name)),
        Part::Text(name) => quote!(rt::Part::Text(#name)),
    });
    quote!(rt::Template(&[#(#parts),*]))
}

/// A type in a file of its provider.
pub(super) fn ty(of: &Type) -> TokenStream {
    spelled(of, &|home, name| match home {
        Home::Runtime => quote!(rt::#name),
        Home::Callback => quote!(callback::#name),
        Home::Language | Home::Provider | Home::Module => quote!(#name),
    })
}

/// A type that another file of the provider declares, this module's or its parent's.
pub(super) fn located(of: &Type, module: &str) -> TokenStream {
    let module = ident(module);
    spelled(of, &|home, name| match home {
        Home::Language => quote!(#name),
        Home::Runtime => quote!(rt::#name),
        Home::Callback => quote!(super::callback::#name),
        Home::Provider => quote!(super::#name),
        Home::Module => quote!(super::#module::#name),
    })
}

fn spelled(of: &Type, path: &dyn Fn(Home, Ident) -> TokenStream) -> TokenStream {
    let (home, name, inner) = of.spelling();
    if name == "()" {
        return quote!(());
    }
    let name = path(home, ident(name));
    match inner {
        Some(inner) => {
            let inner = spelled(inner, path);
            quote!(#name<#inner>)
        }
        None => name,
    }
}

/// The same as text, for a table.
pub(super) fn ty_text(of: &Type) -> String {
    let (home, name, inner) = of.spelling();
    let path = match home {
        Home::Runtime => "rt::",
        Home::Callback => "callback::",
        Home::Language | Home::Provider | Home::Module => "",
    };
    match inner {
        Some(inner) => format!("{path}{name}<{}>", ty_text(inner)),
        None => format!("{path}{name}"),
    }
}

/// The type of an argument, and how the argument becomes the field.
pub(super) fn argument(field: &Type, name: &Ident) -> (TokenStream, TokenStream) {
    let plain = ty(field);
    match field {
        Type::Text | Type::Secret | Type::Id(_) | Type::Json => {
            (quote!(impl Into<#plain>), quote!(#name.into()))
        }
        Type::Boxed(of) => {
            let plain = ty(of);
            (quote!(#plain), quote!(Box::new(#name)))
        }
        Type::List(of) => {
            let element = ty(of);
            match **of {
                Type::Text | Type::Id(_) => (
                    quote!(impl IntoIterator<Item = impl Into<#element>>),
                    quote!(#name.into_iter().map(Into::into).collect()),
                ),
                _ => (
                    quote!(impl IntoIterator<Item = #element>),
                    quote!(#name.into_iter().collect()),
                ),
            }
        }
        _ => (plain, name.to_token_stream()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_line_of_documentation_ends_the_comment() {
        let lines = ["a\nfn b() {}".to_owned(), String::new(), "c\rd".to_owned()];
        let wanted = quote!(#[doc = " afn b() {}"] #[doc = ""] #[doc = " cd"]);
        assert_eq!(doc(&lines).to_string(), wanted.to_string());
    }

    #[test]
    fn a_type_is_spelled_alike_as_code_and_as_text() {
        let ty = Type::Maybe(Box::new(Type::List(Box::new(Type::Json))));
        assert_eq!(ty_text(&ty), "Option<Vec<rt::Json>>");
        assert_eq!(super::ty(&ty).to_string().replace(' ', ""), ty_text(&ty));
        assert_eq!(ty.rust(), "Option<Vec<Json>>");
    }
}
