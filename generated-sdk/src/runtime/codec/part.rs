//! Requests looked at before they are sent: counted, cut, and with some members replaced.

use super::Number;
use super::adapt::{JsonText, Placed, Private};
use super::encode::{Encode, List, ToObject, View, Visit};
use super::json::Json;
use super::write::{ANYWHERE, plain_text, sent};

/// How many elements a list member of a request has; `None` if it is no list, or not sent.
pub(crate) fn elements(object: &dyn ToObject, name: &str) -> Option<usize> {
    looked_at(object, name, count).flatten()
}

/// A list that travels as one text and one of whose elements holds what separates them, by its name, and the
/// separator: the other side would see two elements.
pub(crate) fn torn(object: &dyn ToObject) -> Option<(String, String)> {
    let mut found = None;
    sent(object, ANYWHERE, &mut |name, view| {
        if found.is_none() {
            found = torn_by(name, view);
        }
    });
    found
}

fn torn_by(name: &str, view: View<'_>) -> Option<(String, String)> {
    match view {
        View::Joined(inner, separator) => {
            let mut is_torn = false;
            if let View::List(list) = inner.view() {
                list.each(&mut |element| is_torn |= plain_text(element.view()).contains(separator));
            }
            is_torn.then(|| (name.to_owned(), separator.to_owned()))
        }
        View::Object(object) => torn(object),
        View::Members(entries) => torn(&entries),
        View::List(list) => {
            let mut found = None;
            list.each(&mut |element| {
                if found.is_none() {
                    found = torn_by(name, element.view());
                }
            });
            found
        }
        View::Private(inner) | View::At(_, inner) | View::Number(inner) | View::JsonText(inner) => {
            torn_by(name, inner.view())
        }
        _ => None,
    }
}

/// A member as text, as it would stand in a form; `None` if it is not sent.
pub(crate) fn member_text(object: &dyn ToObject, name: &str) -> Option<String> {
    looked_at(object, name, plain_text)
}

/// Looks at a member as it is sent; `None` if it is not.
pub(crate) fn looked_at<T>(
    object: &dyn ToObject,
    name: &str,
    look: impl Fn(View<'_>) -> T,
) -> Option<T> {
    let mut found = None;
    sent(object, ANYWHERE, &mut |member, view| {
        if member == name {
            found = Some(look(view));
        }
    });
    found
}

/// The number of elements of a list; nothing else has one.
fn count(view: View<'_>) -> Option<usize> {
    match view {
        View::List(list) => {
            let mut count = 0;
            list.each(&mut |_| count += 1);
            Some(count)
        }
        View::Joined(inner, _)
        | View::Private(inner)
        | View::At(_, inner)
        | View::Number(inner)
        | View::JsonText(inner) => count(inner.view()),
        _ => None,
    }
}

/// A request of which only some elements of one list are sent.
pub(crate) struct Cut<'a> {
    pub(crate) object: &'a dyn ToObject,
    pub(crate) list: &'a str,
    pub(crate) from: usize,
    pub(crate) to: usize,
}

impl ToObject for Cut<'_> {
    fn members(&self, visit: Visit<'_>) {
        self.object.members(&mut |entries| {
            for (name, value) in entries {
                if *name == self.list {
                    self.cut(*value, &mut |part| visit(&[(name, part)]));
                } else {
                    visit(&[(name, *value)]);
                }
            }
        });
    }

    fn extra(&self) -> &[(String, Json)] {
        self.object.extra()
    }
}

impl Cut<'_> {
    /// Hands on the part of a list that is wanted, written as the whole would be.
    fn cut(&self, value: &dyn Encode, then: &mut dyn FnMut(&dyn Encode)) {
        match value.view() {
            View::List(list) => then(&Window {
                list,
                from: self.from,
                to: self.to,
            }),
            View::Joined(inner, separator) => {
                self.cut(inner, &mut |part| then(&Separated(part, separator)));
            }
            View::Number(inner) => self.cut(inner, &mut |part| then(&Number(part))),
            View::Private(inner) => self.cut(inner, &mut |part| then(&Private(part))),
            View::At(place, inner) => self.cut(inner, &mut |part| then(&Placed(place, part))),
            View::JsonText(inner) => self.cut(inner, &mut |part| then(&JsonText(part))),
            _ => then(value),
        }
    }
}

/// Some elements of a list.
struct Window<'a> {
    list: &'a dyn List,
    from: usize,
    to: usize,
}

impl Encode for Window<'_> {
    fn view(&self) -> View<'_> {
        View::List(self)
    }
}

impl List for Window<'_> {
    fn each(&self, visit: &mut dyn FnMut(&dyn Encode)) {
        let mut at = 0;
        self.list.each(&mut |element| {
            if (self.from..self.to).contains(&at) {
                visit(element);
            }
            at += 1;
        });
    }
}

/// As `Joined`, with a separator of any lifetime.
struct Separated<'a>(&'a dyn Encode, &'a str);

impl Encode for Separated<'_> {
    fn view(&self) -> View<'_> {
        View::Joined(self.0, self.1)
    }
}

/// A request some of whose members are replaced.
pub(crate) struct Overlay<'a> {
    object: &'a dyn ToObject,
    extra: Vec<(String, Json)>,
}

impl<'a> Overlay<'a> {
    /// The members in place of those of the request, even of those that its caller added.
    pub(crate) fn new(object: &'a dyn ToObject, members: &[(&'static str, Json)]) -> Self {
        let replaced = |name: &str| members.iter().any(|(member, _)| *member == name);
        let added = object
            .extra()
            .iter()
            .filter(|(name, _)| !replaced(name))
            .cloned();
        let members = members
            .iter()
            .map(|(name, value)| ((*name).to_owned(), value.clone()));
        Self {
            object,
            extra: added.chain(members).collect(),
        }
    }
}

impl ToObject for Overlay<'_> {
    fn members(&self, visit: Visit<'_>) {
        self.object.members(visit);
    }

    fn extra(&self) -> &[(String, Json)] {
        &self.extra
    }
}

/// A value that a reply gave, as the parameter declares it: digits for a number, quotes for a text.
pub(crate) fn recast(raw: &str, number: Option<bool>) -> Json {
    let plain = crate::runtime::codec::json::plain(raw);
    match number {
        Some(true) if super::scalar::is_number(&plain) => Json::checked(&plain),
        Some(false) if !raw.starts_with(['"', '{', '[']) => Json::from(plain.as_str()),
        _ => Json::checked(raw),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::runtime::codec::{Extra, Joined, Text};

    #[derive(Default)]
    struct Ask {
        at: Vec<String>,
        ids: Vec<i64>,
        content: String,
        other: Option<String>,
        extra: Extra,
    }

    impl ToObject for Ask {
        fn members(&self, visit: Visit<'_>) {
            visit(&[
                ("at", &Joined(&self.at, ",")),
                ("ids", &self.ids),
                ("content", &Private(&self.content)),
                ("other", &Text(&self.other)),
            ]);
        }

        fn extra(&self) -> &[(String, Json)] {
            self.extra.as_slice()
        }
    }

    fn body(object: &dyn ToObject) -> String {
        let mut out = String::from("{");
        super::super::push_members(&mut out, object, super::super::BODY);
        out
    }

    #[test]
    fn cuts_and_replaces_without_touching_the_rest() {
        let ask = Ask {
            at: ["a", "b", "c"].map(str::to_owned).to_vec(),
            ids: vec![1, 2, 3],
            ..Ask::default()
        };
        let cut = |list, from, to| Cut {
            object: &ask,
            list,
            from,
            to,
        };
        assert_eq!(
            body(&cut("at", 1, 3)),
            r#"{"at":"b,c","ids":[1,2,3],"content":"""#
        );
        assert_eq!(
            body(&cut("ids", 0, 2)),
            r#"{"at":"a,b,c","ids":[1,2],"content":"""#
        );
        assert_eq!(elements(&ask, "at"), Some(3));
        assert_eq!(elements(&ask, "content"), None);
        let over = Overlay::new(
            &ask,
            &[
                ("ids", recast("\"7\"", Some(true))),
                ("new", recast("8", Some(false))),
            ],
        );
        assert_eq!(
            body(&over),
            r#"{"at":"a,b,c","content":"","ids":7,"new":"8""#
        );
        assert_eq!(member_text(&over, "ids").as_deref(), Some("7"));
        assert_eq!(member_text(&over, "other"), None);
        assert_eq!(recast("[1,2]", None).as_str(), "[1,2]");
    }
}
