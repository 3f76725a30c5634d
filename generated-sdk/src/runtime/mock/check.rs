//! Whether a request is what the documents ask for.

use super::table::{Entry, Kind, Parameter, Texts};
use serde_json::{Map, Value};

/// Of the operations that share a path, the one whose required parameters fit best: the fewest are missing, and of
/// those that fit alike the one that asks for more.
pub(super) fn fitting(
    candidates: impl Iterator<Item = &'static Entry>,
    params: &Map<String, Value>,
) -> Option<&'static Entry> {
    let given = |param: &&Parameter| params.get(param.name).is_some_and(|value| !value.is_null());
    let mut best: Option<(usize, usize, &'static Entry)> = None;
    for entry in candidates {
        let required = || entry.params.iter().filter(|param| param.required);
        let present = required().filter(given).count();
        let missing = required().count() - present;
        let better = match best {
            None => true,
            Some((fewest, most, _)) => missing < fewest || (missing == fewest && present > most),
        };
        if better {
            best = Some((missing, present, entry));
        }
    }
    best.map(|(_, _, entry)| entry)
}

/// Why the vendor would refuse these parameters.
pub(super) fn refusal(
    params: &'static [Parameter],
    given: &Map<String, Value>,
    texts: &Texts,
) -> Option<String> {
    each(params, given, texts, "")
}

fn each(
    params: &'static [Parameter],
    given: &Map<String, Value>,
    texts: &Texts,
    within: &str,
) -> Option<String> {
    params.iter().find_map(|param| {
        let name = format!("{within}{}", param.name);
        one(param, given.get(param.name), texts, &name)
    })
}

fn one(
    param: &'static Parameter,
    value: Option<&Value>,
    texts: &Texts,
    name: &str,
) -> Option<String> {
    let say = |text: &str| text.replace("{param}", name);
    let value = match value {
        None if param.required => return Some(say(texts.missing)),
        Some(Value::Null) if param.required && !param.nullable && param.kind != Kind::Any => {
            return Some(say(texts.missing));
        }
        None | Some(Value::Null) => return None,
        Some(value) => value,
    };
    if !fits(param.kind, value) {
        return Some(say(texts.wrong_type));
    }
    let count = match (value, param.list) {
        (Value::Array(elements), _) => elements.len(),
        (Value::String(text), Some(separator)) => text.split(separator).count(),
        _ => 0,
    };
    if let Some(most) = param.most
        && count > most as usize
    {
        return Some(say(texts.too_many).replace("{most}", &most.to_string()));
    }
    let within = format!("{name}.");
    match value {
        Value::Object(members) => each(param.fields, members, texts, &within),
        Value::Array(elements) => elements
            .iter()
            .filter_map(Value::as_object)
            .find_map(|members| each(param.fields, members, texts, &within)),
        _ => None,
    }
}

/// Whether a gateway would take this for that: texts and scalars turn into each other, structures do not.
fn fits(kind: Kind, value: &Value) -> bool {
    // Ids that are documented as `long` are seen beyond its range.
    let whole = |text: &str| text.parse::<u64>().is_ok() || text.parse::<i64>().is_ok();
    let unsigned = |text: &str| text.parse::<u64>().is_ok();
    match (kind, value) {
        (Kind::Any, _) => true,
        (Kind::Text, Value::String(_) | Value::Number(_) | Value::Bool(_)) => true,
        (Kind::Integer, Value::Number(number)) => number.is_u64() || number.is_i64(),
        (Kind::Unsigned, Value::Number(number)) => number.is_u64(),
        (Kind::Integer, Value::String(text)) => whole(text),
        (Kind::Unsigned, Value::String(text)) => unsigned(text),
        (Kind::Number, Value::Number(_)) => true,
        (Kind::Number, Value::String(text)) => text.parse::<f64>().is_ok(),
        (Kind::Boolean, Value::Bool(_)) => true,
        (Kind::Boolean, Value::String(text)) => matches!(text.as_str(), "true" | "false"),
        (Kind::Object, Value::Object(_)) | (Kind::List, Value::Array(_)) => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Method;
    use serde_json::json;

    static TEXT: &[Parameter] = &[
        Parameter::new("to", Kind::Text).required(),
        Parameter::new("content", Kind::Text).required(),
    ];
    static AT: &[Parameter] = &[
        Parameter::new("to", Kind::Text).required(),
        Parameter::new("content", Kind::Text).required(),
        Parameter::new("at", Kind::Text)
            .required()
            .list(",")
            .most(2),
    ];
    static NESTED: &[Parameter] = &[
        Parameter::new("id", Kind::Integer),
        Parameter::new("key", Kind::Text).required().nullable(),
        Parameter::new("on", Kind::Boolean),
        Parameter::new("count", Kind::Unsigned),
        Parameter::new("names", Kind::List).most(2),
        Parameter::new("file", Kind::Object)
            .fields(&[Parameter::new("url", Kind::Text).required()]),
    ];
    const TEXTS: Texts = Texts {
        done: "",
        missing: "no {param}",
        wrong_type: "odd {param}",
        too_many: "{param}: {most} at most",
        unauthorized: "",
        malformed: "",
        unknown: "",
    };

    fn entry(id: &'static str, params: &'static [Parameter]) -> &'static Entry {
        Box::leak(Box::new(Entry {
            id,
            title: "",
            method: Method::Post,
            path: "/send",
            authorized: true,
            session: None,
            success: "1",
            params,
            reply: "{}",
        }))
    }

    fn object(value: Value) -> Map<String, Value> {
        match value {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    #[test]
    fn of_two_operations_at_a_path_the_better_fit_answers() {
        let both = [entry("text", TEXT), entry("at", AT)];
        let fit = |params: Value| fitting(both.into_iter(), &object(params)).map(|entry| entry.id);
        assert_eq!(fit(json!({ "to": "a", "content": "b" })), Some("text"));
        assert_eq!(
            fit(json!({ "to": "a", "content": "b", "at": "c" })),
            Some("at")
        );
        assert_eq!(fit(json!({ "to": "a", "at": null })), Some("text"));
        assert_eq!(fit(json!({})), Some("text"));
        assert!(fitting([].into_iter(), &Map::new()).is_none());
    }

    #[test]
    fn a_refusal_names_the_parameter() {
        let refused = |params, given: Value| refusal(params, &object(given), &TEXTS);
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(refused(AT, json!({ "to": "a" })), said("no content"));
        assert_eq!(
            refused(TEXT, json!({ "to": "a", "content": {} })),
            said("odd content")
        );
        let at = |at: &str| refused(AT, json!({ "to": "a", "content": 1, "at": at }));
        assert_eq!((at("x,y"), at("x,y,z")), (None, said("at: 2 at most")));
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
            assert_eq!(refused(NESTED, given.clone()), expected, "{given}");
        }
    }
}
