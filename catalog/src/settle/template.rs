//! Owns templates: JSON of `provider.toml` that stands for the parameters of an operation, with places to be filled.
//!
//! In: `{ to = "{person}", type = 1 }` and the fields that it speaks of. Out: its parts, and what stands at the places;
//! or the first thing that does not fit: `` `msg.typ` is no field (did you mean `type`?) ``.

use super::{Finding, stale};
use crate::json::{Map, Value};
use crate::model::{Described, Field, Part, Template, Type};
use crate::spelling;

/// What a place is filled with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filling {
    Text,
    /// A whole number; where a text is wanted, its digits.
    Number,
    Object,
    /// What is known to fit.
    Any,
}

/// What may stand in a template, and how it is spoken of.
pub(super) struct Form<'a> {
    /// `` `message` of [event.conversation] ``.
    pub(super) of: &'a str,
    /// The places, and whether each must be there.
    pub(super) places: &'a [(&'static str, Filling, bool)],
}

/// Fields, and what their types can name.
pub(super) type Fields<'f> = (Described<'f>, &'f [Field]);

/// A template that fits, and which fields its places are.
pub(super) struct Fitted<'f> {
    pub(super) template: Template,
    pub(super) places: Vec<(&'static str, &'f Field)>,
}

impl<'f> Fitted<'f> {
    /// The field at a place.
    pub(super) fn at(&self, place: &str) -> Option<&'f Field> {
        let mut places = self.places.iter();
        places
            .find(|(name, _)| *name == place)
            .map(|(_, field)| *field)
    }
}

/// Fits an object to these fields.
pub(super) fn fit<'f>(
    form: &Form<'_>,
    value: &Value,
    (described, fields): Fields<'f>,
) -> Result<Fitted<'f>, Finding> {
    let mut fitting = Fitting {
        form,
        described,
        json: String::new(),
        parts: Vec::new(),
        places: Vec::new(),
    };
    let Some(members) = value.as_object() else {
        let message = format!("{} is no table", form.of);
        return Err(stale(message, "write `{ name = value, … }`"));
    };
    fitting.object(members, fields, "")?;
    fitting.cut();
    let is_there = |place| fitting.places.iter().any(|(name, _)| *name == place);
    let missing = form
        .places
        .iter()
        .find(|(name, _, must)| *must && !is_there(*name));
    if let Some((name, ..)) = missing {
        let message = format!("{} has no place for `{{{name}}}`", form.of);
        return Err(stale(
            message,
            "write it where it belongs, in quotes and alone",
        ));
    }
    Ok(Fitted {
        template: Template(fitting.parts),
        places: fitting.places,
    })
}

/// A value that a field can have, as JSON.
pub(super) fn constant(of: &str, value: &Value, field: &Field) -> Result<String, Finding> {
    let form = Form { of, places: &[] };
    is_one(&form, value, field, field.ty, &field.wire)?;
    Ok(value.to_string())
}

struct Fitting<'a, 'f> {
    form: &'a Form<'a>,
    described: Described<'f>,
    /// What is always the same, since the last place.
    json: String,
    parts: Vec<Part>,
    places: Vec<(&'static str, &'f Field)>,
}

impl<'f> Fitting<'_, 'f> {
    fn cut(&mut self) {
        if !self.json.is_empty() {
            self.parts.push(Part::Json(std::mem::take(&mut self.json)));
        }
    }

    fn object(&mut self, members: &Map, fields: &'f [Field], at: &str) -> Result<(), Finding> {
        let below = |name: &str| match at {
            "" => name.to_owned(),
            at => format!("{at}.{name}"),
        };
        self.json.push('{');
        for (n, (name, value)) in members.iter().enumerate() {
            let Some(field) = fields.iter().find(|field| field.wire == name) else {
                let near = spelling::did_you_mean(name, fields.iter().map(|f| f.wire.as_str()));
                return self.refused(&below(name), &format!("is no field{near}"));
            };
            if field.session {
                return self.refused(&below(name), "is filled in by the session");
            }
            if let Some(outside) = field.place.outside() {
                let what = format!("stands in the {outside}, and a template is a body");
                return self.refused(&below(name), &what);
            }
            if n > 0 {
                self.json.push(',');
            }
            self.json
                .push_str(&Value::String(name.to_owned()).to_string());
            self.json.push(':');
            self.value(value, field, field.ty, &below(name))?;
        }
        self.json.push('}');
        let is_left = |field: &&Field| {
            field.required
                && !field.session
                && field.constant.is_none()
                && members.get(&field.wire).is_none()
        };
        match fields.iter().find(is_left) {
            Some(left) => self.refused(&below(&left.wire), "is required, and not there"),
            None => Ok(()),
        }
    }

    /// A value of this field, or of an element of it.
    fn value(
        &mut self,
        value: &Value,
        field: &'f Field,
        ty: Type,
        at: &str,
    ) -> Result<(), Finding> {
        match (value, ty) {
            (Value::String(text), _) if text.contains('{') => self.place(text, field, ty, at),
            (Value::Array(elements), Type::List(item)) => {
                self.json.push('[');
                for (n, element) in elements.iter().enumerate() {
                    if n > 0 {
                        self.json.push(',');
                    }
                    self.value(element, field, item.ty(), &format!("{at}[]"))?;
                }
                self.json.push(']');
                Ok(())
            }
            (Value::Object(members), Type::Object) => {
                self.object(members, self.described.members(field), at)
            }
            _ => {
                is_one(self.form, value, field, ty, at)?;
                self.json.push_str(&value.to_string());
                Ok(())
            }
        }
    }

    fn place(&mut self, text: &str, field: &'f Field, ty: Type, at: &str) -> Result<(), Finding> {
        let name = text
            .strip_prefix('{')
            .and_then(|text| text.strip_suffix('}'));
        let known = self.form.places.iter().map(|(name, ..)| *name);
        let Some((name, filling, _)) =
            (self.form.places.iter()).find(|(place, ..)| name == Some(*place))
        else {
            let names: Vec<String> = known.clone().map(|name| format!("`{{{name}}}`")).collect();
            let near = spelling::did_you_mean(name.unwrap_or(text), known);
            let message = format!(
                "`{at}` in {} is `{text}`, which is no place{near}",
                self.form.of
            );
            let help = format!("a place stands alone; there are {}", names.join(", "));
            return Err(stale(message, &help));
        };
        let fits = match filling {
            Filling::Text => matches!(ty, Type::Text | Type::Any),
            Filling::Number => matches!(
                ty,
                Type::Integer | Type::Unsigned | Type::Number | Type::Text | Type::Any
            ),
            Filling::Object => matches!(ty, Type::Object | Type::Any),
            Filling::Any => true,
        };
        if !fits {
            let what = format!(
                "is of the type `{}`, which `{{{name}}}` is not",
                ty.as_str()
            );
            return self.refused(at, &what);
        }
        self.cut();
        let part = match (filling, ty) {
            (Filling::Number, Type::Text) => Part::Text,
            _ => Part::Value,
        };
        self.parts.push(part((*name).to_owned()));
        self.places.push((*name, field));
        Ok(())
    }

    fn refused(&self, at: &str, what: &str) -> Result<(), Finding> {
        Err(refused(self.form, at, what))
    }
}

fn refused(form: &Form<'_>, at: &str, what: &str) -> Finding {
    let message = format!("`{at}` in {} {what}", form.of);
    stale(message, "write what the documents list")
}

/// Whether a constant is of this type, and one that is documented.
fn is_one(
    form: &Form<'_>,
    value: &Value,
    field: &Field,
    ty: Type,
    at: &str,
) -> Result<(), Finding> {
    if !fits(value, ty) {
        let what = format!("is of the type `{}`, and `{value}` is not", ty.as_str());
        return Err(refused(form, at, &what));
    }
    let plain = match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let known = field.values.is_empty() || field.values.iter().any(|v| v.value == plain);
    match known {
        true => Ok(()),
        false => Err(refused(form, at, &format!("is never `{plain}`"))),
    }
}

/// Whether a constant is of this type.
fn fits(value: &Value, ty: Type) -> bool {
    match ty {
        Type::Any => true,
        Type::Text => matches!(value, Value::String(_)),
        Type::Boolean => matches!(value, Value::Bool(_)),
        Type::Number => matches!(value, Value::Number(_)),
        Type::Unsigned => matches!(value, Value::Number(number) if number.is_u64()),
        Type::Integer => {
            matches!(value, Value::Number(number) if number.is_u64() || number.is_i64())
        }
        Type::Object | Type::List(_) => false,
    }
}
