//! Owns operations: the description, the request, its constructor and setters, the method.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::either;
use super::flow;
use super::object::{entry, setter};
use super::tokens::{alias, argument, constant, deprecated, doc, ident, ty};
use crate::sdk::{Constructor, Operation, Param, Sdk};

/// The method of an operation, and those of its former names.
pub(super) fn methods(module: &str, operation: &Operation) -> TokenStream {
    let (docs, search) = (
        doc(&operation.docs),
        alias(&operation.title, &operation.method),
    );
    let method = ident(&operation.method);
    let (request, reply) = (ident(&operation.request), ty(&operation.reply));
    let deprecated = deprecated(operation.deprecated);
    let derived = flow::methods(module, operation);
    let former = operation.former.iter().map(|(name, _)| {
        let (name, note) = (ident(name), format!("改名为 {}", operation.method));
        quote! {
            /// 从前的名字。
            #[deprecated = #note]
            pub fn #name(&self, request: #request) -> Call<#reply> {
                self.#method(request)
            }
        }
    });
    quote! {
        #docs
        #search
        #deprecated
        #[inline]
        pub fn #method(&self, request: #request) -> Call<#reply> {
            self.0.call(request)
        }
        #derived
        #(#former)*
    }
}

/// Everything about an operation but its method.
pub(super) fn operation(sdk: &Sdk, module: &str, operation: &Operation) -> TokenStream {
    let described = description(operation);
    let request = request(sdk, module, operation);
    let construction = construction(operation);
    let name = ident(&operation.request);
    let described_by = constant(&operation.method);
    let reply = ty(&operation.reply);
    let scope = scope(sdk, operation);
    let plans = flow::plans(module, operation);
    let text = &operation.request;
    let single = operation.params.iter().filter(|p| p.either.is_empty());
    let entries = single.map(|param| entry(&param.field, param.envelope));
    let chosen = operation.params.iter().filter(|p| !p.either.is_empty());
    let (chosen, alternatives): (Vec<_>, Vec<_>) = chosen
        .map(|param| (either::entries(param), either::declared(param)))
        .unzip();
    let former = operation.former_types.iter().map(|(former, now)| {
        let note = format!("改名为 {now}");
        let (former, now) = (ident(former), ident(now));
        quote! {
            /// 从前的名字。
            #[deprecated = #note]
            pub type #former = #now;
        }
    });
    quote! {
        #described
        #request
        #construction
        #(#alternatives)*

        impl ToObject for #name {
            #[inline]
            fn members(&self, visit: Visit<'_>) {
                visit(&[#(#entries)*]);
                #(#chosen)*
            }

            #[inline]
            fn extra(&self) -> &[(String, Json)] {
                self.extra.as_slice()
            }
        }

        impl fmt::Debug for #name {
            #[inline]
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                debug_object(#text, self, f)
            }
        }

        impl Request for #name {
            type Reply = #reply;
            type Scope = #scope;
            const OPERATION: &'static Operation = &#described_by;
        }
        #plans
        #(#former)*
    }
}

fn scope(sdk: &Sdk, operation: &Operation) -> Ident {
    match (&sdk.session, operation.on_client, operation.on_session) {
        (Some(_), true, true) => ident("Anywhere"),
        (Some(session), false, true) => ident(&session.ty),
        _ => ident(&sdk.handle),
    }
}

/// What the catalog knows of the operation, as a `static`.
fn description(operation: &Operation) -> TokenStream {
    let name = constant(&operation.method);
    let (id, wire) = (&operation.id, &operation.wire);
    let mut differs = Vec::new();
    if operation.verb != "POST" {
        let verb = ident(&capitalised(&operation.verb));
        differs.push(quote!(method: Method::#verb,));
    }
    if !operation.authorized {
        differs.push(quote!(authorized: false,));
    }
    if let Some(wire) = operation.bound.as_ref().filter(|_| operation.on_session) {
        differs.push(quote!(session: &[Bound { name: #wire, value: 0 }],));
    }
    if let Some(success) = &operation.success {
        differs.push(quote!(success: Some(&[#(#success),*]),));
    }
    if !operation.fixed.is_empty() {
        let fixed = operation
            .fixed
            .iter()
            .map(|(key, value)| quote!((#key, #value)));
        differs.push(quote!(fixed: &[#(#fixed),*],));
    }
    if let Some(wrap) = &operation.wrap {
        differs.push(quote!(wrap: Some(#wrap),));
    }
    if operation.beside {
        differs.push(quote!(data: Data::Envelope,));
    }
    if let Some(seconds) = operation.patience {
        let seconds = proc_macro2::Literal::u32_unsuffixed(seconds);
        differs.push(quote!(patience: Some(Duration::from_secs(#seconds)),));
    }
    differs.extend(flow::facts(operation));
    if differs.is_empty() {
        return quote!(static #name: Operation = Operation::new(&API, #id, #wire););
    }
    quote! {
        static #name: Operation = Operation {
            #(#differs)*
            ..Operation::new(&API, #id, #wire)
        };
    }
}

/// `GET` → `Get`, as the runtime names methods.
pub(super) fn capitalised(verb: &str) -> String {
    let mut chars = verb.chars();
    let first = chars.next();
    first
        .into_iter()
        .chain(chars.map(|c| c.to_ascii_lowercase()))
        .collect()
}

fn request(sdk: &Sdk, module: &str, operation: &Operation) -> TokenStream {
    let name = ident(&operation.request);
    let mut lines = operation.docs.clone();
    lines.extend(example(sdk, module, operation));
    let (docs, search) = (doc(&lines), alias(&operation.title, &operation.request));
    let fields = operation.params.iter().map(|param| {
        let (docs, field) = (doc(&param.field.docs), ident(&param.field.ident));
        let plain = ty(&param.field.ty);
        let held = if param.required {
            plain
        } else {
            quote!(Option<#plain>)
        };
        quote!(#docs pub #field: #held,)
    });
    let default = required(operation).is_empty().then(|| quote!(, Default));
    quote! {
        #docs
        #search
        #[derive(Clone #default)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            /// 文档没有写到的参数。
            pub extra: Extra,
        }
    }
}

/// A doctest that is compiled, and not run.
fn example(sdk: &Sdk, module: &str, operation: &Operation) -> Vec<String> {
    let session = sdk.session.as_ref().filter(|_| !operation.on_client);
    let handle = sdk.handle.to_lowercase();
    let (receiver, ty) = match session {
        Some(session) => ("wx", session.ty.as_str()),
        None => (handle.as_str(), sdk.handle.as_str()),
    };
    let root = format!("generated_sdk::{}", sdk.path());
    let mut lines = vec![String::new(), "```no_run".to_owned()];
    lines.push(format!("use {root}::{module}::*;"));
    lines.push(format!(
        "# async fn example({receiver}: {root}::{ty}) -> Result<(), generated_sdk::Error> {{"
    ));
    lines.extend(operation.example.iter().cloned());
    lines.push("# Ok(()) }".to_owned());
    lines.push("```".to_owned());
    lines
}

/// What a constructor takes, in its order.
fn required(operation: &Operation) -> Vec<&Param> {
    let (Constructor::Positional(indices) | Constructor::Named(indices)) = &operation.constructor;
    indices
        .iter()
        .filter_map(|at| operation.params.get(*at))
        .collect()
}

fn construction(operation: &Operation) -> TokenStream {
    let name = ident(&operation.request);
    let required = required(operation);
    let optional: Vec<&Param> = operation
        .params
        .iter()
        .filter(|param| !param.required)
        .collect();
    let setters = optional.iter().map(|param| setter(&param.field));
    let absent: Vec<Ident> = optional
        .iter()
        .map(|param| ident(&param.field.ident))
        .collect();
    let (declared, new) = match operation.constructor {
        Constructor::Positional(_) => (None, positional(&required, &absent)),
        Constructor::Named(_) => {
            let holder = ident(&operation.holder());
            (
                Some(holder_type(operation, &holder, &required)),
                named(&holder, &required, &absent),
            )
        }
    };
    quote! {
        #declared

        impl #name {
            #new

            #(#setters)*

            /// 加一个文档没有写到的参数。
            #[must_use]
            pub fn extra(mut self, key: impl Into<String>, value: impl Into<Json>) -> Self {
                self.extra.insert(key, value);
                self
            }
        }
    }
}

fn positional(required: &[&Param], absent: &[Ident]) -> TokenStream {
    if required.is_empty() {
        return quote! {
            /// 没有必填的参数。
            pub fn new() -> Self {
                Self::default()
            }
        };
    }
    let arguments = required.iter().map(|param| {
        let name = ident(&param.field.ident);
        let (ty, value) = argument(&param.field.ty, &name);
        // `Self { name }`, not `Self { name: name }`.
        let field = if name == value.to_string() {
            quote!(#name)
        } else {
            quote!(#name: #value)
        };
        (quote!(#name: #ty), field)
    });
    let (arguments, fields): (Vec<_>, Vec<_>) = arguments.unzip();
    quote! {
        /// 给出必填的参数。
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#fields,)* #(#absent: None,)* extra: Extra::default() }
        }
    }
}

/// The struct that holds what is required, so that the compiler counts the fields.
fn holder_type(operation: &Operation, holder: &Ident, required: &[&Param]) -> TokenStream {
    let fields = required.iter().map(|param| {
        let (docs, field, plain) = (
            doc(&param.field.docs),
            ident(&param.field.ident),
            ty(&param.field.ty),
        );
        quote!(#docs pub #field: #plain,)
    });
    // A derive macro may have the same name: `Hash`.
    let about = doc(&[format!("[`struct@{}`] 必填的参数。", operation.request)]);
    quote! {
        #about
        #[derive(Clone)]
        pub struct #holder {
            #(#fields)*
        }
    }
}

fn named(holder: &Ident, required: &[&Param], absent: &[Ident]) -> TokenStream {
    let names: Vec<Ident> = required
        .iter()
        .map(|param| ident(&param.field.ident))
        .collect();
    quote! {
        /// 给出必填的参数。
        pub fn new(required: #holder) -> Self {
            let #holder { #(#names),* } = required;
            Self { #(#names,)* #(#absent: None,)* extra: Extra::default() }
        }
    }
}
