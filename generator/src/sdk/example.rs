//! Owns the example of an operation: a call with every required parameter, compiled as a doctest.

use crate::names::derived;
use crate::sdk::{Choice, Constructor, Operation, Param, Type};

/// How an argument is given: `new` converts, a struct literal does not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    Argument,
    Field,
}

/// What the example calls.
pub(super) struct Called<'o> {
    /// The module's method.
    pub(super) module: &'o str,
    /// The operation's method.
    pub(super) method: &'o str,
    /// The request's type.
    pub(super) request: &'o str,
    /// It is called on a client rather than on a session.
    pub(super) on_client: bool,
    /// What the handle is called: `client`.
    pub(super) receiver: &'o str,
}

/// The lines of a call.
pub(super) fn lines(
    called: &Called<'_>,
    params: &[Param],
    constructor: &Constructor,
    choices: &[Choice],
) -> Vec<String> {
    let request = called.request;
    let receiver = if called.on_client {
        called.receiver
    } else {
        "wx"
    };
    let call = format!("{receiver}.{}().{}", called.module, called.method);
    match constructor {
        Constructor::Positional(_) => {
            let made = made(request, params, constructor, choices);
            vec![format!("let reply = {call}({made}).await?;")]
        }
        Constructor::Named(indices) => {
            let mut lines = vec![format!(
                "let request = {request}::new({} {{",
                derived::holder(request)
            )];
            let fields = given(params, indices, Given::Field, choices);
            lines.extend(fields.map(|(ident, value)| format!("    {ident}: {value},")));
            lines.push("});".to_owned());
            lines.push(format!("let reply = {call}(request).await?;"));
            lines
        }
    }
}

/// The arguments of a constructor, each with the name of its field.
fn given<'p>(
    params: &'p [Param],
    indices: &'p [usize],
    how: Given,
    choices: &'p [Choice],
) -> impl Iterator<Item = (&'p str, String)> {
    let params = indices.iter().filter_map(|at| params.get(*at));
    params.map(move |param| {
        let value = match (&param.field.ty, param.either.first()) {
            (Type::Either(name), Some(one)) => {
                let value = value(&one.field.ty, Given::Field, choices);
                format!("{name}::{}({value})", one.ident)
            }
            (ty, _) => value(ty, how, choices),
        };
        (param.field.ident.as_str(), value)
    })
}

/// How a request is made, in one line: `SendText::new("…", "…")`.
fn made(request: &str, params: &[Param], constructor: &Constructor, choices: &[Choice]) -> String {
    match constructor {
        Constructor::Positional(indices) => {
            let values = given(params, indices, Given::Argument, choices);
            let values: Vec<String> = values.map(|(_, value)| value).collect();
            format!("{request}::new({})", values.join(", "))
        }
        Constructor::Named(indices) => {
            let fields = given(params, indices, Given::Field, choices);
            let fields: Vec<String> = fields
                .map(|(ident, value)| format!("{ident}: {value}"))
                .collect();
            format!(
                "{request}::new({} {{ {} }})",
                derived::holder(request),
                fields.join(", ")
            )
        }
    }
}

impl Operation {
    /// How its request is made, in one line, for an example; `choices` are those of its module.
    pub fn made(&self, choices: &[Choice]) -> String {
        made(&self.request, &self.params, &self.constructor, choices)
    }
}

fn value(ty: &Type, given: Given, choices: &[Choice]) -> String {
    let text = |literal: &str| match given {
        Given::Argument => literal.to_owned(),
        Given::Field => format!("{literal}.into()"),
    };
    match ty {
        Type::Unit => "()".to_owned(),
        Type::Text | Type::Secret | Type::Id(_) => text("\"…\""),
        Type::I64 | Type::U64 => "1".to_owned(),
        Type::F64 => "1.0".to_owned(),
        Type::Bool => "true".to_owned(),
        Type::Json => text("true"),
        Type::Choice(name) => {
            let declared = choices.iter().find(|choice| &choice.ident == name);
            let first = declared.and_then(|choice| choice.variants.first());
            first.map_or_else(
                || name.clone(),
                |variant| format!("{name}::{}", variant.ident),
            )
        }
        Type::Object(_) | Type::Event(_) | Type::Either(_) | Type::Xml(_) => {
            format!("{}::default()", ty.rust())
        }
        Type::List(of) => {
            let element = value(of, given, choices);
            match given {
                Given::Argument => format!("[{element}]"),
                Given::Field => format!("vec![{element}]"),
            }
        }
        Type::Maybe(_) => "None".to_owned(),
    }
}
