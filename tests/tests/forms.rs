//! Callbacks that only their address tells apart, as bodies: every documented one in every encoding, and what is none.

use std::collections::BTreeMap;

use catalog::load::{Loaded, Origin, Sources};
use catalog::model::Event as Documented;
use catalog::source::SourceFile;
use generated_sdk::dami::callback::{Callback, Event};
use mock_gateway::Encoding;
use serde_json::{Value, json};
use tests::{committed, originals, read, root, shown, text};

const FORM: &str = "application/x-www-form-urlencoded";

fn encode(encoding: Encoding, message: &Value) -> (String, String) {
    encoding.written(message.clone())
}

/// Where an event arrives: a setting, or the operation that announces it.
fn address(event: &Documented) -> &str {
    let announcer = event.announced_by.as_ref().map(|(operation, _)| operation);
    event.slot.as_ref().or(announcer).expect("an address")
}

fn variant(callback: &Callback) -> String {
    let shown = format!("{:?}", callback.event);
    let name = shown.split(['(', ' ']).next().unwrap_or_default();
    name.to_owned()
}

fn is_typed(callback: &Callback) -> bool {
    !matches!(
        callback.event,
        Event::Unknown { .. } | Event::Unreadable { .. }
    )
}

/// The message in every encoding, at the root and in a field of its own.
fn bodies(sample: &Value) -> Vec<(String, String)> {
    let encodings = [Encoding::Json, Encoding::Form, Encoding::Multipart];
    let wrapped = json!({ "data": sample });
    let quoted = json!({ "data": sample.to_string() });
    let shapes = [sample, &wrapped, &quoted];
    let mut bodies = Vec::new();
    for shape in shapes {
        bodies.extend(encodings.iter().map(|encoding| encode(*encoding, shape)));
    }
    bodies
}

/// What a sample says of the event: what is in `data`, where nothing else is beside it.
fn payload(sample: &Value) -> &Value {
    match sample
        .as_object()
        .map(|members| (members.len(), members.get("data")))
    {
        Some((1, Some(data))) => data,
        _ => sample,
    }
}

/// Every key of a sample came from a field of the type, with its value where it has one.
fn assert_within(sample: &Value, written: &Value, place: &str) {
    match sample {
        Value::Object(members) => {
            for (key, value) in members {
                let field = written.get(key);
                let field = field.unwrap_or_else(|| panic!("{place}.{key} has no field"));
                assert_within(value, field, &format!("{place}.{key}"));
            }
        }
        Value::Array(elements) => {
            for (at, value) in elements.iter().enumerate() {
                assert_within(value, &written[at], &format!("{place}[{at}]"));
            }
        }
        scalar => {
            let plain = |value: &Value| match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            assert_eq!(plain(scalar), plain(written), "{place}");
        }
    }
}

/// Nothing is shown of what is empty, so that it is given a value that is a number and a text.
fn filled(sample: &Value) -> Value {
    match sample {
        Value::Object(members) => {
            let members = members.iter();
            let members = members.map(|(key, value)| (key.clone(), filled(value)));
            members.collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(elements) => elements.iter().map(filled).collect(),
        Value::Null => json!("7"),
        Value::String(text) if text.is_empty() => json!("7"),
        scalar => scalar.clone(),
    }
}

fn assert_typed(address: &str, sample: &Value) -> String {
    let sample = &filled(sample);
    let mut variants = Vec::new();
    for (content_type, body) in bodies(sample) {
        let place = format!("{address} {content_type} {body}");
        let callback = Callback::parse(address, &content_type, body.as_bytes());
        let callback = callback.unwrap_or_else(|| panic!("{place}"));
        assert!(is_typed(&callback), "{place}: {callback:?}");
        assert!(
            callback.issues().is_empty(),
            "{place}: {:?}",
            callback.issues()
        );
        let written = serde_json::to_value(&callback.event).expect("serialises");
        assert_within(payload(sample), &written, &place);
        variants.push(variant(&callback));
    }
    variants.dedup();
    assert_eq!(variants.len(), 1, "{address}: {variants:?}");
    variants.remove(0)
}

#[test]
fn every_documented_callback_is_typed_key_for_key_in_every_encoding() {
    let (loaded, _) = read(&committed("dami"), Origin::Catalog);
    let mut variants = BTreeMap::new();
    for event in loaded.provider.events() {
        for sample in &event.samples {
            let found = assert_typed(address(event), &shown(sample));
            let first = variants.insert(found, event.id.clone());
            assert_eq!(first, None, "two events are one");
        }
    }
    assert!(!variants.is_empty());
    // Some say nothing of what they carry: whatever comes is kept.
    let silent = |event: &&Documented| event.samples.is_empty();
    for event in loaded.provider.events().filter(silent) {
        assert_typed(address(event), &json!({ "state": "1" }));
    }
}

/// The documents that the vendor published, read with the committed configuration.
fn vendors_own() -> Loaded {
    let config = root().join("catalog/providers/dami/provider.toml");
    let readme = originals().join("dami/README.md");
    let sources = Sources {
        id: "dami".to_owned(),
        config: SourceFile::new("provider.toml", &text(&config)),
        specs: vec![SourceFile::new("specs/README.md", &text(&readme))],
        catalog: None,
    };
    read(&sources, Origin::Specs).0
}

#[test]
#[cfg_attr(
    not(originals),
    ignore = "needs the vendors' documents: ORIGINAL_SPECS=DIR, or ../shared/specs"
)]
fn every_sample_of_the_vendor_is_typed_key_for_key() {
    // The vendor's own text does not say which setting is meant, its chapter on settings does.
    let slots = [
        ("接收单聊天消息", "messagelog"),
        ("接收群聊天消息", "crowdlog"),
        ("接收新增好友信息", "addfriendlog"),
        ("接收微信退出、微信登录消息", "wacatout"),
        ("接收有人加进群消息", "addgrouplog"),
        ("接收新加好友信息(被加)", "newfriendlog"),
        ("接收删除好友通知", "delfriendlog"),
        ("接收查询微信好友信息", "callbackSend"),
        ("获取微信所有标签列表", "callbackSend"),
        ("用户手机点击扫码确认按钮的回调", "callbackSend"),
    ];
    let loaded = vendors_own();
    let mut samples = 0;
    for event in loaded.provider.events() {
        let slot = slots.iter().find(|(title, _)| *title == event.title);
        let at = slot.map_or_else(|| address(event), |(_, slot)| slot);
        for sample in &event.samples {
            samples += 1;
            assert_typed(at, &shown(sample));
        }
    }
    // The other announced callbacks are tables only.
    assert!(samples >= 12, "{samples}");
}

fn parsed(address: &str, content_type: &str, body: &str) -> Callback {
    Callback::parse(address, content_type, body.as_bytes()).expect("a message")
}

#[test]
fn flat_fields_with_brackets_are_a_list() {
    let body = "my_account=me&currentPage=2&total=101&info[0][account]=wxid_a&info[0][sex]=1&info[1][account]=wxid_b";
    let callback = parsed("hao_you_guan_li_syncFriendList", FORM, body);
    let Event::FriendPage(page) = callback.event else {
        panic!("{callback:?}");
    };
    assert_eq!(
        (page.total, page.current_page.as_deref()),
        (Some(101), Some("2"))
    );
    let nested = parsed("messagelog", FORM, "data[content]=hi&data[content_type]=1");
    let Event::PrivateMessage(message) = nested.event else {
        panic!("{nested:?}");
    };
    assert_eq!(message.content.as_deref(), Some("hi"));
    let accounts: Vec<_> = page
        .info
        .iter()
        .map(|friend| friend.account.as_deref())
        .collect();
    assert_eq!(accounts, [Some("wxid_a"), Some("wxid_b")]);
}

#[test]
fn the_notice_of_a_deletion_is_a_success_with_code_0() {
    let data = json!([{ "to_account": "a", "form_account": "b" }, { "to_account": "c" }]);
    for sample in [
        json!({ "data": data }),
        json!({ "code": 0, "msg": "删除成功", "data": data }),
    ] {
        let (content_type, body) = encode(Encoding::Form, &sample);
        let Event::FriendDeleted(notice) = parsed("delfriendlog", &content_type, &body).event
        else {
            panic!("{sample}");
        };
        assert_eq!(notice.data.len(), 2);
        assert_eq!(notice.data[0].from_account.as_deref(), Some("b"));
        assert_eq!(notice.code, sample.get("code").and_then(Value::as_i64));
    }
}

#[test]
fn a_shared_address_is_told_apart_by_a_value() {
    let at = |sample: Value| parsed("callbackSend", "application/json", &sample.to_string());
    for (sample, expected) in [
        (json!({ "type": 2, "account": "a" }), "ContactInfo"),
        (json!({ "type": "2", "account": "a" }), "ContactInfo"),
        (
            json!({ "data": [{ "type": 4, "status": 8 }] }),
            "ScanConfirmed",
        ),
        (
            json!({ "data": { "type": 4, "status": 8 } }),
            "ScanConfirmed",
        ),
        (json!({ "data": [{ "lable_id": 1 }] }), "LabelList"),
        (json!({ "type": 9 }), "Unknown"),
    ] {
        assert_eq!(variant(&at(sample.clone())), expected, "{sample}");
    }
    let Event::Unknown { code, .. } = at(json!({ "type": 9 })).event else {
        panic!("nothing is known of 9");
    };
    assert_eq!(code, "callbackSend/9");
}

#[test]
fn what_does_not_fit_arrives_whole() {
    let callback = parsed("messagelog", FORM, "data=plain+text&x=1");
    let Event::Unreadable { code, data, .. } = &callback.event else {
        panic!("{callback:?}");
    };
    assert_eq!(
        (code.as_str(), data.as_str()),
        ("messagelog", "\"plain text\"")
    );
    assert_eq!(callback.raw.as_str(), r#"{"data":"plain text","x":"1"}"#);
    let many = parsed(
        "addgrouplog",
        "application/json",
        r#"[{"name":"a"},{"name":"b"}]"#,
    );
    assert!(!is_typed(&many), "two are not one: {many:?}");
    let nothing = parsed("nobody", FORM, "a=1");
    assert_eq!(variant(&nothing), "Unknown");
}

#[test]
fn bytes_that_are_no_text_cost_one_character_and_are_said() {
    let part = b"--x\r\nContent-Disposition: form-data; name=\"data\"\r\n\r\n{\"content\":\"a\xffb\"}\r\n--x--";
    for (content_type, body) in [
        (FORM, b"data={\"content\":\"a%ffb\"}".to_vec()),
        (FORM, b"data={\"content\":\"a\xffb\"}".to_vec()),
        (
            "application/json",
            b"{\"data\":{\"content\":\"a\xffb\"}}".to_vec(),
        ),
        ("multipart/form-data; boundary=x", part.to_vec()),
    ] {
        let callback = Callback::parse("messagelog", content_type, &body).expect("a message");
        assert!(callback.raw.as_str().contains("a\u{fffd}b"), "{callback:?}");
        let issues: Vec<String> = callback.issues().iter().map(ToString::to_string).collect();
        let said = "data: expected UTF-8, found U+FFFD in place of bytes that are none";
        assert_eq!(issues, [said], "{content_type}");
    }
}

#[test]
fn hostile_bodies_are_refused_or_kept_and_nothing_panics() {
    let part = "Content-Disposition: form-data; name=\"data\"\r\n\r\n";
    let multipart = |boundary: &str| format!("multipart/form-data; boundary={boundary}");
    let refused: Vec<(String, Vec<u8>)> = vec![
        (FORM.to_owned(), Vec::new()),
        (FORM.to_owned(), "a[b]=1&".repeat(5000).into_bytes()),
        (
            FORM.to_owned(),
            format!("a{}=1", "[x]".repeat(5000)).into_bytes(),
        ),
        (
            "application/json".to_owned(),
            "[".repeat(100_000).into_bytes(),
        ),
        (multipart(""), b"----".to_vec()),
        (multipart("x"), b"--y\r\n\r\n--y--".to_vec()),
        (multipart("x"), format!("--x\r\n{part}1").into_bytes()),
        (multipart("x"), format!("--x\r\n{part}1\r\n--").into_bytes()),
        (multipart("x"), "--x\r\n".repeat(50_000).into_bytes()),
        (
            multipart("x"),
            format!("--x\r\n{}\r\n--x--", "A: b\r\n".repeat(5000)).into_bytes(),
        ),
        (
            multipart(&"b".repeat(100)),
            format!("--{}--", "b".repeat(100)).into_bytes(),
        ),
    ];
    for (content_type, body) in &refused {
        let read = Callback::parse("messagelog", content_type, body);
        assert!(
            read.is_none(),
            "{content_type} {:?}",
            String::from_utf8_lossy(body).get(..60)
        );
    }
    let deep = |depth: usize| {
        format!(
            "{{\"data\":{}1{}}}",
            "{\"data\":".repeat(depth),
            "}".repeat(depth)
        )
    };
    let kept = [
        (FORM, format!("data={}", "[".repeat(10_000))),
        (FORM, format!("data={}", deep(60))),
        ("application/json", deep(60)),
        (
            "text/plain",
            json!({ "data": json!({ "data": "{\"data\":\"{}\"}" }).to_string() }).to_string(),
        ),
    ];
    for (content_type, body) in &kept {
        parsed("messagelog", content_type, body);
        parsed("callbackSend", content_type, body);
        parsed("delfriendlog", content_type, body);
    }
    // Whatever is cut off or changed somewhere: an answer, never a panic.
    let sample = json!({ "data": { "content": "你好\"--x", "content_type": 1 }, "n": [1] });
    for encoding in [Encoding::Json, Encoding::Form, Encoding::Multipart] {
        let (content_type, body) = encode(encoding, &sample);
        let bytes = body.into_bytes();
        for at in 0..bytes.len() {
            let _ = Callback::parse("messagelog", &content_type, &bytes[..at]);
            let mut changed = bytes.clone();
            changed[at] ^= 0x5d;
            let _ = Callback::parse("messagelog", &content_type, &changed);
        }
    }
}

#[test]
fn secrets_and_texts_are_not_shown() {
    let callback = parsed(
        "messagelog",
        FORM,
        r#"data={"content":"between us","my_account":"me"}"#,
    );
    let shown = format!("{callback:?}");
    assert!(
        shown.contains("me") && !shown.contains("between us"),
        "{shown}"
    );
    let token = parsed(
        "callbackSend",
        FORM,
        r#"data=[{"type":4,"app_token":"hush"}]"#,
    );
    assert!(!format!("{token:?}").contains("hush"));
}
