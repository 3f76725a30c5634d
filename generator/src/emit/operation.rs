//! Owns operations: the description, the request, its constructor and setters, the method.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::laid::{self, documentation, literal};
use super::object::{entry, setter};
use super::tokens::{argument, constant, ident};
use super::{Chunk, either, flow};
use crate::sdk::{Constructor, Operation, Param, Sdk, Type};

/// The method of an operation, and those of its former names.
pub(super) fn methods(module: &str, operation: &Operation) -> String {
    let method = &operation.method;
    let (request, reply) = (
        &operation.request,
        format!("Call<{}>", operation.reply.rust()),
    );
    let attributes = format!(
        "{}{}{}    #[inline]\n",
        documentation(&operation.docs, "    "),
        laid::alias(&operation.model.title, method, "    "),
        laid::deprecated(operation.model.deprecated),
    );
    let own = laid::method(&attributes, method, request, &reply, "self.0.call(request)");
    let mut methods = own + &flow::methods(module, operation);
    for (name, _) in &operation.former {
        let note = literal(&format!("改名为 {method}"));
        let attributes = format!("    /// 从前的名字。\n    #[deprecated = {note}]\n");
        let body = format!("self.{method}(request)");
        methods += &laid::method(&attributes, name, request, &reply, &body);
    }
    methods
}

/// Everything about an operation but its method.
pub(super) fn operation(sdk: &Sdk, module: &str, operation: &Operation) -> Vec<Chunk> {
    let alternatives = operation.params.iter().filter(|p| !p.either.is_empty());
    let alternatives = alternatives.map(either::declared);
    let plans = flow::plans(module, operation);
    let former = operation.former_types.iter().map(|(former, now)| {
        let note = format!("改名为 {now}");
        let (former, now) = (ident(former), ident(now));
        quote! {
            /// 从前的名字。
            #[deprecated = #note]
            pub type #former = #now;
        }
    });
    vec![
        description(sdk, operation),
        request(sdk, module, operation),
        holder(operation),
        construction(operation),
        Chunk::Items(quote!(#(#alternatives)*)),
        members(operation),
        debug(operation),
        implementation(sdk, operation),
        Chunk::Items(quote!(#plans #(#former)*)),
    ]
}

/// How a request shows its parameters.
fn members(operation: &Operation) -> Chunk {
    let (chosen, single): (Vec<&Param>, Vec<&Param>) = operation
        .params
        .iter()
        .partition(|param| !param.either.is_empty());
    let entries = single
        .iter()
        .map(|param| entry(&param.field, param.envelope));
    let visit = laid::visit(&entries.collect::<Vec<_>>());
    let choices: String = chosen
        .iter()
        .map(|param| either::entries(param).to_string())
        .collect();
    let text = format!(
        "impl ToObject for {} {{
    #[inline]
    fn members(&self, visit: Visit<'_>) {{
{visit}{choices}    }}
    #[inline]
    fn extra(&self) -> &[(String, Json)] {{
        self.extra.as_slice()
    }}
}}
",
        operation.request
    );
    if chosen.is_empty() {
        laid::item(text)
    } else {
        Chunk::Source(text)
    }
}

fn debug(operation: &Operation) -> Chunk {
    let name = &operation.request;
    laid::item(format!(
        "impl fmt::Debug for {name} {{
    #[inline]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {{
        debug_object({}, self, f)
    }}
}}
",
        literal(name)
    ))
}

fn implementation(sdk: &Sdk, operation: &Operation) -> Chunk {
    let (name, reply) = (&operation.request, operation.reply.rust());
    let (scope, described_by) = (scope(sdk, operation), constant(&operation.method));
    laid::item(format!(
        "impl Request for {name} {{
    type Reply = {reply};
    type Scope = {scope};
    const OPERATION: &'static Operation = &{described_by};
}}
"
    ))
}

fn scope(sdk: &Sdk, operation: &Operation) -> Ident {
    match (&sdk.session, operation.on_client(), operation.on_session()) {
        (Some(_), true, true) => ident("Anywhere"),
        (Some(session), false, true) => ident(&session.ty),
        _ => ident(&sdk.handle),
    }
}

/// What the catalog knows of the operation, as a `static`.
fn description(sdk: &Sdk, operation: &Operation) -> Chunk {
    let name = constant(&operation.method);
    let plain = format!(
        "Operation::new(&API, {}, {})",
        literal(&operation.model.id),
        literal(&operation.model.wire)
    );
    let facts = facts(sdk, operation);
    if facts.is_empty() {
        return laid::item(format!("static {name}: Operation = {plain};\n"));
    }
    let stands = facts.iter().all(|fact| laid::is_flat(fact));
    let facts = facts.into_iter();
    let facts: String = facts.map(|fact| format!("    {fact},\n")).collect();
    let text = format!("static {name}: Operation = Operation {{\n{facts}    ..{plain}\n}};\n");
    if stands {
        laid::item(text)
    } else {
        Chunk::Source(text)
    }
}

/// In what an operation differs from most.
fn facts(sdk: &Sdk, operation: &Operation) -> Vec<String> {
    let mut facts = Vec::new();
    let model = &operation.model;
    if operation.verb() != "POST" {
        facts.push(format!(
            "method: Method::{}",
            capitalised(&operation.verb())
        ));
    }
    if !model.auth {
        facts.push("authorized: false".to_owned());
    }
    if let Some(wire) = operation.bound().filter(|_| operation.on_session()) {
        let wire = literal(wire);
        facts.push(format!("session: &[Bound {{ name: {wire}, value: 0 }}]"));
    }
    for (meaning, codes) in model.meanings() {
        let codes: Vec<String> = codes.iter().map(|code| literal(code)).collect();
        facts.push(format!("{meaning}: Some(&[{}])", codes.join(", ")));
    }
    if let Some((key, name)) = sdk.named_by(operation) {
        let (key, name) = (literal(key), literal(name));
        facts.push(format!("fixed: &[({key}, {name})]"));
    }
    if let Some(wrap) = &operation.wrap {
        facts.push(format!("wrap: Some({})", literal(wrap)));
    }
    if operation.beside {
        facts.push("data: Data::Envelope".to_owned());
    }
    if let Some(seconds) = model.patience_s {
        facts.push(format!("patience: Some(Duration::from_secs({seconds}))"));
    }
    facts.extend(flow::facts(operation));
    if operation.params.iter().any(has_secret) {
        facts.push("secret: true".to_owned());
    }
    facts
}

fn has_secret(param: &Param) -> bool {
    let of_either = param.either.iter().map(|one| &one.field.ty);
    let mut types = of_either.chain([&param.field.ty]);
    types.any(|ty| *ty == Type::Secret)
}

/// `GET` → `Get`, as the runtime names methods.
pub(super) fn capitalised(verb: &str) -> String {
    let mut chars = verb.chars();
    let first = chars.next();
    first
        .into_iter()
        .chain(chars.map(|c| c.to_ascii_lowercase()))
        .collect()
}

fn request(sdk: &Sdk, module: &str, operation: &Operation) -> Chunk {
    let name = &operation.request;
    let mut lines = operation.docs.clone();
    lines.extend(example(sdk, module, operation));
    let fields = operation.params.iter().map(|param| {
        let plain = param.field.ty.rust();
        let held = if param.required {
            plain
        } else {
            format!("Option<{plain}>")
        };
        laid::field(&param.field.docs, &param.field.ident, &held)
    });
    let fields: String = fields.collect();
    let default = if required(operation).is_empty() {
        ", Default"
    } else {
        ""
    };
    laid::item(format!(
        "{}{}#[derive(Clone{default})]
#[non_exhaustive]
pub struct {name} {{
{fields}    /// 文档没有写到的参数。
    pub extra: Extra,
}}
",
        documentation(&lines, ""),
        laid::alias(&operation.model.title, name, "")
    ))
}

/// A doctest that is compiled, and not run.
fn example(sdk: &Sdk, module: &str, operation: &Operation) -> Vec<String> {
    let session = sdk.session.as_ref().filter(|_| !operation.on_client());
    let handle = sdk.handle.to_lowercase();
    let (receiver, ty) = match session {
        Some(session) => ("wx", session.ty.as_str()),
        None => (handle.as_str(), sdk.handle.as_str()),
    };
    let root = format!("generated_sdk::{}", sdk.path());
    let mut lines = vec![String::new(), "```no_run".to_owned()];
    lines.push(format!("use {root}::{module}::*;"));
    lines.push(format!(
        "# async fn example({receiver}: {root}::{ty}) -> Result<(), generated_sdk::Error> {{"
    ));
    lines.extend(operation.example.iter().cloned());
    lines.push("# Ok(()) }".to_owned());
    lines.push("```".to_owned());
    lines
}

/// What a constructor takes, in its order.
fn required(operation: &Operation) -> Vec<&Param> {
    let (Constructor::Positional(indices) | Constructor::Named(indices)) = &operation.constructor;
    indices
        .iter()
        .filter_map(|at| operation.params.get(*at))
        .collect()
}

/// The constructor and the setters.
fn construction(operation: &Operation) -> Chunk {
    let optional = operation.params.iter().filter(|param| !param.required);
    let setters = optional.map(|param| setter(&param.field));
    let setters: String = setters.collect();
    laid::item(format!(
        "impl {} {{
{}{setters}    /// 加一个文档没有写到的参数。
    #[must_use]
    pub fn extra(mut self, key: impl Into<String>, value: impl Into<Json>) -> Self {{
        self.extra.insert(key, value);
        self
    }}
}}
",
        operation.request,
        constructor(operation),
    ))
}

fn constructor(operation: &Operation) -> String {
    let required = required(operation);
    if required.is_empty() {
        return "    /// 没有必填的参数。\n    pub fn new() -> Self {\n        Self::default()\n    }\n"
            .to_owned();
    }
    let (arguments, before, mut fields) = match operation.constructor {
        Constructor::Positional(_) => positional(&required),
        Constructor::Named(_) => named(&operation.holder(), &required),
    };
    let optional = operation.params.iter().filter(|param| !param.required);
    fields.extend(optional.map(|param| format!("{}: None", param.field.ident)));
    fields.push("extra: Extra::default()".to_owned());
    let signature = laid::signature("new", &arguments, "Self");
    let value = laid::literal_of_struct("Self", &fields);
    format!("    /// 给出必填的参数。\n{signature}{before}{value}    }}\n")
}

/// The arguments, the statements before the value, the fields that are given.
type Given = (Vec<String>, String, Vec<String>);

fn positional(required: &[&Param]) -> Given {
    let given = required.iter().map(|param| {
        let name = &param.field.ident;
        let (ty, value) = argument(&param.field.ty, name);
        // `Self { name }`, not `Self { name: name }`.
        let field = if *name == value {
            value
        } else {
            format!("{name}: {value}")
        };
        (format!("{name}: {ty}"), field)
    });
    let (arguments, fields) = given.unzip();
    (arguments, String::new(), fields)
}

fn named(holder: &str, required: &[&Param]) -> Given {
    let names = required.iter().map(|param| param.field.ident.clone());
    let names: Vec<String> = names.collect();
    let taken = format!(
        "        let {holder} {{ {} }} = required;\n",
        names.join(", ")
    );
    (vec![format!("required: {holder}")], taken, names)
}

/// The struct that holds what is required, so that the compiler counts the fields.
fn holder(operation: &Operation) -> Chunk {
    let Constructor::Named(_) = operation.constructor else {
        return Chunk::Items(TokenStream::new());
    };
    let fields = required(operation).into_iter().map(|param| {
        let field = &param.field;
        laid::field(&field.docs, &field.ident, &field.ty.rust())
    });
    let fields: String = fields.collect();
    // A derive macro may have the same name: `Hash`.
    let about = format!("[`struct@{}`] 必填的参数。", operation.request);
    laid::item(format!(
        "/// {about}\n#[derive(Clone)]\npub struct {} {{\n{fields}}}\n",
        operation.holder()
    ))
}
