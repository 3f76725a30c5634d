//! Writes the documented requests as an application would make them.

use std::fmt::Write;

use catalog::model::{Place, Sample, SampleRole};
use generator::sdk::{Choice, Coding, Constructor, Member, Module, Object, Operation, Sdk, Type};
use serde_json::{Map, Value};

use super::calls::Made;

/// The source: a module for each API whose calls are messages, and a list of them.
pub fn all(providers: &[Made]) -> String {
    let (mut modules, mut list) = (String::new(), String::new());
    for made in providers.iter().filter(|made| made.speaks_messages()) {
        for sdk in &made.sdks {
            let source = Samples { sdk }.write();
            let (id, module) = (&made.id, sdk.path().replace("::", "_"));
            let part = sdk.part.as_ref().map(|part| &part.id);
            let _ = writeln!(modules, "pub(super) mod {module} {{\n{source}}}");
            let _ = writeln!(
                list,
                "    Api {{ provider: {id:?}, part: {part:?}, requests: {module}::requests }},"
            );
        }
    }
    format!(
        "{modules}\n/// Every API whose calls are messages.\npub(super) const APIS: &[Api] = &[\n{list}];\n"
    )
}

struct Samples<'s> {
    sdk: &'s Sdk,
}

impl Samples<'_> {
    fn write(&self) -> String {
        let path = format!("generated_sdk::{}", self.sdk.path());
        let mut requests = String::new();
        for module in &self.sdk.modules {
            let place = format!("{path}::{}", module.ident);
            for operation in &module.operations {
                let id = &operation.model.id;
                for sample in self.samples(operation) {
                    let made = self.request(&place, module, operation, &sample);
                    let _ = writeln!(
                        requests,
                        "        ({id:?}, generated_sdk::runtime::request_body(&{made}, &[])),"
                    );
                }
            }
        }
        format!(
            "/// Every documented request, as it is written.\npub fn requests() -> Vec<(&'static str, String)> {{\n    vec![\n{requests}    ]\n}}\n"
        )
    }

    /// The parameters of every documented request.
    fn samples(&self, operation: &Operation) -> Vec<Map<String, Value>> {
        let requests = operation.model.samples.iter();
        let requests = requests.filter(|sample| sample.role == SampleRole::Request);
        let members = |sample: &Sample| match serde_json::to_value(&sample.value) {
            Ok(Value::Object(members)) => Some(members),
            _ => None,
        };
        requests.filter_map(members).collect()
    }

    /// What an example gives for a parameter.
    fn shown<'v>(
        &self,
        sample: &'v Map<String, Value>,
        wire: &str,
        envelope: bool,
    ) -> Option<&'v Value> {
        match &self.sdk.api.request.payload {
            Some(wrap) if !envelope => sample.get(wrap)?.get(wire),
            _ => sample.get(wire),
        }
    }

    fn request(
        &self,
        place: &str,
        module: &Module,
        operation: &Operation,
        sample: &Map<String, Value>,
    ) -> String {
        let name = format!("{place}::{}", operation.request);
        let scope = Scope {
            place,
            api: format!("generated_sdk::{}", self.sdk.path()),
            module,
        };
        let given = |at: &usize| {
            let param = &operation.params[*at];
            let shown = |wire: &str| self.shown(sample, wire, param.place != Place::Payload);
            let either = param.either.iter();
            let mut chosen = either.filter_map(|one| Some((one, shown(&one.field.wire)?)));
            let value = match (&param.field.ty, chosen.next()) {
                (Type::Either(ty), Some((one, value))) => {
                    let value = scope.value(&one.field, value);
                    format!("{place}::{ty}::{}({value})", one.ident)
                }
                _ => {
                    let value = shown(&param.field.wire).unwrap_or(&Value::Null);
                    scope.value(&param.field, value)
                }
            };
            (param.field.ident.clone(), value)
        };
        let mut made = match &operation.constructor {
            Constructor::Positional(indices) => {
                let values: Vec<String> = indices.iter().map(|at| given(at).1).collect();
                format!("{name}::new({})", values.join(", "))
            }
            Constructor::Named(indices) => {
                let field = |(ident, value): (String, String)| format!("{ident}: {value}");
                let fields: Vec<String> = indices.iter().map(|at| field(given(at))).collect();
                let holder = operation.holder();
                format!("{name}::new({place}::{holder} {{ {} }})", fields.join(", "))
            }
        };
        for param in operation.params.iter().filter(|param| !param.required) {
            if let Some(value) =
                self.shown(sample, &param.field.wire, param.place != Place::Payload)
            {
                let value = scope.value(&param.field, value);
                let _ = write!(made, ".{}({value})", param.field.ident);
            }
        }
        made
    }
}

/// Where types are named.
struct Scope<'s> {
    place: &'s str,
    api: String,
    module: &'s Module,
}

impl Scope<'_> {
    fn value(&self, member: &Member, value: &Value) -> String {
        self.typed(member, &member.ty, value)
    }

    fn typed(&self, member: &Member, ty: &Type, value: &Value) -> String {
        let text = match value {
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        match ty {
            Type::Text => format!("{text:?}.to_owned()"),
            Type::Secret => format!("generated_sdk::Secret::from({text:?})"),
            Type::Id(name) => format!("{}::{name}::from({text:?})", self.api),
            Type::I64 | Type::U64 | Type::F64 | Type::Bool => text,
            Type::Json => {
                let json = value.to_string();
                format!("{json:?}.parse::<generated_sdk::Json>().expect(\"JSON\")")
            }
            Type::Choice(name) => {
                let mut choices = self.module.types.choices.iter();
                let choice: Option<&Choice> = choices.find(|choice| &choice.ident == name);
                let choice = choice.expect("declared");
                let variant = choice.variants.iter().find(|one| one.value == text);
                let variant = variant.unwrap_or_else(|| panic!("{} = {text}", member.wire));
                format!("{}::{name}::{}", self.place, variant.ident)
            }
            Type::Object(name) => self.object(name, value),
            Type::List(of) => {
                let elements: Vec<Value> = match (&member.coding, value) {
                    (Coding::Joined(separator), Value::String(text)) => {
                        text.split(separator.as_str()).map(Value::from).collect()
                    }
                    (_, Value::Array(elements)) => elements.clone(),
                    (_, value) => panic!("{} = {value} is no list", member.wire),
                };
                let elements = elements.iter().map(|value| self.typed(member, of, value));
                format!("vec![{}]", elements.collect::<Vec<_>>().join(", "))
            }
            Type::Boxed(of) => self.typed(member, of, value),
            Type::Maybe(_) if value.is_null() => "None".to_owned(),
            Type::Maybe(of) => format!("Some({})", self.typed(member, of, value)),
            Type::Unit | Type::Event(_) | Type::Either(_) | Type::Xml(_) => {
                panic!("{} is not sent", member.wire)
            }
        }
    }

    fn object(&self, name: &str, value: &Value) -> String {
        let mut objects = self.module.types.objects.iter();
        let object: Option<&Object> = objects.find(|object| object.ident == name);
        let object = object.expect("declared");
        let mut made = format!("{}::{name}::default()", self.place);
        for member in &object.members {
            if let Some(value) = value.get(&member.wire) {
                let _ = write!(made, ".{}({})", member.ident, self.value(member, value));
            }
        }
        made
    }
}
