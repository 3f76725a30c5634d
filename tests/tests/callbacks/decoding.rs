//! Every documented event typed, and what is not documented whole.

use std::collections::BTreeSet;

use catalog::load::Origin;
use generated_sdk::eyun::callback::{Callback, Event};
use serde_json::{Value, json};
use tests::{committed, read, shown};

use super::listening::{is_typed, message};

fn parsed(message: &Value) -> Callback {
    Callback::parse(&message.to_string()).expect("JSON")
}

/// The variant's name.
fn variant(callback: &Callback) -> String {
    let shown = format!("{:?}", callback.event);
    shown
        .split(['(', ' '])
        .next()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn every_documented_event_is_typed_key_for_key() {
    let (loaded, _) = read(&committed("eyun"), Origin::Catalog);
    let mut variants = BTreeSet::new();
    let has_samples = |event: &&catalog::model::Event| !event.samples.is_empty();
    for event in loaded.provider.events().filter(has_samples) {
        for sample in &event.samples {
            let message = shown(sample);
            let callback = parsed(&message);
            assert!(is_typed(&callback), "{}: {callback:?}", event.id);
            assert!(callback.issues().is_empty(), "{}: {callback:?}", event.id);
            // Serialised, it has every key of the example with its value: each came from a field of its type.
            let written = serde_json::to_value(&callback).expect("serialises");
            assert_within(&message, &written, &event.id);
            variants.insert(variant(&callback));
            for code in &event.wire {
                let mut other = message.clone();
                other["messageType"] = json!(code);
                assert_eq!(variant(&parsed(&other)), variant(&callback), "{code}");
                if let Some(number) = code.parse::<u64>().ok().filter(|n| n.to_string() == *code) {
                    other["messageType"] = json!(number);
                    assert_eq!(variant(&parsed(&other)), variant(&callback), "{code}");
                }
            }
        }
    }
    let events = loaded.provider.events().filter(has_samples).count();
    assert_eq!(variants.len(), events, "each is a variant of its own");
}

fn assert_within(sample: &Value, written: &Value, place: &str) {
    match sample {
        Value::Object(members) => {
            for (key, value) in members {
                assert_within(value, &written[key], &format!("{place}.{key}"));
            }
        }
        value => assert_eq!(value, written, "{place}"),
    }
}

#[test]
fn ids_are_whole_and_self_is_read_under_both_names() {
    for (key, expected) in [("self", true), ("sel", true)] {
        let callback = parsed(&message(
            "60001",
            json!({"newMsgId": 7_208_643_216_420_147_215_u64, "msgId": "18446744073709551615", key: true,
                   "content": "hi"}),
        ));
        let Event::PrivateText(text) = &callback.event else {
            panic!("{callback:?}");
        };
        assert_eq!(text.self_, Some(expected), "{key}");
        assert_eq!(
            text.new_msg_id.as_ref().map(|id| id.as_str()),
            Some("7208643216420147215")
        );
        assert_eq!(
            text.msg_id.as_ref().map(|id| id.as_str()),
            Some("18446744073709551615")
        );
        assert_eq!(
            callback.wc_id.as_ref().map(|id| id.as_str()),
            Some("wxid_me")
        );
        assert_eq!(callback.account.as_deref(), Some("dev"));
    }
}

#[test]
fn the_numbers_of_2020_mean_the_events_of_today() {
    for (old, expected) in [
        (0, "FriendRequest"),
        (1, "GroupChanged"),
        (2, "GroupCard"),
        (3, "PrivateCard"),
        (4, "Offline"),
        (5, "PrivateText"),
        (6, "PrivateImage"),
        (7, "PrivateVideo"),
        (8, "PrivateVoice"),
        (9, "GroupText"),
        (10, "GroupImage"),
        (11, "GroupVideo"),
        (12, "GroupVoice"),
        (13, "PrivateOther"),
        (14, "GroupOther"),
        (15, "FriendChanged"),
        (16, "FriendChanged"),
        (17, "FriendRemoved"),
    ] {
        let callback = parsed(&message(old, json!({"wId": "w"})));
        assert_eq!(variant(&callback), expected, "{old}");
        let code = callback.message_type.as_ref().expect("a code");
        assert_eq!(code.as_i64(), Some(old));
    }
}

#[test]
fn the_sender_before_a_group_text_is_split_off() {
    let group = |code: Value, data: Value| {
        let callback = parsed(&message(code, data));
        let Event::GroupText(text) = callback.event else {
            panic!("{callback:?}");
        };
        (text.content_sender, text.content)
    };
    let data = |content: &str, from: Value| json!({"fromGroup": "1@chatroom", "fromUser": from, "content": content});
    let split = (Some("wxid_a".to_owned()), Some("你好".to_owned()));
    assert_eq!(
        group(json!(9), data("wxid_a:\n你好", json!("wxid_b"))),
        split
    );
    assert_eq!(
        group(json!("80001"), data("wxid_a:\n你好", Value::Null)),
        split
    );
    let split = (Some("bob_1980".to_owned()), Some("a:\nb".to_owned()));
    assert_eq!(
        group(json!(9), data("bob_1980:\na:\nb", json!("bob_1980"))),
        split
    );
    let whole = (None, Some("note:\nmilk".to_owned()));
    assert_eq!(
        group(json!("80001"), data("note:\nmilk", json!("wxid_b"))),
        whole
    );
    // A private message says the same without meaning it.
    let callback = parsed(&message("60001", json!({"content": "wxid_a:\n你好"})));
    let Event::PrivateText(text) = callback.event else {
        panic!("{callback:?}");
    };
    assert_eq!(text.content.as_deref(), Some("wxid_a:\n你好"));
}

#[test]
fn what_is_not_documented_arrives_whole() {
    let callback = parsed(&message(
        "60777",
        json!({"x": [1, {"y": 18446744073709551615_u64}]}),
    ));
    let Event::Unknown { code, data } = &callback.event else {
        panic!("{callback:?}");
    };
    assert_eq!(code, "60777");
    assert_eq!(data.as_str(), r#"{"x":[1,{"y":18446744073709551615}]}"#);
    for bare in ["[]", "7", "\"x\"", "null", "{}", "{\"data\":{}}"] {
        let callback = Callback::parse(bare).expect("JSON");
        assert!(
            matches!(&callback.event, Event::Unknown { code, .. } if code.is_empty()),
            "{bare}"
        );
        assert_eq!(callback.raw.as_str(), bare);
    }
}

#[test]
fn a_payload_that_does_not_fit_arrives_whole_with_the_reason() {
    for data in [json!("text"), json!([1]), json!(7), json!(true)] {
        let callback = parsed(&message("60001", data.clone()));
        let Event::Unreadable {
            code,
            data: kept,
            reason,
        } = &callback.event
        else {
            panic!("{callback:?}");
        };
        assert_eq!(
            (code.as_str(), kept.as_str()),
            ("60001", data.to_string().as_str())
        );
        assert_eq!(reason.expected, "an object");
    }
    // A field of the wrong type costs itself.
    let callback = parsed(&message(
        "60001",
        json!({"timestamp": {}, "content": "hi", "self": "maybe"}),
    ));
    let Event::PrivateText(text) = &callback.event else {
        panic!("{callback:?}");
    };
    assert_eq!(
        (text.timestamp, text.content.as_deref()),
        (None, Some("hi"))
    );
    let places: Vec<_> = callback
        .issues()
        .iter()
        .map(|issue| issue.path.as_str())
        .collect();
    assert_eq!(places, ["timestamp", "self"]);
}

#[test]
fn what_people_write_is_not_in_the_log() {
    for code in ["60001", "80001", "60014", "60004", "60999", "99999"] {
        let data = json!({"content": "hush hush", "title": "hush hush", "fromUser": "wxid_a"});
        let callback = parsed(&message(code, data));
        assert!(!format!("{callback:?}").contains("hush"), "{callback:?}");
    }
}

#[test]
fn whatever_came_serialises_to_json_of_the_same_meaning() {
    let text = "{\"messageType\":\"60001\",\"data\":{\"content\":\"a\nb\u{1}\",\"x\":[007,-0,1.10,\
                123456789012345678901234567890,1e400],\"half\":\"\\ud83d!\",\"key\\ude00\":{}}}";
    let callback = Callback::parse(text).expect("what gateways call JSON");
    let raw = callback.raw.as_str();
    serde_json::from_str::<Value>(&raw.replace("1e400", "1")).expect("JSON");
    let digits =
        r#""x":[7,-0,1.10,123456789012345678901234567890,1e400],"half":"\ufffd!","key\ufffd":{}"#;
    assert!(raw.contains(digits), "{raw}");
    let unknown = Callback::parse(&text.replace("60001", "77777")).expect("the same");
    let written = serde_json::to_string(&unknown.event).expect("serialises");
    let digits = digits.replace("\\ufffd", "\u{fffd}");
    assert!(written.contains(&digits), "{written}");
    assert!(
        serde_json::to_string(&callback).is_ok() && serde_json::to_string(&callback.raw).is_ok()
    );
    let deep = format!(
        r#"{{"messageType":"x","data":{}1{}}}"#,
        "[".repeat(127),
        "]".repeat(127)
    );
    let deep = Callback::parse(&deep).expect("128 levels");
    assert!(serde_json::to_string(&deep).is_ok());
}
