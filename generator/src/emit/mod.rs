//! Owns the way from the SDK to files: Rust through quote, syn and prettyplease. Nothing is decided
//! here.

mod addressed;
mod callback;
mod choice;
mod client;
mod either;
mod flow;
mod laid;
mod message;
mod module;
mod nested;
mod object;
mod operation;
mod program;
mod socket;
mod tokens;
mod wording;

use catalog::diagnostic::{Code, Diagnostic};
use catalog::parallel;
use proc_macro2::TokenStream;

use crate::docs;
use crate::sdk::{Sdk, Types};

/// A file of the crate, by its path below the provider's folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// `biao_qian.rs`.
    pub path: String,
    /// The text.
    pub text: String,
}

/// A run of items of a file.
enum Chunk {
    /// Rust to be formatted.
    Items(TokenStream),
    /// Rust to be formatted, as text.
    Source(String),
    /// An item that is formatted already.
    Text(String),
}

/// A file to be made. Formatting is most of the work and files are independent, so all cores make them.
type Job<'s> = Box<dyn FnOnce() -> Result<File, Diagnostic> + Send + 's>;

/// Every file of one provider's SDK; several APIs have a folder each.
pub fn emit(sdks: &[Sdk]) -> Result<Vec<File>, Diagnostic> {
    let mut jobs: Vec<Job<'_>> = Vec::new();
    if let Some(first) = sdks.first().filter(|sdk| sdk.part.is_some()) {
        let (source, title) = (source(first), docs::escaped(&first.title));
        jobs.push(Box::new(move || {
            plain("mod.rs", &source, &title, client::parts(sdks))
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

/// The files of one API that are the same for all, and those of what it has.
fn api(sdk: &Sdk) -> Vec<Job<'_>> {
    let mut jobs = Jobs::of(sdk);
    let title = title(sdk);
    jobs.plain("mod.rs", &title, || client::root(sdk));
    jobs.plain("client.rs", client::head(sdk), || client::client(sdk));
    if !sdk.ids.is_empty() {
        jobs.plain(
            "ids.rs",
            "反复出现的标识，各有自己的类型",
            || client::ids(sdk),
        );
    }
    if !sdk.shared.objects.is_empty() {
        let head = "多个接口共用的返回数据";
        jobs.importing("shared.rs", "", head, &sdk.shared, || {
            module::types(&sdk.shared)
        });
    }
    if let Some(callbacks) = &sdk.callbacks {
        let head = format!("{title}推送的事件");
        let (from, types) = (&callbacks.source, &callbacks.types);
        jobs.importing("callback.rs", from, &head, types, || {
            callback::callbacks(sdk, callbacks)
        });
        if let Some(addressed) = &callbacks.addressed {
            jobs.plain(
                "addresses.rs",
                "推送的地址，以及等到推送的调用",
                || addressed::addresses(addressed),
            );
        }
    }
    if let Some(socket) = &sdk.socket {
        jobs.plain("socket.rs", "连接：最先发送什么", || {
            socket::socket(sdk, socket)
        });
    }
    if let Some(program) = &sdk.program {
        jobs.plain("hub.rs", "供程序连接的服务端", || {
            program::hub(sdk, program)
        });
    }
    for module in &sdk.modules {
        let path = format!("{}.rs", module.ident);
        let head = docs::escaped(&module.title);
        jobs.importing(&path, module.source(), &head, &module.types, || {
            module::module(sdk, module)
        });
    }
    jobs.list
}

/// The files of one API, by their paths below its folder.
struct Jobs<'s> {
    sdk: &'s Sdk,
    source: String,
    list: Vec<Job<'s>>,
}

impl<'s> Jobs<'s> {
    fn of(sdk: &'s Sdk) -> Self {
        Self {
            sdk,
            source: source(sdk),
            list: Vec::new(),
        }
    }

    /// The path below the provider's folder.
    fn path(&self, name: &str) -> String {
        match &self.sdk.part {
            Some(part) => format!("{}/{name}", part.ident),
            None => name.to_owned(),
        }
    }

    /// A file that says itself what it imports.
    fn plain(&mut self, name: &str, head: &str, items: impl FnOnce() -> Vec<Chunk> + Send + 's) {
        let (path, source, head) = (self.path(name), self.source.clone(), head.to_owned());
        self.list
            .push(Box::new(move || plain(&path, &source, &head, items())));
    }

    /// A file whose imports follow from its items, made from a document.
    fn importing(
        &mut self,
        name: &str,
        document: &str,
        head: &str,
        types: &'s Types,
        items: impl FnOnce() -> Vec<Chunk> + Send + 's,
    ) {
        let (sdk, path, head) = (self.sdk, self.path(name), head.to_owned());
        let source = match document {
            "" => self.source.clone(),
            document => format!("{}/{document}", self.source),
        };
        self.list.push(Box::new(move || {
            // Formatted first: the text shows what has to be imported.
            let items = print(&path, items())?;
            let mut named = module::Named::default();
            for item in &items {
                named.read(item);
            }
            let imports = module::imports(&named, types, sdk);
            let imports = print(&path, vec![Chunk::Items(imports)])?;
            Ok(assemble(&path, &source, &head, &imports, &items))
        }));
    }
}

fn plain(path: &str, source: &str, head: &str, items: Vec<Chunk>) -> Result<File, Diagnostic> {
    let items = print(path, items)?;
    Ok(assemble(path, source, head, &[], &items))
}

/// Formats items, each a text; what does not parse is our defect, and is named rather than written.
fn print(path: &str, chunks: Vec<Chunk>) -> Result<Vec<String>, Diagnostic> {
    let mut items = Vec::new();
    for chunk in chunks {
        let file: syn::Result<syn::File> = match chunk {
            Chunk::Text(formatted) => {
                items.push(formatted);
                continue;
            }
            Chunk::Source(text) => syn::parse_str(&text),
            Chunk::Items(tokens) => syn::parse2(tokens),
        };
        let file = file.map_err(|error| {
            Diagnostic::error(Code::BadOutput, format!("{path} would not be Rust: {error}"))
                .help("this is a defect of the generator; the spec that changed last shows what to report")
        })?;
        items.extend(file.items.into_iter().map(|item| {
            prettyplease::unparse(&syn::File {
                shebang: None,
                frontmatter: None,
                attrs: Vec::new(),
                items: vec![item],
            })
        }));
    }
    Ok(items)
}

/// A file: its mark, its head, its imports together, and its items with an empty line between them.
fn assemble(path: &str, from: &str, head: &str, imports: &[String], items: &[String]) -> File {
    let from: String = from.chars().filter(|c| !docs::is_invisible(*c)).collect();
    let mut text =
        format!("// @generated by cargo xtask codegen from {from}; do not edit\n//! {head}。\n");
    let lengths = imports.iter().chain(items).map(|item| item.len() + 1);
    text.reserve_exact(lengths.sum::<usize>() + 1);
    if !imports.is_empty() {
        text.push('\n');
        text.extend(imports.iter().map(String::as_str));
    }
    let close = |item: &str| {
        ["use ", "pub use ", "mod ", "pub mod "]
            .iter()
            .any(|start| item.starts_with(start))
    };
    let mut kept_close = false;
    for item in items {
        if !(kept_close && close(item)) {
            text.push('\n');
        }
        kept_close = close(item);
        text.push_str(item);
    }
    File {
        path: path.to_owned(),
        text,
    }
}
