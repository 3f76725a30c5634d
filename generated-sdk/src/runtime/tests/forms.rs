//! What the generator relies on: ids, choices, other spellings, XML, the session's values.

use super::{API, MsgId, Sex, WId};
use crate::runtime::{
    Api, BodyFormat, BoxFuture, Builder, Core, Data, HttpRequest, HttpResponse, Json, Operation,
    Reply, Request, Scalar, Session, Text, ToObject, Transport, TransportError, Visit, XmlText,
    read_reply, received,
};
use std::collections::HashSet;
use std::error::Error as _;

/// A request without parameters.
#[derive(Clone)]
struct Ask;

impl ToObject for Ask {
    fn members(&self, _: Visit<'_>) {}
}

static ASK: Operation = Operation::new(&API, "acme_ask", "acme_ask", "/ask");

impl Request for Ask {
    type Reply = Told;
    type Scope = ();
    const OPERATION: &'static Operation = &ASK;
}

/// A reply with several spellings and a text that holds XML.
#[derive(Clone, Default)]
struct Told {
    msg_type: Option<i64>,
    is_self: Option<bool>,
    note: Option<String>,
    xmlmsg: Option<XmlText<Bill>>,
}

received!(Told {
    msg_type = "msgType" | "msg_type",
    is_self = "self" | "slef",
    note = "note",
    xmlmsg = "xmlmsg",
});

/// What stands in the XML.
#[derive(Clone, Default)]
struct Bill {
    paysubtype: Option<i64>,
    feedesc: Option<String>,
    paymemo: Option<String>,
    len: Option<u64>,
}

received!(Bill {
    paysubtype = "paysubtype",
    feedesc = "feedesc",
    paymemo = "pay_memo",
    len = "len",
});

fn told(data: &str) -> Reply<Told> {
    let body = format!(r#"{{"code":"1000","data":{data}}}"#);
    read_reply::<Ask>(HttpResponse::new(200, body)).unwrap()
}

struct Nowhere;

impl Transport for Nowhere {
    fn send(&self, _: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        Box::pin(async { Err(TransportError::not_sent("nowhere")) })
    }
}

#[tokio::test(flavor = "current_thread")]
async fn a_transport_says_whether_the_request_left() {
    let builder = Builder::<Core>::new("http://h")
        .transport(Nowhere)
        .no_retry();
    let error = builder.build().unwrap().call(&Ask).await.unwrap_err();
    assert_eq!(error.to_string(), "acme_ask (/ask): not sent");
    assert!(!error.may_have_been_executed() && error.source().unwrap().to_string() == "nowhere");
}

fn instance(core: Core, w_id: impl Into<WId>) -> Session {
    Session::new(core, vec![w_id.into().into()])
}

fn account(core: Core, name: impl Into<String>) -> Session {
    Session::new(core, vec![name.into().into()])
}

#[test]
fn a_session_is_opened_with_an_id_or_a_text() {
    let core = || {
        let builder = Builder::<Core>::new("http://h");
        builder.transport(Nowhere).build().unwrap()
    };
    let id = WId::from(7_u64);
    let text = String::from("7");
    for session in [
        instance(core(), "7"),
        instance(core(), 7),
        instance(core(), String::from("7")),
        instance(core(), &text),
        instance(core(), &id),
        instance(core(), Scalar::from("7")),
        account(core(), "7"),
    ] {
        assert_eq!(session.values(), [Scalar::from("7")]);
        fn rebind(session: &Session, w_id: impl Into<WId>) {
            session.rebind(0, w_id.into().into());
        }
        rebind(&session.clone(), id.clone());
        assert_eq!(session.values(), [Scalar::from(7_i64)]);
    }
}

#[test]
fn ids_are_equal_if_they_read_the_same() {
    let id = MsgId::from(-5_i64);
    assert!(id == "-5" && id == *"-5" && id != "5");
    assert_eq!(
        HashSet::from([id.clone(), MsgId::from("-5"), MsgId::from(-5)]).len(),
        1
    );
    assert_eq!(
        (id.to_string(), format!("{id:?}")),
        ("-5".into(), "-5".into())
    );
    assert_eq!(format!("{:?}", MsgId::from("x")), "\"x\"");
    assert!(MsgId::from("").as_scalar().is_empty());
}

#[test]
fn a_choice_is_its_variant_however_it_is_written() {
    for male in [
        Sex::from(1),
        Sex::from(1_u64),
        Sex::from("1"),
        Sex::from(String::from("1")),
        Sex::from(Scalar::from(1_i64)),
    ] {
        assert_eq!(male, Sex::Male);
    }
    let other = Sex::from(9);
    assert_eq!(other, Sex::Other(Scalar::from("9")));
    assert_eq!((other.as_str(), other.to_string().as_str()), ("9", "9"));
    fn number(sex: impl Into<Sex>) -> Sex {
        sex.into()
    }
    assert_eq!(number(2), Sex::Female);
    let mut object = Json::object([("a", Json::from(0.5))]);
    assert_eq!(object.as_str(), r#"{"a":0.5}"#);
    object = Json::from(f64::NAN);
    assert_eq!(object, Json::null());
}

#[test]
fn other_spellings_fill_the_same_slot() {
    for data in [
        r#"{"msgType":1,"self":true}"#,
        r#"{"msg_type":"1","slef":1}"#,
        r#"{"msg_type":1,"msgType":null,"self":"true","slef":""}"#,
        r#"{"msgType":1,"msg_type":"null","slef":true}"#,
    ] {
        let told = told(data);
        assert_eq!(
            (told.data.msg_type, told.data.is_self, told.issues()),
            (Some(1), Some(true), &[][..]),
            "{data}"
        );
    }
    let told = told(r#"{"msg_type":[]}"#);
    assert_eq!(
        told.issues()[0].to_string(),
        "msgType: expected a whole number, found an array"
    );
}

#[test]
fn words_that_only_look_empty_are_texts() {
    for text in ["(null)", "None", "nil", " "] {
        let told = told(&format!(r#"{{"note":"{text}"}}"#));
        assert_eq!(told.data.note.as_deref(), Some(text));
    }
}

#[test]
fn xml_in_a_text_is_read_and_kept() {
    let xml = concat!(
        "<msg len=\"12\"><appmsg appid=\"\"><title><![CDATA[微信转账]]></title><wcpayinfo><paysubtype>1</paysubtype>",
        "<feedesc><![CDATA[￥0.10]]></feedesc><pay_memo><![CDATA[]]></pay_memo></wcpayinfo></appmsg></msg>"
    );
    let told = told(&Json::object([("xmlmsg", Json::from(xml))]).to_string());
    assert_eq!(told.issues(), []);
    let bill = told.data.xmlmsg.clone().unwrap();
    assert_eq!(bill.raw(), xml);
    assert_eq!(
        (
            bill.data.paysubtype,
            bill.data.feedesc.as_deref(),
            bill.data.paymemo.as_deref(),
            bill.data.len
        ),
        (Some(1), Some("￥0.10"), None, Some(12))
    );
    let shown = format!("{bill:?}");
    assert!(
        shown.contains("paysubtype: Some(1)") && !shown.contains("微信转账"),
        "{shown}"
    );
    let mut body = String::new();
    told.data
        .members(&mut |entries| body.push_str(entries[3].0));
    assert_eq!(body, "xmlmsg");
}

#[test]
fn what_is_no_xml_is_an_issue_and_kept_all_the_same() {
    let got = told(r#"{"xmlmsg":"wxid_1: hello"}"#);
    assert_eq!(got.data.xmlmsg.as_ref().unwrap().raw(), "wxid_1: hello");
    assert_eq!(
        got.issues()[0].to_string(),
        "xmlmsg: expected XML in a text, found another text"
    );
    let got = told(r#"{"xmlmsg":"<m><paysubtype>soon</paysubtype></m>"}"#);
    assert_eq!(
        got.issues()[0].to_string(),
        "xmlmsg.paysubtype: expected a whole number, found a text"
    );
    let got = told(r#"{"xmlmsg":{"paysubtype":3}}"#);
    let bill = got.data.xmlmsg.unwrap();
    assert_eq!(
        (bill.data.paysubtype, bill.raw()),
        (Some(3), r#"{"paysubtype":3}"#)
    );
    for empty in ["null", "\"\""] {
        let got = told(&format!(r#"{{"xmlmsg":{empty}}}"#));
        assert!(got.data.xmlmsg.is_none() && got.issues().is_empty());
    }
    assert_eq!(told(r#"{"xmlmsg":[1]}"#).issues().len(), 1);
}

#[test]
fn raw_calls_of_a_form_api_are_forms() {
    static FORM: Api = Api {
        format: BodyFormat::Form,
        ..super::API
    };
    static RAW: Operation = Operation::new(&FORM, "call_raw", "call_raw", "");
    let body: Json = r#"{"a":"x y","b":1,"c":{"d":[]},"e":null}"#.parse().unwrap();
    assert_eq!(
        crate::runtime::call::wire::write_raw(&RAW, &body),
        "a=x+y&b=1&c=%7B%22d%22%3A%5B%5D%7D&e=null"
    );
    assert_eq!(
        crate::runtime::call::wire::write_raw(&RAW, &Json::null()),
        ""
    );
    assert_eq!(
        crate::runtime::call::wire::write_raw(&ASK, &body),
        body.as_str()
    );
    // Only an object has fields: a text of JSON would be an empty form.
    let misuse = |body: &Json| crate::runtime::call::wire::no_form(&RAW, body);
    assert!(misuse(&Json::from(body.as_str())).is_some_and(|said| said.contains("parse")));
    assert!(misuse(&Json::array([body.clone()])).is_some());
    assert_eq!((misuse(&body), misuse(&Json::null())), (None, None));
    assert_eq!(
        crate::runtime::call::wire::no_form(&ASK, &Json::from("a")),
        None
    );
}

#[test]
fn what_a_caller_adds_to_a_form_stands_without_quotes() {
    struct Added(Vec<(String, Json)>);
    impl ToObject for Added {
        fn members(&self, _: Visit<'_>) {}
        fn extra(&self) -> &[(String, Json)] {
            &self.0
        }
    }
    static FORM: Api = Api {
        format: BodyFormat::Form,
        ..super::API
    };
    static RAW: Operation = Operation::new(&FORM, "added", "added", "");
    let added = [
        ("text", Json::from("say \"你\"\n")),
        ("number", Json::from(7)),
        ("list", Json::array([Json::from("a")])),
    ];
    let added = Added(added.map(|(key, value)| (key.to_owned(), value)).into());
    assert_eq!(
        crate::runtime::call::wire::write(&RAW, &[], &added),
        "text=say+%22%E4%BD%A0%22%0A&number=7&list=%5B%22a%22%5D"
    );
}

#[test]
fn what_is_documented_beside_the_code_is_found_one_level_deeper_too() {
    struct Look;
    static LOOK: Operation = Operation {
        data: Data::Envelope,
        ..Operation::new(&API, "acme_look", "acme_look", "/look")
    };
    impl ToObject for Look {
        fn members(&self, _: Visit<'_>) {}
    }
    impl Request for Look {
        type Reply = Told;
        type Scope = ();
        const OPERATION: &'static Operation = &LOOK;
    }
    for (body, expected) in [
        (r#"{"code":"1000","note":"beside"}"#, Some("beside")),
        (
            r#"{"code":"1000","data":{"note":"deeper"}}"#,
            Some("deeper"),
        ),
        (
            r#"{"data":{"note":"deeper"},"code":1000,"note":"beside"}"#,
            Some("beside"),
        ),
        (r#"{"code":"1000","data":[{"note":"deeper"}]}"#, None),
        (r#"{"code":"1000","data":"note"}"#, None),
    ] {
        let reply = read_reply::<Look>(HttpResponse::new(200, body)).unwrap();
        assert_eq!(reply.data.note.as_deref(), expected, "{body}");
        assert!(reply.issues().is_empty(), "{body}");
    }
}

#[test]
fn fields_say_whether_a_choice_is_a_number_or_a_text() {
    struct Both(Sex);
    impl ToObject for Both {
        fn members(&self, visit: Visit<'_>) {
            visit(&[
                ("text", &Text(&self.0)),
                ("number", &crate::runtime::Number(&self.0)),
            ]);
        }
    }
    let written = |sex| crate::runtime::call::wire::write(&ASK, &[], &Both(sex));
    assert_eq!(written(Sex::Male), r#"{"text":"1","number":1}"#);
    assert_eq!(written(Sex::from(7)), r#"{"text":"7","number":7}"#);
    assert_eq!(written(Sex::from("x")), r#"{"text":"x","number":"x"}"#);
    assert_eq!(
        written(Sex::from("007")),
        r#"{"text":"007","number":"007"}"#
    );
}

#[cfg(feature = "serialize")]
#[test]
fn macros_serialise() {
    let mut told = told(r#"{"msg_type":1,"xmlmsg":"<a/>"}"#).data;
    told.note = Some("x".to_owned());
    assert_eq!(
        serde_json::to_string(&told).unwrap(),
        r#"{"msgType":1,"note":"x","xmlmsg":"<a/>"}"#
    );
    let values = (MsgId::from(7), MsgId::from("7"), Sex::Male, Sex::from(9));
    assert_eq!(serde_json::to_string(&values).unwrap(), r#"[7,"7","1",9]"#);
}
