//! Owns documents that nobody should write: whatever could end a comment, a string or a path, in every
//! place that reaches generated code.

use catalog::spelling::toml_string;
use serde_json::{Value, json};

use crate::cases::{Case, USUAL, operation, row};

/// What some document will contain.
pub const TEXTS: &[&str] = &[
    "*/ fn x() {} /*",
    "\"#",
    "\"\"\"",
    "r#\"x\"#",
    "'",
    "\\",
    "\\\"",
    "\\u{41}\\n",
    "#![allow(warnings)]",
    "#[deprecated]",
    "<b>bold",
    "</div>",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "&lt;script&gt;",
    "```\nfn main() {}\n```",
    "~~~rust",
    "` `` ```",
    "    indented",
    "\ttab",
    "- item",
    "1. item",
    "12) item",
    "+",
    "> quote",
    "# heading",
    "---",
    "===",
    "***",
    "| a | b |",
    "[x]: https://example.com",
    "[`Client`]",
    "[link](javascript:alert(1))",
    "![image](x.png)",
    "[^1]",
    "*a* _b_ **c** __d__ ~~e~~",
    "https://example.com/<script>",
    "http://example.com/a)`b",
    "HTTP://EXAMPLE.COM/A",
    "www.example.com someone@example.com",
    "{{ name }}",
    "{% for x in y %}",
    "%}",
    "{#",
    "${HOME} $(id) `id`",
    "$x$ $$y$$",
    "line\nbreak\r\nand another\rone",
    "nul\0bell\x07escape\x1b[31mdelete\x7f",
    "next\u{85}line\u{2028}paragraph\u{2029}",
    "right\u{202e}to\u{202c}left\u{2066}isolate\u{2069}",
    "zero\u{200b}width\u{200d}join\u{feff}bom\u{ad}soft",
    "private\u{e000}use\u{10ffff}",
    "中文，标点。「引号」",
    "👨\u{200d}👩\u{200d}👧",
    "e\u{301}\u{301}\u{301}",
    "../../etc/passwd",
    "C:\\con\\nul",
    "://///",
    "",
    " ",
];

/// Every text as title, path, id, name, description, value, remark, file and header.
pub fn hostile() -> Case {
    let all = TEXTS.join(" ");
    let entries: Vec<Value> = TEXTS.iter().enumerate().map(entry).collect();
    let all = toml_string(&all);
    let config = format!(
        r#"
{}

[session]
param = "wId"
scope = "instance"

[ids.WId]
title = {all}
fields = ["wId"]

[[shape]]
name = "Common"
title = {all}
at = ["/shared*"]
"#,
        USUAL.replace("\"Golden\"", &all)
    );
    let mut shared = operation(
        "hostile-shared",
        &TEXTS.join("\n"),
        "/shared",
        &[row("wId", true, "string", &TEXTS.join("；"))],
        &[row("id", false, "long", &TEXTS.join("\n"))],
    );
    shared["deprecated"] = true.into();
    let chapters = ["hostile", "hostile-and-empty"].map(|module| {
        let notes: Vec<Value> = TEXTS.iter().map(notes).collect();
        let notes: Vec<&Value> = notes
            .iter()
            .flat_map(|notes| notes.as_array())
            .flatten()
            .collect();
        json!({
            "doc": "specs/x.md", "title": module, "module": module, "kind": "category",
            "operationId": module, "notes": notes,
        })
    });
    let structures = TEXTS.iter().enumerate().map(structure);
    let entries = chapters.into_iter().chain(structures).chain(entries);
    let entries = entries.chain([shared]);
    let entries: Vec<Value> = entries.collect();
    Case::of_catalog("hostile", &config, &entries)
}

fn entry((n, text): (usize, &&str)) -> Value {
    let names = |side: &str| {
        vec![
            row(&format!("{side}{n}{text}"), n % 2 == 0, "string", text),
            row(&format!("{side}List{n}"), false, "string[]", text),
            row("kind", false, "int", text),
            row("structure", false, &structure_name(n, text), text),
            row("object", false, &format!("{{ a: string（{text}） }}"), text),
        ]
    };
    let mut entry = operation(
        "hostile",
        text,
        &format!("/op{n}/send{text}Op{n}"),
        &names("param"),
        &names("field"),
    );
    entry["doc"] = format!("specs/{text}.md").into();
    entry["operationId"] = format!("hostile_{n}{text}").into();
    entry["notes"] = notes(text);
    entry["values"] = json!([{
        "field": "kind",
        "values": [
            { "value": format!("{n}"), "title": text },
            { "value": format!("a{text}"), "title": format!("{text}{text}") },
        ],
    }]);
    // Tables refuse names that are none; examples have keys of any kind that is not empty.
    let mut data = json!({});
    let key = if text.trim().is_empty() { "key" } else { text };
    data[format!("key{n}{text}")] = json!({ key: "1", "other": text });
    entry["samples"] = json!([
        { "kind": "request", "value": data.clone() },
        { "kind": "reply", "value": { "code": "1000", "data": data } },
    ]);
    entry["headers"] = json!([{ "name": text, "value": text }]);
    entry
}

/// A structure that is sent and comes back, and that holds itself.
fn structure((n, text): (usize, &&str)) -> Value {
    let name = structure_name(n, text);
    json!({
        "doc": "specs/x.md", "title": text, "module": "hostile", "kind": "structure",
        "operationId": format!("hostile_structure_{n}"), "wire": [name], "notes": notes(text),
        "params": [
            row(&format!("field{n}{text}"), false, "string", text),
            row("kind", false, "int", "1：a 2：b"),
            row("inner", false, &name, text),
            row("all", false, &format!("{name}[]"), text),
        ],
    })
}

/// Types name it, so that blanks and marks of Markdown are none of it.
fn structure_name(n: usize, text: &str) -> String {
    let is_letter = |c: &char| c.is_alphanumeric();
    format!(
        "Structure{n}{}",
        text.chars().filter(is_letter).collect::<String>()
    )
}

/// What a section says besides, in every form.
fn notes(text: &&str) -> Value {
    json!([
        text,
        format!("说明 {text}"),
        { "title": text },
        { "code": format!("{text}\n````\n{text}") },
        { "columns": [text, "b"], "rows": [[text, text]] },
    ])
}

/// A provider of one operation, called like this.
pub fn provider(id: &str) -> Case {
    let one = operation(
        "hostile",
        "发送",
        "/send",
        &[row("to", true, "string", "")],
        &[],
    );
    Case::of_catalog(id, USUAL, &[one])
}

/// Names of folders that are providers all the same.
pub const PROVIDER_IDS: &[&str] = &[
    "self",
    "crate",
    "super",
    "fn",
    "async",
    "try",
    "std",
    "core",
    "alloc",
    "a-b",
    "2x",
    "generated_sdk",
    "hostile-too",
    "发送",
];
