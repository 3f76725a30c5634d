//! Owns one chapter's file: its methods, its operations, its types.

use proc_macro2::TokenStream;
use quote::quote;

use super::operation::Usual;
use super::tokens::{doc_line, ident};
use super::{Item, choice, object, operation};
use crate::docs;
use crate::sdk::{Module, Operation, Sdk, Types};

/// The items of a chapter's file.
pub(super) fn module(sdk: &Sdk, usual: Usual<'_>, module: &Module) -> Vec<Item> {
    let client = methods(module, &sdk.handle, true);
    let session = sdk
        .session
        .as_ref()
        .map(|session| methods(module, &session.ty, false));
    let operations = module.operations.iter();
    let mut items = vec![Item::Rust(quote!(#client #session))];
    items.extend(operations.flat_map(|o| operation::operation(sdk, usual, module, o)));
    items.extend(types(&module.types));
    items
}

/// Structs, then open enums.
pub(super) fn types(types: &Types) -> Vec<Item> {
    let objects = types.objects.iter().flat_map(object::object);
    let choices = types.choices.iter().flat_map(choice::choice);
    let wordings = types.wordings.iter().flat_map(choice::wordings);
    objects.chain(choices).chain(wordings).collect()
}

/// The type with a chapter's methods, on a client or on a session.
fn methods(module: &Module, on: &str, on_client: bool) -> TokenStream {
    let operations = module.operations.iter();
    let wanted: Vec<&Operation> = operations.filter(|o| o.is_on(on_client)).collect();
    if wanted.is_empty() {
        return TokenStream::new();
    }
    let (name, on) = (ident(&module.accessor(on_client)), ident(on));
    let docs = doc_line(&format!("{}。", docs::escaped(&module.title)));
    let methods = wanted.into_iter();
    let methods = methods.map(|o| operation::methods(&module.ident, o));
    quote! {
        #docs
        #[derive(Clone, Copy, Debug)]
        pub struct #name<'a>(pub(super) &'a #on);

        impl #name<'_> {
            #(#methods)*
        }
    }
}
