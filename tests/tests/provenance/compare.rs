//! Where two documents differ, fact by fact: `/sendText, param content, type: was "string", is "long"`.

use std::collections::BTreeMap;
use std::fmt;

use catalog::config::Aspect;
use catalog::spelling::toml_string;

use super::facts::{Facts, Section, last};
use super::wording;

/// One fact in which our specification is not the vendor's document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The API, where a provider has several.
    pub api: Option<String>,
    /// Whether it is in an event.
    pub is_event: bool,
    /// Ids and wires by which the section is called, ours first.
    pub called: Vec<String>,
    /// `param` or `field`; nothing: the section itself.
    pub side: &'static str,
    /// The place in ours, or in theirs where ours has none.
    pub path: String,
    /// What of it.
    pub what: Aspect,
    /// In the vendor's document; empty: nothing.
    pub was: String,
    /// In our specification; empty: nothing.
    pub is: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_event { "event" } else { "operation" };
        let id = self.called.first().map_or("", String::as_str);
        writeln!(f, "[[differs]]\n{kind} = {}", toml_string(id))?;
        if let Some(api) = &self.api {
            writeln!(f, "api = {}", toml_string(api))?;
        }
        if !self.side.is_empty() {
            writeln!(f, "{} = {}", self.side, toml_string(&self.path))?;
        }
        let (was, is) = (toml_string(&self.was), toml_string(&self.is));
        write!(
            f,
            "what = \"{}\"\nwas = {was}\nis = {is}\nwhy = \"…\"",
            self.what.as_str()
        )
    }
}

/// Everything in which ours is not theirs.
pub fn compare(theirs: &[Section], ours: &[Section]) -> Vec<Difference> {
    let mut found = Vec::new();
    let (pairs, dropped, added) = pair(theirs, ours);
    for section in dropped {
        found.push(whole(section, title(section), ""));
    }
    for section in added {
        found.push(whole(section, "", title(section)));
    }
    for (theirs, ours) in pairs {
        own(theirs, ours, &mut found);
        let side = |side| Difference {
            side,
            ..whole(ours, "", "")
        };
        places(&theirs.params, &ours.params, &side("param"), &mut found);
        places(&theirs.fields, &ours.fields, &side("field"), &mut found);
    }
    found
}

fn title(section: &Section) -> &str {
    section.own.get(&Aspect::Section).map_or("", String::as_str)
}

fn whole(section: &Section, was: &str, is: &str) -> Difference {
    let id = std::iter::once(section.id.clone());
    Difference {
        api: section.api.clone(),
        is_event: section.is_event,
        called: id.chain(section.wire.iter().cloned()).collect(),
        side: "",
        path: String::new(),
        what: Aspect::Section,
        was: was.to_owned(),
        is: is.to_owned(),
    }
}

type Paired<'s> = (
    Vec<(&'s Section, &'s Section)>,
    Vec<&'s Section>,
    Vec<&'s Section>,
);

/// Whether two sections are the same.
type Way<'w> = &'w dyn Fn(&Section, &Section) -> bool;

/// Sections that are the same: of one id, else of one wire, else with nearly the same rows under another title.
fn pair<'s>(theirs: &'s [Section], ours: &'s [Section]) -> Paired<'s> {
    let mut free: Vec<&Section> = ours.iter().collect();
    let mut left: Vec<&Section> = theirs.iter().collect();
    let mut pairs = Vec::new();
    let alike = |a: &Section, b: &Section| a.api == b.api && a.is_event == b.is_event;
    let same_rows = |a: &Section, b: &Section| {
        let shared = a
            .fields
            .keys()
            .filter(|path| b.fields.contains_key(*path))
            .count();
        shared >= 3 && shared * 10 >= a.fields.len().max(b.fields.len()) * 8
    };
    let ways: [Way<'_>; 3] = [
        &|a, b| a.id == b.id,
        &|a, b| !a.wire.is_empty() && a.wire == b.wire,
        &same_rows,
    ];
    for is_same in ways {
        left.retain(|their| {
            let at = free
                .iter()
                .position(|our| alike(their, our) && is_same(their, our));
            at.is_none_or(|at| {
                pairs.push((*their, free.remove(at)));
                false
            })
        });
    }
    (pairs, left, free)
}

fn own(theirs: &Section, ours: &Section, found: &mut Vec<Difference>) {
    let about = whole(ours, "", "");
    facts(&theirs.own, &ours.own, &about, found);
}

fn facts(theirs: &Facts, ours: &Facts, about: &Difference, found: &mut Vec<Difference>) {
    for (what, was) in theirs {
        let Some(is) = ours.get(what) else { continue };
        if differs(*what, was, is) {
            found.push(Difference {
                what: *what,
                was: was.clone(),
                is: is.clone(),
                ..about.clone()
            });
        }
    }
}

fn differs(what: Aspect, was: &str, is: &str) -> bool {
    match what {
        // Of these the whole place speaks.
        Aspect::Section | Aspect::Row | Aspect::Nesting => false,
        Aspect::Meaning => wording::contradicts(was, is),
        Aspect::Values => other_values(was, is),
        // An example that shows null says nothing of what else there is.
        Aspect::Type | Aspect::Reply if was.starts_with("any") => false,
        Aspect::Separator => !was.is_empty() && was != is,
        _ => was != is,
    }
}

/// Other values, or the same with another meaning.
fn other_values(was: &str, is: &str) -> bool {
    let split = |text: &str| -> BTreeMap<String, String> {
        let all = text.split('；').filter_map(|one| one.split_once(' '));
        all.map(|(value, title)| (value.to_owned(), title.to_owned()))
            .collect()
    };
    let (was, is) = (split(was), split(is));
    // `phone`, whose title is `phone`, says nothing.
    let meant = |(value, title): (&String, &String)| {
        let title = if title == value { "" } else { title };
        is.get(value)
            .is_none_or(|is| wording::contradicts(title, is))
    };
    was.len() != is.len() || was.iter().any(meant)
}

fn places(
    theirs: &BTreeMap<String, Facts>,
    ours: &BTreeMap<String, Facts>,
    about: &Difference,
    found: &mut Vec<Difference>,
) {
    let of = |path: &str, what, was: &str, is: &str| Difference {
        path: path.to_owned(),
        what,
        was: was.to_owned(),
        is: is.to_owned(),
        ..about.clone()
    };
    let mut added: Vec<&String> = ours
        .keys()
        .filter(|path| !theirs.contains_key(*path))
        .collect();
    for (path, facts) in theirs {
        if let Some(same) = ours.get(path) {
            self::facts(facts, same, &of(path, Aspect::Row, "", ""), found);
            continue;
        }
        match added.iter().position(|other| last(other) == last(path)) {
            Some(at) => {
                let moved = added.remove(at);
                found.push(of(moved, Aspect::Nesting, path, moved));
                self::facts(facts, &ours[moved], &of(moved, Aspect::Row, "", ""), found);
            }
            None => found.push(of(path, Aspect::Row, &facts[&Aspect::Row], "")),
        }
    }
    found.extend(
        added
            .iter()
            .map(|path| of(path, Aspect::Row, "", &ours[*path][&Aspect::Row])),
    );
}
