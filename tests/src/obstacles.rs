//! Owns the obstacle course: names that a generator stumbles over, each as an operation, a module, a
//! parameter, a reply field and a value of an enumeration.

use serde_json::Value;

use crate::cases::{Case, USUAL, operation, row};

/// Names in the order of the course.
pub const NAMES: &[&str] = &[
    // Keywords, those of other editions, and those to come.
    "as",
    "async",
    "await",
    "break",
    "const",
    "continue",
    "crate",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "struct",
    "super",
    "trait",
    "true",
    "try",
    "type",
    "union",
    "unsafe",
    "use",
    "where",
    "while",
    "yield",
    "auto",
    "raw",
    "macro_rules",
    // What is in scope everywhere.
    "bool",
    "str",
    "i64",
    "u64",
    "f64",
    "u32",
    "usize",
    "Result",
    "Option",
    "String",
    "Vec",
    "Box",
    "Some",
    "None",
    "Ok",
    "Err",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Into",
    "IntoIterator",
    "From",
    "Iterator",
    "Sync",
    "FnOnce",
    "PartialEq",
    "ToString",
    "std",
    "core",
    "alloc",
    // Methods, of generated types and of traits.
    "new",
    "send",
    "call",
    "call_raw",
    "extra",
    "builder",
    "rebind",
    "fmt",
    "members",
    "clone_from",
    "to_owned",
    "eq",
    "cmp",
    "add",
    "sub",
    "mul",
    "not",
    "neg",
    "next",
    "hash",
    "len",
    "index",
    "deref",
    "drop",
    "as_ref",
    "borrow",
    "into_iter",
    "from_str",
    "try_into",
    "try_from",
    "is_empty",
    "read",
    "input",
    // What generated files use of the runtime, and in what they tell operations.
    "rt",
    "in_session",
    "Retry",
    "Hub",
    "Bot",
    "Bots",
    "HubBuilder",
    "api",
    "Text",
    "Json",
    "Reply",
    "Request",
    "Error",
    "Operation",
    "Method",
    "Number",
    "Split",
    "Envelope",
    "Scalar",
    "Secret",
    "Data",
    "Bound",
    "Private",
    "Joined",
    "JsonText",
    "FromObject",
    "ToObject",
    "Duration",
    "Session",
    "Anywhere",
    "choice",
    "serialize",
    "id",
    "debug_object",
    "Encode",
    "Decode",
    "Slot",
    "required",
    "value",
    "visit",
    // Modules and types that a provider has besides its chapters.
    "client",
    "ids",
    "shared",
    "runtime",
    "ext",
    "login",
    "mock",
    "instance",
    "obstacles",
    "generated_sdk",
    // Not letters, or too few, or too many.
    "2FA",
    "007",
    "3d_model",
    "a",
    "Z",
    "x1y2",
    "a_b",
    "_",
    "__init__",
    "$id2",
    "a.c",
    "转圈",
    "昵称",
    "😀",
    "é",
    "ſ",
    "naïve",
    "Ünïcödé",
    "ключ",
    "名称2",
    "issue",
    "malformed",
    "event_api",
    "partial_ord",
];

/// Longer than any file system takes a file's name.
pub fn long_name() -> String {
    "anExtremelyLongName".repeat(16).chars().take(300).collect()
}

const CONFIG: &str = r#"
[auth]
header = "Authorization"

[session]
param = "wId"
scope = "instance"

[ids.WId]
title = "实例标识"
fields = ["wId"]
"#;

/// Every name, wherever names are.
pub fn obstacles() -> Case {
    let long = long_name();
    let names: Vec<&str> = NAMES.iter().copied().chain([long.as_str()]).collect();
    let mut entries = operations(&names);
    entries.extend(fields(&names));
    entries.extend(modules(&names));
    entries.extend(types(&names));
    entries.push(values(&names));
    // A chapter has an operation of its name, which another chapter has as well.
    let config = format!("all_requests = false\n{USUAL}{CONFIG}");
    Case::of_catalog("obstacles", &config, &entries)
}

/// Each as an operation; some need a session, some may have one, some have arguments by name.
fn operations(names: &[&str]) -> Vec<Value> {
    let one = |(n, name): (usize, &&str)| {
        let text = |name| row(name, true, "string", "文本");
        let params = match n % 4 {
            0 => vec![row("wId", true, "string", "实例")],
            1 => vec![text("a"), text("b")],
            2 => vec![row("wId", false, "string", "实例"), text("a")],
            _ => vec![],
        };
        operation("operations", name, &format!("/{name}"), &params, &[])
    };
    // The session's own name is refused; a case of its own pins that.
    let allowed = names.iter().filter(|name| **name != "instance");
    allowed.enumerate().map(one).collect()
}

/// Each as a parameter, required and not, and as a field of a reply, of various types.
fn fields(names: &[&str]) -> Vec<Value> {
    let types = ["string", "long", "string[]", "boolean", "object"];
    let typed = |required: bool| -> Vec<Value> {
        let one = |(n, name): (usize, &&str)| row(name, required, types[n % types.len()], name);
        names.iter().enumerate().map(one).collect()
    };
    let numbers: Vec<Value> = names
        .iter()
        .map(|name| row(name, false, "long", name))
        .collect();
    vec![
        operation("fields", "可选", "/optional", &numbers, &typed(false)),
        operation("fields", "必填", "/required", &typed(true), &[]),
    ]
}

/// Each as a module, with an operation of the same name.
fn modules(names: &[&str]) -> Vec<Value> {
    let plain = |name: &&&str| catalog::slug::is_plain_slug(name) && name.len() <= 50;
    let one = |name: &&str| {
        let path = if *name == "instance" { "other" } else { name };
        operation(name, name, &format!("/{path}"), &[], &[])
    };
    names.iter().filter(plain).map(one).collect()
}

/// Each as a field with a type of its own that is called like it.
fn types(names: &[&str]) -> Vec<Value> {
    let one = |name: &&str| {
        let inner = row("value", false, "string", "值");
        let mut container = row(name, false, "object", "容器");
        let mut inside = inner;
        container["path"] = format!("data.{name}").into();
        inside["path"] = format!("data.{name}.{name}").into();
        inside["参数名"] = (*name).into();
        operation(
            "types",
            name,
            &format!("/t/{name}X"),
            &[],
            &[container, inside],
        )
    };
    let plain = |name: &&&str| !name.contains('.') && catalog::slug::is_plain_slug(name);
    names.iter().filter(plain).map(one).collect()
}

/// Each as a value of one enumeration.
fn values(names: &[&str]) -> Value {
    let mut entry = operation(
        "values",
        "取值",
        "/values",
        &[row("kind", true, "string", "种类")],
        &[],
    );
    let values: Vec<Value> = names
        .iter()
        .map(|name| serde_json::json!({ "value": name, "title": name }))
        .collect();
    entry["values"] = serde_json::json!([{ "field": "kind", "values": values }]);
    entry
}
