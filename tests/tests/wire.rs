//! Every operation of every provider on the wire: an application calls them all over loopback, and what arrives is
//! compared with the catalog; what the catalog documents as replies is decoded whole. Calls that are messages are
//! compared as they are written.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::sync::Arc;

use application::{EXAMPLES, MESSAGES, call_all};
use catalog::config::{Config, Transport};
use catalog::load::Origin;
use catalog::model::{Described, Encoding, Field, Operation, Place, SampleRole, Type};
use generated_sdk::{Error, Reply};
use generator::case::Words;
use serde_json::{Map, Value, json};
use tests::loopback::{Answer, Received, Server};
use tests::{committed, providers, read};

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

#[allow(deprecated, reason = "what is struck through is called as well")]
mod application {
    use super::{Outcome, outcome};

    include!(concat!(env!("OUT_DIR"), "/calls.rs"));
}

/// What the catalog says must arrive for a parameter of an application that gives `v-<name>`.
fn expected(field: &Field) -> Value {
    let element = |letter: &str| one(field, letter);
    if let Some(always) = field.always() {
        return always.parse().expect("JSON");
    }
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
        let members = field.fields.iter();
        let object: Value = members
            .map(|inner| (inner.wire.clone(), expected(inner)))
            .collect();
        return match field.encoding {
            Encoding::JsonText => json!(object.to_string()),
            _ => object,
        };
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

fn method(operation: &Operation) -> &str {
    operation.method.as_deref().unwrap_or_default()
}

/// An API as its catalog describes it.
struct Documented {
    /// `wequick/v2`.
    name: String,
    config: Config,
    part: Option<String>,
    operations: Vec<Arc<Operation>>,
}

/// A field with its members, wherever they are described; none if it is a structure that stands in itself.
fn whole(described: Described<'_>, field: &Field, around: &[&str]) -> Option<Field> {
    let structure = field.structure.as_deref();
    if structure.is_some_and(|name| around.contains(&name)) {
        return None;
    }
    let around: Vec<&str> = around.iter().copied().chain(structure).collect();
    let members = described.members(field).iter();
    let members = members.filter_map(|member| whole(described, member, &around));
    Some(Field {
        fields: members.collect(),
        ..field.clone()
    })
}

/// Every API of every provider whose calls are HTTP requests, or messages.
fn documented(are_messages: bool) -> Vec<Documented> {
    let mut apis = Vec::new();
    for id in providers() {
        let (loaded, _) = read(&committed(&id), Origin::Catalog);
        let transport = loaded.config.transport;
        if matches!(transport, Transport::Websocket | Transport::Poll) != are_messages {
            continue;
        }
        let parts = loaded
            .provider
            .modules
            .iter()
            .map(|module| module.api.clone());
        for part in parts.collect::<BTreeSet<_>>() {
            let modules = loaded.provider.modules.iter();
            let modules = modules.filter(|module| module.api == part);
            let operations = modules.flat_map(|module| module.operations.clone());
            let operations = operations.map(|mut operation| {
                let described = loaded.provider.described(part.as_deref());
                let params = operation.params.iter();
                let params = params.filter_map(|field| whole(described, field, &[]));
                Arc::make_mut(&mut operation).params = params.collect();
                operation
            });
            let ident = Words::of_wire(&id).snake();
            apis.push(Documented {
                name: part.iter().fold(ident, |name, part| {
                    format!("{name}/{}", Words::of_wire(part).snake())
                }),
                config: loaded.config.clone(),
                operations: operations.collect(),
                part,
            });
        }
    }
    assert!(!apis.is_empty());
    apis
}

impl Documented {
    fn operation(&self, id: &str) -> &Operation {
        let found = self.operations.iter().find(|operation| operation.id == id);
        found.unwrap_or_else(|| panic!("{}: {id}", self.name))
    }

    /// Parameters that are given, each with its value and where it stands; a message carries nothing of a session here.
    fn given<'o>(
        operation: &'o Operation,
        session: Option<&Value>,
    ) -> impl Iterator<Item = (&'o Field, Value)> {
        let either = operation.either.iter();
        let skipped = either.flat_map(|either| either.params.iter().skip(1));
        let skipped: Vec<&String> = skipped.collect();
        let fields = operation.params.iter();
        let fields = fields.filter(move |field| !skipped.contains(&&field.wire));
        fields.filter_map(move |field| match session {
            _ if !field.session => Some((field, expected(field))),
            session => Some((field, session?.clone())),
        })
    }

    /// The path and the query that must arrive, escaped by nothing that parameters of an application need.
    fn address(operation: &Operation, session: Option<&Value>) -> (String, Vec<String>) {
        let (mut path, mut query) = (operation.wire.clone(), Vec::new());
        for (field, value) in Self::given(operation, session) {
            let one = |value: &Value| {
                value
                    .as_str()
                    .map_or_else(|| value.to_string(), str::to_owned)
            };
            match field.place {
                Place::Path => path = path.replace(&format!("{{{}}}", field.wire), &one(&value)),
                Place::Query => {
                    let values = value.as_array().cloned().unwrap_or_else(|| vec![value]);
                    let pairs = values.iter();
                    query.extend(pairs.map(|value| format!("{}={}", field.wire, one(value))));
                }
                Place::Payload | Place::Envelope | Place::Header => {}
            }
        }
        query.extend((method(operation) == "GET").then(|| "undocumented=1".to_owned()));
        (path, query)
    }

    /// What must arrive in the body.
    fn body(&self, operation: &Operation, session: Option<&Value>) -> Value {
        let layout = self.config.layouts(self.part.as_deref()).request;
        let (mut body, mut payload) = (Map::new(), Map::new());
        let given = Self::given(operation, session);
        for (field, value) in given.filter(|(field, _)| field.place.outside().is_none()) {
            let is_beside = field.session || field.place == Place::Envelope;
            let place = if is_beside { &mut body } else { &mut payload };
            place.insert(field.wire.clone(), value);
        }
        // A message that has nothing inside, and whose examples have no inside, goes without.
        let wrap = layout.payload.as_ref().filter(|key| {
            let samples = operation.samples.iter();
            let mut requests = samples.filter(|one| one.role == SampleRole::Request);
            !payload.is_empty() || requests.all(|one| one.value.get(key.as_str()).is_some())
        });
        payload.insert("undocumented".to_owned(), json!(1));
        body.extend(
            layout
                .command
                .iter()
                .map(|key| (key.clone(), json!(operation.wire))),
        );
        match wrap {
            Some(key) => drop(body.insert(key.clone(), Value::Object(payload))),
            None => body.extend(payload),
        }
        Value::Object(body)
    }

    /// Headers and members that go with every call, as they are declared.
    fn goes_along(&self, operation: &Operation, request: &Received) {
        let layout = self.config.layouts(self.part.as_deref()).request;
        let method = method(operation);
        let is_version = |text: &str| text.split('.').all(|part| part.parse::<u32>().is_ok());
        for header in &layout.header {
            let is_meant =
                header.methods.is_empty() || header.methods.iter().any(|one| one == method);
            let value = request.headers.get(&header.name.to_ascii_lowercase());
            let is_right = value.is_some_and(|value| match header.value.as_str() {
                "{version_number}" => value.parse::<u32>().is_ok(),
                "{random_u32_base64}" => value.len().is_multiple_of(4) && value.len() > 3,
                constant => value == constant,
            });
            assert_eq!(is_right, is_meant, "{}: {}", operation.id, header.name);
        }
        for with in layout
            .with
            .iter()
            .filter(|_| operation.auth && method != "GET")
        {
            let pointer = format!("/{}", with.param.replace('.', "/"));
            let body = sent(request, false);
            let value = body.pointer(&pointer).and_then(Value::as_str);
            let is_right = match with.json().as_deref() {
                Some("\"{version}\"") => value.is_some_and(is_version),
                declared => value.map(|value| json!(value).to_string()).as_deref() == declared,
            };
            assert!(is_right, "{}: {}: {value:?}", operation.id, with.param);
        }
    }

    /// A body without the members that go with every call.
    fn without_along(&self, mut body: Value) -> Value {
        let layout = self.config.layouts(self.part.as_deref()).request;
        let names = layout
            .with
            .iter()
            .filter_map(|with| with.param.split('.').next());
        for name in names {
            body.as_object_mut().and_then(|body| body.remove(name));
        }
        body
    }

    /// An answer that says nothing but that all went well.
    fn success(&self, path: &str) -> String {
        let reply = self.config.layouts(self.part.as_deref()).reply;
        let of = self
            .operations
            .iter()
            .find(|operation| path.ends_with(&operation.wire));
        let codes = of.map_or(&*reply.success, |operation| {
            operation.success(&reply.success)
        });
        let code = reply
            .code
            .iter()
            .zip(codes)
            .map(|(key, code)| (key.clone(), json!(code)));
        Value::Object(code.collect()).to_string()
    }

    /// The documented reply of each path; a path that two operations share has the same reply in both.
    fn replies(&self) -> BTreeMap<String, String> {
        let reply = |operation: &Arc<Operation>| {
            let mut samples = operation.samples.iter();
            let sample = samples.find(|sample| sample.role == SampleRole::Reply)?;
            Some((
                format!("/prefix{}", operation.wire),
                sample.value.to_string(),
            ))
        };
        self.operations.iter().filter_map(reply).collect()
    }

    async fn called(
        &self,
        answer: impl Fn(&Received) -> Answer + Send + Sync + 'static,
    ) -> (Vec<Outcome>, Vec<Received>) {
        let server = Server::start(answer).await;
        let done = call_all(&self.name, &format!("{}/prefix/", server.url)).await;
        let received = server.received();
        assert_eq!(done.len(), self.operations.len(), "{}", self.name);
        (done, received)
    }
}

/// The path without its query.
fn asked(path: &str) -> &str {
    path.split_once('?').map_or(path, |(path, _)| path)
}

/// What an operation sent, as JSON: of a form every value is a text.
fn sent(request: &Received, is_form: bool) -> Value {
    if is_form {
        return form(&request.body)
            .into_iter()
            .map(|(name, value)| (name, json!(value)))
            .collect();
    }
    serde_json::from_slice(&request.body).expect("JSON")
}

/// The same as a form has it.
fn as_texts(body: &Value) -> Value {
    let members = body.as_object().into_iter().flatten();
    let texts = members.map(|(name, value)| {
        let text = value
            .as_str()
            .map_or_else(|| value.to_string(), str::to_owned);
        (name.clone(), json!(text))
    });
    texts.collect()
}

#[tokio::test]
async fn every_operation_sends_what_the_catalog_says() {
    for api in documented(false) {
        let is_form = api.config.transport == Transport::HttpForm;
        let successes = api.operations.iter();
        let successes: BTreeMap<String, String> = successes
            .map(|operation| {
                (
                    format!("/prefix{}", operation.wire),
                    api.success(&operation.wire),
                )
            })
            .collect();
        let (done, received) = api
            .called(move |request| {
                let success = successes.get(asked(&request.path));
                Answer::json(success.cloned().unwrap_or_default())
            })
            .await;
        assert_eq!(received.len(), api.operations.len());
        for (outcome, request) in done.iter().zip(&received) {
            let (id, operation) = (outcome.id, api.operation(outcome.id));
            let session = json!("instance-1");
            assert_eq!(request.method, method(operation), "{id}");
            let (path, query) = Documented::address(operation, Some(&session));
            let (_, given) = request.path.split_once('?').unwrap_or_default();
            assert_eq!(asked(&request.path), format!("/prefix{path}"), "{id}");
            let given: BTreeSet<&str> = given.split('&').filter(|pair| !pair.is_empty()).collect();
            assert_eq!(given, query.iter().map(String::as_str).collect(), "{id}");
            let header = |name: &str| request.headers.get(name).map(String::as_str);
            let content = match is_form {
                true => "application/x-www-form-urlencoded",
                false => "application/json",
            };
            let has_body = method(operation) != "GET";
            assert_eq!(header("content-type"), has_body.then_some(content), "{id}");
            let auth = api.config.auth.as_ref();
            let given = auth.and_then(|auth| header(&auth.header.to_ascii_lowercase()));
            let token = auth.map(|auth| format!("{}token-1", auth.prefix));
            assert_eq!(given, token.as_deref().filter(|_| operation.auth), "{id}");
            api.goes_along(operation, request);
            let body = api.body(operation, Some(&session));
            let body = if is_form { as_texts(&body) } else { body };
            match has_body {
                true => assert_eq!(api.without_along(sent(request, is_form)), body, "{id}"),
                false => assert!(request.body.is_empty(), "{id}"),
            }
            assert_eq!(outcome.result, Ok(Vec::new()), "{id}");
        }
    }
}

#[test]
fn every_message_says_what_the_catalog_says() {
    for api in documented(true) {
        let mut known = MESSAGES.iter();
        let (_, bodies) = known
            .find(|(name, _)| *name == api.name)
            .unwrap_or_else(|| panic!("{}", api.name));
        let bodies = bodies();
        assert_eq!(bodies.len(), api.operations.len(), "{}", api.name);
        for (id, body) in bodies {
            let written: Value = serde_json::from_str(&body).expect("JSON");
            assert_eq!(written, api.body(api.operation(id), None), "{id}");
        }
    }
}

#[tokio::test]
async fn every_documented_reply_is_decoded_without_an_issue() {
    let mut count = 0;
    for api in documented(false) {
        let replies = api.replies();
        count += replies.len();
        let (done, _) = api
            .called(move |request| match replies.get(&request.path) {
                Some(reply) => Answer::json(reply.clone()),
                None => Answer::json("{}"),
            })
            .await;
        let replies = api.replies();
        for outcome in done {
            let path = format!("/prefix{}", api.operation(outcome.id).wire);
            if replies.contains_key(&path) {
                assert_eq!(
                    outcome.result,
                    Ok(Vec::new()),
                    "{}: {}",
                    outcome.id,
                    outcome.data
                );
            }
        }
    }
    assert!(count > 0, "no reply is documented");
}

/// eyun's, with an answer for all.
async fn eyun_answered(answer: &'static str) -> Vec<Outcome> {
    let apis = documented(false);
    let eyun = apis.iter().find(|api| api.name == "eyun").expect("eyun");
    let (done, _) = eyun
        .called(move |_| Answer::Body(200, "text/plain", answer.to_owned()))
        .await;
    done
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
        for outcome in eyun_answered(shape).await {
            let (id, result) = (outcome.id, &outcome.result);
            assert!(result.is_ok(), "{id}: {shape}: {result:?}");
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
        for outcome in eyun_answered(shape).await {
            let error = outcome.result.expect_err(outcome.id);
            assert!(
                error.contains("1001") && error.contains("参数错误"),
                "{error}"
            );
        }
    }
}

/// A form's pairs, decoded.
#[test]
fn no_example_is_refused_by_the_limits_of_the_sdk() {
    let all: Vec<_> = EXAMPLES.iter().flat_map(|examples| examples()).collect();
    assert!(all.len() > 280, "{}", all.len());
    let refused: Vec<_> = all.iter().filter(|(_, broken)| broken.is_some()).collect();
    assert!(refused.is_empty(), "{refused:?}");
}

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
