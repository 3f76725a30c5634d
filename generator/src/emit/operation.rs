//! Owns operations: the method that calls one, and what the catalog knows of it.

use catalog::model::Place;
use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::macro_table::coding;
use super::tokens::{deprecated, doc_line, ident, link, optional, renamed, ty};
use super::{Item, flow, request};
use crate::docs;
use crate::sdk::{Module, Operation, Sdk};

/// The method of an operation, and those of its former names.
pub(super) fn methods(module: &str, operation: &Operation) -> TokenStream {
    let (method, request) = (ident(&operation.method), ident(&operation.request));
    let reply = ty(&operation.reply);
    let title = docs::escaped(&operation.model.title);
    let docs = doc_line(&format!("{title}：{}。", link(&operation.request)));
    let deprecated = deprecated(operation.model.deprecated);
    let flows = flow::methods(module, operation);
    let renamed = renamed(&operation.method);
    let former = operation.former.iter().map(|(former, _)| {
        let former = ident(former);
        quote! {
            #renamed
            #[inline]
            pub fn #former(&self, request: #request) -> rt::Call<#reply> {
                self.#method(request)
            }
        }
    });
    quote! {
        #docs
        #deprecated
        #[inline]
        pub fn #method(&self, request: #request) -> rt::Call<#reply> {
            self.0.call(request)
        }
        #flows
        #(#former)*
    }
}

/// Everything about an operation but its method.
pub(super) fn operation(
    sdk: &Sdk,
    usual: Usual<'_>,
    module: &Module,
    operation: &Operation,
) -> Vec<Item> {
    let (name, reply) = (ident(&operation.request), ty(&operation.reply));
    let scope = scope(sdk, operation);
    let described = usual.described(operation);
    let plans = flow::plans(&module.ident, operation);
    let former = operation.former_types.iter().map(|(former, now)| {
        let renamed = renamed(now);
        let (former, now) = (ident(former), ident(now));
        quote!(#renamed pub type #former = #now;)
    });
    let mut items = request::request(sdk, module, operation);
    items.push(Item::Rust(quote! {
        impl rt::Request for #name {
            type Reply = #reply;
            type Scope = #scope;
            const OPERATION: &'static rt::Operation = &#described;
        }
    }));
    items.push(request::written(operation));
    items.push(Item::Rust(quote!(#plans #(#former)*)));
    items
}

fn scope(sdk: &Sdk, operation: &Operation) -> Ident {
    match (&sdk.session, operation.on_client(), operation.on_session()) {
        (Some(_), true, true) => ident("Anywhere"),
        (Some(session), false, true) => ident(&session.ty),
        _ => ident(&sdk.handle),
    }
}

/// What most operations of an API have alike: `mod.rs` says it once, and an operation says where it differs.
#[derive(Clone, Copy)]
pub(super) struct Usual<'s> {
    /// The authorization goes with them.
    authorized: bool,
    /// The member under which parameters stand.
    wrap: Option<&'s str>,
    /// The key of the name, where calls are messages.
    command: Option<&'s str>,
    /// What the session's parameter is called.
    session: Option<&'s str>,
    /// There are operations without a session, and with one.
    used: [bool; 2],
}

impl<'s> Usual<'s> {
    pub(super) fn of(sdk: &'s Sdk) -> Self {
        let operations = || sdk.modules.iter().flat_map(|module| &module.operations);
        let authorized = operations()
            .filter(|operation| operation.model.auth)
            .count();
        let mut usual = Self {
            authorized: 2 * authorized >= operations().count(),
            wrap: sdk.api.request.payload.as_deref(),
            command: sdk.api.request.command.as_deref(),
            session: sdk.session.as_ref().map(|session| session.wire.as_str()),
            used: [false; 2],
        };
        let in_session = operations().filter(|o| usual.is_in_session(o)).count();
        usual.used = [in_session < operations().count(), in_session > 0];
        usual
    }

    fn is_in_session(&self, operation: &Operation) -> bool {
        let bound = operation.bound().filter(|_| operation.on_session());
        bound.is_some_and(|(wire, place)| Some(wire) == self.session && place == Place::Payload)
    }

    /// The functions of `mod.rs` that describe an operation by what it is called.
    pub(super) fn functions(&self) -> TokenStream {
        let mut facts = Vec::new();
        if !self.authorized {
            facts.push(quote!(authorized: false));
        }
        if let Some(wrap) = self.wrap {
            facts.push(quote!(wrap: Some(#wrap)));
        }
        let (takes, path) = match self.command {
            Some(_) => {
                facts.insert(0, quote!(fixed: command));
                let takes = quote!(command: &'static [(&'static str, &'static str); 1]);
                (takes, quote!(command[0].1))
            }
            None => (quote!(path: &'static str), quote!(path)),
        };
        let passed = match self.command {
            Some(_) => quote!(command),
            None => quote!(path),
        };
        let plain = with(&facts, &quote!(rt::Operation::new(&API, id, name, #path)));
        let [plainly, in_session] = self.used;
        let plain = (plainly || in_session).then(|| {
            quote! {
                /// 一个接口，与多数接口一样。
                const fn operation(id: &'static str, name: &'static str, #takes) -> rt::Operation {
                    #plain
                }
            }
        });
        let session = self.session.filter(|_| in_session).map(|wire| {
            let docs = doc_line(&format!("同上，并带上会话的 `{}`。", docs::code(wire)));
            quote! {
                #docs
                const fn in_session(id: &'static str, name: &'static str, #takes) -> rt::Operation {
                    rt::Operation {
                        session: &[rt::Bound { name: #wire, value: 0, place: rt::Place::Payload }],
                        ..operation(id, name, #passed)
                    }
                }
            }
        });
        quote!(#plain #session)
    }

    /// What the catalog knows of an operation.
    fn described(&self, operation: &Operation) -> TokenStream {
        let function = match self.is_in_session(operation) {
            true => ident("in_session"),
            false => ident("operation"),
        };
        let (id, wire) = (&operation.model.id, &operation.model.wire);
        let name = operation.method.as_str();
        let base = match self.command {
            Some(key) => quote!(#function(#id, #name, &[(#key, #wire)])),
            None => quote!(#function(#id, #name, #wire)),
        };
        with(&self.facts(operation), &base)
    }

    /// In what an operation differs from most.
    fn facts(&self, operation: &Operation) -> Vec<TokenStream> {
        let (mut facts, model) = (Vec::new(), &operation.model);
        if operation.verb() != "POST" {
            let verb = ident(&capitalised(&operation.verb()));
            facts.push(quote!(method: rt::Method::#verb));
        }
        if model.auth != self.authorized {
            let authorized = model.auth;
            facts.push(quote!(authorized: #authorized));
        }
        let bound = operation.bound().filter(|_| operation.on_session());
        if let Some((wire, place)) = bound.filter(|_| !self.is_in_session(operation)) {
            let place = ident(coding(place).unwrap_or("Payload"));
            facts.push(
                quote!(session: &[rt::Bound { name: #wire, value: 0, place: rt::Place::#place }]),
            );
        }
        let constants: Vec<TokenStream> = operation.constants().map(constant).collect();
        if !constants.is_empty() {
            facts.push(quote!(constants: &[#(#constants),*]));
        }
        for (meaning, codes) in model.meanings() {
            let meaning = ident(meaning);
            facts.push(quote!(#meaning: Some(&[#(#codes),*])));
        }
        if operation.wrap.as_deref() != self.wrap {
            let wrap = optional(operation.wrap.as_ref());
            facts.push(quote!(wrap: #wrap));
        }
        if operation.beside {
            facts.push(quote!(data: rt::Data::Envelope));
        }
        if let Some(seconds) = model.patience_s {
            let seconds = Literal::u64_unsuffixed(seconds.into());
            facts.push(quote!(patience: Some(::std::time::Duration::from_secs(#seconds))));
        }
        facts.extend(flow::facts(operation));
        facts
    }
}

fn constant((name, value, place): (&str, String, Place)) -> TokenStream {
    let place = ident(coding(place).unwrap_or("Payload"));
    quote!(rt::Constant { name: #name, value: #value, place: rt::Place::#place })
}

/// An operation with these facts, otherwise like another.
fn with(facts: &[TokenStream], base: &TokenStream) -> TokenStream {
    match facts.is_empty() {
        true => base.clone(),
        false => quote!(rt::Operation { #(#facts,)* ..#base }),
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
