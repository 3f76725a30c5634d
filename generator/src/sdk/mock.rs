//! Owns what a mock gateway has to know: every operation's parameters, and an answer in its shape.

use catalog::config::{Config, Layouts, MockGateway, ReplyLayout};
use catalog::model::{Encoding, Field, Module, Operation, Place, Reply, SampleRole, Type};
use serde_json::{Map, Value, json};

use crate::docs;

/// What a gateway knows that stands in for the vendor's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mock {
    /// Its behaviour is written by hand.
    pub script: bool,
    /// The code of a refusal.
    pub failure: String,
    /// Codes are written as numbers.
    pub numeric: bool,
    /// Fields of the runtime's `Texts`, and the texts.
    pub texts: Vec<(String, String)>,
    /// Calls travel on one connection.
    pub socket: Option<MockSocket>,
    /// Every operation, in the order of the documents.
    pub operations: Vec<MockOperation>,
}

/// A connection as such a gateway knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockSocket {
    /// The path of its address.
    pub path: String,
    /// The key of the name of what is called.
    pub command: String,
    /// The key of the id that an answer repeats.
    pub id: String,
    /// The key of the parameters.
    pub payload: String,
    /// The wire name of what must be called first.
    pub first: String,
    /// How many seconds it has.
    pub within_s: u32,
}

/// An operation as such a gateway knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockOperation {
    /// `biao_qian_addContactLabel`.
    pub id: String,
    /// `创建标签`.
    pub title: String,
    /// `POST`.
    pub verb: String,
    /// `/addContactLabel`.
    pub path: String,
    /// The authorization is required.
    pub authorized: bool,
    /// The parameter that the session carries.
    pub session: Option<String>,
    /// The code of a success.
    pub success: String,
    /// What is taken.
    pub params: Vec<MockParam>,
    /// The documented answer, as JSON.
    pub reply: String,
}

/// A parameter as such a gateway checks it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MockParam {
    /// `labelName`.
    pub wire: String,
    /// A variant of the runtime's `Kind`.
    pub kind: &'static str,
    /// Must be there.
    pub required: bool,
    /// Null will do.
    pub nullable: bool,
    /// The separator of a text that is a list.
    pub list: Option<String>,
    /// Most elements.
    pub most: Option<u32>,
    /// Stands beside the payload.
    pub beside: bool,
    /// Members.
    pub fields: Vec<MockParam>,
}

/// Nothing where the provider does not ask for a mock gateway.
pub(super) fn mock<'p>(
    chapters: impl Iterator<Item = &'p Module>,
    config: &Config,
    api: Option<&str>,
) -> Option<Mock> {
    let said = config.mock.as_ref()?;
    let operations = chapters.flat_map(|module| {
        let layouts = config.layouts(module.api.as_deref());
        let operations = module.operations.iter();
        let first = config.socket.first.is_some();
        operations.map(move |operation| self::operation(operation, &layouts, said, first))
    });
    let texts = [
        ("done", &said.done),
        ("missing", &said.missing),
        ("wrong_type", &said.wrong_type),
        ("too_many", &said.too_many),
        ("unauthorized", &said.unauthorized),
        ("malformed", &said.malformed),
        ("unknown", &said.unknown),
    ];
    Some(Mock {
        script: said.script,
        failure: said.failure.clone(),
        numeric: said.numeric,
        texts: texts
            .into_iter()
            .map(|(name, text)| {
                let seen = text.chars().filter(|c| !docs::is_invisible(*c));
                (name.to_owned(), seen.collect())
            })
            .collect(),
        socket: super::socket::mock(config, api),
        operations: operations.collect(),
    })
}

fn operation(
    operation: &Operation,
    layouts: &Layouts<'_>,
    said: &MockGateway,
    has_first: bool,
) -> MockOperation {
    let layout = layouts.reply;
    let success = operation.success(&layout.success).first();
    let success = success.cloned().unwrap_or_default();
    let session = operation.params.iter().find(|field| field.session);
    let reply = documented(operation, layout, &success)
        .unwrap_or_else(|| made_up(operation, layout, said, &success));
    MockOperation {
        id: operation.id.clone(),
        title: operation
            .title
            .chars()
            .filter(|c| !docs::is_invisible(*c))
            .collect(),
        verb: operation
            .method
            .clone()
            .unwrap_or_else(|| "POST".to_owned()),
        path: operation.wire.clone(),
        // On a connection, the call that comes first authorises all others.
        authorized: operation.auth || has_first,
        session: session.map(|field| field.wire.clone()),
        success,
        params: operation
            .params
            .iter()
            .map(|field| MockParam {
                nullable: is_shown_as_null(operation, field),
                beside: field.place == Place::Envelope && layouts.request.command.is_some(),
                ..param(field)
            })
            .collect(),
        reply: visible(&reply.to_string()),
    }
}

/// Whether a documented request has null there.
fn is_shown_as_null(operation: &Operation, field: &Field) -> bool {
    let requests = operation
        .samples
        .iter()
        .filter(|sample| sample.role == SampleRole::Request);
    let mut values = requests.filter_map(|sample| sample.value.get(&field.wire));
    values.any(|value| *value == catalog::json::Value::Null)
}

fn param(field: &Field) -> MockParam {
    let text = field.list.is_some() || field.encoding != Encoding::Plain;
    MockParam {
        wire: field.wire.clone(),
        kind: match field.ty {
            _ if text => "Text",
            Type::Text => "Text",
            Type::Integer => "Integer",
            Type::Unsigned => "Unsigned",
            Type::Number => "Number",
            Type::Boolean => "Boolean",
            Type::Object => "Object",
            Type::Any => "Any",
            Type::List(_) => "List",
        },
        required: field.required,
        nullable: false,
        beside: false,
        list: field.list.clone(),
        most: field.limits.max_items,
        fields: if text {
            Vec::new()
        } else {
            field.fields.iter().map(param).collect()
        },
    }
}

/// The first documented answer that says success.
fn documented(operation: &Operation, layout: &ReplyLayout, success: &str) -> Option<Value> {
    let replies = operation
        .samples
        .iter()
        .filter(|sample| sample.role == SampleRole::Reply);
    let says = |value: &Value| match &layout.code {
        Some(key) => value.get(key).map(text).as_deref() == Some(success),
        None => value.is_object(),
    };
    let mut values = replies.filter_map(|sample| serde_json::to_value(&sample.value).ok());
    values.find(says)
}

/// A code as text, whatever it is written as.
fn text(code: &Value) -> String {
    match code {
        Value::String(code) => code.clone(),
        other => other.to_string(),
    }
}

/// An answer in the documented shape where the documents show none.
fn made_up(
    operation: &Operation,
    layout: &ReplyLayout,
    said: &MockGateway,
    success: &str,
) -> Value {
    let mut envelope = Map::new();
    if let Some(message) = layout.message.first() {
        envelope.insert(message.clone(), json!(said.done));
    }
    if let Some(code) = &layout.code {
        let kind = if said.numeric {
            Type::Integer
        } else {
            Type::Text
        };
        envelope.insert(code.clone(), scalar(success, kind));
    }
    let (beside, inside): (Vec<&Field>, Vec<&Field>) = operation
        .returns
        .iter()
        .partition(|field| field.place == Place::Envelope);
    envelope.extend(members(beside));
    let data = match operation.reply {
        Reply::Nothing => Value::Null,
        Reply::Object => Value::Object(members(inside)),
        Reply::Objects => json!([Value::Object(members(inside))]),
        Reply::Value(ty) => plain(ty),
        Reply::Values(ty) => json!([plain(ty)]),
    };
    match &layout.payload {
        Some(key) => {
            envelope.insert(key.clone(), data);
        }
        None => {
            if let Value::Object(data) = data {
                envelope.extend(data);
            }
        }
    }
    Value::Object(envelope)
}

fn members<'f>(fields: impl IntoIterator<Item = &'f Field>) -> Map<String, Value> {
    let pair = |field: &'f Field| (field.wire.clone(), example(field));
    fields.into_iter().map(pair).collect()
}

fn example(field: &Field) -> Value {
    if let Some(value) = field.constant.as_ref().or(field.default.as_ref()) {
        return scalar(value, field.ty);
    }
    if let Some(choice) = field.values.first() {
        return scalar(&choice.value, field.ty);
    }
    let members = || Value::Object(members(&field.fields));
    match field.ty {
        Type::Object => members(),
        Type::List(item) if item.ty() == Type::Object => json!([members()]),
        ty => plain(ty),
    }
}

fn scalar(text: &str, ty: Type) -> Value {
    let number = text.parse::<i64>().ok();
    match (ty, number) {
        (Type::Integer | Type::Unsigned | Type::Number, Some(number)) => json!(number),
        (Type::Boolean, _) => json!(matches!(text, "true" | "1")),
        _ => json!(text),
    }
}

fn plain(ty: Type) -> Value {
    match ty {
        Type::Text => json!("example"),
        Type::Integer | Type::Unsigned => json!(1),
        Type::Number => json!(1.5),
        Type::Boolean => json!(true),
        Type::Object => json!({}),
        Type::Any => Value::Null,
        Type::List(item) => json!([plain(item.ty())]),
    }
}

/// JSON with the characters escaped that make a text read otherwise than it is.
pub(super) fn visible(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for char in json.chars() {
        if docs::is_invisible(char) {
            let mut units = [0; 2];
            for unit in char.encode_utf16(&mut units) {
                out.push_str(&format!("\\u{unit:04x}"));
            }
        } else {
            out.push(char);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_invisible_reaches_the_source() {
        assert_eq!(visible("\"a\u{202e}好\""), "\"a\\u202e好\"");
    }

    #[test]
    fn an_answer_is_made_up_in_the_documented_shape() {
        let mut list = Field::new("items", Type::Object.listed());
        list.fields = vec![Field::new("id", Type::Integer)];
        assert_eq!(example(&list), json!([{"id": 1}]));
        let mut choice = Field::new("sex", Type::Integer);
        choice.default = Some("2".to_owned());
        assert_eq!(example(&choice), json!(2));
    }
}
