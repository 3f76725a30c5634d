//! Owns `names.lock`: every public name that was ever given, beside what it meant then. What it holds
//! wins over everything but a correction, so that nothing public changes by itself.
//!
//! One entry a line, sorted by chapter and operation; each line says whose it is, so lines of two
//! branches can be taken together in any order:
//!
//! ```text
//! [module xiao-xi-fa-song]
//! digest 81aab0b3bd43d2ca
//! mod xiao_xi_fa_song = module # 消息发送
//! fn send_text = call xiao_xi_fa_song_sendText # 发送文本消息
//! type SendText = call xiao_xi_fa_song_sendText
//! arguments wcId content = call xiao_xi_fa_song_sendText
//! field wc_id = call xiao_xi_fa_song_sendText wcId # 接收人
//! variant Male = reply hao_you_query sex 1 # 男
//! ```
//!
//! Names that are one of these and a fixed word (`SendTextRequired`, `get_circle_pages`) are not listed.

mod check;
mod formerly;
mod line;
mod lost;
mod merge;
pub(crate) mod place;
mod read;

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::digest::Digests;
pub(crate) use formerly::Formerly;
use line::Line;
pub(crate) use line::title;
pub use lost::lost;
pub use merge::{first_mark, is_unresolved};
pub(crate) use place::{Home, Key, Kind, Place, Side};

/// The file's name.
pub const FILE: &str = "names.lock";

const TITLE: &str = "\
# written by cargo xtask codegen: public names, where what has them stands on the wire, and what it meant
# when it got its name. Names stay: to change one, rename it by a [[correction]] in provider.toml.
";

/// What is remembered of one provider.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    /// Set while the catalog is the source although there are specs.
    accepted: Option<String>,
    homes: BTreeMap<Home, Names>,
    /// What a file of older times holds.
    formerly: Formerly,
}

/// What is remembered of one chapter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Names {
    /// The digest of the chapter's rows in `api_catalog.json`, as codegen last wrote or accepted them.
    digest: Option<Digest>,
    entries: BTreeMap<Key, Entry>,
}

/// What is known of a chapter's rows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Digest {
    Known(String),
    /// Two branches wrote them; what lies there now is what git made of both.
    Merged,
}

/// A name and its meaning.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entry {
    /// The name; of arguments all wire names, of former names all that there were.
    pub(crate) names: Vec<String>,
    /// What it meant when it got the name.
    pub(crate) title: String,
}

impl Entry {
    pub(crate) fn name(&self) -> &str {
        self.names.first().map(String::as_str).unwrap_or_default()
    }
}

impl Lock {
    /// The digest of the specs at the time when the catalog was accepted as the source; none while the
    /// specs are. Once they change, it must be decided anew.
    pub fn accepted(&self) -> Option<&str> {
        self.accepted.as_deref()
    }

    /// Whether the catalog was last written from specs: where it is all there ever was, it has no digest.
    pub fn follows_specs(&self) -> bool {
        self.accepted.is_none() && self.homes.values().any(|names| names.digest.is_some())
    }

    /// The same with this as the catalog's digests, and with the digest of the specs where the catalog
    /// is accepted as the source.
    pub fn following(mut self, catalog: Digests, accepted: Option<String>) -> Self {
        for names in self.homes.values_mut() {
            names.digest = None;
        }
        for ((api, module), digest) in catalog {
            let home = Home { api, module };
            self.homes.entry(home).or_default().digest = Some(Digest::Known(digest));
        }
        self.homes
            .retain(|_, names| names.digest.is_some() || !names.entries.is_empty());
        Self { accepted, ..self }
    }

    /// Whether a catalog with these digests is what codegen last wrote or accepted; where two branches
    /// did, what became of it is nobody's edit.
    pub fn wrote(&self, catalog: &Digests) -> bool {
        let known = |(home, names): (&Home, &Names)| {
            let home = (home.api.clone(), home.module.clone());
            names.digest.clone().map(|digest| (home, digest))
        };
        let mut known: BTreeMap<(String, String), Digest> =
            self.homes.iter().filter_map(known).collect();
        let is_known = |(home, digest): (&(String, String), &String)| match known.remove(home) {
            Some(Digest::Known(known)) => known == *digest,
            Some(Digest::Merged) => true,
            None => false,
        };
        catalog.iter().all(is_known) && known.is_empty()
    }

    /// Methods that are public here and were not there.
    pub fn new_methods(&self, before: &Self) -> Vec<&str> {
        let known: HashSet<(&str, &str, &str)> = before.methods().map(|(_, _, of)| of).collect();
        let is_new = |(home, key, of): &(&Home, &Key, (&str, &str, &str))| {
            let older = before.formerly.entry(home, key);
            !known.contains(of) && older.is_none_or(|older| older.name() != of.2)
        };
        let new = self.methods().filter(is_new);
        new.map(|(_, _, (_, _, name))| name).collect()
    }

    /// Every method, with its API, its operation and its name.
    fn methods(&self) -> impl Iterator<Item = (&Home, &Key, (&str, &str, &str))> {
        let is_method = |key: &Key| key.kind == Kind::Fn && key.place.side == Side::Call;
        let methods = self.entries().filter(move |(_, key, _)| is_method(key));
        methods.map(|(home, key, entry)| {
            let of = (home.api.as_str(), key.place.owner.as_str(), entry.name());
            (home, key, of)
        })
    }

    pub(crate) fn formerly(&self) -> &Formerly {
        &self.formerly
    }

    pub(crate) fn get(&self, home: &Home, key: &Key) -> Option<&Entry> {
        self.homes.get(home)?.entries.get(key)
    }

    pub(crate) fn put(&mut self, home: Home, key: Key, entry: Entry) {
        self.homes
            .entry(home)
            .or_default()
            .entries
            .insert(key, entry);
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (&Home, &Key, &Entry)> {
        let names = self.homes.iter();
        names.flat_map(|(home, names)| names.entries.iter().map(move |(key, at)| (home, key, at)))
    }

    /// Takes along what stands in another chapter than it does now: `home` says where.
    pub(crate) fn move_to(&mut self, home: impl Fn(&str, &Place) -> Option<Home>) {
        let mut moved: HashMap<Home, Vec<(Key, Entry)>> = HashMap::new();
        for (now, names) in &mut self.homes {
            names.entries.retain(|key, entry| {
                let then = home(&now.api, &key.place).filter(|then| then != now);
                let stays = then.is_none();
                if let Some(then) = then {
                    let entry = (key.clone(), std::mem::take(entry));
                    moved.entry(then).or_default().push(entry);
                }
                stays
            });
        }
        for (home, entries) in moved {
            let names = self.homes.entry(home).or_default();
            for (key, entry) in entries {
                names.entries.entry(key).or_insert(entry);
            }
        }
    }

    /// Adds what was public and is no longer, unless something else has the name now.
    pub(crate) fn keep(&mut self, before: &Self) {
        let is_gone = |(home, key, _): &(&Home, &Key, &Entry)| self.get(home, key).is_none();
        let mut gone = before.entries().filter(is_gone).peekable();
        let mut kept = Vec::new();
        // What all names take is worth finding out only for what is gone.
        if gone.peek().is_some() {
            let taken = check::Taken::of(self);
            let stays = gone.filter(|(home, key, entry)| !taken.has(home, key, entry));
            kept.extend(stays.map(|(home, key, entry)| (home.clone(), key.clone(), entry.clone())));
        }
        for (home, key, entry) in kept {
            self.put(home, key, entry);
        }
        for (home, names) in &before.homes {
            if let Some(digest) = &names.digest {
                self.homes.entry(home.clone()).or_default().digest = Some(digest.clone());
            }
        }
        self.accepted.clone_from(&before.accepted);
    }

    /// Writes the file: sorted, a line a name.
    pub fn write(&self) -> String {
        let mut out = TITLE.to_owned();
        if let Some(specs) = &self.accepted {
            out.push_str(&format!("source catalog\nspecs {specs}\n"));
        }
        for (home, names) in &self.homes {
            out.push('\n');
            Line::Section(home.clone()).write(&mut out);
            if let Some(Digest::Known(digest)) = &names.digest {
                Line::Digest(digest.clone()).write(&mut out);
            }
            for (key, entry) in &names.entries {
                line::write_entry(&mut out, key, entry);
            }
        }
        out
    }
}
