//! Owns the client, the session, the ids, and the root module of a provider.

use catalog::config::Transport;
use proc_macro2::TokenStream;
use quote::quote;

use super::operation::Usual;
use super::tokens::{aliases, doc_line, ident, ty};
use super::{Item, along, message_api, program};
use crate::docs;
use crate::sdk::{Module, Operation, Sdk, SessionType};

/// `mod.rs`: the modules, and what all operations have in common.
#[expect(
    clippy::too_many_lines,
    reason = "the whole of a file, mostly quoted Rust"
)]
pub(super) fn root(sdk: &Sdk, usual: Usual<'_>) -> Vec<Item> {
    let modules = sdk.modules.iter().map(|module| {
        let name = ident(&module.ident);
        let english = module.english.iter();
        let search = english.map(|english| aliases(english, &module.ident, []));
        quote!(#(#search)* pub mod #name;)
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
    let login = sdk.logs_in().then(|| {
        quote!(
            mod login;
        )
    });
    let media = sdk.media.is_some().then(|| {
        quote!(
            #[cfg(feature = "media")]
            mod media_host;
        )
    });
    let conversation = sdk.conversation.is_some().then(|| {
        quote!(
            #[cfg(feature = "poll")]
            mod conversation;
        )
    });
    let online = sdk.online.is_some().then(|| {
        quote!(
            #[cfg(feature = "store")]
            mod online;
        )
    });
    let poll = sdk.polled().map(|_| {
        quote!(
            #[cfg(feature = "poll")]
            mod poll;
        )
    });
    let program = sdk.program.is_some().then(program::modules);
    let (api, chapters) = (api(sdk), chapters(sdk));
    let operations = usual.functions();
    let messages = sdk.messages.as_ref();
    let messages = messages.map(|messages| message_api::layout(sdk, messages));
    let handle = ident(&sdk.handle);
    vec![Item::Rust(quote! {
        #(#modules)*
        #callbacks
        #addresses
        mod client;
        #conversation
        #media
        #ids
        #shared
        #login
        #online
        #poll
        #program
        #socket

        pub use client::{#handle #(, #session)*};

        #chapters

        use crate::runtime as rt;

        #anywhere

        #api
        #messages
        #operations
    })]
}

/// `mod.rs` of a provider with several APIs: a module each.
pub(super) fn parts(sdks: &[Sdk]) -> Vec<Item> {
    let parts = sdks.iter().filter_map(|sdk| sdk.part.as_ref()).map(|part| {
        let docs = doc_line(&format!("{}。", docs::escaped(&part.title)));
        let name = ident(&part.ident);
        quote!(#docs pub mod #name;)
    });
    vec![Item::Rust(quote!(#(#parts)*))]
}

/// What stands beside the chapters: their English names, and all requests in one place.
fn chapters(sdk: &Sdk) -> TokenStream {
    let english = sdk.modules.iter().filter_map(|module| {
        let (name, english) = (ident(&module.ident), ident(module.english.as_ref()?));
        Some(quote!(pub use #name as #english;))
    });
    let requests = sdk.modules.iter().filter(|m| !m.operations.is_empty());
    let requests = requests.map(|module| {
        let name = ident(&module.ident);
        let all = module.operations.iter().map(|o| ident(&o.request));
        quote!(pub use super::#name::{#(#all),*};)
    });
    let requests = sdk.all_requests.then(|| {
        quote! {
            /// 所有请求，不分章节。All requests, whatever their chapter.
            pub mod requests {
                #(#requests)*
            }
        }
    });
    quote!(#(#english)* #requests)
}

/// What all operations have in common.
fn api(sdk: &Sdk) -> TokenStream {
    let (api, name) = (&sdk.api, sdk.name());
    let numeric = api.request.numeric.then(|| quote!(numeric: true,));
    if is_program(sdk) {
        let program = quote!(rt::Api::program(#name));
        let program = match &numeric {
            Some(numeric) => quote!(rt::Api { #numeric ..#program }),
            None => program,
        };
        return quote!(static API: rt::Api = #program;);
    }
    let header = &api.header;
    let is_form = api.transport == Transport::HttpForm;
    let format = ident(if is_form { "Form" } else { "Json" });
    let (code, data) = (api.reply.code.iter(), api.reply.payload.iter());
    let message = &api.reply.message;
    let meanings = api.reply.meanings().map(|(meaning, codes)| {
        let meaning = ident(meaning);
        quote!(#meaning: &[#(#codes),*],)
    });
    let prefix = Some(&api.prefix).filter(|prefix| !prefix.is_empty());
    let prefix = prefix.map(|prefix| quote!(prefix: #prefix,));
    let along = along::facts(&api.request);
    quote! {
        static API: rt::Api = rt::Api {
            authorization: #header,
            format: rt::BodyFormat::#format,
            code: &[#(#code),*],
            message: &[#(#message),*],
            data: &[#(#data),*],
            #(#meanings)*
            #prefix
            #along
            #numeric
            ..rt::Api::new(#name)
        };
    }
}

/// Whether a program fetches what is asked.
fn is_program(sdk: &Sdk) -> bool {
    sdk.api.transport == Transport::Poll
}

/// What `client.rs` is about.
pub(super) fn head(sdk: &Sdk) -> &'static str {
    if is_program(sdk) {
        "给程序下指令的机器人"
    } else {
        "客户端，以及绑定了会话的客户端"
    }
}

/// `ids.rs`.
pub(super) fn ids(sdk: &Sdk) -> Vec<Item> {
    let ids = sdk.ids.iter().map(|id| {
        let name = ident(&id.ident);
        let docs = doc_line(&format!("{}。", docs::escaped(&id.title)));
        quote! {
            #docs
            #[derive(Clone, PartialEq, Eq, Hash)]
            pub struct #name(rt::Scalar);
            rt::id!(#name);
        }
    });
    vec![Item::Rust(quote! {
        use super::rt;

        #(#ids)*
    })]
}

/// `client.rs`.
pub(super) fn client(sdk: &Sdk) -> Vec<Item> {
    let accessors = accessors(sdk, true);
    let session = sdk.session.as_ref();
    let session = session.map(|session| self::session(sdk, session));
    let open = sdk.session.as_ref().map(open);
    let flows = flows(sdk, true);
    let builder = sdk.messages.is_none().then(|| builder(sdk));
    let setters = along::setters(sdk);
    let name = ident(&sdk.handle);
    let anywhere = sdk
        .has_anywhere()
        .then(|| quote!(impl rt::Reaches<Anywhere> for #name {}));
    let docs = doc_line(if is_program(sdk) {
        "给程序下指令的机器人；复制的代价很小。"
    } else {
        "客户端；复制的代价很小。"
    });
    let raw = match &sdk.messages {
        Some(_) => message_api::call_raw(sdk),
        None => call_raw(),
    };
    let send = is_program(sdk).then(message_api::send);
    let call = match &sdk.session {
        Some(_) => call("调用任何一个不需要会话的接口。"),
        None => call("调用任何一个接口。"),
    };
    let handle = sdk.messages.as_ref().map(|_| message_api::handle(sdk));
    vec![Item::Rust(quote! {
        use super::*;

        static RAW: rt::Operation = rt::Operation::new(&API, "call_raw", "call_raw", "");

        #docs
        #[derive(Clone, Debug)]
        pub struct #name(rt::Core);

        impl From<rt::Core> for #name {
            fn from(core: rt::Core) -> Self {
                Self(core)
            }
        }

        #handle

        impl rt::Reaches<#name> for #name {}
        #anywhere

        impl rt::Caller for #name {
            fn session(&self) -> rt::Session {
                rt::Session::new(self.0.clone(), Vec::new())
            }
        }

        impl #name {
            #builder

            /// 发送请求的核心。
            pub fn core(&self) -> &rt::Core {
                &self.0
            }

            #open

            #send

            #call

            #flows

            #raw

            #(#accessors)*
        }

        #setters

        #session
    })]
}

fn builder(sdk: &Sdk) -> TokenStream {
    let hosts = &sdk.api.hosts;
    let hosts = (!hosts.is_empty()).then(|| quote!(.hosts(&[#(#hosts),*])));
    let at_root = sdk.api.request.root.as_ref().map(|root| {
        let docs = doc_line(&format!("开始配置一个连到 <{root}> 的客户端。"));
        quote! {
            #docs
            pub fn builder_at_root() -> rt::Builder<Self> {
                rt::Builder::new(#root)#hosts
            }
        }
    });
    quote! {
        /// 开始配置一个连到这个地址的客户端。
        pub fn builder(base_url: impl Into<String>) -> rt::Builder<Self> {
            rt::Builder::new(base_url)#hosts
        }

        #at_root
    }
}

/// The method that takes any request.
fn call(about: &str) -> TokenStream {
    let about = doc_line(about);
    quote! {
        #about
        pub fn call<R: rt::Request>(&self, request: R) -> rt::Call<R::Reply>
        where
            Self: rt::Reaches<R::Scope>,
        {
            self.0.call(&request)
        }
    }
}

fn call_raw() -> TokenStream {
    quote! {
        /// 调用目录里没有的接口。
        pub fn call_raw(&self, path: impl Into<String>, body: impl Into<rt::Json>) -> rt::Call<Option<rt::Json>> {
            self.0.call_raw(&RAW, path, body)
        }
    }
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
            #name(rt::Session::new(self.0.clone(), vec![#param.into()]))
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
    let flows = flows(sdk, false);
    let anywhere = sdk
        .has_anywhere()
        .then(|| quote!(impl rt::Reaches<Anywhere> for #name {}));
    let title = docs::escaped(&session.title);
    let about = doc_line(&format!("绑定了{title}的客户端；所有副本共用同一个值。"));
    let rebind = doc_line(&format!("换成新的{title}，所有副本一起换。"));
    let call = call("调用任何一个需要会话的接口。");
    quote! {
        #about
        #[derive(Clone, Debug)]
        pub struct #name(rt::Session);

        impl rt::Reaches<#name> for #name {}
        #anywhere

        impl rt::Caller for #name {
            fn session(&self) -> rt::Session {
                self.0.clone()
            }
        }

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

/// The methods that make several calls of any request: in chunks, by pages, as jobs.
fn flows(sdk: &Sdk, on_client: bool) -> TokenStream {
    let has = |flow: fn(&Operation) -> bool| {
        let mut operations = sdk.operations();
        operations.any(|operation| flow(operation) && operation.is_on(on_client))
    };
    let chunks = has(|operation| operation.chunked.is_some()).then(|| {
        quote! {
            /// 把请求里的长列表分批发送。
            pub fn chunks<R>(&self, request: R) -> rt::Chunks<R::Item>
            where
                R: rt::Chunked + Send + Sync + 'static,
                Self: rt::Reaches<R::Scope>,
            {
                self.0.chunks(request)
            }
        }
    });
    let pages = has(|operation| operation.pages.is_some()).then(|| {
        quote! {
            /// 从请求所指的一页起，逐页取到末页。
            pub fn pages<R>(&self, request: R) -> rt::Pages<R::Reply>
            where
                R: rt::Paged + Send + Sync + 'static,
                Self: rt::Reaches<R::Scope>,
            {
                self.0.pages(request)
            }
        }
    });
    let jobs = has(|operation| operation.job.is_some()).then(|| {
        quote! {
            /// 发起一个异步任务，并等到结果。
            pub fn job<R: rt::Started>(&self, request: R) -> rt::Job<R::Result>
            where
                Self: rt::Reaches<R::Scope>,
            {
                self.0.job(&request)
            }
        }
    });
    quote!(#chunks #pages #jobs)
}

/// One method a module.
fn accessors(sdk: &Sdk, on_client: bool) -> impl Iterator<Item = TokenStream> + '_ {
    let has = move |module: &&Module| {
        let mut operations = module.operations.iter();
        operations.any(|operation| operation.is_on(on_client))
    };
    sdk.modules.iter().filter(has).flat_map(move |module| {
        let (chapter, ty) = (ident(&module.ident), ident(&module.accessor(on_client)));
        let title = docs::escaped(&module.title);
        let names = [Some(&module.ident), module.english.as_ref()];
        names.into_iter().flatten().map(move |name| {
            let also = names.into_iter().flatten().find(|other| *other != name);
            let also =
                also.map_or_else(String::new, |also| format!("同 [`{also}`](Self::{also})。"));
            let (docs, name) = (doc_line(&format!("{title}。{also}")), ident(name));
            let search = aliases(&module.title, &module.ident, []);
            quote! {
                #docs
                #search
                pub fn #name(&self) -> #chapter::#ty<'_> {
                    #chapter::#ty(self)
                }
            }
        })
    })
}
