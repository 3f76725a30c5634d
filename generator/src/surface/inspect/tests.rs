//! What `inspect` shows of small documents.

use catalog::diagnostic::has_errors;
use catalog::load::{Origin, Sources, load};
use catalog::source::SourceFile;
use serde_json::Value;

use super::{Inspected, json};
use crate::lock::Lock;
use crate::sdk::annotate;

const CONFIG: &str = "\
title = \"X\"
transport = \"http-json\"

[reply]
code = \"code\"
payload = \"data\"
success = [\"0\"]

[session]
param = \"wId\"
scope = \"instance\"

[ids.WId]
title = \"实例\"
fields = [\"wId\"]

[ids.WcId]
title = \"微信 id\"
fields = [\"wcId\"]

[[shape]]
name = \"Like\"
title = \"赞\"
at = [\"/get:likes\"]

[[dialect.item]]
kind = \"endpoint\"
heading = \"{method} {path}\"
";
const SPEC: &str = "\
# 朋友圈

### POST /get

**参数**

| 参数名 | 必选 | 类型 | 说明 |
| --- | --- | --- | --- |
| wId | 是 | string | 实例 |
| wcIds | 是 | string | 好友，多个用,分隔 |
| type | 否 | int | 类型 1：全部 2：好友 |

**返回数据**

| 参数名 | 类型 | 说明 |
| --- | --- | --- |
| data.likes | array | 赞 |
| data.likes[].wcId | string | 微信 id |
| data.owner | object | 主人 |
| data.owner.nickName | string | 昵称 |
";

/// What a provider's documents are inspected as; without its SDK, as where there are errors.
fn inspected(config: &str, specs: &[(&str, &str)], has_sdk: bool) -> Value {
    let spec = |(path, text): &(&str, &str)| SourceFile::new(path, text);
    let sources = Sources {
        id: "x".to_owned(),
        config: SourceFile::new("provider.toml", config),
        specs: specs.iter().map(spec).collect(),
        catalog: None,
    };
    let (loaded, diagnostics) = load(&sources, Origin::Specs);
    let loaded = loaded.unwrap_or_else(|| panic!("{diagnostics:?}"));
    let (sdks, _, more) = annotate(&loaded.provider, &loaded.config, &Lock::default());
    assert!(
        !has_errors(&diagnostics) && !has_errors(&more),
        "{diagnostics:?} {more:?}"
    );
    let inspected = Inspected {
        loaded: &loaded,
        sdks: if has_sdk { &sdks } else { &[] },
    };
    json(&[inspected], &[])["providers"][0]["modules"].clone()
}

fn chapter(has_sdk: bool) -> Value {
    inspected(CONFIG, &[("specs/sns.md", SPEC)], has_sdk)[0].clone()
}

fn keys(value: &Value) -> Vec<&str> {
    let keys = value.as_object().unwrap().keys();
    keys.map(String::as_str).collect()
}

/// Wire name, Rust name and type of some fields, those within behind their field.
fn names(fields: &Value) -> Vec<(&str, &str, &str)> {
    fields
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|field| {
            let own = ["wire", "ident", "type"].map(|key| field[key].as_str().unwrap_or("—"));
            let [wire, ident, ty] = own;
            std::iter::once((wire, ident, ty)).chain(names(&field["fields"]))
        })
        .collect()
}

#[test]
fn rust_names_stand_where_the_contract_has_them() {
    let module = chapter(true);
    assert_eq!(
        keys(&module),
        ["api", "slug", "ident", "title", "operations", "events"]
    );
    assert_eq!(module["ident"], "sns");
    let operation = &module["operations"][0];
    assert_eq!(
        keys(operation).get(..13).unwrap(),
        [
            "id", "kind", "title", "wire", "method", "fn", "type", "scope", "auth", "safe",
            "source", "params", "returns"
        ]
    );
    assert_eq!(
        (&operation["fn"], &operation["type"]),
        (&Value::from("get"), &Value::from("Get"))
    );
    let params = &operation["params"];
    assert_eq!(
        names(params),
        [
            ("wId", "w_id", "WId"),
            ("wcIds", "wc_ids", "Vec<String>"),
            ("type", "type_", "GetType")
        ]
    );
    assert_eq!(
        keys(&params[0]).get(..5).unwrap(),
        ["wire", "ident", "type", "required", "fields"]
    );
    assert_eq!(params[0]["session"], true);
    assert_eq!(keys(&params[2]["values"][0]), ["value", "title", "ident"]);
    assert_eq!(
        names(&operation["returns"]),
        [
            ("likes", "likes", "Vec<Like>"),
            ("wcId", "wc_id", "WcId"),
            ("owner", "owner", "GetReplyOwner"),
            ("nickName", "nick_name", "String")
        ]
    );
}

#[test]
fn where_there_is_no_sdk_there_are_no_rust_names() {
    let module = chapter(false);
    assert_eq!(
        keys(&module),
        ["api", "slug", "title", "operations", "events"]
    );
    let operation = &module["operations"][0];
    assert!(!keys(operation).contains(&"fn") && !keys(operation).contains(&"type"));
    assert_eq!(
        names(&operation["params"]).last(),
        Some(&("type", "—", "i64"))
    );
}

#[test]
fn events_and_several_apis_have_their_names() {
    let config = "title = \"X\"\ntransport = \"poll\"\n[[api]]\nid = \"a\"\n[[api]]\nid = \"b\"\n\
                  [request]\ncommand = \"api\"\nid = \"id\"\n[event]\ntag = \"kind\"\npayload = \"data\"\n\
                  [[dialect.item]]\nkind = \"event\"\nheading = \"{title}({wire})\"\n";
    let spec = |field: &str| {
        format!(
            "## 到(arrived)\n\n| data中的参数 | 类型 | 说明 |\n|---|---|---|\n| {field} | int | 数 |\n\n\
             ```json\n{{\"kind\": \"arrived\", \"data\": {{\"{field}\": 1}}}}\n```\n"
        )
    };
    let (a, b) = (spec("oneTwo"), spec("threeFour"));
    let shown = inspected(
        config,
        &[("specs/a/spec.md", &a), ("specs/b/spec.md", &b)],
        true,
    );
    let event = |module: usize| &shown[module]["events"][0];
    assert_eq!(event(0)["type"], "Arrived");
    assert_eq!(names(&event(0)["fields"]), [("oneTwo", "one_two", "i64")]);
    assert_eq!(
        names(&event(1)["fields"]),
        [("threeFour", "three_four", "i64")]
    );
}
