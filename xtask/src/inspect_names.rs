//! Owns finding the Rust names of what the model knows by its wire name.

use catalog::load::Loaded;
use catalog::model;
use generator::sdk::{
    Choice, Event, Member, Module, Nested, Object, Operation, Sdk, Type, Types, Variant,
};

/// A provider, and what was made of it: an SDK for each of its APIs, or none.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named<'a> {
    pub(crate) loaded: &'a Loaded,
    pub(crate) sdks: &'a [Sdk],
}

/// A chapter's Rust module.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rust<'a> {
    sdk: &'a Sdk,
    pub(crate) module: &'a Module,
}

/// What a field is called, and what it holds.
#[derive(Clone, Debug)]
pub(crate) struct Name<'a> {
    pub(crate) ident: &'a str,
    pub(crate) ty: &'a Type,
    /// The names of the fields in it.
    pub(crate) inner: Fields<'a>,
}

/// The names of some fields that belong together.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fields<'a> {
    types: Option<Declared<'a>>,
    members: Vec<&'a Member>,
    /// They are those of elements, which one of them tells apart.
    nested: Option<&'a Nested>,
}

/// The types that a chapter can name.
#[derive(Clone, Copy, Debug)]
struct Declared<'a> {
    sdk: &'a Sdk,
    own: &'a Types,
}

impl<'a> Named<'a> {
    /// Every chapter with its Rust module; one without operations has none.
    pub(crate) fn modules(&self) -> Vec<(&'a model::Module, Option<Rust<'a>>)> {
        let mut passed: Vec<Option<&str>> = Vec::new();
        let modules = self.loaded.provider.modules.iter();
        modules
            .map(|module| {
                if module.operations.is_empty() {
                    return (module, None);
                }
                let api = module.api.as_deref();
                // Lowering makes one of each, in the same order.
                let at = passed.iter().filter(|before| **before == api).count();
                passed.push(api);
                let named = self.sdk(api).and_then(|sdk| {
                    let module = sdk.modules.get(at)?;
                    Some(Rust { sdk, module })
                });
                (module, named)
            })
            .collect()
    }

    /// What an event carries, and the names of its fields.
    pub(crate) fn event(
        &self,
        api: Option<&str>,
        event: &model::Event,
    ) -> (Option<&'a Type>, Replies<'a>) {
        let sdk = self.sdk(api);
        let callbacks = sdk.and_then(|sdk| sdk.callbacks.as_ref());
        let (Some(sdk), Some(callbacks)) = (sdk, callbacks) else {
            return Default::default();
        };
        let types = Declared {
            sdk,
            own: &callbacks.types,
        };
        let found = callbacks
            .events
            .iter()
            .find(|known| known.model.id == event.id);
        let Some(payload) = found.map(|found| &found.payload) else {
            return Default::default();
        };
        let is_element = |nested: &&Nested| match element(payload) {
            Type::Event(name) | Type::Object(name) => *name == nested.ident,
            _ => false,
        };
        let nested = callbacks.nested.as_ref().filter(is_element);
        let whole = Fields {
            nested,
            ..types.fields(nested.map_or(payload, |nested| &nested.payload))
        };
        let key = callbacks.payload();
        (Some(payload), Replies::of(types, whole, &[key]))
    }

    fn sdk(&self, api: Option<&str>) -> Option<&'a Sdk> {
        let part = |sdk: &&Sdk| sdk.part.as_ref().map(|part| part.id.as_str()) == api;
        self.sdks.iter().find(part)
    }
}

impl<'a> Rust<'a> {
    /// The names of what is sent and of what comes back.
    pub(crate) fn fields(
        rust: Option<Self>,
        operation: Option<&'a Operation>,
    ) -> (Fields<'a>, Replies<'a>) {
        let (Some(Self { sdk, module }), Some(operation)) = (rust, operation) else {
            return Default::default();
        };
        let types = Declared {
            sdk,
            own: &module.types,
        };
        let params = Fields {
            types: Some(types),
            members: params(operation),
            nested: None,
        };
        let whole = types.fields(&operation.reply);
        if !operation.beside {
            return (
                params,
                Replies {
                    inside: whole,
                    ..Replies::default()
                },
            );
        }
        let data: Vec<&str> = sdk.api.reply.payload.iter().map(String::as_str).collect();
        (params, Replies::of(types, whole, &data))
    }
}

/// Every parameter, those that exclude each other too.
fn params(operation: &Operation) -> Vec<&Member> {
    let own = operation.params.iter().map(|param| &param.field);
    let either = operation.params.iter().flat_map(|param| &param.either);
    own.chain(either.map(|one| &one.field)).collect()
}

/// The names of what comes back.
#[derive(Clone, Debug, Default)]
pub(crate) struct Replies<'a> {
    inside: Fields<'a>,
    beside: Fields<'a>,
}

impl<'a> Replies<'a> {
    /// The names of a whole, and of what it holds under one of these keys.
    fn of(types: Declared<'a>, whole: Fields<'a>, payload: &[&str]) -> Self {
        let mut members = whole.members.iter();
        let inside = members.find(|member| payload.contains(&member.wire.as_str()));
        Self {
            inside: inside
                .map(|member| types.fields(&member.ty))
                .unwrap_or_default(),
            beside: whole,
        }
    }

    /// The names among which a field's is: of the whole, or of what it holds.
    pub(crate) fn around(&self, field: &model::Field) -> &Fields<'a> {
        if self.beside.of(field).is_some() {
            &self.beside
        } else {
            &self.inside
        }
    }

    /// The names where a field stands.
    pub(crate) fn at(&self, place: model::Place) -> &Fields<'a> {
        match place {
            model::Place::Payload => &self.inside,
            model::Place::Envelope => &self.beside,
        }
    }
}

impl<'a> Fields<'a> {
    /// The name of a field.
    pub(crate) fn of(&self, field: &model::Field) -> Option<Name<'a>> {
        let types = self.types?;
        if let Some(session) = types.sdk.session.as_ref().filter(|_| field.session) {
            return Some(Name {
                ident: &session.param,
                ty: &session.param_type,
                inner: Self::default(),
            });
        }
        let member = self
            .members
            .iter()
            .find(|member| member.wire == field.wire)?;
        Some(Name {
            ident: &member.ident,
            ty: &member.ty,
            inner: types.fields(&member.ty),
        })
    }

    /// The variant of a documented wording of a text.
    pub(crate) fn wording(&self, field: &model::Field, value: &str) -> Option<&'a str> {
        let member = self
            .members
            .iter()
            .find(|member| member.wire == field.wire)?;
        let ident = member.wordings.as_ref()?;
        let mut declared = self.types?.own.wordings.iter();
        let mut variants = declared.find(|of| of.ident == *ident)?.variants.iter();
        let found = variants.find(|wording| wording.value == value);
        found.map(|wording| wording.ident.as_str())
    }

    /// The variant of a documented value of a field.
    pub(crate) fn variant(&self, field: &str, ty: &Type, value: &str) -> Option<&'a str> {
        if let Some(nested) = self.nested.filter(|nested| nested.tag == field) {
            let is_it = |event: &&Event| event.model.id == value;
            return nested.events.iter().find(is_it).map(|event| &*event.ident);
        }
        let mut variants = self.types?.choice(ty)?.variants.iter();
        let is_it = |variant: &&Variant| variant.value == value;
        variants.find(is_it).map(|variant| variant.ident.as_str())
    }
}

impl<'a> Declared<'a> {
    fn fields(self, ty: &Type) -> Fields<'a> {
        let object = match element(ty) {
            Type::Object(name) => self.object(name),
            _ => None,
        };
        Fields {
            types: Some(self),
            members: object
                .into_iter()
                .flat_map(|object| &object.members)
                .collect(),
            nested: None,
        }
    }

    fn object(self, name: &str) -> Option<&'a Object> {
        let own = self.own.objects.iter();
        let mut all = own.chain(&self.sdk.shared.objects);
        all.find(|object| object.ident == name)
    }

    fn choice(self, ty: &Type) -> Option<&'a Choice> {
        let Type::Choice(name) = element(ty) else {
            return None;
        };
        let own = self.own.choices.iter();
        let mut all = own.chain(&self.sdk.shared.choices);
        all.find(|choice| &choice.ident == name)
    }
}

/// What a list or an option holds, or the type itself.
fn element(ty: &Type) -> &Type {
    match ty {
        Type::List(of) | Type::Maybe(of) | Type::Xml(of) => element(of),
        ty => ty,
    }
}

#[cfg(test)]
mod tests {
    use catalog::diagnostic::has_errors;
    use serde_json::{Value, json};

    use super::*;
    use crate::folder;
    use crate::inspect_json;
    use crate::loading::Loading;
    use crate::scratch::Scratch;

    const CONFIG: &str = "\
title = \"X\"
transport = \"http-json\"

[reply]
code = \"code\"
payload = \"data\"
success = [\"0\"]

[session]
param = \"wId\"
scope = \"instance\"

[ids.WId]
title = \"实例\"
fields = [\"wId\"]

[ids.WcId]
title = \"微信 id\"
fields = [\"wcId\"]

[[shape]]
name = \"Like\"
title = \"赞\"
at = [\"/get:likes\"]

[[dialect.item]]
kind = \"endpoint\"
heading = \"{method} {path}\"
";
    const SPEC: &str = "\
# 朋友圈

### POST /get

**参数**

| 参数名 | 必选 | 类型 | 说明 |
| --- | --- | --- | --- |
| wId | 是 | string | 实例 |
| wcIds | 是 | string | 好友，多个用,分隔 |
| type | 否 | int | 类型 1：全部 2：好友 |

**返回数据**

| 参数名 | 类型 | 说明 |
| --- | --- | --- |
| data.likes | array | 赞 |
| data.likes[].wcId | string | 微信 id |
| data.owner | object | 主人 |
| data.owner.nickName | string | 昵称 |
";

    fn inspected(has_sdk: bool) -> Value {
        let scratch = Scratch::new();
        scratch.file("x/provider.toml", CONFIG);
        scratch.file("x/specs/sns.md", SPEC);
        let folder = folder::read(scratch.path(), &[]).folders.remove(0);
        let loading = Loading::of(folder);
        assert!(
            !has_errors(&loading.diagnostics),
            "{:?}",
            loading.diagnostics
        );
        let named = Named {
            loaded: loading.loaded.as_ref().unwrap(),
            sdks: if has_sdk { &loading.sdks } else { &[] },
        };
        inspect_json::of(&[named])["providers"][0]["modules"][0].clone()
    }

    fn keys(value: &Value) -> Vec<&str> {
        let keys = value.as_object().unwrap().keys();
        keys.map(String::as_str).collect()
    }

    /// Wire name, Rust name and type of some fields, those within behind their field.
    fn names(fields: &Value) -> Vec<(&str, &str, &str)> {
        fields
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|field| {
                let own = ["wire", "ident", "type"].map(|key| field[key].as_str().unwrap_or("—"));
                let [wire, ident, ty] = own;
                std::iter::once((wire, ident, ty)).chain(names(&field["fields"]))
            })
            .collect()
    }

    #[test]
    fn rust_names_stand_where_the_contract_has_them() {
        let module = inspected(true);
        assert_eq!(
            keys(&module),
            ["api", "slug", "ident", "title", "operations", "events"]
        );
        assert_eq!(module["ident"], "sns");
        let operation = &module["operations"][0];
        assert_eq!(
            keys(operation).get(..13).unwrap(),
            [
                "id", "kind", "title", "wire", "method", "fn", "type", "scope", "auth", "safe",
                "source", "params", "returns"
            ]
        );
        assert_eq!(
            (&operation["fn"], &operation["type"]),
            (&json!("get"), &json!("Get"))
        );
        let params = &operation["params"];
        assert_eq!(
            names(params),
            [
                ("wId", "w_id", "WId"),
                ("wcIds", "wc_ids", "Vec<String>"),
                ("type", "type_", "GetType")
            ]
        );
        assert_eq!(
            keys(&params[0]).get(..5).unwrap(),
            ["wire", "ident", "type", "required", "fields"]
        );
        assert_eq!(params[0]["session"], true);
        assert_eq!(keys(&params[2]["values"][0]), ["value", "title", "ident"]);
        assert_eq!(
            names(&operation["returns"]),
            [
                ("likes", "likes", "Vec<Like>"),
                ("wcId", "wc_id", "WcId"),
                ("owner", "owner", "GetReplyOwner"),
                ("nickName", "nick_name", "String")
            ]
        );
    }

    #[test]
    fn where_there_is_no_sdk_there_are_no_rust_names() {
        let module = inspected(false);
        assert_eq!(
            keys(&module),
            ["api", "slug", "title", "operations", "events"]
        );
        let operation = &module["operations"][0];
        assert!(!keys(operation).contains(&"fn") && !keys(operation).contains(&"type"));
        assert_eq!(
            names(&operation["params"]).last(),
            Some(&("type", "—", "i64"))
        );
    }

    #[test]
    fn events_and_several_apis_have_their_names() {
        let scratch = Scratch::new();
        let config = "title = \"X\"\ntransport = \"poll\"\n[[api]]\nid = \"a\"\n[[api]]\nid = \"b\"\n\
                      [request]\ncommand = \"api\"\nid = \"id\"\n[event]\ntag = \"kind\"\npayload = \"data\"\n\
                      [[dialect.item]]\nkind = \"event\"\nheading = \"{title}({wire})\"\n";
        let spec = |field: &str| {
            format!(
                "## 到(arrived)\n\n| data中的参数 | 类型 | 说明 |\n|---|---|---|\n| {field} | int | 数 |\n\n\
                 ```json\n{{\"kind\": \"arrived\", \"data\": {{\"{field}\": 1}}}}\n```\n"
            )
        };
        scratch.file("x/provider.toml", config);
        scratch.file("x/specs/a/spec.md", spec("oneTwo"));
        scratch.file("x/specs/b/spec.md", spec("threeFour"));
        let folder = folder::read(scratch.path(), &[]).folders.remove(0);
        let loading = Loading::of(folder);
        let named = Named {
            loaded: loading.loaded.as_ref().unwrap(),
            sdks: &loading.sdks,
        };
        let shown = inspect_json::of(&[named]);
        let event = |module: usize| &shown["providers"][0]["modules"][module]["events"][0];
        assert_eq!(event(0)["type"], "Arrived", "{:?}", loading.diagnostics);
        assert_eq!(names(&event(0)["fields"]), [("oneTwo", "one_two", "i64")]);
        assert_eq!(
            names(&event(1)["fields"]),
            [("threeFour", "three_four", "i64")]
        );
    }

    /// Fields without a Rust name, or with a value that has none.
    fn nameless(fields: &Value, found: &mut Vec<String>) {
        for field in fields.as_array().unwrap() {
            let wire = field["wire"].as_str().unwrap();
            let mut values = field["values"].as_array().into_iter().flatten();
            if field["ident"].is_null() || values.any(|value| value["ident"].is_null()) {
                found.push(wire.to_owned());
            }
            nameless(&field["fields"], found);
        }
    }

    #[test]
    fn elements_that_are_events_and_lists_with_fields_beside_them_have_their_names() {
        let providers = concat!(env!("CARGO_MANIFEST_DIR"), "/../catalog/providers");
        let folders = folder::read(providers.as_ref(), &[]).folders;
        assert!(folders.len() > 1);
        for folder in folders {
            let loading = Loading::of(folder);
            let named = Named {
                loaded: loading.loaded.as_ref().unwrap(),
                sdks: &loading.sdks,
            };
            let shown = inspect_json::of(&[named]);
            let modules = shown["providers"][0]["modules"].as_array().unwrap();
            let events = modules
                .iter()
                .flat_map(|module| module["events"].as_array().unwrap());
            let mut found = Vec::new();
            events.for_each(|event| nameless(&event["fields"], &mut found));
            assert!(found.is_empty(), "{found:?}");
        }
    }
}
