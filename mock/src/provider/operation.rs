//! One operation as a gateway knows it: what the documents say of it, and an answer in its shape.

use super::{Vendor, plain};
use crate::value;
use catalog::config::{selects, succeeds};
use catalog::model::{self, Field, Place, Reply, SampleRole, Type, parted, placeholders};
use serde_json::{Map, Value, json};
use std::fmt;
use std::sync::Arc;

/// One operation.
pub struct Operation {
    pub(crate) facts: Arc<model::Operation>,
    pub(crate) authorized: bool,
    /// Codes that say success; none where the API has no codes.
    pub(crate) success: Vec<String>,
    pub(crate) answer: Value,
    /// Parameters that are not checked, unless the gateway is strict.
    pub(crate) lenient: Vec<String>,
    /// Names of which one is a parameter's and the others are taken for it.
    same: Vec<Vec<String>>,
}

impl Operation {
    pub(super) fn new(vendor: &Vendor, facts: &Arc<model::Operation>) -> Self {
        let usual = &vendor.layouts().reply.success;
        let success = facts.success(usual).to_vec();
        let texts = &vendor.texts;
        let means = |pattern: &str| selects(pattern, &facts.id) || selects(pattern, &facts.wire);
        let lenient = texts
            .lenient
            .iter()
            .filter(|lenient| means(&lenient.operation));
        let has = |name: &String| facts.params.iter().any(|param| param.wire == *name);
        let same = texts.same.iter().filter(|names| names.iter().any(has));
        Self {
            lenient: lenient.flat_map(|lenient| lenient.params.clone()).collect(),
            same: same.cloned().collect(),
            // On a connection, the call that comes first authorises all others.
            authorized: facts.auth || vendor.config.socket.first.is_some(),
            answer: documented(vendor, facts, &success)
                .unwrap_or_else(|| made_up(vendor, facts, usual_code(&success))),
            success,
            facts: Arc::clone(facts),
        }
    }

    /// Whether an answer with this code says success.
    pub(crate) fn succeeds(&self, code: Option<&str>) -> bool {
        self.success.is_empty() || succeeds(&self.success, code.unwrap_or_default())
    }

    /// One that no document has.
    pub(crate) fn beside(vendor: &Vendor, method: &str, path: &str) -> Self {
        Self::new(vendor, &Arc::new(model::Operation::new(method, path)))
    }

    /// Its id, the same as in the SDK, in errors and logs.
    pub fn id(&self) -> &str {
        &self.facts.id
    }

    /// The HTTP method.
    pub fn method(&self) -> &str {
        self.facts.method.as_deref().unwrap_or("POST")
    }

    /// The path, or what stands for it in a message: `/sendText`, `sendMsg`.
    pub fn path(&self) -> &str {
        &self.facts.wire
    }

    /// The parameters in a path; none if it is not a path of this operation.
    pub(crate) fn in_path(&self, path: &str) -> Option<Map<String, Value>> {
        let decoded = |part: &str| {
            let text = percent_encoding::percent_decode_str(part);
            text.decode_utf8_lossy().into_owned()
        };
        let (own, _) = parted(self.path());
        let (own, given) = (own.trim_end_matches('/'), path.trim_end_matches('/'));
        let (own, given) = (own.split('/'), given.split('/'));
        let (own, given): (Vec<&str>, Vec<&str>) = (own.collect(), given.collect());
        let mut params = Map::new();
        for (own, given) in own.iter().zip(&given) {
            match placeholders(own).next() {
                Some(name) if !given.is_empty() => {
                    params.insert(name.to_owned(), decoded(given).into());
                }
                _ if own == given => {}
                _ => return None,
            }
        }
        (own.len() == given.len()).then_some(params)
    }

    /// Whether a request has what goes with every call of it.
    pub(crate) fn is_told_by(&self, params: &Map<String, Value>) -> bool {
        let mut constants = self.facts.constants();
        constants.all(|(name, value)| params.get(name).map(plain).as_deref() == Some(value))
    }

    /// The names of its parameters.
    pub fn params(&self) -> impl Iterator<Item = &str> {
        self.facts.params.iter().map(|field| field.wire.as_str())
    }

    /// The parameter that the session carries.
    pub fn session(&self) -> Option<&str> {
        let mut params = self.facts.params.iter();
        let field = params.find(|field| field.session)?;
        Some(&field.wire)
    }

    /// Parameters under the names that the documents have, where a client has written another name of the same.
    pub(crate) fn renamed(&self, params: &mut Map<String, Value>) {
        for names in &self.same {
            let mut documented = self
                .params()
                .filter(|param| names.iter().any(|name| name == param));
            let Some(documented) = documented.find(|param| !params.contains_key(*param)) else {
                continue;
            };
            if let Some(value) = names.iter().find_map(|name| params.remove(name)) {
                params.insert(documented.to_owned(), value);
            }
        }
    }

    /// Whether a documented request has null there.
    pub(crate) fn is_shown_as_null(&self, param: &str) -> bool {
        let mut requests = samples(&self.facts, SampleRole::Request);
        requests.any(|sample| sample.get(param).is_some_and(Value::is_null))
    }
}

impl fmt::Debug for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Operation").field(&self.id()).finish()
    }
}

fn samples(facts: &model::Operation, role: SampleRole) -> impl Iterator<Item = Value> {
    let samples = facts.samples.iter();
    let samples = samples.filter(move |sample| sample.role == role);
    samples.map(|sample| value(&sample.value))
}

/// The code that a success has: the first that is listed, or one that is none of those that are not.
fn usual_code(success: &[String]) -> &str {
    match success.first() {
        Some(code) if !code.starts_with('!') => code,
        Some(_) => {
            let mut codes = ["1", "0", "2"].into_iter();
            codes
                .find(|code| succeeds(success, code))
                .unwrap_or("success")
        }
        None => "",
    }
}

/// The first documented answer that says success.
fn documented(vendor: &Vendor, facts: &model::Operation, success: &[String]) -> Option<Value> {
    let coded = !vendor.layouts().reply.code.is_empty();
    let says = |answer: &Value| match vendor.code_of(answer, success) {
        Some(code) => succeeds(success, &code),
        None => (answer.is_object() || answer.is_array()) && (!coded || succeeds(success, "")),
    };
    samples(facts, SampleRole::Reply).find(says)
}

/// An answer in the documented shape where the documents show none.
fn made_up(vendor: &Vendor, facts: &model::Operation, success: &str) -> Value {
    let mut answer = vendor.envelope(success, &vendor.texts.done);
    let Value::Object(envelope) = &mut answer else {
        return answer;
    };
    let (beside, inside): (Vec<&Field>, Vec<&Field>) = facts
        .returns
        .iter()
        .partition(|field| field.place == Place::Envelope);
    let made = Made {
        members: &|field| vendor.members(field),
    };
    let whole: Vec<&str> = facts.structure.as_deref().into_iter().collect();
    envelope.extend(made.object(beside, &[]));
    let data = match facts.reply {
        Reply::Nothing => Value::Null,
        Reply::Object => Value::Object(made.object(inside, &whole)),
        Reply::Objects => json!([Value::Object(made.object(inside, &whole))]),
        Reply::Value(ty) => any_value(ty),
        Reply::Values(ty) => json!([any_value(ty)]),
    };
    match (&vendor.layouts().reply.payload, data) {
        (Some(key), data) => {
            envelope.insert(key.clone(), data);
        }
        (None, Value::Object(data)) => envelope.extend(data),
        (None, _) => {}
    }
    answer
}

/// Values in the shape of documented fields.
struct Made<'m> {
    /// The members of a field, wherever they are described.
    members: &'m dyn Fn(&'m Field) -> &'m [Field],
}

impl<'m> Made<'m> {
    /// An object with these members; `around` are the structures in which it stands.
    fn object(
        &self,
        fields: impl IntoIterator<Item = &'m Field>,
        around: &[&str],
    ) -> Map<String, Value> {
        let pair = |field: &'m Field| Some((field.wire.clone(), self.example(field, around)?));
        fields.into_iter().filter_map(pair).collect()
    }

    /// A value of a field; none of a structure that stands in itself.
    fn example(&self, field: &'m Field, around: &[&str]) -> Option<Value> {
        if let Some(value) = field.constant.as_ref().or(field.default.as_ref()) {
            return Some(written(value, field.ty));
        }
        if let Some(choice) = field.values.first() {
            return Some(written(&choice.value, field.ty));
        }
        let structure = field.structure.as_deref();
        if structure.is_some_and(|name| around.contains(&name)) {
            return None;
        }
        let around: Vec<&str> = around.iter().copied().chain(structure).collect();
        let members = || Value::Object(self.object((self.members)(field), &around));
        Some(match field.ty {
            Type::Object => members(),
            Type::List(item) if item.ty() == Type::Object => json!([members()]),
            ty => any_value(ty),
        })
    }
}

/// A value that the documents write as text.
fn written(text: &str, ty: Type) -> Value {
    let number = text.parse::<i64>().ok();
    match (ty, number) {
        (Type::Integer | Type::Unsigned | Type::Number, Some(number)) => json!(number),
        (Type::Boolean, _) => json!(matches!(text, "true" | "1")),
        _ => json!(text),
    }
}

fn any_value(ty: Type) -> Value {
    match ty {
        Type::Text => json!("example"),
        Type::Integer | Type::Unsigned => json!(1),
        Type::Number => json!(1.5),
        Type::Boolean => json!(true),
        Type::Object => json!({}),
        Type::Any => Value::Null,
        Type::List(item) => json!([any_value(item.ty())]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_made_up_in_the_documented_shape() {
        let mut list = Field::new("items", Type::Object.listed());
        list.fields = vec![Field::new("id", Type::Integer)];
        let made = Made {
            members: &|field| &field.fields,
        };
        assert_eq!(made.example(&list, &[]), Some(json!([{"id": 1}])));
        let mut choice = Field::new("sex", Type::Integer);
        choice.default = Some("2".to_owned());
        assert_eq!(made.example(&choice, &[]), Some(json!(2)));
    }

    #[test]
    fn a_structure_is_shown_once_in_itself() {
        let mut replies = Field::new("replies", Type::Object.listed());
        replies.structure = Some("Comment".to_owned());
        let comment = vec![Field::new("id", Type::Integer), replies.clone()];
        let made = Made {
            members: &|_| &comment,
        };
        assert_eq!(made.example(&replies, &[]), Some(json!([{"id": 1}])));
    }
}
