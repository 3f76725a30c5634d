//! What travels and what arrives, without a network.

use super::{FORM, Got, Inner, MsgId, SEND, Send, Sex, WRAPPED, session};
use crate::runtime::call::wire::{read, read_reply, write};
use crate::runtime::call::{Error, ErrorKind};
use crate::runtime::{HttpResponse, Json, Reply, Scalar};

fn full() -> Send {
    Send {
        to: Some(MsgId::from(12_i64)),
        number: Some(MsgId::from("18446744073709551616")),
        content: "你\"好".to_owned(),
        sex: Some(Sex::Female),
        at: Some(vec!["a".to_owned(), "b".to_owned()]),
        ids: vec![MsgId::from("1"), MsgId::from("x")],
        count: Some(-3),
        inner: Some(Inner { x: Some(u64::MAX) }),
        ..Send::default()
    }
}

fn reply(body: &str) -> Result<Reply<Got>, Error> {
    read_reply::<Send>(HttpResponse::new(200, body))
}

fn data(data: &str) -> Reply<Got> {
    reply(&format!(r#"{{"code":"1000","data":{data}}}"#)).unwrap()
}

#[test]
fn each_value_travels_as_its_field_declares() {
    assert_eq!(
        write(&SEND, &session(), &full()),
        concat!(
            r#"{"wId":"7","to":"12","number":18446744073709551616,"content":"你\"好","sex":2,"at":"a,b","#,
            r#""ids":[1,"x"],"count":-3,"inner":"{\"x\":18446744073709551615}","app":{"title":"你\"好"}}"#
        )
    );
}

#[test]
fn what_is_absent_is_not_sent_and_extra_wins() {
    let mut send = Send::default();
    assert_eq!(
        write(&SEND, &session(), &send),
        r#"{"wId":"7","content":"","ids":[],"app":{"title":""}}"#
    );
    send.extra.insert("content", "mine");
    send.extra.insert("more", Json::array([Json::from(1_i64)]));
    send.extra.insert("more", false);
    assert_eq!(
        write(&SEND, &session(), &send),
        r#"{"wId":"7","ids":[],"app":{"title":""},"content":"mine","more":false}"#
    );
}

#[test]
fn parameters_can_be_wrapped_or_become_a_form() {
    let send = Send {
        content: "a b&c".to_owned(),
        count: Some(1),
        ..Send::default()
    };
    assert_eq!(
        write(&WRAPPED, &session(), &send),
        r#"{"code":"send","wId":"7","data":{"content":"a b&c","ids":[],"count":1,"app":{"title":"a b&c"}}}"#
    );
    assert_eq!(
        write(&FORM, &[], &send),
        "content=a+b%26c&ids=%5B%5D&count=1&app=%7B%22title%22%3A%22a+b%26c%22%7D"
    );
}

#[test]
fn debug_hides_what_is_private() {
    let shown = format!("{:?}", full());
    assert!(
        shown.contains(r#"content: ***"#) && shown.contains(r#"at: ["a", "b"]"#),
        "{shown}"
    );
    assert!(!shown.contains("好\", sex"), "{shown}");
}

#[test]
fn scalars_are_read_leniently_and_whole() {
    let got = data(concat!(
        r#"{"id":-9007199254740993,"number":"12","big":18446744073709551615,"ratio":"0.5","on":1,"#,
        r#""name":3.10,"sex":1,"tags":"a, b,,c","items":[{"n":1},{"n":"2.0"}],"members":"[{\"n\":3}]","#,
        r#""any":{"x":[1]},"one":{"n":null},"sure":"s","unknown":{"deep":[]}}"#
    ));
    assert_eq!(got.issues(), []);
    let got = got.data;
    assert_eq!(
        got.id.unwrap().as_scalar().as_i64(),
        Some(-9_007_199_254_740_993)
    );
    assert_eq!(data(r#"{"id":"x"}"#).data.id.unwrap().as_str(), "x");
    assert_eq!(
        (got.number, got.big, got.ratio, got.on),
        (Some(12), Some(u64::MAX), Some(0.5), Some(true))
    );
    assert_eq!(
        (got.name.as_deref(), got.sex),
        (Some("3.10"), Some(Sex::Male))
    );
    assert_eq!(got.tags, ["a", "b", "c"]);
    assert_eq!(
        got.items.iter().map(|item| item.n).collect::<Vec<_>>(),
        [Some(1), Some(2)]
    );
    assert_eq!(got.members[0].n, Some(3));
    assert_eq!(got.any.unwrap().as_str(), r#"{"x":[1]}"#);
    assert_eq!((got.one.unwrap().n, got.sure.as_str()), (None, "s"));
}

#[test]
fn emptiness_in_every_spelling_is_no_issue() {
    for empty in ["null", "\"\"", "\"null\""] {
        let got = data(
            &r#"{"id":_,"number":_,"big":_,"ratio":_,"on":_,"name":_,"sex":_,"tags":_,"items":_,"members":_,"any":_,"one":_,"sure":_}"#
                .replace('_', empty),
        );
        assert_eq!(got.issues(), [], "{empty}");
        assert!(
            got.data.id.is_none()
                && got.data.items.is_empty()
                && got.data.one.is_none()
                && got.data.sex.is_none()
        );
        assert_eq!(data(empty).issues(), []);
    }
    assert_eq!(reply(r#"{"code":1000}"#).unwrap().issues(), []);
}

#[test]
fn what_does_not_fit_is_an_issue_and_costs_only_itself() {
    let got = data(concat!(
        r#"{"number":"many","big":-1,"on":"maybe","name":{"a":1},"items":[{"n":1},7,{"n":[]}],"#,
        r#""members":"[{","one":[1],"sex":9,"id":true}"#
    ));
    let issues: Vec<String> = got.issues().iter().map(ToString::to_string).collect();
    assert_eq!(
        issues,
        [
            "number: expected a whole number, found a text",
            "big: expected a whole number from 0, found a number",
            "on: expected true or false, found a text",
            "name: expected a text, found an object",
            "items[1]: expected an object, found a number",
            "items[2].n: expected a whole number, found an array",
            "members: expected JSON in a text, found a text",
            "one: expected an object, found an array",
        ]
    );
    assert_eq!(got.data.items.len(), 2);
    assert_eq!(got.data.sex, Some(Sex::Other(Scalar::from(9_i64))));
    for odd in ["[1]", "\"text\"", "7"] {
        assert_eq!(data(odd).issues().len(), 1, "{odd}");
        assert_eq!(data(odd).raw_data(), odd);
    }
}

#[test]
fn the_envelope_decides() {
    let good =
        reply(" {\"msg\":\"好\",\"code\":1000,\"data\" : {\"number\":1} , \"x\":1} ").unwrap();
    assert_eq!(
        (good.code(), good.message(), good.status(), good.raw_data()),
        ("1000", "好", 200, "{\"number\":1}")
    );
    assert!(good.body().ends_with("\"x\":1} "));

    let bad = reply(r#"{"code":"1001","message":"no such \"wId\"","data":"text"}"#).unwrap_err();
    assert_eq!(
        (bad.kind(), bad.code(), bad.message()),
        (ErrorKind::Vendor, Some("1001"), Some("no such \"wId\""))
    );
    assert_eq!(
        bad.to_string(),
        "acme_send (/send): code 1001: no such \"wId\""
    );
    assert!(!bad.may_have_been_executed());

    for broken in [
        "",
        "[]",
        "{\"code\":1000",
        "<html><title>Login</title>token",
        "{\"data\":{}}",
        "\"1000\"",
    ] {
        let error = reply(broken).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Undecodable, "{broken}");
        assert!(error.may_have_been_executed() && error.body() == Some(broken));
        assert!(!format!("{error:?} {error}").contains("token"));
    }
    let error = read(
        &SEND,
        "/send",
        HttpResponse::new(502, "<title>Bad\nGateway</title>"),
    )
    .err()
    .unwrap();
    assert_eq!(
        error.to_string(),
        "acme_send (/send): HTTP status 502: Bad Gateway"
    );
}

#[test]
fn bytes_that_are_no_text_cost_one_character_and_are_said() {
    let body = b"{\"code\":1000,\"data\":{\"number\":1,\"x\":\"\xe4\xbd!\"}}".to_vec();
    let reply = read_reply::<Send>(HttpResponse::new(200, body)).unwrap();
    let issues: Vec<String> = reply.issues().iter().map(ToString::to_string).collect();
    assert_eq!(
        issues,
        ["data: expected UTF-8, found U+FFFD in place of bytes that are none"]
    );
    assert!(reply.body().contains("\u{fffd}!"));
}

#[cfg(feature = "serialize")]
#[test]
fn serde_sees_what_would_travel() {
    use crate::runtime::serialize_object;
    let text = serialize_object(&full(), serde_json::value::Serializer)
        .unwrap()
        .to_string();
    let wire: serde_json::Value = serde_json::from_str(&write(&SEND, &[], &full())).unwrap();
    assert_eq!(text, wire.to_string());
}
