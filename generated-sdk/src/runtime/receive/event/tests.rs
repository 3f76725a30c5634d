//! Layouts, identities and prefixes that no vendor's catalog needs all of.

use super::ResultLayout;
use super::{EventApi, Opened, Prefix, split_prefix};
use crate::runtime::codec::{FromObject, Input};

#[derive(Debug, Default, PartialEq)]
struct Payload {
    id: Option<u64>,
    text: Option<String>,
}

impl FromObject for Payload {
    fn read(&mut self, input: &mut Input<'_>) -> bool {
        input.object(&mut [("id", &mut self.id), ("text", &mut self.text)])
    }
}

const PLAIN: EventApi = EventApi {
    name: "test",
    tag: "kind",
    tag_inside: false,
    payload: "data",
    deeper: &["info"],
    empty: &["(null)"],
    flat: &["78"],
    beside: &["9"],
    probe: &["0"],
    receiver: &["bot"],
    dedupe: &["id", "time"],
    coarse: &["time"],
    order: &[],
    each: &[],
    addressed: None,
};

static BESIDE: EventApi = PLAIN;
static INSIDE: EventApi = EventApi {
    tag_inside: true,
    ..PLAIN
};
static BARE: EventApi = EventApi {
    payload: "",
    ..PLAIN
};

fn payload(api: &'static EventApi, text: &str) -> (String, Option<Payload>) {
    let mut opened = Opened::new(api, text).unwrap();
    let code = opened.code().map(|code| code.as_str().to_owned());
    (
        code.unwrap_or_default(),
        opened.typed(|payload| payload).ok(),
    )
}

fn held(id: u64, text: &str) -> Option<Payload> {
    Some(Payload {
        id: Some(id),
        text: Some(text.to_owned()),
    })
}

#[test]
fn the_payload_is_found_wherever_the_layout_says() {
    let same = held(7, "x");
    for (api, text) in [
        (&BESIDE, r#"{"kind":1,"data":{"id":7,"text":"x"}}"#),
        (&BESIDE, r#"{"data":{"id":"7","text":"x"},"kind":" 1 "}"#),
        (
            &BESIDE,
            r#"{"kind":"1","data":{"info":{"id":7,"text":"x"}}}"#,
        ),
        (
            &BESIDE,
            r#"{"kind":"1","data":{"id":7,"info":{"text":"x"}}}"#,
        ),
        (&BESIDE, r#"{"kind":"1","id":7,"text":"x"}"#),
        (&INSIDE, r#"{"data":{"kind":"1","id":7,"text":"x"}}"#),
        (&INSIDE, r#"{"kind":"1","id":7,"text":"x"}"#),
        (&BARE, r#"{"kind":"1","id":7,"text":"x"}"#),
    ] {
        assert_eq!(payload(api, text).1, same, "{text}");
        assert_eq!(payload(api, text).0, "1", "{text}");
    }
    for flat in [
        r#"{"kind":"78","id":7,"text":"x"}"#,
        r#"{"data":{"kind":"78","id":7,"text":"x"}}"#,
    ] {
        assert_eq!(payload(&INSIDE, flat), ("78".to_owned(), held(7, "x")));
    }
    assert_eq!(
        payload(
            &BESIDE,
            r#"{"kind":"78","id":7,"text":"x","data":{"id":8}}"#
        )
        .1,
        same
    );
    assert_eq!(
        payload(&BESIDE, r#"{"kind":"9","id":7,"data":{"text":"x"}}"#).1,
        same
    );
}

#[test]
fn what_is_flat_by_the_documents_may_come_wrapped() {
    for text in [
        r#"{"kind":78,"id":7,"text":"x"}"#,
        r#"{"kind":78,"data":{"id":7,"text":"x"}}"#,
        r#"{"kind":"78","id":7,"data":{"text":"x"}}"#,
        r#"{"kind":78,"id":7,"text":"x","data":{}}"#,
        r#"{"kind":78,"id":7,"text":"x","data":""}"#,
        r#"{"kind":78,"id":7,"text":"x","data":null}"#,
    ] {
        assert_eq!(payload(&BESIDE, text), ("78".to_owned(), held(7, "x")));
    }
    let layout = ResultLayout {
        id: "id",
        outcome: "text",
        reason: "why",
    };
    let opened = Opened::new(&BESIDE, r#"{"kind":78,"data":{"id":"a","text":1}}"#).unwrap();
    assert_eq!(
        opened.result(&layout).map(|told| told.id).as_deref(),
        Some("a")
    );
}

#[test]
fn an_absent_payload_is_empty_and_another_kind_is_none() {
    for empty in ["null", "\"\"", "{}"] {
        let text = format!(r#"{{"kind":"1","data":{empty}}}"#);
        assert_eq!(
            payload(&BESIDE, &text).1,
            Some(Payload::default()),
            "{text}"
        );
    }
    for other in ["[]", "7", "true", "\"text\""] {
        let text = format!(r#"{{"kind":"1","data":{other}}}"#);
        assert_eq!(payload(&BESIDE, &text).1, None, "{text}");
    }
}

#[test]
fn one_level_deeper_another_kind_is_none_as_well() {
    for (inner, expected) in [
        ("\"text\"", None),
        ("[1]", None),
        ("null", Some(Payload::default())),
        ("\"\"", Some(Payload::default())),
    ] {
        let text = format!(r#"{{"kind":"1","data":{{"info":{inner}}}}}"#);
        assert_eq!(payload(&BESIDE, &text).1, expected, "{text}");
    }
    let mut opened = Opened::new(&BESIDE, r#"{"kind":"1","data":{"info":[1]}}"#).unwrap();
    let reason = opened.typed(|payload: Payload| payload).unwrap_err();
    assert_eq!(
        reason.to_string(),
        "info: expected an object, found an array"
    );
    // A field that nobody knows of, beside those of the payload.
    let text = r#"{"kind":"1","data":{"id":7,"text":"x","info":"y"}}"#;
    assert_eq!(payload(&BESIDE, text).1, held(7, "x"));
}

#[test]
fn a_wrong_type_costs_its_field_alone() {
    let mut opened = Opened::new(&BESIDE, r#"{"kind":"1","data":{"id":[],"text":"x"}}"#).unwrap();
    let read = opened.typed(|payload: Payload| payload).unwrap();
    assert_eq!((read.id, read.text.as_deref()), (None, Some("x")));
    let issues = opened.into_issues();
    assert_eq!(issues.len(), 1);
    assert_eq!(issues[0].path, "id");
}

#[test]
fn what_is_no_object_has_no_code() {
    for text in ["[]", "1", "null", "\"x\"", "{}"] {
        let opened = Opened::new(&BESIDE, text).unwrap();
        assert!(opened.code().is_none() && opened.identity().is_none());
        assert_eq!(opened.data().as_str(), text);
    }
    for text in ["", "{", "{}x", "nul"] {
        assert!(Opened::new(&BESIDE, text).is_err(), "{text}");
    }
    assert!(Opened::new(&BESIDE, "\u{feff}{}").is_ok());
}

#[test]
fn the_first_key_that_says_something_tells_a_repetition() {
    let identity = |text: &str| Opened::new(&BESIDE, text).unwrap().identity();
    let first = identity(r#"{"kind":1,"bot":"a","data":{"id":18446744073709551615,"time":5}}"#);
    assert!(first.is_some());
    let again = r#"{"kind":"1","bot":"a","data":{"time":6,"id":"18446744073709551615"}}"#;
    assert_eq!(identity(again), first, "however it is written");
    for other in [
        r#"{"kind":"1","bot":"a","data":{"id":18446744073709551614,"time":5}}"#,
        r#"{"kind":"2","bot":"a","data":{"id":18446744073709551615,"time":5}}"#,
        r#"{"kind":"1","bot":"b","data":{"id":18446744073709551615,"time":5}}"#,
        r#"{"kind":"1","bot":"a","data":{"id":0,"time":5}}"#,
    ] {
        assert_ne!(identity(other), first, "{other}");
    }
    let at = |text: &str| {
        identity(&format!(
            r#"{{"kind":"1","data":{{"time":5,"text":"{text}"}}}}"#
        ))
    };
    assert_eq!(at("a"), at("a"));
    assert_ne!(at("a"), at("b"), "two messages of one second");
    for none in [
        r#"{"kind":"1","data":{"text":"a"}}"#,
        r#"{"kind":"1","data":{"id":"","time":null}}"#,
    ] {
        assert_eq!(identity(none), None, "{none}");
    }
    // It is kept in files: it may not change.
    let fixed = identity(r#"{"kind":"1","bot":"a","data":{"id":1}}"#);
    assert_eq!(fixed, Some(0xbd7a_e4c4_9855_ff15_c4c2_cace_2fc9_e1c8));
}

#[test]
fn a_prefix_is_taken_off_only_where_it_is_one() {
    const PREFIX: Prefix = Prefix {
        mark: ":\n",
        like: &["wxid_*", "*@openim"],
        except: &["*@chatroom"],
    };
    let split = |text: &str, sender: Option<&str>| {
        let mut text = Some(text.to_owned());
        let id = split_prefix(&PREFIX, &mut text, sender);
        (id, text.unwrap())
    };
    let taken = |id: &str| (Some(id.to_owned()), "hi".to_owned());
    assert_eq!(split("wxid_a:\nhi", Some("other")), taken("wxid_a"));
    assert_eq!(split("1@openim:\nhi", Some("other")), taken("1@openim"));
    assert_eq!(split("bob:\nhi", Some("bob")), taken("bob"));
    assert_eq!(split("bob:\nhi", None), taken("bob"));
    assert_eq!(split("bob:\nhi", Some("1@chatroom")), taken("bob"));
    for (text, sender) in [
        ("note:\nhi", Some("bob")),
        ("注意:\nhi", None),
        ("a b:\nhi", None),
        (":\nhi", None),
        ("hi", None),
        ("wxid_a: hi", None),
    ] {
        assert_eq!(split(text, sender), (None, text.to_owned()));
    }
    assert_eq!(split_prefix(&PREFIX, &mut None, None), None);
}

#[test]
fn nothing_has_several_spellings() {
    for nothing in [r#""""#, "null", r#""null""#, r#""(null)""#] {
        let text = format!(r#"{{"kind":"a","data":{{"id":{nothing},"text":{nothing}}}}}"#);
        let mut opened = Opened::new(&BESIDE, &text).unwrap();
        assert_eq!(
            opened.typed(|payload| payload),
            Ok(Payload::default()),
            "{nothing}"
        );
        assert!(opened.into_issues().is_empty(), "{nothing}");
    }
}

#[test]
fn an_envelope_that_is_wrapped_once_more_is_opened() {
    let text = r#"{"data":{"kind":"a","data":{"info":{"id":7,"text":"x"}}}}"#;
    assert_eq!(payload(&BESIDE, text), ("a".to_owned(), held(7, "x")));
    let opened = Opened::new(&BESIDE, text).unwrap();
    assert_eq!(opened.whole().as_str(), text);
    assert_eq!(
        opened.field("id").map(|id| id.as_str().to_owned()),
        Some("7".to_owned())
    );
    // A payload whose own field has the name of the code is no envelope where the code is there.
    let text = r#"{"kind":"a","data":{"kind":"b","id":7,"text":"x"}}"#;
    assert_eq!(payload(&BESIDE, text), ("a".to_owned(), held(7, "x")));
}

#[test]
fn a_result_is_known_by_its_keys() {
    const RESULT: ResultLayout = ResultLayout {
        id: "sendId",
        outcome: "done",
        reason: "why",
    };
    let told = |data: &str| {
        let text = format!(r#"{{"kind":"","data":{data}}}"#);
        let opened = Opened::new(&BESIDE, &text).unwrap();
        opened.result(&RESULT).map(|told| (told.id, told.reason))
    };
    let ok = Some(("7".to_owned(), None));
    assert_eq!(told(r#"{"sendId":7,"done":""}"#), ok);
    assert_eq!(told(r#"{"sendId":"7","why":null}"#), ok);
    assert_eq!(told(r#"{"info":{"sendId":"7","why":"null"}}"#), ok);
    assert_eq!(
        told(r#"{"sendId":"7","done":"1","why":"no"}"#),
        Some(("7".to_owned(), Some("no".to_owned())))
    );
    for other in [
        r#"{"sendId":"7"}"#,
        r#"{"sendId":null,"done":""}"#,
        r#"{"done":"","why":""}"#,
        "[]",
        "1",
    ] {
        assert_eq!(told(other), None, "{other}");
    }
}
