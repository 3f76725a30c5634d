//! What a test in any language may ask of the gateway, below `/__mock/`.

use super::answer::{Answer, Rendered};
use super::callback::{Delivery, Undelivered};
use super::encoding::Encoding;
use super::engine::Engine;
use super::fault::Fault;
use super::received::Received;
use super::request::{Incoming, unescaped};
use super::table::{Entry, Parameter};
use serde_json::{Map, Value, json};
use std::sync::Arc;

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
GET    /__mock/deliveries                what was delivered, the oldest first
POST   /__mock/push                      pushes the body on every socket that has made its first call
POST   /__mock/disconnect                closes every socket without a word
POST   /__mock/reset                     everything as it was at the start

operation: an id, a path, or *; times left out: from now on.
faults: delay=MS, drop-after-send, 500 (400 to 599), html, wrong-type, duplicate-callback;
on sockets also silence, deaf, garbage, big=BYTES, burst=PUSHES;
for one request alone: its header X-Mock-Fault, several with commas between them.
";

/// Answers what is asked below `/__mock`.
pub(super) async fn answer(engine: &Arc<Engine>, incoming: &Incoming, below: &str) -> Rendered {
    let body = || serde_json::from_slice::<Value>(&incoming.body).ok();
    let done = || ok(&json!({ "ok": true }));
    match (incoming.method.as_str(), below.trim_end_matches('/')) {
        ("GET", "") => Rendered {
            status: 200,
            kind: "text/plain; charset=utf-8".to_owned(),
            body: HELP.to_owned(),
            code: None,
        },
        ("GET", "/operations") => {
            let operations = engine.table.operations.iter().map(operation);
            ok(&operations.collect())
        }
        ("GET", "/calls") => {
            let wanted = asked(incoming, "operation=");
            let named = |entry: &Entry| {
                let named = |wanted: &String| entry.id == *wanted || entry.path == *wanted;
                wanted.as_ref().is_none_or(named)
            };
            let calls = engine.calls(named);
            ok(&calls.iter().map(|received| call(received)).collect())
        }
        ("DELETE", "/calls") => {
            engine.clear_calls();
            done()
        }
        ("GET", "/state") => Rendered {
            status: 200,
            kind: "application/json".to_owned(),
            body: engine.state().as_str().to_owned(),
            code: None,
        },
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
        #[cfg(feature = "websocket")]
        ("POST", "/push") => match body() {
            None => wrong("the body must be the event, as JSON"),
            Some(event) => ok(&json!({ "connections": engine.push(event) })),
        },
        #[cfg(feature = "websocket")]
        ("POST", "/disconnect") => ok(&json!({ "connections": engine.disconnect(false) })),
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

/// A pair of the query.
fn asked(incoming: &Incoming, name: &str) -> Option<String> {
    let mut pairs = incoming.query.split('&');
    let value = pairs.find_map(|pair| pair.strip_prefix(name))?;
    Some(unescaped(value))
}

async fn deliver(
    engine: &Engine,
    incoming: &Incoming,
    event: Value,
) -> Result<Delivery, Undelivered> {
    let url = match asked(incoming, "address=") {
        Some(slot) => engine.registered(&slot),
        None => engine.callback(),
    };
    let encoding = asked(incoming, "as=").and_then(|name| Encoding::of(&name));
    let url = url.ok_or(Undelivered::NoAddress)?;
    engine
        .deliver_to(&url, event, encoding.unwrap_or_default())
        .await
}

fn plan_fault(engine: &Engine, body: Option<Value>) -> Rendered {
    let Some((body, operation, times)) = plan(engine, body) else {
        return wrong("say {\"operation\": an id, a path or *, \"fault\": …, \"times\": …}");
    };
    let fault = match body.get("fault") {
        Some(Value::String(fault)) => fault.clone(),
        Some(fault) => fault.to_string(),
        None => String::new(),
    };
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
        (Some(Value::String(text)), None) => {
            Answer::raw(status.unwrap_or(200), "text/plain; charset=utf-8", text)
        }
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
    if operation != "*" && engine.table.named(&operation).is_none() {
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

fn operation(entry: &'static Entry) -> Value {
    json!({
        "id": entry.id,
        "title": entry.title,
        "method": entry.method.as_str(),
        "path": entry.path,
        "authorized": entry.authorized,
        "params": entry.params.iter().map(parameter).collect::<Value>(),
        "reply": entry.documented(),
    })
}

fn parameter(param: &'static Parameter) -> Value {
    let mut shown = json!({
        "name": param.name,
        "type": param.kind.as_str(),
        "required": param.required,
    });
    if let Value::Object(shown) = &mut shown {
        if let Some(separator) = param.list {
            shown.insert("list".to_owned(), separator.into());
        }
        if let Some(most) = param.most {
            shown.insert("most".to_owned(), most.into());
        }
        if !param.fields.is_empty() {
            let fields = param.fields.iter().map(parameter).collect();
            shown.insert("fields".to_owned(), fields);
        }
    }
    shown
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
        "event": super::answer::value(&delivery.event),
        "status": delivery.status,
        "error": delivery.error,
        "repeated": delivery.repeated,
        "acknowledged": delivery.is_acknowledged(),
    })
}

fn ok(body: &Value) -> Rendered {
    Rendered {
        status: 200,
        kind: "application/json".to_owned(),
        body: body.to_string(),
        code: None,
    }
}

fn wrong(message: &str) -> Rendered {
    Rendered {
        status: 400,
        ..ok(&json!({ "error": message }))
    }
}
