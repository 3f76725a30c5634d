//! Owns shared shapes: types that several replies have in common because the catalog says that they
//! are the same.

use catalog::config::{SharedShape, selects};
use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{Field, Operation, Provider};

use super::object::Owner;
use super::{Holder, Lowering};
use crate::case::Words;
use crate::docs;
use crate::sdk::Types;

/// A place at which a shape occurs.
struct Place<'p> {
    /// Its wire identity.
    id: String,
    fields: &'p [Field],
}

impl Lowering<'_> {
    /// Declares every shape; a place that differs from the first is an error.
    pub(super) fn declare_shapes(&mut self, provider: &Provider) -> Types {
        let mut declared = Vec::new();
        // A shape's own name is its own; the others are taken.
        let common = self.common.iter();
        let common = common.map(|(name, what)| {
            let (owner, fix) = (what.clone(), None);
            (name.clone(), Holder { owner, fix })
        });
        self.scope.taken = common.collect();
        self.rename = None;
        for shape in &self.config.shape {
            let places = places(provider, shape);
            let Some((first, others)) = places.split_first() else {
                let message = format!("shape `{}` occurs nowhere", shape.name);
                let help = "name the operations that have it in `at`, or remove it";
                self.namer
                    .report(Diagnostic::error(Code::ShapeMismatch, message).help(help));
                continue;
            };
            for other in others {
                if let Some(difference) = difference(first.fields, other.fields) {
                    self.namer
                        .report(mismatch(shape, first, other, &difference));
                }
            }
            let owner = Owner {
                words: Words::of_type(&shape.name),
                id: format!("the shape {}", shape.name),
                path: Vec::new(),
                sent: false,
            };
            self.object(
                &owner,
                format!("{}。", docs::escaped(&shape.title)),
                first.fields,
            );
            declared.extend(
                places
                    .iter()
                    .map(|place| (place.id.clone(), shape.name.clone())),
            );
        }
        // Only now: a shape's own fields are declared with it, not referred to.
        self.places.extend(declared);
        std::mem::take(&mut self.scope).types()
    }
}

fn mismatch(
    shape: &SharedShape,
    first: &Place<'_>,
    other: &Place<'_>,
    difference: &str,
) -> Diagnostic {
    let message = format!(
        "shape `{}` is not the same at `{}` and at `{}`: {difference}",
        shape.name, first.id, other.id
    );
    Diagnostic::error(Code::ShapeMismatch, message)
        .at_if(other.fields.iter().find_map(|field| field.source.clone()))
        .help("take the place out of the shape's `at`, or correct the field")
}

/// Where a shape occurs: at an operation's reply, or at a part of it.
fn places<'p>(provider: &'p Provider, shape: &SharedShape) -> Vec<Place<'p>> {
    let mut found = Vec::new();
    for at in &shape.at {
        let (pattern, path) = at.split_once(':').unwrap_or((at, ""));
        let named = |o: &&Operation| selects(pattern, &o.id) || selects(pattern, &o.wire);
        for operation in provider.operations().filter(named) {
            let names: Vec<&str> = path
                .split('.')
                .map(|name| name.trim_end_matches("[]"))
                .filter(|name| !name.is_empty())
                .collect();
            if let Some(fields) = fields_at(&operation.returns, &names) {
                let id = std::iter::once(operation.id.as_str())
                    .chain(names)
                    .collect::<Vec<_>>()
                    .join(" ");
                found.push(Place { id, fields });
            }
        }
    }
    found
}

fn fields_at<'f>(fields: &'f [Field], path: &[&str]) -> Option<&'f [Field]> {
    match path.split_first() {
        None => (!fields.is_empty()).then_some(fields),
        Some((name, rest)) => {
            let field = fields.iter().find(|field| field.wire == *name)?;
            fields_at(&field.fields, rest)
        }
    }
}

/// The first thing in which two shapes differ.
fn difference(a: &[Field], b: &[Field]) -> Option<String> {
    for field in a {
        let Some(other) = b.iter().find(|other| other.wire == field.wire) else {
            return Some(format!("`{}` is missing", field.wire));
        };
        if described(field) != described(other) {
            return Some(format!(
                "`{}` is {} and {}",
                field.wire,
                described(field),
                described(other)
            ));
        }
        if let Some(inner) = difference(&field.fields, &other.fields) {
            return Some(inner);
        }
    }
    let more = b
        .iter()
        .find(|other| !a.iter().any(|field| field.wire == other.wire));
    more.map(|other| format!("`{}` is only there", other.wire))
}

fn described(field: &Field) -> String {
    let mut text = field.ty.as_str().to_owned();
    if let Some(separator) = &field.list {
        text.push_str(&format!(" joined by `{separator}`"));
    }
    if !field.values.is_empty() {
        let values: Vec<&str> = field
            .values
            .iter()
            .map(|choice| choice.value.as_str())
            .collect();
        text.push_str(&format!(" of {}", values.join("/")));
    }
    text
}
