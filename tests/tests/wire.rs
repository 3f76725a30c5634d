//! Every operation on the wire: an application calls them all over loopback, and what arrives is
//! compared with the catalog; what the catalog documents as replies is decoded whole.

use std::collections::BTreeMap;
use std::fmt::Debug;

use catalog::load::{Loaded, Origin};
use catalog::model::{Field, Operation, SampleRole, Type};
use generated_sdk::{Error, Reply, dami, eyun};
use serde_json::{Map, Value, json};
use tests::loopback::{Answer, Received, Server};
use tests::{committed, read};

/// How one call ended.
pub struct Outcome {
    id: &'static str,
    result: Result<Vec<String>, String>,
    data: String,
}

fn outcome<T: Debug>(id: &'static str, result: Result<Reply<T>, Error>) -> Outcome {
    match result {
        Ok(reply) => Outcome {
            id,
            result: Ok(reply.issues().iter().map(ToString::to_string).collect()),
            data: format!("{:?}", reply.data),
        },
        Err(error) => Outcome {
            id,
            result: Err(error.to_string()),
            data: String::new(),
        },
    }
}

mod eyun_calls {
    use super::{Outcome, eyun, outcome};

    include!(concat!(env!("OUT_DIR"), "/calls_eyun.rs"));
}

mod dami_calls {
    use super::{Outcome, dami, outcome};

    include!(concat!(env!("OUT_DIR"), "/calls_dami.rs"));
}

/// What the catalog says must arrive for a parameter of an application that gives `v-<name>`.
fn expected(field: &Field) -> Value {
    let element = |letter: &str| one(field, letter);
    if let Some(separator) = &field.list {
        let text = |letter| {
            element(letter)
                .as_str()
                .expect("a list of texts")
                .to_owned()
        };
        return json!(format!("{}{separator}{}", text("v"), text("w")));
    }
    match field.ty {
        Type::List(_) => json!([element("v"), element("w")]),
        _ => element("v"),
    }
}

fn one(field: &Field, letter: &str) -> Value {
    let ty = match field.ty {
        Type::List(item) => item.ty(),
        ty => ty,
    };
    if !field.fields.is_empty() {
        return Value::Object(
            field
                .fields
                .iter()
                .map(|inner| (inner.wire.clone(), expected(inner)))
                .collect(),
        );
    }
    if let Some(first) = field.values.first() {
        return match ty {
            Type::Integer => json!(first.value.parse::<i64>().expect("a number")),
            _ => json!(first.value),
        };
    }
    match ty {
        Type::Text => json!(format!("{letter}-{}", field.wire)),
        Type::Integer => json!(9_007_199_254_740_993_i64),
        Type::Unsigned => json!(u64::MAX),
        Type::Number => json!(1.5),
        Type::Boolean | Type::Object | Type::Any | Type::List(_) => json!(true),
    }
}

fn expected_body(operation: &Operation) -> Value {
    let mut body: Map<String, Value> = operation
        .params
        .iter()
        .map(|field| {
            let value = if field.session {
                json!("instance-1")
            } else {
                expected(field)
            };
            (field.wire.clone(), value)
        })
        .collect();
    body.insert("undocumented".to_owned(), json!(1));
    Value::Object(body)
}

/// The documented reply of each path; a path that two operations share has the same reply in both.
fn documented_replies(loaded: &Loaded) -> BTreeMap<String, String> {
    let reply = |operation: &Operation| {
        let sample = operation
            .samples
            .iter()
            .find(|sample| sample.role == SampleRole::Reply)?;
        Some((
            format!("/prefix{}", operation.wire),
            sample.value.to_string(),
        ))
    };
    loaded.provider.operations().filter_map(reply).collect()
}

async fn called(
    answer: impl Fn(&Received) -> Answer + Send + Sync + 'static,
) -> (Vec<Outcome>, Vec<Received>) {
    let server = Server::start(answer).await;
    let client = eyun::Client::builder(format!("{}/prefix/", server.url))
        .authorization("token-1")
        .build()
        .expect("a client");
    let wx = client.instance("instance-1");
    let done = eyun_calls::call_all(&client, &wx).await;
    let received = server.received();
    (done, received)
}

fn documented<'a>(loaded: &'a Loaded, id: &str) -> &'a Operation {
    let mut operations = loaded.provider.operations();
    let found = operations.find(|operation| operation.id == id);
    found.expect("an operation of the catalog")
}

#[tokio::test]
async fn every_operation_sends_what_the_catalog_says() {
    let (loaded, _) = read(&committed("eyun"), Origin::Catalog);
    let (done, received) =
        called(|_| Answer::json(r#"{"code":"1000","message":"ok","data":null}"#)).await;
    assert_eq!((done.len(), received.len()), (127, 127));
    for (outcome, request) in done.iter().zip(&received) {
        let operation = documented(&loaded, outcome.id);
        assert_eq!(
            request.method,
            operation.method.clone().unwrap_or_default(),
            "{}",
            outcome.id
        );
        assert_eq!(
            request.path,
            format!("/prefix{}", operation.wire),
            "{}",
            outcome.id
        );
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        assert_eq!(
            header("content-type"),
            Some("application/json"),
            "{}",
            outcome.id
        );
        assert_eq!(
            header("authorization"),
            operation.auth.then_some("token-1"),
            "{}",
            outcome.id
        );
        let body: Value = serde_json::from_slice(&request.body).expect("JSON");
        assert_eq!(body, expected_body(operation), "{}", outcome.id);
        assert_eq!(outcome.result, Ok(Vec::new()), "{}", outcome.id);
    }
}

#[tokio::test]
async fn every_documented_reply_is_decoded_without_an_issue() {
    let (loaded, _) = read(&committed("eyun"), Origin::Catalog);
    let replies = documented_replies(&loaded);
    let count = replies.len();
    let (done, _) = called(move |request| match replies.get(&request.path) {
        Some(reply) => Answer::json(reply.clone()),
        None => Answer::json(r#"{"code":1000}"#),
    })
    .await;
    assert!(count > 120, "{count} documented replies");
    for outcome in done {
        assert_eq!(
            outcome.result,
            Ok(Vec::new()),
            "{}: {}",
            outcome.id,
            outcome.data
        );
    }
}

/// Replies as they are seen, not as they are documented.
#[tokio::test]
async fn a_success_is_never_an_error() {
    let shapes = [
        r#"{"code":1000,"msg":"ok"}"#,
        r#"{"code":"1000","message":"ok","data":null}"#,
        r#"{"code":"1000","message":"ok","data":""}"#,
        r#"{"code":"1000","message":"ok","data":"done"}"#,
        r#"{"code":"1000","message":"ok","data":[]}"#,
        r#"{"code":"1000","message":"ok","data":[1,"x",null,{"unknown":{}}]}"#,
        r#"{"code":"1000","message":"ok","data":{"unknown":[[]],"sex":"neither","status":{},"wcId":17}}"#,
        r#"{"code":"1000","message":null,"data":true}"#,
        "\u{feff}{\"code\":\"1000\",\"data\":{}}",
    ];
    for shape in shapes {
        let (done, _) = called(move |_| Answer::Body(200, "text/plain", shape.to_owned())).await;
        for outcome in done {
            assert!(
                outcome.result.is_ok(),
                "{}: {shape}: {:?}",
                outcome.id,
                outcome.result
            );
        }
    }
}

#[tokio::test]
async fn a_failure_is_an_error_whatever_its_data_is() {
    for shape in [
        r#"{"code":"1001","message":"参数错误","data":{"wId":1}}"#,
        r#"{"code":1001,"msg":"参数错误","data":[[]]}"#,
        r#"{"code":"1001","message":"参数错误"}"#,
    ] {
        let (done, _) = called(move |_| Answer::json(shape)).await;
        for outcome in done {
            let error = outcome.result.expect_err(outcome.id);
            assert!(
                error.contains("1001") && error.contains("参数错误"),
                "{error}"
            );
        }
    }
}

/// A form's pairs, decoded.
fn form(body: &[u8]) -> BTreeMap<String, String> {
    let decode = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            bytes.push(match byte {
                b'+' => b' ',
                b'%' => {
                    let digits = [rest.next(), rest.next()].map(|digit| digit.expect("two digits"));
                    let digits = std::str::from_utf8(&digits).expect("ASCII").to_owned();
                    u8::from_str_radix(&digits, 16).expect("a number")
                }
                byte => byte,
            });
        }
        String::from_utf8(bytes).expect("UTF-8")
    };
    let text = std::str::from_utf8(body).expect("a form is ASCII");
    text.split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

#[tokio::test]
async fn every_operation_of_a_form_gateway_sends_what_the_catalog_says() {
    let (loaded, _) = read(&committed("dami"), Origin::Catalog);
    let server = Server::start(|_| Answer::json(r#"{"code":1,"msg":"ok"}"#)).await;
    let client = dami::Client::builder(&server.url)
        .authorization("token-1")
        .build()
        .expect("a client");
    let done = dami_calls::call_all(&client, &client.account("instance-1")).await;
    let received = server.received();
    assert_eq!((done.len(), received.len()), (39, 39));
    for (outcome, request) in done.iter().zip(&received) {
        let operation = documented(&loaded, outcome.id);
        assert_eq!(
            request.path, operation.wire,
            "{}: the case of paths is kept",
            outcome.id
        );
        let header = |name: &str| request.headers.get(name).map(String::as_str);
        assert_eq!(
            header("content-type"),
            Some("application/x-www-form-urlencoded"),
            "{}",
            outcome.id
        );
        assert_eq!(
            header("token"),
            operation.auth.then_some("token-1"),
            "{}",
            outcome.id
        );
        let Value::Object(expected) = expected_body(operation) else {
            panic!("a body is an object")
        };
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let expected: BTreeMap<String, String> = expected
            .iter()
            .map(|(name, value)| (name.clone(), text(value)))
            .collect();
        assert_eq!(form(&request.body), expected, "{}", outcome.id);
        assert_eq!(outcome.result, Ok(Vec::new()), "{}", outcome.id);
    }
}
