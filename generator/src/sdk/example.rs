//! Owns the example of an operation: a call with every required parameter, compiled as a doctest.
//!
//! In: the parameters, and the request that the documents show. Out: `wx.groups().create(Create::new(["wxid_a",
//! "wxid_b"]))`: with values from there, so many of them as the SDK itself allows.

use catalog::json::{Map, Value};
use catalog::model::{self, Place, Rule, SampleRole};

use crate::names::derived;
use crate::sdk::{Choice, Coding, Constructor, Limit, Member, Operation, Param, Type};

/// How an argument is given: `new` converts, a struct literal does not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    Argument,
    Field,
}

/// A text of which this much is shown, if it is longer than any id.
const LONG: (usize, usize) = (48, 24);
/// A line of code that is broken in two.
const WIDE: usize = 100;
/// What stands for a text that nothing is known of.
const UNKNOWN: &str = "…";

/// What the example calls.
pub(super) struct Called<'o> {
    /// The module's method.
    pub(super) module: &'o str,
    /// The operation's method.
    pub(super) method: &'o str,
    /// It is called on a client rather than on a session.
    pub(super) on_client: bool,
    /// What the handle is called: `client`.
    pub(super) receiver: &'o str,
}

/// The lines of a call.
pub(super) fn lines(called: &Called<'_>, making: &Making<'_>) -> Vec<String> {
    let receiver = if called.on_client {
        called.receiver
    } else {
        "wx"
    };
    let call = format!("{receiver}.{}().{}", called.module, called.method);
    let made = making.made();
    let whole = format!("let reply = {call}({made}).await?;");
    match making.constructor {
        Constructor::Positional(_) if whole.chars().count() <= WIDE => vec![whole],
        Constructor::Positional(_) => vec![
            format!("let request = {made};"),
            format!("let reply = {call}(request).await?;"),
        ],
        Constructor::Named(indices) => {
            let request = making.request;
            let mut lines = vec![format!(
                "let request = {request}::new({} {{",
                derived::holder(request)
            )];
            let fields = making.given(indices, Given::Field);
            lines.extend(fields.map(|(ident, value)| format!("    {ident}: {value},")));
            lines.push(format!("}}){};", making.alternative()));
            lines.push(format!("let reply = {call}(request).await?;"));
            lines
        }
    }
}

/// How a request is made.
pub(super) struct Making<'o> {
    /// Its type.
    pub(super) request: &'o str,
    pub(super) params: &'o [Param],
    pub(super) constructor: &'o Constructor,
    /// What the SDK does not let pass.
    pub(super) limits: &'o [Limit],
    /// Those of the module.
    pub(super) choices: &'o [Choice],
    /// The request that the documents show, and what is inside of the key that wraps parameters.
    pub(super) shown: Shown<'o>,
}

/// A documented request.
#[derive(Clone, Copy, Default)]
pub(super) struct Shown<'o> {
    root: Option<&'o Map>,
    inside: Option<&'o Map>,
}

impl<'o> Shown<'o> {
    /// The first request that is an object.
    pub(super) fn of(operation: &'o model::Operation, wrap: Option<&str>) -> Self {
        let requests = operation.samples.iter();
        let mut requests = requests.filter(|sample| sample.role == SampleRole::Request);
        let root = requests.find_map(|sample| sample.value.as_object());
        let inside = wrap.and_then(|key| root?.get(key)?.as_object());
        Self { root, inside }
    }

    fn get(&self, wire: &str, is_beside: bool) -> Option<&'o Value> {
        let inside = self.inside.filter(|_| !is_beside);
        inside.or(self.root)?.get(wire)
    }
}

impl Making<'_> {
    /// In one line: `SendText::new("wxid_a", "hello")`.
    pub(super) fn made(&self) -> String {
        let request = self.request;
        let made = match self.constructor {
            Constructor::Positional(indices) => {
                let values = self.given(indices, Given::Argument);
                let values: Vec<String> = values.map(|(_, value)| value).collect();
                format!("{request}::new({})", values.join(", "))
            }
            Constructor::Named(indices) => {
                let fields = self.given(indices, Given::Field);
                let fields: Vec<String> = fields
                    .map(|(ident, value)| format!("{ident}: {value}"))
                    .collect();
                let holder = derived::holder(request);
                format!("{request}::new({holder} {{ {} }})", fields.join(", "))
            }
        };
        format!("{made}{}", self.alternative())
    }

    /// The arguments of a constructor, each with the name of its field.
    fn given<'s>(
        &'s self,
        indices: &'s [usize],
        how: Given,
    ) -> impl Iterator<Item = (&'s str, String)> {
        let params = indices.iter().filter_map(|at| self.params.get(*at));
        params.map(move |param| (param.field.ident.as_str(), self.argument(param, how)))
    }

    fn argument(&self, param: &Param, how: Given) -> String {
        let shown =
            |member: &Member, place: Place| self.shown.get(&member.wire, place != Place::Payload);
        if let Type::Either(name) = &param.field.ty {
            let is_shown = |one: &&crate::sdk::Alternative| shown(&one.field, one.place).is_some();
            let chosen = param.either.iter().find(is_shown).or(param.either.first());
            if let Some(one) = chosen {
                let value = self.value(&one.field, shown(&one.field, one.place), Given::Field);
                return format!("{name}::{}({value})", one.ident);
            }
        }
        self.value(&param.field, shown(&param.field, param.place), how)
    }

    /// Of parameters one of which must be given, and none is required: the one that the documents show.
    fn alternative(&self) -> String {
        let one_of = self.limits.iter().find_map(|limit| match limit {
            Limit::Rule(Rule::OneOf(names)) => Some(names),
            _ => None,
        });
        let named = one_of.into_iter().flatten();
        let params = named.filter_map(|name| self.params.iter().find(|p| p.field.wire == *name));
        let params: Vec<&Param> = params.collect();
        if params.iter().any(|param| param.required) {
            return String::new();
        }
        let is_shown = |param: &&&Param| {
            self.shown
                .get(&param.field.wire, param.place != Place::Payload)
                .is_some()
        };
        let chosen = params.iter().find(is_shown).or(params.first());
        chosen.map_or_else(String::new, |param| {
            format!(
                ".{}({})",
                param.field.ident,
                self.argument(param, Given::Argument)
            )
        })
    }

    fn value(&self, member: &Member, shown: Option<&Value>, how: Given) -> String {
        let Type::List(of) = &member.ty else {
            let text = self.marked(member, shown);
            return self.one(&member.ty, member, text.as_deref(), shown, how);
        };
        let elements: Vec<String> = self
            .elements(member, shown)
            .iter()
            .map(|text| self.one(of, member, text.as_deref(), None, how))
            .collect();
        match how {
            Given::Argument => format!("[{}]", elements.join(", ")),
            Given::Field => format!("vec![{}]", elements.join(", ")),
        }
    }

    /// The elements of a list as texts, so many as are allowed.
    fn elements(&self, member: &Member, shown: Option<&Value>) -> Vec<Option<String>> {
        let mut texts: Vec<Option<String>> = match (shown, &member.coding) {
            (Some(Value::Array(elements)), _) => elements.iter().map(text).collect(),
            (Some(Value::String(whole)), Coding::Joined(separator)) if !separator.is_empty() => {
                let parts = whole.split(separator.as_str()).map(str::trim);
                parts.map(|part| Some(part.to_owned())).collect()
            }
            (Some(one), _) => vec![text(one)],
            (None, _) => Vec::new(),
        };
        texts.retain(|text| text.as_ref().is_none_or(|text| !text.is_empty()));
        let (least, most) = self.bounds(member);
        let first = texts.first().cloned().flatten();
        while texts.len() < least {
            let next = texts.len() + 1;
            texts.push(first.as_ref().map(|first| format!("{first}_{next}")));
        }
        texts.truncate(most);
        texts
    }

    /// How many elements a list has at least, for one has to be shown, and at most.
    fn bounds(&self, member: &Member) -> (usize, usize) {
        let bounds = self.limits.iter().find_map(|limit| match limit {
            Limit::Items(name, least, most) if *name == member.wire => Some((*least, *most)),
            _ => None,
        });
        let (least, most) = bounds.unwrap_or((1, u32::MAX));
        (least.max(1) as usize, most as usize)
    }

    /// A text in which marks are counted has so many as the list that is given has elements.
    fn marked(&self, member: &Member, shown: Option<&Value>) -> Option<String> {
        let text = shown.and_then(text);
        let counted = self.limits.iter().find_map(|limit| match limit {
            Limit::Rule(Rule::CountEquals { field, mark, list }) if *field == member.wire => {
                Some((mark, list))
            }
            _ => None,
        });
        let Some((mark, list)) = counted else {
            return text;
        };
        let list = self
            .params
            .iter()
            .find(|p| p.field.wire == *list && p.required);
        let Some(list) = list else { return text };
        let count = self
            .elements(
                &list.field,
                self.shown
                    .get(&list.field.wire, list.place != Place::Payload),
            )
            .len();
        let text = text.unwrap_or_default();
        if text.matches(mark.as_str()).count() == count {
            return Some(text);
        }
        Some(format!("{}{}", mark.repeat(count), text.replace(mark, "")))
    }

    /// One value; `text` is what the documents show.
    fn one(
        &self,
        ty: &Type,
        member: &Member,
        text: Option<&str>,
        shown: Option<&Value>,
        how: Given,
    ) -> String {
        let into = |literal: String| match how {
            Given::Argument => literal,
            Given::Field => format!("{literal}.into()"),
        };
        match ty {
            Type::Unit => "()".to_owned(),
            Type::Id(_) if member.coding == Coding::Number => {
                into(number(text).unwrap_or_else(|| "1".to_owned()))
            }
            Type::Text | Type::Secret | Type::Id(_) => into(literal(text.unwrap_or(UNKNOWN))),
            Type::I64 => parsed::<i64>(text).unwrap_or_else(|| "1".to_owned()),
            Type::U64 => parsed::<u64>(text).unwrap_or_else(|| "1".to_owned()),
            Type::F64 => text
                .and_then(|text| text.parse::<f64>().ok())
                .filter(|value| value.is_finite())
                .map_or_else(|| "1.0".to_owned(), |value| format!("{value:?}")),
            Type::Bool => (!matches!(shown, Some(Value::Bool(false)))).to_string(),
            Type::Json => into("true".to_owned()),
            Type::Choice(name) => self.variant(name, text),
            Type::Object(_) | Type::Event(_) | Type::Either(_) | Type::Xml(_) | Type::List(_) => {
                format!("{}::default()", ty.rust())
            }
            Type::Boxed(of) => self.one(of, member, text, shown, how),
            Type::Maybe(_) => "None".to_owned(),
        }
    }

    /// The variant of the value that the documents show, or the first one.
    fn variant(&self, name: &str, text: Option<&str>) -> String {
        let declared = self.choices.iter().find(|choice| choice.ident == name);
        let variants = declared.map_or(&[][..], |choice| choice.variants.as_slice());
        let is_shown = |value: &str| text == Some(value);
        let variant = variants.iter().find(|one| is_shown(&one.value));
        variant.or(variants.first()).map_or_else(
            || name.to_owned(),
            |variant| format!("{name}::{}", variant.ident),
        )
    }
}

impl Operation {
    /// How its request is made, in one line, for an example.
    pub fn made(&self) -> &str {
        &self.made
    }
}

/// A scalar as text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// A number as a literal of any of the types that become ids.
fn number(text: Option<&str>) -> Option<String> {
    let text = text?;
    match (
        text.parse::<i32>(),
        text.parse::<i64>(),
        text.parse::<u64>(),
    ) {
        (Ok(small), ..) => Some(small.to_string()),
        (_, Ok(large), _) => Some(format!("{large}_i64")),
        (.., Ok(larger)) => Some(format!("{larger}_u64")),
        _ => None,
    }
}

fn parsed<N: std::str::FromStr + std::fmt::Display>(text: Option<&str>) -> Option<String> {
    Some(text?.parse::<N>().ok()?.to_string())
}

/// A text as Rust writes it, the middle left out of a long one.
fn literal(text: &str) -> String {
    let (longest, shown) = LONG;
    match text.chars().count() > longest {
        true => format!(
            "{:?}",
            text.chars()
                .take(shown)
                .chain(UNKNOWN.chars())
                .collect::<String>()
        ),
        false => format!("{text:?}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_fit_and_long_texts_are_cut() {
        let of = |text| number(Some(text));
        assert_eq!(of("7").as_deref(), Some("7"));
        assert_eq!(
            of("7208643216420147215").as_deref(),
            Some("7208643216420147215_i64")
        );
        assert_eq!(
            of("18446744073709551615").as_deref(),
            Some("18446744073709551615_u64")
        );
        assert_eq!(of("wxid"), None);
        assert_eq!(literal("a\"b\u{202e}"), "\"a\\\"b\\u{202e}\"");
        assert_eq!(literal(&"x".repeat(60)), format!("\"{}…\"", "x".repeat(24)));
    }
}
