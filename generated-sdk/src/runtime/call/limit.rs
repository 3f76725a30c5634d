//! What the documents demand of a request, and whether one breaks it: it is then not sent.

use crate::runtime::codec::{ToObject, View, elements, looked_at, torn};

/// What the documents demand of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Limit {
    /// So many elements a list must and may have.
    Items {
        /// The list.
        name: &'static str,
        /// At least.
        least: u32,
        /// At most.
        most: u32,
    },
    /// One of these must be given.
    OneOf(&'static [&'static str]),
    /// A text holds a mark as often as a list has elements.
    Count {
        /// The text.
        name: &'static str,
        /// The mark.
        mark: &'static str,
        /// The list.
        list: &'static str,
    },
}

/// Which limit a request breaks, in words that hold names and numbers only.
pub(crate) fn broken(limits: &[Limit], object: &dyn ToObject) -> Option<String> {
    let broken = limits.iter().find_map(|limit| limit.broken(object));
    broken.or_else(|| inseparable(object))
}

/// Which list of a request would arrive with other elements than it has.
pub(crate) fn inseparable(object: &dyn ToObject) -> Option<String> {
    let (name, separator) = torn(object)?;
    Some(format!(
        "an element of `{name}` holds `{separator}`, which stands between elements: give each of them by itself"
    ))
}

impl Limit {
    fn broken(&self, object: &dyn ToObject) -> Option<String> {
        match self {
            Limit::Items { name, least, most } => {
                let count = elements(object, name)?;
                if count > *most as usize {
                    Some(format!(
                        "`{name}` has {count} elements, at most {most} are allowed"
                    ))
                } else if count < *least as usize {
                    Some(format!(
                        "`{name}` has {count} elements, at least {least} are required"
                    ))
                } else {
                    None
                }
            }
            Limit::OneOf(names) => {
                let given = names
                    .iter()
                    .any(|name| looked_at(object, name, |_| ()).is_some());
                (!given).then(|| format!("one of `{}` must be given", names.join("`, `")))
            }
            Limit::Count { name, mark, list } => {
                let marks = looked_at(object, name, |view| {
                    text(view).map(|t| t.matches(mark).count())
                });
                let (marks, elements) = (marks.flatten()?, elements(object, list)?);
                (marks != elements).then(|| {
                    format!(
                        "`{name}` has `{mark}` {marks} times, but `{list}` has {elements} elements"
                    )
                })
            }
        }
    }
}

fn text(view: View<'_>) -> Option<String> {
    match view {
        View::Text(text) => Some(text.to_owned()),
        View::Private(inner) | View::At(_, inner) => text(inner.view()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::Json;
    use crate::runtime::codec::{Extra, Joined, Private, Text, Visit};

    #[derive(Default)]
    struct Ask {
        at: Vec<String>,
        content: String,
        other: Option<String>,
        extra: Extra,
    }

    impl ToObject for Ask {
        fn members(&self, visit: Visit<'_>) {
            visit(&[
                ("at", &Joined(&self.at, ",")),
                ("content", &Private(&self.content)),
                ("other", &Text(&self.other)),
            ]);
        }

        fn extra(&self) -> &[(String, Json)] {
            self.extra.as_slice()
        }
    }

    #[test]
    fn limits_name_the_field_and_the_bound_and_never_the_value() {
        const LIMITS: &[Limit] = &[
            Limit::Items {
                name: "at",
                least: 1,
                most: 2,
            },
            Limit::OneOf(&["other", "more"]),
            Limit::Count {
                name: "content",
                mark: "@",
                list: "at",
            },
        ];
        let mut ask = Ask {
            at: vec!["a".into(), "b".into(), String::new()],
            content: "@secret @b".into(),
            ..Ask::default()
        };
        let said = |ask: &Ask| broken(LIMITS, ask).unwrap_or_default();
        assert_eq!(said(&ask), "`at` has 3 elements, at most 2 are allowed");
        ask.at.clear();
        assert_eq!(said(&ask), "`at` has 0 elements, at least 1 are required");
        ask.at.push("a".into());
        assert_eq!(said(&ask), "one of `other`, `more` must be given");
        ask.extra.insert("more", 1);
        assert_eq!(
            said(&ask),
            "`content` has `@` 2 times, but `at` has 1 elements"
        );
        ask.at.push("b".into());
        assert_eq!(broken(LIMITS, &ask), None);
        ask.at[1] = "b,c".into();
        let inseparable = "an element of `at` holds `,`, which stands between elements: give each of them by itself";
        assert_eq!(said(&ask), inseparable);
        // What the caller puts in a list's place is the caller's affair.
        ask.extra.insert("at", "1,2,3,4");
        assert_eq!(broken(LIMITS, &ask), None);
    }
}
