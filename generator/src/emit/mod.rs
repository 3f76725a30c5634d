//! Owns the way from the annotated model to files: Rust through quote, syn and prettyplease. Nothing is decided here.
//! In: an [`Sdk`]. Out: `mod.rs`, `client.rs`, a file a chapter, what else the API has.

mod addressed;
mod along;
mod callback;
mod choice;
mod client;
mod conversation;
mod crate_root;
mod file;
mod flow;
mod login;
mod macro_table;
pub mod manifest;
mod media;
mod message_api;
mod module;
mod nested;
mod object;
mod online;
mod operation;
mod poll;
mod program;
mod request;
mod socket;
mod tokens;

use catalog::diagnostic::Diagnostic;
use catalog::parallel;
use proc_macro2::TokenStream;
use quote::quote;

use crate::docs;
use crate::sdk::Sdk;
use file::{Item, file};
use operation::Usual;

/// A file of the crate, by its path below the provider's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// `biao_qian.rs`.
    pub path: String,
    /// The text.
    pub text: String,
}

/// A file to be made. Formatting is most of the work and files are independent, so all cores make them.
type Job<'s> = Box<dyn FnOnce() -> Result<File, Diagnostic> + Send + 's>;

/// Every file of one provider's SDK; several APIs have a folder each.
pub fn emit(sdks: &[Sdk]) -> Result<Vec<File>, Diagnostic> {
    let mut jobs: Vec<Job<'_>> = Vec::new();
    if let Some(first) = sdks.first().filter(|sdk| sdk.part.is_some()) {
        jobs.push(Box::new(move || {
            let head = head(&docs::escaped(&first.title), &[]);
            file("mod.rs", Some(&source(first)), head, client::parts(sdks))
        }));
    }
    jobs.extend(sdks.iter().flat_map(api));
    let files = parallel::map(jobs, |job| job());
    files.into_iter().collect()
}

fn source(sdk: &Sdk) -> String {
    format!("catalog/providers/{}", sdk.id)
}

/// What people call an API, or its provider where it is the only one.
fn title(sdk: &Sdk) -> String {
    let part = sdk.part.as_ref().map(|part| part.title.as_str());
    docs::escaped(part.unwrap_or(&sdk.title))
}

/// What a file is about, and what documents say of that.
fn head(about: &str, docs: &[String]) -> TokenStream {
    let about = format!("{about}。");
    let gap = (!docs.is_empty()).then_some("");
    let lines = [about.as_str()].into_iter().chain(gap);
    tokens::inner_doc(lines.chain(docs.iter().map(String::as_str)))
}

/// The files of one API that are the same for all, and those of what it has.
fn api(sdk: &Sdk) -> Vec<Job<'_>> {
    let mut jobs = Jobs {
        sdk,
        list: Vec::new(),
    };
    let usual = Usual::of(sdk);
    let title = title(sdk);
    jobs.of_document("mod.rs", "", (&title, &sdk.docs), move || {
        client::root(sdk, usual)
    });
    jobs.plain("client.rs", client::head(sdk), || client::client(sdk));
    if !sdk.ids.is_empty() {
        let about = "反复出现的标识，各有自己的类型";
        jobs.plain("ids.rs", about, || client::ids(sdk));
    }
    if !sdk.shared.objects.is_empty() {
        let about = "多个接口共用的数据";
        jobs.plain("shared.rs", about, || below(module::types(&sdk.shared)));
    }
    jobs.told(&title);
    if let Some(socket) = &sdk.socket {
        let about = "连接：最先发送什么";
        jobs.plain("socket.rs", about, || socket::socket(sdk, socket));
    }
    if sdk.logs_in() {
        jobs.plain("login.rs", "登录", || login::login(sdk));
    }
    if let Some(online) = &sdk.online {
        let about = "账号是否在线";
        jobs.plain("online.rs", about, || online::online(sdk, online));
    }
    messages(sdk, &mut jobs);
    if let Some(program) = &sdk.program {
        let about = "供程序连接的服务端";
        jobs.plain("hub.rs", about, || program::hub(sdk, program));
    }
    for module in &sdk.modules {
        let path = format!("{}.rs", module.ident);
        let (title, document) = (docs::escaped(&module.title), docs::code(module.source()));
        let about = format!("{title}。文档：`{document}`");
        let about = (about.as_str(), module.docs.as_slice());
        jobs.of_document(&path, module.source(), about, move || {
            below(module::module(sdk, usual, module))
        });
    }
    jobs.list
}

/// The files of what is asked for and answered.
fn messages<'s>(sdk: &'s Sdk, jobs: &mut Jobs<'s>) {
    if let Some((asked, poll)) = sdk.polled() {
        let about = "反复询问得来的事件";
        jobs.plain("poll.rs", about, move || poll::poll(sdk, asked, poll));
    }
    if let Some(talk) = &sdk.conversation {
        let about = "与人的会话：回答的权利";
        jobs.plain("conversation.rs", about, || {
            conversation::conversation(sdk, talk)
        });
    }
    if let Some(media) = &sdk.media {
        let about = "图片、视频与文件";
        jobs.plain("media_host.rs", about, || media::media(sdk, media));
    }
}

/// The items of a file below `mod.rs`, which names what the provider has in common, and the runtime as `rt`.
fn below(items: Vec<Item>) -> Vec<Item> {
    let names = Item::Rust(quote!(
        use super::*;
    ));
    std::iter::once(names).chain(items).collect()
}

/// The files of one API, by their paths below its folder.
struct Jobs<'s> {
    sdk: &'s Sdk,
    list: Vec<Job<'s>>,
}

impl<'s> Jobs<'s> {
    /// What the gateway tells.
    fn told(&mut self, title: &str) {
        let sdk = self.sdk;
        let Some(callbacks) = &sdk.callbacks else {
            return;
        };
        let about = format!("{title}推送的事件");
        let about = (about.as_str(), callbacks.docs.as_slice());
        self.of_document("callback.rs", &callbacks.source, about, || {
            below(callback::callbacks(sdk, callbacks))
        });
        if let Some(addressed) = &callbacks.addressed {
            let about = "推送的地址，以及等到推送的调用";
            self.plain("addresses.rs", about, || addressed::addresses(addressed));
        }
    }

    /// A file that is made from the provider's folder as a whole.
    fn plain(&mut self, name: &str, about: &str, items: impl FnOnce() -> Vec<Item> + Send + 's) {
        self.of_document(name, "", (about, &[]), items);
    }

    /// A file that is made from a document: its name, the document, what it is about and what is said of that.
    fn of_document(
        &mut self,
        name: &str,
        document: &str,
        (about, docs): (&str, &'s [String]),
        items: impl FnOnce() -> Vec<Item> + Send + 's,
    ) {
        let path = match &self.sdk.part {
            Some(part) => format!("{}/{name}", part.ident),
            None => name.to_owned(),
        };
        let from = match document {
            "" => source(self.sdk),
            document => format!("{}/{document}", source(self.sdk)),
        };
        let about = about.to_owned();
        self.list.push(Box::new(move || {
            file(&path, Some(&from), head(&about, docs), items())
        }));
    }
}
