//! Owns the calls that log in, as `[login]` declares them. In: an operation that logs in, `/member/login`. Out: `login.rs`
//! with `Builder::login`, `log_in_again` and `log_in_by_code`, and for `socket.rs` what a new connection repeats.

use catalog::model::{self, CodeLogin, Grants, Login};
use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::Item;
use super::flow::{condition, job_plan, path};
use super::tokens::{aliases, argument, doc, ident, optional};
use crate::docs;
use crate::sdk::{Constructor, Module, Operation, Param, Sdk, Type};

/// `login.rs`.
pub(super) fn login(sdk: &Sdk) -> Vec<Item> {
    let at = |module, operation| At {
        sdk,
        module,
        operation,
    };
    let calls = sdk
        .logins()
        .filter_map(|(module, operation, login)| match login {
            Login::Call { arguments, grants } => {
                Some(at(module, operation).call(arguments, grants))
            }
            Login::Code(_) | Login::Connection { .. } => None,
        });
    let codes = sdk
        .logins()
        .filter_map(|(module, operation, login)| match login {
            Login::Code(login) => at(module, operation).code(login),
            Login::Call { .. } | Login::Connection { .. } => None,
        });
    let saved = saved(sdk).into_iter();
    let logins = calls.chain(codes).chain(saved).map(Item::Rust);
    let names = Item::Rust(quote!(
        use super::*;
    ));
    std::iter::once(names).chain(logins).collect()
}

/// How what a login has yielded is kept for the next start.
fn saved(sdk: &Sdk) -> Option<TokenStream> {
    let mut logins = sdk.logins().map(|(_, _, login)| login);
    logins.find(|login| login.yields_authorization())?;
    let (handle, api) = (ident(&sdk.handle), sdk.name());
    let name = format!("saved/{api}/");
    let at_root = sdk.api.request.root.as_ref().map(|_| {
        quote! {
            /// 由 [`save`](Self::save) 保存的登录得到客户端；没有这个文件时是 `None`。
            ///
            /// # Errors
            ///
            /// 文件读不出、内容不对，或者其中的地址不许去时。
            pub async fn restore(
                path: impl ::std::convert::AsRef<::std::path::Path>,
            ) -> Result<Option<Self>, rt::BoxError> {
                Self::builder_at_root().restore(path).await
            }
        }
    });
    Some(quote! {
        impl #handle {
            #at_root

            /// 把登录得到的凭证、地址和账号存进文件：只有本人能读，要么写全要么不写，代替先前存的。
            ///
            /// # Errors
            ///
            /// 还没有登录，或者文件写不了时。
            pub async fn save(&self, path: impl ::std::convert::AsRef<::std::path::Path>) -> ::std::io::Result<()> {
                self.core().save(path).await
            }

            /// 同上，存进存储；`name` 由你取，几个账号各取一个。
            ///
            /// # Errors
            ///
            /// 还没有登录，或者存储出错时。
            #[cfg(feature = "store")]
            pub async fn save_in(
                &self,
                store: &dyn rt::store::Store,
                name: &str,
            ) -> Result<(), rt::BoxError> {
                self.core().save_in(store, format!("{SAVED}{name}")).await
            }
        }

        #[cfg(feature = "store")]
        const SAVED: &str = #name;

        #[cfg(feature = "store")]
        impl rt::Builder<#handle> {
            /// 由 `save_in` 存进存储的登录得到客户端；没有存过时是 `None`。
            ///
            /// # Errors
            ///
            /// 存储出错、内容不对，或者其中的地址不许去时。
            pub async fn restore_from(
                self,
                store: &dyn rt::store::Store,
                name: &str,
            ) -> Result<Option<#handle>, rt::BoxError> {
                self.restore_value(store, format!("{SAVED}{name}")).await
            }
        }
    })
}

/// What a new connection repeats, for `socket.rs`.
pub(super) fn again(sdk: &Sdk) -> Option<TokenStream> {
    let mut logins = sdk.logins().filter_map(|(module, operation, login)| {
        let Login::Connection { before } = login else {
            return None;
        };
        let at = At {
            sdk,
            module,
            operation,
        };
        Some(at.connection(before))
    });
    logins.next()
}

/// An operation that logs in, and where it is.
struct At<'s> {
    sdk: &'s Sdk,
    module: &'s Module,
    operation: &'s Operation,
}

impl At<'_> {
    /// The path of its request in a file of the provider.
    fn request(&self) -> TokenStream {
        let (module, request) = (ident(&self.module.ident), ident(&self.operation.request));
        quote!(#module::#request)
    }

    /// A link to the request.
    fn link(&self) -> String {
        let (module, request) = (&self.module.ident, &self.operation.request);
        format!("[`{request}`](struct@{module}::{request})")
    }

    fn alias(&self) -> TokenStream {
        aliases(&self.operation.model.title, "login", [])
    }

    /// `Builder::login` and `log_in_again`.
    fn call(&self, arguments: &[String], grants: &Grants) -> TokenStream {
        let params = self.operation.params.iter();
        let named = |wire: &String| params.clone().find(|param| param.field.wire == *wire);
        let arguments: Vec<&Param> = arguments.iter().filter_map(named).collect();
        let taken: TokenStream = arguments
            .iter()
            .map(|param| {
                let name = ident(&param.field.ident);
                let (ty, _) = argument(&param.field.ty, &name);
                quote!(#name: #ty,)
            })
            .collect();
        let (handle, request) = (ident(&self.sdk.handle), self.request());
        let given = self.given();
        let (about, again) = (
            self.call_docs(&arguments, grants),
            self.again_docs(&arguments),
        );
        let (alias, grants) = (self.alias(), self::grants(grants));
        quote! {
            const GRANTS: rt::Grants = #grants;

            impl rt::Builder<#handle> {
                #about
                #alias
                pub async fn login(self, #taken) -> Result<#handle, rt::Error> {
                    let request = #request::new(#given);
                    self.build_core()?.log_in(&request, GRANTS).await.map(#handle::from)
                }
            }

            impl #handle {
                #again
                #alias
                pub async fn log_in_again(&self, #taken) -> Result<(), rt::Error> {
                    let request = #request::new(#given);
                    self.core().log_in_again(&request, GRANTS).await
                }
            }
        }
    }

    /// What the constructor of the request is given: its required parameters, in the order in which it takes them.
    fn given(&self) -> TokenStream {
        let params = |indices: &[usize]| -> Vec<&Param> {
            let params = indices.iter();
            params
                .filter_map(|at| self.operation.params.get(*at))
                .collect()
        };
        match &self.operation.constructor {
            Constructor::Positional(indices) => {
                let params = params(indices).into_iter();
                let names = params.map(|param| ident(&param.field.ident));
                quote!(#(#names),*)
            }
            Constructor::Named(indices) => {
                let (module, holder) = (ident(&self.module.ident), ident(&self.operation.holder()));
                let fields = params(indices).into_iter().map(|param| {
                    let name = ident(&param.field.ident);
                    let (_, field) = argument(&param.field.ty, &name);
                    quote!(#name: #field)
                });
                quote!(#module::#holder { #(#fields),* })
            }
        }
    }

    fn call_docs(&self, arguments: &[&Param], grants: &Grants) -> TokenStream {
        let root = self.root();
        let field = grants
            .authorization
            .as_deref()
            .unwrap_or_default()
            .join(".");
        let mut lines = vec![
            format!(
                "登录网关（{}），得到由返回授权的客户端。",
                code(&self.operation.model.wire)
            ),
            String::new(),
            "构建器的各项设置对登录同样有效。先前设置的授权不随登录发送，并由登录得到的代替。"
                .to_owned(),
        ];
        if let Some(at) = &grants.base_url {
            lines.push(String::new());
            lines.push(format!(
                "返回里有 {} 时，此后的调用都发往那里。",
                code(&at.join("."))
            ));
        }
        lines.extend([
            String::new(),
            "```no_run".to_owned(),
            format!("use {root}::{};", self.sdk.handle),
            String::new(),
            "# async fn example() -> Result<(), generated_sdk::Error> {".to_owned(),
            format!(
                "let client = {}::builder(\"http://gateway.example\").login({}).await?;",
                self.sdk.handle,
                shown(arguments)
            ),
            "# let _ = client;".to_owned(),
            "# Ok(()) }".to_owned(),
            "```".to_owned(),
            String::new(),
            "# Errors".to_owned(),
            String::new(),
            format!(
                "与任何调用一样；返回说成功却没有 {} 时是 [`Undecodable`](rt::ErrorKind::Undecodable)。",
                code(&field)
            ),
        ]);
        doc(&lines)
    }

    fn again_docs(&self, arguments: &[&Param]) -> TokenStream {
        let root = self.root();
        let handle = &self.sdk.handle;
        let (all, receiver, ty) = match &self.sdk.session {
            Some(session) => (
                "它的副本与绑定在它上面的会话",
                format!("wx.{}()", handle.to_lowercase()),
                &session.ty,
            ),
            None => ("它的副本", "wx".to_owned(), handle),
        };
        doc(&[
            format!("授权过期时再登录一次：这个客户端、{all}此后都用新的授权。"),
            String::new(),
            "```no_run".to_owned(),
            format!("# async fn example(wx: {root}::{ty}) -> Result<(), generated_sdk::Error> {{"),
            format!(
                "{receiver}.log_in_again({}).await?; // `wx` 与它的所有副本",
                shown(arguments)
            ),
            "# Ok(()) }".to_owned(),
            "```".to_owned(),
            String::new(),
            "# Errors".to_owned(),
            String::new(),
            "与 [`login`](rt::Builder::login) 相同；出错时客户端保留原来的授权。".to_owned(),
        ])
    }

    /// `log_in_by_code`; nothing where the operation that is asked has no name, which is an error elsewhere.
    fn code(&self, login: &CodeLogin) -> Option<TokenStream> {
        let (handle, request) = (ident(&self.sdk.handle), self.request());
        let (module, asked) = self.sdk.by_id(&login.job.poll)?;
        let asked = At {
            sdk: self.sdk,
            module,
            operation: asked,
        };
        let polled = asked.request();
        let job = job_plan(&polled, &login.job);
        let shown = path(&login.shown);
        let verify = login.verify.as_ref().map(|(when, url)| {
            let (when, url) = (condition(when), path(url));
            quote!((#when, #url))
        });
        let enter = login.enter.as_ref().map(|enter| {
            let param = &enter.param;
            let when = optional(enter.when.as_ref().map(condition));
            let until = optional(enter.until.as_ref().map(condition));
            quote!(rt::EnterPlan { param: #param, when: #when, until: #until })
        });
        let (verify, enter) = (optional(verify), optional(enter));
        let more = more(login);
        let grants = grants(&login.grants);
        let session = self.sdk.session.as_ref().filter(|_| login.binds);
        let (of, made, key) = match session {
            Some(session) => {
                let (of, bind) = (ident(&session.ty), ident(&session.ident));
                (of, quote!(#handle::from(core).#bind(key)), ident("key"))
            }
            None => (handle.clone(), quote!(#handle::from(core)), ident("_key")),
        };
        let enters = login.enter.is_some();
        let enters = enters.then(|| quote!(impl rt::EntersCode for #request {}));
        let (about, alias) = (self.code_docs(login, &asked), self.alias());
        Some(quote! {
            impl rt::CodeLogin for #request {
                type Answer = <#polled as rt::Request>::Reply;
                type Handle = #of;
                const PLAN: rt::LoginPlan = rt::LoginPlan {
                    job: #job,
                    shown: #shown,
                    verify: #verify,
                    enter: #enter,
                    #more
                    grants: #grants,
                };

                fn handle(core: rt::Core, #key: &str) -> #of {
                    #made
                }
            }

            #enters

            impl #handle {
                #about
                #alias
                pub fn log_in_by_code(&self, request: #request) -> rt::LoginByCode<#request> {
                    self.core().log_in_by_code(&request)
                }
            }
        })
    }

    fn code_docs(&self, login: &CodeLogin, asked: &At<'_>) -> TokenStream {
        let mut lines = vec![
            format!(
                "由人确认的登录：{} 开始，把 {} 给人看，再用 {} 询问到登录为止。",
                self.link(),
                code(&login.shown.join(".")),
                asked.link()
            ),
            String::new(),
        ];
        lines.extend(happenings(login));
        lines.extend(self.code_example(login));
        doc(&lines)
    }

    /// A doctest of a login by code.
    fn code_example(&self, login: &CodeLogin) -> Vec<String> {
        let root = self.root();
        let enters = login
            .enter
            .as_ref()
            .is_some_and(|enter| enter.when.is_some());
        let mut lines = vec![
            String::new(),
            "```no_run".to_owned(),
            format!("use {root}::{}::*;", self.module.shown()),
            "use generated_sdk::LoginStep;".to_owned(),
            String::new(),
            format!(
                "# async fn example(client: {root}::{}) -> Result<(), generated_sdk::Error> {{",
                self.sdk.handle
            ),
            format!(
                "let login = client.log_in_by_code({}).await?;",
                self.operation.made()
            ),
            "println!(\"scan {}\", login.shown);".to_owned(),
        ];
        lines.extend(steps(login, enters).iter().map(|line| (*line).to_owned()));
        lines.extend([
            "let wx = done.handle;".to_owned(),
            "# let _ = wx;".to_owned(),
            "# Ok(()) }".to_owned(),
            "```".to_owned(),
        ]);
        lines
    }

    /// `Connect::log_in_again`.
    fn connection(&self, before: &[String]) -> TokenStream {
        let (handle, request) = (ident(&self.sdk.handle), self.request());
        let first = before.iter().filter_map(|id| self.sdk.by_id(id));
        let first: Vec<At<'_>> = first
            .map(|(module, operation)| At {
                sdk: self.sdk,
                module,
                operation,
            })
            .collect();
        let operations = first.iter().map(|at| {
            let request = at.request();
            quote!(<#request as rt::Request>::OPERATION)
        });
        let (about, alias) = (self.connection_docs(&first), self.alias());
        quote! {
            impl rt::Connect<#handle> {
                #about
                #alias
                pub fn log_in_again(
                    self,
                    saved: impl Fn() -> Option<#request> + Send + Sync + 'static,
                ) -> Self {
                    self.repeat_login(&[#(#operations),*], saved)
                }
            }
        }
    }

    fn connection_docs(&self, first: &[At<'_>]) -> TokenStream {
        let root = self.root();
        let before: Vec<String> = first.iter().map(At::link).collect();
        let before = match before.as_slice() {
            [] => String::new(),
            before => format!("先是 {}（厂商拒绝也无妨），", before.join("、")),
        };
        let socket = self.sdk.socket.as_ref();
        let key = socket.and_then(|socket| socket.first.as_ref());
        let key = key.map(|first| format!("    .{}(\"…\")", first.param));
        // What was saved of the login before is a secret.
        let is_saved = |param: &&Param| {
            !param.required && !param.field.deprecated && param.field.ty == Type::Secret
        };
        let saved = self.operation.params.iter().filter(is_saved);
        let saved: String = saved
            .map(|param| format!(".{}(\"…\")", param.field.ident))
            .collect();
        let made = self.operation.made();
        let mut lines = vec![
            format!(
                "在每条新连接上再登录一次，然后才放行其他调用：{before}再是 {}。",
                self.link()
            ),
            String::new(),
            "`saved` 每次都会被问到：登录数据会过期，最好时常更新。`None` 则什么都不做。"
                .to_owned(),
            String::new(),
            "```no_run".to_owned(),
            format!("use {root}::{}::*;", self.module.shown()),
            String::new(),
            "# async fn example() -> Result<(), generated_sdk::Error> {".to_owned(),
            format!(
                "let (client, pushes) = {root}::{}::connect(\"wss://gateway.example/ws\")",
                self.sdk.handle
            ),
        ];
        lines.extend(key);
        lines.extend([
            format!("    .log_in_again(|| Some({made}{saved}))"),
            "    .open()".to_owned(),
            "    .await?;".to_owned(),
            "# let _ = (client, pushes);".to_owned(),
            "# Ok(()) }".to_owned(),
            "```".to_owned(),
        ]);
        doc(&lines)
    }

    fn root(&self) -> String {
        format!("generated_sdk::{}", self.sdk.path())
    }
}

/// What can happen before somebody is logged in.
fn happenings(login: &CodeLogin) -> Vec<String> {
    let mut lines = Vec::new();
    if login.verify.is_some() {
        lines.push(
            "须先验证时（[`Verify`](rt::LoginStep::Verify)）由本人打开所给的地址。".to_owned(),
        );
    }
    if let Some(enter) = &login.enter {
        let when = match enter.when {
            Some(_) => "须输入时（[`Enter`](rt::LoginStep::Enter)）",
            None => "须输入时",
        };
        lines.push(format!(
            "{when}把本人输入的交给 [`enter`](rt::PendingLogin::enter)（{}）。",
            code(&enter.param)
        ));
    }
    if login.renew.is_some() {
        lines.push(
            "码过期时换一个新的（[`Renewed`](rt::LoginStep::Renewed)），再给人看。".to_owned(),
        );
    }
    if login.already.is_some() {
        lines.push(
            "早已登录时（[`Already`](rt::LoginStep::Already)）没有新的凭证，先前保存的仍然有效。"
                .to_owned(),
        );
    }
    if login.grants != Grants::default() {
        lines.push(
            "得到的客户端用返回的授权；要让这个客户端和它的副本换用，加上 [`renewing`](rt::LoginByCode::renewing)。"
                .to_owned(),
        );
    }
    lines
}

/// How an example goes on after the start.
fn steps(login: &CodeLogin, enters: bool) -> &'static [&'static str] {
    match (login.verify.is_some(), enters) {
        (_, true) => &["let done = login.until_done(LoginStep::in_terminal).await?;"],
        (true, false) => &[
            "let done = login.until_done(|step| {",
            "    if let LoginStep::Verify { url, .. } = step {",
            "        println!(\"open {url} and confirm\");",
            "    }",
            "}).await?;",
        ],
        (false, false) => &["let done = login.until_done(|step| println!(\"{step}\")).await?;"],
    }
}

/// Where the questions go on, what is shown instead, and who was logged in before.
fn more(login: &CodeLogin) -> TokenStream {
    let redirect = login.redirect.as_ref().map(|(when, host)| {
        let (when, host) = (condition(when), path(host));
        quote!((#when, #host))
    });
    let renew = login.renew.as_ref().map(|(when, codes)| {
        let (when, codes) = (condition(when), Literal::u32_unsuffixed(*codes));
        quote!((#when, #codes))
    });
    let already = login.already.as_ref().map(condition);
    let (redirect, renew) = (optional(redirect), optional(renew));
    let already = optional(already);
    quote! {
        redirect: #redirect,
        renew: #renew,
        already: #already,
    }
}

/// Arguments of an example.
fn shown(arguments: &[&Param]) -> String {
    let names = arguments
        .iter()
        .map(|param| format!("{:?}", param.field.ident));
    names.collect::<Vec<_>>().join(", ")
}

/// A name on the wire.
fn code(wire: &str) -> String {
    format!("`{}`", docs::code(wire))
}

fn grants(grants: &Grants) -> TokenStream {
    let at = |at: &Option<model::Path>| optional(at.as_deref().map(path));
    let (authorization, base_url) = (at(&grants.authorization), at(&grants.base_url));
    let account = at(&grants.account);
    quote!(rt::Grants { authorization: #authorization, base_url: #base_url, account: #account })
}
