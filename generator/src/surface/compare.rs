//! Owns what a change of the surface means for the programs that use it.

use std::collections::BTreeMap;

use super::{Item, Kind};

/// What a difference does to a program that uses the SDK; the worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effect {
    /// It does not compile any more.
    Breaks,
    /// It compiles, and something else happens.
    Behaves,
    /// It compiles, and what it names means something else.
    Means,
    /// It compiles, with a warning.
    Warns,
    /// Nothing; there is more that it can do.
    New,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What it does.
    pub effect: Effect,
    /// `eyun::biao_qian.add_contact_label()`.
    pub path: String,
    /// What is different; empty where it is new.
    pub what: String,
    /// What the vendor calls it, where that helps.
    pub title: String,
}

/// How one surface differs from another; one that is not there has nothing.
pub fn compare(old: Option<&Item>, new: Option<&Item>) -> Vec<Difference> {
    let mut comparing = Comparing::default();
    match (old, new) {
        (Some(old), Some(new)) => comparing.both("", old, new),
        (Some(old), None) => comparing.gone("", old),
        (None, Some(new)) => comparing.added("", new),
        (None, None) => {}
    }
    comparing.found
}

#[derive(Default)]
struct Comparing<'a> {
    /// What is called otherwise now.
    renamed: Renamed<'a>,
    found: Vec<Difference>,
}

/// Names of old, each with what it is called now, and whether the old one is still understood.
type Renamed<'a> = BTreeMap<&'a str, (&'a str, bool)>;

impl<'a> Comparing<'a> {
    fn both(&mut self, of: &str, old: &'a Item, new: &'a Item) {
        let path = old.kind.path(of, &old.name);
        self.name(&path, old, new);
        let outside = self.renamed.clone();
        let former = new.former.iter();
        self.renamed
            .extend(former.map(|(old, new)| (old.as_str(), (new.as_str(), true))));
        let pairs = self.pairs(old, new);
        if now(&old.rust, &self.renamed) != new.rust {
            self.say(Effect::Breaks, &path, was_is(&old.rust, &new.rust));
        }
        self.travels(&path, old, new);
        self.means(&path, old, new);
        if new.deprecated && !old.deprecated {
            self.say(Effect::Warns, &path, "is deprecated".to_owned());
        }
        self.members(&path, old, new, &pairs);
        self.renamed = outside;
    }

    /// Says so if it has another name.
    fn name(&mut self, path: &str, old: &Item, new: &Item) {
        if old.name == new.name {
            return;
        }
        let now = format!("is called `{}` now", new.name);
        if self.renamed.get(old.name.as_str()) == Some(&(new.name.as_str(), true)) {
            self.say(
                Effect::Warns,
                path,
                format!("{now}; the old name is deprecated"),
            );
        } else {
            self.say(Effect::Breaks, path, now);
        }
    }

    /// Says so if what has a name is told otherwise: an opposite is refused by codegen, a wording is for a person to judge.
    fn means(&mut self, path: &str, old: &Item, new: &Item) {
        let is_named = matches!(old.kind, Kind::Field | Kind::Variant | Kind::Method);
        if is_named && !old.title.is_empty() && old.title != new.title {
            let (was, is) = (old.title.replace('`', ""), new.title.replace('`', ""));
            self.say(Effect::Means, path, was_is(&was, &is));
        }
    }

    fn travels(&mut self, path: &str, old: &Item, new: &Item) {
        let keys = old.travels.iter().chain(&new.travels).map(|(key, _)| *key);
        let mut said: Vec<&str> = Vec::new();
        for key in keys {
            if said.contains(&key) {
                continue;
            }
            said.push(key);
            let (was, is) = (how(old, key), how(new, key));
            if was != is {
                self.say(Effect::Behaves, path, format!("{key} {}", was_is(was, is)));
            }
        }
    }

    fn members(&mut self, path: &str, old: &'a Item, new: &'a Item, pairs: &[Option<&'a Item>]) {
        for (member, other) in old.members.iter().zip(pairs) {
            match other {
                Some(other) => self.both(path, member, other),
                None => self.gone(path, member),
            }
        }
        for member in &new.members {
            let is_this = |pair: &Option<&Item>| pair.is_some_and(|one| std::ptr::eq(one, member));
            if !pairs.iter().any(is_this) {
                self.added(path, member);
            }
        }
    }

    /// For each member what it is now: of the same name, else of a name that it is known to have
    /// now, else what is the same on the wire and has no other counterpart.
    fn pairs(&mut self, old: &'a Item, new: &'a Item) -> Vec<Option<&'a Item>> {
        let names: BTreeMap<(Kind, &str), &'a Item> = new
            .members
            .iter()
            .map(|member| ((member.kind, member.name.as_str()), member))
            .collect();
        let mut free = names.clone();
        let by_name = old.members.iter().map(|member| {
            let name = member.name.as_str();
            let now = self.renamed.get(name).map_or(name, |(now, _)| now);
            let found = names.get(&(member.kind, name));
            let found = *found.or_else(|| names.get(&(member.kind, now)))?;
            free.remove(&(found.kind, found.name.as_str()));
            Some(found)
        });
        let mut pairs: Vec<Option<&Item>> = by_name.collect();
        let mut by_wire: BTreeMap<(Kind, &str), Vec<&Item>> = BTreeMap::new();
        for member in free.values().filter(|member| !member.wire.is_empty()) {
            let same = by_wire.entry((member.kind, &member.wire));
            same.or_default().push(member);
        }
        for (pair, member) in pairs.iter_mut().zip(&old.members) {
            if pair.is_some() {
                continue;
            }
            // Two that are the same on the wire do not tell which is which.
            if let Some([only]) = by_wire.get(&(member.kind, &member.wire)).map(Vec::as_slice) {
                self.renamed.insert(&member.name, (&only.name, false));
                *pair = Some(only);
            }
        }
        self.derived(old, &free, &mut pairs);
        pairs
    }

    /// Types that are called after a request have followed it.
    fn derived(
        &mut self,
        old: &'a Item,
        free: &BTreeMap<(Kind, &str), &'a Item>,
        pairs: &mut [Option<&'a Item>],
    ) {
        let types = old.members.iter().zip(pairs.iter_mut());
        for (member, pair) in
            types.filter(|(member, pair)| pair.is_none() && member.kind == Kind::Type)
        {
            let follows = self.renamed.iter().find_map(|(was, (now, _))| {
                let rest = member.name.strip_prefix(was)?;
                free.get(&(Kind::Type, format!("{now}{rest}").as_str()))
                    .copied()
            });
            if let Some(other) = follows {
                self.renamed.insert(&member.name, (&other.name, false));
                *pair = Some(other);
            }
        }
    }

    fn gone(&mut self, of: &str, item: &Item) {
        if !item.is_shown_above {
            let path = item.kind.path(of, &item.name);
            self.tell(Effect::Breaks, path, "is gone".to_owned(), &item.title);
        }
    }

    fn added(&mut self, of: &str, item: &Item) {
        if !item.is_shown_above {
            let path = item.kind.path(of, &item.name);
            self.tell(Effect::New, path, String::new(), &item.title);
        }
    }

    fn say(&mut self, effect: Effect, path: &str, what: String) {
        self.tell(effect, path.to_owned(), what, "");
    }

    fn tell(&mut self, effect: Effect, path: String, what: String, title: &str) {
        let title = title.to_owned();
        self.found.push(Difference {
            effect,
            path,
            what,
            title,
        });
    }
}

fn how<'a>(item: &'a Item, key: &str) -> &'a str {
    let found = item.travels.iter().find(|(known, _)| *known == key);
    found.map_or("", |(_, how)| how)
}

fn was_is(was: &str, is: &str) -> String {
    let quoted = |text: &str| match text {
        "" => "nothing".to_owned(),
        text => format!("`{text}`"),
    };
    format!("was {}, is {}", quoted(was), quoted(is))
}

/// A signature with the names that its types have now.
fn now(rust: &str, renamed: &Renamed<'_>) -> String {
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::with_capacity(rust.len());
    let mut rest = rust;
    while let Some(start) = rest.find(is_name) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !is_name(c)).unwrap_or(from.len());
        let (name, after) = from.split_at(end);
        out.push_str(before);
        out.push_str(renamed.get(name).map_or(name, |(now, _)| now));
        rest = after;
    }
    out.push_str(rest);
    out
}
