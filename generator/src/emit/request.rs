//! Owns requests: the struct, its constructor and setters, and the table of how it is written.

use proc_macro2::TokenStream;
use quote::quote;

use super::Item;
use super::macro_table::{entry, long, table};
use super::tokens::{aliases, argument, deprecated, doc, doc_line, ident, ty, ty_text};
use crate::docs;
use crate::sdk::{Alternative, Constructor, Member, Module, Operation, Param, Sdk, Type};

/// The struct, what it cannot be without, and how it is made.
pub(super) fn request(sdk: &Sdk, module: &Module, operation: &Operation) -> Vec<Item> {
    let declared = declared(sdk, module, operation);
    let chosen = operation.params.iter().filter(|p| !p.either.is_empty());
    let choices = chosen.map(choice);
    let construction = construction(operation);
    let mut items = vec![Item::Rust(declared)];
    items.extend(holder(operation));
    items.push(Item::Rust(quote!(#(#choices)* #construction)));
    items
}

fn declared(sdk: &Sdk, module: &Module, operation: &Operation) -> TokenStream {
    let name = ident(&operation.request);
    let docs = doc(&operation.docs);
    // The module's documentation names its document.
    let file = &operation.model.source.file;
    let elsewhere = (file != module.source()).then(|| {
        let lines = [String::new(), format!("文档：`{}`", docs::code(file))];
        doc(&lines)
    });
    let example = doc(&example(sdk, module.shown(), operation));
    let also = [operation.model.wire.as_str(), &operation.method];
    let search = aliases(&operation.model.title, &operation.request, also);
    let default = required(operation).is_empty().then(|| quote!(, Default));
    let fields = operation.params.iter().map(|param| {
        let (docs, field) = (doc(&param.field.docs), ident(&param.field.ident));
        let plain = ty(&param.field.ty);
        match param.required {
            true => quote!(#docs pub #field: #plain,),
            false => quote!(#docs pub #field: Option<#plain>,),
        }
    });
    quote! {
        #docs
        #elsewhere
        #example
        #search
        #[derive(Clone #default)]
        #[must_use]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            /// 文档没有写到的参数。
            pub extra: rt::Extra,
        }
    }
}

/// A doctest that is compiled, and not run.
fn example(sdk: &Sdk, module: &str, operation: &Operation) -> Vec<String> {
    let session = sdk.session.as_ref().filter(|_| !operation.on_client());
    let handle = sdk.handle.to_lowercase();
    let (receiver, ty) = match session {
        Some(session) => ("wx", session.ty.as_str()),
        None => (handle.as_str(), sdk.handle.as_str()),
    };
    let root = format!("generated_sdk::{}", sdk.path());
    let mut lines = vec![String::new(), "```no_run".to_owned()];
    lines.extend(imports(sdk, module, operation));
    lines.push(format!(
        "# async fn example({receiver}: {root}::{ty}) -> Result<(), generated_sdk::Error> {{"
    ));
    lines.extend(operation.example.iter().cloned());
    lines.push("# Ok(()) }".to_owned());
    lines.push("```".to_owned());
    lines
}

/// What an example names: the chapter's types, and the structures that are given.
fn imports(sdk: &Sdk, module: &str, operation: &Operation) -> Vec<String> {
    let root = format!("generated_sdk::{}", sdk.path());
    let is_given = |ident: &String| {
        let mut given = required(operation).into_iter();
        given.any(|param| match &param.field.ty {
            Type::List(of) => **of == Type::Object(ident.clone()),
            of => *of == Type::Object(ident.clone()),
        })
    };
    let idents = sdk.structures.iter().map(|structure| &structure.ident);
    let given = idents.filter(|ident| is_given(ident));
    let given = given.map(|ident| format!("use {root}::{ident};"));
    let chapter = format!("use {root}::{module}::*;");
    std::iter::once(chapter).chain(given).collect()
}

/// What a constructor takes, in its order.
fn required(operation: &Operation) -> Vec<&Param> {
    let (Constructor::Positional(indices) | Constructor::Named(indices)) = &operation.constructor;
    indices
        .iter()
        .filter_map(|at| operation.params.get(*at))
        .collect()
}

/// The struct that holds what is required, so that the compiler counts the fields.
fn holder(operation: &Operation) -> Option<Item> {
    let Constructor::Named(_) = operation.constructor else {
        return None;
    };
    let fields = required(operation).into_iter().map(|param| {
        let field = &param.field;
        format!("{}: {}", field.ident, ty_text(&field.ty))
    });
    let of = format!("{} of {}", operation.holder(), operation.request);
    Some(table("required", &of, &fields.collect::<Vec<_>>(), ""))
}

/// The enum of parameters that exclude each other; what people write to each other has no `Debug` of its own.
fn choice(param: &Param) -> TokenStream {
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

/// The constructor and the setters.
fn construction(operation: &Operation) -> TokenStream {
    let name = ident(&operation.request);
    let optional = operation.params.iter().filter(|param| !param.required);
    let setters = optional.map(|param| setter(&param.field, false));
    let constructor = constructor(operation);
    quote! {
        impl #name {
            #constructor
            #(#setters)*
        }
    }
}

fn constructor(operation: &Operation) -> TokenStream {
    let required = required(operation);
    if required.is_empty() {
        return quote! {
            /// 没有必填的参数。
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    let Given {
        arguments,
        before,
        fields,
    } = match operation.constructor {
        Constructor::Positional(_) => positional(&required),
        Constructor::Named(_) => named(&operation.holder(), &required),
    };
    let optional = operation.params.iter().filter(|param| !param.required);
    let optional = optional.map(|param| ident(&param.field.ident));
    quote! {
        /// 给出必填的参数。
        pub fn new(#arguments) -> Self {
            #before
            Self {
                #fields
                #(#optional: None,)*
                extra: rt::Extra::default(),
            }
        }
    }
}

/// What a constructor takes, what it does first, and the fields that it thereby has.
struct Given {
    arguments: TokenStream,
    before: TokenStream,
    fields: TokenStream,
}

fn positional(required: &[&Param]) -> Given {
    let (mut arguments, mut fields) = (TokenStream::new(), TokenStream::new());
    for param in required {
        let name = ident(&param.field.ident);
        let (ty, value) = argument(&param.field.ty, &name);
        arguments.extend(quote!(#name: #ty,));
        // `Self { name }`, not `Self { name: name }`.
        fields.extend(match value.to_string() == param.field.ident {
            true => quote!(#name,),
            false => quote!(#name: #value,),
        });
    }
    Given {
        arguments,
        before: TokenStream::new(),
        fields,
    }
}

fn named(holder: &str, required: &[&Param]) -> Given {
    let holder = ident(holder);
    let names: Vec<_> = required
        .iter()
        .map(|param| ident(&param.field.ident))
        .collect();
    Given {
        arguments: quote!(required: #holder),
        before: quote!(let #holder { #(#names),* } = required;),
        fields: quote!(#(#names,)*),
    }
}

/// A chained setter of an optional field; what there is to say of the field stands there. What is received as well
/// holds its lists as such.
pub(super) fn setter(member: &Member, received: bool) -> TokenStream {
    let field = ident(&member.ident);
    let (argument, value) = argument(&member.ty, &field);
    let value = match received && matches!(member.ty, Type::List(_)) {
        true => value,
        false => quote!(Some(#value)),
    };
    let docs = doc_line(&format!("[`field@Self::{}`]", member.ident));
    let deprecated = deprecated(member.deprecated);
    quote! {
        #docs
        #deprecated
        pub fn #field(mut self, #field: #argument) -> Self {
            self.#field = #value;
            self
        }
    }
}

/// How a request is written.
pub(super) fn written(operation: &Operation) -> Item {
    let (chosen, single): (Vec<&Param>, Vec<&Param>) = operation
        .params
        .iter()
        .partition(|param| !param.either.is_empty());
    let entries = single.iter();
    let entries = entries.map(|param| entry(&param.field.ident, &param.field, param.place));
    let tail = chosen.iter().map(|param| {
        let variant = |one: &Alternative| entry(&one.ident, &one.field, one.place);
        let variants: Vec<String> = param.either.iter().map(variant).collect();
        let (field, ty) = (&param.field.ident, ty_text(&param.field.ty));
        format!(" {field}: {ty} {}", long(&variants))
    });
    let tail: String = tail.collect();
    let entries: Vec<String> = entries.collect();
    table("request", &operation.request, &entries, &tail)
}
