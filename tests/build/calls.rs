//! Writes an application: every operation of every provider, with every parameter, typed.

use std::cell::RefCell;
use std::fmt::Write;
use std::fs;
use std::path::Path;

use catalog::config::Transport;
use catalog::load::{Origin, Sources, load};
use catalog::source::SourceFile;
use generator::lock::Lock;
use generator::sdk::{Coding, Constructor, Member, Module, Operation, Sdk, Type, Types};

/// Which values an application gives.
#[derive(Clone, Copy)]
pub enum Values {
    /// `v-<name>` and odd numbers: they show what arrives.
    Telling,
    /// Those that the mock gateway's world has.
    Known,
}

/// Values by wire name, for one operation or (`""`) for all.
const KNOWN: [(&str, &str, &str); 34] = [
    ("/delContact", "wcId", "wxid_example40"),
    ("/delContactLabel", "labelIdList", "2"),
    ("/quitChatRoom", "chatRoomId", "12345678902@chatroom"),
    ("/secondLogin", "wcId", "wxid_mock00"),
    ("/deleteSns", "id", "13845236612712344676"),
    ("/loginByAccountAndPassword", "wId", ""),
    ("/getMsgVideoRes", "id", "example"),
    ("/getAsynSnsSendVideoRes", "asynId", "example_asyn_id"),
    ("/revokeMsg", "msgId", "100000001"),
    ("/revokeMsg", "newMsgId", "7208643216420147215"),
    ("/weChatFavorites/delFavItem", "favId", "2"),
    ("/snsComment", "replyCommentId", "0"),
    ("/finder/getFollowList", "lastBuff", ""),
    ("/finder/getLikeAndFavList", "lastBuff", ""),
    ("/finder/getLikeAndFavList", "lastBuffer", ""),
    ("/finder/getMentionList", "lastBuff", ""),
    ("", "pageCode", ""),
    ("", "maxId", "0"),
    ("", "firstPageMd5", ""),
    ("", "wcId", "wxid_example01"),
    ("", "chatRoomId", "12345678901@chatroom"),
    ("", "labelIdList", "1"),
    ("", "id", "13845236612712345678"),
    ("", "commentId", "1"),
    ("", "favId", "1"),
    ("", "httpUrl", "http://127.0.0.1:9/callback"),
    (
        "/foreign/user/setUrl",
        "callbackSend",
        "http://127.0.0.1:9/callbackSend",
    ),
    (
        "/foreign/user/setUrl",
        "delfriendlog",
        "http://127.0.0.1:9/delfriendlog",
    ),
    (
        "/foreign/user/setUrl",
        "newfriendlog",
        "http://127.0.0.1:9/newfriendlog",
    ),
    (
        "/foreign/user/setUrl",
        "messagelog",
        "http://127.0.0.1:9/messagelog",
    ),
    (
        "/foreign/user/setUrl",
        "crowdlog",
        "http://127.0.0.1:9/crowdlog",
    ),
    (
        "/foreign/user/setUrl",
        "addfriendlog",
        "http://127.0.0.1:9/addfriendlog",
    ),
    (
        "/foreign/user/setUrl",
        "wacatout",
        "http://127.0.0.1:9/wacatout",
    ),
    (
        "/foreign/user/setUrl",
        "addgrouplog",
        "http://127.0.0.1:9/addgrouplog",
    ),
];

/// The calls of one provider alone, whose values are those that its mock gateway knows.
pub fn known(made: &Made) -> String {
    let values = Values::Known;
    let calls = made.sdks.iter().map(|sdk| Calls::of(sdk, values).write());
    calls.collect()
}

/// Every provider's: a module for each API whose calls are HTTP requests, and one for each whose calls are messages.
pub fn all(providers: &[Made]) -> String {
    let (mut modules, mut http, mut messages) = (String::new(), String::new(), String::new());
    let mut examples = String::new();
    let apis = providers
        .iter()
        .flat_map(|made| made.sdks.iter().map(move |sdk| (made, sdk)));
    for (made, sdk) in apis {
        let values = Values::Telling;
        let calls = Calls::of(sdk, values);
        let (name, module) = (sdk.name(), sdk.path().replace("::", "_"));
        let _ = writeln!(examples, "    {module}::examples as Examples,");
        let source = if made.speaks_messages() {
            let _ = writeln!(messages, "    ({name:?}, {module}::bodies as Bodies),");
            calls.bodies() + &calls.examples()
        } else {
            let _ = writeln!(http, "        {name:?} => {module}::all(url).await,");
            format!(
                "use super::{{Outcome, outcome}};\n{}{}{}",
                calls.write(),
                calls.all(),
                calls.examples()
            )
        };
        let _ = writeln!(modules, "pub mod {module} {{\n{source}}}\n");
    }
    format!(
        "{modules}\
         /// Every example of an API: the operation's id, and the limit that it breaks.\n\
         pub type Examples = fn() -> Vec<(&'static str, Option<String>)>;\n\n\
         /// The examples of every API.\n\
         pub const EXAMPLES: &[Examples] = &[\n{examples}];\n\n\
         /// Every message of an API: the operation's id, and the text.\n\
         pub type Bodies = fn() -> Vec<(&'static str, String)>;\n\n\
         /// Every message of the APIs whose calls are messages.\n\
         pub const MESSAGES: &[(&str, Bodies)] = &[\n{messages}];\n\n\
         /// Calls every operation of an API whose calls are HTTP requests, at a gateway.\n\
         pub async fn call_all(api: &str, url: &str) -> Vec<Outcome> {{\n    match api {{\n{http}        \
         other => panic!(\"no calls of {{other}}\"),\n    }}\n}}\n"
    )
}

/// A committed provider, read from its catalog, and what was made of it.
pub struct Made {
    /// Its folder's name.
    pub id: String,
    /// How its calls travel.
    transport: Transport,
    /// One for each of its APIs.
    pub sdks: Vec<Sdk>,
}

impl Made {
    /// Reads a provider's folder.
    pub fn of(id: &str, folder: &Path) -> Self {
        let text = |name: &str| fs::read_to_string(folder.join(name)).unwrap_or_default();
        let sources = Sources {
            id: id.to_owned(),
            config: SourceFile::new("provider.toml", &text("provider.toml")),
            specs: Vec::new(),
            catalog: Some(SourceFile::new(
                "api_catalog.json",
                &text("api_catalog.json"),
            )),
        };
        let (loaded, diagnostics) = load(&sources, Origin::Catalog);
        let loaded = loaded.unwrap_or_else(|| panic!("{id}: {diagnostics:?}"));
        let (lock, findings) = Lock::read(&SourceFile::new("names.lock", &text("names.lock")));
        assert!(findings.is_empty(), "{id}: {findings:?}");
        let (sdks, _, _) = generator::annotate(&loaded.provider, &loaded.config, &lock);
        Self {
            id: id.to_owned(),
            transport: loaded.config.transport,
            sdks,
        }
    }

    /// Whether calls are messages, on a connection or fetched by a program.
    pub fn speaks_messages(&self) -> bool {
        matches!(self.transport, Transport::Websocket | Transport::Poll)
    }
}

struct Calls<'s> {
    sdk: &'s Sdk,
    values: Values,
    /// The objects in which a value stands.
    around: RefCell<Vec<String>>,
}

impl<'s> Calls<'s> {
    fn of(sdk: &'s Sdk, values: Values) -> Self {
        let around = RefCell::default();
        Self {
            sdk,
            values,
            around,
        }
    }

    /// Every call as it is written, with what the session carries left out.
    fn bodies(&self) -> String {
        let provider = self.sdk.path();
        let (mut out, mut calls) = (String::new(), String::new());
        for module in &self.sdk.modules {
            let _ = writeln!(
                out,
                "fn {0}(bodies: &mut Vec<(&'static str, String)>) {{\n    use generated_sdk::{provider}::{0}::*;",
                module.ident
            );
            for operation in &module.operations {
                let (id, request) = (&operation.model.id, self.request(module, operation));
                let _ = writeln!(
                    out,
                    "    bodies.push(({id:?}, generated_sdk::runtime::request_body(&{request}, &[])));"
                );
            }
            out.push_str("}\n\n");
            let _ = writeln!(calls, "    {}(&mut bodies);", module.ident);
        }
        let _ = writeln!(
            out,
            "pub fn bodies() -> Vec<(&'static str, String)> {{\n    let mut bodies = Vec::new();\n{calls}    bodies\n}}"
        );
        out
    }

    /// The requests of the doctests, and which limit each of them breaks.
    fn examples(&self) -> String {
        let provider = self.sdk.path();
        let (mut out, mut calls) = (String::new(), String::new());
        for module in &self.sdk.modules {
            let name = format!("{}_examples", module.ident);
            let _ = writeln!(
                out,
                "fn {name}(found: &mut Vec<(&'static str, Option<String>)>) {{\n    #[allow(unused_imports)]\n    use generated_sdk::{provider}::{{*, {}::*}};",
                module.ident
            );
            for operation in &module.operations {
                let (id, made) = (&operation.model.id, operation.made());
                let _ = writeln!(
                    out,
                    "    found.push(({id:?}, generated_sdk::runtime::broken_limit(&{made})));"
                );
            }
            out.push_str("}\n\n");
            let _ = writeln!(calls, "    {name}(&mut found);");
        }
        let _ = writeln!(
            out,
            "pub fn examples() -> Vec<(&'static str, Option<String>)> {{\n    let mut found = Vec::new();\n{calls}    found\n}}"
        );
        out
    }

    /// A client, its session, and all its calls.
    fn all(&self) -> String {
        let (provider, handle) = (self.sdk.path(), &self.sdk.handle);
        let session = match &self.sdk.session {
            None => "client.clone()".to_owned(),
            Some(session) => {
                let value = match session.param_type {
                    Type::I64 | Type::U64 => "17",
                    _ => "\"instance-1\"",
                };
                format!("client.{}({value})", session.ident)
            }
        };
        format!(
            "pub async fn all(url: &str) -> Vec<Outcome> {{\n    \
             let client = generated_sdk::{provider}::{handle}::builder(url).authorization(\"token-1\");\n    \
             let client = client.build().expect(\"a client\");\n    \
             let wx = {session};\n    \
             call_all(&client, &wx).await\n}}\n"
        )
    }

    fn write(&self) -> String {
        let mut out = String::new();
        let provider = format!("generated_sdk::{}", self.sdk.path());
        let session = self
            .sdk
            .session
            .as_ref()
            .map_or(self.sdk.handle.as_str(), |session| session.ty.as_str());
        let handle = &self.sdk.handle;
        let mut calls = String::new();
        for module in &self.sdk.modules {
            let used = |name: &'static str, wanted: bool| if wanted { name } else { "_" };
            let client = used("client", module.operations.iter().any(|o| o.on_client()));
            let wx = used("wx", module.operations.iter().any(|o| !o.on_client()));
            let _ = writeln!(
                out,
                "async fn {0}({client}: &{provider}::{handle}, {wx}: &{provider}::{session}, done: &mut Vec<Outcome>) {{\n    use {provider}::{0}::*;",
                module.ident
            );
            for operation in &module.operations {
                let receiver = if operation.on_client() {
                    "client"
                } else {
                    "wx"
                };
                let _ = writeln!(
                    out,
                    "    done.push(outcome(\"{}\", {receiver}.{}().{}({}).await));",
                    operation.model.id,
                    module.ident,
                    operation.method,
                    self.request(module, operation)
                );
            }
            out.push_str("}\n\n");
            let _ = writeln!(calls, "    {}(client, wx, &mut done).await;", module.ident);
        }
        let _ = writeln!(
            out,
            "/// Calls every operation once, with every parameter.\npub async fn call_all(client: &{provider}::{handle}, wx: &{provider}::{session}) -> Vec<Outcome> {{\n    let mut done = Vec::new();\n{calls}    done\n}}"
        );
        out
    }

    fn request(&self, module: &Module, operation: &Operation) -> String {
        let name = &operation.request;
        let required = |indices: &[usize]| -> Vec<&Member> {
            indices
                .iter()
                .map(|at| &operation.params[*at].field)
                .collect()
        };
        let mut made = match &operation.constructor {
            Constructor::Positional(indices) => {
                let values: Vec<String> = required(indices)
                    .iter()
                    .map(|member| self.value(module, operation, member))
                    .collect();
                format!("{name}::new({})", values.join(", "))
            }
            Constructor::Named(indices) => {
                let fields: Vec<String> = required(indices)
                    .iter()
                    .map(|member| {
                        format!(
                            "{}: {}",
                            member.ident,
                            self.value(module, operation, member)
                        )
                    })
                    .collect();
                format!("{name}::new({name}Required {{ {} }})", fields.join(", "))
            }
        };
        for param in operation.params.iter().filter(|param| !param.required) {
            let _ = write!(
                made,
                ".{}({})",
                param.field.ident,
                self.value(module, operation, &param.field)
            );
        }
        made.push_str(".extra(\"undocumented\", 1)");
        made
    }

    fn value(&self, module: &Module, operation: &Operation, member: &Member) -> String {
        self.known(operation, member)
            .unwrap_or_else(|| self.value_of(module, operation, &member.ty, member, "v"))
    }

    /// A value that the mock gateway's world has.
    fn known(&self, operation: &Operation, member: &Member) -> Option<String> {
        if matches!(self.values, Values::Telling) {
            return None;
        }
        let wanted = |(path, wire, _): &&(&str, &str, &str)| {
            *wire == member.wire && (*path == operation.model.wire || path.is_empty())
        };
        let (_, _, value) = KNOWN.iter().find(wanted)?;
        let provider = self.sdk.path();
        let one = |ty: &Type| match ty {
            Type::Text => Some(format!("\"{value}\".to_owned()")),
            Type::Id(name) => Some(format!(
                "generated_sdk::{provider}::{name}::from(\"{value}\")"
            )),
            Type::I64 | Type::U64 => {
                Some(value.replace("13845236612712345678", "7208643216420147215"))
            }
            _ => None,
        };
        match &member.ty {
            Type::List(of) => Some(format!("vec![{}]", one(of)?)),
            ty => one(ty),
        }
    }

    /// A type of the chapter, or one that several share and where it is named.
    fn declared<'t, T>(
        &'t self,
        module: &'t Module,
        find: impl Fn(&'t Types) -> Option<&'t T>,
    ) -> (String, &'t T) {
        match find(&module.types) {
            Some(own) => (String::new(), own),
            None => {
                let shared = find(&self.sdk.shared).expect("declared");
                (format!("generated_sdk::{}::", self.sdk.path()), shared)
            }
        }
    }

    /// An object with all its members.
    fn object(&self, module: &Module, operation: &Operation, name: &str) -> String {
        let (path, object) = self.declared(module, |types| {
            types.objects.iter().find(|object| object.ident == name)
        });
        let mut made = format!("{path}{name}::default()");
        self.around.borrow_mut().push(name.to_owned());
        for inner in &object.members {
            // What would hold itself is left out.
            if !self.is_around(&inner.ty) {
                let value = self.value(module, operation, inner);
                let _ = write!(made, ".{}({value})", inner.ident);
            }
        }
        self.around.borrow_mut().pop();
        made
    }

    fn is_around(&self, ty: &Type) -> bool {
        match ty {
            Type::Boxed(of) | Type::List(of) => self.is_around(of),
            Type::Object(name) => self.around.borrow().contains(name),
            _ => false,
        }
    }

    fn value_of(
        &self,
        module: &Module,
        operation: &Operation,
        ty: &Type,
        member: &Member,
        letter: &str,
    ) -> String {
        let numeric = member.coding == Coding::Number;
        let provider = self.sdk.path();
        match ty {
            Type::Unit => "()".to_owned(),
            Type::Text => format!("\"{letter}-{}\".to_owned()", member.wire),
            Type::Secret => format!("generated_sdk::Secret::from(\"{letter}-{}\")", member.wire),
            Type::Id(name) if numeric => {
                format!("generated_sdk::{provider}::{name}::from(\"9007199254740993\")")
            }
            Type::Id(name) => format!(
                "generated_sdk::{provider}::{name}::from(\"{letter}-{}\")",
                member.wire
            ),
            Type::I64 => "9_007_199_254_740_993".to_owned(),
            Type::U64 => "18_446_744_073_709_551_615".to_owned(),
            Type::F64 => "1.5".to_owned(),
            Type::Bool => "true".to_owned(),
            Type::Json => "generated_sdk::Json::from(true)".to_owned(),
            Type::Choice(name) => {
                let (path, choice) = self.declared(module, |types| {
                    types.choices.iter().find(|choice| &choice.ident == name)
                });
                format!("{path}{name}::{}", choice.variants[0].ident)
            }
            Type::Object(name) => self.object(module, operation, name),
            Type::Either(name) => {
                let mut params = operation.params.iter();
                let param = params.find(|param| param.field.ident == member.ident);
                let one = &param.expect("its own").either[0];
                let value = self.value(module, operation, &one.field);
                format!("{name}::{}({value})", one.ident)
            }
            Type::Event(_) | Type::Xml(_) => panic!("{} is not sent", member.wire),
            Type::List(of) => {
                let element = |letter| self.value_of(module, operation, of, member, letter);
                format!("vec![{}, {}]", element("v"), element("w"))
            }
            Type::Boxed(of) => self.value_of(module, operation, of, member, letter),
            Type::Maybe(of) => {
                let held = self.value_of(module, operation, of, member, letter);
                format!("Some({held})")
            }
        }
    }
}
