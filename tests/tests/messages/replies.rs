//! Every documented reply decodes without an issue, every key of it into a typed field.

use std::collections::BTreeMap;

use catalog::load::{Loaded, Origin};
use catalog::model::SampleRole;
use generated_sdk::HttpResponse;
use generated_sdk::runtime::{Request, read_reply};
use serde::Serialize;
use serde_json::Value;
use tests::types::{Visitor, visit};
use tests::{committed, read, shown};

use super::{assert_keys, filled};

/// Answers each request with what the documents print.
struct Answers {
    documented: BTreeMap<String, Vec<Value>>,
    decoded: usize,
}

impl Visitor for Answers {
    fn request<R>(&mut self, provider: &'static str, _: Option<&'static str>, id: &'static str)
    where
        R: Request,
        R::Reply: Serialize,
    {
        if provider != "padchat" {
            return;
        }
        for example in self.documented.remove(id).unwrap_or_default() {
            let decode = |answer: &Value| {
                let answer = HttpResponse::new(200, answer.to_string());
                read_reply::<R>(answer).unwrap_or_else(|error| panic!("{id}: {error}"))
            };
            let reply = decode(&example);
            assert!(reply.issues().is_empty(), "{id}: {:?}", reply.issues());
            let reply = decode(&filled(&example));
            let written = serde_json::to_value(&reply.data).expect("serialises");
            if let Some(data) = example.get("data").filter(|data| data.is_object()) {
                assert_keys(data, &unfolded(&written), &[], id);
            }
            self.decoded += 1;
        }
    }
}

/// What stands as JSON in a text, as itself.
fn unfolded(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .map(|(key, value)| (key.clone(), unfolded(value)))
            .collect(),
        Value::String(text) if text.starts_with(['[', '{']) => {
            serde_json::from_str(text).unwrap_or_else(|_| value.clone())
        }
        other => other.clone(),
    }
}

/// Decodes every documented answer; how many there are.
pub(super) fn check(loaded: &Loaded) -> usize {
    let mut documented: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for operation in loaded.provider.operations() {
        let samples = operation.samples.iter();
        let replies = samples.filter(|sample| sample.role == SampleRole::Reply);
        let replies = replies.map(shown);
        documented.insert(operation.id.clone(), replies.collect());
    }
    let mut answers = Answers {
        documented,
        decoded: 0,
    };
    visit(&mut answers);
    assert!(answers.documented.is_empty(), "{:?}", answers.documented);
    answers.decoded
}

#[test]
fn every_documented_answer_decodes_key_for_key() {
    let (loaded, _) = read(&committed("padchat"), Origin::Specs);
    assert!(check(&loaded) >= 27);
}

#[test]
fn a_member_that_is_json_in_a_text_is_typed() {
    let answer = r#"{"cmdId":"1","success":true,"msg":null,"type":"cmdRet","data":{
        "UserName":"1@chatroom","Count":1,"Member":"[{\"NickName\":\"n\",\"UserName\":\"u\"}]"}}"#;
    let reply = read_reply::<generated_sdk::padchat::qun_guan_li::GetRoomMembers>(
        HttpResponse::new(200, answer),
    )
    .expect("a success");
    assert!(reply.issues().is_empty());
    let [member] = reply.data.member.as_slice() else {
        panic!("{:?}", reply.data);
    };
    assert_eq!(member.nick_name.as_deref(), Some("n"));
    assert_eq!(member.user_name.as_ref().map(|id| id.as_str()), Some("u"));
}

#[test]
fn what_the_gateway_refuses_is_an_error_with_its_words() {
    let answer = r#"{"cmdId":"1","success":false,"msg":"未登录","type":"cmdRet"}"#;
    let answer = HttpResponse::new(200, answer);
    let error = read_reply::<generated_sdk::padchat::yong_hu_guan_li::GetContact>(answer)
        .expect_err("a refusal");
    assert_eq!(error.message(), Some("未登录"));
    assert_eq!(error.kind(), generated_sdk::ErrorKind::Vendor);
}
