//! Owns what examples show together: which keys stand where, and which kinds of values they hold.

use crate::json::Value;
use crate::path::{DEEPEST, join, segments};

/// Everything that is seen at one place of the examples.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Shape {
    /// Kinds of scalars seen.
    pub(crate) kinds: Kinds,
    /// Members, in the order of the examples, if it is an object anywhere.
    pub(crate) members: Vec<(String, Shape)>,
    /// Seen as an object.
    pub(crate) object: bool,
    /// What its elements are, if it is a list anywhere.
    pub(crate) element: Option<Box<Shape>>,
}

/// Kinds of scalars.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Kinds {
    pub(crate) null: bool,
    pub(crate) boolean: bool,
    pub(crate) integer: bool,
    pub(crate) unsigned: bool,
    pub(crate) fraction: bool,
    /// Text that is no number.
    pub(crate) words: bool,
    /// Digits written as text.
    pub(crate) digits: bool,
    /// The empty text.
    pub(crate) empty: bool,
}

impl Kinds {
    /// Whether any text is seen.
    pub(crate) fn text(self) -> bool {
        self.words || self.digits || self.empty
    }

    /// Whether any number is seen.
    pub(crate) fn number(self) -> bool {
        self.integer || self.unsigned || self.fraction
    }

    /// Whether anything but null is seen.
    pub(crate) fn any(self) -> bool {
        self.text() || self.number() || self.boolean
    }
}

impl Shape {
    /// What several examples show.
    pub(crate) fn of<'v>(values: impl IntoIterator<Item = &'v Value>) -> Self {
        let mut shape = Self::default();
        for value in values {
            shape.see(value, 0);
        }
        shape
    }

    fn see(&mut self, value: &Value, depth: usize) {
        // What lies deeper is reported where examples are read.
        if depth > DEEPEST {
            return;
        }
        match value {
            Value::Null => self.kinds.null = true,
            Value::Bool(_) => self.kinds.boolean = true,
            Value::Number(number) => {
                if number.is_i64() {
                    self.kinds.integer = true;
                } else if number.is_u64() {
                    self.kinds.unsigned = true;
                } else {
                    self.kinds.fraction = true;
                }
            }
            Value::String(text) => {
                let digits = text.strip_prefix('-').unwrap_or(text);
                if text.is_empty() {
                    self.kinds.empty = true;
                } else if digits.chars().all(|c| c.is_ascii_digit()) && !digits.is_empty() {
                    self.kinds.digits = true;
                } else {
                    self.kinds.words = true;
                }
            }
            Value::Array(elements) => {
                let element = self.element.get_or_insert_default();
                for value in elements {
                    element.see(value, depth + 1);
                }
            }
            Value::Object(members) => {
                self.object = true;
                for (key, value) in members.iter() {
                    self.member_mut(key).see(value, depth + 1);
                }
            }
        }
    }

    fn member_mut(&mut self, key: &str) -> &mut Self {
        let at = match self.members.iter().position(|(known, _)| known == key) {
            Some(at) => at,
            None => {
                self.members.push((key.to_owned(), Self::default()));
                self.members.len() - 1
            }
        };
        &mut self.members[at].1
    }

    /// Whether nothing was seen.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Whether it has members, itself or in its elements.
    pub(crate) fn is_container(&self) -> bool {
        self.inside().0.object
    }

    /// The elements of a list, of a list of lists, …; how often `[]` stands between.
    fn inside(&self) -> (&Self, usize) {
        let mut shape = self;
        let mut lists = 0;
        while let Some(element) = &shape.element {
            shape = element;
            lists += 1;
        }
        (shape, lists)
    }

    /// The shape at a path such as `data.sns[].id`; `[]` may be left out.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        let mut shape = self;
        for segment in segments(path) {
            let (inner, _) = shape.inside();
            shape = inner
                .members
                .iter()
                .find(|(key, _)| key == segment)
                .map(|(_, member)| member)?;
        }
        Some(shape)
    }

    /// Every path at which a key stands, in the order of the examples.
    pub(crate) fn paths(&self) -> Vec<String> {
        let mut found = Vec::new();
        self.walk("", &mut found);
        found
    }

    fn walk(&self, prefix: &str, found: &mut Vec<String>) {
        let (inner, lists) = self.inside();
        // Where the whole message is a list, paths begin in its elements.
        let lists = if prefix.is_empty() { 0 } else { lists };
        let prefix = format!("{prefix}{}", "[]".repeat(lists));
        for (key, member) in &inner.members {
            let path = join(&prefix, key);
            found.push(path.clone());
            member.walk(&path, found);
        }
    }

    /// The path with `[]` where, and only where, the examples have lists; unknown parts stay.
    pub(crate) fn spelled(&self, path: &str) -> String {
        let mut shape = Some(self);
        let mut spelled = String::new();
        for (n, written) in path.split('.').enumerate() {
            let segment = written.trim_end_matches("[]");
            let inner = shape.map(|shape| shape.inside());
            if n > 0 {
                match inner {
                    Some((_, lists)) => spelled.push_str(&"[]".repeat(lists)),
                    None if written_list(path, n) => spelled.push_str("[]"),
                    None => {}
                }
                spelled.push('.');
            }
            spelled.push_str(segment);
            shape = inner.and_then(|(inner, _)| {
                inner
                    .members
                    .iter()
                    .find(|(key, _)| key == segment)
                    .map(|(_, member)| member)
            });
            // A container that the examples leave empty says nothing about what is inside.
            if shape.is_some_and(|shape| !shape.is_container()) {
                shape = None;
            }
        }
        spelled
    }
}

/// Whether the segment before the n-th is written with `[]`.
fn written_list(path: &str, n: usize) -> bool {
    path.split('.')
        .nth(n.wrapping_sub(1))
        .is_some_and(|segment| segment.ends_with("[]"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Value {
        text.parse().unwrap()
    }

    #[test]
    fn paths_show_lists() {
        let shape = Shape::of([&value(r#"{"data": {"sns": [{"id": "1"}], "md5": ""}}"#)]);
        assert_eq!(
            shape.paths(),
            ["data", "data.sns", "data.sns[].id", "data.md5"]
        );
        assert_eq!(shape.spelled("data.sns.id"), "data.sns[].id");
        assert_eq!(shape.spelled("data[].md5"), "data.md5");
        assert_eq!(shape.spelled("data.other[].x"), "data.other[].x");
    }

    #[test]
    fn the_paths_of_a_bare_list_begin_in_its_elements() {
        let shape = Shape::of([&value(r#"[{"id": 1, "tags": [{"name": "a"}]}]"#)]);
        assert_eq!(shape.paths(), ["id", "tags", "tags[].name"]);
        assert!(shape.at("tags.name").is_some());
    }

    #[test]
    fn an_example_that_is_too_deep_is_cut() {
        let mut value = Value::Null;
        for _ in 0..100 {
            value = Value::Array(vec![value]);
        }
        assert!(!Shape::of([&value]).is_empty());
    }
}
