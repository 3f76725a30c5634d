//! What a test in any language may ask of the gateway, below `/__mock/`.

use super::answer::{Answer, Rendered};
use super::checks;
use super::engine::Engine;
use super::fault::Fault;
use super::received::Received;
use super::request::{Incoming, is_ours};
use crate::callbacks::{Delivery, Encoding, Undelivered};
use crate::people::{Chat, Group, Person, Said};
use crate::provider::{Operation, plain};
use catalog::model::{Field, Type};
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;

const HELP: &str = "\
GET    /__mock/                          this
GET    /__mock/operations                every operation with its parameters
GET    /__mock/calls?operation=/path     what was called, the oldest first; the query is optional
DELETE /__mock/calls                     forgets the calls
GET    /__mock/state                     what the gateway remembers
GET    /__mock/faults                    the faults to come
POST   /__mock/faults                    {\"operation\":\"/path\",\"fault\":\"drop-after-send\",\"times\":1}
DELETE /__mock/faults                    no more faults
POST   /__mock/replies                   {\"operation\":\"/path\",\"body\":{},\"status\":200,\"times\":1}, or \"data\" for \"body\"
DELETE /__mock/replies                   answers as before
POST   /__mock/deliver?address=&as=      delivers the body to the callback address, or to that of a setting, as json,
                                         form or multipart; the query is optional; says what came back
GET    /__mock/deliveries                what was delivered, the oldest first, with the receiver's answer
POST   /__mock/push                      pushes the body on every socket that has made its first call
POST   /__mock/disconnect                closes every socket without a word
POST   /__mock/say                       {\"by\":\"wxid_example02\",\"text\":\"你好\"}: a friend writes; with \"group\" in a group
POST   /__mock/clock                     {\"advance_s\":86400}: lets so much time pass, at once
POST   /__mock/reset                     everything as it was at the start
@
operation: an id, a path, or *; times left out: from now on.
faults: delay=MS, drop-after-send, 500 (400 to 599), html, wrong-type, duplicate-callback;
on sockets also silence, deaf, garbage, big=BYTES, burst=PUSHES;
for one request alone: its header X-Mock-Fault, several with commas between them.
";

/// Answers what is asked below `/__mock`.
#[expect(
    clippy::too_many_lines,
    reason = "an arm for each address below /__mock, short ones"
)]
pub(super) async fn answer(engine: &Arc<Engine>, incoming: &Incoming, below: &str) -> Rendered {
    let body = || serde_json::from_slice::<Value>(&incoming.body).ok();
    let done = || ok(&json!({ "ok": true }));
    match (incoming.method.as_str(), below.trim_end_matches('/')) {
        ("GET", "") => Rendered::of(200, "text/plain; charset=utf-8", help(engine)),
        ("GET", "/operations") => {
            let operations = engine.vendor.operations().map(operation);
            ok(&operations.collect())
        }
        ("GET", "/calls") => {
            let calls = engine.calls(incoming.asked("operation").as_deref());
            ok(&calls.iter().map(|received| call(received)).collect())
        }
        ("DELETE", "/calls") => {
            engine.clear_calls();
            done()
        }
        ("GET", "/state") => ok(&engine.world.state()),
        ("GET", "/faults") => {
            let faults = engine.faults();
            let faults = faults.iter().map(|planned| {
                json!({
                    "operation": planned.operation,
                    "fault": planned.what.to_string(),
                    "times": planned.left,
                })
            });
            ok(&faults.collect())
        }
        ("POST", "/faults") => plan_fault(engine, body()),
        ("DELETE", "/faults") => {
            engine.clear_faults();
            done()
        }
        ("POST", "/replies") => plan_reply(engine, body()),
        ("DELETE", "/replies") => {
            engine.clear_replies();
            done()
        }
        ("POST", "/deliver") => match body() {
            None => wrong("the body must be the event, as JSON"),
            Some(event) => match deliver(engine, incoming, event).await {
                Ok(delivery) => ok(&delivered(&delivery)),
                Err(error) => wrong(&error.to_string()),
            },
        },
        ("GET", "/deliveries") => ok(&engine.deliveries().iter().map(delivered).collect()),
        ("POST", "/push") => match body() {
            None => wrong("the body must be the event, as JSON"),
            Some(event) => ok(&json!({ "connections": engine.push(event) })),
        },
        ("POST", "/disconnect") => ok(&json!({ "connections": engine.disconnect(false) })),
        ("POST", "/say") => match body().and_then(|said| say(engine, &said)) {
            None => wrong("say {\"by\": an id, \"text\": …}, with a \"group\" or without"),
            Some(Ok(())) => done(),
            Some(Err(error)) => wrong(&error.to_string()),
        },
        ("POST", "/clock") => match body().and_then(|body| body.get("advance_s")?.as_u64()) {
            None => wrong("say {\"advance_s\": a number of seconds}"),
            Some(seconds) => {
                engine.advance(Duration::from_secs(seconds));
                done()
            }
        },
        ("POST", "/reset") => {
            engine.reset();
            done()
        }
        _ => Rendered {
            status: 404,
            ..wrong("no such thing; GET /__mock/ shows what there is")
        },
    }
}

/// What there is, and what this vendor's world has besides.
fn help(engine: &Engine) -> String {
    let besides = engine.world.besides().iter();
    let besides = besides.filter(|(_, path, _)| is_ours(path));
    let lines = besides.map(|(method, path, what)| format!("{method:<6} {path:<33} {what}\n"));
    HELP.replace("@", &lines.collect::<String>())
}

/// Somebody says something, alone or in a group; none if that is not what the body is.
fn say(engine: &Engine, said: &Value) -> Option<Result<(), Undelivered>> {
    let text = |key: &str| said.get(key)?.as_str();
    let by = Person::new(text("by")?, "");
    let group = text("group").map(|group| Group::new(group, ""));
    let chat = group.as_ref().map_or(Chat::Private, Chat::Group);
    Some(
        engine
            .world
            .write(Said::new(&by, chat, text("text")?), engine),
    )
}

async fn deliver(
    engine: &Engine,
    incoming: &Incoming,
    event: Value,
) -> Result<Delivery, Undelivered> {
    let slot = incoming.asked("address").unwrap_or_default();
    let url = engine.registered(&slot).ok_or(Undelivered::NoAddress)?;
    let encoding = incoming.asked("as").and_then(|name| Encoding::of(&name));
    let encoding = encoding.unwrap_or_else(|| engine.encoding(&slot));
    engine.deliver_to(&url, event, encoding).await
}

fn plan_fault(engine: &Engine, body: Option<Value>) -> Rendered {
    let Some((body, operation, times)) = plan(engine, body) else {
        return wrong("say {\"operation\": an id, a path or *, \"fault\": …, \"times\": …}");
    };
    let fault = body.get("fault").map(plain).unwrap_or_default();
    match fault.parse::<Fault>() {
        Ok(fault) if engine.plan_fault(&operation, fault, times) => ok(&json!({ "ok": true })),
        Ok(_) => wrong("too many faults are planned"),
        Err(error) => wrong(&error.to_string()),
    }
}

fn plan_reply(engine: &Engine, body: Option<Value>) -> Rendered {
    let Some((body, operation, times)) = plan(engine, body) else {
        return wrong("say {\"operation\": an id, a path or *, \"body\": …, \"times\": …}");
    };
    let status = body.get("status").and_then(Value::as_u64);
    let status = status.and_then(|status| u16::try_from(status).ok());
    let answer = match (body.get("body"), body.get("data")) {
        (Some(Value::String(text)), None) => Answer::raw(
            status.unwrap_or(200),
            "text/plain; charset=utf-8",
            text.clone(),
        ),
        (Some(whole), None) => {
            Answer::raw(status.unwrap_or(200), "application/json", whole.to_string())
        }
        (None, Some(data)) if status.is_none() => Answer::from(data.clone()),
        _ => return wrong("say either \"body\" or \"data\"; a status goes with a body"),
    };
    if engine.plan_reply(&operation, Arc::new(move |_| answer.clone()), times) {
        ok(&json!({ "ok": true }))
    } else {
        wrong("too many replies are planned")
    }
}

/// What both kinds of plans say; none if the operation is missing or unknown.
fn plan(engine: &Engine, body: Option<Value>) -> Option<(Map<String, Value>, String, Option<u32>)> {
    let Some(Value::Object(body)) = body else {
        return None;
    };
    let operation = body.get("operation")?.as_str()?.to_owned();
    if operation != "*" && !engine.knows(&operation) {
        return None;
    }
    let times = match body.get("times") {
        None | Some(Value::Null) => None,
        Some(times) => Some(
            u32::try_from(times.as_u64()?)
                .ok()
                .filter(|times| *times > 0)?,
        ),
    };
    Some((body, operation, times))
}

fn operation(operation: &Operation) -> Value {
    json!({
        "id": operation.id(),
        "title": operation.facts.title,
        "method": operation.method(),
        "path": operation.path(),
        "authorized": operation.authorized,
        "params": operation.facts.params.iter().map(parameter).collect::<Value>(),
        "reply": operation.answer,
    })
}

fn parameter(param: &Field) -> Value {
    let mut shown = Map::new();
    let kind = match checks::kind(param) {
        Type::List(_) => "list",
        kind => kind.as_str(),
    };
    shown.insert("name".to_owned(), param.wire.as_str().into());
    shown.insert("type".to_owned(), kind.into());
    shown.insert("required".to_owned(), param.required.into());
    if let Some(separator) = &param.list {
        shown.insert("list".to_owned(), separator.as_str().into());
    }
    if let Some(most) = param.limits.max_items {
        shown.insert("most".to_owned(), most.into());
    }
    if !param.fields.is_empty() {
        let fields = param.fields.iter().map(parameter).collect();
        shown.insert("fields".to_owned(), fields);
    }
    Value::Object(shown)
}

fn call(received: &Received) -> Value {
    json!({
        "operation": received.operation(),
        "path": received.path(),
        "params": received.params,
        "raw": received.raw(),
        "authorization": received.authorization(),
    })
}

fn delivered(delivery: &Delivery) -> Value {
    json!({
        "url": delivery.url,
        "event": delivery.event,
        "status": delivery.status,
        "answer": delivery.answer,
        "error": delivery.error,
        "repeated": delivery.repeated,
        "acknowledged": delivery.is_acknowledged(),
    })
}

fn ok(body: &Value) -> Rendered {
    Rendered::of(200, "application/json", body.to_string())
}

fn wrong(message: &str) -> Rendered {
    Rendered {
        status: 400,
        ..ok(&json!({ "error": message }))
    }
}
