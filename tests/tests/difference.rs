//! What a change of the documents is said to do to programs that use the SDK.

use catalog::source::SourceFile;
use generator::Generated;
use generator::lock::Lock;
use generator::sdk::Sdk;
use generator::surface::{Difference, Effect, compare, of};
use tests::cases::{Case, USUAL, locked};
use tests::{committed, providers};

const CONFIG: &str = r#"
[session]
param = "wId"
scope = "instance"

[event]
tag = "type"
payload = "data"

[[dialect.item]]
kind = "event"
heading = "{title} type:{codes}"
"#;

const SPEC: &str = "\
## 创建标签
POST /addLabel

| 参数名 | 必选 | 类型 | 说明 |
|---|---|---|---|
| wId | 是 | string | 实例 |
| labelName | 是 | string | 标签名称 |
| colour | 否 | int | 1：红 2：绿 |

返回数据

| 参数名 | 类型 | 说明 |
|---|---|---|
| labelId | int | 标签 |
| owner | object | 所有者 |
| owner.nickName | string | 昵称 |

## 删除标签
POST /deleteLabel

| 参数名 | 必选 | 类型 | 说明 |
|---|---|---|---|
| labelId | 是 | int | 标签 |

## 收到文本 type:7

| 参数名 | 类型 | 说明 |
|---|---|---|
| content | string | 正文 |
";

fn case(spec: &str, config: &str) -> Case {
    let config = format!("{USUAL}{CONFIG}{config}");
    Case::of_specs("acme", &config, &[("specs/labels.md", spec)])
}

fn before() -> Generated {
    case(SPEC, "").made()
}

/// What is said of a change; the names of before are kept.
fn said(spec: &str, config: &str) -> Vec<String> {
    said_of(case(spec, config))
}

/// The same of a change of what stands at the top of `provider.toml`.
fn said_with(config: &str) -> Vec<String> {
    let mut later = case(SPEC, "");
    let config = format!("{config}{}", later.sources.config.text());
    later.sources.config = SourceFile::new("provider.toml", &config);
    said_of(later)
}

fn said_of(mut later: Case) -> Vec<String> {
    let before = before();
    later.lock = locked(&before.lock.write());
    shown(&differences(&before.sdks, &later.made().sdks))
}

fn differences(old: &[Sdk], new: &[Sdk]) -> Vec<Difference> {
    compare(Some(&of(old, true)), Some(&of(new, true)))
}

fn shown(differences: &[Difference]) -> Vec<String> {
    let line = |found: &Difference| {
        let Difference {
            effect, path, what, ..
        } = found;
        format!("{effect:?} {path} {what}").trim_end().to_owned()
    };
    differences.iter().map(line).collect()
}

/// A change of the specification alone.
fn after(old: &str, new: &str) -> Vec<String> {
    assert!(SPEC.contains(old), "{old}");
    said(&SPEC.replace(old, new), "")
}

#[test]
fn the_same_is_no_difference() {
    assert_eq!(said(SPEC, ""), [""; 0]);
    assert_eq!(
        after("标签名称", "它的名字"),
        ["Means acme::labels::AddLabel.label_name was `标签名称`, is `它的名字`"]
    );
    assert_eq!(
        after("1：红 2：绿", "1：绯红 2：绿"),
        ["Means acme::labels::AddLabelColour::Hong was `1：红`, is `1：绯红`"]
    );
    assert_eq!(
        after("## 删除标签", "## 移除标签"),
        ["Means acme::labels.delete_label() was `删除标签`, is `移除标签`"]
    );
    // Its code is all that names the event: what it is called follows the title unless the lock has it.
    assert_eq!(
        after("收到文本", "收到文字"),
        ["Means acme::callback::Event::ShouDaoWenBen was `收到文本`, is `收到文字`"]
    );
    for id in &providers() {
        let made = Case {
            sources: committed(id),
            lock: Lock::default(),
        }
        .made();
        assert_eq!(shown(&differences(&made.sdks, &made.sdks)), [""; 0], "{id}");
    }
}

#[test]
fn what_is_optional_is_an_addition() {
    assert_eq!(
        after("| colour", "| size | 否 | int | 大小 |\n| colour"),
        ["New acme::labels::AddLabel.size"]
    );
    assert_eq!(
        after("| owner |", "| size | int | 大小 |\n| owner |"),
        ["New acme::labels::AddLabelReply.size"]
    );
    assert_eq!(
        after("2：绿", "2：绿 3：蓝"),
        ["New acme::labels::AddLabelColour::Lan"]
    );
}

#[test]
fn what_must_be_given_breaks() {
    let breaks = "Breaks acme::labels::AddLabel was `new(label_name)`, is";
    assert_eq!(
        after("| colour", "| size | 是 | int | 大小 |\n| colour"),
        [format!("{breaks} `new(label_name, size)`")]
    );
    assert_eq!(
        after("| colour | 否", "| colour | 是"),
        [format!("{breaks} `new(label_name, colour)`")]
    );
    assert_eq!(
        after("| labelName | 是", "| labelName | 否"),
        [format!("{breaks} `new()`")]
    );
}

#[test]
fn another_type_breaks() {
    assert_eq!(
        after("| labelId | int | 标签 |", "| labelId | string | 标签 |"),
        [
            "Breaks acme::labels::AddLabelReply.label_id was `Option<i64>`, is `Option<String>`",
            "Behaves acme::labels::AddLabelReply.label_id written was `as a number`, is `as a text`",
        ]
    );
    assert_eq!(
        after("| labelName | 是 | string |", "| labelName | 是 | int |"),
        [
            "Breaks acme::labels::AddLabel.label_name was `String`, is `i64`",
            "Behaves acme::labels::AddLabel.label_name written was `as a text`, is `as a number`",
        ]
    );
}

#[test]
fn what_is_gone_breaks() {
    assert_eq!(
        after("| owner.nickName | string | 昵称 |\n", ""),
        [
            "Breaks acme::labels::AddLabelReplyOwner is gone",
            "Breaks acme::labels::AddLabelReply.owner was `Option<AddLabelReplyOwner>`, is `Option<Json>`",
        ]
    );
    let (first, rest) = SPEC.split_once("## 删除标签").expect("two operations");
    let (_, event) = rest.split_once("## 收到文本").expect("an event");
    assert_eq!(
        said(&format!("{first}## 收到文本{event}"), ""),
        [
            "Breaks acme::labels.delete_label() is gone",
            "Breaks acme::labels::DeleteLabel is gone",
        ]
    );
}

#[test]
fn a_new_way_on_the_wire_is_another_behaviour() {
    assert_eq!(
        after("POST /deleteLabel", "DELETE /deleteLabel"),
        [
            "Behaves acme::labels.delete_label() wire was `POST /deleteLabel`, is `DELETE /deleteLabel`"
        ]
    );
    assert_eq!(
        said_with("safe = [\"/addLabel\"]\n"),
        ["Behaves acme::labels.add_label() safe was nothing, is `may be repeated`"]
    );
    assert_eq!(
        after("type:7", "type:7,8"),
        ["Behaves acme::callback::Event::ShouDaoWenBen codes was `7`, is `7, 8`"]
    );
}

const CREATE_LABEL: &str = r#"
[[correction]]
operation = "/addLabel"
rename = "create_label"
why = "as its title says"
"#;

#[test]
fn a_name_that_a_correction_gives_leaves_the_old_one_with_a_warning() {
    let called = |old: &str, new: &str| {
        format!("Warns acme::labels{old} is called `{new}` now; the old name is deprecated")
    };
    assert_eq!(
        said(SPEC, CREATE_LABEL),
        [
            called(".add_label()", "create_label"),
            called("::AddLabel", "CreateLabel"),
            called("::AddLabelReplyOwner", "CreateLabelReplyOwner"),
            called("::AddLabelReply", "CreateLabelReply"),
            called("::AddLabelColour", "CreateLabelColour"),
        ]
    );
}

#[test]
fn a_name_that_nothing_remembers_breaks_once_for_each_thing() {
    let later = case(SPEC, CREATE_LABEL).made();
    let called = |old: &str, new: &str| format!("Breaks acme::labels{old} is called `{new}` now");
    assert_eq!(
        shown(&differences(&before().sdks, &later.sdks)),
        [
            called(".add_label()", "create_label"),
            called("::AddLabel", "CreateLabel"),
            called("::AddLabelReplyOwner", "CreateLabelReplyOwner"),
            called("::AddLabelReply", "CreateLabelReply"),
            called("::AddLabelColour", "CreateLabelColour"),
        ]
    );
    let field = r#"
[[correction]]
operation = "/addLabel"
param = "labelName"
rename = "name"
why = "short"
"#;
    assert_eq!(
        said(SPEC, field),
        ["Breaks acme::labels::AddLabel.label_name is called `name` now",]
    );
}

#[test]
fn providers_come_and_go() {
    let one = of(&before().sdks, false);
    assert_eq!(shown(&compare(Some(&one), None)), ["Breaks acme is gone"]);
    assert_eq!(shown(&compare(None, Some(&one))), ["New acme"]);
    let default = of(&before().sdks, true);
    assert_eq!(
        shown(&compare(Some(&default), Some(&one))),
        ["Breaks acme: on by default is gone"]
    );
}

/// Whatever is taken out of the committed providers is missed.
#[test]
fn nothing_goes_unnoticed() {
    for id in &providers() {
        let made = Case {
            sources: committed(id),
            lock: Lock::default(),
        }
        .made();
        for (api, sdk) in made.sdks.iter().enumerate() {
            let modules = sdk.modules.iter().enumerate();
            let operations =
                modules.flat_map(|(at, module)| (0..module.operations.len()).map(move |n| (at, n)));
            for (module, operation) in operations {
                let mut less = made.sdks.clone();
                let gone = less[api].modules[module].operations.remove(operation);
                let found = differences(&made.sdks, &less);
                let method = format!(
                    "{}::{}.{}()",
                    sdk.path(),
                    sdk.modules[module].ident,
                    gone.method
                );
                assert!(
                    found
                        .iter()
                        .any(|found| found.path == method && found.effect == Effect::Breaks),
                    "{method}: {found:#?}"
                );
                assert!(
                    found.iter().all(|found| found.effect == Effect::Breaks),
                    "{found:#?}"
                );
            }
        }
    }
}
