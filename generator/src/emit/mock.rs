//! Owns `mock.rs`: what a gateway that stands in for the vendor's has to know, as data.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Chunk;
use super::tokens::{doc_line, ident};
use crate::docs;
use crate::sdk::{Mock, MockOperation, MockParam, MockSocket, Sdk};

/// The table, and the type that stands for the vendor.
pub(super) fn mock(sdk: &Sdk, mock: &Mock) -> Vec<Chunk> {
    let title = docs::escaped(&sdk.title);
    let vendor = doc_line(&format!("{title}，作为模拟网关的参数。"));
    let gateway = doc_line(&format!(
        "{title}的模拟网关：`Gateway::start().await`，之后任何客户端都能连上。"
    ));
    let builder = doc_line("模拟网关的配置：`Gateway::builder()`。");
    let (failure, numeric) = (&mock.failure, mock.numeric);
    let texts = mock.texts.iter().map(|(name, text)| {
        let name = ident(name);
        quote!(#name: #text,)
    });
    let socket = match &mock.socket {
        Some(socket) => {
            let socket = self::socket(socket);
            quote!(Some(#socket))
        }
        None => quote!(None),
    };
    let (connected, duration) = match &mock.socket {
        Some(_) => (
            quote!(Socket,),
            quote!(
                use std::time::Duration;
            ),
        ),
        None => Default::default(),
    };
    let count = Literal::usize_unsuffixed(mock.operations.len());
    let operations = mock.operations.iter().map(operation);
    let plain = (!mock.script).then(|| {
        quote! {
            impl Scripted for Vendor {
                type Script = Documented;
            }
        }
    });
    let documented = (!mock.script).then(|| quote!(Documented, Scripted,));
    let posts: Vec<TokenStream> = sdk
        .callbacks
        .iter()
        .filter_map(|callbacks| callbacks.addressed.as_ref())
        .flat_map(|addressed| &addressed.samples)
        .map(|(address, body)| {
            let body = raw(body);
            quote!(Post { address: #address, body: #body })
        })
        .collect();
    let post = (!posts.is_empty()).then(|| quote!(Post,));
    let mut items = vec![Chunk::Items(quote! {
        use super::API;
        use crate::runtime::Method;
        use crate::runtime::mock::{
            self, #documented Entry, Kind, Parameter, #post #connected Table, Texts,
        };
        #duration

        #vendor
        #[derive(Clone, Copy, Debug)]
        pub struct Vendor;

        impl mock::Vendor for Vendor {
            const TABLE: &'static Table = &TABLE;
        }
        #plain

        #gateway
        pub type Gateway = mock::Gateway<Vendor>;

        #builder
        pub type Builder = mock::Builder<Vendor>;

        static TABLE: Table = Table {
            api: &API,
            failure: #failure,
            numeric: #numeric,
            texts: Texts { #(#texts)* },
            socket: #socket,
            operations: &OPERATIONS,
            posts: &[#(#posts),*],
        };
    })];
    items.push(Chunk::Items(quote! {
        static OPERATIONS: [Entry; #count] = [#(#operations)*];
    }));
    items
}

fn socket(socket: &MockSocket) -> TokenStream {
    let MockSocket {
        path,
        command,
        id,
        payload,
        first,
        within_s,
    } = socket;
    let seconds = Literal::u64_unsuffixed((*within_s).into());
    quote! {
        Socket {
            path: #path,
            command: #command,
            id: #id,
            payload: #payload,
            first: #first,
            within: Duration::from_secs(#seconds),
        }
    }
}

fn operation(operation: &MockOperation) -> TokenStream {
    let (id, title, path) = (&operation.id, &operation.title, &operation.path);
    let verb = ident(&super::operation::capitalised(&operation.verb));
    let authorized = operation.authorized;
    let session = match &operation.session {
        Some(session) => quote!(Some(#session)),
        None => quote!(None),
    };
    let success = &operation.success;
    let params = operation.params.iter().map(param);
    let reply = raw(&operation.reply);
    quote! {
        Entry {
            id: #id,
            title: #title,
            method: Method::#verb,
            path: #path,
            authorized: #authorized,
            session: #session,
            success: #success,
            params: &[#(#params),*],
            reply: #reply,
        },
    }
}

fn param(param: &MockParam) -> TokenStream {
    let (wire, kind) = (&param.wire, ident(param.kind));
    let required = param.required.then(|| quote!(.required()));
    let nullable = param.nullable.then(|| quote!(.nullable()));
    let list = param.list.as_ref().map(|list| quote!(.list(#list)));
    let most = param.most.map(|most| {
        let most = Literal::u32_unsuffixed(most);
        quote!(.most(#most))
    });
    let beside = param.beside.then(|| quote!(.beside()));
    let fields = (!param.fields.is_empty()).then(|| {
        let fields = param.fields.iter().map(self::param);
        quote!(.fields(&[#(#fields),*]))
    });
    quote!(Parameter::new(#wire, Kind::#kind) #required #nullable #list #most #beside #fields)
}

/// A raw literal, which people can read; JSON holds nothing that such a literal may not.
fn raw(json: &str) -> TokenStream {
    let mut hashes = String::from("#");
    while json.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{json}\"{hashes}")
        .parse()
        .unwrap_or_else(|_| quote!(#json))
}
