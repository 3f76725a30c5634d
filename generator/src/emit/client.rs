//! Owns the client, the session, the ids, and the root module of a provider.

use std::collections::BTreeSet;

use catalog::config::Transport;
use proc_macro2::TokenStream;
use quote::quote;

use super::tokens::{alias, doc_line, ident, ty};
use super::{Chunk, message, program};
use crate::docs;
use crate::sdk::{Module, Sdk, SessionType, Type};

/// `mod.rs`: the modules, and what all operations have in common.
pub(super) fn root(sdk: &Sdk) -> Vec<Chunk> {
    let modules = sdk.modules.iter().map(|module| {
        let name = ident(&module.ident);
        quote!(pub mod #name;)
    });
    let callbacks = sdk.callbacks.as_ref().map(|_| {
        quote!(
            pub mod callback;
        )
    });
    let addresses = sdk
        .callbacks
        .iter()
        .any(|callbacks| callbacks.addressed.is_some());
    let addresses = addresses.then(|| {
        quote!(
            #[cfg(feature = "server")]
            mod addresses;
        )
    });
    let session = sdk.session.iter().map(|session| ident(&session.ty));
    let ids = (!sdk.ids.is_empty()).then(|| {
        quote!(
            mod ids;
            pub use ids::*;
        )
    });
    let shared = (!sdk.shared.objects.is_empty()).then(|| {
        quote!(
            mod shared;
            pub use shared::*;
        )
    });
    let anywhere = sdk.has_anywhere().then(|| {
        quote! {
            /// 客户端与会话都能调用的接口。
            #[derive(Clone, Copy, Debug)]
            pub struct Anywhere;
        }
    });
    let socket = sdk.socket.is_some().then(|| {
        quote!(
            #[cfg(feature = "websocket")]
            mod socket;
        )
    });
    let program = sdk.program.is_some().then(program::modules);
    let (api, used) = api(sdk);
    let (messages, more) = sdk
        .messages
        .as_ref()
        .map(|messages| message::layout(sdk, messages))
        .unzip();
    let used = used.iter().chain(more.iter().flatten()).copied();
    let used: BTreeSet<&str> = used.collect();
    let used = used.into_iter().map(ident);
    let handle = ident(&sdk.handle);
    vec![Chunk::Items(quote! {
        #(#modules)*
        #callbacks
        #addresses
        mod client;
        #ids
        #shared
        #program
        #socket

        pub use client::{#handle #(, #session)*};

        use crate::runtime::{#(#used),*};

        #anywhere

        #api
        #messages
    })]
}

/// `mod.rs` of a provider with several APIs: a module each.
pub(super) fn parts(sdks: &[Sdk]) -> Vec<Chunk> {
    let parts = sdks.iter().filter_map(|sdk| sdk.part.as_ref()).map(|part| {
        let docs = doc_line(&format!("{}。", docs::escaped(&part.title)));
        let name = ident(&part.ident);
        quote!(#docs pub mod #name;)
    });
    vec![Chunk::Items(quote!(#(#parts)*))]
}

/// What all operations have in common, and what it needs of the runtime.
fn api(sdk: &Sdk) -> (TokenStream, &'static [&'static str]) {
    let (api, name) = (&sdk.api, sdk.name());
    if api.transport == Transport::Poll {
        return (quote!(static API: Api = Api::program(#name);), &["Api"]);
    }
    let header = &api.header;
    let format = ident(if api.transport == Transport::HttpForm {
        "Form"
    } else {
        "Json"
    });
    let (code, data) = (api.reply.code.iter(), api.reply.payload.iter());
    let message = &api.reply.message;
    let meanings = api.reply.meanings().map(|(meaning, codes)| {
        let meaning = ident(meaning);
        quote!(#meaning: &[#(#codes),*],)
    });
    let api = quote! {
        static API: Api = Api {
            name: #name,
            authorization: #header,
            format: BodyFormat::#format,
            code: &[#(#code),*],
            message: &[#(#message),*],
            data: &[#(#data),*],
            #(#meanings)*
        };
    };
    (api, &["Api", "BodyFormat"])
}

/// What `client.rs` is about.
pub(super) fn head(sdk: &Sdk) -> &'static str {
    if sdk.api.transport == Transport::Poll {
        "给程序下指令的机器人"
    } else {
        "客户端，以及绑定了会话的客户端"
    }
}

/// `ids.rs`.
pub(super) fn ids(sdk: &Sdk) -> Vec<Chunk> {
    let ids = sdk.ids.iter().map(|id| {
        let name = ident(&id.ident);
        let docs = doc_line(&format!("{}。", docs::escaped(&id.title)));
        quote! {
            #docs
            #[derive(Clone, PartialEq, Eq, Hash)]
            pub struct #name(Scalar);
            id!(#name);
        }
    });
    vec![Chunk::Items(quote! {
        use crate::runtime::{Scalar, id};

        #(#ids)*
    })]
}

/// `client.rs`.
pub(super) fn client(sdk: &Sdk) -> Vec<Chunk> {
    let accessors = accessors(sdk, true);
    let session = sdk
        .session
        .as_ref()
        .map(|session| self::session(sdk, session));
    let open = sdk.session.as_ref().map(open);
    let flows = Flows::of(sdk, true);
    let used = flows.or(Flows::of(sdk, false)).imports();
    let always = ["Call", "Core", "Json", "Operation", "Reaches", "Request"];
    let builder = sdk.messages.is_none().then(builder);
    let of_transport: &[&str] = match &builder {
        Some(_) => &["Builder"],
        None if sdk.callbacks.is_some() => &["Api", "Handle", "MessageApi"],
        None => &["Api", "Handle", "MessageApi", "Untyped"],
    };
    let of_session = sdk.session.is_some().then_some("Session");
    let used = always.into_iter().chain(used).chain(of_session);
    let used: BTreeSet<&str> = used.chain(of_transport.iter().copied()).collect();
    let used = used.into_iter().map(ident);
    let flows = flows.methods();
    let own = imports(sdk);
    let name = ident(&sdk.handle);
    let anywhere = sdk
        .has_anywhere()
        .then(|| quote!(impl Reaches<Anywhere> for #name {}));
    let docs = doc_line(if sdk.api.transport == Transport::Poll {
        "给程序下指令的机器人；复制的代价很小。"
    } else {
        "客户端；复制的代价很小。"
    });
    let raw = match &sdk.messages {
        Some(_) => message::call_raw(sdk),
        None => call_raw(),
    };
    let send = (sdk.api.transport == Transport::Poll).then(message::send);
    let call = match &sdk.session {
        Some(_) => call("调用任何一个不需要会话的接口。"),
        None => call("调用任何一个接口。"),
    };
    let handle = sdk.messages.as_ref().map(|_| message::handle(sdk));
    vec![Chunk::Items(quote! {
        use super::{#own};
        use crate::runtime::{#(#used),*};

        static RAW: Operation = Operation::new(&API, "call_raw", "");

        #docs
        #[derive(Clone, Debug)]
        pub struct #name(Core);

        impl From<Core> for #name {
            fn from(core: Core) -> Self {
                Self(core)
            }
        }

        #handle

        impl Reaches<#name> for #name {}
        #anywhere

        impl #name {
            #builder

            /// 发送请求的核心。
            pub fn core(&self) -> &Core {
                &self.0
            }

            #open

            #send

            #call

            #flows

            #raw

            #(#accessors)*
        }

        #session
    })]
}

fn builder() -> TokenStream {
    quote! {
        /// 开始配置一个连到这个地址的客户端。
        pub fn builder(base_url: impl Into<String>) -> Builder<Self> {
            Builder::new(base_url)
        }
    }
}

/// The method that takes any request.
fn call(about: &str) -> TokenStream {
    let about = doc_line(about);
    quote! {
        #about
        pub fn call<R: Request>(&self, request: R) -> Call<R::Reply>
        where
            Self: Reaches<R::Scope>,
        {
            self.0.call(&request)
        }
    }
}

fn call_raw() -> TokenStream {
    quote! {
        /// 调用目录里没有的接口。
        pub fn call_raw(&self, path: impl Into<String>, body: impl Into<Json>) -> Call<Option<Json>> {
            self.0.call_raw(&RAW, path, body)
        }
    }
}

/// What the file uses of its siblings.
fn imports(sdk: &Sdk) -> TokenStream {
    let modules = sdk.modules.iter().map(|module| ident(&module.ident));
    let id = sdk
        .session
        .iter()
        .filter_map(|session| match &session.param_type {
            Type::Id(name) => Some(ident(name)),
            _ => None,
        });
    let anywhere = sdk.has_anywhere().then(|| ident("Anywhere")).into_iter();
    let message = sdk.messages.iter().map(|_| ident("MESSAGES"));
    let messages = sdk.messages.is_some() && sdk.callbacks.is_some();
    let inbound = messages.then(|| ident("callback"));
    let names = std::iter::once(ident("API"))
        .chain(message)
        .chain(inbound)
        .chain(anywhere)
        .chain(id)
        .chain(modules);
    quote!(#(#names),*)
}

/// The method that binds the session's parameter.
fn open(session: &SessionType) -> TokenStream {
    let (method, name, param) = (
        ident(&session.ident),
        ident(&session.ty),
        ident(&session.param),
    );
    let title = docs::escaped(&session.title);
    let about = doc_line(&format!("绑定{title}，之后的调用都带上它。"));
    let ty = ty(&session.param_type);
    quote! {
        #about
        pub fn #method(&self, #param: impl Into<#ty>) -> #name {
            let #param: #ty = #param.into();
            #name(Session::new(self.0.clone(), vec![#param.into()]))
        }
    }
}

fn session(sdk: &Sdk, session: &SessionType) -> TokenStream {
    let (name, param, ty) = (
        ident(&session.ty),
        ident(&session.param),
        ty(&session.param_type),
    );
    let (handle, plain) = (ident(&sdk.handle), ident(&sdk.handle.to_lowercase()));
    let accessors = accessors(sdk, false);
    let flows = Flows::of(sdk, false).methods();
    let anywhere = sdk
        .has_anywhere()
        .then(|| quote!(impl Reaches<Anywhere> for #name {}));
    let title = docs::escaped(&session.title);
    let about = doc_line(&format!("绑定了{title}的客户端；所有副本共用同一个值。"));
    let rebind = doc_line(&format!("换成新的{title}，所有副本一起换。"));
    let call = call("调用任何一个需要会话的接口。");
    quote! {
        #about
        #[derive(Clone, Debug)]
        pub struct #name(Session);

        impl Reaches<#name> for #name {}
        #anywhere

        impl #name {
            #rebind
            pub fn rebind(&self, #param: impl Into<#ty>) {
                let #param: #ty = #param.into();
                self.0.rebind(0, #param.into());
            }

            /// 不带会话的客户端。
            pub fn #plain(&self) -> #handle {
                #handle(self.0.core().clone())
            }

            #call

            #flows

            #(#accessors)*
        }
    }
}

/// What of requests makes several calls: chunks, pages, jobs.
#[derive(Clone, Copy, Default)]
struct Flows {
    chunks: bool,
    pages: bool,
    jobs: bool,
}

impl Flows {
    fn of(sdk: &Sdk, on_client: bool) -> Self {
        let mut flows = Self::default();
        let operations = sdk.modules.iter().flat_map(|module| &module.operations);
        for operation in operations.filter(|o| {
            if on_client {
                o.on_client()
            } else {
                o.on_session()
            }
        }) {
            flows.chunks |= operation.chunked.is_some();
            flows.pages |= operation.pages.is_some();
            flows.jobs |= operation.job.is_some();
        }
        flows
    }

    fn or(self, other: Self) -> Self {
        Self {
            chunks: self.chunks || other.chunks,
            pages: self.pages || other.pages,
            jobs: self.jobs || other.jobs,
        }
    }

    fn methods(self) -> TokenStream {
        let chunks = self.chunks.then(|| {
            quote! {
                /// 把请求里的长列表分批发送。
                pub fn chunks<R>(&self, request: R) -> Chunks<R::Item>
                where
                    R: Chunked + Send + Sync + 'static,
                    Self: Reaches<R::Scope>,
                {
                    self.0.chunks(request)
                }
            }
        });
        let pages = self.pages.then(|| {
            quote! {
                /// 从请求所指的一页起，逐页取到末页。
                pub fn pages<R>(&self, request: R) -> Pages<R::Reply>
                where
                    R: Paged + Send + Sync + 'static,
                    Self: Reaches<R::Scope>,
                {
                    self.0.pages(request)
                }
            }
        });
        let jobs = self.jobs.then(|| {
            quote! {
                /// 发起一个异步任务，并等到结果。
                pub fn job<R: Started>(&self, request: R) -> Job<R::Result>
                where
                    Self: Reaches<R::Scope>,
                {
                    self.0.job(&request)
                }
            }
        });
        quote!(#chunks #pages #jobs)
    }

    /// What the file uses of the runtime for them.
    fn imports(self) -> Vec<&'static str> {
        let chunks = self.chunks.then_some(["Chunked", "Chunks"]);
        let pages = self.pages.then_some(["Paged", "Pages"]);
        let jobs = self.jobs.then_some(["Job", "Started"]);
        [chunks, pages, jobs]
            .into_iter()
            .flatten()
            .flatten()
            .collect()
    }
}

/// One method a module.
fn accessors(sdk: &Sdk, on_client: bool) -> impl Iterator<Item = TokenStream> + '_ {
    let has = move |module: &&Module| {
        module.operations.iter().any(|o| {
            if on_client {
                o.on_client()
            } else {
                o.on_session()
            }
        })
    };
    sdk.modules.iter().filter(has).map(move |module| {
        let name = ident(&module.ident);
        let ty = ident(&module.accessor(on_client));
        let docs = doc_line(&format!("{}。", docs::escaped(&module.title)));
        let search = alias(&module.title, &module.ident);
        quote! {
            #docs
            #search
            pub fn #name(&self) -> #name::#ty<'_> {
                #name::#ty::new(self)
            }
        }
    })
}
