//! Owns saying in a few lines how two catalogs differ.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::escape;

/// Most differences that are named.
const MOST: usize = 8;
/// The file that an entry comes from: it differs throughout between us and upstream, and matters least.
const DOC: &str = "doc";
/// Most characters of a value that are quoted.
const QUOTED: usize = 60;

/// Whether two catalogs say the same, whatever their layout.
pub fn is_same(one: &str, other: &str) -> bool {
    if one == other {
        return true;
    }
    match (
        serde_json::from_str::<Value>(one),
        serde_json::from_str::<Value>(other),
    ) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// How the catalog differs from what the specs give: the first differences, one per line.
pub fn between(specs: &str, catalog: &str) -> Vec<String> {
    let catalog = match serde_json::from_str::<Value>(catalog) {
        Ok(catalog) => catalog,
        Err(error) => {
            return vec![format!(
                "the catalog is no JSON: {}",
                escape::line(&error.to_string())
            )];
        }
    };
    let specs = serde_json::from_str::<Value>(specs).unwrap_or_default();
    let (specs, catalog) = (entries(&specs), entries(&catalog));
    let mut lines = by_entry(&specs, &catalog);
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    if more > 0 {
        lines.push(format!("… and {more} more"));
    }
    lines.extend(moved(&specs, &catalog));
    if lines.is_empty() {
        lines.push(elsewhere(&specs, &catalog));
    }
    lines
}

/// Every entry that differs or stands on one side only.
fn by_entry(specs: &Entries<'_>, catalog: &Entries<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    for entry in &specs.list {
        match catalog.by_key.get(&key(entry)) {
            Some(other) => lines.extend(in_entry(entry, other)),
            None => lines.push(format!("{} is only in the specs", name(entry))),
        }
    }
    let added = catalog
        .list
        .iter()
        .filter(|entry| !specs.by_key.contains_key(&key(entry)));
    lines.extend(added.map(|entry| format!("{} is only in the catalog", name(entry))));
    lines
}

/// How many entries come from another file.
fn moved(specs: &Entries<'_>, catalog: &Entries<'_>) -> Option<String> {
    let is_moved = |entry: &&&Value| {
        let other = catalog.by_key.get(&key(entry));
        other.is_some_and(|other| word(entry, DOC) != word(other, DOC))
    };
    match specs.list.iter().filter(is_moved).count() {
        0 => None,
        1 => Some(format!("1 entry names another `{DOC}`")),
        n => Some(format!("{n} entries name another `{DOC}`")),
    }
}

/// What is left when every entry is the same.
fn elsewhere(specs: &Entries<'_>, catalog: &Entries<'_>) -> String {
    let is_reordered = specs
        .list
        .iter()
        .map(|entry| key(entry))
        .ne(catalog.list.iter().map(|entry| key(entry)));
    if is_reordered {
        "the entries stand in another order, or stand there twice".to_owned()
    } else {
        "the keys beside `catalog` differ".to_owned()
    }
}

/// What tells entries apart: API, kind, id.
type Key<'a> = (&'a str, &'a str, &'a str);

struct Entries<'a> {
    list: Vec<&'a Value>,
    by_key: HashMap<Key<'a>, &'a Value>,
}

fn entries(catalog: &Value) -> Entries<'_> {
    let list: Vec<&Value> = catalog
        .get("catalog")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .collect();
    let by_key = list.iter().map(|entry| (key(entry), *entry)).collect();
    Entries { list, by_key }
}

fn key(entry: &Value) -> Key<'_> {
    (
        word(entry, "api"),
        word(entry, "kind"),
        word(entry, "operationId"),
    )
}

fn word<'a>(entry: &'a Value, key: &str) -> &'a str {
    entry.get(key).and_then(Value::as_str).unwrap_or_default()
}

/// `创建标签` (biao_qian_addContactLabel).
fn name(entry: &Value) -> String {
    format!(
        "{} ({})",
        quoted(word(entry, "title")),
        escape::line(word(entry, "operationId"))
    )
}

/// The first difference inside an entry.
fn in_entry(specs: &Value, catalog: &Value) -> Option<String> {
    let (key, one, other) = first_differing(specs, catalog)?;
    let key = escape::line(key);
    let found = match (one.as_array(), other.as_array()) {
        (Some(one), Some(other)) => in_rows(one, other),
        _ => says(one, other),
    };
    Some(format!("{}, {key}: {found}", name(specs)))
}

/// The first difference between two lists of rows.
fn in_rows(specs: &[Value], catalog: &[Value]) -> String {
    let at = specs
        .iter()
        .zip(catalog)
        .position(|(one, other)| one != other);
    let at = at.unwrap_or(specs.len().min(catalog.len()));
    match (specs.get(at), catalog.get(at)) {
        (Some(one), Some(other)) if row_name(one) != row_name(other) => format!(
            "row {} is {} in the specs, {} in the catalog",
            at + 1,
            short(row_name(one)),
            short(row_name(other))
        ),
        (Some(one), Some(other)) => match first_differing(one, other) {
            Some((key, a, b)) => format!(
                "row {}, {}: {}",
                short(row_name(one)),
                escape::line(key),
                says(a, b)
            ),
            None => says(one, other),
        },
        (Some(one), None) => format!("row {} is only in the specs", short(row_name(one))),
        (None, Some(other)) => format!("row {} is only in the catalog", short(row_name(other))),
        (None, None) => "differs".to_owned(),
    }
}

/// What a row is called: a parameter, a header, a table of values, a sample.
fn row_name(row: &Value) -> &Value {
    ["参数名", "name", "field", "value"]
        .into_iter()
        .find_map(|key| row.get(key))
        .unwrap_or(row)
}

/// The first key whose values differ.
fn first_differing<'a>(
    one: &'a Value,
    other: &'a Value,
) -> Option<(&'a str, &'a Value, &'a Value)> {
    let (one, other) = (one.as_object()?, other.as_object()?);
    let keys = one
        .keys()
        .chain(other.keys().filter(|key| !one.contains_key(*key)));
    keys.filter(|key| *key != DOC)
        .map(|key| (key.as_str(), of(one, key), of(other, key)))
        .find(|(_, a, b)| a != b)
}

fn of<'a>(object: &'a Map<String, Value>, key: &str) -> &'a Value {
    object.get(key).unwrap_or(&Value::Null)
}

fn says(specs: &Value, catalog: &Value) -> String {
    format!(
        "{} in the specs, {} in the catalog",
        short(specs),
        short(catalog)
    )
}

/// A value, quoted and cut.
fn short(value: &Value) -> String {
    match value {
        Value::Null => "nothing".to_owned(),
        Value::String(text) => quoted(text),
        value => quoted(&value.to_string()),
    }
}

fn quoted(text: &str) -> String {
    let mut chars = text.chars();
    let cut: String = chars.by_ref().take(QUOTED).collect();
    let more = if chars.next().is_some() { "…" } else { "" };
    format!("`{}{more}`", escape::line(&cut))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn catalog(entries: &Value) -> String {
        json!({ "catalog": entries }).to_string()
    }

    fn add() -> Value {
        json!({
            "title": "创建标签", "kind": "endpoint", "operationId": "add", "path": "/add",
            "params": [{ "参数名": "wId", "类型": "String" }, { "参数名": "labelName", "类型": "String" }]
        })
    }

    fn differences(edit: impl Fn(&mut Value)) -> Vec<String> {
        let mut edited = add();
        edit(&mut edited);
        between(&catalog(&json!([add()])), &catalog(&json!([edited])))
    }

    #[test]
    fn the_row_and_the_column_are_named() {
        assert_eq!(
            differences(|entry| entry["params"][1]["类型"] = json!("int")),
            [
                "`创建标签` (add), params: row `labelName`, 类型: `String` in the specs, `int` in the catalog"
            ]
        );
        assert_eq!(
            differences(|entry| entry["params"][0]["必选"] = json!("是")),
            [
                "`创建标签` (add), params: row `wId`, 必选: nothing in the specs, `是` in the catalog"
            ]
        );
        assert_eq!(
            differences(|entry| entry["params"][0]["参数名"] = json!("w\u{1b}")),
            ["`创建标签` (add), params: row 1 is `wId` in the specs, `w\\u{1b}` in the catalog"]
        );
        assert_eq!(
            differences(|entry| drop(entry["params"].as_array_mut().unwrap().pop())),
            ["`创建标签` (add), params: row `labelName` is only in the specs"]
        );
        assert_eq!(
            differences(|entry| entry["path"] = json!("/Add")),
            ["`创建标签` (add), path: `/add` in the specs, `/Add` in the catalog"]
        );
    }

    #[test]
    fn another_document_is_told_last_and_once() {
        assert_eq!(
            differences(|entry| {
                entry["doc"] = json!("docs/x.md");
                entry["path"] = json!("/Add");
            }),
            [
                "`创建标签` (add), path: `/add` in the specs, `/Add` in the catalog",
                "1 entry names another `doc`"
            ]
        );
    }

    #[test]
    fn entries_come_and_go() {
        let other = json!({ "title": "x", "kind": "endpoint", "operationId": "other" });
        assert_eq!(
            between(&catalog(&json!([add()])), &catalog(&json!([other]))),
            [
                "`创建标签` (add) is only in the specs",
                "`x` (other) is only in the catalog"
            ]
        );
        let both = |one: Value, two: Value| catalog(&json!([one, two]));
        assert_eq!(
            between(&both(add(), other.clone()), &both(other, add())),
            ["the entries stand in another order, or stand there twice"]
        );
        let many: Vec<Value> = (0..20)
            .map(|n| json!({ "operationId": n.to_string() }))
            .collect();
        let lines = between(&catalog(&json!(many)), &catalog(&json!([])));
        assert_eq!(
            (lines.len(), lines[MOST].as_str()),
            (MOST + 1, "… and 12 more")
        );
    }

    #[test]
    fn a_catalog_that_is_no_json_is_said_to_be_none() {
        assert!(
            between("{}", "{\"catalog\": [")
                .first()
                .unwrap()
                .starts_with("the catalog is no JSON")
        );
        assert!(!is_same("{}", "{"));
    }

    #[test]
    fn layout_is_no_difference() {
        assert!(is_same("{\"a\": 1,\r\n \"b\": 2}", "{\"b\":2,\"a\":1}"));
        let other = json!({ "generatedAt": "2026", "catalog": [add()] }).to_string();
        assert_eq!(
            between(&catalog(&json!([add()])), &other),
            ["the keys beside `catalog` differ"]
        );
    }
}
