//! Owns the documented wordings of texts: an enum with what differs as fields.

use std::collections::BTreeMap;

use catalog::model::{self, Field, Type};

use super::Annotator;
use super::object::Owner;
use super::twins::twins;
use crate::docs;

/// The documented wordings of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wordings {
    /// Its name, e.g. `RoomNotice`.
    pub ident: String,
    /// Markdown.
    pub docs: Vec<String>,
    /// Each of them.
    pub variants: Vec<Wording>,
}

/// One documented wording.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// `RoomRenamed`.
    pub ident: String,
    /// `{by} has renamed the room {name}`.
    pub value: String,
    /// `by`, `name`.
    pub filled: Vec<String>,
    /// Markdown.
    pub title: String,
}

impl Annotator<'_> {
    /// Declares the wordings of a text, if the documents show any.
    pub(super) fn wordings(&mut self, inner: &Owner, field: &Field) -> Option<String> {
        if field.forms.is_empty() {
            return None;
        }
        let ident = self.namer.type_at(inner.at.clone(), &inner.words);
        self.claim(&ident, &inner.id, field.source.clone(), inner.rename());
        let names = self.namer.wordings(&inner.at, &field.forms);
        let wanted = names.iter().map(String::as_str).zip(&field.forms);
        for (name, first, form) in twins(&[], wanted) {
            let first = first.map_or("", |first| &first.value);
            let at = field.source.clone();
            self.namer.clash(name, first, &form.value, at, None);
        }
        let variant = |(ident, form): (String, &model::Choice)| Wording {
            filled: self.filled(inner, form, field),
            value: form.value.clone(),
            title: docs::value(form),
            ident,
        };
        let variants = names.into_iter().zip(&field.forms).map(variant).collect();
        self.scope.wordings.push(Wordings {
            ident: ident.clone(),
            docs: vec![format!("`{}`的样式。", docs::code(&field.wire))],
            variants,
        });
        Some(ident)
    }

    /// The names of a wording's placeholders; two that want one are an error.
    fn filled(&mut self, of: &Owner, form: &model::Choice, field: &Field) -> Vec<String> {
        let mut seen = BTreeMap::new();
        let mut filled = Vec::new();
        for name in placeholders(&form.value) {
            let named = Field::new(name, Type::Text);
            let (ident, _) = self.namer.field(&of.at.below(&form.value), &named);
            if seen.insert(ident.clone(), name).is_some() {
                let at = field.source.clone();
                self.namer.clash(&ident, name, &form.value, at, None);
                continue;
            }
            filled.push(ident);
        }
        filled
    }
}

/// What stands in braces.
fn placeholders(wording: &str) -> Vec<&str> {
    let mut names = Vec::new();
    let mut rest = wording;
    while let Some((_, opened)) = rest.split_once('{') {
        rest = opened;
        if let Some((name, behind)) = opened.split_once('}')
            && !name.is_empty()
            && !name.contains('{')
        {
            names.push(name);
            rest = behind;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::placeholders;

    #[test]
    fn what_stands_in_braces_is_a_name() {
        assert_eq!(placeholders("{a} and {b}"), ["a", "b"]);
        assert_eq!(placeholders("{}x{ {{a}b}"), ["a"]);
        assert!(placeholders("x}").is_empty());
    }
}
