//! Writes the calls of an application: every operation, with every parameter, typed.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use catalog::load::{Origin, Sources, load};
use catalog::source::SourceFile;
use generator::lock::Lock;
use generator::sdk::{Choice, Coding, Constructor, Member, Module, Object, Operation, Sdk, Type};

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

/// The source of the application's calls.
pub fn of(id: &str, folder: &Path, values: Values) -> String {
    let sdks = sdks(id, folder);
    let calls = sdks.iter().map(|sdk| Calls { sdk, values }.write());
    calls.collect()
}

/// What is made of a committed provider, read from its catalog: an SDK for each of its APIs.
pub fn sdks(id: &str, folder: &Path) -> Vec<Sdk> {
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
    let lock =
        Lock::read(&text("names.lock")).unwrap_or_else(|error| panic!("names.lock: {error}"));
    let (sdks, _, _) = generator::annotate(&loaded.provider, &loaded.config, &lock);
    sdks
}

struct Calls<'s> {
    sdk: &'s Sdk,
    values: Values,
}

impl Calls<'_> {
    fn write(&self) -> String {
        let mut out = String::new();
        let provider = self.sdk.path();
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
                "async fn {0}({client}: &{provider}::{handle}, {wx}: &{provider}::{session}, done: &mut Vec<Outcome>) {{\n    use generated_sdk::{provider}::{0}::*;",
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
            Type::Text => format!("\"{value}\".to_owned()"),
            Type::Id(name) => format!("generated_sdk::{provider}::{name}::from(\"{value}\")"),
            Type::I64 | Type::U64 => value.replace("13845236612712345678", "7208643216420147215"),
            other => panic!("no known value for {other:?}"),
        };
        Some(match &member.ty {
            Type::List(of) => format!("vec![{}]", one(of)),
            ty => one(ty),
        })
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
                let choice: &Choice = module
                    .types
                    .choices
                    .iter()
                    .find(|choice| &choice.ident == name)
                    .expect("declared");
                format!("{name}::{}", choice.variants[0].ident)
            }
            Type::Object(name) => {
                let object: &Object = module
                    .types
                    .objects
                    .iter()
                    .find(|object| &object.ident == name)
                    .expect("declared");
                let mut made = format!("{name}::default()");
                for inner in &object.members {
                    let _ = write!(
                        made,
                        ".{}({})",
                        inner.ident,
                        self.value(module, operation, inner)
                    );
                }
                made
            }
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
            Type::Maybe(of) => self.value_of(module, operation, of, member, letter),
        }
    }
}
