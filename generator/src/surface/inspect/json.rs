//! Owns the JSON of `inspect`: a contract with other programs (DESIGN.md, "The command line").
//!
//! Keys that the contract prints come first, in its order; keys that only apply here and there follow.

use std::sync::Arc;

use catalog::load::{Account, Tally};
use catalog::model::{
    Answer, Choice, Either, Encoding, Event, Field, Item, Limits, Module, Operation, Place, Reply,
    Rule, Scope, Source, Structure, Type, Vocabulary,
};
use serde_json::{Map, Value, json};

use super::Inspected;
use super::names::{Chapter, Fields, of_structure};
use crate::sdk;

/// Everything that was understood of some providers, and what was found on the way.
pub fn json(providers: &[Inspected<'_>], diagnostics: &[Value]) -> Value {
    json!({ "providers": list(providers, provider), "diagnostics": diagnostics })
}

fn provider(inspected: &Inspected<'_>) -> Value {
    let provider = &inspected.loaded.provider;
    let modules = provider.modules.iter();
    let modules = modules.map(|one| module(one, &Chapter::of(one, inspected.sdks)));
    let mut object = Object::default();
    object.put("id", &*provider.id);
    object.put("modules", modules.collect::<Value>());
    object.put_list("structures", &provider.structures, |one| {
        structure(one, inspected.sdks)
    });
    object.put("tally", tally(&inspected.loaded.tally));
    object.put("files", list(&inspected.loaded.accounts, lines));
    object.put_list("vocabularies", &provider.vocabularies, vocabulary);
    object.into()
}

fn module(module: &Module, chapter: &Chapter<'_>) -> Value {
    let operations = chapter.operations(module).into_iter();
    let operations = operations.map(|(model, rust)| operation(model, rust, chapter));
    let mut object = Object::default();
    object.put("api", module.api.clone());
    object.put("slug", &*module.slug);
    object.put_some("ident", chapter.ident());
    object.put("title", &*module.title);
    object.put("operations", operations.collect::<Value>());
    let event = |model: &Arc<Event>| event(model, chapter);
    object.put("events", list(&module.events, event));
    object.into()
}

fn operation(operation: &Operation, rust: Option<&sdk::Operation>, chapter: &Chapter<'_>) -> Value {
    let (params, returns) = rust
        .map(|rust| (chapter.params(rust), chapter.returns(rust)))
        .unwrap_or_default();
    let mut object = Object::default();
    object.put("id", &*operation.id);
    object.put("kind", operation.kind.as_str());
    object.put("title", &*operation.title);
    object.put("wire", &*operation.wire);
    object.put("method", operation.method.clone());
    object.put_some("fn", rust.map(|rust| &*rust.method));
    object.put_some("type", rust.map(|rust| &*rust.request));
    object.put("scope", scope(&operation.scope));
    object.put("auth", operation.auth);
    object.put("safe", operation.safe);
    object.put("source", source(&operation.source));
    let param = |model: &Field| field(model, &params);
    object.put("params", list(&operation.params, param));
    let reply_field = |model: &Field| field(model, returns.at(model.place));
    object.put("returns", list(&operation.returns, reply_field));
    object.put("reply", reply(operation.reply));
    object.put_some("structure", operation.structure.clone());
    object.put_list("codes", &operation.codes, |code| choice(code, None));
    for (meaning, codes) in operation.meanings() {
        object.put_texts(meaning, codes);
    }
    object.put_list("rules", &operation.rules, rule);
    object.put_some(
        "pace_ms",
        operation.pace_ms.map(|(least, most)| json!([least, most])),
    );
    object.put_some("patience_s", operation.patience_s);
    object.put_some("answered_by", operation.answer.as_ref().map(answer));
    object.put_list("either", &operation.either, either);
    object.put_texts("announces", &operation.announces);
    object.put_true("deprecated", operation.deprecated);
    object.put_some("incomplete", operation.incomplete.clone());
    object.into()
}

/// The event that answers an operation, and what the two have in common.
fn answer(answer: &Answer) -> Value {
    let same = answer.same.iter();
    let same: Map<String, Value> = same
        .map(|(param, field)| (param.clone(), json!(field)))
        .collect();
    json!({ "event": answer.event, "same": same })
}

fn either(either: &Either) -> Value {
    json!({ "name": either.name, "params": either.params })
}

fn event(event: &Event, chapter: &Chapter<'_>) -> Value {
    let rust = chapter.event(event);
    let payload = rust.map(|rust| &rust.payload);
    let names = rust.map(|rust| chapter.told(rust)).unwrap_or_default();
    let mut object = Object::default();
    object.put("id", &*event.id);
    object.put("wire", event.wire.clone());
    object.put("title", &*event.title);
    object.put_some("type", payload.map(sdk::Type::rust));
    object.put("source", source(&event.source));
    let event_field = |model: &Field| field(model, names.around(model));
    object.put("fields", list(&event.fields, event_field));
    let announced_by = event.announced_by.as_ref();
    object.put_some(
        "announced_by",
        announced_by.map(|(operation, param)| json!({ "operation": operation, "param": param })),
    );
    object.put_some("slot", event.slot.clone());
    object.put_true("flat", event.flat);
    object.put("payload", reply(event.payload));
    object.put_some("structure", event.structure.clone());
    if !event.repeats.is_empty() {
        let sections: Vec<&Source> = std::iter::once(&event.source)
            .chain(&event.repeats)
            .collect();
        object.put("sections", list(&sections, |place| source(place).into()));
    }
    object.into()
}

fn structure(structure: &Structure, sdks: &[sdk::Sdk]) -> Value {
    let (ident, names) = of_structure(structure, sdks);
    let mut object = Object::default();
    object.put_some("api", structure.api.clone());
    object.put("wire", &*structure.wire);
    object.put("title", &*structure.title);
    object.put_some("type", ident);
    object.put("source", source(&structure.source));
    let member = |model: &Field| field(model, &names);
    object.put("fields", list(&structure.fields, member));
    object.into()
}

fn field(field: &Field, names: &Fields<'_>) -> Value {
    let name = names.of(field);
    let rust = |neutral: Type| {
        let named = name.as_ref().map(|name| name.ty.rust());
        named.unwrap_or_else(|| rust_type(neutral).to_owned())
    };
    let variant = |value: &Choice| {
        let ty = name.as_ref().map(|name| name.ty);
        let variant = ty.and_then(|ty| names.variant(&field.wire, ty, &value.value));
        choice(value, variant)
    };
    let unnamed = Fields::default();
    let inner = name.as_ref().map_or(&unnamed, |name| &name.inner);
    let mut object = Object::default();
    object.put("wire", &*field.wire);
    object.put_some("ident", name.as_ref().map(|name| name.ident));
    object.put("type", rust(field.ty));
    object.put("required", field.required);
    object.put(
        "fields",
        list(&field.fields, |field| self::field(field, inner)),
    );
    object.put_some("structure", field.structure.clone());
    object.put_true("session", field.session);
    object.put_true("nullable", field.nullable);
    object.put_some("list", field.list.clone());
    object.put_some("place", place(field.place));
    object.put_some("in", field.place.outside());
    object.put_some("encoding", encoding(field.encoding));
    object.put_true("secret", field.secret);
    object.put_true("private", field.private);
    object.put_true("deprecated", field.deprecated);
    object.put_texts("one_of", &field.one_of);
    object.put_some("limits", limits(&field.limits));
    object.put_list("values", &field.values, variant);
    object.put_texts("aliases", &field.aliases);
    object.put_some("default", field.default.clone());
    object.put_list("forms", &field.forms, |form| {
        choice(form, names.wording(field, &form.value))
    });
    object.put_some("constant", field.constant.clone());
    object.put_some(
        "title",
        Some(&*field.title).filter(|title| !title.is_empty()),
    );
    object.into()
}

fn choice(choice: &Choice, variant: Option<&str>) -> Value {
    let mut object = Object::default();
    object.put("value", &*choice.value);
    object.put("title", &*choice.title);
    object.put_some("ident", variant);
    object.into()
}

fn rule(rule: &Rule) -> Value {
    match rule {
        Rule::OneOf(names) => json!({ "one_of": names }),
        Rule::CountEquals { field, mark, list } => {
            json!({ "count_equals": { "field": field, "mark": mark, "list": list } })
        }
    }
}

fn limits(limits: &Limits) -> Option<Value> {
    let mut object = Object::default();
    object.put_some("min_items", limits.min_items);
    object.put_some("max_items", limits.max_items);
    object.put_some("max_bytes", limits.max_bytes);
    object.put_some("max_seconds", limits.max_seconds);
    (!object.0.is_empty()).then(|| object.into())
}

fn vocabulary(vocabulary: &Vocabulary) -> Value {
    let mut object = Object::default();
    object.put("api", vocabulary.api.clone());
    object.put("name", &*vocabulary.name);
    object.put("source", source(&vocabulary.source));
    object.put(
        "values",
        list(&vocabulary.values, |value| choice(value, None)),
    );
    object.into()
}

fn tally(tally: &Tally) -> Value {
    json!({
        "tables": tally.tables,
        "headerless": tally.headerless,
        "rows": tally.rows,
        "blank_rows": tally.blank_rows,
        "fields": tally.fields,
        "headers": tally.headers,
        "values": tally.values,
        "events": tally.events,
        "index": tally.index,
        "reference": tally.reference,
        "repeated": tally.repeated,
        "unread": tally.unread,
        "operations": tally.operations,
        "event_sections": tally.event_sections,
        "structures": tally.structures,
    })
}

fn lines(account: &Account) -> Value {
    json!({
        "file": account.file,
        "lines": account.lines(),
        "read": account.read(),
        "documentation": account.documentation(),
        "not_understood": account.unread(),
    })
}

/// `client`, `instance`, `either:instance`.
fn scope(scope: &Scope) -> String {
    match scope {
        Scope::Client => "client".to_owned(),
        Scope::Session(name) => name.clone(),
        Scope::Either(name) => format!("either:{name}"),
    }
}

/// `specs/x.md:12`; the line is left out where the catalog is the only source.
fn source(source: &Source) -> String {
    match source.line {
        Some(line) => format!("{}:{line}", source.file),
        None => source.file.clone(),
    }
}

/// `nothing`, `object`, `list`, `value:i64`, `values:String`.
fn reply(reply: Reply) -> String {
    match reply {
        Reply::Nothing => "nothing".to_owned(),
        Reply::Object => "object".to_owned(),
        Reply::Objects => "list".to_owned(),
        Reply::Value(ty) => format!("value:{}", rust_type(ty)),
        Reply::Values(ty) => format!("values:{}", rust_type(ty)),
    }
}

fn place(place: Place) -> Option<&'static str> {
    match place {
        Place::Envelope => Some("envelope"),
        Place::Payload | Place::Query | Place::Path | Place::Header => None,
    }
}

fn encoding(encoding: Encoding) -> Option<&'static str> {
    match encoding {
        Encoding::Plain => None,
        Encoding::JsonText => Some("json-text"),
        Encoding::XmlText => Some("xml-text"),
    }
}

/// The neutral type as Rust spells it; types that get a name of their own are `object`.
fn rust_type(ty: Type) -> &'static str {
    match ty {
        Type::Text => "String",
        Type::Integer => "i64",
        Type::Unsigned => "u64",
        Type::Number => "f64",
        Type::Boolean => "bool",
        Type::Object => "object",
        Type::Any => "Value",
        Type::List(item) => match item {
            Item::Text => "Vec<String>",
            Item::Integer => "Vec<i64>",
            Item::Unsigned => "Vec<u64>",
            Item::Number => "Vec<f64>",
            Item::Boolean => "Vec<bool>",
            Item::Object => "Vec<object>",
            Item::Any => "Vec<Value>",
        },
    }
}

fn list<T>(items: &[T], each: impl Fn(&T) -> Value) -> Value {
    items.iter().map(each).collect()
}

/// An object whose keys keep their order.
#[derive(Default)]
struct Object(Map<String, Value>);

impl Object {
    fn put(&mut self, key: &str, value: impl Into<Value>) {
        self.0.insert(key.to_owned(), value.into());
    }

    fn put_some(&mut self, key: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(key, value);
        }
    }

    fn put_true(&mut self, key: &str, value: bool) {
        if value {
            self.put(key, true);
        }
    }

    fn put_texts(&mut self, key: &str, texts: &[String]) {
        self.put_list(key, texts, |text| text.as_str().into());
    }

    fn put_list<T>(&mut self, key: &str, items: &[T], each: impl Fn(&T) -> Value) {
        if !items.is_empty() {
            self.put(key, list(items, each));
        }
    }
}

impl From<Object> for Value {
    fn from(object: Object) -> Self {
        Self::Object(object.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(value: &Value) -> Vec<&str> {
        value
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect()
    }

    #[test]
    fn a_plain_field_has_the_printed_keys_alone() {
        let plain = field(&Field::new("labelName", Type::Text), &Fields::default());
        assert_eq!(
            plain,
            json!({ "wire": "labelName", "type": "String", "required": false, "fields": [] })
        );
        assert_eq!(keys(&plain), ["wire", "type", "required", "fields"]);
    }

    #[test]
    fn what_applies_is_added() {
        let mut full = Field::new("x", Type::List(Item::Object));
        full.session = true;
        full.list = Some(",".to_owned());
        full.place = Place::Envelope;
        full.encoding = Encoding::JsonText;
        full.secret = true;
        full.deprecated = true;
        full.one_of = vec!["x".to_owned(), "y".to_owned()];
        full.limits.max_items = Some(9);
        full.values = vec![Choice {
            value: "0".to_owned(),
            title: "开".to_owned(),
            name: None,
        }];
        full.aliases = vec!["X".to_owned()];
        full.default = Some("0".to_owned());
        full.constant = Some("1".to_owned());
        full.title = "标签".to_owned();
        full.fields = vec![Field::new("y", Type::Unsigned)];
        assert_eq!(
            field(&full, &Fields::default()),
            json!({
                "wire": "x", "type": "Vec<object>", "required": false,
                "fields": [{ "wire": "y", "type": "u64", "required": false, "fields": [] }],
                "session": true, "list": ",", "place": "envelope", "encoding": "json-text", "secret": true,
                "deprecated": true, "one_of": ["x", "y"], "limits": { "max_items": 9 },
                "values": [{ "value": "0", "title": "开" }], "aliases": ["X"], "default": "0", "constant": "1",
                "title": "标签"
            })
        );
    }

    #[test]
    fn scopes_replies_and_rules_are_words() {
        assert_eq!(scope(&Scope::Client), "client");
        assert_eq!(
            scope(&Scope::Either("instance".to_owned())),
            "either:instance"
        );
        assert_eq!(reply(Reply::Objects), "list");
        assert_eq!(reply(Reply::Values(Type::Text)), "values:String");
        assert_eq!(
            rule(&Rule::OneOf(vec!["a".to_owned()])),
            json!({ "one_of": ["a"] })
        );
    }
}
