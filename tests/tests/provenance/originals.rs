//! The vendors' documents as facts. They lie beside the project, not in it.
//!
//! Three of them are documents. eyun's is what was taken from the vendor's pages, `vendor_facts.json` and
//! `callback_facts.json`, and `API_SPEC.md` where they are silent: that extraction lost 27 parameters and 175 fields.

use std::collections::BTreeMap;

use catalog::config::Aspect;
use catalog::load::{Origin, Sources};
use catalog::source::SourceFile;
use serde_json::{Map, Value, json};
use tests::{committed, originals, text};

use super::facts::{self, Section, last};

/// What the documents of a vendor say; `ours` are the names that our specifications give what has none in theirs.
pub fn read(id: &str, ours: &[Section]) -> Vec<Section> {
    let readme = |of: &str| documents(id, &[(&format!("specs/{of}"), &format!("{id}/{of}"))]);
    match id {
        "wequick" => {
            let mut all = documents(
                id,
                &[
                    ("specs/v1/README.md", "wequick/v1/README.md"),
                    ("specs/v2/README.md", "wequick/v2/README.md"),
                ],
            );
            all.extend(listed_commands(id));
            all
        }
        "eyun" => {
            let mut all = with_what_is_silent(pages(id), &readme("API_SPEC.md"));
            all.extend(callbacks(id, ours));
            all
        }
        _ => readme("README.md"),
    }
}

fn documents(id: &str, documents: &[(&str, &str)]) -> Vec<Section> {
    let document =
        |(name, path): &(&str, &str)| SourceFile::new(name, &text(&originals().join(path)));
    let sources = Sources {
        specs: documents.iter().map(document).collect(),
        catalog: None,
        ..committed(id)
    };
    facts::read(&sources, Origin::Specs)
}

/// The facts of entries as a catalog has them.
fn entries(id: &str, entries: impl Iterator<Item = Value>) -> Vec<Section> {
    let catalog = json!({ "catalog": entries.collect::<Vec<_>>() });
    let sources = Sources {
        specs: Vec::new(),
        catalog: Some(SourceFile::new("api_catalog.json", &catalog.to_string())),
        ..committed(id)
    };
    facts::read(&sources, Origin::Catalog)
}

fn json_of(path: &str) -> Value {
    serde_json::from_str(&text(&originals().join(path))).expect("JSON")
}

fn members(value: &Value) -> &Map<String, Value> {
    value.as_object().expect("an object")
}

fn elements(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The vendor's pages: rows, and the shape of the examples.
fn pages(id: &str) -> Vec<Section> {
    let row = |row: &Value| {
        let mut cells = json!({"参数名": row["name"], "类型": row["type"], "说明": row["label"]});
        if let Some(required) = row["required"].as_bool() {
            cells["必选"] = json!(if required { "是" } else { "否" });
        }
        cells
    };
    let page = |page: &Value| {
        let rows = |key: &str| elements(&page[key]).iter().map(row).collect::<Vec<_>>();
        let shapes = members(page)
            .iter()
            .filter(|(key, _)| key.contains("_shape"));
        let samples = shapes.map(|(key, shape)| {
            let kind = if key.starts_with("request") {
                "request"
            } else {
                "reply"
            };
            json!({"kind": kind, "value": example(shape)})
        });
        json!({
            "doc": "page", "title": "", "module": "page", "kind": "endpoint", "method": "POST",
            "operationId": page["operationId"], "path": page["path"],
            "params": rows("params"), "returns": rows("returns"), "samples": samples.collect::<Vec<_>>(),
        })
    };
    entries(
        id,
        members(&json_of("eyun/vendor_facts.json"))
            .values()
            .map(page),
    )
}

/// A value of the type that stands in its place.
fn example(shape: &Value) -> Value {
    match shape {
        Value::Object(members) => {
            let shown = members
                .iter()
                .map(|(key, value)| (key.clone(), example(value)));
            shown.collect()
        }
        Value::Array(elements) => elements.iter().map(example).collect(),
        Value::String(ty) => match ty.split([' ', '(', ',']).next().unwrap_or_default() {
            "int" => json!(1),
            "int64" => json!(9_007_199_254_740_993_i64),
            "bool" => json!(true),
            "null" => Value::Null,
            "object" => json!({}),
            _ => json!("x"),
        },
        other => other.clone(),
    }
}

/// What the second source adds: sections, and rows of names that the first one does not have in that section at all.
fn with_what_is_silent(first: Vec<Section>, second: &[Section]) -> Vec<Section> {
    let known: BTreeMap<String, Section> = first.into_iter().map(|s| (s.id.clone(), s)).collect();
    let merged = second.iter().map(|other| {
        let Some(mut section) = known.get(&other.id).cloned() else {
            return other.clone();
        };
        for what in [
            Aspect::Section,
            Aspect::Meaning,
            Aspect::Auth,
            Aspect::Deprecated,
        ] {
            section.own.insert(what, other.own[&what].clone());
        }
        let add = |mine: &mut BTreeMap<_, _>, theirs: &BTreeMap<String, facts::Facts>| {
            let names: Vec<String> = mine
                .keys()
                .map(|path: &String| last(path).to_owned())
                .collect();
            for (path, facts) in theirs
                .iter()
                .filter(|(path, _)| !names.iter().any(|n| n == last(path)))
            {
                mine.insert(path.clone(), facts.clone());
            }
        };
        add(&mut section.params, &other.params);
        add(&mut section.fields, &other.fields);
        section
    });
    merged.collect()
}

/// The shapes of 2020, by the code of today.
const FORMERLY: [(&str, &str); 7] = [
    ("80001", "group_text_9"),
    ("80002", "group_image_10"),
    ("30000", "offline_4"),
    ("60999", "private_other_redpacket_13"),
    ("60001", "private_text_5"),
    ("60003", "private_video_7"),
    ("60004", "private_voice_8"),
];

/// Codes with their titles, what all have in common, and what was seen of some. No fact says which event lacks a
/// common field: it is the type and the meaning of those that ours has.
fn callbacks(id: &str, ours: &[Section]) -> Vec<Section> {
    let facts = json_of("eyun/callback_facts.json");
    let event = |(code, title): (&String, &Value)| {
        let mine = ours
            .iter()
            .find(|section| section.is_event && section.wire.contains(code));
        let has = |name: &String| mine.is_some_and(|section| section.fields.contains_key(name));
        let common = members(&facts["data_common"])
            .iter()
            .filter(|(name, _)| has(name));
        let mut data: BTreeMap<&String, &Value> = common.collect();
        let before = FORMERLY.iter().find(|(now, _)| now == code);
        let before = before.map(|(_, name)| &facts["shapes_seen_2020"][*name]);
        for shape in before
            .into_iter()
            .chain([&facts["shapes_seen"][code.as_str()]])
        {
            let seen = shape["data"].as_object().into_iter().flatten();
            data.extend(seen.filter(|(name, _)| *name != "sel"));
        }
        let codes = mine.map_or_else(|| vec![code.clone()], |section| section.wire.clone());
        let old = members(&facts["old_message_types_2020"]);
        let codes = codes
            .into_iter()
            .filter(|one| one == code || old.contains_key(one));
        json!({
            "doc": "callbacks", "title": title, "module": "callback", "kind": "event",
            "operationId": mine.map_or(code, |section| &section.id), "wire": codes.collect::<Vec<_>>(),
            "params": rows_of(&data),
            "samples": [{"kind": "event", "value": {"messageType": code, "data": {}}}],
        })
    };
    entries(id, members(&facts["message_types"]).iter().map(event))
}

/// `string(xml)`, `int64, above 2^53`: the type of a row, and of its remark only what the type word is about.
fn rows_of(data: &BTreeMap<&String, &Value>) -> Vec<Value> {
    let envelope = ["wcId", "account", "messageType"]
        .map(|name| json!({"参数名": name, "类型": "string", "说明": ""}));
    let inner = data.iter().map(|(name, about)| {
        let about = about.as_str().unwrap_or_default();
        let ty = about.split([' ', '(', ',', ';']).next().unwrap_or_default();
        let ty = ty.replace("int64", "long");
        let is_xml = about.starts_with("string(xml)");
        json!({"参数名": format!("data.{name}"), "类型": ty, "说明": if is_xml { "xml" } else { "" }})
    });
    let data = json!({"参数名": "data", "类型": "object", "说明": ""});
    envelope.into_iter().chain([data]).chain(inner).collect()
}

/// The commands of the first version: its document stops before them, and its index lists one that no fact speaks of.
fn listed_commands(id: &str) -> Vec<Section> {
    let facts = json_of("wequick/v1/commands_facts.json");
    let commands = elements(&facts["commands"]);
    let command = |one: &Value| {
        // Every command takes the seconds, says the note, whether it lists them or not.
        let fields = elements(&one["fields"]).iter().filter_map(Value::as_str);
        let fields = fields
            .filter(|field| *field != "time?")
            .chain(["time?: seconds"]);
        let rows = fields.map(|field| {
            let (name, about) = field.split_once(": ").unwrap_or((field, ""));
            let required = if name.ends_with('?') { "否" } else { "是" };
            let ty = match about.split(',').next() {
                Some("array") => "string[]",
                Some("seconds") => "int",
                _ => "",
            };
            json!({"参数名": name.trim_end_matches('?'), "必选": required, "类型": ty, "说明": ""})
        });
        command_entry(&one["title"], &one["api"], rows.collect())
    };
    let known = |title: &str| {
        commands.iter().any(|one| {
            let is = |key: &str| one[key].as_str().unwrap_or_default();
            let word: String = title.chars().filter(char::is_ascii_alphabetic).collect();
            title.starts_with(is("title"))
                || !word.is_empty() && is("api").to_lowercase().contains(&word)
        })
    };
    let index = text(&originals().join("wequick/v1/README.md"));
    let below = index.split("[轮询消息接口]").nth(1).unwrap_or_default();
    let below = below.split("------").next().unwrap_or_default().to_owned();
    let titles = below.lines().filter_map(|line| {
        let (title, _) = line.trim().strip_prefix("* [")?.split_once(']')?;
        Some(title)
    });
    let silent = titles.filter(|title| !known(title));
    let silent = silent.map(|title| command_entry(&json!(title), &json!(title), Vec::new()));
    entries(id, commands.iter().map(command).chain(silent))
}

fn command_entry(title: &Value, api: &Value, rows: Vec<Value>) -> Value {
    json!({
        "doc": "v1", "title": title, "module": "commands", "kind": "command", "api": "v1",
        "operationId": api, "wire": [api], "params": rows,
    })
}
