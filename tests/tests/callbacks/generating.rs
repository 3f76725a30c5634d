//! What the generator makes of a vendor's events: names, shared types, complaints.

use std::fmt::Write as _;

use catalog::diagnostic::has_errors;
use catalog::load::{Origin, Sources};
use catalog::source::SourceFile;
use generator::lock::Lock;
use tests::{cases, read};

const VENDOR: &str = r#"
title = "x"
transport = "http-json"
[event]
tag = "kind"
payload = "data"
[[dialect.item]]
kind = "event"
heading = "事件 {wire}：{title}"
"#;

/// A vendor whose events have these codes, titles and payload fields.
fn vendor(config: &str, events: &[(&str, &str, &str)]) -> generator::Generated {
    let (loaded, diagnostics) = read(&sources(config, events), Origin::Specs);
    assert!(!has_errors(&diagnostics), "{diagnostics:#?}");
    generator::generate(loaded.provider, &loaded.config, &Lock::default())
}

fn sources(config: &str, events: &[(&str, &str, &str)]) -> Sources {
    let mut spec = "# 消息\n\n## 模块：`callback`\n".to_owned();
    for (code, title, field) in events {
        let _ = write!(
            spec,
            "\n### 事件 {code}：{title}\n\n**回调参数**\n\n| 参数名 | 类型 | 说明 |\n| --- | --- | --- |\n| kind | string | 类型 |\n| data | object | |\n| data.{field} | string | 值 |\n\n**回调示例**\n\n```json\n{{\"kind\": \"{code}\", \"data\": {{\"{field}\": \"a\"}}}}\n```\n"
        );
    }
    Sources {
        id: "vendor".to_owned(),
        config: SourceFile::new("provider.toml", &format!("{VENDOR}{config}")),
        specs: vec![SourceFile::new("specs/callback.md", &spec)],
        catalog: None,
    }
}

fn complaints(generated: &generator::Generated) -> Vec<&str> {
    let diagnostics = generated.diagnostics.iter();
    diagnostics
        .map(|finding| finding.message.as_str())
        .collect()
}

fn variants(generated: &generator::Generated) -> Vec<&str> {
    let callbacks = generated.sdks.iter().flat_map(|sdk| &sdk.callbacks);
    let events = callbacks.flat_map(|callbacks| &callbacks.events);
    events.map(|event| event.ident.as_str()).collect()
}

#[test]
fn an_event_is_named_by_correction_then_table_then_wire_then_title() {
    let events = [
        ("1", "私聊文本", "a"),
        ("reportLogin", "登录", "b"),
        ("3", "红包", "c"),
        ("4", "某事", "d"),
    ];
    let table = "[event.names]\n3 = \"money\"\n4 = \"thing\"\n[[correction]]\nevent = \"4\"\nrename = \"something\"\nwhy = \"x\"";
    let made = vendor(table, &events);
    assert!(made.diagnostics.is_empty(), "{:#?}", made.diagnostics);
    assert_eq!(
        variants(&made),
        ["PrivateText", "ReportLogin", "Money", "Something"]
    );
    // What was once public stays, whatever the title becomes.
    let locked = made.lock.write();
    assert!(
        locked.contains("variant ReportLogin = event ") && cases::locked(&locked) == made.lock,
        "{locked}"
    );
    let file = made.files.iter().find(|file| file.path == "callback.rs");
    assert!(file.is_some_and(|file| file.text.contains("= \"reportLogin\"")));
}

#[test]
fn two_events_of_one_name_are_an_error_that_shows_the_way_on() {
    let made = vendor("", &[("1", "红包", "a"), ("2", "红包", "b")]);
    for event in ["callback_1", "callback_2"] {
        let way_on = format!("[[correction]]\nevent = \"{event}\"");
        assert!(
            made.diagnostics.iter().any(|finding| {
                finding.message.contains("would both be called `RedPacket`")
                    && (finding.fix.as_ref()).is_some_and(|fix| fix.starts_with(&way_on))
            }),
            "{:#?}",
            made.diagnostics
        );
    }
    assert!(made.files.is_empty());
    let made = vendor("", &[("1", "unknown", "a")]);
    assert!(
        made.files.is_empty(),
        "`Unknown` is taken: {:?}",
        variants(&made)
    );
}

#[test]
fn what_the_table_says_of_no_event_is_an_error() {
    let events = [("1", "文本", "content"), ("2", "红包", "content")];
    for (config, expected) in [
        ("[event.names]\n9 = \"x\"", "`event.names` has the code `9`"),
        ("[event.names]\n1 = \"X y\"", "is no name in snake case"),
        (
            "[[event.prefix]]\nevents = [\"1\"]\nfield = \"content\"\nmark = \":\"\ninto = \"sender\"\nof = \"from\"\nwhy = \"x\"",
            "the prefix of `content` does not fit",
        ),
    ] {
        let made = vendor(config, &events);
        assert!(
            complaints(&made)
                .iter()
                .any(|message| message.contains(expected)),
            "{:#?}",
            made.diagnostics
        );
    }
}

#[test]
fn a_shape_of_no_event_is_an_error() {
    let shape = "[[shape]]\nname = \"Note\"\ntitle = \"x\"\nevents = [\"7\"]";
    let (_, diagnostics) = read(&sources(shape, &[("1", "文本", "content")]), Origin::Specs);
    let expected = "shape `Note` names an event `7` that is not there";
    let found = diagnostics.iter().find(|one| one.message == expected);
    assert!(found.is_some(), "{diagnostics:#?}");
}

#[test]
fn events_that_carry_the_same_share_a_type_and_others_cannot() {
    let shape = "[[shape]]\nname = \"Note\"\ntitle = \"x\"\nevents = [\"1\", \"2\"]";
    let made = vendor(
        shape,
        &[
            ("1", "文本", "content"),
            ("2", "红包", "content"),
            ("3", "图片", "content"),
        ],
    );
    assert!(made.diagnostics.is_empty(), "{:#?}", made.diagnostics);
    let types: Vec<String> = made.sdks[0]
        .callbacks
        .iter()
        .flat_map(|callbacks| &callbacks.events)
        .map(|event| event.payload.rust())
        .collect();
    assert_eq!(types, ["Note", "Note", "Image"]);
    let made = vendor(shape, &[("1", "文本", "content"), ("2", "红包", "money")]);
    let messages = complaints(&made);
    assert!(
        messages
            .iter()
            .any(|message| message.contains("shape `Note` is not the same")),
        "{messages:?}"
    );
}
