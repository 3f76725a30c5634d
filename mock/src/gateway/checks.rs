//! Whether a request is what the documents ask for.

use catalog::config::MockGateway;
use catalog::model::{Encoding, Field, Type};
use serde_json::{Map, Value};

/// Of the operations that share a path, each with its parameters, the one whose required parameters fit best: the
/// fewest are missing, and of those that fit alike the one that asks for more.
pub(super) fn fitting<'f, T>(
    candidates: impl Iterator<Item = (T, &'f [Field])>,
    given: &Map<String, Value>,
) -> Option<T> {
    let is_given = |field: &&Field| given.get(&field.wire).is_some_and(|value| !value.is_null());
    let mut best: Option<(usize, usize, T)> = None;
    for (operation, params) in candidates {
        let required = || params.iter().filter(|field| field.required);
        let present = required().filter(is_given).count();
        let missing = required().count() - present;
        let better = match best {
            None => true,
            Some((fewest, most, _)) => missing < fewest || (missing == fewest && present > most),
        };
        if better {
            best = Some((missing, present, operation));
        }
    }
    best.map(|(_, _, operation)| operation)
}

/// What parameters are checked by.
pub(super) struct Checks<'v> {
    pub(super) texts: &'v MockGateway,
    /// The members of a field, wherever they are described.
    pub(super) members: &'v (dyn Fn(&'v Field) -> &'v [Field] + Sync),
}

impl<'v> Checks<'v> {
    /// Why the vendor would refuse these parameters; some are required, and null all the same.
    pub(super) fn refusal(
        &self,
        mut params: impl Iterator<Item = &'v Field>,
        null_will_do: impl Fn(&str) -> bool,
        given: &Map<String, Value>,
    ) -> Option<String> {
        params.find_map(|field| {
            let null_will_do = || null_will_do(&field.wire);
            one(
                field,
                given.get(&field.wire),
                self,
                &field.wire,
                &null_will_do,
            )
        })
    }
}

fn one<'v>(
    field: &'v Field,
    value: Option<&Value>,
    checks: &Checks<'v>,
    name: &str,
    null_will_do: &dyn Fn() -> bool,
) -> Option<String> {
    let texts = checks.texts;
    let say = |text: &str| text.replace("{param}", name);
    let kind = kind(field);
    let value = match value {
        None if field.required => return Some(say(&texts.missing)),
        Some(Value::Null) if field.required && kind != Type::Any && !null_will_do() => {
            return Some(say(&texts.missing));
        }
        None | Some(Value::Null) => return None,
        Some(value) => value,
    };
    if !fits(kind, value) {
        return Some(say(&texts.wrong_type));
    }
    let count = match (value, &field.list) {
        (Value::Array(elements), _) => elements.len(),
        (Value::String(text), Some(separator)) => text.split(separator.as_str()).count(),
        _ => 0,
    };
    if let Some(most) = field.limits.max_items
        && count > most as usize
    {
        return Some(say(&texts.too_many).replace("{most}", &most.to_string()));
    }
    let within = |members: &Map<String, Value>| {
        (checks.members)(field).iter().find_map(|field| {
            let name = format!("{name}.{}", field.wire);
            one(field, members.get(&field.wire), checks, &name, &|| false)
        })
    };
    match value {
        Value::Object(members) => within(members),
        Value::Array(elements) => elements
            .iter()
            .filter_map(Value::as_object)
            .find_map(within),
        _ => None,
    }
}

/// What a parameter holds on the wire: what is written as one text is a text.
pub(super) fn kind(field: &Field) -> Type {
    match field.list.is_some() || field.encoding != Encoding::Plain {
        true => Type::Text,
        false => field.ty,
    }
}

/// Whether a gateway would take this for that: texts and scalars turn into each other, structures do not.
fn fits(kind: Type, value: &Value) -> bool {
    // Ids that are documented as `long` are seen beyond its range.
    let whole = |text: &str| text.parse::<u64>().is_ok() || text.parse::<i64>().is_ok();
    let unsigned = |text: &str| text.parse::<u64>().is_ok();
    match (kind, value) {
        (Type::Any, _) => true,
        (Type::Text, Value::String(_) | Value::Number(_) | Value::Bool(_)) => true,
        (Type::Integer, Value::Number(number)) => number.is_u64() || number.is_i64(),
        (Type::Unsigned, Value::Number(number)) => number.is_u64(),
        (Type::Integer, Value::String(text)) => whole(text),
        (Type::Unsigned, Value::String(text)) => unsigned(text),
        (Type::Number, Value::Number(_)) => true,
        (Type::Number, Value::String(text)) => text.parse::<f64>().is_ok(),
        (Type::Boolean, Value::Bool(_)) => true,
        (Type::Boolean, Value::String(text)) => matches!(text.as_str(), "true" | "false"),
        (Type::Object, Value::Object(_)) | (Type::List(_), Value::Array(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(wire: &str, ty: Type) -> Field {
        Field::new(wire, ty)
    }

    fn required(wire: &str, ty: Type) -> Field {
        Field {
            required: true,
            ..Field::new(wire, ty)
        }
    }

    fn most(mut field: Field, most: u32) -> Field {
        field.limits.max_items = Some(most);
        field
    }

    fn text() -> Vec<Field> {
        vec![required("to", Type::Text), required("content", Type::Text)]
    }

    fn at() -> Vec<Field> {
        let mut fields = text();
        fields.push(Field {
            list: Some(",".to_owned()),
            ..most(required("at", Type::Text), 2)
        });
        fields
    }

    fn nested() -> Vec<Field> {
        vec![
            field("id", Type::Integer),
            required("key", Type::Text),
            field("on", Type::Boolean),
            field("count", Type::Unsigned),
            most(field("names", Type::Text.listed()), 2),
            Field {
                fields: vec![required("url", Type::Text)],
                ..field("file", Type::Object)
            },
        ]
    }

    fn object(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    #[test]
    fn of_two_operations_at_a_path_the_better_fit_answers() {
        let (text, at) = (text(), at());
        let both = [("text", text.as_slice()), ("at", at.as_slice())];
        let fit = |params: Value| fitting(both.into_iter(), &object(params));
        assert_eq!(fit(json!({ "to": "a", "content": "b" })), Some("text"));
        assert_eq!(
            fit(json!({ "to": "a", "content": "b", "at": "c" })),
            Some("at")
        );
        assert_eq!(fit(json!({ "to": "a", "at": null })), Some("text"));
        assert_eq!(fit(json!({})), Some("text"));
        assert!(fitting::<()>([].into_iter(), &Map::new()).is_none());
    }

    #[test]
    fn a_refusal_names_the_parameter() {
        let text_of = str::to_owned;
        let texts = MockGateway {
            missing: text_of("no {param}"),
            wrong_type: text_of("odd {param}"),
            too_many: text_of("{param}: {most} at most"),
            ..MockGateway::default()
        };
        let refused = |params: &[Field], given: Value| {
            let checks = Checks {
                texts: &texts,
                members: &|field| &field.fields,
            };
            checks.refusal(params.iter(), |name| name == "key", &object(given))
        };
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(refused(&at(), json!({ "to": "a" })), said("no content"));
        assert_eq!(
            refused(&text(), json!({ "to": "a", "content": {} })),
            said("odd content")
        );
        let whom = |whom: &str| refused(&at(), json!({ "to": "a", "content": 1, "at": whom }));
        assert_eq!((whom("x,y"), whom("x,y,z")), (None, said("at: 2 at most")));
        for (given, expected) in [
            (json!({}), said("no key")),
            (json!({ "key": null, "id": null, "file": null }), None),
            (json!({ "key": "", "id": "18446744073709551615" }), None),
            (json!({ "key": "", "id": u64::MAX, "count": "7" }), None),
            (json!({ "key": "", "id": 1.5 }), said("odd id")),
            (json!({ "key": "", "count": -1 }), said("odd count")),
            (json!({ "key": "", "on": 1 }), said("odd on")),
            (json!({ "key": "", "on": "false" }), None),
            (json!({ "key": "", "names": "a" }), said("odd names")),
            (
                json!({ "key": "", "names": [1, 2, 3] }),
                said("names: 2 at most"),
            ),
            (json!({ "key": "", "file": {} }), said("no file.url")),
            (json!({ "key": "", "file": [] }), said("odd file")),
        ] {
            assert_eq!(refused(&nested(), given.clone()), expected, "{given}");
        }
    }
}
