//! Owns `mock.rs`: what a gateway that stands in for the vendor's has to know, as data.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Chunk;
use super::laid::{self, literal};
use super::tokens::{code, doc_line, ident};
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
            let body = code(&raw(body));
            quote!(Post { address: #address, body: #body })
        })
        .collect();
    let post = (!posts.is_empty()).then(|| quote!(Post,));
    let table = Chunk::Items(quote! {
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
    });
    vec![table, operations(&mock.operations)]
}

/// By far the longest item of all, so it is written as it is laid out, unless a line is too wide.
fn operations(operations: &[MockOperation]) -> Chunk {
    let (mut rows, mut stands) = (String::new(), true);
    for operation in operations {
        let params = operation.params.iter().map(|one| param(one, 12));
        let params = laid::list("        params: &[", &params.collect::<Vec<_>>(), 8);
        stands &= params.lines().all(laid::fits);
        rows += &entry(operation, &params);
    }
    let count = operations.len();
    let text = format!("static OPERATIONS: [Entry; {count}] = [\n{rows}];\n");
    if stands && count > 0 {
        Chunk::Text(text)
    } else {
        Chunk::Source(text)
    }
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

fn entry(operation: &MockOperation, params: &str) -> String {
    let session = match &operation.session {
        Some(session) => format!("Some({})", literal(session)),
        None => "None".to_owned(),
    };
    format!(
        "    Entry {{
        id: {},
        title: {},
        method: Method::{},
        path: {},
        authorized: {},
        session: {session},
        success: {},
{params}        reply: {},
    }},
",
        literal(&operation.id),
        literal(&operation.title),
        super::operation::capitalised(&operation.verb),
        literal(&operation.path),
        operation.authorized,
        literal(&operation.success),
        raw(&operation.reply),
    )
}

/// A parameter, in lines behind so much space where it has fields of its own.
fn param(param: &MockParam, indent: usize) -> String {
    let start = format!(
        "Parameter::new({}, Kind::{})",
        literal(&param.wire),
        param.kind
    );
    let mut chain = Vec::new();
    if param.required {
        chain.push(".required()".to_owned());
    }
    if param.nullable {
        chain.push(".nullable()".to_owned());
    }
    chain.extend(
        param
            .list
            .iter()
            .map(|list| format!(".list({})", literal(list))),
    );
    chain.extend(param.most.map(|most| format!(".most({most})")));
    if param.beside {
        chain.push(".beside()".to_owned());
    }
    if !param.fields.is_empty() {
        let fields = param.fields.iter();
        let fields: Vec<String> = fields.map(|one| self::param(one, indent + 12)).collect();
        let flat = format!("{start}{}.fields(&[{}])", chain.concat(), fields.join(", "));
        if !flat.contains('\n') && indent + flat.len() < laid::MARGIN {
            return flat;
        }
        chain.push(laid::call(".fields(&[", &fields, indent + 4));
        let chain = chain.iter();
        let chain: String = chain
            .map(|call| format!("\n{:indent$}    {call}", ""))
            .collect();
        return start + &chain;
    }
    start + &chain.concat()
}

/// A raw literal, which people can read.
fn raw(json: &str) -> String {
    if json.contains('\r') {
        return literal(json);
    }
    let mut hashes = String::from("#");
    while json.contains(&format!("\"{hashes}")) {
        hashes.push('#');
    }
    format!("r{hashes}\"{json}\"{hashes}")
}
