//! Owns the way from the SDK to files: Rust through quote, syn and prettyplease. Nothing is decided
//! here.

mod addressed;
mod callback;
mod choice;
mod client;
mod either;
mod flow;
mod message;
mod mock;
mod module;
mod nested;
mod object;
mod operation;
mod program;
mod socket;
mod tokens;
mod wording;

use std::thread;

use catalog::diagnostic::{Code, Diagnostic};
use proc_macro2::TokenStream;

use crate::docs;
use crate::sdk::{Module, Sdk, Types};

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
    /// Rust that is formatted already.
    Text(String),
}

/// Every file of one provider's SDK; several APIs have a folder each.
pub fn emit(sdks: &[Sdk]) -> Result<Vec<File>, Diagnostic> {
    let mut files = Vec::new();
    if let Some(first) = sdks.first().filter(|sdk| sdk.part.is_some()) {
        let source = source(first);
        let items = print("mod.rs", client::parts(sdks))?;
        let title = docs::escaped(&first.title);
        files.push(assemble("mod.rs", &source, &title, &[], &items));
    }
    for sdk in sdks {
        let folder = sdk.part.as_ref().map(|part| part.ident.as_str());
        let below = |file: File| match folder {
            Some(folder) => File {
                path: format!("{folder}/{}", file.path),
                ..file
            },
            None => file,
        };
        files.extend(api(sdk)?.into_iter().map(below));
    }
    Ok(files)
}

fn source(sdk: &Sdk) -> String {
    format!("catalog/providers/{}", sdk.id)
}

/// What people call an API, or its provider where it is the only one.
fn title(sdk: &Sdk) -> String {
    let part = sdk.part.as_ref().map(|part| part.title.as_str());
    docs::escaped(part.unwrap_or(&sdk.title))
}

/// Every file of one API, by its path below the API's folder.
fn api(sdk: &Sdk) -> Result<Vec<File>, Diagnostic> {
    let source = source(sdk);
    let file = |path: &str, head: &str, items: Vec<Chunk>| {
        let items = print(path, items)?;
        Ok(assemble(path, &source, head, &[], &items))
    };
    let title = title(sdk);
    let client = client::head(sdk);
    let mut files = vec![
        file("mod.rs", &title, client::root(sdk))?,
        file("client.rs", client, client::client(sdk))?,
    ];
    if !sdk.ids.is_empty() {
        let head = "反复出现的标识，各有自己的类型";
        files.push(file("ids.rs", head, client::ids(sdk))?);
    }
    if !sdk.shared.objects.is_empty() {
        let head = "多个接口共用的返回数据";
        let items = module::types(&sdk.shared);
        let types = &sdk.shared;
        files.push(with_imports(sdk, "shared.rs", &source, head, items, types)?);
    }
    if let Some(callbacks) = &sdk.callbacks {
        let from = format!("{source}/{}", callbacks.source);
        let items = callback::callbacks(sdk, callbacks);
        let head = format!("{title}推送的事件");
        let types = &callbacks.types;
        files.push(with_imports(
            sdk,
            "callback.rs",
            &from,
            &head,
            items,
            types,
        )?);
        if let Some(addressed) = &callbacks.addressed {
            let head = "推送的地址，以及等到推送的调用";
            files.push(file("addresses.rs", head, addressed::addresses(addressed))?);
        }
    }
    if let Some(socket) = &sdk.socket {
        let head = "连接：最先发送什么";
        files.push(file("socket.rs", head, socket::socket(sdk, socket))?);
    }
    if let Some(program) = &sdk.program {
        let head = "供程序连接的服务端";
        files.push(file("hub.rs", head, program::hub(sdk, program))?);
        if !program.events.is_empty() {
            let head = "模拟程序：文档中的事件与指令";
            files.push(file("mock.rs", head, program::mock(sdk, program))?);
        }
    }
    if let Some(mock) = &sdk.mock {
        let head = "模拟网关：接口的参数与文档中的返回";
        files.push(file("mock.rs", head, mock::mock(sdk, mock))?);
    }
    files.extend(modules(sdk, &source)?);
    Ok(files)
}

/// Formats the items of a file first: the text shows what has to be imported.
fn with_imports(
    sdk: &Sdk,
    path: &str,
    source: &str,
    head: &str,
    items: Vec<Chunk>,
    types: &Types,
) -> Result<File, Diagnostic> {
    let items = print(path, items)?;
    let mut named = module::Named::default();
    for item in &items {
        named.read(item);
    }
    let imports = module::imports(&named, types, sdk);
    let imports = print(path, vec![Chunk::Items(imports)])?;
    Ok(assemble(path, source, head, &imports, &items))
}

/// The chapters' files. Formatting is most of the work and chapters are independent, so they are
/// dealt to the cores; the order stays.
fn modules(sdk: &Sdk, source: &str) -> Result<Vec<File>, Diagnostic> {
    let one = |module: &Module| {
        let path = format!("{}.rs", module.ident);
        let from = format!("{source}/{}", module.source);
        let head = docs::escaped(&module.title);
        let items = module::module(sdk, module);
        with_imports(sdk, &path, &from, &head, items, &module.types)
    };
    let cores = thread::available_parallelism()
        .map_or(1, usize::from)
        .min(sdk.modules.len().max(1));
    let mut dealt: Vec<Vec<(usize, &Module)>> = vec![Vec::new(); cores];
    let mut loads = vec![0; cores];
    for (at, module) in sdk.modules.iter().enumerate() {
        let lightest = (0..cores)
            .min_by_key(|core| loads.get(*core).copied())
            .unwrap_or(0);
        if let (Some(hand), Some(load)) = (dealt.get_mut(lightest), loads.get_mut(lightest)) {
            hand.push((at, module));
            *load += module.operations.len();
        }
    }
    let hand_out = |hand: Vec<(usize, &Module)>| {
        let printed = hand.into_iter().map(|(at, module)| (at, one(module)));
        printed.collect::<Vec<_>>()
    };
    let mut printed: Vec<(usize, Result<File, Diagnostic>)> = thread::scope(|scope| {
        let start = |hand| scope.spawn(|| hand_out(hand));
        let workers: Vec<_> = dealt.into_iter().map(start).collect();
        // A worker that panicked has met a defect of ours: its panic goes on.
        let join = |worker: thread::ScopedJoinHandle<'_, _>| {
            worker
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        workers.into_iter().flat_map(join).collect()
    });
    printed.sort_by_key(|(at, _)| *at);
    printed.into_iter().map(|(_, file)| file).collect()
}

/// Formats items, each a text; what does not parse is our defect, and is named rather than written.
fn print(path: &str, chunks: Vec<Chunk>) -> Result<Vec<String>, Diagnostic> {
    let mut items = Vec::new();
    for chunk in chunks {
        let tokens = match chunk {
            Chunk::Text(formatted) => {
                items.push(formatted);
                continue;
            }
            Chunk::Items(tokens) => tokens,
        };
        let file: syn::File = syn::parse2(tokens).map_err(|error| {
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
