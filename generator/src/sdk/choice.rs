//! Owns open enums: the documented values of a field, each with a name.

use std::collections::BTreeMap;

use catalog::diagnostic::{Code, Diagnostic};
use catalog::model::{self, Field};
use catalog::spelling::toml_string;

use super::annotate::{Annotator, first_clause};
use super::object::{Owner, nonempty};
use super::twins::twins;
use crate::case::Words;
use crate::docs;
use crate::names::ValueName;
use crate::sdk::Type;

/// An open enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its name, e.g. `Sex`.
    pub ident: String,
    /// Markdown.
    pub docs: Vec<String>,
    /// Its values.
    pub variants: Vec<Variant>,
}

/// One documented value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    /// `Male`.
    pub ident: String,
    /// Former public names, e.g. `Man`.
    pub former: Vec<String>,
    /// `1`.
    pub value: String,
    /// Markdown, e.g. "`1`：男".
    pub title: String,
}

impl Annotator<'_> {
    /// Values that mean the opposite now are an error, with both ways on.
    fn keep_meanings(&mut self, inner: &Owner, field: &Field) {
        let turned = self.namer.turned(&inner.at, &field.values);
        let Some(first) = turned.first() else { return };
        let Some(choice) = field.values.get(first.at) else {
            return;
        };
        let mut were = field.values.clone();
        for turned in &turned {
            if let Some(choice) = were.get_mut(turned.at) {
                choice.title.clone_from(&turned.was);
            }
        }
        let title = |choice: &model::Choice| format!("title = {}", toml_string(&choice.title));
        let values = |values: Vec<String>| format!("values = [{}]", values.join(", "));
        let value = |choice: &model::Choice, more: &str| {
            format!(
                "{{ value = {}, {}{more} }}",
                toml_string(&choice.value),
                title(choice)
            )
        };
        let old = values(were.iter().map(|choice| value(choice, "")).collect());
        let name = |choice: &model::Choice| {
            let words = Words::of_title(&choice.title).snake();
            format!(", name = {}", toml_string(&words))
        };
        let named = field
            .values
            .iter()
            .map(|choice| value(choice, &name(choice)));
        let new = inner
            .correction(&values(named.collect()))
            .replace('\n', "\n# ");
        let message = format!(
            "`{}` of `{}` meant `{}`, and means `{}` now",
            choice.value, field.wire, first.was, choice.title
        );
        let finding = Diagnostic::error(Code::Turned, message)
            .at_if(field.source.clone())
            .help("programs would do the opposite: correct the documents, or name the values for what they mean now")
            .fix(format!("{}\n# or, if they mean this now:\n# {new}", inner.correction(&old)));
        self.namer.report(finding);
    }

    /// Declares the open enum of a field.
    pub(super) fn choice(&mut self, inner: &Owner, field: &Field) -> Type {
        let ident = self.namer.type_at(inner.at.clone(), &inner.words);
        self.keep_meanings(inner, field);
        let named = self.namer.variants(&inner.at, &field.values);
        let names: Vec<String> = named.iter().map(|named| named.name.clone()).collect();
        let wanted = names.iter().map(String::as_str).zip(&field.values);
        // One correction names them all.
        if let Some((name, first, choice)) = twins(&["Other"], wanted).first() {
            let first = first.map_or("any other value", |first| &first.value);
            let fix = inner.correction(&apart(&names, &field.values));
            let at = field.source.clone();
            self.namer.clash(name, first, &choice.value, at, Some(fix));
        }
        self.claim(&ident, &inner.id, field.source.clone(), inner.rename());
        let variant = |(named, choice): (ValueName, &model::Choice)| Variant {
            ident: named.name,
            former: named.former,
            value: choice.value.clone(),
            title: docs::value(choice),
        };
        let title = first_clause(&field.title);
        let title = if title.starts_with(|c: char| c.is_ascii_digit()) {
            ""
        } else {
            title
        };
        self.scope.choices.push(Choice {
            ident: ident.clone(),
            docs: vec![format!(
                "{}的取值。",
                nonempty(docs::escaped(title), &field.wire)
            )],
            variants: named.into_iter().zip(&field.values).map(variant).collect(),
        });
        Type::Choice(ident)
    }
}

/// The values with names that differ, as a correction has them.
fn apart(names: &[String], choices: &[model::Choice]) -> String {
    let mut counts = BTreeMap::from([("Other".to_owned(), 1)]);
    let mut values = String::from("values = [\n");
    for (name, choice) in names.iter().zip(choices) {
        let count = counts.entry(name.clone()).or_insert(0);
        *count += 1;
        let words = Words::of_ident(name);
        let name = match *count {
            1 => words.snake(),
            count => words.numbered(count),
        };
        let (value, title) = (toml_string(&choice.value), toml_string(&choice.title));
        values.push_str(&format!(
            "  {{ value = {value}, title = {title}, name = \"{name}\" }},\n"
        ));
    }
    values.push(']');
    values
}
